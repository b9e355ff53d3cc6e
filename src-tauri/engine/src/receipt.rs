//! The receipt of a finished upload: what was sent, part by part, and what was compared. Shapes and their file only;
//! `verify` holds one against server and file again.

use crate::evidence::Evidence;
use crate::fault::{Fault, FaultKind, Outcome, Why};
use crate::journal::{self, Entry};
use crate::page::Proof;
use crate::part::Parts;
use crate::plan::Plan;
use crate::settings::Connection;
use crate::sum::{Sums, Whole, text64};
use crate::upload::Id;
use serde::{Deserialize, Serialize};
use std::io::Write as _;
use std::path::Path;

/// Written into each receipt; a later shape has a higher one.
pub const FORM: u32 = 1;

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

/// A receipt held against the server, and the file, again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Verification {
    pub running: bool,
    /// Bytes of the local file read so far, and in all; 0 where it is not read.
    pub read: u64,
    pub size: u64,
    pub findings: Vec<Finding>,
    /// None while it runs, or where a fault ended it.
    pub verdict: Option<Verdict>,
    pub fault: Option<Fault>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Finding {
    pub what: What,
    pub held: Held,
    pub said: Evidence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum What {
    /// The object is there at all.
    Object,
    Size,
    /// The checksum of the whole object that the server tells.
    Checksum,
    Etag,
    Version,
    /// The parts that the server tells (GetObjectAttributes).
    Parts,
    /// The local file, read again.
    File,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Held {
    Same,
    Differs,
    /// Nothing was told to compare.
    Untold,
}

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

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct SaveReceipt {
    pub id: Id,
    pub path: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct VerifyRequest {
    pub id: Id,
    /// Read the local file too.
    pub file: bool,
}

/// Of an upload that was compared; none where nothing was sent.
pub(crate) fn of(entry: &Entry, connection: Option<&Connection>, parts: &Parts) -> Option<Receipt> {
    let multipart = matches!(entry.plan, Some(Plan::Multipart { .. }));
    let table = |(number, stored): (u16, &crate::part::Stored)| {
        let sums = Sums { crc64: stored.crc64, crc32: stored.crc32, md5: None };
        ReceiptPart {
            number,
            size: parts.bytes(number),
            etag: stored.etag.trim_matches('"').to_owned(),
            crc64nvme: text64(stored.crc64),
            crc32: sums.crc32_text(),
        }
    };
    Some(Receipt {
        form: FORM,
        by: concat!("Windlass ", env!("CARGO_PKG_VERSION")).into(),
        endpoint: connection.and_then(|connection| connection.endpoint.clone()),
        region: connection.map(|connection| connection.region.clone()).unwrap_or_default(),
        bucket: entry.target.bucket.clone(),
        key: entry.target.key.clone(),
        version_id: entry.version_id.clone(),
        etag: entry.etag.clone(),
        size: entry.size,
        path: entry.path.display().to_string(),
        modified_at: u64::try_from(entry.modified_ns / 1_000_000).unwrap_or_default(),
        crc64nvme: text64(Whole::of_parts(entry.rung, parts).crc64),
        checksum: entry.proof.clone()?,
        part_size: match entry.plan {
            Some(Plan::Multipart { part_size, .. }) => Some(part_size),
            _ => None,
        },
        parts: parts.stored().filter(|_| multipart).map(table).collect(),
        started_at: entry.started_at.unwrap_or(entry.added_at),
        finished_at: entry.finished_at.unwrap_or_default(),
        sent: entry.sent,
        resumed: entry.resumed,
        retries: entry.retries,
        resent: entry.resent,
        customer_key: entry.options.customer_key.clone(),
    })
}

impl Receipt {
    /// The last one of an object that was sent from this folder, by whatever process.
    ///
    /// # Errors
    /// `Storage`, where its journal cannot be read.
    pub fn last_of(folder: &Path, bucket: &str, key: &str) -> Outcome<Option<Self>> {
        journal::last_receipt(&folder.join("journal.sqlite"), bucket, key)
    }

    /// # Errors
    /// `Storage`, where there is no such file, or it is no receipt.
    pub fn read(path: &Path) -> Outcome<Self> {
        let storage =
            |why: String| Fault::new(FaultKind::Storage, format!("{why}: {}", path.display()));
        let text = std::fs::read(path)
            .map_err(|error| storage(format!("the receipt cannot be read ({error})")))?;
        let receipt: Self = serde_json::from_slice(&text)
            .map_err(|error| storage(format!("this is no receipt of Windlass ({error})")))?;
        if receipt.form > FORM {
            return Err(storage("this receipt was written by a newer Windlass".into()));
        }
        Ok(receipt)
    }

    /// Whole or not at all.
    ///
    /// # Errors
    /// `Storage`, where it cannot be written.
    pub fn write(&self, path: &Path) -> Outcome<()> {
        let written = || -> std::io::Result<()> {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
            file.write_all(&serde_json::to_vec_pretty(self)?)?;
            file.write_all(b"\n")?;
            file.as_file().sync_all()?;
            file.persist(path)?;
            Ok(())
        };
        written().map_err(|error| {
            let (path, cause) = (path.display().to_string(), error.to_string());
            Fault::because(FaultKind::Storage, Why::NotWritten { path, cause })
        })
    }
}
