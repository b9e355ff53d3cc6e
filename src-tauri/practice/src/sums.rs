//! S3's checksum algorithms, and hashing bytes as they arrive.

use std::collections::BTreeMap;

use s3s::checksum::ChecksumHasher;
use s3s::crypto::{Checksum as _, Md5, Sha1, Sha256};
use s3s::{S3Result, s3_error};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Algorithm {
    #[serde(rename = "CRC32")]
    Crc32,
    #[serde(rename = "CRC32C")]
    Crc32c,
    #[serde(rename = "CRC64NVME")]
    Crc64Nvme,
    #[serde(rename = "SHA1")]
    Sha1,
    #[serde(rename = "SHA256")]
    Sha256,
}

/// Base64 values, as they are sent.
pub(crate) type Digests = BTreeMap<Algorithm, String>;

impl Algorithm {
    pub(crate) const ALL: [Self; 5] =
        [Self::Crc32, Self::Crc32c, Self::Crc64Nvme, Self::Sha1, Self::Sha256];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
        }
    }

    pub(crate) fn header(self) -> &'static str {
        match self {
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Crc32c => "x-amz-checksum-crc32c",
            Self::Crc64Nvme => "x-amz-checksum-crc64nvme",
            Self::Sha1 => "x-amz-checksum-sha1",
            Self::Sha256 => "x-amz-checksum-sha256",
        }
    }

    pub(crate) fn named(name: &str) -> S3Result<Self> {
        let known = Self::ALL.into_iter().find(|algorithm| algorithm.name() == name);
        known.ok_or_else(|| {
            s3_error!(
                InvalidRequest,
                "Checksum algorithm provided is unsupported. Please try again with any of the valid types: \
                 [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]"
            )
        })
    }

    /// length of a digest in bytes
    pub(crate) fn bytes(self) -> usize {
        match self {
            Self::Crc32 | Self::Crc32c => 4,
            Self::Crc64Nvme => 8,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
        }
    }
}

/// The checksum of bytes in memory.
pub(crate) fn one_sum(algorithm: Algorithm, bytes: &[u8]) -> String {
    let mut hashes = Hashes::new([algorithm]);
    hashes.update(bytes);
    hashes.finish().1.remove(&algorithm).unwrap_or_default()
}

/// Reads the five checksum fields that many of s3s's types share.
macro_rules! sums_of {
    ($from:expr) => {{
        let from = &$from;
        [
            ($crate::sums::Algorithm::Crc32, &from.checksum_crc32),
            ($crate::sums::Algorithm::Crc32c, &from.checksum_crc32c),
            ($crate::sums::Algorithm::Crc64Nvme, &from.checksum_crc64nvme),
            ($crate::sums::Algorithm::Sha1, &from.checksum_sha1),
            ($crate::sums::Algorithm::Sha256, &from.checksum_sha256),
        ]
        .into_iter()
        .filter_map(|(algorithm, value)| value.clone().map(|value| (algorithm, value)))
        .collect::<$crate::sums::Digests>()
    }};
}
pub(crate) use sums_of;

/// Writes the five checksum fields that many of s3s's types share.
macro_rules! show_sums {
    ($into:expr, $sums:expr) => {{
        let sums: &$crate::sums::Digests = $sums;
        $into.checksum_crc32 = sums.get(&$crate::sums::Algorithm::Crc32).cloned();
        $into.checksum_crc32c = sums.get(&$crate::sums::Algorithm::Crc32c).cloned();
        $into.checksum_crc64nvme = sums.get(&$crate::sums::Algorithm::Crc64Nvme).cloned();
        $into.checksum_sha1 = sums.get(&$crate::sums::Algorithm::Sha1).cloned();
        $into.checksum_sha256 = sums.get(&$crate::sums::Algorithm::Sha256).cloned();
    }};
}
pub(crate) use show_sums;

/// The MD5 that becomes the ETag, and the requested checksums, in one pass.
pub(crate) struct Hashes {
    md5: Md5,
    others: ChecksumHasher,
}

impl Hashes {
    pub(crate) fn new(wanted: impl IntoIterator<Item = Algorithm>) -> Self {
        let mut others = ChecksumHasher::default();
        for algorithm in wanted {
            match algorithm {
                Algorithm::Crc32 => others.crc32 = Some(s3s::crypto::Crc32::new()),
                Algorithm::Crc32c => others.crc32c = Some(s3s::crypto::Crc32c::new()),
                Algorithm::Crc64Nvme => others.crc64nvme = Some(s3s::crypto::Crc64Nvme::new()),
                Algorithm::Sha1 => others.sha1 = Some(Sha1::new()),
                Algorithm::Sha256 => others.sha256 = Some(Sha256::new()),
            }
        }
        Self { md5: Md5::new(), others }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.md5.update(bytes);
        self.others.update(bytes);
    }

    pub(crate) fn finish(self) -> ([u8; 16], Digests) {
        (self.md5.finalize(), sums_of!(self.others.finalize()))
    }
}

/// A multipart object's ETag: the MD5 of its parts' ETags, and their number.
pub(crate) fn etag_of_parts<'a>(etags: impl Iterator<Item = &'a str>) -> String {
    let mut md5 = Md5::new();
    let mut parts = 0usize;
    for etag in etags {
        md5.update(&unhex(etag));
        parts += 1;
    }
    format!("{}-{parts}", hex(&md5.finalize()))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn unhex(text: &str) -> Vec<u8> {
    text.as_bytes()
        .chunks_exact(2)
        .filter_map(|pair| std::str::from_utf8(pair).ok())
        .filter_map(|pair| u8::from_str_radix(pair, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crc64nvme_of_the_check_string() {
        // 0xae8b14860a799888
        assert_eq!(one_sum(Algorithm::Crc64Nvme, b"123456789"), "rosUhgp5mIg=");
    }

    #[test]
    fn a_multipart_etag_is_of_the_parts_etags() {
        let parts = ["5d41402abc4b2a76b9719d911017c592", "7d793037a0760186574b0282f2f435e7"];
        assert_eq!(etag_of_parts(parts.into_iter()), "065947336a2f2a95ba8899f3675c3be6-2");
    }
}
