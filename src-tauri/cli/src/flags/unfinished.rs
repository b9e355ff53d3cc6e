//! What can be typed after `unfinished`: a bucket, and what is done with what stands there. Knows no server.

use super::{Common, CustomerKeyFile, RunOptions, Server, Taken};
use crate::units;
use clap::{Args, Subcommand};
use std::path::PathBuf;
use std::time::Duration;
use windlass_engine::bucket_and_key;

const ADOPT_MORE: &str =
    "Every stored part is held against the file before a byte is sent, and only what differs or is
missing goes. Where not one of them is the file's, nothing is sent, and what is there stays there.

Exit: 0 done, 1 it failed, 2 wrong usage, 130 interrupted (go on with: windlass-cli resume).";

const DISCARD_MORE: &str =
    "Asks first, where there is a terminal to ask at. What this computer goes on with itself (the app, or
an earlier run) is passed over: it is cancelled there.

Exit: 0 all gone, 1 some is not, 2 wrong usage, 130 interrupted.";

#[derive(Debug, Subcommand)]
pub(crate) enum Unfinished {
    /// What stands unfinished in a bucket, and what is stored of it
    List(List),
    /// Go on with one, from a local file
    Adopt(Adopt),
    /// Take them off the server, with all that is stored of them
    Discard(Discard),
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// The bucket; of a PREFIX, the keys that begin so
    #[arg(value_name = "s3://BUCKET/PREFIX")]
    pub(crate) place: String,
    #[command(flatten)]
    pub(crate) server: Server,
    /// Where the journals of uploads are [default: in the user's data folder; the app's own, too]
    #[arg(long, value_name = "DIR", help_heading = "This program")]
    pub(crate) state: Option<PathBuf>,
    /// One JSON object a line on stdout
    #[arg(long, help_heading = "This program")]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = ADOPT_MORE)]
pub(crate) struct Adopt {
    /// Its key
    #[arg(value_name = "s3://BUCKET/KEY")]
    pub(crate) place: String,
    /// The file that it is of
    #[arg(long, value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Which, where several stand at the key
    #[arg(long, value_name = "ID")]
    pub(crate) upload_id: Option<String>,
    /// What to do where the key is taken: ask, replace, keep-both, skip, skip-same (size), fail
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = Taken::Replace, hide_possible_values = true)]
    pub(crate) if_exists: Taken,
    /// Connections at once [default: automatic]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) connections: Option<u32>,
    /// Bytes a second at most, like 20MB/s
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
    /// The bucket; of a PREFIX, the keys that begin so
    #[arg(value_name = "s3://BUCKET/PREFIX")]
    pub(crate) place: String,
    /// This one; may be given several times
    #[arg(long, value_name = "ID", conflicts_with_all = ["all", "older_than"])]
    pub(crate) upload_id: Vec<String>,
    /// All that stand there
    #[arg(long)]
    pub(crate) all: bool,
    /// Those that were begun so long ago, like 7d, 12h or 90min
    #[arg(long, value_name = "AGE", value_parser = units::age)]
    pub(crate) older_than: Option<Duration>,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) server: Server,
    /// Where the journals of uploads are [default: in the user's data folder; the app's own, too]
    #[arg(long, value_name = "DIR", help_heading = "This program")]
    pub(crate) state: Option<PathBuf>,
    /// One JSON object a line on stdout
    #[arg(long, help_heading = "This program")]
    pub(crate) json: bool,
}

/// Bucket and prefix, which may be empty.
///
/// # Errors
/// In words, where it is none.
pub(crate) fn place(text: &str) -> Result<(String, String), String> {
    let form = || format!("\"{text}\" names no bucket; write it as s3://BUCKET/PREFIX");
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
}
