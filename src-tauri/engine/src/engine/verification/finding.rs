//! What a verification found of one thing, as kinds with values. Knows the English words of each, for the terminal; knows no
//! words of a window, and compares nothing itself.

use crate::fault::Fault;
use crate::model::upload::Id;
use serde::Deserialize;
use serde::Serialize;
use std::fmt;

/// The values that were held against each other, or why there are none.
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

/// What the object is held against.
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
            Self::There => f.write_str("it is there"),
            Self::Absent => f.write_str("no object has this key"),
            Self::Value { algorithm: Some(algorithm), value } => write!(f, "{algorithm} {value}"),
            Self::Value { algorithm: None, value } => f.write_str(value),
            Self::Values { algorithm, ours, theirs, against } => {
                let algorithm = algorithm.as_deref().unwrap_or_default();
                match against {
                    Against::Receipt => {
                        let space = if algorithm.is_empty() { "" } else { " " };
                        write!(f, "{algorithm}{space}{ours} was sent, {theirs} is there")
                    }
                    Against::File => {
                        write!(f, "{algorithm}: the file's is {ours}, the object's {theirs}")
                    }
                }
            }
            Self::Size { bytes } => f.write_str(&counted(*bytes)),
            Self::Sizes { ours, theirs, against } => {
                let (ours, theirs) = (counted(*ours), counted(*theirs));
                match against {
                    Against::Receipt => write!(f, "{ours} was sent, {theirs} is there"),
                    Against::File => write!(f, "the file has {ours}, the object {theirs}"),
                }
            }
            Self::None => f.write_str("the server tells none"),
            Self::NotHowLong => {
                f.write_str("the server tells a checksum of its parts, and not how long they are")
            }
            Self::OtherVersion { kept: true } => f.write_str(
                "another version is the current one; the one that was sent is still kept",
            ),
            Self::OtherVersion { kept: false } => f.write_str("another version is the current one"),
            Self::PartsUntold => f.write_str("the server does not tell them"),
            Self::PartCount { sent, there } => write!(f, "{sent} were sent, {there} are there"),
            Self::PartsDiffer { parts, more } => {
                write!(f, "other than sent: {}", listed(parts, *more))
            }
            Self::PartsSame { parts, sums } => {
                let what = if *sums { "sizes and checksums" } else { "sizes" };
                write!(f, "{parts} parts, by their {what}")
            }
            Self::FileSize { now, sent } => {
                write!(f, "it has {} by now, and {} were sent", counted(*now), counted(*sent))
            }
            Self::FileSame => f.write_str("every byte is what was sent"),
            Self::FileChanged { parts, .. } if parts.is_empty() => {
                f.write_str("it has changed since")
            }
            Self::FileChanged { parts, more } => {
                write!(f, "it has changed since, in part {}", listed(parts, *more))
            }
            Self::Refused { fault } => fault.fmt(f),
        }
    }
}

/// "41,943,040 bytes"
fn counted(bytes: u64) -> String {
    let digits = bytes.to_string();
    let comma = |(at, digit): (usize, char)| {
        let here = at > 0 && (digits.len() - at).is_multiple_of(3);
        here.then_some(',').into_iter().chain([digit])
    };
    digits.chars().enumerate().flat_map(comma).chain(" bytes".chars()).collect()
}

/// "3, 7 to 9"
fn listed(runs: &[PartRun], more: bool) -> String {
    let word = |run: &PartRun| match run.first == run.last {
        true => run.first.to_string(),
        false => format!("{} to {}", run.first, run.last),
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

/// A receipt held against the server, and the file, again.
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Verdict {
    /// The bytes on the server are the receipt's, by a checksum.
    Same,
    /// Nothing contradicts, and nothing but the size could be compared.
    SizeOnly,
    Differs,
    Gone,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_told_in_thousands() {
        assert_eq!(counted(0), "0 bytes");
        assert_eq!(counted(999), "999 bytes");
        assert_eq!(counted(41_943_040), "41,943,040 bytes");
    }

    #[test]
    fn numbers_are_told_in_runs() {
        let reported = |numbers: &[u16]| {
            let (parts, more) = runs(numbers);
            Evidence::PartsDiffer { parts, more }.to_string()
        };
        assert_eq!(reported(&[3, 7, 8, 9]), "other than sent: 3, 7 to 9");
        let many: Vec<u16> = (1..40).step_by(2).collect();
        assert!(reported(&many).ends_with("15 and more"));
        assert!(reported(&(1..=10_000).collect::<Vec<u16>>()).ends_with(": 1 to 10000"));
    }

    #[test]
    fn values_are_told_by_what_they_are_held_against() {
        let values = |algorithm: Option<&str>, against| {
            let (algorithm, ours, theirs) = (algorithm.map(Into::into), "a".into(), "b".into());
            Evidence::Values { algorithm, ours, theirs, against }.to_string()
        };
        assert_eq!(values(Some("MD5"), Against::Receipt), "MD5 a was sent, b is there");
        assert_eq!(values(None, Against::Receipt), "a was sent, b is there");
        assert_eq!(values(Some("MD5"), Against::File), "MD5: the file's is a, the object's b");
        assert_eq!(
            Evidence::FileChanged { parts: vec![], more: false }.to_string(),
            "it has changed since"
        );
        let (parts, more) = runs(&[2]);
        assert_eq!(
            Evidence::FileChanged { parts, more }.to_string(),
            "it has changed since, in part 2"
        );
    }
}
