//! The journal: what must outlive the process, in SQLite. The only file, with its folder, that names the database.
//!
//! One thread owns the connection. Writes gather in a transaction that is committed every few milliseconds, or at once
//! where somebody waits for it: the UploadId is waited for, a stored part is not (ListParts tells it again).

mod entry;
mod order;

pub(crate) use entry::{Entry, NewEntry};

use crate::fault::{Fault, FaultKind, Outcome};
use crate::page::{History, PageQuery};
use crate::part::{PartNumber, Stored};
use crate::upload::{Id, Intent};
use entry::{COLUMNS, from_row, intent_word};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params, params_from_iter};
use std::collections::VecDeque;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// Writes that nobody waits for stay this long in memory at most.
const GATHER: Duration = Duration::from_millis(50);

/// The migrations in order; `user_version` counts how many were made.
const MIGRATIONS: [&str; 1] = [include_str!("../migrations/001-first.sql")];

type Work = Box<dyn FnOnce(&Connection) -> rusqlite::Result<()> + Send>;

enum Job {
    Read(Box<dyn FnOnce(&Connection) + Send>),
    Write(Work, Option<oneshot::Sender<Outcome<()>>>),
}

#[derive(Clone)]
pub(crate) struct Journal {
    jobs: Sender<Job>,
}

/// Uploads, bytes and stored bytes of one view.
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
    pub(crate) failed: Count,
    pub(crate) done: Count,
    pub(crate) aborted: Count,
}

impl Journal {
    /// Opens or makes the journal. Uploads that a dead process drove are waiting again.
    ///
    /// # Errors
    /// `Storage` where the file cannot be opened, is damaged, or comes from a newer Windlass.
    pub(crate) fn open(path: &Path) -> Outcome<Self> {
        let mut connection = Connection::open(path).map_err(|e| storage(&e))?;
        prepare(&mut connection).map_err(|e| storage(&e))??;
        let (jobs, queue) = channel();
        let thread = std::thread::Builder::new()
            .name("journal".into())
            .spawn(move || keep(&connection, &queue));
        thread.map_err(|e| {
            Fault::new(FaultKind::Storage, format!("the journal's thread did not start: {e}"))
        })?;
        Ok(Self { jobs })
    }

    async fn read<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Outcome<T> {
        let (answer, answered) = oneshot::channel();
        let job = Job::Read(Box::new(move |connection| {
            let _ = answer.send(ask(connection).map_err(|e| storage(&e)));
        }));
        self.jobs.send(job).map_err(|_| closed())?;
        answered.await.map_err(|_| closed())?
    }

    /// Waits until it is on the disk.
    async fn write(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<()> + Send + 'static,
    ) -> Outcome<()> {
        let (done, waiting) = oneshot::channel();
        self.jobs.send(Job::Write(Box::new(work), Some(done))).map_err(|_| closed())?;
        waiting.await.map_err(|_| closed())?
    }

    /// On the disk soon; a failure is logged.
    fn write_soon(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<()> + Send + 'static) {
        let _ = self.jobs.send(Job::Write(Box::new(work), None));
    }

    /// Everything written so far is on the disk when this answers.
    pub(crate) async fn settle(&self) -> Outcome<()> {
        self.write(|_| Ok(())).await
    }

    pub(crate) async fn add(&self, entries: Vec<NewEntry>) -> Outcome<Vec<Id>> {
        let (ids, added) = oneshot::channel();
        self.write(move |connection| {
            let mut made = Vec::with_capacity(entries.len());
            for entry in &entries {
                made.push(entry.insert(connection)?);
            }
            let _ = ids.send(made);
            Ok(())
        })
        .await?;
        added.await.map_err(|_| closed())
    }

    /// Waits until the entry is on the disk.
    pub(crate) async fn save(&self, entry: &Entry) -> Outcome<()> {
        let entry = entry.clone();
        self.write(move |connection| entry.update(connection)).await
    }

    pub(crate) fn save_soon(&self, entry: &Entry) {
        let entry = entry.clone();
        self.write_soon(move |connection| entry.update(connection));
    }

    pub(crate) fn part_stored(&self, id: Id, number: PartNumber, stored: &Stored) {
        let (etag, crc64) = (stored.etag.clone(), stored.crc64.cast_signed());
        self.write_soon(move |connection| {
            connection
                .prepare_cached("INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?)")?
                .execute(params![id, number, etag, crc64])
                .map(|_| ())
        });
    }

    pub(crate) fn forget_parts(&self, id: Id) {
        self.write_soon(move |connection| {
            connection.execute("DELETE FROM parts WHERE upload = ?", [id]).map(|_| ())
        });
    }

    pub(crate) async fn parts(&self, id: Id) -> Outcome<Vec<(PartNumber, Stored)>> {
        self.read(move |connection| {
            let mut rows = connection
                .prepare_cached("SELECT number, etag, crc64 FROM parts WHERE upload = ?")?;
            let part = |row: &Row<'_>| {
                Ok((
                    row.get(0)?,
                    Stored { etag: row.get(1)?, crc64: row.get::<_, i64>(2)?.cast_unsigned() },
                ))
            };
            rows.query_map([id], part)?.collect()
        })
        .await
    }

    pub(crate) fn note(&self, id: Id, at: u64, what: &str) {
        let what = what.to_owned();
        self.write_soon(move |connection| {
            connection
                .prepare_cached("INSERT INTO history VALUES (?, ?, ?)")?
                .execute(params![id, at.cast_signed(), what])
                .map(|_| ())
        });
    }

    pub(crate) async fn history(&self, id: Id) -> Outcome<Vec<History>> {
        self.read(move |connection| {
            let mut rows = connection
                .prepare_cached("SELECT at, what FROM history WHERE upload = ? ORDER BY rowid")?;
            let line = |row: &Row<'_>| {
                Ok(History { at: row.get::<_, i64>(0)?.cast_unsigned(), what: row.get(1)? })
            };
            rows.query_map([id], line)?.collect()
        })
        .await
    }

    pub(crate) async fn get(&self, id: Id) -> Outcome<Option<Entry>> {
        self.read(move |connection| {
            let sql = format!("SELECT {COLUMNS} FROM uploads WHERE id = ?");
            connection.prepare_cached(&sql)?.query_row([id], from_row).optional()
        })
        .await
    }

    /// The next uploads that want a worker, those to be taken off the server first.
    pub(crate) async fn next(&self, limit: usize, driven: Vec<Id>) -> Outcome<Vec<Entry>> {
        self.read(move |connection| {
            let mut found = Vec::new();
            for condition in ["view = 'active' AND phase = 'aborting'", "view = 'waiting'"] {
                let sql =
                    format!("SELECT {COLUMNS} FROM uploads WHERE {condition} ORDER BY position");
                let mut rows = connection.prepare_cached(&sql)?;
                let mut rows = rows.query([])?;
                while found.len() < limit
                    && let Some(row) = rows.next()?
                {
                    let entry = from_row(row)?;
                    if !driven.contains(&entry.id) {
                        found.push(entry);
                    }
                }
            }
            Ok(found)
        })
        .await
    }

    pub(crate) async fn page(&self, query: PageQuery) -> Outcome<(u32, Vec<Entry>)> {
        self.read(move |connection| {
            let (condition, like) = order::listed(query.view, &query.filter);
            let total = format!("SELECT count(*) FROM uploads WHERE {condition}");
            let total = connection.prepare_cached(&total)?.query_row(params_from_iter(&like), |row| row.get(0))?;
            let sql = format!(
                "SELECT {COLUMNS} FROM uploads WHERE {condition} ORDER BY position LIMIT {} OFFSET {}",
                query.limit.min(1000),
                query.offset
            );
            let mut rows = connection.prepare_cached(&sql)?;
            let rows = rows.query_map(params_from_iter(&like), from_row)?.collect::<rusqlite::Result<Vec<_>>>()?;
            Ok((total, rows))
        })
        .await
    }

    pub(crate) async fn counts(&self) -> Outcome<Counts> {
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
                    "failed" => counts.failed = count,
                    "done" => counts.done = count,
                    _ => counts.aborted = count,
                }
            }
            Ok(counts)
        })
        .await
    }

    /// The ids of everything in one of these views (words of the `view` column).
    pub(crate) async fn ids(&self, views: &'static [&'static str]) -> Outcome<Vec<Id>> {
        self.read(move |connection| {
            let marks = vec!["?"; views.len()].join(",");
            let sql = format!("SELECT id FROM uploads WHERE view IN ({marks}) ORDER BY position");
            let mut rows = connection.prepare(&sql)?;
            rows.query_map(params_from_iter(views), |row| row.get(0))?.collect()
        })
        .await
    }

    /// Sets the intent of all that wait or are paused, in one stroke.
    pub(crate) async fn set_all_waiting(&self, intent: Intent) -> Outcome<()> {
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

    pub(crate) async fn forget(&self, ids: Vec<Id>) -> Outcome<()> {
        self.write(move |connection| {
            let mut delete = connection.prepare_cached("DELETE FROM uploads WHERE id = ?")?;
            for id in ids {
                delete.execute([id])?;
            }
            Ok(())
        })
        .await
    }
}

fn prepare(connection: &mut Connection) -> rusqlite::Result<Outcome<()>> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // a commit is on the disk when it answers, through a power cut too; commits are few, they are gathered
    connection.pragma_update(None, "synchronous", "FULL")?;
    let made: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let steps = (1u32..).zip(MIGRATIONS);
    if made > steps.clone().map(|(number, _)| number).max().unwrap_or(0) {
        return Ok(Err(Fault::new(
            FaultKind::Storage,
            "the journal was written by a newer Windlass; start that one, or install it again",
        )));
    }
    for (number, sql) in steps.filter(|(number, _)| *number > made) {
        let step: Transaction<'_> = connection.transaction()?;
        step.execute_batch(sql)?;
        step.pragma_update(None, "user_version", number)?;
        step.commit()?;
    }
    // what a killed process had stored; the last part may be shorter than the others
    connection.execute(
        "UPDATE uploads SET stored_parts = (SELECT count(*) FROM parts WHERE upload = uploads.id), stored_bytes = \
         min(size, part_size * (SELECT count(*) FROM parts WHERE upload = uploads.id)) \
         WHERE view = 'active' AND part_size > 0",
        [],
    )?;
    connection.execute(
        "UPDATE uploads SET phase = 'waiting', view = CASE intent WHEN 'pause' THEN 'paused' ELSE 'waiting' END \
         WHERE view = 'active' AND phase IN ('preparing', 'sending', 'completing')",
        [],
    )?;
    Ok(Ok(()))
}

/// The journal's thread: runs what is asked until every sender is gone.
fn keep(connection: &Connection, queue: &Receiver<Job>) {
    let mut open_since: Option<Instant> = None;
    let mut waiting: Vec<oneshot::Sender<Outcome<()>>> = Vec::new();
    loop {
        let first = match open_since {
            None => queue.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(since) => queue.recv_timeout(GATHER.saturating_sub(since.elapsed())),
        };
        let ended = matches!(first, Err(RecvTimeoutError::Disconnected));
        let mut jobs: VecDeque<Job> = first.into_iter().collect();
        jobs.extend(queue.try_iter());
        for job in jobs {
            match job {
                Job::Read(ask) => ask(connection),
                Job::Write(work, waiter) => {
                    if open_since.is_none() {
                        if let Err(error) = connection.execute_batch("BEGIN IMMEDIATE") {
                            answer(waiter, Err(storage(&error)));
                            continue;
                        }
                        open_since = Some(Instant::now());
                    }
                    match (in_savepoint(connection, work), waiter) {
                        (Ok(()), Some(waiter)) => waiting.push(waiter),
                        (Ok(()), None) => {}
                        (Err(error), waiter) => answer(waiter, Err(storage(&error))),
                    }
                }
            }
        }
        let due = open_since
            .is_some_and(|since| ended || !waiting.is_empty() || since.elapsed() >= GATHER);
        if due {
            let outcome = connection.execute_batch("COMMIT").map_err(|error| {
                let _ = connection.execute_batch("ROLLBACK");
                storage(&error)
            });
            open_since = None;
            if waiting.is_empty() {
                answer(None, outcome);
            } else {
                waiting.drain(..).for_each(|waiter| answer(Some(waiter), outcome.clone()));
            }
        }
        if ended {
            return;
        }
    }
}

/// One write that fails must not take its neighbours in the transaction with it.
fn in_savepoint(connection: &Connection, work: Work) -> rusqlite::Result<()> {
    connection.execute_batch("SAVEPOINT one")?;
    match work(connection) {
        Ok(()) => connection.execute_batch("RELEASE one"),
        Err(error) => {
            connection.execute_batch("ROLLBACK TO one; RELEASE one")?;
            Err(error)
        }
    }
}

fn answer(waiter: Option<oneshot::Sender<Outcome<()>>>, outcome: Outcome<()>) {
    match waiter {
        Some(waiter) => {
            let _ = waiter.send(outcome);
        }
        None => {
            if let Err(fault) = outcome {
                tracing::error!(%fault, "a write of the journal failed");
            }
        }
    }
}

fn storage(error: &rusqlite::Error) -> Fault {
    use rusqlite::ErrorCode;
    let why = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "the disk with Windlass's journal is full".to_owned(),
        Some(ErrorCode::ReadOnly) => {
            "Windlass's journal may not be written: its folder is read-only".to_owned()
        }
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            "Windlass's journal is damaged".to_owned()
        }
        _ => format!("Windlass's journal: {error}"),
    };
    Fault::new(FaultKind::Storage, why)
}

fn closed() -> Fault {
    Fault::new(FaultKind::Storage, "the journal is closed")
}
