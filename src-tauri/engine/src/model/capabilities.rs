//! The capabilities of an S3-compatible server: which checksums, conditions and lists it supports, and its limits.

use crate::model::checksum::ChecksumMode;
use crate::model::part_plan::Limits;
use serde::{Deserialize, Deserializer, Serialize};

/// Whether a server supports something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Support {
    Yes,
    No,
    /// Not known. Windlass tries it, and does without it if the server rejects it.
    #[default]
    Unknown,
}

/// A word of another version is unknown: one word must not make all settings unreadable.
impl<'de> Deserialize<'de> for Support {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(match String::deserialize(from)?.as_str() {
            "yes" => Self::Yes,
            "no" => Self::No,
            _ => Self::Unknown,
        })
    }
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

/// What a server supports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Capabilities {
    /// The strongest checksum that a multipart upload can be created with.
    pub checksum_mode: ChecksumMode,
    /// Rejects a part that does not match its checksum.
    pub checks_parts: Support,
    /// Rejects a CompleteMultipartUpload whose whole-object checksum does not match the parts.
    pub checks_whole: Support,
    /// HeadObject returns the checksum.
    pub reports_checksum: Support,
    /// Accepts the checksum after the bytes (aws-chunked, unsigned, with a trailer), so that the file is read only once.
    pub trailers: Support,
    /// CompleteMultipartUpload checks the object's size (x-amz-mp-object-size).
    pub object_size: Support,
    /// A part's ETag is the MD5 of its bytes, and a multipart object's ETag is the MD5 of those.
    pub etag_md5: Support,
    /// Requires all parts but the last to have the same size.
    pub equal_parts: bool,
    /// `If-None-Match: *` at PutObject, and at CompleteMultipartUpload.
    pub conditional_put: Support,
    pub conditional_complete: Support,
    pub lists_parts: Support,
    pub lists_uploads: Support,
    /// GetObjectAttributes returns the parts of an object.
    pub attributes: Support,
    /// Days after which the server aborts an incomplete multipart upload by itself.
    pub aborts_after_days: Option<u16>,
    pub limits: Limits,
}

impl Capabilities {
    /// Whether an upload sends the same requests with both. Capabilities that are only used to list or look up are ignored.
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
    /// Assumptions about an unknown server: the strongest options are tried first.
    fn default() -> Self {
        Self {
            checksum_mode: ChecksumMode::Crc64Nvme,
            checks_parts: Support::Unknown,
            checks_whole: Support::Unknown,
            reports_checksum: Support::Unknown,
            trailers: Support::No,
            object_size: Support::Unknown,
            etag_md5: Support::Unknown,
            equal_parts: false,
            conditional_put: Support::Unknown,
            conditional_complete: Support::Unknown,
            lists_parts: Support::Unknown,
            lists_uploads: Support::Unknown,
            attributes: Support::No,
            aborts_after_days: None,
            limits: Limits::S3,
        }
    }
}

/// How a server's capabilities are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Known {
    /// From its documentation.
    Documented,
    /// From probing the server.
    Probed,
    /// They are not: the server is probed before its first multipart upload.
    NotProbed,
}

/// The capabilities of a connection's server, for the window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct ServerCapabilities {
    pub known: Known,
    /// When it was probed, in ms since 1970.
    pub at: Option<u64>,
    pub capabilities: Capabilities,
}

/// Probes a connection's server, in its default bucket if none is given.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct ProbeCapabilities {
    pub connection: String,
    pub bucket: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_another_version_is_unknown() {
        let read = |word: &str| serde_json::from_value::<Support>(word.into()).unwrap();
        assert_eq!(
            ["yes", "no", "unknown", "unasked"].map(read),
            [Support::Yes, Support::No, Support::Unknown, Support::Unknown]
        );
    }
}
