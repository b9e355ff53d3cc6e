//! Detects writes that do not change a file's times: by a program that has it mapped, on another computer's drive, or still in
//! memory.

use super::{Fingerprint, Result, Source};
use crate::system::disk::{FLUSH_LIMIT, on_disk, on_disk_within};
#[cfg(windows)]
use crate::system::paths::verbatim;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// An open file, and whether a later write will show in its fingerprint.
pub(crate) struct Opened {
    pub(crate) file: Source,
    pub(crate) fingerprint: Fingerprint,
    pub(crate) shows_writes: bool,
}

/// Opens the file after its dirty pages are written to disk. Until then, further writes to the same mapped pages change
/// no times (`mmap`(2): they are updated "at some point after the write … and before a subsequent msync").
///
/// # Errors
/// `SourceMissing`, with the reason, also if its disk does not respond.
pub(crate) async fn open_flushed(path: &Path) -> Result<Opened> {
    let path: Arc<Path> = path.into();
    let place = path.clone();
    let (file, before) = on_disk(&path, move |_| super::open(&place)).await??;
    // needs no permission to write on Unix; if it is refused, the file system is one that is not trusted below
    let flushed = on_disk_within(FLUSH_LIMIT, &path, move |_| {
        let flushed = file.sync_data().is_ok();
        wait_for_write(&file);
        flushed
    });
    let flushed = flushed.await?;
    let place = path.clone();
    let opened = on_disk(&path, move |_| {
        let (file, fingerprint) = super::open(&place)?;
        let is_late = is_late(&file) || has_writer(&place);
        Ok((Source::new(file, &place), fingerprint, is_late))
    });
    let (file, fingerprint, is_late) = opened.await??;
    let is_steady = before == fingerprint && fingerprint.young().is_none();
    let shows_writes = (flushed || cfg!(windows)) && is_steady && !is_late;
    Ok(Opened { file, fingerprint, shows_writes })
}

/// Waits for a write in progress: its time is that of its start, so that the rest of it would not show. On ext4 this
/// asks for the lock that a write holds.
#[cfg(target_os = "linux")]
fn wait_for_write(file: &File) {
    let _ = rustix::fs::seek(file, rustix::fs::SeekFrom::Data(0));
}

#[cfg(not(target_os = "linux"))]
fn wait_for_write(_: &File) {}

/// Whether its file system may show a write late, or never.
#[cfg(target_os = "linux")]
fn is_late(file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    let mounts = std::fs::read_to_string("/proc/self/mountinfo");
    let device = file.metadata().map(|metadata| metadata.dev());
    match (mounts, device) {
        (Ok(mounts), Ok(device)) => type_of(&mounts, device).is_some_and(shows_late),
        _ => false,
    }
}

/// A file system without change times, such as FAT, does not show a write whose time is put back.
#[cfg(windows)]
fn is_late(file: &File) -> bool {
    windlass_change_time::change_time(file).is_none()
}

#[cfg(not(any(target_os = "linux", windows)))]
fn is_late(_file: &File) -> bool {
    false
}

/// The file system type of a device, from `proc_pid_mountinfo`(5).
#[cfg(any(target_os = "linux", test))]
fn type_of(mounts: &str, device: u64) -> Option<&str> {
    // glibc's encoding: the lower twelve bits of each below, the rest above
    let major = ((device >> 8) & 0xfff) | ((device >> 32) & !0xfff);
    let minor = (device & 0xff) | ((device >> 12) & !0xff);
    let number = format!("{major}:{minor}");
    mounts.lines().find_map(|line| {
        let (mount, source) = line.split_once(" - ")?;
        (mount.split(' ').nth(2)? == number).then(|| source.split(' ').next())?
    })
}

/// File systems in memory write nothing back, so times never change; network drives report cached times.
#[cfg(any(target_os = "linux", test))]
fn shows_late(file_system: &str) -> bool {
    const LATE: [&str; 14] = [
        "tmpfs", "ramfs", "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "lustre", "afs",
        "vboxsf", "fuse", "fuseblk",
    ];
    LATE.contains(&file_system) || file_system.starts_with("fuse.")
}

/// NTFS updates the time of a write only once the writer has closed the file, and lets nobody open it against a writer.
#[cfg(windows)]
fn has_writer(path: &Path) -> bool {
    use std::os::windows::fs::OpenOptionsExt;
    const SHARE_READ_AND_DELETE: u32 = 1 | 4;
    let path = verbatim(path);
    let is_network = std::fs::canonicalize(&path).is_ok_and(|path| {
        use std::path::{Component, Prefix};
        matches!(path.components().next(), Some(Component::Prefix(prefix))
            if matches!(prefix.kind(), Prefix::UNC(..) | Prefix::VerbatimUNC(..)))
    });
    let mut options = File::options();
    is_network || options.read(true).share_mode(SHARE_READ_AND_DELETE).open(path).is_err()
}

#[cfg(not(windows))]
fn has_writer(_path: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_of_a_file_system_is_found_by_its_device() {
        let mounts = "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n\
            23 22 0:5 / /mnt/film\\040store rw shared:2 master:1 - nfs4 nas:/film rw\n\
            24 22 8:300 / /card rw - fuseblk /dev/sdq12 rw\n";
        assert_eq!(type_of(mounts, 254 << 8), Some("ext4"));
        assert_eq!(type_of(mounts, 5), Some("nfs4"));
        assert_eq!(type_of(mounts, (8 << 8) | (1 << 20) | 44), Some("fuseblk"));
        assert_eq!(type_of(mounts, 6), None);
        assert!(["nfs4", "cifs", "tmpfs", "fuse.sshfs"].into_iter().all(shows_late));
        assert!(!["ext4", "xfs", "btrfs", "overlay", "fusectl"].into_iter().any(shows_late));
    }
}
