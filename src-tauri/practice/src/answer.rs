//! Helpers for S3 responses: errors that s3s does not define, times, sizes, ETags.

use std::borrow::Cow;
use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::StatusCode;
use s3s::dto::{ETag, Timestamp};
use s3s::{S3Error, S3ErrorCode, S3Result};

/// An S3 error whose code s3s does not list.
pub(crate) fn refused(
    code: &'static str,
    status: StatusCode,
    message: impl Into<Cow<'static, str>>,
) -> S3Error {
    let mut error = S3Error::with_message(S3ErrorCode::Custom(code.into()), message);
    error.set_status_code(status);
    error
}

/// S3 has no code for a failing disk: InternalError, which clients retry.
pub(crate) fn disk_failed(error: io::Error) -> S3Error {
    tracing::warn!(%error, "the practice store's disk failed");
    S3Error::with_message(
        S3ErrorCode::InternalError,
        format!("The practice store's disk failed: {}", error.kind()),
    )
}

/// Runs disk operations on a blocking thread.
pub(crate) async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> S3Result<T> + Send + 'static,
) -> S3Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(S3Error::internal_error)?
}

pub(crate) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

pub(crate) fn time(milliseconds: u64) -> Timestamp {
    Timestamp::from(UNIX_EPOCH + Duration::from_millis(milliseconds))
}

/// With the resolution of an HTTP date: conditions compare whole seconds.
pub(crate) fn whole_seconds(milliseconds: u64) -> Timestamp {
    Timestamp::from(UNIX_EPOCH + Duration::from_secs(milliseconds / 1000))
}

pub(crate) fn etag(value: &str) -> Option<ETag> {
    Some(ETag::Strong(value.to_owned()))
}

/// S3's wire types use signed numbers.
pub(crate) fn signed(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

pub(crate) fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
