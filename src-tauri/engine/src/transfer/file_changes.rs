//! A file that changes while it is sent: seen, waited for, compared part by part, copied where it never keeps still.
//! Knows the file and the parts that are stored; sends nothing.

use crate::fault::{Fault, FaultKind, Reason, Result, Unstable};
use crate::model::history::Event;
use crate::model::part_plan::MIN_PART;
use crate::model::part_table::{PartNumber, PartState, Parts};
use crate::model::upload::IfChanging;
use crate::model::waiting::BlockedOn;
use crate::s3::body::Hasher;
use crate::system::local_file::{self, Opened, Source};
use crate::transfer::job::{self, Job, Transfer, Worker};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// A file that has not changed for so long is taken to be finished with.
const QUIET: Duration = Duration::from_secs(3);
const LOOK: Duration = Duration::from_millis(250);
/// A file that changed so often between being compared and having arrived is asked about too.
const ROUNDS: u32 = 20;
/// Between being deleted and put back under its name, as editors save, a file is gone for a moment.
const REPLACED: Duration = Duration::from_secs(2);
/// A file that is written to at every look is not waited for before it is begun: its changes are found at the end.
const YOUNG: u32 = 5;
/// The file as it is, with a fingerprint that the next write will change: a change within one tick of the file system's
/// clock would not show.
pub(super) async fn open_settled(path: &Path) -> Result<Opened> {
    let mut opened = open(path).await?;
    for _ in 0..YOUNG {
        let Some(rest) = opened.fingerprint.young() else { break };
        tokio::time::sleep(rest).await;
        opened = open(path).await?;
    }
    Ok(opened)
}

/// A file that goes in one request is read twice: what was summed is compared with what left. One in parts has to show
/// when it is written to.
async fn open(path: &Path) -> Result<Opened> {
    let (file, fingerprint) = Source::open_to_send(path).await?;
    match fingerprint.size <= MIN_PART {
        true => Ok(Opened { file, fingerprint, shows_writes: true }),
        false => local_file::open_flushed(path).await,
    }
}

impl Worker<'_> {
    /// The file once it keeps still. Fails where the user is to be asked.
    pub(super) async fn open_once_stable(self) -> Result<Opened> {
        let entry = self.upload.entry();
        let mut last = None;
        let mut since = self.shared.now();
        self.upload.waits_for(BlockedOn::Still);
        self.shared.mark_changed();
        let gave_up = loop {
            match open(&entry.path).await {
                Ok(opened) => {
                    let now = opened.fingerprint;
                    if last != Some(now) {
                        since = self.shared.now();
                        last = Some(now);
                    }
                    if now.age() >= QUIET || self.shared.now().saturating_sub(since) >= QUIET {
                        break Ok(opened);
                    }
                }
                // gone for a moment, or for good
                Err(fault)
                    if last.is_none() || self.shared.now().saturating_sub(since) >= REPLACED =>
                {
                    break Err(fault);
                }
                Err(_) => {}
            }
            tokio::time::sleep(LOOK).await;
            let asks =
                Duration::from_secs(self.shared.settings.settings().ask_changing_after.into());
            if entry.if_changing == IfChanging::Ask && self.upload.stability.waited(LOOK) > asks {
                break Err(changing(Unstable::For { seconds: asks.as_secs() }));
            }
        };
        let opened = gave_up?;
        let rounds = self.upload.stability.another_round();
        if entry.if_changing != IfChanging::Wait && rounds > ROUNDS {
            return Err(changing(Unstable::Times { times: rounds }));
        }
        Ok(opened)
    }
}

pub(super) fn changing(how: Unstable) -> Fault {
    Fault::because(FaultKind::SourceChanged, Reason::KeepsChanging { how })
}

impl Transfer<'_> {
    /// Numbers of stored parts that are not what the file has in their place now. Reads every byte that is stored.
    pub(super) async fn differing(&self, parts: &Parts) -> Result<Vec<PartNumber>> {
        let stored: Vec<(PartNumber, u64)> =
            parts.stored().map(|(number, stored)| (number, stored.crc64)).collect();
        let mut differ = Vec::new();
        for (index, (number, crc64)) in stored.iter().enumerate() {
            let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            self.upload.waits_for(BlockedOn::Comparing {
                part: count(index + 1),
                parts: count(stored.len()),
            });
            if index % 16 == 0 {
                self.shared.mark_changed();
            }
            let range = self.job.plan.range(*number, self.job.fingerprint.size);
            let digests = self
                .job
                .sums_of(range, Hasher::new(crate::model::checksum::ChecksumMode::Crc64Nvme, false))
                .await?;
            if digests.crc64 != *crc64 {
                differ.push(*number);
            }
        }
        Ok(differ)
    }

    /// Is the file, or the copy that stands for it, still what the job was made for?
    pub(super) async fn is_unchanged(&self) -> Result<bool> {
        let place = self.upload.read(job::place);
        let now = match self.job.file.looked_at_now().filter(|_| *place == *self.job.file.path()) {
            Some(now) => now,
            None => local_file::fingerprint(&place).await?,
        };
        Ok(self.upload.stability.is_same(&now, &self.job.fingerprint)
            && !self.job.file.has_other_bytes().await?)
    }

    /// The last look, after the last part: at the file as it is on its disk.
    pub(super) async fn is_unchanged_at_last(&self) -> Result<bool> {
        let now = open(&self.upload.read(job::place)).await?.fingerprint;
        Ok(self.upload.stability.is_same(&now, &self.job.fingerprint))
    }

    /// All parts compared with the file once more, where its times do not show a write: what was read twice, before and after
    /// one moment, is what the file was at that moment. Parts that differ are to be sent again.
    pub(super) async fn compared_again(&self) -> Result<Found> {
        // opened anew: a drive of another computer tells what it has now
        let Opened { file, fingerprint, .. } = open(&self.upload.read(job::place)).await?;
        if !self.upload.stability.is_same(&fingerprint, &self.job.fingerprint) {
            return Ok(Found::OtherFile);
        }
        let file = Arc::new(file);
        let parts = self.upload.parts(|parts| parts.clone());
        let differing = self.with_job(Job { file, ..self.job.clone() }).differing(&parts).await?;
        self.upload.goes_on();
        if differing.is_empty() {
            return Ok(Found::Same);
        }
        let rounds = self.upload.stability.another_round();
        if self.upload.read(|entry| entry.if_changing) != IfChanging::Wait && rounds > ROUNDS {
            return Err(changing(Unstable::Times { times: rounds }));
        }
        let count = u32::try_from(differing.len()).unwrap_or(u32::MAX);
        self.upload.parts(|parts| {
            for number in &differing {
                parts.set(*number, PartState::Pending);
            }
        });
        self.shared.journal.drop_parts(self.upload.id, differing);
        self.upload.edit(|entry| entry.resent += count);
        self.upload.save(&self.shared.journal).await?;
        self.shared.record(self.upload.id, &Event::Changed { again: count, more: count });
        Ok(Found::Differs)
    }
}

/// What a file is whose times do not show a write.
pub(super) enum Found {
    Same,
    /// Some of it is to be sent again.
    Differs,
    /// The job is for another file than the one that has the name by now.
    OtherFile,
}
