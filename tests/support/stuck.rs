//! A file system whose reads never return, like that of a failing disk or an unreachable server.

use crate::place;
use fuser::{
    BackgroundSession, Config, Errno, FileAttr, FileHandle, FileType, Filesystem, Generation,
    INodeNo, LockOwner, MountOption, OpenFlags, ReplyAttr, ReplyData, ReplyEntry, Request,
};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, UNIX_EPOCH};
use tempfile::TempDir;

/// A program that blocks on it would block its test: it lets go by itself.
const LONGEST: Duration = Duration::from_secs(170);
const TTL: Duration = Duration::from_secs(60);
const LINK: INodeNo = INodeNo(1_000);

/// Mounted for as long as it is held. Every name is one of a file, `0` to `99`; `link` leads to another folder.
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
    /// Where `link` leads, and who asks for it while that is not answered.
    linked: Option<PathBuf>,
    link_is_stuck: AtomicBool,
    held_links: Mutex<Vec<ReplyEntry>>,
}

impl Stuck {
    /// Files of so many bytes, none of which can be read.
    pub fn with_files_of(size: u64) -> Stuck {
        Stuck::mounted(size, None)
    }

    /// A folder with one link in it, which leads to this other folder until it does not answer either.
    pub fn with_link_to(folder: &Path) -> Stuck {
        Stuck::mounted(0, Some(folder.to_owned()))
    }

    /// The link is looked up no more.
    pub fn hold_link(&self) {
        self.state.link_is_stuck.store(true, Ordering::Relaxed);
    }

    pub fn link(&self) -> PathBuf {
        self.folder.path().join("link")
    }

    fn mounted(size: u64, linked: Option<PathBuf>) -> Stuck {
        let (stuck, held) = (AtomicBool::new(true), Mutex::default());
        let (link_is_stuck, held_links) = (AtomicBool::new(false), Mutex::default());
        let came = Condvar::new();
        let state = State { size, stuck, held, came, linked, link_is_stuck, held_links };
        let state = Arc::new(state);
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
        for reply in self.held_links.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            reply.error(Errno::EIO);
        }
    }

    fn link_attributes(&self) -> FileAttr {
        FileAttr { kind: FileType::Symlink, perm: 0o777, ..self.attributes(LINK) }
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
        if name == "link" && self.0.linked.is_some() {
            let is_stuck = &self.0.link_is_stuck;
            if is_stuck.load(Ordering::Relaxed) && self.0.stuck.load(Ordering::Relaxed) {
                return self.0.held_links.lock().unwrap().push(reply);
            }
            // asked for at each look
            return reply.entry(&Duration::ZERO, &self.0.link_attributes(), Generation(0));
        }
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

    fn readlink(&self, _: &Request, _: INodeNo, reply: ReplyData) {
        match &self.0.linked {
            Some(folder) => reply.data(folder.as_os_str().as_encoded_bytes()),
            None => reply.error(Errno::ENOENT),
        }
    }

    fn getattr(&self, _: &Request, ino: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        if ino == LINK && self.0.linked.is_some() {
            return reply.attr(&TTL, &self.0.link_attributes());
        }
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
