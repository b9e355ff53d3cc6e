//! What proves that an object is the file: the checksum that was compared, and with what.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What was compared to verify an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Proof {
    /// `CRC64NVME`, `CRC32C`, `CRC32`, `MD5`, or `none`.
    pub algorithm: String,
    /// S3's `FULL_OBJECT` or `COMPOSITE`, or `SIZE` if only the size could be compared.
    #[serde(rename = "type")]
    pub kind: String,
    pub value: String,
    pub compared: Compared,
    /// The algorithm with which the server verified each part, or `None` if it did not verify all of them.
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
    /// The ETag, which on this server is an MD5.
    Etag,
    Size,
}

/// Says what was compared and no more. Starts in lower case, to follow other words.
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

/// What a verification of a finished upload comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Verdict {
    /// The bytes on the server are the receipt's, by a checksum.
    Same,
    /// Nothing contradicts, and nothing but the size could be compared.
    SizeOnly,
    Differs,
    Gone,
}

impl Verdict {
    /// Whether the object is no longer the one that was uploaded.
    pub fn is_mismatch(self) -> bool {
        matches!(self, Self::Differs | Self::Gone)
    }
}

/// The last time that a finished upload was verified again. Its proof is of the time of the upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct LastVerification {
    /// In ms since 1970.
    pub at: u64,
    pub verdict: Verdict,
}

/// Of a receipt, so that it is known what was sent.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Same => "The object on the server matches what was sent",
            Self::SizeOnly => "Nothing differs, but this server reports only the size",
            Self::Differs => "The object on the server does not match what was sent",
            Self::Gone => "The object no longer exists",
        })
    }
}
