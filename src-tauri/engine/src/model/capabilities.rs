//! What is known beforehand of S3 and of those who speak it, and what a server may be found to take. Knows no requests.

use crate::model::checksum::ChecksumMode;
use crate::model::part_plan::Limits;
use serde::{Deserialize, Serialize};

/// An answer to "does it?"
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Support {
    Yes,
    No,
    /// Nobody knows: it is tried, and done without where it is refused.
    #[default]
    Unasked,
}

impl Support {
    pub fn is_yes(self) -> bool {
        self == Self::Yes
    }

    pub fn is_no(self) -> bool {
        self == Self::No
    }

    pub(crate) fn from_bool(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

/// What a server takes, and what it does with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Capabilities {
    /// The best checksum that a multipart upload can be begun with.
    pub checksum_mode: ChecksumMode,
    /// A part that arrives other than its checksum says is refused.
    pub checks_parts: Support,
    /// So is a Complete whose whole-object checksum is not that of its parts.
    pub checks_whole: Support,
    /// HeadObject tells the checksum.
    pub gives_back: Support,
    /// The checksum may follow the bytes (aws-chunked, unsigned, with a trailer): one read of the file is enough.
    pub trailers: Support,
    /// Complete takes the object's size (x-amz-mp-object-size).
    pub object_size: Support,
    /// A part's ETag is the MD5 of its bytes, a multipart object's the MD5 of those.
    pub etag_md5: Support,
    /// All parts but the last must be of one size.
    pub equal_parts: bool,
    /// `If-None-Match: *` at PutObject, and at Complete.
    pub conditional_put: Support,
    pub conditional_complete: Support,
    pub lists_parts: Support,
    pub lists_uploads: Support,
    /// GetObjectAttributes tells the parts of an object.
    pub attributes: Support,
    /// Days after which the server takes an unfinished upload off by itself.
    pub aborts_after_days: Option<u16>,
    pub limits: Limits,
}

impl Capabilities {
    /// Would an upload go the same way by both? What is only looked up or listed shapes no request.
    pub(crate) fn ask_alike(&self, other: &Self) -> bool {
        let shape = |of: &Self| {
            (
                (of.checksum_mode, of.trailers, of.checks_whole, of.object_size),
                (of.etag_md5, of.conditional_put, of.conditional_complete),
            )
        };
        shape(self) == shape(other)
    }
}

impl Default for Capabilities {
    /// Of a server that nobody knows: the best is tried.
    fn default() -> Self {
        Self {
            checksum_mode: ChecksumMode::Crc64Nvme,
            checks_parts: Support::Unasked,
            checks_whole: Support::Unasked,
            gives_back: Support::Unasked,
            trailers: Support::No,
            object_size: Support::Unasked,
            etag_md5: Support::Unasked,
            equal_parts: false,
            conditional_put: Support::Unasked,
            conditional_complete: Support::Unasked,
            lists_parts: Support::Unasked,
            lists_uploads: Support::Unasked,
            attributes: Support::No,
            aborts_after_days: None,
            limits: Limits::S3,
        }
    }
}

/// How it is known what a connection's server takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Known {
    /// From its documentation.
    Documented,
    /// The server itself was asked.
    Asked,
    /// Not yet: it is asked before the first multipart upload.
    Unasked,
}

/// For the window: what a connection's server takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct ServerCapabilities {
    pub known: Known,
    /// ms since 1970, where it was asked.
    pub at: Option<u64>,
    pub capabilities: Capabilities,
}

/// Which connection's server is to be asked; in its usual bucket where none is named.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct ProbeCapabilities {
    pub connection: String,
    pub bucket: Option<String>,
}
