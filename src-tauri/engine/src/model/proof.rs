//! What proves that an object is the file: the checksum that was compared, and with what.

use serde::{Deserialize, Serialize};

/// What was held against what when the object was called done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Proof {
    /// `CRC64NVME`, `CRC32C`, `CRC32`, `MD5`, or `none`.
    pub algorithm: String,
    /// `FULL_OBJECT` or `COMPOSITE`, S3's words; `SIZE` where only the size could be compared.
    #[serde(rename = "type")]
    pub kind: String,
    pub value: String,
    pub compared: Compared,
    /// The algorithm by which each part was compared on its way; none where not all were.
    #[serde(default)]
    pub parts: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Compared {
    WholeObject,
    /// A checksum of the parts' checksums.
    Composite,
    /// The ETag, which on this server is an MD5 of what it stored.
    Etag,
    Size,
}
