//! A file system whose reads do not come back, as that of a dying disk or of a server that is gone. Knows files of zeros;
//! must not know who reads them.

use crate::place;
use fuser::{
    BackgroundSession, Config, Errno, FileAttr, FileHandle, FileType, Filesystem, Generation,
    INodeNo, LockOwner, MountOption, OpenFlags, ReplyAttr, ReplyData, ReplyEntry, Request,
};
use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, UNIX_EPOCH};
use tempfile::TempDir;

/// A program that blocks on it would block its test: it lets go by itself.
const LONGEST: Duration = Duration::from_secs(170);
const TTL: Duration = Duration::from_secs(60);

/// Mounted for as long as it is held. Every name is one of a file, `0` to `99`.
pub struct Stuck {
    state: Arc<State>,
    _session: BackgroundSession,
    folder: TempDir,
}

struct State {
    size: u64,
    stuck: AtomicBool,
    held: Mutex<Vec<ReplyData>>,
    came: Condvar,
}

impl Stuck {
    /// Files of so many bytes, none of which can be read.
    pub fn with_files_of(size: u64) -> Stuck {
        let (stuck, held) = (AtomicBool::new(true), Mutex::default());
        let state = Arc::new(State { size, stuck, held, came: Condvar::new() });
        let folder = place::scratch();
        let mut config = Config::default();
        config.mount_options = vec![MountOption::RO, MountOption::FSName("stuck".into())];
        let session = fuser::spawn_mount(Files(state.clone()), folder.path(), &config);
        let session =
            session.expect("a file system in user space: /dev/fuse, as root or by fusermount3");
        let later = Arc::downgrade(&state);
        std::thread::spawn(move || {
            std::thread::sleep(LONGEST);
            if let Some(state) = later.upgrade() {
                state.let_go();
            }
        });
        Stuck { state, _session: session, folder }
    }

    pub fn file(&self, number: u32) -> PathBuf {
        self.folder.path().join(number.to_string())
    }

    /// No read has come back.
    pub fn is_stuck(&self) -> bool {
        self.state.stuck.load(Ordering::Relaxed)
    }

    /// Waits until so many reads do not come back. To be called on a thread that may block.
    pub fn until_held(&self, reads: usize) {
        let held = self.state.held.lock().unwrap();
        let few = |held: &mut Vec<ReplyData>| held.len() < reads;
        let waited =
            self.state.came.wait_timeout_while(held, Duration::from_secs(60), few).unwrap();
        assert!(!waited.1.timed_out(), "only {} reads are held", waited.0.len());
    }
}

impl Drop for Stuck {
    fn drop(&mut self) {
        self.state.let_go();
        // whoever has a file open keeps it from going at once
        let _ = std::process::Command::new("umount").arg("-l").arg(self.folder.path()).status();
    }
}

impl State {
    /// Reads fail from now on, those that are held too.
    fn let_go(&self) {
        self.stuck.store(false, Ordering::Relaxed);
        for reply in self.held.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            reply.error(Errno::EIO);
        }
    }

    fn attributes(&self, ino: INodeNo) -> FileAttr {
        let is_root = ino == INodeNo::ROOT;
        FileAttr {
            ino,
            size: if is_root { 0 } else { self.size },
            blocks: self.size.div_ceil(512),
            atime: UNIX_EPOCH,
            mtime: UNIX_EPOCH,
            ctime: UNIX_EPOCH,
            crtime: UNIX_EPOCH,
            kind: if is_root { FileType::Directory } else { FileType::RegularFile },
            perm: if is_root { 0o755 } else { 0o644 },
            nlink: 1,
            uid: 0,
            gid: 0,
            rdev: 0,
            flags: 0,
            blksize: 4096,
        }
    }
}

struct Files(Arc<State>);

impl Filesystem for Files {
    fn lookup(&self, _: &Request, _: INodeNo, name: &OsStr, reply: ReplyEntry) {
        let number =
            name.to_str().and_then(|name| name.parse::<u64>().ok()).filter(|number| *number < 100);
        match number {
            Some(number) => {
                let attributes = self.0.attributes(INodeNo(number + 2));
                reply.entry(&TTL, &attributes, Generation(0));
            }
            None => reply.error(Errno::ENOENT),
        }
    }

    fn getattr(&self, _: &Request, ino: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        reply.attr(&TTL, &self.0.attributes(ino));
    }

    fn read(
        &self,
        _: &Request,
        _: INodeNo,
        _: FileHandle,
        _: u64,
        _: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        if !self.0.stuck.load(Ordering::Relaxed) {
            return reply.error(Errno::EIO);
        }
        self.0.held.lock().unwrap().push(reply);
        self.0.came.notify_all();
    }
}
