//! What a verification found about one property of an object, as kinds with values, and the English words of each. The window
//! says the same (`ui/src/i18n/en/found.ts`, `queue.ts`); `ui/src/lib/wire/sentences.json` holds the two together.

use crate::fault::Fault;
use crate::fault::number_text::{counted, exact, grouped};
use crate::model::proof::Verdict;
use crate::model::upload::Id;
use serde::Deserialize;
use serde::Serialize;
use std::fmt;

/// The values that were compared with each other, or why there are none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "tells", rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Evidence {
    /// The object is there.
    There,
    /// No object has this key.
    Absent,
    /// A checksum, an ETag, a version, the same on both sides.
    Value {
        algorithm: Option<String>,
        value: String,
    },
    /// Another was sent, or is the file's, than is there.
    Values {
        algorithm: Option<String>,
        ours: String,
        theirs: String,
        against: Against,
    },
    Size {
        bytes: u64,
    },
    Sizes {
        ours: u64,
        theirs: u64,
        against: Against,
    },
    /// The server tells no such value.
    None,
    /// A checksum of the parts, and not how long they are.
    NotHowLong,
    /// The current version is another one.
    OtherVersion {
        /// The one that was sent is still there.
        kept: bool,
    },
    /// The server does not tell the parts.
    PartsUntold,
    PartCount {
        sent: u32,
        there: u32,
    },
    /// Other than sent.
    PartsDiffer {
        parts: Vec<PartRun>,
        /// There are more than these.
        more: bool,
    },
    PartsSame {
        parts: u32,
        /// Against their checksums too, not only their sizes.
        sums: bool,
    },
    /// The local file has another size by now than was sent.
    FileSize {
        now: u64,
        sent: u64,
    },
    FileSame,
    /// In these parts; in none where it went in one piece.
    FileChanged {
        parts: Vec<PartRun>,
        more: bool,
    },
    /// It could not be looked at.
    Refused {
        fault: Fault,
    },
}

/// What the object is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Against {
    /// What was sent.
    Receipt,
    File,
}

/// PartNumbers one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct PartRun {
    pub first: u16,
    pub last: u16,
}

/// So many are named.
const NAMED: usize = 8;

/// The first runs of these numbers, and whether there are more.
pub(crate) fn runs(numbers: &[u16]) -> (Vec<PartRun>, bool) {
    let mut runs: Vec<PartRun> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some(run) if run.last + 1 == *number => run.last += 1,
            _ => runs.push(PartRun { first: *number, last: *number }),
        }
    }
    let more = runs.len() > NAMED;
    runs.truncate(NAMED);
    (runs, more)
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::There => f.write_str("it exists"),
            Self::Absent => f.write_str("no object has this key"),
            Self::Value { algorithm: Some(algorithm), value } => write!(f, "{algorithm} {value}"),
            Self::Value { algorithm: None, value } => f.write_str(value),
            Self::Values { algorithm, ours, theirs, against } => {
                if let Some(algorithm) = algorithm {
                    write!(f, "{algorithm}: ")?;
                }
                compared(f, ours, theirs, *against)
            }
            Self::Size { bytes } => f.write_str(&exact(*bytes)),
            Self::Sizes { ours, theirs, against } => {
                compared(f, &exact(*ours), &exact(*theirs), *against)
            }
            Self::None | Self::PartsUntold => f.write_str("not reported by the server"),
            Self::NotHowLong => {
                f.write_str("the server reports a checksum of the parts, but not their sizes")
            }
            Self::OtherVersion { kept: true } => {
                f.write_str("another version is the current one; the uploaded version still exists")
            }
            Self::OtherVersion { kept: false } => f.write_str("another version is the current one"),
            Self::PartCount { sent, there } => {
                compared(f, &grouped(*sent), &grouped(*there), Against::Receipt)
            }
            Self::PartsDiffer { parts, more } => {
                write!(f, "different from what was sent: {}", listed(parts, *more))
            }
            Self::PartsSame { parts, sums } => {
                let what = if *sums { "size and checksum" } else { "size" };
                write!(f, "{}, compared by {what}", counted(*parts, "part"))
            }
            Self::FileSize { now, sent } => {
                write!(f, "it now has {}, but {} were sent", exact(*now), exact(*sent))
            }
            Self::FileSame => f.write_str("every byte matches what was sent"),
            Self::FileChanged { parts, .. } if parts.is_empty() => {
                f.write_str("it has changed since the upload")
            }
            Self::FileChanged { parts, more } => {
                write!(f, "it has changed since the upload, in part {}", listed(parts, *more))
            }
            Self::Refused { fault } => fault.fmt(f),
        }
    }
}

/// Two values that differ, by where each of them is from.
fn compared(f: &mut fmt::Formatter<'_>, ours: &str, theirs: &str, against: Against) -> fmt::Result {
    match against {
        Against::Receipt => write!(f, "sent {ours}, found {theirs}"),
        Against::File => write!(f, "the file has {ours}, the object {theirs}"),
    }
}

/// "3, 7 to 9"
fn listed(runs: &[PartRun], more: bool) -> String {
    let word = |run: &PartRun| match run.first == run.last {
        true => grouped(run.first),
        false => format!("{} to {}", grouped(run.first), grouped(run.last)),
    };
    let shown: Vec<String> = runs.iter().map(word).collect();
    let more = if more { " and more" } else { "" };
    format!("{}{more}", shown.join(", "))
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct VerifyRequest {
    pub id: Id,
    /// Read the local file too.
    pub file: bool,
}

/// A receipt compared with the server, and the file, again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Verification {
    pub running: bool,
    /// Bytes of the local file read so far, and in all; 0 where it is not read.
    pub read: u64,
    pub size: u64,
    pub findings: Vec<Finding>,
    /// None while it runs, or where a fault ended it.
    pub verdict: Option<Verdict>,
    pub fault: Option<Fault>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Finding {
    pub what: What,
    pub held: Held,
    pub said: Evidence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum What {
    /// The object is there at all.
    Object,
    Size,
    /// The checksum of the whole object that the server tells.
    Checksum,
    Etag,
    Version,
    /// The parts that the server tells (GetObjectAttributes).
    Parts,
    /// The local file, read again.
    File,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Held {
    Same,
    Differs,
    /// Nothing was told to compare.
    Untold,
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Object => "Object",
            Self::Size => "Size",
            Self::Checksum => "Checksum",
            Self::Etag => "ETag",
            Self::Version => "Version",
            Self::Parts => "Parts",
            Self::File => "Local file",
        })
    }
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Same => "same",
            Self::Differs => "differs",
            Self::Untold => "unknown",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn part_numbers_are_listed_as_runs() {
        let reported = |numbers: &[u16]| {
            let (parts, more) = runs(numbers);
            Evidence::PartsDiffer { parts, more }.to_string()
        };
        assert_eq!(reported(&[3, 7, 8, 9]), "different from what was sent: 3, 7 to 9");
        let many: Vec<u16> = (1..40).step_by(2).collect();
        assert!(reported(&many).ends_with("15 and more"));
        assert!(reported(&(1..=10_000).collect::<Vec<u16>>()).ends_with(": 1 to 10,000"));
    }

    #[test]
    fn values_are_named_by_what_they_are_compared_with() {
        let values = |algorithm: Option<&str>, against| {
            let (algorithm, ours, theirs) = (algorithm.map(Into::into), "a".into(), "b".into());
            Evidence::Values { algorithm, ours, theirs, against }.to_string()
        };
        assert_eq!(values(Some("MD5"), Against::Receipt), "MD5: sent a, found b");
        assert_eq!(values(None, Against::Receipt), "sent a, found b");
        assert_eq!(values(Some("MD5"), Against::File), "MD5: the file has a, the object b");
        assert_eq!(
            Evidence::FileChanged { parts: vec![], more: false }.to_string(),
            "it has changed since the upload"
        );
        let (parts, more) = runs(&[2]);
        assert_eq!(
            Evidence::FileChanged { parts, more }.to_string(),
            "it has changed since the upload, in part 2"
        );
    }
}
