//! File operations that may never return: on a failing disk, or a network file system whose server is gone. They run on
//! blocking threads, never on those of the runtime, and are given up after a while. Invariant: a file system that does not
//! respond blocks only a few threads, however many files are on it.

use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::lock::locked;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// A disk that spins up takes seconds, and a file server that restarts a minute.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);
/// Data written by programs may first go to a slow disk at a few MB/s.
pub(crate) const FLUSH_LIMIT: Duration = Duration::from_mins(10);
/// Work that has not moved for half of its limit counts as stuck.
const STUCK: u32 = 2;
/// With this much stuck work, nothing more is started on a file system.
const MANY: usize = 4;

/// The progress of a piece of work, seen from outside.
pub(crate) struct Work {
    path: Arc<Path>,
    limit: Duration,
    /// ms since the first work of this process.
    moved: AtomicU64,
    called_off: AtomicBool,
}

static UNDER_WAY: Mutex<Vec<Arc<Work>>> = Mutex::new(Vec::new());

fn under_way() -> MutexGuard<'static, Vec<Arc<Work>>> {
    locked(&UNDER_WAY)
}

fn now() -> u64 {
    static FIRST: LazyLock<Instant> = LazyLock::new(Instant::now);
    u64::try_from(FIRST.elapsed().as_millis()).unwrap_or(u64::MAX)
}

impl Work {
    fn start(path: &Arc<Path>, limit: Duration) -> (Arc<Self>, Listed) {
        let (path, moved) = (path.clone(), AtomicU64::new(now()));
        let work = Arc::new(Self { path, limit, moved, called_off: AtomicBool::new(false) });
        under_way().push(work.clone());
        (work.clone(), Listed(work))
    }

    /// Records progress. Called at every step of long work.
    pub(crate) fn moves(&self) {
        self.moved.store(now(), Ordering::Relaxed);
    }

    /// Nobody waits for it any more.
    pub(crate) fn is_called_off(&self) -> bool {
        self.called_off.load(Ordering::Relaxed)
    }

    fn still_for(&self) -> Duration {
        Duration::from_millis(now().saturating_sub(self.moved.load(Ordering::Relaxed)))
    }

    fn is_stuck(&self) -> bool {
        self.still_for() >= self.limit / STUCK
    }
}

/// Running work, removed when it returns.
struct Listed(Arc<Work>);

impl Drop for Listed {
    fn drop(&mut self) {
        under_way().retain(|work| !Arc::ptr_eq(work, &self.0));
    }
}

struct CalledOff(Arc<Work>);

impl Drop for CalledOff {
    fn drop(&mut self) {
        self.0.called_off.store(true, Ordering::Relaxed);
    }
}

/// Runs work on a blocking thread.
///
/// # Errors
/// `SourceMissing`, if it has not moved for a minute, or much else on the same file system has not.
pub(crate) async fn on_disk<T: Send + 'static>(
    path: &Arc<Path>,
    work: impl FnOnce(&Work) -> T + Send + 'static,
) -> Result<T> {
    on_disk_within(LIMIT, path, work).await
}

/// The same, with another limit.
///
/// # Errors
/// `SourceMissing`, likewise.
pub(crate) async fn on_disk_within<T: Send + 'static>(
    limit: Duration,
    path: &Arc<Path>,
    work: impl FnOnce(&Work) -> T + Send + 'static,
) -> Result<T> {
    if is_stuck(path) {
        return Err(silent(path, LIMIT / STUCK));
    }
    let (seen, listed) = Work::start(path, limit);
    let _called_off = CalledOff(seen.clone());
    let mut done = tokio::task::spawn_blocking(move || {
        listed.0.moves();
        work(&listed.0)
    });
    loop {
        let rest = limit.saturating_sub(seen.still_for());
        if rest.is_zero() {
            return Err(silent(path, limit));
        }
        if let Ok(done) = tokio::time::timeout(rest, &mut done).await {
            return done.map_err(|_| Fault::new(FaultKind::Bug, "work on a file ended early"));
        }
    }
}

fn silent(path: &Path, time: Duration) -> Fault {
    let (path, seconds) = (path.display().to_string(), time.as_secs());
    Fault::because(FaultKind::SourceMissing, Reason::DiskSilent { path, seconds })
}

/// Whether too much work on this path's file system is stuck.
fn is_stuck(path: &Path) -> bool {
    let stuck: Vec<Arc<Path>> = {
        let under_way = under_way();
        let stuck = under_way.iter().filter(|work| work.is_stuck());
        stuck.map(|work| work.path.clone()).collect()
    };
    if stuck.len() < MANY {
        return false;
    }
    let mounts = mounts();
    let place = place(path, &mounts);
    stuck.iter().filter(|other| self::place(other, &mounts) == place).count() >= MANY
}

/// What fails together: a file system or a drive.
fn place<'a>(path: &'a Path, mounts: &'a [PathBuf]) -> &'a Path {
    let mount = mounts.iter().filter(|mount| path.starts_with(mount));
    let longest = mount.max_by_key(|mount| mount.as_os_str().len());
    longest.map_or_else(|| path.ancestors().last().unwrap_or(path), PathBuf::as_path)
}

/// Reads the list of mounts, without touching any of them.
#[cfg(target_os = "linux")]
fn mounts() -> Vec<PathBuf> {
    use std::os::unix::ffi::OsStringExt as _;
    let list = std::fs::read("/proc/self/mountinfo").unwrap_or_default();
    let lines = list.split(|byte| *byte == b'\n');
    let points = lines.filter_map(|line| line.split(|byte| *byte == b' ').nth(4));
    points.map(|point| std::ffi::OsString::from_vec(unescaped(point)).into()).collect()
}

/// A space is written as `\040` there.
#[cfg(target_os = "linux")]
fn unescaped(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, behind @ ..] = rest {
        let octal = behind.get(..3).filter(|_| *first == b'\\');
        let value = octal.and_then(|octal| std::str::from_utf8(octal).ok());
        match value.and_then(|value| u8::from_str_radix(value, 8).ok()) {
            Some(value) => {
                plain.push(value);
                rest = &behind[3..];
            }
            None => {
                plain.push(*first);
                rest = behind;
            }
        }
    }
    plain
}

/// On macOS each volume has a folder; elsewhere a path starts with its drive.
#[cfg(not(target_os = "linux"))]
fn mounts() -> Vec<PathBuf> {
    let volumes = std::fs::read_dir("/Volumes").into_iter().flatten().flatten();
    volumes.map(|volume| volume.path()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_lies_in_the_innermost_of_its_mounts() {
        let mounts = ["/", "/mnt", "/mnt/a b"].map(PathBuf::from);
        let of = |path: &'static str| place(Path::new(path), &mounts).to_path_buf();
        assert_eq!(of("/mnt/a b/c/d"), Path::new("/mnt/a b"));
        assert_eq!(of("/mnt/a bc"), Path::new("/mnt"));
        assert_eq!(of("/home/f"), Path::new("/"));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn mount_points_are_read_as_they_are_written() {
        assert_eq!(unescaped(br"/mnt/a\040b\134c\"), br"/mnt/a b\c\");
        assert!(mounts().contains(&PathBuf::from("/")));
    }
}
