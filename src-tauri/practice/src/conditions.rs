//! Conditional requests (If-Match, If-None-Match), checked against the existing object.

use s3s::dto::{ETagCondition, Timestamp};
use s3s::{S3Error, S3ErrorCode, S3Result, s3_error};

use crate::answer::whole_seconds;

/// What a condition is compared with: the existing object's validators (RFC 9110).
#[derive(Clone, Copy)]
pub(crate) struct Validators<'a> {
    pub(crate) etag: &'a str,
    /// milliseconds since 1970
    pub(crate) modified: u64,
}

/// The conditions of a write, which S3 checks when the write takes effect.
#[derive(Clone, Debug, Default)]
pub(crate) struct WriteIf {
    pub(crate) matches: Option<ETagCondition>,
    pub(crate) none_matches: Option<ETagCondition>,
}

impl WriteIf {
    pub(crate) fn check(&self, there: Option<Validators<'_>>) -> S3Result<()> {
        match &self.none_matches {
            Some(ETagCondition::Any) if there.is_some() => return Err(failed()),
            // S3 supports only the star here
            Some(ETagCondition::ETag(_)) => {
                return Err(s3_error!(
                    NotImplemented,
                    "A header you provided implies functionality that is not implemented"
                ));
            }
            _ => {}
        }
        match (&self.matches, there) {
            (Some(_), None) => Err(s3_error!(NoSuchKey, "The specified key does not exist.")),
            (Some(condition), Some(there)) if !met(condition, there) => Err(failed()),
            _ => Ok(()),
        }
    }
}

/// The conditions of a read, or of a copy's source.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReadIf {
    pub(crate) matches: Option<ETagCondition>,
    pub(crate) none_matches: Option<ETagCondition>,
    pub(crate) modified_since: Option<Timestamp>,
    pub(crate) unmodified_since: Option<Timestamp>,
}

/// Reads the conditions of GetObject and HeadObject.
macro_rules! read_if {
    ($input:expr) => {
        $crate::conditions::ReadIf {
            matches: $input.if_match.clone(),
            none_matches: $input.if_none_match.clone(),
            modified_since: $input.if_modified_since.clone(),
            unmodified_since: $input.if_unmodified_since.clone(),
        }
    };
}
pub(crate) use read_if;

/// Reads the conditions of CopyObject and UploadPartCopy.
macro_rules! source_if {
    ($input:expr) => {
        $crate::conditions::ReadIf {
            matches: $input.copy_source_if_match.clone(),
            none_matches: $input.copy_source_if_none_match.clone(),
            modified_since: $input.copy_source_if_modified_since.clone(),
            unmodified_since: $input.copy_source_if_unmodified_since.clone(),
        }
    };
}
pub(crate) use source_if;

enum Verdict {
    Go,
    Failed,
    NotModified,
}

impl ReadIf {
    pub(crate) fn check(&self, there: Validators<'_>) -> S3Result<()> {
        match self.verdict(there) {
            Verdict::Go => Ok(()),
            Verdict::Failed => Err(failed()),
            Verdict::NotModified => Err(S3Error::new(S3ErrorCode::NotModified)),
        }
    }

    /// A copy has no 304.
    pub(crate) fn check_source(&self, there: Validators<'_>) -> S3Result<()> {
        match self.verdict(there) {
            Verdict::Go => Ok(()),
            Verdict::Failed | Verdict::NotModified => Err(failed()),
        }
    }

    /// If an ETag condition is given, the date is not checked.
    fn verdict(&self, there: Validators<'_>) -> Verdict {
        let modified = whole_seconds(there.modified);
        let held = match (&self.matches, &self.unmodified_since) {
            (Some(condition), _) => met(condition, there),
            (None, Some(since)) => modified <= *since,
            (None, None) => true,
        };
        let fresh = match (&self.none_matches, &self.modified_since) {
            (Some(condition), _) => !met(condition, there),
            (None, Some(since)) => modified > *since,
            (None, None) => true,
        };
        match (held, fresh) {
            (false, _) => Verdict::Failed,
            (true, false) => Verdict::NotModified,
            (true, true) => Verdict::Go,
        }
    }
}

fn met(condition: &ETagCondition, there: Validators<'_>) -> bool {
    match condition {
        ETagCondition::Any => true,
        ETagCondition::ETag(etag) => etag.value() == there.etag,
    }
}

fn failed() -> S3Error {
    s3_error!(PreconditionFailed, "At least one of the pre-conditions you specified did not hold")
}
