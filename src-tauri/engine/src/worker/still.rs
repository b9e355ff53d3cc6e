//! A file that changes while it is sent: seen, waited for, compared part by part, copied where it never keeps still.
//! Knows the file and the parts that are stored; sends nothing.

use super::prove::sums_of;
use super::{Job, prepare};
use crate::active::Active;
use crate::body::Summing;
use crate::deed::Deed;
use crate::fault::{Fault, FaultKind, Outcome, Restless, Why};
use crate::part::{PartNumber, Parts};
use crate::source::{self, Fingerprint};
use crate::upload::IfChanging;
use crate::waits::Waits;
use crate::world::World;
use std::fs::File;
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
pub(super) async fn settled(path: &Path) -> Outcome<(File, Fingerprint)> {
    let mut opened = source::open(path)?;
    for _ in 0..YOUNG {
        let Some(rest) = opened.1.young() else { break };
        tokio::time::sleep(rest).await;
        opened = source::open(path)?;
    }
    Ok(opened)
}

/// The file once it keeps still. Fails where the user is to be asked.
pub(super) async fn quiet(world: &World, active: &Active) -> Outcome<(File, Fingerprint)> {
    let entry = active.entry();
    let mut last = None;
    let mut since = world.now();
    active.waits_for(Waits::Still);
    world.touch();
    let gave_up = loop {
        match source::open(&entry.path) {
            Ok((file, now)) => {
                if last != Some(now) {
                    since = world.now();
                    last = Some(now);
                }
                if now.age() >= QUIET || world.now().saturating_sub(since) >= QUIET {
                    break Ok((file, now));
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
    let (file, fingerprint) = gave_up?;
    let rounds = active.another_round();
    if entry.if_changing != IfChanging::Wait && rounds > ROUNDS {
        return Err(changing(Restless::Times { times: rounds }));
    }
    Ok((file, fingerprint))
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
pub(super) fn is_unchanged(active: &Active, job: &Job) -> Outcome<bool> {
    source::fingerprint(&active.read(prepare::place))
        .map(|now| active.is_same(&now, &job.fingerprint))
}

/// Copies the file as it is now, so that one state of it can be sent however it goes on changing. Shares the blocks where
/// the file system can.
pub(super) async fn copied(world: &Arc<World>, active: &Active) -> Outcome<()> {
    let entry = active.entry();
    let copy = world.copy_of(active.id);
    active.waits_for(Waits::Copying);
    world.touch();
    for _ in 0..COPIES {
        let (_, before) = settled(&entry.path).await?;
        copy_file(&entry.path, &copy).await?;
        let after = source::fingerprint(&entry.path)?;
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
