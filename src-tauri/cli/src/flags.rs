//! What can be typed: commands, flags, their help and what is wrong with them. Knows no upload and no server.

mod bucket;
mod hours;
mod object;
mod run_options;
mod sources;
mod unfinished;
mod verify;

pub(crate) use bucket::{Bucket, Buckets, Create};
pub(crate) use object::{CustomerKeyFile, Object};
pub(crate) use run_options::RunOptions;
pub(crate) use sources::{Sources, UploadRequest};
pub(crate) use unfinished::{Adopt, Discard, List, Unfinished, place};
pub(crate) use verify::Verify;

use crate::output::stdio;
use crate::units;
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use windlass_engine::{IfExists, ScheduledLimit};

/// Hauls big files into S3 buckets, part by part.
#[derive(Debug, Parser)]
#[command(name = "windlass-cli", version, arg_required_else_help = true, max_term_width = 100, after_help = MORE)]
pub(crate) struct Flags {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const MORE: &str = "To try it without an account:
  windlass-cli practice
and, as its first lines say, in another terminal:
  windlass-cli upload big.iso s3://practice/ --endpoint-url http://127.0.0.1:PORT

Exit: 0 all done, 1 some upload failed or an object differs, 2 wrong usage, 130 interrupted.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Upload files and folders
    Upload(Box<Upload>),
    /// Go on with what an earlier run left
    Resume(Resume),
    /// What stands unfinished in a bucket: list it, go on with it, take it off
    #[command(subcommand)]
    Unfinished(Box<Unfinished>),
    /// Hold an object against the receipt of its upload again, without downloading it
    Verify(Box<Verify>),
    /// Make a bucket, or list those that there are
    #[command(subcommand)]
    Bucket(Box<Bucket>),
    /// Run the practice store, an S3 server over a local folder, until interrupted
    Practice(Practice),
}

const UPLOAD_USAGE: &str = "windlass-cli upload [OPTIONS] PATH... s3://BUCKET/PREFIX
       windlass-cli upload --file FILE --bucket BUCKET [--key KEY] [--chunk_size MIB] [OPTIONS]";

const UPLOAD_MORE: &str =
    "PREFIX: one that ends in / (or none) keeps the file's name under it; one that does not is
the object's key, where PATH is one file. A folder keeps its name and what is below it.

Coming from a script that is called as
  upload.py --file big.iso --bucket BUCKET --key KEY --chunk_size 6
keep the line and change the program to: windlass-cli upload. A bare number counts in MiB there.

Keys are looked for as the AWS tools do: environment, profile, SSO. They are never written down.
Interrupt it at any time, and go on with: windlass-cli resume

Exit: 0 all done, 1 some upload failed, 2 wrong usage, 130 interrupted.";

#[derive(Debug, Args)]
#[command(override_usage = UPLOAD_USAGE, after_help = UPLOAD_MORE)]
pub(crate) struct Upload {
    /// Files and folders, and where they go
    #[arg(
        value_name = "PATH... s3://BUCKET/PREFIX",
        required_unless_present = "file",
        conflicts_with_all = ["file", "bucket", "key"]
    )]
    pub(crate) places: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) server: Server,
    #[command(flatten)]
    pub(crate) sending: Sending,
    #[command(flatten)]
    pub(crate) object: Object,
    #[command(flatten)]
    pub(crate) run_options: RunOptions,
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(flatten)]
    pub(crate) script: Script,
}

/// The same in the form of the scripts people have.
#[derive(Debug, Args)]
#[command(next_help_heading = "As upload.py has it")]
pub(crate) struct Script {
    /// The one file
    #[arg(long, value_name = "FILE", requires = "bucket")]
    pub(crate) file: Option<PathBuf>,
    /// Where it goes
    #[arg(long, value_name = "BUCKET", requires = "file")]
    pub(crate) bucket: Option<String>,
    /// The object's key [default: the file's name]
    #[arg(long, value_name = "KEY", requires = "file")]
    pub(crate) key: Option<String>,
    /// Size of a part in MiB, or with a unit as for --part-size
    #[arg(
        long = "chunk_size",
        alias = "chunk-size",
        value_name = "MIB",
        value_parser = units::chunk_size,
        conflicts_with = "part_size"
    )]
    pub(crate) chunk_size: Option<u64>,
}

impl Upload {
    /// Bytes of a part, by whichever flag names them.
    pub(crate) fn part_size(&self) -> Option<u64> {
        self.sending.part_size.or(self.script.chunk_size)
    }
}

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Server and keys")]
pub(crate) struct Server {
    /// The server's address [default: AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, endpoint_url of the profile, or Amazon's]
    #[arg(long, value_name = "URL")]
    pub(crate) endpoint_url: Option<String>,
    /// The bucket's region [default: of the AWS configuration; us-east-1 for another server]
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// The bucket goes in the path, not in the host's name. As in the AWS tools this is so for every
    /// server but Amazon's; --path-style=false turns it off
    #[arg(
        long,
        value_name = "true|false",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        hide_possible_values = true
    )]
    pub(crate) path_style: Option<bool>,
    /// A profile of the AWS configuration
    #[arg(long, value_name = "NAME", conflicts_with_all = ["connection", "no_sign_request"])]
    pub(crate) profile: Option<String>,
    /// A connection of the app, by its name; its secret is in the keychain
    #[arg(
        long,
        value_name = "NAME",
        conflicts_with_all = ["no_sign_request", "endpoint_url", "region", "path_style", "ca_bundle"]
    )]
    pub(crate) connection: Option<String>,
    /// Certificate authorities to trust besides the system's, in PEM form [default: AWS_CA_BUNDLE,
    /// or ca_bundle of the profile]
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_bundle: Option<PathBuf>,
    /// Send requests unsigned
    #[arg(long)]
    pub(crate) no_sign_request: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "How it is sent")]
pub(crate) struct Sending {
    /// Size of a part with its unit, 5MiB to 5GiB [default: automatic]
    #[arg(long, value_name = "SIZE", value_parser = units::part_size)]
    pub(crate) part_size: Option<u64>,
    /// Connections at once [default: automatic]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) connections: Option<u32>,
    /// Bytes a second at most, like 20MB/s
    #[arg(long, value_name = "RATE", value_parser = units::rate)]
    pub(crate) limit: Option<u64>,
    /// Another limit at some hours, like "mo-fr 08:00-18:00 2MB/s", or "22:00-06:00 full" for every day
    /// and no limit. May be given more than once; the first that fits wins
    #[arg(long, value_name = "DAYS FROM-UNTIL RATE", value_parser = hours::hours)]
    pub(crate) limit_hours: Vec<ScheduledLimit>,
    /// Let other programs go first: low priority for processor and disk
    #[arg(long)]
    pub(crate) low_priority: bool,
    /// What to do where the key is taken: ask, replace, keep-both, skip, skip-same (size), fail
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = Taken::Replace, hide_possible_values = true)]
    pub(crate) if_exists: Taken,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "This program")]
pub(crate) struct Common {
    /// Where the journal is [default: in the user's data folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) state: Option<PathBuf>,
    /// Wait for ever for a server that cannot be reached, not a minute
    #[arg(long)]
    pub(crate) wait_for_network: bool,
    /// One JSON object a line on stdout
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Resume {
    #[command(flatten)]
    pub(crate) run_options: RunOptions,
    #[command(flatten)]
    pub(crate) customer_key: CustomerKeyFile,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, Args)]
pub(crate) struct Practice {
    /// Where the buckets are kept [default: in the user's data folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// [default: any that is free]
    #[arg(long, value_name = "N")]
    pub(crate) port: Option<u16>,
    /// The first line as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Taken {
    Ask,
    Replace,
    KeepBoth,
    Skip,
    SkipSame,
    Fail,
}

impl Taken {
    /// `can_ask`: there is a person at a terminal.
    pub(crate) fn to_engine(self, can_ask: bool) -> IfExists {
        match self {
            Self::Ask if can_ask => IfExists::Ask,
            Self::Ask | Self::Fail => IfExists::Fail,
            Self::Replace => IfExists::Replace,
            Self::KeepBoth => IfExists::KeepBoth,
            Self::Skip => IfExists::Skip,
            Self::SkipSame => IfExists::SkipSame,
        }
    }
}

/// Says what is wrong with a command's flags in clap's form, and ends with 2.
pub(crate) fn wrong(name: &str, what: &str) -> ! {
    let mut command = Flags::command();
    command.build();
    let what = stdio::plain(what);
    match command.find_subcommand_mut(name) {
        Some(command) => command.error(ErrorKind::ValueValidation, what).exit(),
        None => command.error(ErrorKind::ValueValidation, what).exit(),
    }
}

/// Says what clap says, and ends. Words that were typed are in it as they came.
pub(crate) fn refuse(error: &clap::Error) -> ! {
    if !std::env::args_os().any(|typed| typed.to_string_lossy().contains(stdio::acts)) {
        error.exit();
    }
    // without colours, which are of the same kind
    error.to_string().lines().for_each(stdio::report);
    std::process::exit(error.exit_code());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upload(line: &str) -> Result<Upload, clap::Error> {
        match Flags::try_parse_from(
            ["windlass-cli", "upload"].into_iter().chain(line.split_whitespace()),
        )?
        .command
        {
            Command::Upload(upload) => Ok(*upload),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_table_of_flags_is_sound() {
        Flags::command().debug_assert();
    }

    #[test]
    fn both_forms_of_an_upload() {
        let flags =
            upload("a b s3://x/y --part-size 8MiB --tag k=v=w --tag l= --path-style").unwrap();
        assert_eq!(flags.places.len(), 3);
        assert_eq!(flags.sending.part_size, Some(8 << 20));
        assert_eq!(flags.object.tag, [("k".into(), "v=w".into()), ("l".into(), String::new())]);
        assert_eq!(flags.server.path_style, Some(true));
        for flag in ["--chunk_size", "--chunk-size"] {
            let flags = upload(&format!("--file f --bucket b --key k {flag} 6")).unwrap();
            assert_eq!(
                (flags.script.key.as_deref(), flags.part_size()),
                (Some("k"), Some(6 << 20))
            );
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for line in [
            "",
            "--file f",
            "--bucket b --key k a s3://x/",
            "--file f --bucket b a s3://x/",
            "a s3://x/ --part-size 1MiB",
            "a s3://x/ --part-size 6",
            "a s3://x/ --part-size 8MiB --chunk_size 8",
            "a s3://x/ --connections 0",
            "a s3://x/ --profile p --no-sign-request",
            "a s3://x/ --connection c --endpoint-url http://h",
            "a s3://x/ --tag novalue",
            "a s3://x/ --metadata k:1=v",
            "a s3://x/ --if-exists maybe",
            "a s3://x/ --sse DES",
            "a s3://x/ --lock-days 3",
            "a s3://x/ --lock-mode governance",
            "a s3://x/ --lock-mode forever --lock-days 3",
            "a s3://x/ --lock-mode governance --lock-days 0",
            "a s3://x/ --if-changing maybe",
            "a s3://x/ --changing-after 0",
        ] {
            assert_eq!(upload(line).unwrap_err().exit_code(), 2, "{line}");
        }
    }

    #[test]
    fn nobody_is_asked_where_nobody_is() {
        assert_eq!(Taken::Ask.to_engine(true), IfExists::Ask);
        assert_eq!(Taken::Ask.to_engine(false), IfExists::Fail);
    }
}
