//! Slots: numbered folders, one per run, each with a journal, so that concurrent runs do not share one.

pub(crate) mod receipts;

use crate::output::messages;
use crate::signals::StopSignal;
use std::path::{Path, PathBuf};
use std::time::Duration;
use windlass_engine::{
    APP_ID, Engine, EngineConfig, Fault, FaultKind, Notice, NoticeKind, Result, Selection, Totals,
};

/// How long a server may be unreachable before an upload fails, without `--wait-for-network`.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long an upload waits for what killed runs left to be deleted.
const TIDIES: Duration = Duration::from_secs(5);

/// One run's folder, locked by its engine.
pub(crate) struct Slot {
    pub(crate) engine: Engine,
    /// Messages about damaged files in this slot and those tried before it, and where they were moved.
    pub(crate) messages: Vec<String>,
}

/// What earlier runs left behind.
#[derive(Default)]
pub(crate) struct Left {
    pub(crate) slots: Vec<Slot>,
    /// Number of slots that other runs are using.
    pub(crate) busy: u32,
    /// Messages about damaged files, and where they were moved.
    pub(crate) messages: Vec<String>,
    /// Faults of slots that cannot be opened.
    pub(crate) faults: Vec<Fault>,
}

/// The app's data folder.
///
/// # Errors
/// `Storage`, if the system has none.
pub(crate) fn app_folder() -> Result<PathBuf> {
    let folders = directories::BaseDirs::new()
        .ok_or_else(|| Fault::new(FaultKind::Storage, "this system has no folder for user data"))?;
    Ok(folders.data_dir().join(APP_ID))
}

/// # Errors
/// `Storage`, if none is given and the system has none.
pub(crate) fn folder(given: Option<&Path>) -> Result<PathBuf> {
    match given {
        Some(given) => Ok(given.to_owned()),
        None => Ok(app_folder()?.join("terminal")),
    }
}

pub(crate) fn patience(wait_for_network: bool) -> Option<Duration> {
    (!wait_for_network).then_some(PATIENCE)
}

/// A slot without incomplete uploads, because those are left to `resume`.
///
/// # Errors
/// `Storage`, if the folder cannot be used.
pub(crate) async fn free(folder: &Path, patience: Option<Duration>) -> Result<Slot> {
    let mut number = 1;
    let mut messages = Vec::new();
    loop {
        let place = folder.join(number.to_string());
        let was_there = place.exists();
        match taken(&place, patience, &mut messages).await {
            Ok(Some(slot)) => return Ok(Slot { messages, ..slot }),
            Ok(None) => {}
            // one damaged journal must not prevent uploads; if a new slot fails, the folder is at fault
            Err(_) if was_there => {}
            Err(fault) => return Err(fault),
        }
        number += 1;
    }
}

/// `None` if it is locked, or has uploads for `resume`.
async fn taken(
    place: &Path,
    patience: Option<Duration>,
    messages: &mut Vec<String>,
) -> Result<Option<Slot>> {
    let Some(mut slot) = open(place, patience)? else { return Ok(None) };
    messages.append(&mut slot.messages);
    if unfinished(&slot.engine.totals().await?) > 0 {
        return Ok(None);
    }
    // a killed run may have left finished uploads
    slot.engine.forget(Selection::All).await?;
    Ok(Some(slot))
}

/// Deletes what earlier runs left on the servers of this run's connections, if they were killed during a probe. They may
/// have uploads for `resume`, so that this run has another slot. What a server does not answer in time is left for the next
/// run, and an interrupt does not wait for it.
pub(crate) async fn tidy_after_others(engine: &Engine, folder: &Path, stop: &StopSignal) {
    let tidied = async {
        for place in slots(folder).unwrap_or_default() {
            engine.tidy_after(&place).await;
        }
    };
    tokio::select! {
        () = stop.requested() => {}
        _ = tokio::time::timeout(TIDIES, tidied) => {}
    }
}

/// The folders of all slots, locked or not.
///
/// # Errors
/// `Storage`, if the folder cannot be read.
pub(crate) fn slots(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut numbers: Vec<u32> = match std::fs::read_dir(folder) {
        Ok(entries) => {
            entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => vec![],
        Err(error) => {
            return Err(Fault::new(
                FaultKind::Storage,
                format!("{} cannot be read: {error}", folder.display()),
            ));
        }
    };
    numbers.sort_unstable();
    Ok(numbers.iter().map(|number| folder.join(number.to_string())).collect())
}

/// The slots with incomplete uploads that no other run has locked.
///
/// # Errors
/// `Storage`, if the folder cannot be read.
pub(crate) async fn left(folder: &Path, patience: Option<Duration>) -> Result<Left> {
    let (mut left, mut sent) = (Left::default(), Vec::new());
    for place in slots(folder)? {
        match open(&place, patience) {
            Ok(Some(mut slot)) => {
                left.messages.append(&mut slot.messages);
                match slot.engine.totals().await {
                    Ok(totals) if unfinished(&totals) == 0 => {}
                    Ok(totals) if totals.stored_bytes > 0 => sent.push(slot),
                    Ok(_) => left.slots.push(slot),
                    Err(fault) => left.faults.push(fault),
                }
            }
            Ok(None) => left.busy += 1,
            Err(fault) => left.faults.push(fault),
        }
    }
    // those that made progress first: a server that was never reached would keep the others waiting
    sent.append(&mut left.slots);
    left.slots = sent;
    Ok(left)
}

/// `None` if another run has locked it.
fn open(folder: &Path, patience: Option<Duration>) -> Result<Option<Slot>> {
    let config = EngineConfig { folder: folder.to_owned(), patience };
    let mut tries = 0;
    loop {
        match Engine::open(&config) {
            Ok(engine) => {
                engine.keep_in_mind(&app_folder()?.join("lists"));
                let messages = engine.notices().iter().map(in_words).collect();
                return Ok(Some(Slot { engine, messages }));
            }
            Err(_) if is_held(folder) => return Ok(None),
            // the other run may have ended meanwhile
            Err(_) if tries < 3 => tries += 1,
            Err(fault) => return Err(fault),
        }
    }
}

/// The app's own engine, for its connections; nothing of its list is touched.
///
/// # Errors
/// `Storage`, where the app is running, or its folder cannot be used.
pub(crate) fn of_the_app() -> Result<Engine> {
    let folder = app_folder()?;
    let config = EngineConfig { folder: folder.clone(), patience: None };
    match Engine::open(&config) {
        Err(_) if is_held(&folder) => Err(Fault::new(
            FaultKind::Storage,
            "Windlass is running; import there (Connections, Import), or quit it and run this again",
        )),
        opened => opened,
    }
}

fn in_words(notice: &Notice) -> String {
    let what = match notice.kind {
        NoticeKind::JournalAside => {
            "The list of uploads of an earlier run was damaged and has been restarted."
        }
        NoticeKind::SettingsAside => {
            "The settings of an earlier run were damaged and have been reset."
        }
        NoticeKind::JournalFull => "Windlass cannot save its list of uploads.",
        // found out later than this, and printed by the run
        NoticeKind::ScratchLeft => "A probe could not be deleted.",
    };
    let kept = notice.path.iter().map(|path| format!("The damaged file is kept at {path}"));
    let saved = notice.saved.map(|saved| match saved {
        0 => "No uploads could be recovered from it.".to_owned(),
        1 => "1 upload was recovered from it.".to_owned(),
        saved => format!("{saved} uploads were recovered from it."),
    });
    let reason = notice.fault.iter().map(|fault| format!("{}.", messages::sentence(&fault.detail)));
    [what.to_owned()]
        .into_iter()
        .chain(saved)
        .chain(reason)
        .chain(kept)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether a slot is locked, by its lock file.
fn is_held(folder: &Path) -> bool {
    let lock = std::fs::OpenOptions::new().write(true).open(folder.join("windlass.lock"));
    lock.is_ok_and(|lock| matches!(lock.try_lock(), Err(std::fs::TryLockError::WouldBlock)))
}

fn unfinished(totals: &Totals) -> u32 {
    totals.active + totals.waiting + totals.paused + totals.needs_answer + totals.failed
}

#[cfg(test)]
mod tests {
    use super::*;
    use windlass_engine::NewUpload;
    use windlass_engine::{IfExists, Options, Target};

    async fn leave_something(slot: &Slot, path: &Path) {
        let target = Target { connection: "c".into(), bucket: "b".into(), key: "k".into() };
        let (path, options) = (path.to_owned(), Options::default());
        let upload =
            NewUpload { path, target, if_exists: IfExists::Replace, options, part_size: None };
        slot.engine.queue(vec![upload]).await.unwrap();
    }

    #[tokio::test]
    async fn runs_at_once_and_runs_after_another_do_not_meet() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let file = folder.path().join("f");
        std::fs::write(&file, "x").unwrap();

        assert!(
            left(&state, None).await.unwrap().slots.is_empty(),
            "a folder that is not there holds nothing"
        );
        let one = free(&state, None).await.unwrap();
        let two = free(&state, None).await.unwrap();
        assert!(state.join("1").is_dir() && state.join("2").is_dir());
        leave_something(&one, &file).await;

        let found = left(&state, None).await.unwrap();
        assert_eq!((found.slots.len(), found.busy), (0, 2));
        drop((one, two));
        std::fs::create_dir(state.join("3")).unwrap();
        std::fs::write(
            state.join("3/journal.sqlite"),
            "no database, and longer than a header is ".repeat(9),
        )
        .unwrap();
        let found = left(&state, None).await.unwrap();
        assert_eq!((found.slots.len(), found.busy, found.faults.len()), (1, 0, 0));
        assert!(
            found.messages.len() == 1 && found.messages[0].contains("journal.damaged.sqlite"),
            "{:?}",
            found.messages
        );
        drop(found);
        // the first has work for `resume`, the second is free again, the third was damaged and is restarted
        let _again = free(&state, None).await.unwrap();
        let _third = free(&state, None).await.unwrap();
        let _fourth = free(&state, None).await.unwrap();
        assert!(state.join("4").exists() && !state.join("5").exists());
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_made_is_told() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let Err(fault) = free(file.path(), None).await else { panic!("a file is no folder") };
        assert_eq!(fault.kind, FaultKind::Storage);
    }
}
