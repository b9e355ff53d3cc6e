//! The local side: a file's fingerprint, reading it by position, walking what was dropped. Knows no server.

use crate::fault::{Fault, FaultKind, Outcome};
use crate::plan::{Plan, check_key};
use serde::Serialize;
use std::fs::{File, Metadata};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Enough of a file's state to see that it is another one now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    pub size: u64,
    /// ns since 1970
    pub modified_ns: i64,
    /// The inode on Unix, the time of creation elsewhere.
    pub file_id: u64,
}

impl Fingerprint {
    fn of(metadata: &Metadata) -> Self {
        let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let modified_ns = since.and_then(|since| i64::try_from(since.as_nanos()).ok()).unwrap_or(0);
        Self { size: metadata.len(), modified_ns, file_id: file_id(metadata) }
    }
}

impl Fingerprint {
    /// The same but for the id, which some network file systems give out anew at every look.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.size == other.size && self.modified_ns == other.modified_ns
    }

    /// Since it was last written, by the system's clock; nothing for a time that is still to come.
    pub(crate) fn age(&self) -> Duration {
        let modified = Duration::from_nanos(u64::try_from(self.modified_ns).unwrap_or(0));
        SystemTime::now().duration_since(UNIX_EPOCH + modified).unwrap_or_default()
    }

    /// Written within the tick of the file system's clock: how long until a further write would show.
    pub(crate) fn young(&self) -> Option<Duration> {
        tick(self.modified_ns).checked_sub(self.age()).filter(|rest| !rest.is_zero())
    }
}

/// A file system that tells less than milliseconds ticks with the kernel (10 ms and less); one that does not may tell two
/// seconds only (FAT).
fn tick(modified_ns: i64) -> Duration {
    if modified_ns % 1_000_000 == 0 { Duration::from_secs(2) } else { Duration::from_millis(20) }
}

/// The fingerprint of the file that has this path now.
///
/// # Errors
/// `SourceMissing`.
pub(crate) fn fingerprint(path: &Path) -> Outcome<Fingerprint> {
    std::fs::metadata(path)
        .map(|metadata| Fingerprint::of(&metadata))
        .map_err(|error| Fault::source(path, &error))
}

#[cfg(unix)]
fn file_id(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn file_id(metadata: &Metadata) -> u64 {
    let since = metadata.created().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.and_then(|since| u64::try_from(since.as_nanos()).ok()).unwrap_or(0)
}

/// Opens a regular file; a folder, a socket or a device is refused in words.
///
/// # Errors
/// `SourceMissing`, saying why.
pub fn open(path: &Path) -> Outcome<(File, Fingerprint)> {
    // asked before opening: opening a pipe would wait for its writer
    let metadata = std::fs::metadata(path).map_err(|e| Fault::source(path, &e))?;
    if !metadata.is_file() {
        let what = if metadata.is_dir() { "a folder" } else { "no ordinary file" };
        return Err(Fault::new(
            FaultKind::SourceMissing,
            format!("This is {what}: {}", path.display()),
        ));
    }
    let file = File::open(path).map_err(|e| Fault::source(path, &e))?;
    let metadata = file.metadata().map_err(|e| Fault::source(path, &e))?;
    Ok((file, Fingerprint::of(&metadata)))
}

/// Fills the buffer from this offset. Ends early only at the end of the file.
///
/// # Errors
/// The system's own.
pub(crate) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> std::io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        let at = offset + filled as u64;
        #[cfg(unix)]
        let read = std::os::unix::fs::FileExt::read_at(file, &mut buffer[filled..], at);
        #[cfg(windows)]
        let read = std::os::windows::fs::FileExt::seek_read(file, &mut buffer[filled..], at);
        match read {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// A file that a walk found.
#[derive(Clone, Debug)]
pub struct Found {
    pub path: PathBuf,
    /// Its key under the prefix: the dropped folder's name and what is below, with forward slashes.
    pub relative: String,
    pub fingerprint: Fingerprint,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Skipped {
    pub path: String,
    pub why: SkipReason,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum SkipReason {
    /// `.DS_Store`, `Thumbs.db`, `desktop.ini`: what file managers leave behind.
    Clutter,
    /// A link inside a folder: it could lead anywhere, and in circles.
    Symlink,
    /// A socket, a pipe, a device.
    Special,
    Fault {
        fault: Fault,
    },
}

/// A walk as it stands. Sizes in bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Survey {
    pub id: u32,
    pub walking: bool,
    pub files: u32,
    pub folders: u32,
    pub bytes: u64,
    pub largest: u64,
    /// Files that go as one PUT.
    pub single: u32,
    /// Files that go in parts, their parts in all, and the largest part size among them.
    pub multipart: u32,
    pub parts: u64,
    pub part_size: u64,
    /// The first names.
    pub names: Vec<String>,
    /// The first of what is left out.
    pub skipped: Vec<Skipped>,
    pub skipped_count: u32,
}

const SHOWN_NAMES: usize = 20;
const SHOWN_SKIPPED: usize = 100;

#[derive(Default)]
struct Progress {
    survey: Survey,
    found: Vec<Found>,
}

/// A walk of what was dropped. Runs on a blocking thread; everybody else looks at its progress.
#[derive(Clone, Default)]
pub struct Walk {
    progress: Arc<Mutex<Progress>>,
    stopped: Arc<AtomicBool>,
}

impl Walk {
    pub(crate) fn begin(id: u32) -> Self {
        let walk = Self::default();
        walk.progress().survey = Survey { id, walking: true, ..Survey::default() };
        walk
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn survey(&self) -> Survey {
        self.progress().survey.clone()
    }

    /// What was found so far.
    pub(crate) fn found(&self) -> Vec<Found> {
        self.progress().found.clone()
    }

    pub(crate) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Blocks until all is walked, or it was stopped. `part_size` is the user's wish for the plan that is shown.
    pub(crate) fn run(&self, paths: &[PathBuf], part_size: Option<u64>) {
        for path in paths {
            if path.is_dir() {
                self.folder(path, part_size);
            } else {
                match open(path) {
                    Ok((_, fingerprint)) => {
                        let relative = path.file_name().and_then(|name| name.to_str());
                        self.file(path, relative.map(ToOwned::to_owned), fingerprint, part_size);
                    }
                    Err(fault) => self.skip(path, SkipReason::Fault { fault }),
                }
            }
        }
        self.progress().survey.walking = false;
    }

    fn folder(&self, root: &Path, part_size: Option<u64>) {
        // the folder itself is kept in the keys; what is dropped as "/" or ".." has no name and adds none
        let base = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        let top = base.file_name().map(PathBuf::from).unwrap_or_default();
        for entry in walkdir::WalkDir::new(root).sort_by_file_name() {
            if self.stopped.load(Ordering::Relaxed) {
                return;
            }
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let path = error.path().unwrap_or(root).to_owned();
                    let cause =
                        error.into_io_error().unwrap_or_else(|| std::io::ErrorKind::Other.into());
                    self.skip(&path, SkipReason::Fault { fault: Fault::source(&path, &cause) });
                    continue;
                }
            };
            let (path, kind) = (entry.path(), entry.file_type());
            if kind.is_dir() {
                self.progress().survey.folders += 1;
            } else if entry.path_is_symlink() {
                self.skip(path, SkipReason::Symlink);
            } else if !kind.is_file() {
                self.skip(path, SkipReason::Special);
            } else if is_clutter(path) {
                self.skip(path, SkipReason::Clutter);
            } else {
                match open(path) {
                    Ok((_, fingerprint)) => {
                        let below = path.strip_prefix(root).unwrap_or(path);
                        self.file(path, key_of(&top.join(below)), fingerprint, part_size);
                    }
                    Err(fault) => self.skip(path, SkipReason::Fault { fault }),
                }
            }
        }
    }

    fn file(
        &self,
        path: &Path,
        relative: Option<String>,
        fingerprint: Fingerprint,
        part_size: Option<u64>,
    ) {
        let Some(relative) = relative else {
            let fault = Fault::new(
                FaultKind::Unsupported,
                "S3 keys are UTF-8 and this name is not; rename the file to upload it",
            );
            return self.skip(path, SkipReason::Fault { fault });
        };
        let plan = match check_key(&relative).and_then(|()| Plan::of(fingerprint.size, part_size)) {
            Ok(plan) => plan,
            Err(fault) => return self.skip(path, SkipReason::Fault { fault }),
        };
        let mut progress = self.progress();
        let survey = &mut progress.survey;
        survey.files += 1;
        survey.bytes += fingerprint.size;
        survey.largest = survey.largest.max(fingerprint.size);
        match plan {
            Plan::Single => survey.single += 1,
            Plan::Multipart { part_size, parts } => {
                survey.multipart += 1;
                survey.parts += u64::from(parts);
                survey.part_size = survey.part_size.max(part_size);
            }
        }
        if survey.names.len() < SHOWN_NAMES {
            survey.names.push(relative.clone());
        }
        progress.found.push(Found { path: path.to_owned(), relative, fingerprint });
    }

    fn skip(&self, path: &Path, why: SkipReason) {
        let survey = &mut self.progress().survey;
        survey.skipped_count += 1;
        if survey.skipped.len() < SHOWN_SKIPPED {
            survey.skipped.push(Skipped { path: path.display().to_string(), why });
        }
    }
}

fn is_clutter(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name == ".DS_Store" || name == "Thumbs.db" || name == "desktop.ini")
}

/// None where a component is not UTF-8.
fn key_of(relative: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> =
        relative.components().map(|part| part.as_os_str().to_str()).collect();
    Some(parts?.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walked(paths: &[PathBuf]) -> (Survey, Vec<Found>) {
        let walk = Walk::begin(1);
        walk.run(paths, None);
        (walk.survey(), walk.found())
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

        let (survey, found) = walked(&[root, missing]);
        let keys: Vec<&str> = found.iter().map(|file| file.relative.as_str()).collect();
        assert_eq!(keys, ["day 1 ü/a/b/clip.mov", "day 1 ü/empty"]);
        assert_eq!((survey.files, survey.bytes, survey.single, survey.walking), (2, 10, 2, false));
        let why: Vec<&SkipReason> = survey.skipped.iter().map(|skipped| &skipped.why).collect();
        assert!(why.contains(&&SkipReason::Clutter));
        #[cfg(unix)]
        assert!(why.contains(&&SkipReason::Symlink));
        assert!(why.iter().any(|why| matches!(why, SkipReason::Fault { fault } if fault.kind == FaultKind::SourceMissing)));
    }

    #[cfg(unix)]
    #[test]
    fn a_name_that_is_no_utf8_is_told_and_left_out() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(std::ffi::OsStr::from_bytes(b"bad\xff.bin"));
        std::fs::write(&path, [1]).unwrap();
        let (survey, found) = walked(&[path]);
        assert!(found.is_empty());
        let [Skipped { why: SkipReason::Fault { fault }, .. }] = &survey.skipped[..] else {
            panic!("{survey:?}")
        };
        assert_eq!(fault.kind, FaultKind::Unsupported);
    }

    #[test]
    fn a_folder_or_a_hole_is_no_file() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(open(folder.path()).unwrap_err().kind, FaultKind::SourceMissing);
        assert!(open(&folder.path().join("x")).unwrap_err().detail.contains("no file"));
    }

    #[test]
    fn reading_by_position_stops_at_the_end() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), b"0123456789").unwrap();
        let mut buffer = [0; 8];
        assert_eq!(read_at(file.as_file(), &mut buffer, 4).unwrap(), 6);
        assert_eq!(&buffer[..6], b"456789");
    }
}
