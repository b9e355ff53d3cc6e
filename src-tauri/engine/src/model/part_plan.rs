//! The part plan: one PUT or a multipart upload, within S3's limits.
//!
//! Limits: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html>

use crate::fault::{Fault, FaultKind, Reason, Result};
use serde::{Deserialize, Serialize};
use std::ops::Range;

pub const MIB: u64 = 1 << 20;
pub const GIB: u64 = 1 << 30;
pub(crate) const MAX_PARTS: u16 = 10_000;
pub const MIN_PART: u64 = 5 * MIB;
pub(crate) const MAX_PART: u64 = 5 * GIB;
/// The largest object of S3: 10,000 parts of 5 GiB, 48.8 TiB.
pub(crate) const MAX_OBJECT: u64 = MAX_PART * MAX_PARTS as u64;
/// The maximum length of a key, in bytes of UTF-8.
pub(crate) const MAX_KEY: usize = 1024;

/// Up to this size, one request is cheaper than the three of a multipart upload, and little is lost if it fails.
pub(crate) const SINGLE_UP_TO: u64 = 16 * MIB;
/// Up to this size, a file is sent in one request even if the link is unknown: a failure costs no more than two parts.
const SINGLE_AT_FIRST: u64 = 2 * MIN_PART;
/// How many seconds a part should take over one connection: long compared with the server's overhead per part, and
/// short compared with what an interruption may cost.
const PART_SECONDS: u64 = 1;
/// On a fast link, the minimum number of parts, so that an interruption costs only this share of the file.
const FEWEST_PARTS: u64 = 256;
const LARGEST_AUTOMATIC: u64 = 64 * MIB;
/// S3's 10,000, less a tenth for files that grow during the upload.
const COMFORTABLE_PARTS: u64 = 9_000;

/// A server's limits in bytes. The maximum number of parts is 10,000 everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Limits {
    pub max_part: u64,
    pub max_object: u64,
}

impl Limits {
    pub const S3: Self = Self { max_part: MAX_PART, max_object: MAX_OBJECT };
}

/// How a file is uploaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Plan {
    /// One PutObject.
    Single,
    /// A multipart upload of `parts` parts of `part_size` bytes. The last part has the rest.
    Multipart { part_size: u64, parts: u16 },
}

impl Plan {
    /// The plan for a file within S3's limits. `wanted` is the user's part size in bytes; `None` is automatic.
    ///
    /// # Errors
    /// `Unsupported`, if the size or the part size is outside S3's limits.
    pub fn for_size(size: u64, wanted: Option<u64>) -> Result<Self> {
        Self::within(size, wanted, &Limits::S3)
    }

    /// The plan within a server's own limits.
    ///
    /// # Errors
    /// `Unsupported`, likewise.
    pub fn within(size: u64, wanted: Option<u64>, limits: &Limits) -> Result<Self> {
        if size > limits.max_object {
            let most = Some(limits.max_object).filter(|most| *most != MAX_OBJECT);
            return Err(unsupported(Reason::TooLarge { size, most }));
        }
        let Some(part_size) = wanted else { return Ok(Self::automatic(size, None)) };
        if !(MIN_PART..=MAX_PART).contains(&part_size) {
            return Err(unsupported(Reason::PartSize { size: part_size, most: None }));
        }
        if part_size > limits.max_part {
            let most = Some(limits.max_part);
            return Err(unsupported(Reason::PartSize { size: part_size, most }));
        }
        if size <= part_size {
            return Ok(Self::Single);
        }
        match u16::try_from(size.div_ceil(part_size)) {
            Ok(parts) if parts <= MAX_PARTS => Ok(Self::Multipart { part_size, parts }),
            _ => {
                let fits = size.div_ceil(u64::from(MAX_PARTS)).div_ceil(MIB);
                Err(unsupported(Reason::TooManyParts { size, part_size, fits }))
            }
        }
    }

    /// The automatic plan. `rate` is the throughput of one connection in bytes per second. If it is unknown, the parts
    /// have the minimum size, so that an interruption costs little on any link.
    fn automatic(size: u64, rate: Option<u64>) -> Self {
        let suited = rate.unwrap_or(0).saturating_mul(PART_SECONDS).min(LARGEST_AUTOMATIC);
        if size <= suited.clamp(SINGLE_AT_FIRST, SINGLE_UP_TO) {
            return Self::Single;
        }
        let suited = suited.min(size / FEWEST_PARTS).max(MIN_PART);
        // whole MiB, to be easy to read
        let part_size = suited.max(size.div_ceil(COMFORTABLE_PARTS)).div_ceil(MIB) * MIB;
        let part_size = part_size.min(MAX_PART);
        let parts = size.div_ceil(part_size).min(u64::from(MAX_PARTS));
        Self::Multipart { part_size, parts: u16::try_from(parts).unwrap_or(MAX_PARTS) }
    }

    /// The automatic plan for a link whose connections have a throughput of `rate` bytes per second.
    #[must_use]
    pub fn suited(size: u64, rate: u64) -> Self {
        Self::automatic(size, Some(rate))
    }

    /// The same part size for a file whose size has changed. `None` if that takes too many parts, or the file is empty.
    #[must_use]
    pub fn resized(self, size: u64) -> Option<Self> {
        let Self::Multipart { part_size, .. } = self else { return None };
        let parts = u16::try_from(size.div_ceil(part_size)).ok()?;
        (1..=MAX_PARTS).contains(&parts).then_some(Self::Multipart { part_size, parts })
    }

    /// The number of requests that carry data: 1 for a single PUT.
    pub fn parts(self) -> u16 {
        match self {
            Self::Single => 1,
            Self::Multipart { parts, .. } => parts,
        }
    }

    /// The byte range of the part with this PartNumber (from 1) in a file of `size` bytes.
    pub fn range(self, number: u16, size: u64) -> Range<u64> {
        match self {
            Self::Single => 0..size,
            Self::Multipart { part_size, .. } => {
                let start = (u64::from(number).saturating_sub(1) * part_size).min(size);
                start..(start + part_size).min(size)
            }
        }
    }
}

fn unsupported(reason: Reason) -> Fault {
    Fault::because(FaultKind::Unsupported, reason)
}

/// Checks a key against S3's rule: 1 to 1,024 bytes of UTF-8.
///
/// # Errors
/// `Unsupported`, with the length.
pub(crate) fn check_key(key: &str) -> Result<()> {
    match key.len() {
        0 => Err(unsupported(Reason::NoKey)),
        1..=MAX_KEY => Ok(()),
        n => Err(unsupported(Reason::KeyTooLong { bytes: n as u64, file: None })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parts_suit_the_line_and_the_limits() {
        let of = |size: u64, rate| match Plan::suited(size, rate) {
            Plan::Single => 0,
            Plan::Multipart { part_size, parts } => {
                assert!(part_size * u64::from(parts) >= size && parts <= MAX_PARTS);
                part_size / MIB
            }
        };
        assert_eq!(of(10 * MIB, 1), 0, "one request stays one");
        assert_eq!(of(16 * MIB, 1), 5, "not where a break would cost more than two parts");
        assert_eq!(of(16 * MIB, 100 * MIB), 0);
        assert_eq!(of(4 * GIB, 400 * MIB), 16, "a fast line");
        assert_eq!(of(40 * GIB, 400 * MIB), 64);
        assert_eq!(of(4 * GIB, 9 * MIB), 9);
        assert_eq!(of(4 * GIB, 150_000), 5, "a slow one");
        assert_eq!(of(300 * MIB, 400 * MIB), 5, "a break costs little of a file that is not large");
        assert_eq!(of(1_000_000_000_000, 150_000), 106, "as small as S3's count of parts allows");
        assert_eq!(of(48 << 40, 150_000), 5_120, "S3's largest part");
    }

    #[test]
    fn sizes_and_their_plans() {
        let table = [
            (0, None, Plan::Single),
            (10 * MIB, None, Plan::Single),
            (10 * MIB + 1, None, Plan::Multipart { part_size: 5 * MIB, parts: 3 }),
            (100 * GIB, None, Plan::Multipart { part_size: 12 * MIB, parts: 8534 }),
            (MAX_OBJECT, None, Plan::Multipart { part_size: MAX_PART, parts: 10_000 }),
            (5 * MIB, Some(5 * MIB), Plan::Single),
            (5 * MIB + 1, Some(5 * MIB), Plan::Multipart { part_size: 5 * MIB, parts: 2 }),
        ];
        for (size, wanted, plan) in table {
            assert_eq!(Plan::for_size(size, wanted).unwrap(), plan, "{size} {wanted:?}");
        }
    }

    #[test]
    fn what_s3_cannot_take_is_refused_in_words() {
        for (size, wanted) in [
            (MAX_OBJECT + 1, None),
            (1, Some(MIN_PART - 1)),
            (1, Some(MAX_PART + 1)),
            (100 * GIB, Some(5 * MIB)),
        ] {
            assert_eq!(
                Plan::for_size(size, wanted).unwrap_err().kind,
                FaultKind::Unsupported,
                "{size} {wanted:?}"
            );
        }
        assert!(check_key(&"k".repeat(1024)).is_ok());
        assert!(check_key(&"é".repeat(513)).is_err());
        assert!(check_key("").is_err());
    }

    #[test]
    fn a_file_of_another_size_keeps_its_part_size() {
        let plan = Plan::Multipart { part_size: 16 * MIB, parts: 4 };
        let of = |parts| Some(Plan::Multipart { part_size: 16 * MIB, parts });
        assert_eq!(plan.resized(16 * MIB * 4 + 1), of(5));
        assert_eq!(plan.resized(1), of(1));
        assert_eq!(plan.resized(0), None);
        assert_eq!(plan.resized(16 * MIB * 10_000), of(10_000));
        assert_eq!(plan.resized(16 * MIB * 10_000 + 1), None);
        assert_eq!(Plan::Single.resized(1), None);
    }

    #[test]
    fn a_server_s_own_limit_is_told() {
        let small = Limits { max_object: 5 << 40, ..Limits::S3 };
        assert!(Plan::within(5 << 40, None, &small).is_ok());
        let fault = Plan::within((5 << 40) + 1, None, &small).unwrap_err();
        assert_eq!(fault.kind, FaultKind::Unsupported);
        assert!(fault.detail.contains("this server"), "{}", fault.detail);
    }

    proptest! {
        #[test]
        fn parts_cover_the_file_once(size in 0..=MAX_OBJECT) {
            let plan = Plan::for_size(size, None).unwrap();
            prop_assert!(plan.parts() <= MAX_PARTS);
            let mut at = 0;
            for number in 1..=plan.parts() {
                let range = plan.range(number, size);
                prop_assert_eq!(range.start, at);
                if number < plan.parts() {
                    prop_assert!(range.end - range.start >= MIN_PART);
                }
                prop_assert!(range.end - range.start <= MAX_PART);
                at = range.end;
            }
            prop_assert_eq!(at, size);
        }
    }
}
