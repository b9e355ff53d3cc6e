//! Drives one upload from Waiting to where it ends. Knows the order of things; the calls are S3's, the rules the pure half's.

pub(crate) mod abort;
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
pub(crate) mod reconcile;
mod send;
pub(crate) mod shared;
pub(crate) mod snapshot;
pub(crate) mod stall_detector;

pub(crate) use snapshot::{drop_copy, drop_orphans};

use crate::fault::{Fault, FaultKind, Outcome, Why};
use crate::model::history::Deed;
use crate::model::part_plan::{MIN_PART, Plan};
use crate::model::part_table::Parts;
use crate::model::upload::{Event, Intent, Phase};
use crate::persistence::receipt_file;
use crate::transfer::abort::take_off;
use crate::transfer::active::Active;
use crate::transfer::job::forget_stored;
use crate::transfer::shared::World;
use file_changes::Found;
use send::Sent;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How a run ended that did not fail.
enum Ended {
    Done,
    /// What was stored is gone on the server: from the beginning.
    Gone,
    /// The file is not what was sent of it: compared, and what differs sent again.
    Changed,
    /// The server takes something else than it was given: gone on by what it takes now.
    OtherManners,
    /// What is stored is of no use any more: from the beginning.
    Useless,
    /// Complete refused it: held against what the server has, and what differs sent again.
    Refused,
}

/// An upload that is cancelled while only its answer is outstanding waits so long for it.
const LAST_ANSWER: Duration = Duration::from_secs(10);

pub(crate) async fn drive(world: Arc<World>, active: Arc<Active>) {
    if active.phase() == Phase::Waiting && active.intent() == Intent::Abort {
        // cancelled in the moment in which the worker before let go of it
        active.on(Event::Abort, &world.journal);
    }
    if active.phase() != Phase::Aborting {
        active.on(Event::Start, &world.journal);
        match active.read(|entry| entry.started_at) {
            Some(_) => world.note(active.id, &Deed::Resumed),
            None => active.edit(|entry| entry.started_at = Some(world.wall_clock())),
        }
        let mut running = Box::pin(run(&world, &active));
        let ended = tokio::select! {
            biased;
            () = active.stop_asked(|| world.now()) => None,
            ended = &mut running => Some(ended),
        };
        let ended = match ended {
            // the object may be there already: whether it is, the answer tells
            None if active.intent() == Intent::Abort && active.awaits_answer() => {
                let answered = tokio::time::timeout(LAST_ANSWER, running).await;
                answered.ok().filter(Result::is_ok)
            }
            ended => ended,
        };
        active.offline.store(false, Ordering::Relaxed);
        active.drop_flows();
        match ended {
            Some(Ok(())) => finish(&world, &active).await,
            // the journal takes nothing just now: not the upload's fault, and it is told to the user
            Some(Err(fault)) if fault.kind == FaultKind::Storage && world.waits_for_journal() => {
                active.on(Event::LetGo, &world.journal);
            }
            Some(Err(fault)) => Box::pin(fail(&world, &active, fault)).await,
            None if active.intent() == Intent::Abort => active.on(Event::Abort, &world.journal),
            None => {
                if active.intent() == Intent::Pause {
                    world.note(active.id, &Deed::Paused);
                }
                active.on(Event::LetGo, &world.journal);
            }
        }
    }
    if active.phase() == Phase::Aborting {
        let left = active.read(|entry| entry.adopted);
        let taken_off = Box::pin(take_off(&world, &active)).await;
        let arrived = match taken_off {
            Ok(()) => Box::pin(arrived::in_spite(&world, &active)).await,
            Err(fault) => Err(fault),
        };
        match arrived {
            Ok(true) => {
                world.note(active.id, &Deed::HadArrived);
                finish(&world, &active).await;
            }
            Ok(false) => {
                forget_stored(&world, &active);
                active.edit(|entry| {
                    entry.plan = None;
                    entry.asked.clear();
                });
                drop_copy_of(&active);
                world.note(active.id, if left { &Deed::LeftThere } else { &Deed::Cancelled });
                active.on(Event::AbortDone, &world.journal);
            }
            Err(fault) => active.on(Event::Failed(fault), &world.journal),
        }
    }
}

fn drop_copy_of(active: &Active) {
    if let Some(copy) = active.read(|entry| entry.copy.clone()) {
        snapshot::drop_copy(&copy);
        active.edit(|entry| entry.copy = None);
    }
}

async fn finish(world: &World, active: &Active) {
    let copy = active.read(|entry| entry.copy.clone());
    active.edit(|entry| {
        entry.copy = None;
        entry.finished_at = Some(world.wall_clock());
        entry.stored_bytes = entry.size;
        entry.stored_parts = entry.plan.map_or(0, Plan::parts);
        entry.asked.clear();
    });
    let entry = active.entry();
    let connection = world.settings.connection(&entry.target.connection);
    let connection = connection.map(|connection| world.as_used(&connection));
    let receipt = active.parts(|parts| receipt_file::of(&entry, connection.as_ref(), parts));
    if let Some(receipt) = receipt {
        world.journal.keep_receipt(active.id, &entry.target.connection, &receipt);
    }
    active.on(Event::Completed, &world.journal);
    if let Some(copy) = copy {
        // done on the disk first: without its copy it could not be gone on with
        let _ = world.journal.settle().await;
        snapshot::drop_copy(&copy);
    }
}

async fn fail(world: &Arc<World>, active: &Active, fault: Fault) {
    tracing::warn!(id = active.id, kind = ?fault.kind, detail = %fault.detail, "an upload failed");
    // the journal knows of parts before they are reconciled; where it cannot be read, they are taken for there
    let journaled = world.journal.parts(active.id).await.map_or(1, |parts| parts.len());
    let nothing_to_keep = active.tally().stored_parts == 0 && journaled == 0;
    // parts that did not add up are of no use to a later try
    let worthless = fault.is_code(job::WORTHLESS);
    let entry = active.entry();
    let on_the_server = entry.upload_id.is_some() && !entry.adopted;
    if (nothing_to_keep || worthless) && on_the_server {
        let short = Duration::from_secs(10);
        if let Ok(Ok(())) = tokio::time::timeout(short, take_off(world, active)).await {
            forget_stored(world, active);
        }
    }
    active.edit(|entry| entry.finished_at = Some(world.wall_clock()));
    world.note(active.id, &Deed::Failed { fault: fault.clone() });
    active.on(Event::Failed(fault), &world.journal);
}

/// Beginning again helps against an accident; a server that loses every upload would be fed for ever.
const ROUNDS: u32 = 5;

async fn run(world: &Arc<World>, active: &Arc<Active>) -> Outcome<()> {
    let mut asked_again = false;
    let mut rounds = 0;
    loop {
        rounds += 1;
        let ended = match Box::pin(once(world, active)).await {
            Err(fault) if fault.kind == FaultKind::SourceChanged && fault.code.is_none() => {
                Ended::Changed
            }
            Err(fault)
                if fault.kind == FaultKind::Exists
                    && fault.status == Some(412)
                    && rounds < ROUNDS =>
            {
                match Box::pin(key_conflict::taken(world, active, fault)).await? {
                    true => Ended::Done,
                    false => Ended::Changed,
                }
            }
            Err(fault) if follows(world, active, &fault).await => Ended::Changed,
            Err(fault) if goes_smaller(active, &fault) => Ended::Useless,
            Err(fault) => {
                let again =
                    !asked_again && Box::pin(capabilities::again(world, active, &fault)).await;
                asked_again = true;
                if !again {
                    return Err(fault);
                }
                Ended::OtherManners
            }
            Ok(ended) => ended,
        };
        match ended {
            Ended::Done => return object_lock::locked(world, active).await,
            Ended::Gone if rounds >= ROUNDS => {
                return Err(Fault::because(FaultKind::Server, Why::UploadGone));
            }
            Ended::Gone => {
                world.note(active.id, &prepare::GONE);
                world.journal.forget_parts(active.id);
                active.edit(|entry| entry.upload_id = None);
            }
            Ended::Changed => {
                rounds = 0;
                active.drop_flows();
            }
            Ended::OtherManners => {
                active.drop_flows();
                let entry = active.entry();
                // parts of another checksum do not go together; all else keeps them
                if entry.upload_id.is_some()
                    && world.manners(&entry.target.connection).manners.rung != entry.rung
                {
                    Box::pin(begin_again(world, active)).await?;
                }
            }
            Ended::Refused => active.drop_flows(),
            Ended::Useless => Box::pin(begin_again(world, active)).await?,
        }
        if active.phase() != Phase::Preparing {
            active.on(Event::Reconcile, &world.journal);
        }
    }
}

/// The bucket lives elsewhere, and is followed there.
async fn follows(world: &World, active: &Active, fault: &Fault) -> bool {
    let target = active.read(|entry| entry.target.clone());
    match world.s3(&target.connection).await {
        Ok(s3) => s3.follow(&target.bucket, fault),
        Err(_) => false,
    }
}

/// Something on the way takes no request of this size, and nothing is stored yet: by parts of half the size.
fn goes_smaller(active: &Active, fault: &Fault) -> bool {
    let entry = active.entry();
    let too_large = matches!(fault.why.get(), Some(Why::TooLargeForIt { .. }));
    if !too_large || entry.adopted || active.tally().stored_parts > 0 {
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
    active.edit(|entry| entry.wanted_part_size = Some(half));
    true
}

async fn begin_again(world: &Arc<World>, active: &Arc<Active>) -> Outcome<()> {
    active.drop_flows();
    if active.read(|entry| entry.upload_id.is_some()) {
        take_off(world, active).await?;
    }
    forget_stored(world, active);
    Ok(())
}

async fn once(world: &Arc<World>, active: &Arc<Active>) -> Outcome<Ended> {
    let Some(mut job) = Box::pin(prepare::prepare(world, active)).await? else {
        return Ok(Ended::Done);
    };
    active.goes_on();
    active.on(Event::Prepared, &world.journal);
    if job.plan == Plan::Single {
        Box::pin(send::single(world, active, &job)).await?;
        let unchanged = file_changes::is_unchanged(active, &job).await?;
        return Ok(if unchanged { Ended::Done } else { Ended::Changed });
    }
    loop {
        match Box::pin(send::parts(world, active, &job)).await? {
            // a round that finds parts to be sent again sends them
            Sent::AllStored if job.shows_writes => break,
            Sent::AllStored => {
                match Box::pin(file_changes::compared_again(world, active, &job)).await? {
                    Found::Same => break,
                    Found::Differs => {}
                    Found::OtherFile => return Ok(Ended::Changed),
                }
            }
            Sent::Gone => return Ok(Ended::Gone),
            Sent::Larger(plan) => {
                job.plan = plan;
                active.set_parts(Parts::new(plan, job.fingerprint.size));
                active.edit(|entry| entry.plan = Some(plan));
                // a part of another size than the journal's plan has would not be known again after a kill
                active.save(&world.journal).await?;
            }
        }
    }
    // only now: what somebody else began in the same moment has parts by now, and ours has none
    if let Some(upload_id) = active.read(|entry| entry.upload_id.clone()) {
        Box::pin(orphans::sweep(world, active, &job.s3, &upload_id)).await?;
    }
    // the last look after the last part: the parts are those of one state of the file
    if !file_changes::is_unchanged_at_last(active, &job).await? {
        return Ok(Ended::Changed);
    }
    active.on(Event::AllStored, &world.journal);
    Box::pin(complete::complete(world, active, &job)).await
}
