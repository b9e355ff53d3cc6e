//! What a transfer holds once the file and the server are known, and what every step of it needs.

use crate::fault::Result;
use crate::model::capabilities::Capabilities;
use crate::model::checksum::Digests;
use crate::model::part_plan::Plan;
use crate::model::part_table::{PartNumber, Parts};
use crate::persistence::journal::Entry;
use crate::s3::S3;
use crate::s3::body::Hasher;
use crate::system::local_file::{self, Fingerprint, Source};
use crate::transfer::active::ActiveUpload;
use crate::transfer::shared::Shared;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

/// Drives one upload. What a step needs that the file and the server need not be known for.
#[derive(Clone, Copy)]
pub(super) struct Worker<'a> {
    pub(super) shared: &'a Shared,
    pub(super) upload: &'a ActiveUpload,
}

/// A worker that knows its file and its server: what a step needs from the look at the key to Complete.
pub(super) struct Transfer<'a> {
    pub(super) shared: &'a Shared,
    pub(super) upload: &'a ActiveUpload,
    pub(super) job: Job,
}

impl<'a> Transfer<'a> {
    pub(super) fn worker(&self) -> Worker<'a> {
        Worker { shared: self.shared, upload: self.upload }
    }

    /// The same upload by another plan, or from the file opened anew.
    pub(super) fn with_job(&self, job: Job) -> Self {
        Self { job, ..*self }
    }
}

/// Bytes that are read here and now where they are in memory: another thread would cost more.
const FEW: u64 = 256 * 1024;

/// What a worker holds once the file and the server are known.
#[derive(Clone)]
pub(crate) struct Job {
    pub(crate) s3: S3,
    pub(crate) file: Arc<Source>,
    pub(crate) fingerprint: Fingerprint,
    pub(crate) plan: Plan,
    /// What the server takes.
    pub(crate) capabilities: Capabilities,
    /// A write to the file would show in its fingerprint.
    pub(crate) shows_writes: bool,
}

impl Job {
    /// The bytes of the file that a part has.
    pub(super) fn part(&self, number: PartNumber) -> Range<u64> {
        self.plan.range(number, self.fingerprint.size)
    }

    /// The sums of a range of the file.
    pub(super) async fn sums_of(&self, range: Range<u64>, hasher: Hasher) -> Result<Digests> {
        if range.end - range.start <= FEW
            && let Some(digests) =
                crate::s3::body::sums_now(&self.file, range.clone(), hasher.clone())
        {
            return Ok(digests);
        }
        let read = crate::s3::body::sums_of(&self.file, range, hasher).await?;
        read.map_err(|error| local_file::sending_failed(&error))
    }
}

impl Worker<'_> {
    /// Nothing of it is on the server.
    pub(super) fn forget_stored(self) {
        self.shared.journal.forget_parts(self.upload.id);
        self.upload.set_parts(Parts::new(Plan::Single, self.upload.read(|entry| entry.size)));
        self.upload.edit(|entry| {
            entry.upload_id = None;
            entry.adopted = false;
            entry.created_at = None;
            entry.complete_requested = false;
        });
    }
}

/// Where the bytes are read from.
pub(super) fn place(entry: &Entry) -> PathBuf {
    entry.copy.clone().unwrap_or_else(|| entry.path.clone())
}
