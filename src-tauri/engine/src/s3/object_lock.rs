//! S3 Object Lock of an existing object: reading it from HeadObject, and setting it.

use super::object_options::{lock_mode, retain_until};
use super::{ANSWER_LIMIT, S3};
use crate::fault::Result;
use crate::model::object_options::{LockMode, ObjectLock};
use crate::model::upload::Target;
use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use aws_sdk_s3::primitives::DateTime;
use aws_sdk_s3::types::{
    ChecksumAlgorithm, ObjectLockLegalHold, ObjectLockLegalHoldStatus, ObjectLockMode,
    ObjectLockRetention, ObjectLockRetentionMode,
};
use std::time::SystemTime;

/// An object's locks. Empty also if these credentials may not read them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Locks {
    pub(crate) mode: Option<LockMode>,
    /// When the retention ends, in seconds since 1970.
    pub(crate) until: Option<i64>,
    pub(crate) held: bool,
}

impl Locks {
    pub(super) fn from_head(answer: &HeadObjectOutput) -> Self {
        Self {
            mode: match answer.object_lock_mode() {
                Some(ObjectLockMode::Governance) => Some(LockMode::Governance),
                Some(ObjectLockMode::Compliance) => Some(LockMode::Compliance),
                _ => None,
            },
            until: answer.object_lock_retain_until_date().map(DateTime::secs),
            held: answer.object_lock_legal_hold_status() == Some(&ObjectLockLegalHoldStatus::On),
        }
    }
}

impl S3 {
    /// Sets a retention, counted from now.
    pub(crate) async fn lock(
        &self,
        target: &Target,
        version_id: Option<&str>,
        lock: ObjectLock,
    ) -> Result<()> {
        let mode = ObjectLockRetentionMode::from(lock_mode(lock).as_str());
        let retention = ObjectLockRetention::builder()
            .mode(mode)
            .retain_until_date(retain_until(lock, SystemTime::now()))
            .build();
        let request = self
            .client
            .put_object_retention()
            .bucket(&target.bucket)
            .key(&target.key)
            .set_version_id(version_id.map(ToOwned::to_owned))
            .checksum_algorithm(ChecksumAlgorithm::Crc32)
            .retention(retention);
        self.within(ANSWER_LIMIT, Box::pin(request.send())).await.map(|_| ())
    }

    /// Sets a legal hold, which lasts until it is removed.
    pub(crate) async fn hold(&self, target: &Target, version_id: Option<&str>) -> Result<()> {
        let hold = ObjectLockLegalHold::builder().status(ObjectLockLegalHoldStatus::On).build();
        let request = self
            .client
            .put_object_legal_hold()
            .bucket(&target.bucket)
            .key(&target.key)
            .set_version_id(version_id.map(ToOwned::to_owned))
            .checksum_algorithm(ChecksumAlgorithm::Crc32)
            .legal_hold(hold);
        self.within(ANSWER_LIMIT, Box::pin(request.send())).await.map(|_| ())
    }
}
