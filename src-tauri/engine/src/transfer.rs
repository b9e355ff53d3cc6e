//! Drives one upload from Waiting to where it ends. Knows the order of things; the calls are S3's, the rules the pure half's.

pub(crate) mod abort;
mod abort_rules;
pub(crate) mod active;
mod adopt;
mod arrived;
pub(crate) mod begin;
pub(crate) mod capabilities;
mod complete;
mod file_changes;
mod integrity;
pub(crate) mod job;
mod key_conflict;
pub(crate) mod lists;
mod object_lock;
mod orphans;
mod prepare;
pub(crate) mod provenance;
mod question;
mod reachability;
pub(crate) mod reconcile;
pub(crate) mod same_bytes;
mod send;
pub(crate) mod shared;
pub(crate) mod snapshot;
pub(crate) mod stall_detector;

pub(crate) use snapshot::{drop_copy, drop_orphans};

use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::history::Event;
use crate::model::part_plan::{MIN_PART, Plan};
use crate::model::part_table::Parts;
use crate::model::upload::{Intent, Phase, Transition};
use crate::persistence::receipt_file;
use crate::transfer::active::ActiveUpload;
use crate::transfer::job::Worker;
use crate::transfer::shared::Shared;
use file_changes::Found;
use question::Ending;
use send::Sent;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How a run ended that did not fail.
enum PassOutcome {
    Done,
    /// What was stored is gone on the server: from the beginning.
    Gone,
    /// The file is not what was sent of it: compared, and what differs sent again.
    Changed,
    /// The server takes something else than it was given: gone on by what it takes now.
    CapabilitiesChanged,
    /// What is stored is of no use any more: from the beginning.
    Useless,
    /// Complete refused it: compared with what the server has, and what differs sent again.
    Refused,
}

/// An upload that is cancelled while only its answer is outstanding waits so long for it.
const LAST_ANSWER: Duration = Duration::from_secs(10);

pub(crate) async fn drive(shared: Arc<Shared>, upload: Arc<ActiveUpload>) {
    let worker = Worker { shared: &shared, upload: &upload };
    if upload.phase() == Phase::Waiting && upload.intent() == Intent::Abort {
        // cancelled in the moment in which the worker before let go of it
        worker.begin_abort();
    }
    if upload.phase() != Phase::Aborting {
        upload.on(Transition::Start, &shared.journal);
        match upload.read(|entry| entry.started_at) {
            Some(_) => shared.record(upload.id, &Event::Resumed),
            None => upload.edit(|entry| entry.started_at = Some(shared.wall_clock())),
        }
        let mut running = Box::pin(worker.run_or_ask());
        let outcome = tokio::select! {
            biased;
            () = upload.stop_asked(|| shared.now()) => None,
            outcome = &mut running => Some(outcome),
        };
        let outcome = match outcome {
            // the object may be there already: whether it is, the answer tells
            None if upload.intent() == Intent::Abort && upload.awaits_answer() => {
                let answered = tokio::time::timeout(LAST_ANSWER, running).await;
                answered.ok().filter(|outcome| matches!(outcome, Ok(Ending::Done)))
            }
            outcome => outcome,
        };
        upload.offline.store(false, Ordering::Relaxed);
        upload.drop_send_progress();
        match outcome {
            Some(Ok(Ending::Done)) => worker.finish().await,
            Some(Ok(Ending::NeedsAnswer(existing))) => worker.ask(*existing),
            // the journal takes nothing just now: not the upload's fault, and it is told to the user
            Some(Err(fault)) if fault.kind == FaultKind::Storage && shared.waits_for_journal() => {
                upload.on(Transition::Released, &shared.journal);
            }
            Some(Err(fault)) => Box::pin(worker.fail(fault)).await,
            None if upload.intent() == Intent::Abort => worker.begin_abort(),
            None => {
                if upload.intent() == Intent::Pause {
                    shared.record(upload.id, &Event::Paused);
                }
                upload.on(Transition::Released, &shared.journal);
            }
        }
    }
    if upload.phase() == Phase::Aborting && !upload.read(|entry| entry.undoable) {
        let left = upload.read(|entry| entry.adopted);
        let aborted = Box::pin(worker.abort_on_server()).await;
        let arrived = match aborted {
            Ok(()) => Box::pin(worker.arrived_in_spite()).await,
            Err(fault) => Err(fault),
        };
        match arrived {
            Ok(true) => {
                shared.record(upload.id, &Event::ResponseLost);
                worker.finish().await;
            }
            Ok(false) => {
                worker.forget_stored();
                upload.edit(|entry| {
                    entry.plan = None;
                    entry.requested_at.clear();
                });
                drop_copy_of(&upload);
                shared.record(upload.id, if left { &Event::Released } else { &Event::Cancelled });
                upload.on(Transition::AbortDone, &shared.journal);
            }
            Err(fault) => upload.on(Transition::Failed(fault), &shared.journal),
        }
    }
}

fn drop_copy_of(upload: &ActiveUpload) {
    if let Some(copy) = upload.read(|entry| entry.copy.clone()) {
        snapshot::drop_copy(&copy);
        upload.edit(|entry| entry.copy = None);
    }
}

impl Worker<'_> {
    async fn finish(self) {
        let copy = self.upload.read(|entry| entry.copy.clone());
        self.upload.edit(|entry| {
            entry.copy = None;
            entry.finished_at = Some(self.shared.wall_clock());
            entry.stored_bytes = entry.size;
            entry.stored_parts = entry.plan.map_or(0, Plan::parts);
            entry.requested_at.clear();
        });
        let entry = self.upload.entry();
        // by which it was sent: it may have been edited since
        let connection = self.upload.sent_by().or_else(|| {
            let connection = self.shared.settings.connection(&entry.target.connection)?;
            Some(Arc::new(self.shared.as_used(&connection)))
        });
        let receipt = self
            .upload
            .parts(|parts| receipt_file::from_entry(&entry, connection.as_deref(), parts));
        if let Some(receipt) = receipt {
            self.shared.journal.keep_receipt(self.upload.id, &entry.target.connection, &receipt);
        }
        self.upload.on(Transition::Completed, &self.shared.journal);
        if let Some(copy) = copy {
            // done on the disk first: without its copy it could not be gone on with
            let _ = self.shared.journal.settle().await;
            snapshot::drop_copy(&copy);
        }
    }

    async fn fail(self, fault: Fault) {
        tracing::warn!(id = self.upload.id, kind = ?fault.kind, detail = %fault.detail, "an upload failed");
        // the journal knows of parts before they are reconciled; where it cannot be read, they are taken for there
        let journaled =
            self.shared.journal.parts(self.upload.id).await.map_or(1, |parts| parts.len());
        let nothing_to_keep = self.upload.tally().stored_parts == 0 && journaled == 0;
        let entry = self.upload.entry();
        let on_the_server = entry.upload_id.is_some() && !entry.adopted;
        if (nothing_to_keep || fault.parts_useless) && on_the_server {
            let short = Duration::from_secs(10);
            if let Ok(Ok(())) = tokio::time::timeout(short, self.abort_on_server()).await {
                self.forget_stored();
            }
        }
        self.upload.edit(|entry| entry.finished_at = Some(self.shared.wall_clock()));
        self.shared.record(self.upload.id, &Event::Failed { fault: fault.clone() });
        self.upload.on(Transition::Failed(fault), &self.shared.journal);
    }

    async fn run(self) -> Result<()> {
        let mut asked_again = false;
        let mut rounds = 0;
        loop {
            rounds += 1;
            let outcome = match Box::pin(self.once()).await {
                Err(fault) if fault.kind == FaultKind::SourceChanged && !fault.keeps_changing() => {
                    PassOutcome::Changed
                }
                Err(fault) if fault.is_precondition_failed() && rounds < ROUNDS => {
                    match Box::pin(self.key_was_taken(fault)).await? {
                        true => PassOutcome::Done,
                        false => PassOutcome::Changed,
                    }
                }
                Err(fault) if self.follows(&fault).await => PassOutcome::Changed,
                Err(fault) if goes_smaller(self.upload, &fault) => PassOutcome::Useless,
                Err(fault) => {
                    let again = !asked_again && Box::pin(self.ask_again(&fault)).await;
                    asked_again = true;
                    if !again {
                        return Err(fault);
                    }
                    PassOutcome::CapabilitiesChanged
                }
                Ok(outcome) => outcome,
            };
            match outcome {
                PassOutcome::Done => return self.lock_object().await,
                PassOutcome::Gone if rounds >= ROUNDS => {
                    return Err(Fault::because(FaultKind::Server, Reason::UploadGone));
                }
                PassOutcome::Gone => {
                    self.shared.record(self.upload.id, &prepare::GONE);
                    self.shared.journal.forget_parts(self.upload.id);
                    self.upload.edit(|entry| entry.upload_id = None);
                }
                PassOutcome::Changed => {
                    rounds = 0;
                    self.upload.drop_send_progress();
                }
                PassOutcome::CapabilitiesChanged => {
                    self.upload.drop_send_progress();
                    let entry = self.upload.entry();
                    // parts of another checksum do not go together; all else keeps them
                    if entry.upload_id.is_some()
                        && self
                            .shared
                            .capabilities(&entry.target.connection)
                            .capabilities
                            .checksum_mode
                            != entry.checksum_mode
                    {
                        Box::pin(self.restart()).await?;
                    }
                }
                PassOutcome::Refused => self.upload.drop_send_progress(),
                PassOutcome::Useless => Box::pin(self.restart()).await?,
            }
            if self.upload.phase() != Phase::Preparing {
                self.upload.on(Transition::Reconcile, &self.shared.journal);
            }
        }
    }

    /// The bucket lives elsewhere, and is followed there.
    async fn follows(self, fault: &Fault) -> bool {
        let target = self.upload.read(|entry| entry.target.clone());
        match self.shared.s3(&target.connection).await {
            Ok(s3) => s3.follow(&target.bucket, fault),
            Err(_) => false,
        }
    }

    async fn restart(self) -> Result<()> {
        self.upload.drop_send_progress();
        if self.upload.read(|entry| entry.upload_id.is_some()) {
            self.abort_on_server().await?;
        }
        self.forget_stored();
        Ok(())
    }

    async fn once(self) -> Result<PassOutcome> {
        let Some(mut transfer) = Box::pin(self.prepare()).await? else {
            return Ok(PassOutcome::Done);
        };
        self.upload.goes_on();
        self.upload.on(Transition::Prepared, &self.shared.journal);
        if transfer.job.plan == Plan::Single {
            Box::pin(transfer.send_single()).await?;
            let unchanged = transfer.is_unchanged().await?;
            return Ok(if unchanged { PassOutcome::Done } else { PassOutcome::Changed });
        }
        loop {
            match Box::pin(transfer.send_parts()).await? {
                // a round that finds parts to be sent again sends them
                Sent::AllStored if transfer.job.shows_writes => break,
                Sent::AllStored => match Box::pin(transfer.compared_again()).await? {
                    Found::Same => break,
                    Found::Differs => {}
                    Found::OtherFile => return Ok(PassOutcome::Changed),
                },
                Sent::Gone => return Ok(PassOutcome::Gone),
                Sent::Larger(plan) => {
                    transfer.job.plan = plan;
                    self.upload.set_parts(Parts::new(plan, transfer.job.fingerprint.size));
                    self.upload.edit(|entry| entry.plan = Some(plan));
                    // a part of another size than the journal's plan has would not be known again after a kill
                    self.upload.save(&self.shared.journal).await?;
                }
            }
        }
        // only now: what somebody else began in the same moment has parts by now, and ours has none
        if let Some(upload_id) = self.upload.read(|entry| entry.upload_id.clone()) {
            Box::pin(self.sweep(&transfer.job.s3, &upload_id)).await?;
        }
        // the last look after the last part: the parts are those of one state of the file
        if !transfer.is_unchanged_at_last().await? {
            return Ok(PassOutcome::Changed);
        }
        self.upload.on(Transition::AllStored, &self.shared.journal);
        Box::pin(transfer.complete()).await
    }
}

/// Beginning again helps against an accident; a server that loses every upload would be fed for ever.
const ROUNDS: u32 = 5;

/// Something on the way takes no request of this size, and nothing is stored yet: by parts of half the size.
fn goes_smaller(upload: &ActiveUpload, fault: &Fault) -> bool {
    let entry = upload.entry();
    let too_large = matches!(fault.reason.get(), Some(Reason::TooLargeForIt { .. }));
    if !too_large || entry.adopted || upload.tally().stored_parts > 0 {
        return false;
    }
    let size = match entry.plan {
        Some(Plan::Multipart { part_size, .. }) => part_size,
        _ => entry.size,
    };
    let half = (size / 2).max(MIN_PART);
    if half >= size {
        return false;
    }
    upload.edit(|entry| entry.wanted_part_size = Some(half));
    true
}
