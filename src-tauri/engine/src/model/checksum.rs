//! S3's checksums: the fallback order of checksum modes, combining part checksums into the whole object's, and their text form.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html>

mod combine;

use crate::model::part_table::{Parts, Stored};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use combine::Joined;
use crc_fast::{CrcAlgorithm, checksum_combine};
use md5::{Digest as _, Md5};
use serde::{Deserialize, Serialize};

/// The checksum that a multipart upload is created with, strongest first: whole-object checksums before composite ones,
/// more bits before fewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum ChecksumMode {
    /// CRC-64/NVME of the whole object.
    Crc64Nvme,
    Crc32c,
    Crc32,
    /// CRC-32C of the parts' CRC-32Cs.
    Crc32cComposite,
    Crc32Composite,
    /// No S3 checksum: each part is sent with its MD5, and the ETag is compared.
    Md5,
}

impl ChecksumMode {
    pub const FALLBACK_ORDER: [Self; 6] = [
        Self::Crc64Nvme,
        Self::Crc32c,
        Self::Crc32,
        Self::Crc32cComposite,
        Self::Crc32Composite,
        Self::Md5,
    ];

    /// S3's name of the algorithm.
    pub fn algorithm(self) -> &'static str {
        match self {
            Self::Crc64Nvme => "CRC64NVME",
            Self::Crc32c | Self::Crc32cComposite => "CRC32C",
            Self::Crc32 | Self::Crc32Composite => "CRC32",
            Self::Md5 => "MD5",
        }
    }

    pub fn is_composite(self) -> bool {
        matches!(self, Self::Crc32cComposite | Self::Crc32Composite)
    }

    /// The 32-bit CRC that is computed in this mode. With MD5, a CRC-32C is computed too, because Google's store
    /// reports one without being asked.
    pub(crate) fn crc32(self) -> Option<CrcAlgorithm> {
        match self {
            Self::Crc32c | Self::Crc32cComposite | Self::Md5 => Some(CrcAlgorithm::Crc32Iscsi),
            Self::Crc32 | Self::Crc32Composite => Some(CrcAlgorithm::Crc32IsoHdlc),
            Self::Crc64Nvme => None,
        }
    }

    /// The mode's name in the journal.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Crc64Nvme => "crc64nvme",
            Self::Crc32c => "crc32c",
            Self::Crc32 => "crc32",
            Self::Crc32cComposite => "crc32c-composite",
            Self::Crc32Composite => "crc32-composite",
            Self::Md5 => "md5",
        }
    }

    pub(crate) fn of_word(word: &str) -> Option<Self> {
        Self::FALLBACK_ORDER.into_iter().find(|checksum_mode| checksum_mode.word() == word)
    }
}

/// Checksums of a range of bytes. CRC-64/NVME is always computed, because verification relies on it whatever the server
/// supports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Digests {
    pub(crate) crc64: u64,
    /// Of the mode's 32-bit algorithm.
    pub(crate) crc32: Option<u32>,
    pub(crate) md5: Option<[u8; 16]>,
}

impl Digests {
    pub(crate) fn crc32_text(&self) -> Option<String> {
        self.crc32.map(text32)
    }

    /// The value of the header for this mode.
    pub(crate) fn text(&self, checksum_mode: ChecksumMode) -> Option<String> {
        match checksum_mode {
            ChecksumMode::Crc64Nvme => Some(text64(self.crc64)),
            ChecksumMode::Md5 => self.md5.map(|md5| BASE64.encode(md5)),
            _ => self.crc32.map(text32),
        }
    }
}

/// The checksums that a server reports for an object or a part: base64, and for composite ones `-` and the number of
/// parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ReportedChecksums {
    pub(crate) crc64nvme: Option<String>,
    pub(crate) crc32c: Option<String>,
    pub(crate) crc32: Option<String>,
}

impl ReportedChecksums {
    /// The reported checksum of this mode's algorithm.
    pub(crate) fn for_mode(&self, checksum_mode: ChecksumMode) -> Option<&str> {
        match checksum_mode {
            ChecksumMode::Crc64Nvme => self.crc64nvme.as_deref(),
            ChecksumMode::Crc32c | ChecksumMode::Crc32cComposite | ChecksumMode::Md5 => {
                self.crc32c.as_deref()
            }
            ChecksumMode::Crc32 | ChecksumMode::Crc32Composite => self.crc32.as_deref(),
        }
    }

    /// Whether the reported checksums match. `None` if none of them was computed here.
    pub(crate) fn agrees(&self, digests: &Digests, checksum_mode: ChecksumMode) -> Option<bool> {
        if let Some(reported) = &self.crc64nvme {
            return Some(*reported == text64(digests.crc64));
        }
        Some(self.for_mode(checksum_mode)? == text32(digests.crc32?))
    }

    /// Whether a part matches, by its reported checksums or else by its ETag. `None` if neither can tell.
    pub(crate) fn holds(
        &self,
        etag: &str,
        digests: &Digests,
        checksum_mode: ChecksumMode,
    ) -> Option<bool> {
        let by_etag = || Some(etag_is_md5(etag, digests.md5.filter(|_| looks_like_md5(etag))?));
        self.agrees(digests, checksum_mode).or_else(by_etag)
    }
}

/// The expected checksums of a finished object, combined from its parts in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Whole {
    pub(crate) crc64: u64,
    pub(crate) parts: u32,
    /// The mode's 32-bit CRC of all bytes, and of the parts' CRCs.
    crc32: Option<(u32, u32)>,
    /// The ETag that S3 would give it, if every part's ETag is an MD5.
    pub(crate) etag: Option<String>,
}

impl Whole {
    pub(crate) fn combine<'a>(
        checksum_mode: ChecksumMode,
        parts: impl Iterator<Item = (u64, &'a Stored)>,
    ) -> Self {
        let mut whole = Self { crc64: 0, parts: 0, crc32: None, etag: None };
        let mut crc64 = Joined::new(CrcAlgorithm::Crc64Nvme);
        let mut crc32 = checksum_mode.crc32().map(|algorithm| (Joined::new(algorithm), Vec::new()));
        let mut md5s = Some(Md5::new());
        for (length, stored) in parts {
            crc64.push(stored.crc64, length);
            crc32 = match (crc32, stored.crc32) {
                (Some((mut all, mut each)), Some(part)) => {
                    each.extend_from_slice(&part.to_be_bytes());
                    all.push(part.into(), length);
                    Some((all, each))
                }
                _ => None,
            };
            md5s = match (md5s, from_hex(&stored.etag)) {
                (Some(md5s), Some(md5)) => Some(md5s.chain_update(md5)),
                _ => None,
            };
            whole.parts += 1;
        }
        whole.crc64 = crc64.crc();
        whole.crc32 = crc32.map(|(all, each)| {
            (low_half(all.crc()), low_half(crc_fast::checksum(all.algorithm(), &each)))
        });
        whole.etag = md5s.map(|md5s| format!("{}-{}", to_hex(&md5s.finalize()), whole.parts));
        whole
    }

    /// Combines all parts of an upload.
    pub(crate) fn of_parts(checksum_mode: ChecksumMode, parts: &Parts) -> Self {
        Self::combine(
            checksum_mode,
            parts.stored().map(|(number, stored)| (parts.bytes(number), stored)),
        )
    }

    /// The value that CompleteMultipartUpload or HeadObject should report in this mode.
    pub(crate) fn text(&self, checksum_mode: ChecksumMode) -> Option<String> {
        match checksum_mode {
            ChecksumMode::Crc64Nvme => Some(text64(self.crc64)),
            ChecksumMode::Md5 => self.etag.clone(),
            ChecksumMode::Crc32c | ChecksumMode::Crc32 => self.crc32.map(|(all, _)| text32(all)),
            ChecksumMode::Crc32cComposite | ChecksumMode::Crc32Composite => {
                self.crc32.map(|(_, each)| format!("{}-{}", text32(each), self.parts))
            }
        }
    }
}

/// The library returns a CRC-32 in the lower half.
pub(crate) fn low_half(crc: u64) -> u32 {
    u32::try_from(crc & u64::from(u32::MAX)).unwrap_or_default()
}

/// A CRC-64 as S3 writes it: eight bytes, big-endian, in base64.
pub(crate) fn text64(sum: u64) -> String {
    BASE64.encode(sum.to_be_bytes())
}

fn text32(sum: u32) -> String {
    BASE64.encode(sum.to_be_bytes())
}

pub(crate) fn same_etag(one: &str, other: &str) -> bool {
    one.trim_matches('"').eq_ignore_ascii_case(other.trim_matches('"'))
}

/// The CRC-64/NVME of this many zero bytes.
pub(crate) fn crc64_of_zeros(size: u64) -> u64 {
    let algorithm = CrcAlgorithm::Crc64Nvme;
    let (mut all, mut one, mut length) = (0, crc_fast::checksum(algorithm, &[0]), 1);
    let (mut left, mut done) = (size, 0);
    while left > 0 {
        if left & 1 == 1 {
            all = if done == 0 { one } else { checksum_combine(algorithm, all, one, length) };
            done += length;
        }
        one = checksum_combine(algorithm, one, one, length);
        length *= 2;
        left >>= 1;
    }
    all
}

pub(crate) fn looks_like_md5(etag: &str) -> bool {
    from_hex(etag).is_some()
}

/// The ETag that S3 gives a multipart object: "MD5-count".
pub(crate) fn looks_like_composite(etag: &str) -> bool {
    let etag = etag.trim_matches('"');
    etag.split_once('-')
        .is_some_and(|(md5, count)| from_hex(md5).is_some() && count.parse::<u32>().is_ok())
}

pub(crate) fn etag_is_md5(etag: &str, md5: [u8; 16]) -> bool {
    from_hex(etag) == Some(md5)
}

pub(crate) fn from_hex(etag: &str) -> Option<[u8; 16]> {
    let etag = etag.trim_matches('"');
    if etag.len() != 32 || !etag.is_ascii() {
        return None;
    }
    let mut md5 = [0; 16];
    for (index, byte) in md5.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&etag[2 * index..2 * index + 2], 16).ok()?;
    }
    Some(md5)
}

pub(crate) fn to_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sums_are_written_as_s3_writes_them() {
        // CRC-64/NVME, CRC-32C and CRC-32 of "123456789" are AE8B14860A799888, E3069283 and CBF43926
        assert_eq!(text64(0xAE8B_1486_0A79_9888), "rosUhgp5mIg=");
        let of = |algorithm| text32(low_half(crc_fast::checksum(algorithm, b"123456789")));
        assert_eq!(of(CrcAlgorithm::Crc32Iscsi), text32(0xE306_9283));
        assert_eq!(of(CrcAlgorithm::Crc32IsoHdlc), text32(0xCBF4_3926));
        assert_eq!(text32(0xCBF4_3926), "y/Q5Jg==");
    }

    #[test]
    fn etags_that_are_md5s_are_told_from_others() {
        let md5: [u8; 16] = Md5::digest(b"").into();
        assert!(etag_is_md5("\"d41d8cd98f00b204e9800998ecf8427e\"", md5));
        assert!(!looks_like_md5("\"d41d8cd98f00b204e9800998ecf8427e-3\""));
        assert!(looks_like_composite("\"d41d8cd98f00b204e9800998ecf8427e-3\""));
        assert!(!looks_like_composite("\"opaque\""));
        assert_eq!(to_hex(&md5), "d41d8cd98f00b204e9800998ecf8427e");
    }

    #[test]
    fn the_journal_s_words_lead_back() {
        for checksum_mode in ChecksumMode::FALLBACK_ORDER {
            assert_eq!(ChecksumMode::of_word(checksum_mode.word()), Some(checksum_mode));
        }
        assert_eq!(ChecksumMode::of_word("sha1"), None);
    }

    fn stored(checksum_mode: ChecksumMode, bytes: &[u8]) -> Stored {
        let crc32 =
            checksum_mode.crc32().map(|algorithm| low_half(crc_fast::checksum(algorithm, bytes)));
        let etag = to_hex(&Md5::digest(bytes));
        let crc64 = crc_fast::checksum(CrcAlgorithm::Crc64Nvme, bytes);
        Stored { etag, crc64, crc32, verified: true }
    }

    proptest! {
        /// Combining the checksums of parts gives the checksum of all bytes.
        #[test]
        fn parts_make_the_whole(pieces in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..200), 1..8)) {
            let all: Vec<u8> = pieces.concat();
            for checksum_mode in ChecksumMode::FALLBACK_ORDER {
                let parts: Vec<Stored> = pieces.iter().map(|piece| stored(checksum_mode, piece)).collect();
                let lengths = pieces.iter().map(|piece| piece.len() as u64);
                let whole = Whole::combine(checksum_mode, lengths.zip(&parts));
                let one = stored(checksum_mode, &all);
                prop_assert_eq!(whole.crc64, one.crc64);
                let digests = Digests { crc64: one.crc64, crc32: one.crc32, md5: None };
                match checksum_mode {
                    ChecksumMode::Md5 => {
                        let md5s: Vec<u8> = pieces.iter().flat_map(|piece| Md5::digest(piece).to_vec()).collect();
                        let etag = format!("{}-{}", to_hex(&Md5::digest(&md5s)), pieces.len());
                        prop_assert_eq!(whole.text(checksum_mode), Some(etag));
                    }
                    ChecksumMode::Crc32cComposite | ChecksumMode::Crc32Composite => {
                        let each: Vec<u8> = parts.iter().flat_map(|part| part.crc32.unwrap().to_be_bytes()).collect();
                        let text = text32(low_half(crc_fast::checksum(checksum_mode.crc32().unwrap(), &each)));
                        prop_assert_eq!(whole.text(checksum_mode), Some(format!("{text}-{}", pieces.len())));
                    }
                    _ => prop_assert_eq!(whole.text(checksum_mode), digests.text(checksum_mode)),
                }
            }
        }
    }
}
