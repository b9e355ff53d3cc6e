//! The journal's thread. It gathers writes into transactions, and keeps those that a full disk rejected until there is room.

use super::job_queue::JobReceiver;
use super::open::storage;
use crate::fault::{Fault, Result};
use crate::model::lock::locked;
use rusqlite::{Connection, ErrorCode};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// Writes that nobody waits for stay this long in memory at most.
pub(super) const GATHER: Duration = Duration::from_millis(50);
/// Between two tries at what the disk refused.
const AGAIN: Duration = Duration::from_secs(1);

/// May be run more than once: what a full disk undid is done again.
pub(super) type Work = Box<dyn Fn(&Connection) -> rusqlite::Result<()> + Send>;

pub(super) enum Job {
    Read(Box<dyn FnOnce(&Connection) + Send>),
    Write(Write),
}

pub(super) struct Write {
    pub(super) work: Work,
    /// Told when it is on the disk, or that it is not and will not be.
    pub(super) waiter: Option<oneshot::Sender<Result<()>>>,
}

/// Why writes fail just now, where they do.
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
    /// Done in the transaction that is open.
    batch: Vec<Write>,
    open_since: Option<Instant>,
    /// Refused by the disk; goes first in the next transaction, or a newer state would be overwritten by an older one.
    refused: Vec<Write>,
}

impl Writer {
    pub(super) fn new(connection: Connection, trouble: Trouble) -> Self {
        Self { connection, trouble, batch: Vec::new(), open_since: None, refused: Vec::new() }
    }

    /// Runs what is asked until nobody asks any more.
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

    /// Opens a transaction, and does in it first what the disk refused before.
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

    /// A write that is wrong must not take its neighbours in the transaction with it; a disk that is full takes them all,
    /// so that their order stays.
    fn run(&mut self, write: Write) {
        if self.open_since.is_none() {
            // one before it undid the transaction, and all that come after wait behind it
            let fault = self.trouble.now();
            return self.refuse(write, fault.as_ref());
        }
        // no savepoint of its own: keeping what it would undo costs as much as the write
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

    /// One write was wrong, and may have been done by half: all is undone, and those before it are done again.
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

    /// Whoever waits is told at once and goes another way; what nobody waits for is kept.
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

/// It can be done later, when the disk has room or can be written again.
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
