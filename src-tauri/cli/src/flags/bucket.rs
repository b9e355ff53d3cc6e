//! The arguments of `bucket create` and `bucket list`.

use super::Server;
use clap::{Args, Subcommand};
use std::path::PathBuf;

const CREATE_MORE: &str =
    "The bucket is created in --region, or in the region of the AWS configuration, or in us-east-1.
A bucket that you already own is left unchanged.

Exit codes: 0 the bucket exists, 1 it could not be created, 2 invalid usage, 130 interrupted.";

#[derive(Debug, Subcommand)]
pub(crate) enum Bucket {
    /// Create a bucket
    Create(Create),
    /// List all buckets that these credentials can list
    List(Buckets),
}

#[derive(Debug, Args)]
#[command(after_help = CREATE_MORE)]
pub(crate) struct Create {
    /// The bucket's name: 3 to 63 lowercase letters, digits, hyphens and dots
    #[arg(value_name = "s3://NAME")]
    pub(crate) place: String,
    #[command(flatten)]
    pub(crate) server: Server,
    #[command(flatten)]
    pub(crate) program: Program,
}

#[derive(Debug, Args)]
pub(crate) struct Buckets {
    #[command(flatten)]
    pub(crate) server: Server,
    #[command(flatten)]
    pub(crate) program: Program,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "General")]
pub(crate) struct Program {
    /// Folder for the journals of uploads [default: in the user's data folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) state: Option<PathBuf>,
    /// Print one JSON object per line to stdout
    #[arg(long)]
    pub(crate) json: bool,
}

impl Create {
    /// # Errors
    /// A message, if no bucket is named, or something inside one.
    pub(crate) fn bucket(&self) -> Result<String, String> {
        let place = &self.place;
        match super::place(place) {
            Ok((bucket, prefix)) if prefix.is_empty() => Ok(bucket),
            Ok((bucket, _)) => Err(format!(
                "\"{place}\" has a key or prefix; write s3://{bucket} (prefixes do not have to be created)"
            )),
            Err(_) => Err(format!("\"{place}\" is not a bucket; write s3://NAME")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flags::{Command, Flags};
    use clap::Parser;

    fn named(line: &str) -> Result<String, String> {
        let words = ["windlass-cli", "bucket", "create"].into_iter().chain(line.split_whitespace());
        match Flags::try_parse_from(words).map_err(|error| error.to_string())?.command {
            Command::Bucket(flags) => match *flags {
                Bucket::Create(flags) => flags.bucket(),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_bucket_is_named_and_nothing_in_it() {
        for line in ["s3://test-3224-random --region us-east-1", "S3://test-3224-random/"] {
            assert_eq!(named(line), Ok("test-3224-random".to_owned()), "{line}");
        }
        for (line, says) in
            [("test", "s3://NAME"), ("s3://", "s3://NAME"), ("s3://a/b", "write s3://a "), ("", "")]
        {
            let wrong = named(line).unwrap_err();
            assert!(wrong.contains(says), "{line}: {wrong}");
        }
    }
}
