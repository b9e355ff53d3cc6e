//! What the practice store does not support: ACLs and Object Lock.

use s3s::{S3Result, s3_error};

/// A bucket's owner has all permissions anyway: if a bucket has ACLs disabled, S3 accepts only these.
const NOTHING_NEW: [&str; 2] = ["private", "bucket-owner-full-control"];

/// Rejects options of PutObject, CreateMultipartUpload and CopyObject that are not supported here.
macro_rules! check_offered {
    ($input:expr) => {{
        let input = &$input;
        let grants = input.grant_full_control.is_some()
            || input.grant_read.is_some()
            || input.grant_read_acp.is_some()
            || input.grant_write_acp.is_some();
        $crate::offered::no_acl(input.acl.as_ref().map(|acl| acl.as_str()), grants)?;
        let locks = input.object_lock_mode.is_some()
            || input.object_lock_retain_until_date.is_some()
            || input.object_lock_legal_hold_status.is_some();
        $crate::offered::no_lock(locks)?;
    }};
}
pub(crate) use check_offered;

pub(crate) fn no_acl(canned: Option<&str>, grants: bool) -> S3Result<()> {
    if grants || canned.is_some_and(|acl| !NOTHING_NEW.contains(&acl)) {
        return Err(s3_error!(AccessControlListNotSupported, "The bucket does not allow ACLs"));
    }
    Ok(())
}

pub(crate) fn no_lock(asked: bool) -> S3Result<()> {
    if asked {
        return Err(s3_error!(InvalidRequest, "Bucket is missing Object Lock Configuration"));
    }
    Ok(())
}
