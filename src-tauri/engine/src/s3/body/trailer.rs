//! The aws-chunked framing that sends a checksum after the bytes.

use super::Hasher;
use crate::model::checksum::{ChecksumMode, Digests};

/// How the checksum follows the bytes: in chunks of HTTP's own kind inside the body, the sum behind the last.
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Trailer {
    /// The header's name.
    pub(crate) name: &'static str,
    checksum_mode: ChecksumMode,
}

/// Bytes of a chunk but the last. S3 takes 8 KiB and more, and MinIO up to 16 MiB; each costs a copy to an address that is a
/// few bytes off a page.
pub(super) const CHUNK: u64 = 1 << 20;

impl Trailer {
    /// None on a checksum mode whose sum is no trailer.
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

    /// A few bytes that are in memory, framed as one chunk.
    pub(crate) fn around(self, bytes: &[u8]) -> Vec<u8> {
        let mut hasher = Hasher::new(self.checksum_mode, false);
        hasher.update(bytes);
        let mut framed = format!("{:x}\r\n", bytes.len()).into_bytes();
        framed.extend_from_slice(bytes);
        framed.extend_from_slice(b"\r\n");
        framed.extend_from_slice(self.text(&hasher.digests()).as_bytes());
        framed
    }

    /// Bytes that go over the line for so many of the file.
    pub(crate) fn framed(self, length: u64) -> u64 {
        let chunk = |bytes: u64| format!("{bytes:x}\r\n\r\n").len() as u64 + bytes;
        let last = length % CHUNK;
        let nothing = Digests { crc32: Some(0), ..Digests::default() };
        length / CHUNK * chunk(CHUNK)
            + if last > 0 { chunk(last) } else { 0 }
            + self.text(&nothing).len() as u64
    }
}
