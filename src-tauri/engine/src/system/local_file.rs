//! Local files: fingerprints, and reading at a position.

mod late;
mod opened;

pub(crate) use late::{Opened, open_flushed};

pub(crate) use opened::Source;

use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::system::disk::on_disk;
use crate::system::paths::verbatim;
use std::fs::{File, Metadata};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The state of a file, enough to notice that it changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    pub size: u64,
    /// ns since 1970.
    pub modified_ns: i64,
    /// The inode on Unix, the file index on Windows.
    pub file_id: u64,
    /// The change time (ctime) in ns since 1970, which no program sets back. 0 if it is not known.
    pub changed_ns: i64,
}

impl Fingerprint {
    /// Of an open file.
    fn from_file(file: &File, metadata: &Metadata) -> Self {
        Self::new(metadata, file_id(file, metadata), changed_ns(file, metadata))
    }

    #[cfg(unix)]
    fn at(path: &Path) -> std::io::Result<Self> {
        std::fs::metadata(path).map(|metadata| Self::from_metadata(&metadata))
    }

    /// Opens it to look at it only, which no other program can refuse.
    #[cfg(windows)]
    fn at(path: &Path) -> std::io::Result<Self> {
        use std::os::windows::fs::OpenOptionsExt;
        /// `FILE_FLAG_BACKUP_SEMANTICS`: a folder may be opened, too.
        const FOLDERS_TOO: u32 = 0x0200_0000;
        let mut options = File::options();
        let file = options.access_mode(0).custom_flags(FOLDERS_TOO).open(verbatim(path))?;
        file.metadata().map(|metadata| Self::from_file(&file, &metadata))
    }

    #[cfg(unix)]
    fn from_metadata(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self::new(metadata, metadata.ino(), ctime(metadata))
    }

    fn new(metadata: &Metadata, file_id: u64, changed_ns: i64) -> Self {
        let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let modified_ns = since.and_then(|since| i64::try_from(since.as_nanos()).ok()).unwrap_or(0);
        Self { size: metadata.len(), modified_ns, file_id, changed_ns }
    }
}

impl Fingerprint {
    /// Whether it is the same file in the same state, as far as both are known.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.is_like(other) && self.file_id == other.file_id
    }

    /// The same, ignoring the ID, which some network file systems assign anew each time.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let changed = [self.changed_ns, other.changed_ns];
        self.size == other.size
            && self.modified_ns == other.modified_ns
            && (changed.contains(&0) || changed[0] == changed[1])
    }

    /// When it was last written, in ns since 1970. Times from cameras and memory cards may be in the future.
    fn written_ns(&self) -> i64 {
        if self.changed_ns == 0 { self.modified_ns } else { self.changed_ns }
    }

    /// How long ago it was last written, by the system's clock. Zero for a time in the future.
    pub(crate) fn age(&self) -> Duration {
        let written = Duration::from_nanos(u64::try_from(self.written_ns()).unwrap_or(0));
        SystemTime::now().duration_since(UNIX_EPOCH + written).unwrap_or_default()
    }

    /// If it was written within the current tick of the file system's clock: how long until another write would show.
    pub(crate) fn young(&self) -> Option<Duration> {
        let tick = tick(self.written_ns());
        if self.ahead() > tick {
            // from a camera whose clock is wrong: a write from now on has another time
            return None;
        }
        tick.checked_sub(self.age()).filter(|rest| !rest.is_zero())
    }

    /// How far its time is in the future.
    fn ahead(&self) -> Duration {
        let written = Duration::from_nanos(u64::try_from(self.written_ns()).unwrap_or(0));
        (UNIX_EPOCH + written).duration_since(SystemTime::now()).unwrap_or_default()
    }
}

/// A file system with times finer than milliseconds ticks with the kernel (10 ms or less); others may have a resolution
/// of two seconds (FAT).
fn tick(written_ns: i64) -> Duration {
    if written_ns % 1_000_000 == 0 { Duration::from_secs(2) } else { Duration::from_millis(20) }
}

/// The fingerprint of the file at this path.
///
/// # Errors
/// `SourceMissing`.
pub(crate) async fn fingerprint(path: &Path) -> Result<Fingerprint> {
    let path: Arc<Path> = path.into();
    let place = path.clone();
    let fingerprint = on_disk(&path, move |_| Fingerprint::at(&place)).await?;
    fingerprint.map_err(|error| Fault::source(&path, &error))
}

#[cfg(unix)]
fn file_id(_: &File, metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

/// Not the time of creation: NTFS gives a file that takes a name the one of the file that had it before.
#[cfg(windows)]
fn file_id(file: &File, _: &Metadata) -> u64 {
    winapi_util::file::information(file).map_or(0, |information| information.file_index())
}

#[cfg(unix)]
fn changed_ns(_: &File, metadata: &Metadata) -> i64 {
    ctime(metadata)
}

#[cfg(windows)]
fn changed_ns(file: &File, _: &Metadata) -> i64 {
    windlass_change_time::change_time(file).unwrap_or(0)
}

#[cfg(unix)]
fn ctime(metadata: &Metadata) -> i64 {
    use std::os::unix::fs::MetadataExt as _;
    metadata.ctime().saturating_mul(1_000_000_000).saturating_add(metadata.ctime_nsec())
}

/// Opens a regular file. A folder, a socket or a device is rejected.
///
/// # Errors
/// `SourceMissing`, with the reason.
pub(crate) fn open(path: &Path) -> Result<(File, Fingerprint)> {
    let (file, fingerprint) = open_unread(path)?;
    check_end(&file, fingerprint.size)?;
    Ok((file, fingerprint))
}

/// The same, for reading it to its end.
fn open_unread(path: &Path) -> Result<(File, Fingerprint)> {
    // checked before opening: opening a pipe would wait for its writer
    regular(path)?;
    let file = opened(path).map_err(|e| Fault::source(path, &e))?;
    let metadata = file.metadata().map_err(|e| Fault::source(path, &e))?;
    // it may have been replaced in between
    let fingerprint = Fingerprint::from_file(&file, &is_regular(metadata, path)?);
    Ok((file, fingerprint))
}

/// If a pipe has taken the name meanwhile, this does not wait for it.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn opened(path: &Path) -> std::io::Result<File> {
    use rustix::fs::{Mode, OFlags, open};
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
    Ok(open(path, flags, Mode::empty())?.into())
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn opened(path: &Path) -> std::io::Result<File> {
    File::open(verbatim(path))
}

/// The fingerprint of a regular file that can be read, as far as that shows without opening it.
///
/// # Errors
/// `SourceMissing`, with the reason.
pub(crate) fn look(path: &Path) -> Result<Fingerprint> {
    #[cfg(any(target_os = "linux", target_vendor = "apple"))]
    {
        let metadata = regular(path)?;
        // an empty file may contain more than its size says, like those in /proc
        if metadata.len() > 0 {
            rustix::fs::access(path, rustix::fs::Access::READ_OK)
                .map_err(|error| Fault::source(path, &error.into()))?;
            return Ok(Fingerprint::from_metadata(&metadata));
        }
    }
    open(path).map(|(_, fingerprint)| fingerprint)
}

fn regular(path: &Path) -> Result<Metadata> {
    is_regular(std::fs::metadata(verbatim(path)).map_err(|e| Fault::source(path, &e))?, path)
}

fn is_regular(metadata: Metadata, path: &Path) -> Result<Metadata> {
    if metadata.is_file() {
        return Ok(metadata);
    }
    let path = path.display().to_string();
    let reason =
        if metadata.is_dir() { Reason::IsFolder { path } } else { Reason::NoFile { path } };
    Err(Fault::because(FaultKind::SourceMissing, reason))
}

/// A file's size is not always what can be read: in /proc and /sys, and if a network file system reports an old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the file is said to have {size} bytes")]
pub(crate) struct WrongSize {
    pub(crate) size: u64,
    /// `None` is more than its size.
    pub(crate) read: Option<u64>,
}

impl From<WrongSize> for std::io::Error {
    fn from(wrong: WrongSize) -> Self {
        Self::new(std::io::ErrorKind::InvalidData, wrong)
    }
}

/// The fault of a file that was open and could not be read.
pub(crate) fn reading_failed(error: &std::io::Error) -> Fault {
    let reason = match error.get_ref().and_then(|error| error.downcast_ref::<WrongSize>()) {
        Some(WrongSize { size, read }) => Reason::WrongSize { size: *size, read: *read },
        None => Reason::ReadingFailed { cause: error.to_string() },
    };
    Fault::because(FaultKind::SourceMissing, reason)
}

/// The same, for a file that is being sent: if it became shorter, it changed.
pub(crate) fn sending_failed(error: &std::io::Error) -> Fault {
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof => {
            Fault::because(FaultKind::SourceChanged, Reason::ChangedWhileSent)
        }
        _ => reading_failed(error),
    }
}

/// Rejects a file that has data past its end although it did not grow, and an empty one that cannot be read.
///
/// # Errors
/// `SourceMissing`.
fn check_end(file: &File, size: u64) -> Result<()> {
    let grew = || file.metadata().is_ok_and(|now| now.len() != size);
    match read_at(file, &mut [0], size) {
        Ok(read) if read > 0 && !grew() => {
            Err(reading_failed(&WrongSize { size, read: None }.into()))
        }
        // reading a longer file meets its error there
        Err(error) if size == 0 => Err(reading_failed(&error)),
        _ => Ok(()),
    }
}

/// Why a read ended early: `UnexpectedEof` if the file became shorter, `WrongSize` if its size says that it did not.
pub(crate) fn ended_early(file: &File, at: u64) -> std::io::Error {
    let size = || file.metadata().map(|metadata| metadata.len()).ok().filter(|size| *size > at);
    // once more: it may have become shorter and grown again meanwhile
    match (size(), read_at(file, &mut [0], at), size()) {
        (Some(_), Ok(0), Some(size)) => WrongSize { size, read: Some(at) }.into(),
        _ => std::io::ErrorKind::UnexpectedEof.into(),
    }
}

/// Fills the buffer from this offset. Ends early only at the end of the file.
///
/// # Errors
/// The system's.
pub(crate) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> std::io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match read_once(file, &mut buffer[filled..], offset + filled as u64) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// A single call, which may read less than is available.
fn read_once(file: &File, buffer: &mut [u8], offset: u64) -> std::io::Result<usize> {
    #[cfg(unix)]
    return std::os::unix::fs::FileExt::read_at(file, buffer, offset);
    #[cfg(windows)]
    return std::os::windows::fs::FileExt::seek_read(file, buffer, offset);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_is_still_to_come_is_not_waited_for() {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let at = |seconds: u64| Fingerprint {
            size: 1,
            modified_ns: i64::try_from(seconds * 1_000_000_000).unwrap(),
            file_id: 1,
            changed_ns: 0,
        };
        assert_eq!(at(now + 24 * 60 * 60).young(), None, "of a camera's clock");
        assert!(at(now).young().is_some(), "written just now");
        assert_eq!(at(now - 60).young(), None);
    }

    #[test]
    fn a_folder_or_a_hole_is_no_file() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(open(folder.path()).unwrap_err().kind, FaultKind::SourceMissing);
        let fault = open(&folder.path().join("x")).unwrap_err();
        assert!(matches!(fault.reason.get(), Some(Reason::FileGone { .. })), "{fault:?}");
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
