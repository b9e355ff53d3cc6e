//! The receipt of a finished upload: what was sent, part by part, and what was compared. Shapes and their file only;
//! `verify` holds one against server and file again.

use crate::model::proof::Proof;
use serde::{Deserialize, Serialize};

/// Written into each receipt; a later shape has a higher one.
pub(crate) const FORM: u32 = 1;

/// The proof kept of a finished upload. Times in ms since 1970, sizes in bytes, checksums in base64 as S3 writes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Receipt {
    pub form: u32,
    /// Who wrote it: "Windlass 0.1.0".
    pub by: String,
    /// None: Amazon's own for the region.
    pub endpoint: Option<String>,
    pub region: String,
    pub bucket: String,
    pub key: String,
    pub version_id: Option<String>,
    pub etag: Option<String>,
    pub size: u64,
    /// The local file, and when it was changed last.
    pub path: String,
    pub modified_at: u64,
    /// CRC-64/NVME of the whole object, summed here.
    pub crc64nvme: String,
    /// What was compared with what the server told.
    pub checksum: Proof,
    /// Bytes of a part; none is one PUT.
    pub part_size: Option<u64>,
    pub parts: Vec<ReceiptPart>,
    pub started_at: u64,
    pub finished_at: u64,
    /// Every body byte that left, tries included.
    pub sent: u64,
    pub resumed: u64,
    pub retries: u32,
    /// Parts sent again because the file changed meanwhile.
    pub resent: u32,
    /// The MD5 of the user's own key that the object is encrypted with, without which nothing can be asked about it;
    /// never the key.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub customer_key: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct ReceiptPart {
    pub number: u16,
    pub size: u64,
    pub etag: String,
    pub crc64nvme: String,
    /// The CRC-32 or CRC-32C that the server was given, where it takes no CRC-64.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub crc32: Option<String>,
}
