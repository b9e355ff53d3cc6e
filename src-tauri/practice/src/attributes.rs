//! An object's attributes from a request: metadata, headers, storage class, encryption, tags.

use std::collections::BTreeMap;

use s3s::dto::{Expires, StorageClass, Tag};
use s3s::{S3Result, s3_error};
use serde::{Deserialize, Serialize};

/// User metadata, names and values together.
const METADATA_LIMIT: usize = 2 * 1024;
const TAGS_LIMIT: usize = 10;

const STANDARD: &str = "STANDARD";
/// the storage classes of a general purpose bucket
const CLASSES: [&str; 8] = [
    STANDARD,
    "REDUCED_REDUNDANCY",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER",
    "DEEP_ARCHIVE",
    "GLACIER_IR",
];
/// these cannot be read before they are restored, and this store restores nothing
const ARCHIVES: [&str; 2] = ["GLACIER", "DEEP_ARCHIVE"];
const ENCRYPTIONS: [&str; 3] = ["AES256", "aws:kms", "aws:kms:dsse"];

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Attributes {
    pub(crate) metadata: BTreeMap<String, String>,
    pub(crate) content_type: Option<String>,
    pub(crate) content_encoding: Option<String>,
    pub(crate) content_disposition: Option<String>,
    pub(crate) content_language: Option<String>,
    pub(crate) cache_control: Option<String>,
    pub(crate) expires: Option<Expires>,
    pub(crate) redirect: Option<String>,
    pub(crate) storage_class: Option<String>,
    /// recorded and returned; the practice store's files are not encrypted
    pub(crate) encryption: Option<String>,
    pub(crate) kms_key: Option<String>,
    pub(crate) tags: Vec<(String, String)>,
}

/// Reads the fields that PutObject, CreateMultipartUpload and CopyObject share.
macro_rules! attributes_of {
    ($input:expr) => {{
        let input = &$input;
        let attributes = $crate::attributes::Attributes {
            metadata: input.metadata.clone().unwrap_or_default().into_iter().collect(),
            content_type: input.content_type.clone(),
            content_encoding: input
                .content_encoding
                .as_deref()
                .and_then($crate::attributes::without_framing),
            content_disposition: input.content_disposition.clone(),
            content_language: input.content_language.clone(),
            cache_control: input.cache_control.clone(),
            expires: input.expires.clone(),
            redirect: input.website_redirect_location.clone(),
            storage_class: input.storage_class.as_ref().map(|class| class.as_str().to_owned()),
            encryption: input
                .server_side_encryption
                .as_ref()
                .map(|algorithm| algorithm.as_str().to_owned()),
            kms_key: input.ssekms_key_id.clone(),
            tags: $crate::attributes::tags_in(input.tagging.as_deref().unwrap_or_default()),
        };
        attributes.checked()
    }};
}
pub(crate) use attributes_of;

/// Fills the fields that GetObject and HeadObject share.
macro_rules! show_attributes {
    ($output:expr, $attributes:expr) => {{
        let attributes: &$crate::attributes::Attributes = $attributes;
        let output = &mut $output;
        output.metadata = Some(attributes.metadata.clone().into_iter().collect());
        output.content_type =
            Some(attributes.content_type.clone().unwrap_or("binary/octet-stream".to_owned()));
        output.content_encoding = attributes.content_encoding.clone();
        output.content_disposition = attributes.content_disposition.clone();
        output.content_language = attributes.content_language.clone();
        output.cache_control = attributes.cache_control.clone();
        output.expires = attributes.expires.clone();
        output.website_redirect_location = attributes.redirect.clone();
        output.storage_class = attributes.storage_class_shown();
        $crate::attributes::show_encryption!(output, attributes);
    }};
}
pub(crate) use show_attributes;

/// Fills the two fields with which every response about an object reports its encryption.
macro_rules! show_encryption {
    ($output:expr, $attributes:expr) => {{
        $output.server_side_encryption =
            $attributes.encryption.clone().map(s3s::dto::ServerSideEncryption::from);
        $output.ssekms_key_id = $attributes.kms_key.clone();
    }};
}
pub(crate) use show_encryption;

impl Attributes {
    pub(crate) fn checked(self) -> S3Result<Self> {
        let metadata: usize =
            self.metadata.iter().map(|(name, value)| name.len() + value.len()).sum();
        if metadata > METADATA_LIMIT {
            return Err(s3_error!(
                MetadataTooLarge,
                "Your metadata headers exceed the maximum allowed metadata size."
            ));
        }
        if self.storage_class.as_ref().is_some_and(|class| !CLASSES.contains(&class.as_str())) {
            return Err(s3_error!(
                InvalidStorageClass,
                "The storage class you specified is not valid."
            ));
        }
        if self
            .encryption
            .as_ref()
            .is_some_and(|algorithm| !ENCRYPTIONS.contains(&algorithm.as_str()))
        {
            return Err(s3_error!(
                InvalidEncryptionAlgorithmError,
                "The encryption request that you specified is not valid."
            ));
        }
        check_tags(&self.tags)?;
        Ok(self)
    }

    /// S3 leaves the header out for STANDARD.
    pub(crate) fn storage_class_shown(&self) -> Option<StorageClass> {
        self.storage_class.clone().filter(|class| class != STANDARD).map(StorageClass::from)
    }

    /// Lists always name it.
    pub(crate) fn storage_class(&self) -> String {
        self.storage_class.clone().unwrap_or(STANDARD.to_owned())
    }

    pub(crate) fn archived(&self) -> bool {
        self.storage_class.as_ref().is_some_and(|class| ARCHIVES.contains(&class.as_str()))
    }

    /// S3's ETag is the MD5 of the bytes, except with a KMS key: then it is 16 unrelated bytes.
    pub(crate) fn etag(&self, md5: [u8; 16]) -> String {
        let opaque =
            self.encryption.as_ref().is_some_and(|algorithm| algorithm.starts_with("aws:kms"));
        if opaque { uuid::Uuid::new_v4().simple().to_string() } else { crate::sums::hex(&md5) }
    }

    pub(crate) fn tag_set(&self) -> Vec<Tag> {
        let tag = |(key, value): &(String, String)| Tag {
            key: Some(key.clone()),
            value: Some(value.clone()),
        };
        self.tags.iter().map(tag).collect()
    }
}

pub(crate) fn tags_from(set: Vec<Tag>) -> S3Result<Vec<(String, String)>> {
    let tags: Vec<_> = set
        .into_iter()
        .map(|tag| (tag.key.unwrap_or_default(), tag.value.unwrap_or_default()))
        .collect();
    check_tags(&tags)?;
    Ok(tags)
}

fn check_tags(tags: &[(String, String)]) -> S3Result<()> {
    if tags.len() > TAGS_LIMIT {
        return Err(s3_error!(InvalidTag, "Object tags cannot be greater than 10"));
    }
    let mut seen = std::collections::BTreeSet::new();
    for (key, value) in tags {
        if key.is_empty() || key.chars().count() > 128 {
            return Err(s3_error!(InvalidTag, "The TagKey you have provided is invalid"));
        }
        if value.chars().count() > 256 {
            return Err(s3_error!(InvalidTag, "The TagValue you have provided is invalid"));
        }
        if !seen.insert(key) {
            return Err(s3_error!(InvalidTag, "Cannot provide multiple Tags with the same key"));
        }
    }
    Ok(())
}

/// `aws-chunked` is how the request is encoded, not the object.
pub(crate) fn without_framing(encoding: &str) -> Option<String> {
    let kept: Vec<&str> = encoding
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty() && *name != "aws-chunked")
        .collect();
    (!kept.is_empty()).then(|| kept.join(","))
}

/// The tags of an `x-amz-tagging` header, which has the form of a query string.
pub(crate) fn tags_in(header: &str) -> Vec<(String, String)> {
    let pairs = header.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (unescaped(key), unescaped(value))
        })
        .collect()
}

fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escape = if *first == b'%' { tail.get(..2).and_then(hex_pair) } else { None };
        match escape {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(if *first == b'+' { b' ' } else { *first });
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex_pair(pair: &[u8]) -> Option<u8> {
    let text = std::str::from_utf8(pair).ok()?;
    u8::from_str_radix(text, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tagging_header_is_a_query() {
        let tags = tags_in("project=hau%6c&who=a+b&empty&odd=50%");
        let expected = [("project", "haul"), ("who", "a b"), ("empty", ""), ("odd", "50%")];
        assert_eq!(tags, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
    }

    #[test]
    fn framing_is_not_an_encoding() {
        assert_eq!(without_framing("aws-chunked"), None);
        assert_eq!(without_framing("gzip, aws-chunked"), Some("gzip".to_owned()));
    }

    #[test]
    fn limits() {
        let with = |change: fn(&mut Attributes)| {
            let mut attributes = Attributes::default();
            change(&mut attributes);
            attributes.checked().map_err(|error| error.code().as_str().to_owned()).err()
        };
        assert_eq!(
            with(|a| a.storage_class = Some("COLD".into())).as_deref(),
            Some("InvalidStorageClass")
        );
        assert_eq!(
            with(|a| drop(a.metadata.insert("k".into(), "v".repeat(2048)))).as_deref(),
            Some("MetadataTooLarge")
        );
        assert_eq!(
            with(|a| a.tags = vec![("k".into(), String::new()); 2]).as_deref(),
            Some("InvalidTag")
        );
        assert_eq!(with(|a| a.storage_class = Some("GLACIER".into())), None);
    }
}
