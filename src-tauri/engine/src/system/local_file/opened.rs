//! A file that is open for reading by async tasks: data in memory is read at once, everything else on a blocking thread.

use super::{Fingerprint, check_end, open, open_unread, read_at, read_once, reading_failed};
use crate::fault::Result;
#[cfg(target_os = "linux")]
use crate::model::lock::locked;
use crate::system::disk::{Work, on_disk};
use std::fs::{File, Metadata};
use std::path::Path;
use std::sync::Arc;
#[cfg(target_os = "linux")]
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// A file up to this size is read at once, and its bytes are kept until they are stored.
const SMALL: usize = 64 * 1024;

pub(crate) struct Source {
    /// `None` while it is being closed.
    file: Option<File>,
    path: Arc<Path>,
    /// The file system can be asked for data in memory alone.
    remembers: bool,
    /// The content of a small file, as it was when it was opened.
    whole: Option<Vec<u8>>,
    /// It was opened on a blocking thread, so closing it may block, too.
    waited: AtomicBool,
}

impl Source {
    /// For blocking threads only.
    pub(crate) fn new(file: File, path: &Path) -> Self {
        let remembers = remembers(&file);
        if remembers {
            // brings the location of its first bytes into memory: `read_now` would have to wait for it
            let _ = read_at(&file, &mut [0], 0);
        }
        Self::with(file, path, remembers, None)
    }

    fn with(file: File, path: &Path, remembers: bool, whole: Option<Vec<u8>>) -> Self {
        let waited = AtomicBool::new(!remembers && whole.is_some());
        Self { file: Some(file), path: path.into(), remembers, whole, waited }
    }

    /// Opens a regular file.
    ///
    /// # Errors
    /// `SourceMissing`, with the reason, also if its disk does not respond.
    pub(crate) async fn open(path: &Path) -> Result<(Self, Fingerprint)> {
        let path: Arc<Path> = path.into();
        let place = path.clone();
        let opened = on_disk(&path, move |_| {
            let (file, fingerprint) = open(&place)?;
            Ok((Self::new(file, &place), fingerprint))
        });
        opened.await?
    }

    /// Opens a regular file to be sent. A small one is read at once, and these bytes are sent.
    ///
    /// # Errors
    /// `SourceMissing`, likewise.
    pub(crate) async fn open_to_send(path: &Path) -> Result<(Self, Fingerprint)> {
        if let Some(opened) = Self::small_now(path) {
            return Ok(opened);
        }
        let path: Arc<Path> = path.into();
        let place = path.clone();
        let opened = on_disk(&path, move |_| {
            let (file, fingerprint) = open_unread(&place)?;
            let size = fingerprint.size;
            let small = usize::try_from(size).ok().filter(|size| *size <= SMALL);
            // one byte more than its size, to notice a wrong size
            let mut whole = vec![0; small.unwrap_or(0) + 1];
            let read = small.map(|_| read_once(&file, &mut whole, 0)).transpose();
            let read = read.map_err(|error| reading_failed(&error))?;
            if read.is_none() || read != small {
                check_end(&file, size)?;
                // whoever reads it gets the error
                return Ok((Self::new(file, &place), fingerprint));
            }
            whole.truncate(small.unwrap_or(0));
            let remembers = remembers(&file);
            if remembers {
                remember_disk(&file);
            }
            Ok((Self::with(file, &place, remembers, Some(whole)), fingerprint))
        });
        opened.await?
    }

    /// Opens and reads a small file on this thread, if its path and bytes are in memory and its disk was read from before.
    /// `None` for every other file.
    #[cfg(target_os = "linux")]
    fn small_now(path: &Path) -> Option<(Self, Fingerprint)> {
        let file = open_now(path)?;
        let metadata = file.metadata().ok().filter(Metadata::is_file)?;
        let fingerprint = Fingerprint::from_file(&file, &metadata);
        let size =
            usize::try_from(fingerprint.size).ok().filter(|size| (1..=SMALL).contains(size))?;
        // one byte more than its size, as above
        let mut whole = vec![0; size + 1];
        if read_once_now(&file, &mut whole, 0) != Some(size) {
            return None;
        }
        whole.truncate(size);
        Some((Self::with(file, path, true, Some(whole)), fingerprint))
    }

    #[cfg(not(target_os = "linux"))]
    fn small_now(_: &Path) -> Option<(Self, Fingerprint)> {
        None
    }

    /// Fills the buffer from this offset with data in memory. False if not all of it is, or if the system cannot tell.
    /// For offsets near one that was read on a blocking thread, because the file system's metadata must be in memory,
    /// too.
    pub(crate) fn read_now(&self, buffer: &mut [u8], offset: u64) -> bool {
        if let Some(whole) = &self.whole {
            let from = usize::try_from(offset).unwrap_or(usize::MAX);
            let there = whole.get(from..from.saturating_add(buffer.len()));
            return there.map(|there| buffer.copy_from_slice(there)).is_some();
        }
        self.remembers && self.file.as_ref().is_some_and(|file| read_now(file, buffer, offset))
    }

    /// Reads on a blocking thread.
    ///
    /// # Errors
    /// `SourceMissing`, if the disk does not respond.
    pub(crate) async fn read<T: Send + 'static>(
        self: Arc<Self>,
        work: impl FnOnce(&File, &Work) -> std::io::Result<T> + Send + 'static,
    ) -> Result<std::io::Result<T>> {
        self.waited.store(true, Ordering::Relaxed);
        let path = self.path.clone();
        on_disk(&path, move |progress| match &self.file {
            Some(file) => work(file, progress),
            None => Err(std::io::ErrorKind::NotFound.into()),
        })
        .await
    }
}

impl Source {
    /// The fingerprint of this file, if it still has its path. `None` if the system would have to wait to tell, or if
    /// the path is another file's by now.
    pub(crate) fn looked_at_now(&self) -> Option<Fingerprint> {
        let file = self.file.as_ref().filter(|_| self.remembers)?;
        let metadata = file.metadata().ok()?;
        has_path_now(&metadata, &self.path).then(|| Fingerprint::from_file(file, &metadata))
    }

    /// Whether a small file has other bytes now than when it was opened. A write to mapped pages changes none of the
    /// file's times.
    ///
    /// # Errors
    /// `SourceMissing`, if the disk does not respond.
    pub(crate) async fn has_other_bytes(self: &Arc<Self>) -> Result<bool> {
        let Some(whole) = &self.whole else { return Ok(false) };
        let mut now = vec![0; whole.len()];
        let file = self.file.as_ref().filter(|_| self.remembers);
        if file.is_some_and(|file| read_now(file, &mut now, 0)) {
            return Ok(now != *whole);
        }
        let read = self.clone().read(move |file, _| {
            let filled = read_at(file, &mut now, 0)?;
            now.truncate(filled);
            Ok(now)
        });
        Ok(read.await?.map_or(true, |now| now != **whole))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// Whether the path leads to this file, as far as that is in memory: a link or a mount on the way may be on a disk that
/// does not respond. Linux 5.12 and later; no file system is asked.
#[cfg(target_os = "linux")]
fn has_path_now(file: &Metadata, path: &Path) -> bool {
    use rustix::fs::{
        AtFlags, CWD, Mode, OFlags, ResolveFlags, StatxFlags, makedev, openat2, statx,
    };
    use std::os::unix::fs::MetadataExt as _;
    let flags = OFlags::PATH | OFlags::CLOEXEC;
    let found = openat2(CWD, path, flags, Mode::empty(), ResolveFlags::CACHED);
    let flags = AtFlags::EMPTY_PATH | AtFlags::STATX_DONT_SYNC;
    let found = found.and_then(|found| statx(&found, "", flags, StatxFlags::INO));
    found.is_ok_and(|found| {
        let device = makedev(found.stx_dev_major, found.stx_dev_minor);
        (device, found.stx_ino) == (file.dev(), file.ino())
    })
}

/// Disks that keep to `RWF_NOWAIT`, by their device number. Only block devices: the number of any other file system may be
/// given to one in user space once it is unmounted.
#[cfg(target_os = "linux")]
static DISKS: Mutex<Vec<u64>> = Mutex::new(Vec::new());

#[cfg(target_os = "linux")]
fn remember_disk(file: &File) {
    use std::os::unix::fs::MetadataExt as _;
    if let Ok(metadata) = file.metadata() {
        let device = metadata.dev();
        let mut disks = locked(&DISKS);
        if rustix::fs::major(device) != 0 && !disks.contains(&device) {
            disks.push(device);
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn remember_disk(_: &File) {}

/// Opens a regular file of such a disk where nothing has to be waited for.
#[cfg(target_os = "linux")]
fn open_now(path: &Path) -> Option<File> {
    use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, ResolveFlags, StatxFlags};
    use rustix::fs::{makedev, openat2, statx};
    // found first, and opened once it is known where: opening may ask the file system
    let open =
        |flags| openat2(CWD, path, flags | OFlags::CLOEXEC, Mode::empty(), ResolveFlags::CACHED);
    let found = open(OFlags::PATH).ok()?;
    let flags = AtFlags::EMPTY_PATH | AtFlags::STATX_DONT_SYNC;
    let found = statx(&found, "", flags, StatxFlags::TYPE).ok()?;
    let device = makedev(found.stx_dev_major, found.stx_dev_minor);
    let is_file = FileType::from_raw_mode(found.stx_mode.into()) == FileType::RegularFile;
    if !is_file || !locked(&DISKS).contains(&device) {
        return None;
    }
    open(OFlags::RDONLY | OFlags::NONBLOCK).ok().map(File::from)
}

#[cfg(not(target_os = "linux"))]
fn has_path_now(_: &Metadata, _: &Path) -> bool {
    false
}

impl Drop for Source {
    fn drop(&mut self) {
        let file = self.file.take();
        if let (true, Ok(runtime)) =
            (self.waited.load(Ordering::Relaxed), tokio::runtime::Handle::try_current())
        {
            // some file systems ask their server when a file is closed
            runtime.spawn_blocking(move || drop(file));
        }
    }
}

/// File systems that honour `RWF_NOWAIT`. Those in user space and on a network wait for a readahead, or do not support
/// it.
#[cfg(target_os = "linux")]
fn remembers(file: &File) -> bool {
    /// ext4, XFS, Btrfs, F2FS, tmpfs, overlayfs: `statfs(2)`
    const KINDS: [u64; 6] =
        [0xEF53, 0x5846_5342, 0x9123_683E, 0xF2F5_2010, 0x0102_1994, 0x794C_7630];
    let found = rustix::fs::fstatfs(file);
    found.is_ok_and(|found| u64::try_from(found.f_type).is_ok_and(|kind| KINDS.contains(&kind)))
}

/// Other systems do not tell what is in memory.
#[cfg(not(target_os = "linux"))]
fn remembers(_: &File) -> bool {
    false
}

#[cfg(target_os = "linux")]
fn read_now(file: &File, buffer: &mut [u8], offset: u64) -> bool {
    let mut filled = 0;
    while filled < buffer.len() {
        match read_once_now(file, &mut buffer[filled..], offset + filled as u64) {
            Some(read) if read > 0 => filled += read,
            // at the end, not in memory, or not supported: a blocking read will tell
            _ => return false,
        }
    }
    true
}

/// One call, which may read less than there is; None where it would have to wait.
#[cfg(target_os = "linux")]
fn read_once_now(file: &File, buffer: &mut [u8], offset: u64) -> Option<usize> {
    use rustix::io::{Errno, ReadWriteFlags, preadv2};
    loop {
        let rest = &mut [std::io::IoSliceMut::new(buffer)];
        match preadv2(file, rest, offset, ReadWriteFlags::NOWAIT) {
            Err(Errno::INTR) => {}
            read => return read.ok(),
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn read_now(_: &File, _: &mut [u8], _: u64) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_small_file_is_read_once_and_a_change_of_it_seen() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("note");
        for size in [0, 1, SMALL, SMALL + 1] {
            std::fs::write(&path, vec![1; size]).unwrap();
            let (source, fingerprint) = Source::open_to_send(&path).await.unwrap();
            assert_eq!(fingerprint.size, size as u64);
            std::fs::write(&path, vec![2; size]).unwrap();
            let mut buffer = vec![0; size];
            let kept = if size <= SMALL { 1 } else { 2 };
            assert!(!source.remembers || source.read_now(&mut buffer, 0), "{size}");
            assert!(!source.remembers || buffer.iter().all(|byte| *byte == kept), "{size}");
            assert!(!source.read_now(&mut [0; 2], size as u64), "nothing is behind its end");
            std::fs::write(&path, vec![3; size + 1]).unwrap();
            let now = source.looked_at_now();
            assert!(now.is_none_or(|now| !now.is_same(&fingerprint)), "{size}");
            let source = Arc::new(source);
            let differs = source.has_other_bytes().await.unwrap();
            #[cfg(target_os = "linux")]
            if !locked(&DISKS).is_empty() {
                // its new size may be more than that of a small file
                let again = Source::small_now(&path);
                assert_eq!(
                    again.map(|(_, now)| now.size),
                    (size < SMALL).then_some(size as u64 + 1)
                );
            }
            assert_eq!(differs, (1..=SMALL).contains(&size), "{size}");
            let other = folder.path().join("other");
            std::fs::write(&other, b"elsewhere").unwrap();
            std::fs::rename(&other, &path).unwrap();
            assert!(source.looked_at_now().is_none(), "the path is another file's");
        }
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn nothing_but_a_regular_file_of_a_known_disk_is_opened_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("note");
        std::fs::write(&path, b"here").unwrap();
        Source::open_to_send(&path).await.unwrap();
        for other in [Path::new("/proc/self/status"), Path::new("/dev/null"), folder.path()] {
            assert!(Source::small_now(other).is_none(), "{}", other.display());
        }
    }
}
