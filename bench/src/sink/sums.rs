//! S3's checksum algorithms, and the checksums of a body.

use super::head::Head;
use base64::{Engine, prelude::BASE64_STANDARD};
use crc_fast::{CrcAlgorithm, Digest, checksum_combine};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    Crc64Nvme,
    Crc32,
    Crc32c,
}

pub(super) const ALL: [Algorithm; 3] = [Algorithm::Crc64Nvme, Algorithm::Crc32, Algorithm::Crc32c];

impl Algorithm {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Crc64Nvme => "CRC64NVME",
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
        }
    }

    pub(super) fn header(self) -> &'static str {
        match self {
            Self::Crc64Nvme => "x-amz-checksum-crc64nvme",
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Crc32c => "x-amz-checksum-crc32c",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        ALL.into_iter().find(|algorithm| algorithm.name().eq_ignore_ascii_case(name))
    }

    fn crc(self) -> CrcAlgorithm {
        match self {
            Self::Crc64Nvme => CrcAlgorithm::Crc64Nvme,
            Self::Crc32 => CrcAlgorithm::Crc32IsoHdlc,
            Self::Crc32c => CrcAlgorithm::Crc32Iscsi,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) algorithm: Algorithm,
    value: u64,
}

impl Sum {
    pub(super) fn parse(algorithm: Algorithm, text: &str) -> Option<Self> {
        let bytes = BASE64_STANDARD.decode(text).ok()?;
        let length = if algorithm == Algorithm::Crc64Nvme { 8 } else { 4 };
        let value = bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte));
        (bytes.len() == length).then_some(Self { algorithm, value })
    }

    /// Base64 of the big-endian bytes.
    pub(super) fn text(self) -> String {
        let bytes = self.value.to_be_bytes();
        let from = if self.algorithm == Algorithm::Crc64Nvme { 0 } else { 4 };
        BASE64_STANDARD.encode(&bytes[from..])
    }

    /// A header line with its end.
    pub(super) fn header_line(self) -> String {
        format!("{}: {}\r\n", self.algorithm.header(), self.text())
    }

    /// Of the bytes of this sum and, after them, `size` bytes of another.
    pub(super) fn then(self, next: Self, size: u64) -> Option<Self> {
        let value = |value| Self { algorithm: self.algorithm, value };
        (self.algorithm == next.algorithm)
            .then(|| value(checksum_combine(self.algorithm.crc(), self.value, next.value, size)))
    }
}

/// What a request says of its body's sum, in its head or in its trailer.
pub(super) fn claimed(head: &Head, trailers: &[(String, String)]) -> Option<Sum> {
    ALL.into_iter().find_map(|algorithm| {
        let name = algorithm.header();
        let trailer = || trailers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
        Sum::parse(algorithm, head.header(name).or_else(trailer)?)
    })
}

/// The sums of a body as it passes: always the whole object's, and that which the client will name.
pub(super) struct Hasher {
    digests: Vec<(Algorithm, Digest)>,
}

impl Hasher {
    pub(super) fn for_request(head: &Head) -> Self {
        let named = |algorithm: &Algorithm| {
            *algorithm == Algorithm::Crc64Nvme
                || head.header(algorithm.header()).is_some()
                || head.header_has("x-amz-trailer", algorithm.header())
        };
        let digests = ALL.into_iter().filter(named).map(|a| (a, Digest::new(a.crc()))).collect();
        Self { digests }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        for (_, digest) in &mut self.digests {
            digest.update(bytes);
        }
    }

    pub(super) fn ended(self) -> Vec<Sum> {
        let sum =
            |(algorithm, digest): (Algorithm, Digest)| Sum { algorithm, value: digest.finalize() };
        self.digests.into_iter().map(sum).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(bytes: &[u8]) -> Vec<Sum> {
        let head = Head::parse(b"PUT /b/k HTTP/1.1\r\nx-amz-trailer: x-amz-checksum-crc32\r\n\r\n");
        let mut summing = Hasher::for_request(&head);
        summing.update(bytes);
        summing.ended()
    }

    #[test]
    fn the_known_values_and_their_form() {
        let sums = sums(b"123456789");
        // the check values that the CRC catalogue gives
        assert_eq!(sums[0].value, 0xAE8B_1486_0A79_9888);
        assert_eq!(sums[1].value, 0xCBF4_3926);
        assert_eq!(sums[1].text(), "y/Q5Jg==");
        assert_eq!(Sum::parse(Algorithm::Crc32, "y/Q5Jg=="), Some(sums[1]));
        assert_eq!(Sum::parse(Algorithm::Crc64Nvme, "y/Q5Jg=="), None);
    }

    #[test]
    fn parts_make_the_whole() {
        let (a, b, whole) = (sums(b"1234"), sums(b"56789"), sums(b"123456789"));
        assert_eq!(a[0].then(b[0], 5), Some(whole[0]));
        assert_eq!(a[1].then(b[1], 5), Some(whole[1]));
        assert_eq!(a[0].then(b[1], 5), None);
    }
}
