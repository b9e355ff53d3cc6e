//! The files that a scan found, in order, on disk if there are many: a million files must not take memory.

use super::Found;
use crate::system::local_file::Fingerprint;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Bytes kept in memory before they are written: a few hundred files.
const KEPT: usize = 64 * 1024;

/// The list of files below dropped roots. If it cannot be written, it stays in memory.
#[derive(Debug, Default)]
pub(crate) struct Finds {
    roots: Vec<PathBuf>,
    /// What was written so far: nothing while there is little, or if it cannot be written.
    file: Option<File>,
    written: u64,
    fresh: Vec<u8>,
    nowhere: bool,
}

/// Where reading continues.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Mark(pub(crate) u64);

/// root, length of the path below it, length of the key; size, modified, id, changed
const HEAD: usize = 3 * 4 + 4 * 8;

impl Finds {
    /// The files that follow are below this root.
    pub(crate) fn enter(&mut self, root: &Path) {
        self.roots.push(root.to_owned());
    }

    /// Adds a file: `below` the current root, or empty if it is the root itself. Both are UTF-8, like keys.
    pub(crate) fn push(&mut self, below: &str, relative: &str, fingerprint: Fingerprint) {
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes();
        let Fingerprint { size, modified_ns, file_id, changed_ns } = fingerprint;
        self.fresh.extend(number(self.roots.len().saturating_sub(1)));
        self.fresh.extend(number(below.len()));
        self.fresh.extend(number(relative.len()));
        self.fresh.extend(size.to_le_bytes());
        self.fresh.extend(modified_ns.to_le_bytes());
        self.fresh.extend(file_id.to_le_bytes());
        self.fresh.extend(changed_ns.to_le_bytes());
        self.fresh.extend(below.as_bytes());
        self.fresh.extend(relative.as_bytes());
        if self.fresh.len() >= KEPT && !self.nowhere {
            self.nowhere = self.write().is_err();
        }
    }

    fn write(&mut self) -> std::io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile()?),
        };
        if let Err(error) = file.write_all(&self.fresh) {
            // cuts off a failed write, so that the end is where it was
            file.set_len(self.written)?;
            return Err(error);
        }
        self.written += self.fresh.len() as u64;
        self.fresh.clear();
        Ok(())
    }

    /// The next files, at most this many. Empty at the end.
    ///
    /// # Errors
    /// The system's, if the file cannot be read.
    pub(crate) fn read(&self, from: Mark, most: usize) -> std::io::Result<(Vec<Found>, Mark)> {
        let (mut found, mut at, mut window) = (Vec::new(), from.0, Window::default());
        while found.len() < most && at < self.written + self.fresh.len() as u64 {
            let head = self.bytes(&mut window, at, HEAD)?;
            let word = |place: usize| u32::from_le_bytes(array(&head[place..]));
            let long = |place: usize| u64::from_le_bytes(array(&head[place..]));
            let (root, below, relative) = (word(0), word(4) as usize, word(8) as usize);
            let text = self.bytes(&mut window, at + HEAD as u64, below + relative)?;
            let text = String::from_utf8(text).map_err(std::io::Error::other)?;
            let (below_root, key) =
                text.split_at_checked(below).ok_or(std::io::ErrorKind::InvalidData)?;
            let root = self.roots.get(root as usize).ok_or(std::io::ErrorKind::InvalidData)?;
            found.push(Found {
                // joined with an empty path, it would end in a slash
                path: if below == 0 { root.clone() } else { root.join(below_root) },
                relative: key.to_owned(),
                fingerprint: Fingerprint {
                    size: long(12),
                    modified_ns: long(20).cast_signed(),
                    file_id: long(28),
                    changed_ns: long(36).cast_signed(),
                },
            });
            at += (HEAD + below + relative) as u64;
        }
        Ok((found, Mark(at)))
    }

    /// Size of the window that is read from disk at once.
    fn bytes(&self, window: &mut Window, at: u64, length: usize) -> std::io::Result<Vec<u8>> {
        let there = match &self.file {
            Some(file) if at < self.written => {
                if window.get(at, length).is_none() {
                    let rest = usize::try_from(self.written - at).unwrap_or(usize::MAX);
                    window.bytes.resize(rest.min(KEPT).max(length), 0);
                    let filled = crate::system::local_file::read_at(file, &mut window.bytes, at)?;
                    window.bytes.truncate(filled);
                    window.at = at;
                }
                window.get(at, length)
            }
            _ => {
                let start = usize::try_from(at - self.written).unwrap_or(usize::MAX);
                self.fresh.get(start..).and_then(|rest| rest.get(..length))
            }
        };
        there.map(<[u8]>::to_vec).ok_or_else(|| std::io::ErrorKind::UnexpectedEof.into())
    }
}

/// The window that was read last.
#[derive(Default)]
struct Window {
    at: u64,
    bytes: Vec<u8>,
}

impl Window {
    fn get(&self, at: u64, length: usize) -> Option<&[u8]> {
        let start = usize::try_from(at.checked_sub(self.at)?).ok()?;
        self.bytes.get(start..)?.get(..length)
    }
}

/// The first bytes of a slice that is long enough.
fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut array = [0; N];
    array.copy_from_slice(&bytes[..N]);
    array
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_read_in_its_order_from_memory_and_disk() {
        let mut finds = Finds::default();
        let mut expected = Vec::new();
        for root in ["/one", "/two"] {
            finds.enter(Path::new(root));
            for number in 0..3_000u32 {
                let below = format!("ordner ü/{number}.bin");
                let fingerprint = Fingerprint {
                    size: number.into(),
                    modified_ns: -1,
                    file_id: u64::MAX,
                    changed_ns: -2,
                };
                finds.push(&below, &format!("key {number}"), fingerprint);
                expected.push((Path::new(root).join(below), format!("key {number}"), fingerprint));
            }
        }
        finds.enter(Path::new("/three.mov"));
        finds.push("", "three.mov", expected[0].2);
        expected.push(("/three.mov".into(), "three.mov".into(), expected[0].2));
        assert!(finds.written > 0 && !finds.fresh.is_empty());

        let (mut mark, mut read) = (Mark::default(), Vec::new());
        loop {
            let (some, next) = finds.read(mark, 700).unwrap();
            if some.is_empty() {
                break;
            }
            read.extend(some.into_iter().map(|file| (file.path, file.relative, file.fingerprint)));
            mark = next;
        }
        assert!(read == expected);
    }
}
