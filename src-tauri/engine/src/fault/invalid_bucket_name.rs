//! Why a bucket cannot have a name: the rule that it breaks, and the English sentence of each. The window says the same
//! (`ui/src/i18n/en/browsing.ts`); `ui/src/lib/wire/sentences.json` holds the two together.

use super::number_text::grouped;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A rule for the names of general purpose buckets that a name breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum InvalidBucketName {
    /// Fewer than 3 characters.
    TooShort,
    /// More than 63 characters.
    TooLong {
        characters: u64,
    },
    Uppercase,
    /// Anything but a lowercase letter, a digit, a dot or a hyphen.
    Character {
        character: String,
    },
    /// The first character is a dot or a hyphen.
    Begins,
    /// The last character is a dot or a hyphen.
    Ends,
    TwoDots,
    IpAddress,
    /// It begins with what Amazon S3 reserves for itself.
    ReservedPrefix {
        prefix: String,
    },
    /// It ends with what Amazon S3 reserves for itself.
    ReservedSuffix {
        suffix: String,
    },
}

impl fmt::Display for InvalidBucketName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort => f.write_str("a bucket name has at least 3 characters"),
            Self::TooLong { characters } => {
                write!(f, "a bucket name has at most 63 characters, not {}", grouped(*characters))
            }
            Self::Uppercase => f.write_str("a bucket name cannot contain uppercase letters"),
            Self::Character { character } => write!(
                f,
                "a bucket name can contain only the letters a to z, digits, dots and hyphens, not \"{character}\""
            ),
            Self::Begins => f.write_str("a bucket name begins with a letter or a digit"),
            Self::Ends => f.write_str("a bucket name ends with a letter or a digit"),
            Self::TwoDots => f.write_str("a bucket name cannot contain two dots in a row"),
            Self::IpAddress => f.write_str("a bucket name cannot look like an IP address"),
            Self::ReservedPrefix { prefix } => {
                write!(f, "bucket names that begin with \"{prefix}\" are reserved by Amazon S3")
            }
            Self::ReservedSuffix { suffix } => {
                write!(f, "bucket names that end with \"{suffix}\" are reserved by Amazon S3")
            }
        }
    }
}
