//! Files that a file manager hands to the app: as arguments of its start, of a second start while it runs, or (macOS)
//! as an event.
//!
//! The window fetches them, so that none is lost while it is still loading; the event only says that there are some.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use tauri::{AppHandle, Emitter, Manager};

/// The event that reports them.
const HANDED: &str = "handed";

/// Files that the window has not fetched yet.
#[derive(Default)]
pub(crate) struct HandedFiles(Mutex<Vec<PathBuf>>);

impl HandedFiles {
    /// Takes what is waiting.
    pub(crate) fn take(&self) -> Vec<PathBuf> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn add(&self, paths: Vec<PathBuf>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(paths);
    }
}

/// Keeps files for the window, and tells it.
pub(crate) fn hand(app: &AppHandle, paths: Vec<PathBuf>) {
    if paths.is_empty() {
        return;
    }
    app.state::<HandedFiles>().add(paths);
    let _ = app.emit(HANDED, ());
}

/// The files among a start's arguments (without the program's own name), from the folder that it was started in. Words
/// that begin with a hyphen are flags of somebody else's (such as a session manager's), unless they follow `--`.
pub(crate) fn files(args: impl IntoIterator<Item = OsString>, folder: &Path) -> Vec<PathBuf> {
    let mut only_files = false;
    let mut paths = Vec::new();
    for arg in args {
        if !only_files && arg == "--" {
            only_files = true;
        } else if !arg.is_empty() && (only_files || !arg.as_encoded_bytes().starts_with(b"-")) {
            paths.push(folder.join(arg));
        }
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_manager_hands_over_is_found_among_the_arguments() {
        let files = |args: &[&str]| {
            let found = files(args.iter().map(OsString::from), Path::new("/home/ada"));
            found.into_iter().map(|path| path.display().to_string()).collect::<Vec<_>>()
        };
        assert!(files(&[]).is_empty());
        assert_eq!(files(&["/a b.mov", "film/c.mov"]), ["/a b.mov", "/home/ada/film/c.mov"]);
        assert_eq!(files(&["--gapplication-service", "x", ""]), ["/home/ada/x"]);
        assert_eq!(files(&["--", "-x", "--"]), ["/home/ada/-x", "/home/ada/--"]);
    }

    #[test]
    fn each_file_is_fetched_once() {
        let handed = HandedFiles::default();
        handed.add(vec!["/a".into(), "/b".into()]);
        handed.add(vec!["/c".into()]);
        assert_eq!(handed.take(), [PathBuf::from("/a"), "/b".into(), "/c".into()]);
        assert!(handed.take().is_empty());
    }
}
