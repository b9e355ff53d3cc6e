//! Panics: logged, remembered on the disk, and told to the window. Nothing that was uploaded is lost by one: the journal
//! is written before each request.

use serde::{Deserialize, Serialize};
use std::panic::{self, PanicHookInfo};
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};
use tauri::{AppHandle, Emitter};

/// The event that tells the window that there is something to ask for.
const PANICKED: &str = "panicked";
/// The last panic's file, beside the log.
const NAME: &str = "panic.json";

/// A place in our own code (or a library's) that made a mistake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub(crate) struct Panicked {
    /// File and line.
    pub(crate) location: String,
    /// Windlass's version.
    pub(crate) version: String,
    /// It happened in an earlier run, which may have ended by it.
    pub(crate) earlier: bool,
}

#[derive(Default)]
struct Known {
    folder: Option<PathBuf>,
    app: Option<AppHandle>,
    last: Option<Panicked>,
}

static KNOWN: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);

/// Logs panics from now on. What they say is a field, because it may hold names.
pub(super) fn log_them() {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let panicked = Panicked {
            location: location(info),
            version: env!("CARGO_PKG_VERSION").into(),
            earlier: false,
        };
        let thread = std::thread::current().name().unwrap_or_default().to_owned();
        let text = info.payload_as_str().unwrap_or_default();
        let location = &panicked.location;
        tracing::error!(location, thread, text, "Windlass panicked");
        tell(panicked);
        before(info);
    }));
}

/// Remembers a panic in this folder from now on, and reads the one that an earlier run left.
pub(super) fn keep_in(folder: &Path) {
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known.folder = Some(folder.to_owned());
    if let Some(last) = &known.last {
        write(folder, last);
    } else {
        known.last = read(folder).map(|last| Panicked { earlier: true, ..last });
    }
}

/// Tells this app's window of the next ones.
pub(crate) fn tell_window(app: &AppHandle) {
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner).app = Some(app.clone());
}

/// The last one that the user has not dismissed.
pub(crate) fn last() -> Option<Panicked> {
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner).last.clone()
}

/// The user has read it.
pub(crate) fn dismiss() {
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known.last = None;
    if let Some(folder) = &known.folder {
        let _ = std::fs::remove_file(folder.join(NAME));
    }
}

fn tell(panicked: Panicked) {
    let app = {
        // a panic while this is held would wait for itself
        let Ok(mut known) = KNOWN.try_lock() else { return };
        if let Some(folder) = &known.folder {
            write(folder, &panicked);
        }
        known.last = Some(panicked);
        known.app.clone()
    };
    if let Some(app) = app {
        let _ = app.emit(PANICKED, ());
    }
}

fn location(info: &PanicHookInfo<'_>) -> String {
    // of a library, without the folder of the machine that built it
    let short = |file: &str| {
        let file = file.replace('\\', "/");
        file.rsplit_once("/src/").map_or(file.clone(), |(before, after)| {
            let krate = before.rsplit('/').next().unwrap_or_default();
            format!("{krate}/src/{after}")
        })
    };
    info.location()
        .map(|at| format!("{}:{}:{}", short(at.file()), at.line(), at.column()))
        .unwrap_or_default()
}

fn write(folder: &Path, panicked: &Panicked) {
    if let Ok(text) = serde_json::to_string(panicked) {
        let _ = std::fs::write(folder.join(NAME), text);
    }
}

fn read(folder: &Path) -> Option<Panicked> {
    serde_json::from_str(&std::fs::read_to_string(folder.join(NAME)).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One test: there is one hook, and one last panic.
    #[test]
    fn a_panic_is_remembered_over_the_end_of_the_process_until_it_is_dismissed() {
        let folder = tempfile::tempdir().unwrap();
        keep_in(folder.path());
        assert_eq!(last(), None);
        log_them();
        let _ = std::thread::spawn(|| panic!("of this test")).join();
        let now = last().unwrap();
        assert!(now.location.contains("src/diagnostics/panics.rs:"), "{now:?}");
        assert!(!now.earlier && read(folder.path()).as_ref() == Some(&now));
        // the next run
        KNOWN.lock().unwrap().last = None;
        keep_in(folder.path());
        assert_eq!(last(), Some(Panicked { earlier: true, ..now }));
        dismiss();
        assert_eq!((last(), read(folder.path())), (None, None));
    }
}
