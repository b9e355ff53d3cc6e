//! The aws-chunked framing that sends a checksum after the bytes.

use super::Hasher;
use crate::model::checksum::{ChecksumMode, Digests};

/// A checksum in an HTTP trailer: the body is sent in aws-chunked framing, with the checksum after the last chunk.
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Trailer {
    /// The header's name.
    pub(crate) name: &'static str,
    checksum_mode: ChecksumMode,
}

/// Size of every chunk but the last. S3 accepts 8 KiB and more, and MinIO up to 16 MiB; each costs a copy to an address
/// that is not page-aligned.
pub(super) const CHUNK: u64 = 1 << 20;

impl Trailer {
    /// `None` in a mode whose checksum cannot be a trailer.
    pub(crate) fn for_mode(checksum_mode: ChecksumMode) -> Option<Self> {
        let name = match checksum_mode {
            ChecksumMode::Crc64Nvme => "x-amz-checksum-crc64nvme",
            ChecksumMode::Crc32c | ChecksumMode::Crc32cComposite => "x-amz-checksum-crc32c",
            ChecksumMode::Crc32 | ChecksumMode::Crc32Composite => "x-amz-checksum-crc32",
            ChecksumMode::Md5 => return None,
        };
        Some(Self { name, checksum_mode })
    }

    pub(super) fn text(self, digests: &Digests) -> String {
        format!(
            "0\r\n{}:{}\r\n\r\n",
            self.name,
            digests.text(self.checksum_mode).unwrap_or_default()
        )
    }

    /// Frames a few bytes in memory as one chunk.
    pub(crate) fn around(self, bytes: &[u8]) -> Vec<u8> {
        let mut hasher = Hasher::new(self.checksum_mode, false);
        hasher.update(bytes);
        let mut framed = format!("{:x}\r\n", bytes.len()).into_bytes();
        framed.extend_from_slice(bytes);
        framed.extend_from_slice(b"\r\n");
        framed.extend_from_slice(self.text(&hasher.digests()).as_bytes());
        framed
    }

    /// The framed length of this many bytes of the file.
    pub(crate) fn framed(self, length: u64) -> u64 {
        let chunk = |bytes: u64| format!("{bytes:x}\r\n\r\n").len() as u64 + bytes;
        let last = length % CHUNK;
        let nothing = Digests { crc32: Some(0), ..Digests::default() };
        length / CHUNK * chunk(CHUNK)
            + if last > 0 { chunk(last) } else { 0 }
            + self.text(&nothing).len() as u64
    }
}
