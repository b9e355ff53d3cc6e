//! The journal: the state of every upload, in SQLite. Only this file and its folder use the database.
//!
//! One thread owns the connection. Writes are gathered in a transaction that is committed every few milliseconds, or at
//! once if a caller waits for it: the UploadId is waited for, a stored part is not (ListParts returns it again).

pub(crate) mod adoption;
mod answers;
mod entry;
mod job_queue;
mod list;
mod next;
mod of_connection;
mod open;
mod receipts;
mod reorder;
mod salvage;
mod scratch;
mod writer;

pub(crate) use adoption::held_in;
pub(crate) use entry::{Entry, NewEntry};
pub(crate) use next::Room;
pub(crate) use open::MovedToBackup;
pub(crate) use receipts::last_of as last_receipt;
pub(crate) use scratch::{Scratch, has_scratch};

use crate::fault::{Fault, FaultKind, Result};
use crate::model::history::{Event, History};
use crate::model::part_table::{PartNumber, Stored};
use crate::model::upload::{Id, Intent, Target};
use entry::{COLUMNS, from_row, intent_word};
use job_queue::JobSender;
use open::storage;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;
use writer::{GATHER, Job, Trouble, Write, Writer};

#[derive(Clone)]
pub(crate) struct Journal {
    jobs: Arc<JobSender<Job>>,
    trouble: Trouble,
}

/// The number of uploads, their size and their stored bytes, of one view.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Count {
    pub(crate) uploads: u32,
    pub(crate) bytes: u64,
    pub(crate) stored: u64,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) waiting: Count,
    pub(crate) paused: Count,
    pub(crate) active: Count,
    pub(crate) needs_answer: Count,
    pub(crate) failed: Count,
    pub(crate) done: Count,
    pub(crate) skipped: Count,
    pub(crate) aborted: Count,
}

impl Journal {
    /// Opens the journal, or creates it. Uploads that were active in a process that died are waiting again. A damaged
    /// journal is moved to a backup, and the uploads that can still be read are kept.
    ///
    /// # Errors
    /// `Storage`, if the file cannot be opened or was written by a newer Windlass.
    pub(crate) fn open(path: &Path) -> Result<(Self, Option<MovedToBackup>)> {
        let (connection, aside) = open::open(path)?;
        let (jobs, receiver) = job_queue::line();
        let trouble = Trouble::default();
        let writer = Writer::new(connection, trouble.clone());
        let thread = std::thread::Builder::new().name("journal".into()).spawn(move || {
            crate::system::threads::join();
            writer.keep(&receiver);
        });
        thread.map_err(|e| {
            Fault::new(FaultKind::Storage, format!("the journal's thread did not start: {e}"))
        })?;
        Ok((Self { jobs: Arc::new(jobs), trouble }, aside))
    }

    /// Why writes currently fail, if they do. Writes that nobody waits for are kept in memory until they succeed.
    pub(crate) fn trouble(&self) -> Option<Fault> {
        self.trouble.now()
    }

    async fn read<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let job = Job::Read(Box::new(move |connection| {
            let _ = answer.send(ask(connection).map_err(|e| storage(&e)));
        }));
        self.jobs.within(Duration::ZERO, job).map_err(|_| closed())?;
        answered.await.map_err(|_| closed())?
    }

    /// Resolves when the write is on disk. Its place among other writes is that of this call, not of the `await`.
    fn write<W>(&self, work: W) -> impl Future<Output = Result<()>> + use<W>
    where
        W: Fn(&Connection) -> rusqlite::Result<()> + Send + 'static,
    {
        let (done, waiting) = oneshot::channel();
        let write = Write { work: Box::new(work), waiter: Some(done) };
        let sent = self.jobs.within(Duration::ZERO, Job::Write(write));
        async move {
            sent.map_err(|_| closed())?;
            waiting.await.map_err(|_| closed())?
        }
    }

    /// Writes within a few milliseconds, or once the disk accepts it.
    fn write_soon(&self, work: impl Fn(&Connection) -> rusqlite::Result<()> + Send + 'static) {
        let write = Write { work: Box::new(work), waiter: None };
        let _ = self.jobs.within(GATHER, Job::Write(write));
    }

    /// Whether the journal can be written again.
    pub(crate) async fn probe(&self) -> Result<()> {
        self.write(|connection| {
            connection
                .execute("INSERT OR REPLACE INTO facts VALUES ('probed', random())", [])
                .map(|_| ())
        })
        .await
    }

    /// Resolves when everything written so far is on disk.
    pub(crate) async fn settle(&self) -> Result<()> {
        self.write(|_| Ok(())).await
    }

    pub(crate) async fn add(&self, entries: Vec<NewEntry>) -> Result<Vec<Id>> {
        let (ids, added) = std::sync::mpsc::channel();
        self.write(move |connection| {
            let mut made = Vec::with_capacity(entries.len());
            for entry in &entries {
                made.push(entry.insert(connection)?);
            }
            let _ = ids.send(made);
            Ok(())
        })
        .await?;
        added.recv().map_err(|_| closed())
    }

    /// Resolves when the entry is on disk.
    pub(crate) fn save(&self, entry: Entry) -> impl Future<Output = Result<()>> + use<> {
        self.write(move |connection| entry.update(connection))
    }

    pub(crate) fn save_soon(&self, entry: Entry) {
        self.write_soon(move |connection| entry.update(connection));
    }

    pub(crate) fn part_stored(&self, id: Id, number: PartNumber, stored: &Stored) {
        let Stored { etag, crc64, crc32, verified } = stored.clone();
        self.write_soon(move |connection| {
            connection
                .prepare_cached(
                    "INSERT OR REPLACE INTO parts (upload, number, etag, crc64, crc32, verified) VALUES (?, ?, ?, ?, ?, ?)",
                )?
                .execute(params![id, number, etag, crc64.cast_signed(), crc32, verified])
                .map(|_| ())
        });
    }

    /// Deletes stored parts that no longer match the file.
    pub(crate) fn drop_parts(&self, id: Id, numbers: Vec<PartNumber>) {
        self.write_soon(move |connection| {
            let mut delete =
                connection.prepare_cached("DELETE FROM parts WHERE upload = ? AND number = ?")?;
            for number in &numbers {
                delete.execute(params![id, number])?;
            }
            Ok(())
        });
    }

    pub(crate) fn forget_parts(&self, id: Id) {
        self.write_soon(move |connection| {
            connection.execute("DELETE FROM parts WHERE upload = ?", [id]).map(|_| ())
        });
    }

    pub(crate) async fn parts(&self, id: Id) -> Result<Vec<(PartNumber, Stored)>> {
        self.read(move |connection| {
            let mut rows = connection.prepare_cached(
                "SELECT number, etag, crc64, crc32, verified FROM parts WHERE upload = ?",
            )?;
            let part = |row: &Row<'_>| {
                let stored = Stored {
                    etag: row.get(1)?,
                    crc64: row.get::<_, i64>(2)?.cast_unsigned(),
                    crc32: row.get(3)?,
                    verified: row.get(4)?,
                };
                Ok((row.get(0)?, stored))
            };
            rows.query_map([id], part)?.collect()
        })
        .await
    }

    pub(crate) fn record(&self, id: Id, at: u64, what: &Event) {
        let what = what.text();
        self.write_soon(move |connection| {
            connection
                .prepare_cached("INSERT INTO history VALUES (?, ?, ?)")?
                .execute(params![id, at.cast_signed(), what])
                .map(|_| ())
        });
    }

    pub(crate) async fn history(&self, id: Id) -> Result<Vec<History>> {
        self.read(move |connection| {
            let mut rows = connection
                .prepare_cached("SELECT at, what FROM history WHERE upload = ? ORDER BY rowid")?;
            let line = |row: &Row<'_>| {
                let at = row.get::<_, i64>(0)?.cast_unsigned();
                Ok(History { at, what: Event::from_journal(row.get(1)?) })
            };
            rows.query_map([id], line)?.collect()
        })
        .await
    }

    pub(crate) async fn get(&self, id: Id) -> Result<Option<Entry>> {
        self.read(move |connection| get(connection, id)).await
    }

    /// The entries with these IDs that still exist, in this order.
    pub(crate) async fn entries(&self, ids: Vec<Id>) -> Result<Vec<Entry>> {
        self.read(move |connection| {
            let mut found = Vec::with_capacity(ids.len());
            for id in ids {
                found.extend(get(connection, id)?);
            }
            Ok(found)
        })
        .await
    }

    /// Edits entries in one transaction. `edit` returns whether it changed anything.
    pub(crate) async fn change(
        &self,
        ids: Vec<Id>,
        edit: impl Fn(&mut Entry) -> bool + Send + 'static,
    ) -> Result<()> {
        self.write(move |connection| {
            for id in &ids {
                if let Some(mut entry) = get(connection, *id)?
                    && edit(&mut entry)
                {
                    entry.update(connection)?;
                }
            }
            Ok(())
        })
        .await
    }

    pub(crate) async fn counts(&self) -> Result<Counts> {
        self.read(|connection| {
            let mut counts = Counts::default();
            let mut rows =
                connection.prepare_cached("SELECT view, uploads, bytes, stored FROM counts")?;
            let mut rows = rows.query([])?;
            while let Some(row) = rows.next()? {
                let count = Count {
                    uploads: row.get(1)?,
                    bytes: row.get::<_, i64>(2)?.cast_unsigned(),
                    stored: row.get::<_, i64>(3)?.cast_unsigned(),
                };
                match row.get::<_, String>(0)?.as_str() {
                    "waiting" => counts.waiting = count,
                    "paused" => counts.paused = count,
                    "active" => counts.active = count,
                    "needsAnswer" => counts.needs_answer = count,
                    "failed" => counts.failed = count,
                    "done" => counts.done = count,
                    "skipped" => counts.skipped = count,
                    _ => counts.aborted = count,
                }
            }
            Ok(counts)
        })
        .await
    }

    /// The IDs of all uploads in these views (values of the `view` column).
    pub(crate) async fn ids(&self, views: &'static [&'static str]) -> Result<Vec<Id>> {
        self.read(move |connection| {
            let marks = vec!["?"; views.len()].join(",");
            let sql = format!("SELECT id FROM uploads WHERE view IN ({marks}) ORDER BY position");
            let mut rows = connection.prepare(&sql)?;
            rows.query_map(params_from_iter(views), |row| row.get(0))?.collect()
        })
        .await
    }

    /// Sets the intent of all waiting and paused uploads in one transaction.
    pub(crate) async fn set_all_waiting(&self, intent: Intent) -> Result<()> {
        self.write(move |connection| {
            let view = if intent == Intent::Pause { "paused" } else { "waiting" };
            connection
                .execute(
                    "UPDATE uploads SET intent = ?1, view = ?2 WHERE view IN ('waiting', 'paused') AND view <> ?2",
                    params![intent_word(intent), view],
                )
                .map(|_| ())
        })
        .await
    }

    /// When this journal replaced a damaged one, in ms since 1970.
    pub(crate) async fn recreated_at(&self) -> Result<Option<u64>> {
        self.read(|connection| {
            connection
                .prepare_cached("SELECT value FROM facts WHERE name = 'recreated_at'")?
                .query_row([], |row| row.get::<_, i64>(0).map(i64::cast_unsigned))
                .optional()
        })
        .await
    }

    /// The local copies that uploads are sent from.
    pub(crate) async fn copies(&self) -> Result<Vec<PathBuf>> {
        self.read(|connection| {
            let mut rows = connection.prepare("SELECT copy FROM uploads WHERE copy IS NOT NULL")?;
            rows.query_map([], |row| row.get::<_, String>(0).map(PathBuf::from))?.collect()
        })
        .await
    }

    /// The UploadIds of all uploads with this key.
    pub(crate) async fn upload_ids(&self, target: &Target) -> Result<Vec<String>> {
        let (bucket, key) = (target.bucket.clone(), target.key.clone());
        self.read(move |connection| {
            let mut rows = connection.prepare_cached(
                "SELECT upload_id FROM uploads WHERE bucket = ? AND key = ? AND upload_id NOT NULL",
            )?;
            rows.query_map(params![bucket, key], |row| row.get(0))?.collect()
        })
        .await
    }

    pub(crate) async fn forget(&self, ids: Vec<Id>) -> Result<()> {
        self.write(move |connection| {
            let mut delete = connection.prepare_cached("DELETE FROM uploads WHERE id = ?")?;
            for id in &ids {
                delete.execute([*id])?;
            }
            Ok(())
        })
        .await
    }
}

fn get(connection: &Connection, id: Id) -> rusqlite::Result<Option<Entry>> {
    let sql = format!("SELECT {COLUMNS} FROM uploads WHERE id = ?");
    connection.prepare_cached(&sql)?.query_row([id], from_row).optional()
}

fn closed() -> Fault {
    Fault::new(FaultKind::Storage, "the journal is closed")
}

#[cfg(test)]
mod tests;
