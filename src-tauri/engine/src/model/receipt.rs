//! The receipt of a finished upload: what was sent, part by part, and what was compared. Shapes and their file only;
//! `verify` holds one against server and file again.

use crate::model::proof::Proof;
use serde::{Deserialize, Serialize};

/// The version of the format, written into each receipt.
pub(crate) const FORM: u32 = 1;

/// The proof of a finished upload. Times are in ms since 1970, sizes in bytes, checksums in base64 as in S3.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Receipt {
    pub form: u32,
    /// The program that wrote it: "Windlass 0.1.0".
    pub by: String,
    /// `None` is Amazon S3 in the region.
    pub endpoint: Option<String>,
    pub region: String,
    pub bucket: String,
    pub key: String,
    pub version_id: Option<String>,
    pub etag: Option<String>,
    pub size: u64,
    /// The local file, and when it was last modified.
    pub path: String,
    pub modified_at: u64,
    /// CRC-64/NVME of the whole object, computed locally.
    pub crc64nvme: String,
    /// What was compared with the server's checksum.
    pub checksum: Proof,
    /// Part size in bytes. `None` is a single PUT.
    pub part_size: Option<u64>,
    pub parts: Vec<ReceiptPart>,
    pub started_at: u64,
    pub finished_at: u64,
    /// All body bytes that were sent, including retries.
    pub sent: u64,
    pub resumed: u64,
    pub retries: u32,
    /// Parts that were resent because the file changed.
    pub resent: u32,
    /// The MD5 of the customer key (SSE-C) that the object is encrypted with, which every request about it needs; never
    /// the key.
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
    /// The CRC-32 or CRC-32C that the server was sent, if it does not support CRC-64.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub crc32: Option<String>,
}
