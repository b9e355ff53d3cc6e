//! The arguments of `unfinished list`, `adopt` and `discard`.

use super::{Common, CustomerKeyFile, RunOptions, Server, Taken};
use crate::units;
use clap::{Args, Subcommand};
use std::path::PathBuf;
use std::time::Duration;
use windlass_engine::bucket_and_key;

const ADOPT_MORE: &str =
    "Every stored part is compared with the file first; only parts that differ or are missing are sent.
If no stored part matches the file, nothing is sent and the multipart upload is left unchanged.

Exit codes: 0 success, 1 failure, 2 invalid usage, 130 interrupted (continue with: windlass-cli resume).";

const DISCARD_MORE: &str =
    "Asks for confirmation. Multipart uploads that belong to an upload of this computer (in the app or of
an earlier run) are skipped; cancel the upload there instead.

Exit codes: 0 all discarded, 1 some were not, 2 invalid usage, 130 interrupted.";

#[derive(Debug, Subcommand)]
pub(crate) enum Unfinished {
    /// List incomplete multipart uploads and what is stored of them
    List(List),
    /// Resume an incomplete multipart upload from a local file
    Adopt(Adopt),
    /// Abort incomplete multipart uploads and delete their stored parts
    Discard(Discard),
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// The bucket; with a PREFIX, only keys that start with it
    #[arg(value_name = "s3://BUCKET/PREFIX")]
    pub(crate) place: String,
    #[command(flatten)]
    pub(crate) server: Server,
    /// Folder for the journals of uploads [default: in the user's data folder]
    #[arg(long, value_name = "DIR", help_heading = "General")]
    pub(crate) state: Option<PathBuf>,
    /// Print one JSON object per line to stdout
    #[arg(long, help_heading = "General")]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = ADOPT_MORE)]
pub(crate) struct Adopt {
    /// The key of the multipart upload
    #[arg(value_name = "s3://BUCKET/KEY")]
    pub(crate) place: String,
    /// The local file that it was created from
    #[arg(long, value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The upload ID, if the key has several multipart uploads
    #[arg(long, value_name = "ID")]
    pub(crate) upload_id: Option<String>,
    /// What to do if the object exists: ask, replace, keep-both, skip, skip-same (same size), fail
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = Taken::Replace, hide_possible_values = true)]
    pub(crate) if_exists: Taken,
    /// Number of concurrent connections [default: automatic]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) connections: Option<u32>,
    /// Bandwidth limit, such as 20MB/s
    #[arg(long, value_name = "RATE", value_parser = units::rate)]
    pub(crate) limit: Option<u64>,
    #[command(flatten)]
    pub(crate) server: Server,
    #[command(flatten)]
    pub(crate) customer_key: CustomerKeyFile,
    #[command(flatten)]
    pub(crate) run_options: RunOptions,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, Args)]
#[command(after_help = DISCARD_MORE)]
#[group(id = "which", required = true, multiple = true, args = ["upload_id", "all", "older_than"])]
pub(crate) struct Discard {
    /// The bucket; with a PREFIX, only keys that start with it
    #[arg(value_name = "s3://BUCKET/PREFIX")]
    pub(crate) place: String,
    /// Discard the multipart upload with this upload ID; can be repeated
    #[arg(long, value_name = "ID", conflicts_with_all = ["all", "older_than"])]
    pub(crate) upload_id: Vec<String>,
    /// Discard all of them
    #[arg(long)]
    pub(crate) all: bool,
    /// Discard those that are at least this old, such as 7d, 12h or 90min
    #[arg(long, value_name = "AGE", value_parser = units::age)]
    pub(crate) older_than: Option<Duration>,
    /// Do not ask for confirmation
    #[arg(long)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) server: Server,
    /// Folder for the journals of uploads [default: in the user's data folder]
    #[arg(long, value_name = "DIR", help_heading = "General")]
    pub(crate) state: Option<PathBuf>,
    /// Print one JSON object per line to stdout
    #[arg(long, help_heading = "General")]
    pub(crate) json: bool,
}

/// The bucket and the prefix, which may be empty.
///
/// # Errors
/// A message, if there is no bucket.
pub(crate) fn place(text: &str) -> Result<(String, String), String> {
    let form = || format!("\"{text}\" has no bucket; write s3://BUCKET/PREFIX");
    let scheme = text.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("s3://"));
    let place = scheme.and(text.get(5..)).ok_or_else(form)?;
    let (bucket, prefix) = bucket_and_key(place);
    match bucket.is_empty() {
        true => Err(form()),
        false => Ok((bucket.to_owned(), prefix.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flags::{Command, Flags};
    use clap::Parser;

    fn typed(line: &str) -> Result<Unfinished, String> {
        let words = ["windlass-cli", "unfinished"].into_iter().chain(line.split_whitespace());
        match Flags::try_parse_from(words).map_err(|error| error.to_string())?.command {
            Command::Unfinished(flags) => Ok(*flags),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_place_is_a_bucket_and_a_prefix() {
        let point = "arn:aws:s3:us-west-2:123456789012:accesspoint/films";
        let (bucket, prefix) = place(&format!("s3://{point}/a/k")).unwrap();
        assert_eq!((&bucket[..], &prefix[..]), (point, "a/k"));
        let there = |bucket: &str, prefix: &str| Ok((bucket.to_owned(), prefix.to_owned()));
        assert_eq!(place("s3://b"), there("b", ""));
        assert_eq!(place("S3://b/"), there("b", ""));
        assert_eq!(place("s3://b/2026/k"), there("b", "2026/k"));
        for bad in ["b", "s3:/b", "s3://", "s3:///k", "ü"] {
            assert!(place(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_discarded_is_named() {
        assert!(typed("discard s3://b").is_err());
        assert!(typed("discard s3://b --all --upload-id i").is_err());
        assert!(typed("discard s3://b --older-than tomorrow").is_err());
        for line in
            ["--all", "--older-than 7d", "--all --older-than 7d", "--upload-id a --upload-id b"]
        {
            assert!(typed(&format!("discard s3://b/p {line}")).is_ok(), "{line}");
        }
        assert!(typed("adopt s3://b/k").is_err(), "no file");
        assert!(typed("adopt s3://b/k --file f --upload-id i").is_ok());
        assert!(typed("list s3://b --json").is_ok());
    }

    #[test]
    fn the_command_has_two_names() {
        for name in ["unfinished", "incomplete"] {
            let flags = Flags::try_parse_from(["windlass-cli", name, "list", "s3://b"]).unwrap();
            assert!(matches!(flags.command, Command::Unfinished(_)), "{name}");
        }
    }
}
