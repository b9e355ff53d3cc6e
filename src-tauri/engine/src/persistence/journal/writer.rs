//! The journal's thread. It gathers writes into transactions, and keeps those that a full disk rejected until there is room.

use super::job_queue::JobReceiver;
use super::open::storage;
use crate::fault::{Fault, Result};
use crate::model::lock::locked;
use rusqlite::{Connection, ErrorCode};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// How long writes that nobody waits for are gathered, at most.
pub(super) const GATHER: Duration = Duration::from_millis(50);
/// Interval between two attempts to write what the disk rejected.
const AGAIN: Duration = Duration::from_secs(1);

/// May run more than once, because a full disk undoes it.
pub(super) type Work = Box<dyn Fn(&Connection) -> rusqlite::Result<()> + Send>;

pub(super) enum Job {
    Read(Box<dyn FnOnce(&Connection) + Send>),
    Write(Write),
}

pub(super) struct Write {
    pub(super) work: Work,
    /// Receives whether the write is on disk.
    pub(super) waiter: Option<oneshot::Sender<Result<()>>>,
}

/// Why writes currently fail, if they do.
#[derive(Clone, Default)]
pub(super) struct Trouble(Arc<Mutex<Option<Fault>>>);

impl Trouble {
    fn lock(&self) -> MutexGuard<'_, Option<Fault>> {
        locked(&self.0)
    }

    pub(super) fn now(&self) -> Option<Fault> {
        self.lock().clone()
    }

    fn set(&self, fault: Option<Fault>) {
        let mut now = self.lock();
        if let (None, Some(fault)) = (&*now, &fault) {
            tracing::error!(%fault, "the journal cannot be written");
        }
        *now = fault;
    }
}

pub(super) struct Writer {
    pub(super) connection: Connection,
    pub(super) trouble: Trouble,
    /// Writes in the current transaction.
    batch: Vec<Write>,
    open_since: Option<Instant>,
    /// Writes that the disk rejected. They go first in the next transaction, so that no older state overwrites a newer
    /// one.
    refused: Vec<Write>,
}

impl Writer {
    pub(super) fn new(connection: Connection, trouble: Trouble) -> Self {
        Self { connection, trouble, batch: Vec::new(), open_since: None, refused: Vec::new() }
    }

    /// Runs jobs until all senders are gone.
    pub(super) fn keep(mut self, receiver: &JobReceiver<Job>) {
        loop {
            let until = match self.open_since {
                Some(since) => Some(since + GATHER),
                None if self.refused.is_empty() => None,
                None => Some(Instant::now() + AGAIN),
            };
            let (jobs, ended) = receiver.take(until);
            if self.open_since.is_none()
                && !self.refused.is_empty()
                && !matches!(jobs.front(), Some(Job::Read(_)))
            {
                self.begin_transaction();
            }
            for job in jobs {
                match job {
                    Job::Read(ask) => ask(&self.connection),
                    Job::Write(write) => self.write(write),
                }
            }
            let waited_for = self.batch.iter().any(|write| write.waiter.is_some());
            if self.open_since.is_some_and(|since| ended || waited_for || since.elapsed() >= GATHER)
            {
                self.commit();
            }
            if ended {
                return;
            }
        }
    }

    /// Opens a transaction, and repeats in it what the disk rejected before.
    fn begin_transaction(&mut self) -> bool {
        if let Err(error) = self.connection.execute_batch("BEGIN IMMEDIATE") {
            self.trouble.set(Some(storage(&error)));
            return false;
        }
        self.open_since = Some(Instant::now());
        for write in std::mem::take(&mut self.refused) {
            self.run(write);
        }
        true
    }

    fn write(&mut self, write: Write) {
        if self.open_since.is_none() && !self.begin_transaction() {
            let fault = self.trouble.now();
            return self.refuse(write, fault.as_ref());
        }
        self.run(write);
    }

    /// Runs one write. A write with an error must not undo its neighbours; a full disk undoes all of them, so that
    /// their order is kept.
    fn run(&mut self, write: Write) {
        if self.open_since.is_none() {
            // an earlier write undid the transaction, and all later ones wait behind it
            let fault = self.trouble.now();
            return self.refuse(write, fault.as_ref());
        }
        // no savepoint per write: it would cost as much as the write
        let Err(error) = (write.work)(&self.connection) else { return self.batch.push(write) };
        let fault = storage(&error);
        let undone = self.connection.is_autocommit();
        if undone || is_of_the_disk(&error) {
            if !undone {
                let _ = self.connection.execute_batch("ROLLBACK");
            }
            self.batch.push(write);
            return self.undone(&fault);
        }
        self.without(write, fault);
    }

    /// One write failed, perhaps halfway: the transaction is rolled back, and the writes before it are repeated.
    fn without(&mut self, wrong: Write, fault: Fault) {
        let _ = self.connection.execute_batch("ROLLBACK");
        self.open_since = None;
        let before = std::mem::take(&mut self.batch);
        answer(wrong, Err(fault));
        if !before.is_empty() && self.begin_transaction() {
            before.into_iter().for_each(|write| self.run(write));
        } else {
            let fault = self.trouble.now();
            before.into_iter().for_each(|write| self.refuse(write, fault.as_ref()));
        }
    }

    fn commit(&mut self) {
        match self.connection.execute_batch("COMMIT") {
            Ok(()) => {
                self.open_since = None;
                self.trouble.set(None);
                for write in self.batch.drain(..) {
                    answer(write, Ok(()));
                }
            }
            Err(error) => {
                let _ = self.connection.execute_batch("ROLLBACK");
                self.undone(&storage(&error));
            }
        }
    }

    fn undone(&mut self, fault: &Fault) {
        self.open_since = None;
        self.trouble.set(Some(fault.clone()));
        for write in std::mem::take(&mut self.batch) {
            self.refuse(write, Some(fault));
        }
    }

    /// A caller that waits gets the fault at once; writes that nobody waits for are kept.
    fn refuse(&mut self, write: Write, fault: Option<&Fault>) {
        match (&write.waiter, fault) {
            (Some(_), Some(fault)) => answer(write, Err(fault.clone())),
            _ => self.refused.push(write),
        }
    }
}

fn answer(write: Write, outcome: Result<()>) {
    match (write.waiter, outcome) {
        (Some(waiter), outcome) => {
            let _ = waiter.send(outcome);
        }
        (None, Err(fault)) => tracing::error!(%fault, "a write of the journal failed"),
        (None, Ok(())) => {}
    }
}

/// Whether the write can succeed later, when the disk has room or is writable again.
fn is_of_the_disk(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(
            ErrorCode::DiskFull
                | ErrorCode::SystemIoFailure
                | ErrorCode::ReadOnly
                | ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::CannotOpen
        )
    )
}
