//! Receipts as files, and made of the journal's entries. A file is written whole or not at all.

use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::checksum::{Digests, Whole, text64};
use crate::model::connection::Connection;
use crate::model::part_plan::Plan;
use crate::model::part_table::Parts;
use crate::model::receipt::{FORM, Receipt, ReceiptPart};
use crate::persistence::journal::{self, Entry};
use std::io::Write as _;
use std::path::Path;

/// The receipt of a finished upload, or `None` if nothing was sent.
pub(crate) fn from_entry(
    entry: &Entry,
    connection: Option<&Connection>,
    parts: &Parts,
) -> Option<Receipt> {
    let multipart = matches!(entry.plan, Some(Plan::Multipart { .. }));
    let table = |(number, stored): (u16, &crate::model::part_table::Stored)| {
        let digests = Digests { crc64: stored.crc64, crc32: stored.crc32, md5: None };
        ReceiptPart {
            number,
            size: parts.bytes(number),
            etag: stored.etag.trim_matches('"').to_owned(),
            crc64nvme: text64(stored.crc64),
            crc32: digests.crc32_text(),
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
        crc64nvme: text64(Whole::of_parts(entry.checksum_mode, parts).crc64),
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
    /// The latest receipt of an object that was uploaded from this folder, by any process.
    ///
    /// # Errors
    /// `Storage`, if the journal cannot be read.
    pub fn last_of(folder: &Path, bucket: &str, key: &str) -> Result<Option<Self>> {
        journal::last_receipt(&folder.join("journal.sqlite"), bucket, key)
    }

    /// Reads a receipt from a file.
    ///
    /// # Errors
    /// `Storage`, if the file does not exist or is not a receipt.
    pub fn read(path: &Path) -> Result<Self> {
        let storage = |reason: String| {
            Fault::new(FaultKind::Storage, format!("{reason}: {}", path.display()))
        };
        let text = std::fs::read(path)
            .map_err(|error| storage(format!("the receipt cannot be read ({error})")))?;
        let receipt: Self = serde_json::from_slice(&text)
            .map_err(|error| storage(format!("this is no receipt of Windlass ({error})")))?;
        if receipt.form > FORM {
            return Err(storage("this receipt was written by a newer Windlass".into()));
        }
        Ok(receipt)
    }

    /// Writes the receipt to a file, completely or not at all.
    ///
    /// # Errors
    /// `Storage`, if it cannot be written.
    pub fn write(&self, path: &Path) -> Result<()> {
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
            Fault::because(FaultKind::Storage, Reason::NotWritten { path, cause })
        })
    }
}
