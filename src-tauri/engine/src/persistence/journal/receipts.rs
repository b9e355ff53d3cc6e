//! Receipts in the journal. They outlive the rows of their uploads.

use super::Journal;
use super::open::storage;
use crate::fault::Result;
use crate::model::receipt::Receipt;
use crate::model::upload::Id;
use crate::system::paths::verbatim;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use std::path::Path;

impl Journal {
    /// Stores a receipt, in the same transaction as the writes around it.
    pub(crate) fn keep_receipt(&self, id: Id, connection_id: &str, receipt: &Receipt) {
        let connection_id = connection_id.to_owned();
        let (bucket, key) = (receipt.bucket.clone(), receipt.key.clone());
        let finished_at = receipt.finished_at.cast_signed();
        let Ok(text) = serde_json::to_string(receipt) else { return };
        self.write_soon(move |connection| {
            connection
                .prepare_cached("INSERT OR REPLACE INTO receipts VALUES (?, ?, ?, ?, ?, ?)")?
                .execute(params![id, connection_id, bucket, key, finished_at, text])
                .map(|_| ())
        });
    }

    pub(crate) async fn receipt(&self, id: Id) -> Result<Option<Receipt>> {
        self.read(move |connection| {
            let mut row =
                connection.prepare_cached("SELECT receipt FROM receipts WHERE upload = ?")?;
            let text: Option<String> = row.query_row([id], |row| row.get(0)).optional()?;
            Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
        })
        .await
    }
}

/// The latest receipt of an object in a journal, which may be another process's.
///
/// # Errors
/// `Storage`, if it cannot be read.
pub(crate) fn last_of(journal: &Path, bucket: &str, key: &str) -> Result<Option<Receipt>> {
    if !journal.exists() {
        return Ok(None);
    }
    let found = || -> rusqlite::Result<Option<String>> {
        let connection =
            Connection::open_with_flags(verbatim(journal), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let made: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if made < 3 {
            // written by a version without receipts
            return Ok(None);
        }
        connection
            .query_row(
                "SELECT receipt FROM receipts WHERE bucket = ? AND key = ? ORDER BY finished_at DESC LIMIT 1",
                params![bucket, key],
                |row| row.get(0),
            )
            .optional()
    };
    let text = found().map_err(|error| storage(&error))?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}
