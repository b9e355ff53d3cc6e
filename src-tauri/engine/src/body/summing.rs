//! The checksums of bytes as they pass, or of a range of a file. Knows which a rung wants; sends nothing.

use super::PIECE;
use crate::source::{ended_early, read_at};
use crate::sum::{Rung, Sums, low_half};
use md5::{Digest as _, Md5};
use std::fs::File;
use std::ops::Range;

/// Sums bytes as they pass.
#[derive(Clone)]
pub(crate) struct Summing {
    crc64: crc_fast::Digest,
    crc32: Option<crc_fast::Digest>,
    md5: Option<Md5>,
}

impl Summing {
    /// What the rung wants; MD5 besides where it is to be held against an ETag.
    pub(crate) fn new(rung: Rung, md5: bool) -> Self {
        Self {
            crc64: crc_fast::Digest::new(crc_fast::CrcAlgorithm::Crc64Nvme),
            crc32: rung.crc32().map(crc_fast::Digest::new),
            md5: (md5 || rung == Rung::Md5).then(Md5::new),
        }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.crc64.update(bytes);
        if let Some(crc32) = &mut self.crc32 {
            crc32.update(bytes);
        }
        if let Some(md5) = &mut self.md5 {
            md5.update(bytes);
        }
    }

    pub(crate) fn sums(&self) -> Sums {
        Sums {
            crc64: self.crc64.finalize(),
            crc32: self.crc32.as_ref().map(|crc32| low_half(crc32.finalize())),
            md5: self.md5.clone().map(|md5| md5.finalize().into()),
        }
    }
}

/// The sums of a range without sending it.
///
/// # Errors
/// The system's own; `UnexpectedEof` where the file is shorter, `WrongSize` where only its size is not so.
pub(crate) fn sums_of(file: &File, range: Range<u64>, summing: Summing) -> std::io::Result<Sums> {
    summed(file, range, summing).map(|summing| summing.sums())
}

/// The same, to be gone on with.
///
/// # Errors
/// Likewise.
pub(crate) fn summed(
    file: &File,
    range: Range<u64>,
    mut summing: Summing,
) -> std::io::Result<Summing> {
    let few = usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(PIECE);
    let mut buffer = vec![0; PIECE.min(few)];
    let mut at = range.start;
    while at < range.end {
        let length = usize::try_from(range.end - at).unwrap_or(PIECE).min(PIECE);
        let filled = read_at(file, &mut buffer[..length], at)?;
        if filled < length {
            return Err(ended_early(file, at + filled as u64));
        }
        summing.update(&buffer[..length]);
        at += length as u64;
    }
    Ok(summing)
}
