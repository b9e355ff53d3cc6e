//! Translates the options of an object into the SDK's builders.

use crate::model::object_options::{LockMode, ObjectLock, Options, disposition};
use aws_sdk_s3::primitives::DateTime;
use aws_sdk_s3::types::{
    ObjectCannedAcl, ObjectLockLegalHoldStatus, ObjectLockMode, ServerSideEncryption, StorageClass,
};
use std::collections::HashMap;
use std::time::{Duration, SystemTime};

/// Adds the customer key to a request that S3 requires it with.
macro_rules! keyed {
    ($request:expr, $key:expr) => {{
        let key: Option<&$crate::model::customer_key::CustomerKey> = $key;
        $request
            .set_sse_customer_algorithm(key.map(|_| "AES256".to_owned()))
            .set_sse_customer_key(key.map(|key| {
                $crate::model::secret::ExposeSecret::expose_secret(&key.text).to_owned()
            }))
            .set_sse_customer_key_md5(key.map(|key| key.md5.clone()))
    }};
}
pub(super) use keyed;

/// Adds the object's options, to the two requests that create an object.
macro_rules! as_stored {
    ($request:expr, $options:expr) => {{
        let with = $crate::s3::object_options::With::from_options($options);
        $request
            .set_storage_class(with.storage_class)
            .set_server_side_encryption(with.encryption)
            .set_ssekms_key_id(with.kms_key_id)
            .set_tagging(with.tagging)
            .set_metadata(with.metadata)
            .set_cache_control(with.cache_control)
            .set_content_disposition(with.content_disposition)
            .set_acl(with.acl)
            .set_object_lock_mode(with.lock_mode)
            .set_object_lock_retain_until_date(with.retain_until)
            .set_object_lock_legal_hold_status(with.legal_hold)
    }};
}
pub(super) use as_stored;

/// The options in the SDK's types.
pub(super) struct With {
    pub(super) storage_class: Option<StorageClass>,
    pub(super) encryption: Option<ServerSideEncryption>,
    pub(super) kms_key_id: Option<String>,
    pub(super) tagging: Option<String>,
    pub(super) metadata: Option<HashMap<String, String>>,
    pub(super) cache_control: Option<String>,
    pub(super) content_disposition: Option<String>,
    pub(super) acl: Option<ObjectCannedAcl>,
    pub(super) lock_mode: Option<ObjectLockMode>,
    pub(super) retain_until: Option<DateTime>,
    pub(super) legal_hold: Option<ObjectLockLegalHoldStatus>,
}

impl With {
    pub(super) fn from_options(options: &Options) -> Self {
        // listed one by one, so that a forgotten field does not compile
        let Options {
            storage_class,
            encryption,
            kms_key_id,
            // separate headers of each request
            content_type: _,
            customer_key: _,
            tags,
            metadata,
            cache_control,
            content_disposition,
            acl,
            lock,
            legal_hold,
        } = options;
        Self {
            storage_class: storage_class.as_deref().map(StorageClass::from),
            encryption: encryption.as_deref().map(ServerSideEncryption::from),
            kms_key_id: kms_key_id.clone(),
            tagging: tagging(tags),
            metadata: (!metadata.is_empty()).then(|| metadata.iter().cloned().collect()),
            cache_control: cache_control.clone(),
            // checked before
            content_disposition: content_disposition
                .as_ref()
                .map(|typed| disposition(typed).unwrap_or_else(|_| typed.clone())),
            acl: acl.as_deref().map(ObjectCannedAcl::from),
            lock_mode: lock.map(lock_mode),
            retain_until: lock.map(|lock| retain_until(lock, SystemTime::now())),
            legal_hold: legal_hold.then_some(ObjectLockLegalHoldStatus::On),
        }
    }
}

pub(super) fn lock_mode(lock: ObjectLock) -> ObjectLockMode {
    match lock.mode {
        LockMode::Governance => ObjectLockMode::Governance,
        LockMode::Compliance => ObjectLockMode::Compliance,
    }
}

pub(super) fn retain_until(lock: ObjectLock, now: SystemTime) -> DateTime {
    DateTime::from(now + Duration::from_secs(u64::from(lock.days) * 24 * 3600))
}

fn tagging(tags: &[(String, String)]) -> Option<String> {
    let tags: Vec<String> =
        tags.iter().map(|(key, value)| format!("{}={}", percent(key), percent(value))).collect();
    (!tags.is_empty()).then(|| tags.join("&"))
}

/// Percent-encodes everything but unreserved characters, for the tagging header and for URLs.
pub(crate) fn percent(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_escaped() {
        let options = Options { tags: vec![("a b".into(), "c&d=é".into())], ..Options::default() };
        assert_eq!(tagging(&options.tags).unwrap(), "a%20b=c%26d%3D%C3%A9");
        assert_eq!(tagging(&[]), None);
    }

    #[test]
    fn a_file_name_beyond_ascii_goes_as_rfc_6266_has_it() {
        let sent = |typed: &str| {
            let content_disposition = Some(typed.to_owned());
            With::from_options(&Options { content_disposition, ..Options::default() })
                .content_disposition
        };
        let table = [
            ("inline", "inline"),
            ("attachment; filename=\"a b.mov\"", "attachment; filename=\"a b.mov\""),
            (
                "attachment; filename=\"Größe; 1.mov\"",
                "attachment; filename=\"Gr__e; 1.mov\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%3B%201.mov",
            ),
            (
                "inline;FileName=日.mov; x=1",
                "inline; filename=\"_.mov\"; filename*=UTF-8''%E6%97%A5.mov; x=1",
            ),
            (
                "attachment; filename=\"ü \\\"1\\\"\"; filename*=UTF-8''%C3%BC",
                "attachment; filename=\"_ _1_\"; filename*=UTF-8''%C3%BC",
            ),
        ];
        for (typed, want) in table {
            assert_eq!(sent(typed).as_deref(), Some(want), "{typed}");
        }
    }

    #[test]
    fn a_lock_is_counted_from_now() {
        let lock = ObjectLock { mode: LockMode::Compliance, days: 2 };
        let until = retain_until(lock, SystemTime::UNIX_EPOCH + Duration::from_secs(7));
        assert_eq!(until.secs(), 2 * 86_400 + 7);
    }
}
