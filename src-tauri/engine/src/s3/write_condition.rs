//! What must be true of a key for an object to be written to it, as the server itself checks it.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html>

/// The condition of a PutObject or a CompleteMultipartUpload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum WriteCondition {
    Unconditional,
    /// No object has the key (`If-None-Match: *`).
    Absent,
    /// The object with this ETag still has it (`If-Match`). S3 answers 404 if it was deleted.
    Matches(String),
}

impl WriteCondition {
    pub(super) fn if_none_match(&self) -> Option<String> {
        (*self == Self::Absent).then(|| "*".to_owned())
    }

    pub(super) fn if_match(&self) -> Option<String> {
        match self {
            Self::Matches(etag) => Some(etag.clone()),
            Self::Unconditional | Self::Absent => None,
        }
    }
}
