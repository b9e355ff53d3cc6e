//! Drives one upload from Waiting to where it ends. Knows the order of things; the calls are S3's, the rules the pure half's.

mod lost;
mod prepare;
mod prove;
mod send;

use crate::active::Active;
use crate::fault::{Fault, FaultKind, Outcome};
use crate::part::Parts;
use crate::plan::Plan;
use crate::retry;
use crate::s3::S3;
use crate::source::{self, Fingerprint};
use crate::upload::{Event, Intent, Phase};
use crate::world::World;
use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// What a worker holds once the file and the server are known.
#[derive(Clone)]
pub(crate) struct Job {
    pub(crate) s3: S3,
    pub(crate) file: Arc<File>,
    pub(crate) fingerprint: Fingerprint,
    pub(crate) plan: Plan,
}

/// How a run ended that did not fail.
enum Ended {
    Done,
    /// What was stored is gone on the server: from the beginning.
    Gone,
}

pub(crate) async fn drive(world: Arc<World>, active: Arc<Active>) {
    if active.phase() == Phase::Waiting && active.intent() == Intent::Abort {
        // cancelled in the moment in which the worker before let go of it
        active.on(Event::Abort, &world.journal);
    }
    if active.phase() != Phase::Aborting {
        active.on(Event::Start, &world.journal);
        active.edit(|entry| entry.started_at = entry.started_at.or(Some(world.wall_clock())));
        let ended = tokio::select! {
            biased;
            () = active.stop_asked() => None,
            ended = run(&world, &active) => Some(ended),
        };
        active.offline.store(false, Ordering::Relaxed);
        active.drop_flows();
        match ended {
            Some(Ok(())) => finish(&world, &active),
            // the journal takes nothing just now: not the upload's fault, and it is told to the user
            Some(Err(fault)) if fault.kind == FaultKind::Storage && world.waits_for_journal() => {
                active.on(Event::LetGo, &world.journal);
            }
            Some(Err(fault)) => fail(&world, &active, fault).await,
            None if active.intent() == Intent::Abort => active.on(Event::Abort, &world.journal),
            None => {
                if active.intent() == Intent::Pause {
                    world.note(active.id, "Paused");
                }
                active.on(Event::LetGo, &world.journal);
            }
        }
    }
    if active.phase() == Phase::Aborting {
        match take_off(&world, &active).await {
            Ok(()) => {
                world.journal.forget_parts(active.id);
                active.set_parts(Parts::new(Plan::Single, active.entry().size));
                active.edit(|entry| {
                    entry.upload_id = None;
                    entry.plan = None;
                    entry.asked.clear();
                });
                world.note(active.id, "Cancelled; nothing of it is left on the server");
                active.on(Event::AbortDone, &world.journal);
            }
            Err(fault) => active.on(Event::Failed(fault), &world.journal),
        }
    }
}

fn finish(world: &World, active: &Active) {
    active.edit(|entry| {
        entry.finished_at = Some(world.wall_clock());
        entry.stored_bytes = entry.size;
        entry.stored_parts = entry.plan.map_or(0, Plan::parts);
        entry.asked.clear();
    });
    active.on(Event::Completed, &world.journal);
}

async fn fail(world: &Arc<World>, active: &Active, fault: Fault) {
    tracing::warn!(id = active.id, kind = ?fault.kind, detail = %fault.detail, "an upload failed");
    // the journal knows of parts before they are reconciled; where it cannot be read, they are taken for there
    let journaled = world.journal.parts(active.id).await.map_or(1, |parts| parts.len());
    let nothing_to_keep = active.tally().stored_parts == 0 && journaled == 0;
    // parts of another state of the file, or parts that did not add up, are of no use to a later try
    let worthless = matches!(fault.kind, FaultKind::SourceChanged) || fault.is_code("Parts");
    if (nothing_to_keep || worthless) && active.entry().upload_id.is_some() {
        let short = Duration::from_secs(10);
        if let Ok(Ok(())) = tokio::time::timeout(short, take_off(world, active)).await {
            world.journal.forget_parts(active.id);
            active.set_parts(Parts::new(Plan::Single, active.entry().size));
            active.edit(|entry| entry.upload_id = None);
        }
    }
    active.edit(|entry| entry.finished_at = Some(world.wall_clock()));
    world.note(active.id, &format!("Failed: {}", fault.detail));
    active.on(Event::Failed(fault), &world.journal);
}

async fn run(world: &Arc<World>, active: &Arc<Active>) -> Outcome<()> {
    loop {
        let Some(job) = prepare::prepare(world, active).await? else { return Ok(()) };
        active.on(Event::Prepared, &world.journal);
        let ended = match job.plan {
            Plan::Single => send::single(world, active, &job).await.map(|()| Ended::Done)?,
            Plan::Multipart { .. } => {
                if send::parts(world, active, &job).await? {
                    unchanged(active, &job)?;
                    active.on(Event::AllStored, &world.journal);
                    if prove::complete(world, active, &job).await? {
                        Ended::Done
                    } else {
                        Ended::Gone
                    }
                } else {
                    Ended::Gone
                }
            }
        };
        match ended {
            Ended::Done => return Ok(()),
            Ended::Gone => {
                world.note(active.id, prepare::GONE);
                world.journal.forget_parts(active.id);
                active.edit(|entry| entry.upload_id = None);
                active.on(Event::Reconcile, &world.journal);
            }
        }
    }
}

/// The file is still what was planned.
fn unchanged(active: &Active, job: &Job) -> Outcome<()> {
    let (_, now) = source::open(&active.entry().path)?;
    if now == job.fingerprint {
        return Ok(());
    }
    Err(Fault::new(
        FaultKind::SourceChanged,
        "the file was changed while it was sent; nothing half-made was kept",
    ))
}

pub(crate) fn same_etag(one: &str, other: &str) -> bool {
    one.trim_matches('"').eq_ignore_ascii_case(other.trim_matches('"'))
}

/// Aborts on the server until nothing is left. Waits for the network as long as it takes.
async fn take_off(world: &Arc<World>, active: &Active) -> Outcome<()> {
    let entry = active.entry();
    if !entry.may_be_on_the_server() {
        return Ok(());
    }
    let s3 = world.s3(&entry.target.connection).await?;
    let upload_id = &match entry.upload_id {
        Some(upload_id) => upload_id,
        None => lost::stand_in(world, active, &s3).await?,
    };
    let mut times = 0;
    loop {
        match s3.abort(&entry.target, upload_id).await {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(fault)
                if matches!(
                    fault.kind,
                    FaultKind::Offline | FaultKind::Server | FaultKind::Throttled
                ) =>
            {
                active.offline.store(fault.kind == FaultKind::Offline, Ordering::Relaxed);
            }
            // no bucket, no upload in it
            Err(fault) if fault.is_code("NoSuchBucket") => return Ok(()),
            Err(fault) => return Err(fault),
        }
        times += 1;
        tokio::time::sleep(retry::knock(times)).await;
    }
}
