//! A file that changes while it is sent: seen, waited for, compared part by part, copied where it never keeps still.
//! Knows the file and the parts that are stored; sends nothing.

use super::job::{Job, sums_of};
use crate::fault::{Fault, FaultKind, Outcome, Restless, Why};
use crate::model::history::Deed;
use crate::model::part_plan::MIN_PART;
use crate::model::part_table::{PartNumber, PartState, Parts};
use crate::model::upload::IfChanging;
use crate::model::waiting::Waits;
use crate::s3::body::Summing;
use crate::system::local_file::{self, Opened, Source};
use crate::transfer::active::Active;
use crate::transfer::job;
use crate::transfer::shared::World;
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
pub(super) async fn settled(path: &Path) -> Outcome<Opened> {
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
async fn open(path: &Path) -> Outcome<Opened> {
    let (file, fingerprint) = Source::open_to_send(path).await?;
    match fingerprint.size <= MIN_PART {
        true => Ok(Opened { file, fingerprint, shows_writes: true }),
        false => local_file::open_flushed(path).await,
    }
}

/// The file once it keeps still. Fails where the user is to be asked.
pub(super) async fn quiet(world: &World, active: &Active) -> Outcome<Opened> {
    let entry = active.entry();
    let mut last = None;
    let mut since = world.now();
    active.waits_for(Waits::Still);
    world.touch();
    let gave_up = loop {
        match open(&entry.path).await {
            Ok(opened) => {
                let now = opened.fingerprint;
                if last != Some(now) {
                    since = world.now();
                    last = Some(now);
                }
                if now.age() >= QUIET || world.now().saturating_sub(since) >= QUIET {
                    break Ok(opened);
                }
            }
            // gone for a moment, or for good
            Err(fault) if last.is_none() || world.now().saturating_sub(since) >= REPLACED => {
                break Err(fault);
            }
            Err(_) => {}
        }
        tokio::time::sleep(LOOK).await;
        let asks = Duration::from_secs(world.settings.settings().ask_changing_after.into());
        if entry.if_changing == IfChanging::Ask && active.restless(LOOK) > asks {
            break Err(changing(Restless::For { seconds: asks.as_secs() }));
        }
    };
    let opened = gave_up?;
    let rounds = active.another_round();
    if entry.if_changing != IfChanging::Wait && rounds > ROUNDS {
        return Err(changing(Restless::Times { times: rounds }));
    }
    Ok(opened)
}

pub(super) fn changing(how: Restless) -> Fault {
    Fault::because(FaultKind::SourceChanged, Why::KeepsChanging { how }).with_code("Changing")
}

/// Numbers of stored parts that are not what the file has in their place now. Reads every byte that is stored.
pub(super) async fn differing(
    world: &World,
    active: &Active,
    job: &Job,
    parts: &Parts,
) -> Outcome<Vec<PartNumber>> {
    let stored: Vec<(PartNumber, u64)> =
        parts.stored().map(|(number, stored)| (number, stored.crc64)).collect();
    let mut differ = Vec::new();
    for (index, (number, crc64)) in stored.iter().enumerate() {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        active.waits_for(Waits::Comparing { part: count(index + 1), parts: count(stored.len()) });
        if index % 16 == 0 {
            world.touch();
        }
        let range = job.plan.range(*number, job.fingerprint.size);
        let sums =
            sums_of(job, range, Summing::new(crate::model::checksum::Rung::Crc64Nvme, false))
                .await?;
        if sums.crc64 != *crc64 {
            differ.push(*number);
        }
    }
    Ok(differ)
}

/// Is the file, or the copy that stands for it, still what the job was made for?
pub(super) async fn is_unchanged(active: &Active, job: &Job) -> Outcome<bool> {
    let place = active.read(job::place);
    let now = match job.file.looked_at_now(&place) {
        Some(now) => now.map_err(|error| Fault::source(&place, &error))?,
        None => local_file::fingerprint(&place).await?,
    };
    Ok(active.is_same(&now, &job.fingerprint))
}

/// The last look, after the last part: at the file as it is on its disk.
pub(super) async fn is_unchanged_at_last(active: &Active, job: &Job) -> Outcome<bool> {
    let now = open(&active.read(job::place)).await?.fingerprint;
    Ok(active.is_same(&now, &job.fingerprint))
}

/// What a file is whose times do not show a write.
pub(super) enum Found {
    Same,
    /// Some of it is to be sent again.
    Differs,
    /// The job is for another file than the one that has the name by now.
    OtherFile,
}

/// All parts held against the file once more, where its times do not show a write: what was read twice, before and after
/// one moment, is what the file was at that moment. Parts that differ are to be sent again.
pub(super) async fn compared_again(world: &World, active: &Active, job: &Job) -> Outcome<Found> {
    // opened anew: a drive of another computer tells what it has now
    let Opened { file, fingerprint, .. } = open(&active.read(job::place)).await?;
    if !active.is_same(&fingerprint, &job.fingerprint) {
        return Ok(Found::OtherFile);
    }
    let file = Arc::new(file);
    let parts = active.parts(|parts| parts.clone());
    let differing = differing(world, active, &Job { file, ..job.clone() }, &parts).await?;
    active.goes_on();
    if differing.is_empty() {
        return Ok(Found::Same);
    }
    let rounds = active.another_round();
    if active.read(|entry| entry.if_changing) != IfChanging::Wait && rounds > ROUNDS {
        return Err(changing(Restless::Times { times: rounds }));
    }
    let count = u32::try_from(differing.len()).unwrap_or(u32::MAX);
    active.parts(|parts| {
        for number in &differing {
            parts.set(*number, PartState::Pending);
        }
    });
    world.journal.drop_parts(active.id, differing);
    active.edit(|entry| entry.resent += count);
    active.save(&world.journal).await?;
    world.note(active.id, &Deed::Changed { again: count, more: count });
    Ok(Found::Differs)
}
