//! The rules for the names of general purpose buckets.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>

use crate::fault::InvalidBucketName;
use serde::Deserialize;

/// A name while it is typed, and where the bucket would be.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct BucketName {
    pub name: String,
    /// Amazon S3 reserves some names that other servers do not.
    pub amazon: bool,
}

const RESERVED_PREFIXES: [&str; 3] = ["xn--", "sthree-", "amzn-s3-demo-"];
/// The last one is allowed in an account's regional namespace only, where Windlass creates no buckets.
const RESERVED_SUFFIXES: [&str; 6] =
    ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3", "-an"];

impl BucketName {
    /// Checks the name of a bucket that is to be created.
    ///
    /// # Errors
    /// The first rule that it breaks, in the order in which a person who is typing can mend them.
    pub fn check(&self) -> Result<(), InvalidBucketName> {
        let name = self.name.as_str();
        if name.contains(char::is_uppercase) {
            return Err(InvalidBucketName::Uppercase);
        }
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c);
        if let Some(character) = name.chars().find(|c| !allowed(*c)) {
            return Err(InvalidBucketName::Character { character: character.into() });
        }
        if name.starts_with(['.', '-']) {
            return Err(InvalidBucketName::Begins);
        }
        if name.contains("..") {
            return Err(InvalidBucketName::TwoDots);
        }
        if self.amazon {
            self.check_reserved()?;
        }
        // only ASCII is left
        match name.len() {
            0..3 => Err(InvalidBucketName::TooShort),
            3..64 if name.ends_with(['.', '-']) => Err(InvalidBucketName::Ends),
            3..64 if is_dotted_quad(name) => Err(InvalidBucketName::IpAddress),
            3..64 => Ok(()),
            characters => Err(InvalidBucketName::TooLong { characters: characters as u64 }),
        }
    }

    fn check_reserved(&self) -> Result<(), InvalidBucketName> {
        if let Some(prefix) =
            RESERVED_PREFIXES.iter().find(|prefix| self.name.starts_with(**prefix))
        {
            return Err(InvalidBucketName::ReservedPrefix { prefix: (*prefix).into() });
        }
        if let Some(suffix) = RESERVED_SUFFIXES.iter().find(|suffix| self.name.ends_with(**suffix))
        {
            return Err(InvalidBucketName::ReservedSuffix { suffix: (*suffix).into() });
        }
        Ok(())
    }
}

/// Four groups of up to three digits, such as 192.168.005.400: Amazon S3 refuses their form, whatever their values are.
fn is_dotted_quad(name: &str) -> bool {
    let mut groups = 0;
    let digits = name.split('.').all(|group| {
        groups += 1;
        (1..=3).contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_digit())
    });
    digits && groups == 4
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(name: &str, amazon: bool) -> Option<InvalidBucketName> {
        BucketName { name: name.into(), amazon }.check().err()
    }

    #[test]
    fn names_that_s3_takes_are_taken() {
        let longest = "a".repeat(63);
        for name in [
            "abc",
            "123",
            "media-prod",
            "my.bucket.1",
            "a-b",
            "1.2.3",
            "1.2.3.4.5",
            "1234.1.1.1",
            "a--b",
            "a.-b",
            "amzn-s3",
            "plan",
            "xn-media",
            &longest,
        ] {
            assert_eq!(broken(name, true), None, "{name}");
        }
    }

    #[test]
    fn each_broken_rule_has_its_own_reason() {
        use InvalidBucketName as Rule;
        let character = |character: &str| Rule::Character { character: character.into() };
        let begins = |prefix: &str| Rule::ReservedPrefix { prefix: prefix.into() };
        let ends = |suffix: &str| Rule::ReservedSuffix { suffix: suffix.into() };
        let table = [
            ("", Rule::TooShort),
            ("ab", Rule::TooShort),
            (&"a".repeat(64), Rule::TooLong { characters: 64 }),
            ("Media", Rule::Uppercase),
            ("MÜLL", Rule::Uppercase),
            ("my bucket", character(" ")),
            ("my_bucket", character("_")),
            ("müll", character("ü")),
            ("s3://media", character(":")),
            ("media/2026", character("/")),
            ("-media", Rule::Begins),
            (".media", Rule::Begins),
            ("media-", Rule::Ends),
            ("media.", Rule::Ends),
            ("my..bucket", Rule::TwoDots),
            ("192.168.5.4", Rule::IpAddress),
            ("192.168.005.400", Rule::IpAddress),
            ("xn--media", begins("xn--")),
            ("sthree-configurator", begins("sthree-")),
            ("amzn-s3-demo-bucket", begins("amzn-s3-demo-")),
            ("media-s3alias", ends("-s3alias")),
            ("media--ol-s3", ends("--ol-s3")),
            ("media.mrap", ends(".mrap")),
            ("media--use1-az4--x-s3", ends("--x-s3")),
            ("media--table-s3", ends("--table-s3")),
            ("media-111122223333-us-west-2-an", ends("-an")),
        ];
        for (name, rule) in table {
            assert_eq!(broken(name, true), Some(rule), "{name}");
        }
    }

    #[test]
    fn what_amazon_reserves_is_free_elsewhere() {
        for name in ["xn--media", "sthree-media", "media--x-s3", "jordan-an"] {
            assert_eq!(broken(name, false), None, "{name}");
        }
    }
}
