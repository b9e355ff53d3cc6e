//! The files that a scan skipped, in order, on disk if there are many.

use super::spill::Mark;
use crate::fault::Fault;
use serde::{Deserialize, Serialize};
use std::io::{BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use tempfile::SpooledTempFile;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Skipped {
    pub path: String,
    pub reason: SkipReason,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum SkipReason {
    /// `.DS_Store`, `Thumbs.db`, `desktop.ini`: files that file managers create.
    Clutter,
    /// A hidden file, or a hidden folder with everything in it, if hidden files are skipped.
    Hidden,
    /// A symbolic link inside a folder, if links are not followed.
    Symlink,
    /// A symbolic link to a folder that contains it.
    Circle,
    /// A socket, a pipe or a device.
    Special,
    Fault {
        fault: Fault,
    },
}

impl SkipReason {
    /// It should have been uploaded, but cannot be.
    pub fn is_fault(&self) -> bool {
        matches!(self, Self::Fault { .. })
    }
}

/// Bytes kept in memory before they are written: some hundred lines.
const KEPT: usize = 64 * 1024;

/// The list, one line of JSON each.
pub(crate) struct LeftOut {
    lines: SpooledTempFile,
    /// Bytes of complete lines.
    written: u64,
    /// Lines for which the disk had no room.
    unwritten: Vec<Skipped>,
}

impl Default for LeftOut {
    fn default() -> Self {
        Self { lines: tempfile::spooled_tempfile(KEPT), written: 0, unwritten: vec![] }
    }
}

impl LeftOut {
    pub(crate) fn push(&mut self, skipped: &Skipped) {
        // in order: once a line does not fit, later ones stay behind it
        if !self.unwritten.is_empty() || self.write(skipped).is_err() {
            self.unwritten.push(skipped.clone());
        }
    }

    fn write(&mut self, skipped: &Skipped) -> std::io::Result<()> {
        let mut line = serde_json::to_vec(skipped)?;
        line.push(b'\n');
        // overwrites what was left of a failed write
        self.lines.seek(SeekFrom::Start(self.written))?;
        self.lines.write_all(&line)?;
        self.written += line.len() as u64;
        Ok(())
    }

    /// The next lines, at most this many. Empty at the end.
    ///
    /// # Errors
    /// The system's, if the file cannot be read.
    pub(crate) fn read(
        &mut self,
        from: Mark,
        most: usize,
    ) -> std::io::Result<(Vec<Skipped>, Mark)> {
        let (mut skipped, mut at) = (Vec::new(), from.0);
        if at < self.written {
            self.lines.seek(SeekFrom::Start(at))?;
            let mut lines = BufReader::new(&mut self.lines);
            let mut line = Vec::new();
            while at < self.written && skipped.len() < most {
                line.clear();
                let length = lines.read_until(b'\n', &mut line)?;
                if length == 0 {
                    return Err(std::io::ErrorKind::UnexpectedEof.into());
                }
                skipped.push(serde_json::from_slice(&line)?);
                at += length as u64;
            }
        }
        // a mark past the file's lines counts those without room
        let past = usize::try_from(at.saturating_sub(self.written)).unwrap_or(usize::MAX);
        let rest = self.unwritten.iter().skip(past).take(most - skipped.len());
        let before = skipped.len();
        if at >= self.written {
            skipped.extend(rest.cloned());
            at += (skipped.len() - before) as u64;
        }
        Ok((skipped, Mark(at)))
    }
}

/// Whether a name starts with a dot, or the system hides the file.
#[cfg(not(windows))]
pub(super) fn is_hidden(entry: &walkdir::DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

/// The same, by the attribute that Explorer shows as *Hidden*.
#[cfg(windows)]
pub(super) fn is_hidden(entry: &walkdir::DirEntry) -> bool {
    use std::os::windows::fs::MetadataExt as _;
    /// FILE_ATTRIBUTE_HIDDEN of the Windows API.
    const HIDDEN: u32 = 2;
    entry.file_name().as_encoded_bytes().starts_with(b".")
        || entry.metadata().is_ok_and(|metadata| metadata.file_attributes() & HIDDEN != 0)
}

/// What file managers leave in folders for themselves.
pub(super) fn is_clutter(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name == ".DS_Store" || name == "Thumbs.db" || name == "desktop.ini")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::walk::SHOWN_SKIPPED;
    use crate::system::walk::{Walk, Wanted};
    use std::path::PathBuf;

    #[cfg(unix)]
    #[test]
    fn what_failed_is_shown_though_a_hundred_others_were_left_out_before_it() {
        let folder = tempfile::tempdir().unwrap();
        for number in 0..SHOWN_SKIPPED + 50 {
            let link = folder.path().join(format!("a-{number}"));
            std::os::unix::fs::symlink("nothing", link).unwrap();
        }
        let missing: Vec<PathBuf> =
            (0..SHOWN_SKIPPED + 7).map(|number| folder.path().join(number.to_string())).collect();
        let walk = Walk::start(1);
        walk.run(
            &[&[folder.path().to_owned()], &missing[..]].concat(),
            Wanted { hidden: true, ..Wanted::default() },
            &|| (),
        );
        let scan = walk.scan();
        assert_eq!((scan.skipped_count, scan.failed_count), (257, 107));
        let failed = scan.skipped.iter().filter(|one| one.reason.is_fault()).count();
        assert_eq!((failed, scan.skipped.len()), (SHOWN_SKIPPED, 2 * SHOWN_SKIPPED));

        // all of them, a few at a time
        let (mut all, mut from) = (Vec::new(), Mark::default());
        loop {
            let (some, next) = walk.left_out(from, 100).unwrap();
            if some.is_empty() {
                break;
            }
            all.extend(some);
            from = next;
        }
        let failed: Vec<&Skipped> = all.iter().filter(|one| one.reason.is_fault()).collect();
        assert_eq!((all.len(), failed.len()), (257, 107));
        assert!(failed[106].path.ends_with("/106"), "{:?}", failed[106]);
    }
}
