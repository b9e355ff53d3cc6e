//! Adopting incomplete multipart uploads, and finding those that belong to an upload in the queue.

use super::entry::NewEntry;
use super::open::storage;
use super::{Journal, get};
use crate::fault::{Fault, FaultKind, Result};
use crate::model::checksum::ChecksumMode;
use crate::model::part_plan::Plan;
use crate::model::upload::Id;
use crate::system::paths::verbatim;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, params};
use std::collections::HashMap;
use std::path::Path;
use std::sync::mpsc::channel;

impl Journal {
    /// Queues a file that resumes a multipart upload of the server. Both are recorded in one transaction.
    pub(crate) async fn adopt(&self, new: NewEntry, held: Held) -> Result<Id> {
        let (id, added) = channel();
        self.write(move |connection| {
            let made = new.insert(connection)?;
            if let Some(mut entry) = get(connection, made)? {
                entry.upload_id = Some(held.upload_id.clone());
                entry.plan = Some(held.plan);
                entry.checksum_mode = held.checksum_mode;
                entry.adopted = true;
                entry.update(connection)?;
            }
            let _ = id.send(made);
            Ok(())
        })
        .await?;
        added.recv().map_err(|_| Fault::new(FaultKind::Storage, "the journal is closed"))
    }

    /// Which of these UploadIds belong to an upload of the queue that has not ended: its key and ID.
    pub(crate) async fn holders(
        &self,
        bucket: &str,
        upload_ids: Vec<String>,
    ) -> Result<HashMap<String, (String, Id)>> {
        let bucket = bucket.to_owned();
        self.read(move |connection| {
            let mut find = connection.prepare_cached(
                "SELECT key, id FROM uploads WHERE upload_id = ? AND bucket = ? AND view NOT IN ('done', 'aborted')",
            )?;
            let mut held = HashMap::new();
            for upload_id in upload_ids {
                let found = find
                    .query_row(params![upload_id, bucket], |row| Ok((row.get(0)?, row.get(1)?)))
                    .optional()?;
                if let Some(found) = found {
                    held.insert(upload_id, found);
                }
            }
            Ok(held)
        })
        .await
    }
}

/// The bucket, key and UploadId of every upload in a journal that has not ended. The journal may be another process's.
///
/// # Errors
/// `Storage`, if it cannot be read.
pub(crate) fn held_in(journal: &Path) -> Result<Vec<(String, String, String)>> {
    if !journal.exists() {
        return Ok(vec![]);
    }
    let held = || -> rusqlite::Result<Vec<(String, String, String)>> {
        let connection =
            Connection::open_with_flags(verbatim(journal), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let mut rows = connection.prepare(
            "SELECT bucket, key, upload_id FROM uploads WHERE upload_id NOT NULL AND view NOT IN ('done', 'aborted')",
        )?;
        let held = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        rows.query_map([], held)?.collect()
    };
    held().map_err(|error| storage(&error))
}

/// The multipart upload that is adopted.
pub(crate) struct Held {
    pub(crate) upload_id: String,
    pub(crate) plan: Plan,
    pub(crate) checksum_mode: ChecksumMode,
}
