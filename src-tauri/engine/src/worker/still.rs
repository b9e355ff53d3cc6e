//! A file that changes while it is sent: seen, waited for, compared part by part, copied where it never keeps still.
//! Knows the file and the parts that are stored; sends nothing.

use super::prove::sums_of;
use super::{Job, prepare};
use crate::active::Active;
use crate::body::Summing;
use crate::deed::Deed;
use crate::fault::{Fault, FaultKind, Outcome, Restless, Why};
use crate::part::{PartNumber, PartState, Parts};
use crate::plan::MIN_PART;
use crate::source::{self, Opened, Source};
use crate::upload::IfChanging;
use crate::waits::Waits;
use crate::world::World;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
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
/// A copy that the file did not keep still for is made so many times.
const COPIES: u32 = 3;

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
        false => source::open_flushed(path).await,
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

fn changing(how: Restless) -> Fault {
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
        let sums = sums_of(job, range, Summing::new(crate::sum::Rung::Crc64Nvme, false)).await?;
        if sums.crc64 != *crc64 {
            differ.push(*number);
        }
    }
    Ok(differ)
}

/// Is the file, or the copy that stands for it, still what the job was made for?
pub(super) async fn is_unchanged(active: &Active, job: &Job) -> Outcome<bool> {
    let place = active.read(prepare::place);
    let now = match job.file.looked_at_now(&place) {
        Some(now) => now.map_err(|error| Fault::source(&place, &error))?,
        None => source::fingerprint(&place).await?,
    };
    Ok(active.is_same(&now, &job.fingerprint))
}

/// The last look, after the last part: at the file as it is on its disk.
pub(super) async fn is_unchanged_at_last(active: &Active, job: &Job) -> Outcome<bool> {
    let now = open(&active.read(prepare::place)).await?.fingerprint;
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
    let Opened { file, fingerprint, .. } = open(&active.read(prepare::place)).await?;
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

/// Copies the file as it is now, so that one state of it can be sent however it goes on changing. Shares the blocks where
/// the file system can.
pub(super) async fn copied(world: &Arc<World>, active: &Active) -> Outcome<()> {
    let entry = active.entry();
    let copy = world.copy_of(active.id);
    active.waits_for(Waits::Copying);
    world.touch();
    for _ in 0..COPIES {
        let before = settled(&entry.path).await?.fingerprint;
        copy_file(&entry.path, &copy).await?;
        let after = source::fingerprint(&entry.path).await?;
        if active.is_same(&after, &before) && before.young().is_none() {
            active.edit(|entry| entry.copy = Some(copy));
            active.save(&world.journal).await?;
            world.note(active.id, &Deed::Copied);
            return Ok(());
        }
    }
    drop_copy(&copy);
    Err(changing(Restless::WhileCopied))
}

async fn copy_file(from: &Path, to: &Path) -> Outcome<()> {
    struct CalledOff(Arc<AtomicBool>);
    impl Drop for CalledOff {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
    let called_off = CalledOff(Arc::default());
    let (from, to, flag) = (from.to_owned(), to.to_owned(), called_off.0.clone());
    let copied = tokio::task::spawn_blocking(move || {
        let made = to.parent().map_or(Ok(()), std::fs::create_dir_all);
        // under a name of its own: one that was called off may still be copying
        let on_the_way = to.with_extension(format!("{:08x}", rand::random::<u32>()));
        let copied = made.and_then(|()| std::fs::copy(&from, &on_the_way)).and_then(|_| match flag
            .load(Ordering::Relaxed)
        {
            true => Err(std::io::ErrorKind::Interrupted.into()),
            false => std::fs::rename(&on_the_way, &to),
        });
        if copied.is_err() {
            drop_copy(&on_the_way);
        }
        copied
    });
    let copied = copied.await.map_err(|_| Fault::new(FaultKind::Bug, "copying ended early"))?;
    copied.map_err(|error| {
        let mut fault = changing(Restless::NoCopy { cause: error.to_string() });
        if error.kind() == std::io::ErrorKind::NotFound {
            fault.kind = FaultKind::SourceMissing;
        }
        fault
    })
}

/// A copy that is not needed any more.
pub(crate) fn drop_copy(copy: &Path) {
    match std::fs::remove_file(copy) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            tracing::warn!(%error, copy = %copy.display(), "a copy could not be removed");
        }
        _ => {}
    }
}

/// Copies whose uploads are gone: of a process that died, or of rows that were forgotten.
pub(crate) fn drop_orphans(folder: &Path, kept: &[PathBuf]) {
    let Ok(found) = std::fs::read_dir(folder) else { return };
    for copy in found.flatten().map(|entry| entry.path()) {
        // by their names: the folder itself may be known by another path
        if !kept.iter().any(|one| one.file_name() == copy.file_name()) {
            drop_copy(&copy);
        }
    }
}
