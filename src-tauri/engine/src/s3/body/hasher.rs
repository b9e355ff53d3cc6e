//! Computes the checksums of a body while it is sent, or of a range of a file.

use super::PIECE;
use super::buffer_pool::Buffer;
use crate::fault::Result;
use crate::model::checksum::{ChecksumMode, Digests, low_half};
use crate::system::disk::Work;
use crate::system::local_file::{Source, ended_early, read_at};
use md5::{Digest as _, Md5};
use std::fs::File;
use std::ops::Range;
use std::sync::Arc;

/// Computes checksums of a stream of bytes.
#[derive(Clone)]
pub(crate) struct Hasher {
    crc64: crc_fast::Digest,
    crc32: Option<crc_fast::Digest>,
    md5: Option<Md5>,
}

impl Hasher {
    /// Computes the mode's checksums, and an MD5 if it will be compared with an ETag.
    pub(crate) fn new(checksum_mode: ChecksumMode, md5: bool) -> Self {
        Self {
            crc64: crc_fast::Digest::new(crc_fast::CrcAlgorithm::Crc64Nvme),
            crc32: checksum_mode.crc32().map(crc_fast::Digest::new),
            md5: (md5 || checksum_mode == ChecksumMode::Md5).then(Md5::new),
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

    pub(crate) fn digests(&self) -> Digests {
        Digests {
            crc64: self.crc64.finalize(),
            crc32: self.crc32.as_ref().map(|crc32| low_half(crc32.finalize())),
            md5: self.md5.clone().map(|md5| md5.finalize().into()),
        }
    }
}

/// The checksums of a range without sending it, if all of it is in memory. For short ranges.
pub(crate) fn sums_now(source: &Source, range: Range<u64>, mut hasher: Hasher) -> Option<Digests> {
    each_piece(range, |at, buffer| match source.read_now(buffer, at) {
        true => {
            hasher.update(buffer);
            Ok(())
        }
        false => Err(std::io::ErrorKind::WouldBlock.into()),
    })
    .ok()?;
    Some(hasher.digests())
}

/// The checksums of a range without sending it, read on a blocking thread.
///
/// # Errors
/// `SourceMissing`, if the disk does not respond; otherwise the system's error: `UnexpectedEof` if the file is shorter,
/// `WrongSize` if only its reported size is longer.
pub(crate) async fn sums_of(
    source: &Arc<Source>,
    range: Range<u64>,
    hasher: Hasher,
) -> Result<std::io::Result<Digests>> {
    let read = source.clone().read(move |file, work| summed(file, range, hasher, work)).await?;
    Ok(read.map(|hasher| hasher.digests()))
}

/// The same, returning a hasher that can be continued.
///
/// # Errors
/// Likewise.
pub(crate) fn summed(
    file: &File,
    range: Range<u64>,
    mut hasher: Hasher,
    work: &Work,
) -> std::io::Result<Hasher> {
    each_piece(range, |at, buffer| {
        if work.is_called_off() {
            return Err(std::io::ErrorKind::Interrupted.into());
        }
        let filled = read_at(file, buffer, at)?;
        if filled < buffer.len() {
            return Err(ended_early(file, at + filled as u64));
        }
        work.moves();
        hasher.update(buffer);
        Ok(())
    })?;
    Ok(hasher)
}

fn each_piece(
    range: Range<u64>,
    mut fill: impl FnMut(u64, &mut [u8]) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let few = usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(PIECE);
    let mut buffer = Buffer::with_capacity(PIECE.min(few));
    let mut at = range.start;
    while at < range.end {
        let length = usize::try_from(range.end - at).unwrap_or(PIECE).min(PIECE);
        fill(at, buffer.room(length))?;
        at += length as u64;
    }
    Ok(())
}
