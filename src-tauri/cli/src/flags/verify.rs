//! The arguments of `verify`.

use super::{CustomerKeyFile, Server};
use clap::Args;
use std::path::PathBuf;
use windlass_engine::bucket_and_key;

const USAGE: &str = "windlass-cli verify [OPTIONS] s3://BUCKET/KEY [--file FILE]
       windlass-cli verify [OPTIONS] --receipt FILE [--file FILE]";

const MORE: &str =
    "Nothing is downloaded: the size, checksums and parts that the server reports are compared with the
receipt of the upload. This computer keeps the receipts of its uploads; upload --receipts DIR also
writes them to files. Without a receipt, --file compares the object with a local file.

Exit codes: 0 no difference, 1 a difference or an error, 2 invalid usage, 130 interrupted.";

#[derive(Debug, Args)]
#[command(override_usage = USAGE, after_help = MORE)]
pub(crate) struct Verify {
    /// The object [default: the one in --receipt]
    #[arg(value_name = "s3://BUCKET/KEY", required_unless_present = "receipt")]
    pub(crate) place: Option<String>,
    /// Also read this local file, and compare it with the receipt or the object
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// The receipt [default: this computer's latest receipt of the object]
    #[arg(long, value_name = "FILE")]
    pub(crate) receipt: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) server: Server,
    #[command(flatten)]
    pub(crate) customer_key: CustomerKeyFile,

    /// Folder for the journals of uploads [default: in the user's data folder]
    #[arg(long, value_name = "DIR", help_heading = "General")]
    pub(crate) state: Option<PathBuf>,
    /// Print one JSON object to stdout
    #[arg(long, help_heading = "General")]
    pub(crate) json: bool,
}

impl Verify {
    /// The bucket and the key, if an object was named.
    ///
    /// # Errors
    /// A message, if it is not an object.
    pub(crate) fn object(&self) -> Result<Option<(String, String)>, String> {
        let Some(place) = &self.place else { return Ok(None) };
        let form = || format!("\"{place}\" is not an object; write s3://BUCKET/KEY");
        let scheme = place.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("s3://"));
        let object = scheme.and(place.get(5..)).map(bucket_and_key);
        let (bucket, key) = object.ok_or_else(form)?;
        if bucket.is_empty() || key.is_empty() {
            return Err(form());
        }
        Ok(Some((bucket.to_owned(), key.to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use crate::flags::{Command, Flags};
    use clap::Parser;

    fn object(line: &str) -> Result<Option<(String, String)>, String> {
        let words = ["windlass-cli", "verify"].into_iter().chain(line.split_whitespace());
        match Flags::try_parse_from(words).map_err(|error| error.to_string())?.command {
            Command::Verify(flags) => flags.object(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_object_is_a_bucket_and_a_key() {
        let there = |bucket: &str, key: &str| Ok(Some((bucket.to_owned(), key.to_owned())));
        assert_eq!(object("s3://b/k"), there("b", "k"));
        assert_eq!(object("S3://b/2026/k/"), there("b", "2026/k/"));
        assert_eq!(object("s3://b//k"), there("b", "/k"));
        let point = "arn:aws:s3:us-west-2:123456789012:accesspoint/films";
        assert_eq!(object(&format!("s3://{point}/a/k")), there(point, "a/k"));
        assert!(object(&format!("s3://{point}")).is_err());
        assert_eq!(object("--receipt r"), Ok(None));
        assert_eq!(object("--receipt r s3://b/k"), there("b", "k"));
        for line in ["", "--file f", "b/k", "s3://", "s3://b", "s3://b/", "s3:///k", "ü", "s3:/ü"]
        {
            assert!(object(line).is_err(), "{line}");
        }
    }
}
