//! What is known beforehand of S3 and of those who speak it, and what a server may be found to take. Knows no requests.

use crate::model::checksum::Rung;
use crate::model::part_plan::Limits;
use serde::{Deserialize, Serialize};

/// An answer to "does it?"
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Said {
    Yes,
    No,
    /// Nobody knows: it is tried, and done without where it is refused.
    #[default]
    Unasked,
}

impl Said {
    pub fn is_yes(self) -> bool {
        self == Self::Yes
    }

    pub fn is_no(self) -> bool {
        self == Self::No
    }

    pub(crate) fn of(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

/// What a server takes, and what it does with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Manners {
    /// The best checksum that a multipart upload can be begun with.
    pub rung: Rung,
    /// A part that arrives other than its checksum says is refused.
    pub checks_parts: Said,
    /// So is a Complete whose whole-object checksum is not that of its parts.
    pub checks_whole: Said,
    /// HeadObject tells the checksum.
    pub gives_back: Said,
    /// The checksum may follow the bytes (aws-chunked, unsigned, with a trailer): one read of the file is enough.
    pub trailers: Said,
    /// Complete takes the object's size (x-amz-mp-object-size).
    pub object_size: Said,
    /// A part's ETag is the MD5 of its bytes, a multipart object's the MD5 of those.
    pub etag_md5: Said,
    /// All parts but the last must be of one size.
    pub equal_parts: bool,
    /// `If-None-Match: *` at PutObject, and at Complete.
    pub conditional_put: Said,
    pub conditional_complete: Said,
    pub lists_parts: Said,
    pub lists_uploads: Said,
    /// GetObjectAttributes tells the parts of an object.
    pub attributes: Said,
    /// Days after which the server takes an unfinished upload off by itself.
    pub aborts_after_days: Option<u16>,
    pub limits: Limits,
}

impl Manners {
    /// Would an upload go the same way by both? What is only looked up or listed shapes no request.
    pub(crate) fn ask_alike(&self, other: &Self) -> bool {
        let shape = |of: &Self| {
            (
                (of.rung, of.trailers, of.checks_whole, of.object_size),
                (of.etag_md5, of.conditional_put, of.conditional_complete),
            )
        };
        shape(self) == shape(other)
    }
}

impl Default for Manners {
    /// Of a server that nobody knows: the best is tried.
    fn default() -> Self {
        Self {
            rung: Rung::Crc64Nvme,
            checks_parts: Said::Unasked,
            checks_whole: Said::Unasked,
            gives_back: Said::Unasked,
            trailers: Said::No,
            object_size: Said::Unasked,
            etag_md5: Said::Unasked,
            equal_parts: false,
            conditional_put: Said::Unasked,
            conditional_complete: Said::Unasked,
            lists_parts: Said::Unasked,
            lists_uploads: Said::Unasked,
            attributes: Said::No,
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
pub struct ServerManners {
    pub known: Known,
    /// ms since 1970, where it was asked.
    pub at: Option<u64>,
    pub manners: Manners,
}

/// Which connection's server is to be asked; in its usual bucket where none is named.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct AskManners {
    pub connection: String,
    pub bucket: Option<String>,
}
