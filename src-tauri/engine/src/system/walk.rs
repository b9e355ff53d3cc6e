//! Scans files and folders: which files are uploaded under which keys, and which are skipped and why.

pub(crate) mod left_out;
pub(crate) mod spill;

use super::local_file::{Fingerprint, look};
use super::paths::verbatim;
use crate::fault::{Fault, FaultKind, Reason};
use crate::model::key_template::{Given, composed};
use crate::model::lock::locked;
use crate::model::part_plan::{Plan, check_key};
use left_out::{LeftOut, SkipReason, Skipped, is_clutter, is_hidden};
use serde::Serialize;
use spill::{Finds, Mark};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

/// A file that a scan found.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub path: PathBuf,
    /// Its key under the prefix: the dropped folder's name and the path below it, with forward slashes.
    pub relative: String,
    pub fingerprint: Fingerprint,
}

/// Two files of the same name would have the same key: the second gets another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Renamed {
    pub path: String,
    /// Below the prefix.
    pub key: String,
}

/// The progress of a scan. Sizes are in bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Scan {
    pub id: u32,
    pub walking: bool,
    pub files: u32,
    pub folders: u32,
    pub bytes: u64,
    pub largest: u64,
    /// Files that are sent in one PUT.
    pub single: u32,
    /// Files that are sent in parts, the number of their parts, and the largest part size.
    pub multipart: u32,
    pub parts: u64,
    pub part_size: u64,
    /// The first names.
    pub names: Vec<String>,
    /// The first files that were skipped by a rule, and the first that cannot be uploaded.
    pub skipped: Vec<Skipped>,
    pub skipped_count: u32,
    /// How many of them should have been uploaded, but cannot be.
    pub failed_count: u32,
    /// The first of those whose key is not their name, because another file has it already.
    pub renamed: Vec<Renamed>,
    pub renamed_count: u32,
    /// Names that are changed to Unicode's composed form (NFC) in keys, because macOS stores them decomposed.
    pub composed: u32,
}

const SHOWN_NAMES: usize = 20;
pub(crate) const SHOWN_SKIPPED: usize = 100;

#[derive(Default)]
struct Progress {
    scan: Scan,
    /// The path that is being scanned.
    at: PathBuf,
    finds: Finds,
    left_out: LeftOut,
    given: Given,
}

/// Which files of a folder are included, and how they would be split.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wanted {
    /// Names that start with a dot, and files that the system hides.
    pub(crate) hidden: bool,
    /// The targets of symbolic links inside a folder. A dropped link is always followed.
    pub(crate) links: bool,
    /// In bytes, for the plan that is shown. `None` is automatic.
    pub(crate) part_size: Option<u64>,
}

/// A scan of dropped files and folders. It runs on a blocking thread, and others poll its progress.
#[derive(Clone, Default)]
pub(crate) struct Walk {
    progress: Arc<Mutex<Progress>>,
    stopped: Arc<AtomicBool>,
}

impl Walk {
    pub(crate) fn start(id: u32) -> Self {
        let walk = Self::default();
        walk.progress().scan = Scan { id, walking: true, ..Scan::default() };
        walk
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        locked(&self.progress)
    }

    pub(crate) fn scan(&self) -> Scan {
        self.progress().scan.clone()
    }

    /// At most this many of the files found from there on.
    ///
    /// # Errors
    /// The system's.
    pub(crate) fn found(&self, from: Mark, most: usize) -> std::io::Result<(Vec<Found>, Mark)> {
        self.progress().finds.read(from, most)
    }

    /// At most this many of the skipped files from there on.
    ///
    /// # Errors
    /// The system's.
    pub(crate) fn left_out(
        &self,
        from: Mark,
        most: usize,
    ) -> std::io::Result<(Vec<Skipped>, Mark)> {
        self.progress().left_out.read(from, most)
    }

    pub(crate) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// The scan is stuck on a disk: what was found so far is all.
    pub(crate) fn give_up(&self, fault: Fault) {
        self.stop();
        let at = self.progress().at.clone();
        self.skip(&at, SkipReason::Fault { fault });
        self.progress().scan.walking = false;
    }

    /// Scans everything, until it is done or stopped. Dropped files are included even if they are hidden. `moves` is
    /// called at every step.
    pub(crate) fn run(&self, paths: &[PathBuf], wanted: Wanted, moves: &dyn Fn()) {
        for path in paths {
            if self.stopped.load(Ordering::Relaxed) {
                break;
            }
            self.looks_at(path, moves);
            self.progress().finds.enter(path);
            if verbatim(path).is_dir() {
                self.folder(path, wanted, moves);
            } else {
                match look(path) {
                    Ok(fingerprint) => {
                        let relative = path.file_name().and_then(|name| name.to_str());
                        let relative = relative.map(ToOwned::to_owned);
                        self.file(path, "", relative, fingerprint, wanted.part_size);
                    }
                    Err(fault) => self.skip(path, SkipReason::Fault { fault }),
                }
            }
        }
        self.progress().scan.walking = false;
    }

    fn looks_at(&self, path: &Path, moves: &dyn Fn()) {
        self.progress().at = path.to_owned();
        moves();
    }

    fn folder(&self, root: &Path, wanted: Wanted, moves: &dyn Fn()) {
        // a dropped folder's name is part of the keys; "/" and ".." have no name and add none
        let opened = verbatim(root);
        let base = opened.canonicalize().unwrap_or_else(|_| root.to_owned());
        let top = base.file_name().map(PathBuf::from).unwrap_or_default();
        // the entries' paths as they are shown
        let plain = |path: &Path| match path.strip_prefix(&opened) {
            Ok(below) if below.as_os_str().is_empty() => root.to_owned(),
            Ok(below) => root.join(below),
            Err(_) => path.to_owned(),
        };
        let entries = walkdir::WalkDir::new(&opened).sort_by_file_name();
        let mut entries = entries.follow_links(wanted.links).into_iter();
        while let Some(entry) = entries.next() {
            if self.stopped.load(Ordering::Relaxed) {
                return;
            }
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let path = error.path().map_or_else(|| root.to_owned(), plain);
                    if error.loop_ancestor().is_some() {
                        self.skip(&path, SkipReason::Circle);
                        continue;
                    }
                    let cause =
                        error.into_io_error().unwrap_or_else(|| std::io::ErrorKind::Other.into());
                    self.skip(&path, SkipReason::Fault { fault: Fault::source(&path, &cause) });
                    continue;
                }
            };
            let (path, kind) = (&*plain(entry.path()), entry.file_type());
            self.looks_at(path, moves);
            if entry.depth() > 0 && !wanted.hidden && !is_clutter(path) && is_hidden(&entry) {
                self.skip(path, SkipReason::Hidden);
                if kind.is_dir() {
                    entries.skip_current_dir();
                }
            } else if kind.is_dir() {
                self.progress().scan.folders += 1;
            } else if entry.path_is_symlink() && !wanted.links {
                self.skip(path, SkipReason::Symlink);
            } else if !kind.is_file() {
                self.skip(path, SkipReason::Special);
            } else if is_clutter(path) {
                self.skip(path, SkipReason::Clutter);
            } else {
                match look(path) {
                    Ok(fingerprint) => {
                        let below = path.strip_prefix(root).unwrap_or(path);
                        let key = key_of(&top.join(below));
                        // what is below is in the key, or there is none
                        let below = below.to_str().unwrap_or_default();
                        self.file(path, below, key, fingerprint, wanted.part_size);
                    }
                    Err(fault) => self.skip(path, SkipReason::Fault { fault }),
                }
            }
        }
    }

    fn file(
        &self,
        path: &Path,
        below: &str,
        relative: Option<String>,
        fingerprint: Fingerprint,
        part_size: Option<u64>,
    ) {
        let Some(relative) = relative else {
            let fault = Fault::because(FaultKind::Unsupported, Reason::NotUtf8);
            return self.skip(path, SkipReason::Fault { fault });
        };
        let plan =
            match check_key(&relative).and_then(|()| Plan::for_size(fingerprint.size, part_size)) {
                Ok(plan) => plan,
                Err(fault) => return self.skip(path, SkipReason::Fault { fault }),
            };
        let composed = composed(&relative);
        let mut progress = self.progress();
        progress.scan.composed += u32::from(composed != relative);
        let relative = progress.free(path, composed);
        let scan = &mut progress.scan;
        scan.files += 1;
        scan.bytes += fingerprint.size;
        scan.largest = scan.largest.max(fingerprint.size);
        match plan {
            Plan::Single => scan.single += 1,
            Plan::Multipart { part_size, parts } => {
                scan.multipart += 1;
                scan.parts += u64::from(parts);
                scan.part_size = scan.part_size.max(part_size);
            }
        }
        if scan.names.len() < SHOWN_NAMES {
            scan.names.push(relative.clone());
        }
        progress.finds.push(below, &relative, fingerprint);
    }

    fn skip(&self, path: &Path, reason: SkipReason) {
        let mut progress = self.progress();
        let failed = reason.is_fault();
        let skipped = Skipped { path: path.display().to_string(), reason };
        progress.left_out.push(&skipped);
        let scan = &mut progress.scan;
        // counted separately: a hundred links must not hide a file that cannot be read
        let alike = if failed { scan.failed_count } else { scan.skipped_count - scan.failed_count };
        scan.skipped_count += 1;
        scan.failed_count += u32::from(failed);
        if (alike as usize) < SHOWN_SKIPPED {
            scan.skipped.push(skipped);
        }
    }
}

impl Progress {
    /// The key, or the first variant of it that no other file of this scan has.
    fn free(&mut self, path: &Path, key: String) -> String {
        let free = self.given.free(key.clone());
        if free != key {
            self.scan.renamed_count += 1;
            if self.scan.renamed.len() < SHOWN_SKIPPED {
                let path = path.display().to_string();
                self.scan.renamed.push(Renamed { path, key: free.clone() });
            }
        }
        free
    }
}

/// `None` if a component is not UTF-8.
fn key_of(relative: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> =
        relative.components().map(|part| part.as_os_str().to_str()).collect();
    Some(parts?.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Wanted = Wanted { hidden: true, links: false, part_size: None };

    fn walked(paths: &[PathBuf], wanted: Wanted) -> (Scan, Vec<Found>) {
        let walk = Walk::start(1);
        walk.run(paths, wanted, &|| ());
        (walk.scan(), walk.found(Mark::default(), usize::MAX).unwrap().0)
    }

    fn keys(found: &[Found]) -> Vec<&str> {
        found.iter().map(|file| file.relative.as_str()).collect()
    }

    #[test]
    fn a_folder_keeps_its_name_and_structure_and_clutter_stays_behind() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("day 1 ü");
        std::fs::create_dir_all(root.join("a/b")).unwrap();
        std::fs::write(root.join("a/b/clip.mov"), [7; 10]).unwrap();
        std::fs::write(root.join("empty"), []).unwrap();
        std::fs::write(root.join("a/.DS_Store"), [0]).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(folder.path(), root.join("circle")).unwrap();
        let missing = folder.path().join("missing");

        let (scan, found) = walked(&[root, missing], ALL);
        assert_eq!(keys(&found), ["day 1 ü/a/b/clip.mov", "day 1 ü/empty"]);
        assert_eq!((scan.files, scan.bytes, scan.single, scan.walking), (2, 10, 2, false));
        let reason: Vec<&SkipReason> = scan.skipped.iter().map(|skipped| &skipped.reason).collect();
        assert!(reason.contains(&&SkipReason::Clutter));
        #[cfg(unix)]
        assert!(reason.contains(&&SkipReason::Symlink));
        assert!(reason.iter().any(|reason| matches!(reason, SkipReason::Fault { fault } if fault.kind == FaultKind::SourceMissing)));
    }

    #[cfg(unix)]
    #[test]
    fn a_name_that_is_no_utf8_is_told_and_left_out() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(std::ffi::OsStr::from_bytes(b"bad\xff.bin"));
        std::fs::write(&path, [1]).unwrap();
        let (scan, found) = walked(&[path], ALL);
        assert!(found.is_empty());
        let [Skipped { reason: SkipReason::Fault { fault }, .. }] = &scan.skipped[..] else {
            panic!("{scan:?}")
        };
        assert_eq!(fault.kind, FaultKind::Unsupported);
    }

    #[test]
    fn files_of_one_name_get_keys_of_their_own_and_decomposed_names_are_composed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for card in ["card 1", "card 2", "card 3"] {
            std::fs::create_dir(at(card)).unwrap();
            std::fs::write(at(card).join("clip.mov"), card).unwrap();
        }
        // e and a combining accent, as on macOS, and both in one
        std::fs::write(at("caf\u{65}\u{301}"), []).unwrap();
        let clips = ["card 1", "card 2", "card 3"].map(|card| at(card).join("clip.mov"));
        let (scan, found) = walked(&[&clips[..], &[at("caf\u{65}\u{301}")]].concat(), ALL);
        assert_eq!(keys(&found), ["clip.mov", "clip (2).mov", "clip (3).mov", "caf\u{e9}"]);
        assert_eq!((scan.files, scan.renamed_count, scan.composed), (4, 2, 1));
        assert_eq!(scan.renamed[0].key, "clip (2).mov");
        assert!(scan.renamed[0].path.ends_with("clip.mov"));
    }

    #[test]
    fn hidden_files_stay_behind_where_they_are_not_wanted() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join(".kept");
        std::fs::create_dir_all(root.join(".git")).unwrap();
        std::fs::write(root.join(".git/config"), []).unwrap();
        std::fs::write(root.join(".env"), []).unwrap();
        std::fs::write(root.join("a"), []).unwrap();
        let (_, found) = walked(std::slice::from_ref(&root), ALL);
        assert_eq!(keys(&found), [".kept/.env", ".kept/.git/config", ".kept/a"]);
        let (scan, found) = walked(&[root], Wanted { hidden: false, ..ALL });
        assert_eq!(keys(&found), [".kept/a"], "what was dropped itself is wanted");
        let reason: Vec<&SkipReason> = scan.skipped.iter().map(|skipped| &skipped.reason).collect();
        assert_eq!(reason, [&SkipReason::Hidden, &SkipReason::Hidden]);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_where_that_is_wanted_and_circles_are_told() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let (root, elsewhere) = (folder.path().join("root"), folder.path().join("elsewhere"));
        std::fs::create_dir_all(&root).unwrap();
        std::fs::create_dir_all(&elsewhere).unwrap();
        std::fs::write(elsewhere.join("clip.mov"), [7; 10]).unwrap();
        symlink(&elsewhere, root.join("day")).unwrap();
        symlink(elsewhere.join("clip.mov"), root.join("one.mov")).unwrap();
        symlink(&root, root.join("round")).unwrap();
        symlink(folder.path().join("nothing"), root.join("broken")).unwrap();
        let (scan, found) = walked(std::slice::from_ref(&root), Wanted { links: true, ..ALL });
        assert_eq!(keys(&found), ["root/day/clip.mov", "root/one.mov"]);
        assert_eq!(scan.skipped_count, 2);
        assert!(scan.skipped.iter().any(|skipped| skipped.reason == SkipReason::Circle));
        let missing = |reason: &SkipReason| matches!(reason, SkipReason::Fault { fault } if fault.kind == FaultKind::SourceMissing);
        assert!(scan.skipped.iter().any(|skipped| missing(&skipped.reason)));
        let (scan, found) = walked(&[root], ALL);
        assert!(found.is_empty());
        assert!(scan.skipped.iter().all(|skipped| skipped.reason == SkipReason::Symlink));
    }

    #[test]
    fn a_walk_that_is_stopped_stops() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a"), []).unwrap();
        let walk = Walk::start(1);
        walk.stop();
        walk.run(&[folder.path().to_owned()], ALL, &|| ());
        assert_eq!((walk.scan().files, walk.scan().walking), (0, false));
    }
}
