//! What a line of a connection's test has to tell where it passed, as kinds with values. Knows the English words of each;
//! knows no words of a window, and asks nobody.

use serde::Serialize;
use std::fmt;

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "found", rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Checked {
    Answers,
    ClockAgrees,
    Unsigned,
    KeysAccepted,
    BucketThere { bucket: String },
    MayUpload,
    Sums { algorithm: String, of: ChecksumsOf },
}

/// What the server tells a checksum of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum ChecksumsOf {
    Objects,
    /// Of the parts, and of their sums.
    Parts,
    /// Their MD5, and nothing newer.
    PartsAlone,
    /// Only sizes can be compared.
    Nothing,
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answers => f.write_str("The server answers"),
            Self::ClockAgrees => f.write_str("This computer's clock agrees with the server's"),
            Self::Unsigned => f.write_str("Requests go out unsigned"),
            Self::KeysAccepted => f.write_str("The keys are accepted"),
            Self::BucketThere { bucket } => write!(f, "The bucket {bucket} is there"),
            Self::MayUpload => f.write_str("An upload could be started and was aborted"),
            Self::Sums { algorithm, of } => match of {
                ChecksumsOf::Objects => write!(f, "The server sums whole objects ({algorithm})"),
                ChecksumsOf::Parts => {
                    write!(f, "The server sums parts, and their sums ({algorithm})")
                }
                ChecksumsOf::PartsAlone => {
                    write!(
                        f,
                        "The server has no newer checksums; parts are compared by {algorithm}"
                    )
                }
                ChecksumsOf::Nothing => {
                    f.write_str("The server has no checksum that can be compared; sizes are")
                }
            },
        }
    }
}
