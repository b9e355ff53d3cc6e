//! A file that is open to be read, from tasks that must not wait for a disk: at once what is in memory, all else on a thread
//! that may block. Knows no upload.

use super::{Fingerprint, open, read_at};
use crate::disk::{Work, on_disk};
use crate::fault::Outcome;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub(crate) struct Source {
    /// None: it is being closed.
    file: Option<File>,
    path: Arc<Path>,
    /// Its file system can be asked for what is in memory alone.
    remembers: bool,
    /// It was waited for, so that closing it may take as long.
    waited: AtomicBool,
}

impl Source {
    /// To be made where a thread may block.
    pub(crate) fn of(file: File, path: &Path) -> Self {
        let remembers = remembers(&file);
        if remembers {
            // where its first bytes lie is in memory from now on: `read_now` would have to wait for that
            let _ = read_at(&file, &mut [0], 0);
        }
        Self { file: Some(file), path: path.into(), remembers, waited: AtomicBool::new(false) }
    }

    /// Opens a regular file.
    ///
    /// # Errors
    /// `SourceMissing`, saying why; also where its disk does not answer.
    pub(crate) async fn open(path: &Path) -> Outcome<(Self, Fingerprint)> {
        let path: Arc<Path> = path.into();
        let place = path.clone();
        let opened = on_disk(&path, move |_| {
            let (file, fingerprint) = open(&place)?;
            Ok((Self::of(file, &place), fingerprint))
        });
        opened.await?
    }

    /// Fills the buffer from this offset with what is in memory. False where that is not all there, or where the system
    /// cannot tell. To be asked of a place near one that was read on a thread that may block: what the file system has to
    /// know to find it must be in memory too.
    pub(crate) fn read_now(&self, buffer: &mut [u8], offset: u64) -> bool {
        self.remembers && self.file.as_ref().is_some_and(|file| read_now(file, buffer, offset))
    }

    /// Reads on a thread that may block.
    ///
    /// # Errors
    /// `SourceMissing` where the disk does not answer.
    pub(crate) async fn read<T: Send + 'static>(
        self: Arc<Self>,
        work: impl FnOnce(&File, &Work) -> std::io::Result<T> + Send + 'static,
    ) -> Outcome<std::io::Result<T>> {
        self.waited.store(true, Ordering::Relaxed);
        let path = self.path.clone();
        on_disk(&path, move |progress| match &self.file {
            Some(file) => work(file, progress),
            None => Err(std::io::ErrorKind::NotFound.into()),
        })
        .await
    }
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

/// File systems that keep to `RWF_NOWAIT`. Those in user space and over a network were seen to wait for a read ahead, or do
/// not know it.
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
    use rustix::io::{Errno, ReadWriteFlags, preadv2};
    use std::io::IoSliceMut;
    let mut filled = 0;
    while filled < buffer.len() {
        let rest = &mut [IoSliceMut::new(&mut buffer[filled..])];
        match preadv2(file, rest, offset + filled as u64, ReadWriteFlags::NOWAIT) {
            Ok(read) if read > 0 => filled += read,
            Err(Errno::INTR) => {}
            // at the end, or not in memory, or a file system that does not know: a read that may wait tells
            _ => return false,
        }
    }
    true
}

#[cfg(not(target_os = "linux"))]
fn read_now(_: &File, _: &mut [u8], _: u64) -> bool {
    false
}
