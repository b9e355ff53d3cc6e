//! What each passed step of a connection test found, as kinds with values, and the English words of each. The window says the
//! same (`ui/src/i18n/en/found.ts`); `ui/src/lib/wire/sentences.json` holds the two together.

use serde::Serialize;
use std::fmt;

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "found", rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Checked {
    Answers,
    /// By way of a proxy: its host and port.
    AnswersThrough {
        proxy: String,
    },
    ClockAgrees,
    Unsigned,
    KeysAccepted,
    BucketThere {
        bucket: String,
    },
    MayUpload,
    Sums {
        algorithm: String,
        of: ChecksumsOf,
    },
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
            Self::Answers => f.write_str("The server responds"),
            Self::AnswersThrough { proxy } => {
                write!(f, "The server responds, through the proxy {proxy}")
            }
            Self::ClockAgrees => f.write_str("This computer's clock agrees with the server's"),
            Self::Unsigned => f.write_str("Requests are not signed"),
            Self::KeysAccepted => f.write_str("The keys are accepted"),
            Self::BucketThere { bucket } => write!(f, "The bucket {bucket} exists"),
            Self::MayUpload => f.write_str("A test upload worked and was removed"),
            Self::Sums { algorithm, of } => match of {
                ChecksumsOf::Objects => write!(f, "The server reports checksums of whole objects ({algorithm})"),
                ChecksumsOf::Parts => {
                    write!(f, "The server reports composite checksums ({algorithm})")
                }
                ChecksumsOf::PartsAlone => {
                    write!(
                        f,
                        "The server supports no newer checksums; parts are compared by {algorithm}"
                    )
                }
                ChecksumsOf::Nothing => {
                    f.write_str("The server reports no checksum that could be compared; only sizes are compared")
                }
            },
        }
    }
}
