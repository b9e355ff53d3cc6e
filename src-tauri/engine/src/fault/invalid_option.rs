//! What stands against storing an object as it was asked for, or against a link to it: kinds with values, and the English
//! sentence of each. Knows no rule; `stored` does.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Names are S3's own: of headers, ACLs, tags.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "thing", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum InvalidOption {
    /// A line break, or another control character, in the value of a header.
    Characters {
        header: String,
    },
    /// What a header that is plain text cannot carry.
    NotAscii {
        header: String,
    },
    Acl {
        acl: String,
    },
    /// Outside 1 to 36,500.
    LockDays {
        days: u32,
    },
    /// A KMS key without aws:kms.
    KmsKeyAlone,
    /// The server's encryption, and a key of the user's own.
    TwoEncryptions,
    /// More than 10.
    Tags {
        count: u64,
    },
    /// Not of 1 to 128 characters, or with a control character among them.
    TagName {
        name: String,
    },
    /// More than 256 characters, or a control character among them.
    TagValue {
        name: String,
    },
    /// One that S3 takes in no tag.
    TagCharacter {
        name: String,
        character: String,
    },
    /// Begins as the tags that are Amazon's alone.
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
    /// More than 2,048 bytes in all.
    MetadataSize {
        bytes: u64,
    },
    /// No key in either of the two ways to write one.
    KeyForm,
    /// Not 32 bytes.
    KeyLength {
        bytes: u64,
    },
    KeyNotHere {
        md5: String,
    },
    /// Plain http to another computer.
    KeyNeedsHttps {
        endpoint: String,
    },
    /// The object is encrypted with another key than the one that was given.
    OtherKey {
        key: String,
        md5: String,
    },
    /// The server passes over keys of the user's own.
    NotEncrypted {
        place: String,
    },
    /// The object is there, and not locked as it was asked for.
    NotLocked {
        cause: String,
    },
    /// Longer than seven days, or no time at all.
    LinkTime,
    LinkNotDone,
    LinkOwnKey,
    /// The connection signs nothing.
    LinkUnsigned,
    LinkSessionEnded,
}

impl fmt::Display for InvalidOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Characters { header } => {
                write!(f, "a control character, such as a line break, cannot go in {header}")
            }
            Self::NotAscii { header } => {
                write!(f, "{header} takes ASCII characters alone: no accents, and no other scripts")
            }
            Self::Acl { acl } => write!(f, "\"{acl}\" is none of S3's ACLs"),
            Self::LockDays { days } => {
                write!(f, "a lock holds for 1 to 36,500 days, not for {days}")
            }
            Self::KmsKeyAlone => {
                f.write_str("a KMS key is of use only with the encryption aws:kms")
            }
            Self::TwoEncryptions => f.write_str(
                "an object is encrypted with a key of your own or by the server, not both",
            ),
            Self::Tags { count } => write!(f, "an object takes 10 tags, and these are {count}"),
            Self::TagName { name } => {
                write!(f, "a tag's name has 1 to 128 characters and no line break: \"{name}\"")
            }
            Self::TagValue { name } => write!(
                f,
                "the value of the tag \"{name}\" has more than 256 characters, or a line break"
            ),
            Self::TagCharacter { name, character } => write!(
                f,
                "a tag takes letters, digits, spaces and + - = . _ : / @, and \"{name}\" has \"{character}\""
            ),
            Self::TagReserved { name } => {
                write!(f, "a tag's name does not begin with aws:, which is Amazon's own: \"{name}\"")
            }
            Self::TagTwice { name } => write!(f, "there are two tags named \"{name}\""),
            Self::MetadataName { name } => write!(
                f,
                "the name of metadata is made of letters, digits, - _ and .: \"{name}\" is not"
            ),
            Self::MetadataTwice { name } => write!(f, "there are two metadata named \"{name}\""),
            Self::MetadataSize { bytes } => {
                write!(f, "the metadata have {bytes} bytes, and S3 takes 2,048 in all")
            }
            Self::KeyForm => f.write_str(
                "a key is 32 bytes (256 bits), written in base64 (44 characters) or as 64 hexadecimal digits",
            ),
            Self::KeyLength { bytes } => {
                write!(f, "a key has 32 bytes (256 bits), and this one has {bytes}")
            }
            Self::KeyNotHere { md5 } => write!(
                f,
                "the encryption key with the MD5 {md5} is not here: give it again; without it nothing can be sent to \
                 the object or asked about it"
            ),
            Self::KeyNeedsHttps { endpoint } => write!(
                f,
                "S3 takes a key of your own only over https, and {endpoint} is plain http: everybody on the way could \
                 read it"
            ),
            Self::OtherKey { key, md5 } => {
                write!(f, "{key} is encrypted with another key than the one with the MD5 {md5}")
            }
            Self::NotEncrypted { place } => write!(
                f,
                "{place} takes no keys of your own: it passes over them, and what it stores is not encrypted with them"
            ),
            Self::NotLocked { cause } => {
                write!(f, "the object is there, and could not be locked: {cause}")
            }
            Self::LinkTime => {
                f.write_str("a link holds for a second at least, and for seven days at most")
            }
            Self::LinkNotDone => f.write_str("there is a link only to what is done"),
            Self::LinkOwnKey => f.write_str(
                "the object is encrypted with a key of your own: who opens a link would have to send the key with it, \
                 and a browser does not",
            ),
            Self::LinkUnsigned => f.write_str(
                "this connection signs nothing, and a link is a signature; what everybody may read has its plain \
                 address",
            ),
            Self::LinkSessionEnded => f.write_str("the session has ended; sign in again"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Reason;

    #[test]
    fn values_are_in_the_sentences() {
        let table = [
            (InvalidOption::LockDays { days: 0 }, "a lock holds for 1 to 36,500 days, not for 0"),
            (InvalidOption::TagTwice { name: "a".into() }, "there are two tags named \"a\""),
            (
                InvalidOption::KeyLength { bytes: 31 },
                "a key has 32 bytes (256 bits), and this one has 31",
            ),
        ];
        for (wrong, sentence) in table {
            let reason = Reason::Stored { wrong };
            assert_eq!(reason.to_string(), sentence);
            let json = serde_json::to_string(&reason).unwrap();
            assert_eq!(serde_json::from_str::<Reason>(&json).unwrap(), reason);
        }
    }
}
