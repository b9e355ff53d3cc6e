//! What proves that an object is the file: the checksum that was compared, and with what.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What was compared with what when the object was called done.
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

/// States what was compared, and claims no more; begins small, to follow other words.
impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { algorithm, parts, .. } = self;
        match (self.compared, self.kind.as_str()) {
            (Compared::WholeObject, _) => write!(f, "compared: whole object, {algorithm}"),
            (Compared::Composite, _) => write!(f, "compared: composite checksum, {algorithm}"),
            (Compared::Etag, "COMPOSITE") => f.write_str("compared: MD5 of every part (ETag)"),
            (Compared::Etag, _) => f.write_str("compared: MD5 (ETag)"),
            (Compared::Size, _) => match parts {
                Some(parts) => write!(f, "compared: size only; each part by {parts}"),
                None => f.write_str("compared: size only"),
            },
        }
    }
}
