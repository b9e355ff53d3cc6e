//! Why an object cannot be stored with the options it was given, or have a link: kinds with values, and the English sentence of
//! each. The window says the same (`ui/src/i18n/en/optionError.ts`); `ui/src/lib/wire/sentences.json` holds the two together.

use super::number_text::{exact, grouped};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An option that S3 would reject. Names of headers, ACLs and tags are S3's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "thing", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum InvalidOption {
    /// The value of a header contains a line break or another control character.
    Characters {
        header: String,
    },
    /// The value of a header contains characters that are not ASCII.
    NotAscii {
        header: String,
    },
    Acl {
        acl: String,
    },
    /// The retention is not between 1 and 36,500 days.
    LockDays {
        days: u32,
    },
    /// A KMS key without aws:kms.
    KmsKeyAlone,
    /// Server-side encryption together with a customer key.
    TwoEncryptions,
    /// More than 10 tags.
    Tags {
        count: u64,
    },
    /// A tag key that does not have 1 to 128 characters, or contains a control character.
    TagName {
        name: String,
    },
    /// A tag value with more than 256 characters, or with a control character.
    TagValue {
        name: String,
    },
    /// A tag with a character that S3 does not allow.
    TagCharacter {
        name: String,
        character: String,
    },
    /// A tag with a prefix that is reserved for AWS.
    TagReserved {
        name: String,
    },
    TagTwice {
        name: String,
    },
    MetadataName {
        name: String,
    },
    MetadataTwice {
        name: String,
    },
    /// More than 2,048 bytes of metadata.
    MetadataSize {
        bytes: u64,
    },
    /// A customer key that is neither base64 nor hexadecimal.
    KeyForm,
    /// A customer key that does not have 32 bytes.
    KeyLength {
        bytes: u64,
    },
    KeyNotHere {
        md5: String,
    },
    /// A customer key would be sent over plain http to another computer.
    KeyNeedsHttps {
        endpoint: String,
    },
    /// The object is encrypted with another customer key.
    OtherKey {
        key: String,
        md5: String,
    },
    /// The server ignores customer keys.
    NotEncrypted {
        place: String,
    },
    /// The object exists, but without the requested lock.
    NotLocked {
        cause: String,
    },
    /// A link that is valid for more than seven days, or for no time.
    LinkTime,
    LinkNotDone,
    LinkOwnKey,
    /// A link of a connection whose requests are not signed.
    LinkUnsigned,
    LinkSessionEnded,
}

impl fmt::Display for InvalidOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Characters { header } => {
                write!(f, "{header} cannot contain control characters such as line breaks")
            }
            Self::NotAscii { header } => write!(
                f,
                "{header} can contain only ASCII characters: no accents and no other scripts"
            ),
            Self::Acl { acl } => write!(f, "\"{acl}\" is not one of S3's canned ACLs"),
            Self::LockDays { days } => {
                write!(f, "an object can be locked for 1 to 36,500 days, not for {}", grouped(*days))
            }
            Self::KmsKeyAlone => f.write_str("a KMS key needs the encryption aws:kms"),
            Self::TwoEncryptions => f.write_str(
                "an object is encrypted either with a customer key or by the server, not both",
            ),
            Self::Tags { count } => {
                write!(f, "an object can have at most 10 tags, not {}", grouped(*count))
            }
            Self::TagName { name } => write!(
                f,
                "a tag name must have 1 to 128 characters and no line break: \"{name}\""
            ),
            Self::TagValue { name } => write!(
                f,
                "the value of the tag \"{name}\" has more than 256 characters or a line break"
            ),
            Self::TagCharacter { name, character } => write!(
                f,
                "a tag can contain only letters, digits, spaces and + - = . _ : / @, but \"{name}\" contains \
                 \"{character}\""
            ),
            Self::TagReserved { name } => {
                write!(f, "tag names that begin with aws: are reserved by AWS: \"{name}\"")
            }
            Self::TagTwice { name } => write!(f, "the tag \"{name}\" is given twice"),
            Self::MetadataName { name } => write!(
                f,
                "a metadata name can contain only letters, digits, - _ and .: \"{name}\""
            ),
            Self::MetadataTwice { name } => write!(f, "the metadata \"{name}\" is given twice"),
            Self::MetadataSize { bytes } => write!(
                f,
                "the metadata has {}, but S3 allows at most 2,048 bytes in total",
                exact(*bytes)
            ),
            Self::KeyForm => f.write_str(
                "a key has 32 bytes (256 bits), written in Base64 (44 characters) or as 64 hexadecimal digits",
            ),
            Self::KeyLength { bytes } => {
                write!(f, "a key has 32 bytes (256 bits), but this one has {}", exact(*bytes))
            }
            Self::KeyNotHere { md5 } => write!(
                f,
                "the customer key with the MD5 {md5} is not available; enter it again, as the object cannot be \
                 uploaded or checked without it"
            ),
            Self::KeyNeedsHttps { endpoint } => write!(
                f,
                "S3 accepts customer keys only over https, but {endpoint} uses plain http, where anyone on the network \
                 could read the key"
            ),
            Self::OtherKey { key, md5 } => write!(
                f,
                "{key} is encrypted with a different key than the one with the MD5 {md5}"
            ),
            Self::NotEncrypted { place } => write!(
                f,
                "{place} does not support customer keys: it ignores them and stores objects without this encryption"
            ),
            Self::NotLocked { cause } => {
                write!(f, "the object was stored but could not be locked: {cause}")
            }
            Self::LinkTime => {
                f.write_str("a link can be valid for at least one second and at most seven days")
            }
            Self::LinkNotDone => f.write_str("links are available only for completed uploads"),
            Self::LinkOwnKey => f.write_str(
                "the object is encrypted with a customer key, which has to be sent with every request; a browser that \
                 opens a link cannot do that",
            ),
            Self::LinkUnsigned => f.write_str(
                "this connection does not sign requests, so it cannot sign a link either; an object that anyone can \
                 read has a plain URL",
            ),
            Self::LinkSessionEnded => f.write_str("the session has expired; sign in again"),
        }
    }
}
