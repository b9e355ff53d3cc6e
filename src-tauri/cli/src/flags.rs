//! The command line: commands, flags, their help, and errors about them.

mod bucket;
mod connections;
mod hours;
mod object;
mod policy;
mod proxy;
mod run_options;
mod shell;
mod sign_in;
mod sources;
mod unfinished;
mod verify;

pub(crate) use bucket::{Bucket, Buckets, Create, Program};
pub(crate) use connections::{Connections, Import, Listed};
pub(crate) use object::{CustomerKeyFile, Object};
pub(crate) use policy::Policy;
pub(crate) use proxy::ProxyFlag;
pub(crate) use run_options::RunOptions;
pub(crate) use shell::{Completions, Man};
pub(crate) use sign_in::{Center, Login, RoleFlags};
pub(crate) use sources::{Sources, UploadRequest};
pub(crate) use unfinished::{Adopt, Discard, List, Unfinished, place};
pub(crate) use verify::Verify;

use crate::output::stdio;
use crate::units;
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use windlass_engine::{IfExists, ScheduledLimit};

/// Upload big files to S3 and compatible storage, part by part.
#[derive(Debug, Parser)]
#[command(name = "windlass-cli", version, arg_required_else_help = true, max_term_width = 100, after_help = MORE)]
pub(crate) struct Flags {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const MORE: &str = "Try it without an account:
  windlass-cli practice
Then, in another terminal, with the keys and the port that it prints:
  windlass-cli upload big.iso s3://practice/ --endpoint-url http://127.0.0.1:PORT

Exit codes: 0 success, 1 an upload failed or an object differs, 2 invalid usage, 130 interrupted.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Upload files and folders
    Upload(Box<Upload>),
    /// Resume interrupted uploads of earlier runs
    Resume(Resume),
    /// List, adopt or discard the incomplete multipart uploads of a bucket
    #[command(subcommand, visible_alias = "incomplete")]
    Unfinished(Box<Unfinished>),
    /// Check an object against the receipt of its upload, without downloading it
    Verify(Box<Verify>),
    /// Sign in with IAM Identity Center, for uploads and for the AWS tools
    Login(Box<Login>),
    /// Create or list buckets
    #[command(subcommand)]
    Bucket(Box<Bucket>),
    /// The app's connections: list them, or import those of rclone, Cyberduck, s3cmd or mc
    #[command(subcommand)]
    Connections(Box<Connections>),
    /// Print the smallest IAM policy that uploads to a prefix need
    Policy(Box<Policy>),
    /// Run the practice store, a local S3 server that keeps objects in a folder
    Practice(Practice),
    /// Print a completion script for a shell
    Completions(Completions),
    /// Write the manual pages to a folder
    #[command(hide = true)]
    Man(Man),
}

const UPLOAD_USAGE: &str = "windlass-cli upload [OPTIONS] PATH... s3://BUCKET/PREFIX
       windlass-cli upload --file FILE --bucket BUCKET [--key KEY] [--chunk_size MIB] [OPTIONS]";

const UPLOAD_MORE: &str =
    "If PREFIX is empty or ends in /, the file keeps its name under it. Otherwise, if PATH is a single
file, PREFIX is the object's key. A folder keeps its name and its structure.

If you have a script that runs
  upload.py --file big.iso --bucket BUCKET --key KEY --chunk_size 6
replace upload.py with: windlass-cli upload. --chunk_size without a unit is in MiB.

Credentials are found as the AWS tools find them: environment, profile, IAM Identity Center (sign in
with windlass-cli login), roles, and MFA, whose code is asked for. They are never stored.
You can interrupt an upload at any time and continue it with: windlass-cli resume

Exit codes: 0 success, 1 an upload failed, 2 invalid usage, 130 interrupted.";

#[derive(Debug, Args)]
#[command(override_usage = UPLOAD_USAGE, after_help = UPLOAD_MORE)]
pub(crate) struct Upload {
    /// Files and folders to upload, and their destination
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

/// An upload in the form that scripts around boto3 use.
#[derive(Debug, Args)]
#[command(next_help_heading = "upload.py compatibility")]
pub(crate) struct Script {
    /// The file to upload
    #[arg(long, value_name = "FILE", requires = "bucket")]
    pub(crate) file: Option<PathBuf>,
    /// The destination bucket
    #[arg(long, value_name = "BUCKET", requires = "file")]
    pub(crate) bucket: Option<String>,
    /// The object's key [default: the file's name]
    #[arg(long, value_name = "KEY", requires = "file")]
    pub(crate) key: Option<String>,
    /// Part size in MiB, or with a unit as for --part-size
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
    /// The part size in bytes, from whichever flag sets it.
    pub(crate) fn part_size(&self) -> Option<u64> {
        self.sending.part_size.or(self.script.chunk_size)
    }
}

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Server and credentials")]
pub(crate) struct Server {
    /// The server's URL [default: AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, endpoint_url of the profile,
    /// or Amazon S3]
    #[arg(long, value_name = "URL")]
    pub(crate) endpoint_url: Option<String>,
    /// The bucket's region [default: from the AWS configuration; us-east-1 for other servers]
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// Put the bucket in the path instead of the host name [default: true, except for Amazon S3];
    /// --path-style=false turns it off
    #[arg(
        long,
        value_name = "true|false",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        hide_possible_values = true
    )]
    pub(crate) path_style: Option<bool>,
    /// Use a profile of the AWS configuration
    #[arg(long, value_name = "NAME", conflicts_with_all = ["connection", "no_sign_request"])]
    pub(crate) profile: Option<String>,
    /// Use a connection of the Windlass app, by name; its secret is read from the keychain
    #[arg(
        long,
        value_name = "NAME",
        conflicts_with_all = ["no_sign_request", "endpoint_url", "region", "path_style", "ca_bundle"]
    )]
    pub(crate) connection: Option<String>,
    /// PEM file with certificate authorities to trust in addition to the system's
    /// [default: AWS_CA_BUNDLE, or ca_bundle of the profile]
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_bundle: Option<PathBuf>,
    /// Do not sign requests
    #[arg(long, conflicts_with = "sso_start_url")]
    pub(crate) no_sign_request: bool,
    /// The proxy on the way: http, https, socks5 or socks5h://[USER:PASSWORD@]HOST:PORT; none for no
    /// proxy at all. User name and password are never written down [default: HTTPS_PROXY, ALL_PROXY and
    /// NO_PROXY as curl reads them, http_proxy for an http endpoint; else the system's on macOS and Windows]
    #[arg(long, value_name = "URL", conflicts_with = "connection")]
    pub(crate) proxy: Option<ProxyFlag>,
    /// Amazon's endpoint that is reached by IPv6 too
    #[arg(long, conflicts_with = "connection")]
    pub(crate) dual_stack: bool,
    /// Amazon's endpoint with cryptography that FIPS 140 allows
    #[arg(long, conflicts_with = "connection")]
    pub(crate) fips: bool,
    /// Amazon's endpoint for transfer acceleration, which the bucket must have enabled
    #[arg(long, conflicts_with = "connection")]
    pub(crate) accelerate: bool,
    #[command(flatten)]
    pub(crate) center: Center,
    #[command(flatten)]
    pub(crate) role: RoleFlags,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Transfer")]
pub(crate) struct Sending {
    /// Part size with its unit, from 5MiB to 5GiB [default: automatic]
    #[arg(long, value_name = "SIZE", value_parser = units::part_size)]
    pub(crate) part_size: Option<u64>,
    /// Number of concurrent connections [default: automatic]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) connections: Option<u32>,
    /// Bandwidth limit, such as 20MB/s
    #[arg(long, value_name = "RATE", value_parser = units::rate)]
    pub(crate) limit: Option<u64>,
    /// Bandwidth limit for certain hours, such as "mo-fr 08:00-18:00 2MB/s", or "22:00-06:00 full" for
    /// no limit, every day. Can be repeated; the first match applies
    #[arg(long, value_name = "DAYS FROM-UNTIL RATE", value_parser = hours::hours)]
    pub(crate) limit_hours: Vec<ScheduledLimit>,
    /// Run at low CPU and disk priority
    #[arg(long)]
    pub(crate) low_priority: bool,
    /// What to do if the object exists: ask, replace, keep-both, skip, skip-same (same size), fail
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = Taken::Replace, hide_possible_values = true)]
    pub(crate) if_exists: Taken,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "General")]
pub(crate) struct Common {
    /// Folder for the journals of uploads [default: in the user's data folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) state: Option<PathBuf>,
    /// If the server cannot be reached, keep waiting instead of giving up after a minute
    #[arg(long)]
    pub(crate) wait_for_network: bool,
    /// Print one JSON object per line to stdout
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Resume {
    /// The code that the MFA device shows now, where nobody can be asked for it
    #[arg(long, value_name = "CODE")]
    pub(crate) mfa_code: Option<String>,
    #[command(flatten)]
    pub(crate) run_options: RunOptions,
    #[command(flatten)]
    pub(crate) customer_key: CustomerKeyFile,
    /// The proxy for what was begun from flags, in place of the one of then; needed again where it wants a
    /// user name and a password, which were not written down
    #[arg(long, value_name = "URL")]
    pub(crate) proxy: Option<ProxyFlag>,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, Args)]
pub(crate) struct Practice {
    /// Folder that holds the buckets [default: in the user's data folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// Port to listen on [default: any free port]
    #[arg(long, value_name = "N")]
    pub(crate) port: Option<u16>,
    /// Print the endpoint and the keys as JSON
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
    /// The engine's choice. `can_ask` is whether somebody is at a terminal to answer.
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

/// Prints an error about a command's arguments in clap's format, and exits with 2.
pub(crate) fn wrong(name: &str, what: &str) -> ! {
    let mut command = Flags::command();
    command.build();
    let what = stdio::plain(what);
    match command.find_subcommand_mut(name) {
        Some(command) => command.error(ErrorKind::ValueValidation, what).exit(),
        None => command.error(ErrorKind::ValueValidation, what).exit(),
    }
}

/// Prints clap's error or help, and exits. An error repeats arguments as they were typed.
pub(crate) fn refuse(error: &clap::Error) -> ! {
    if !std::env::args_os().any(|typed| typed.to_string_lossy().contains(stdio::acts)) {
        error.exit();
    }
    // without colours, which are escape sequences too
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
            "a s3://x/ --connection c --proxy http://h:1",
            "a s3://x/ --sso-start-url https://x",
            "a s3://x/ --sso-start-url https://x --sso-region r --sso-account-id 1",
            "a s3://x/ --sso-start-url https://x --sso-region r --profile p",
            "a s3://x/ --external-id x",
            "a s3://x/ --role-arn r --duration-seconds 60",
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
    fn without_a_terminal_nobody_is_asked() {
        assert_eq!(Taken::Ask.to_engine(true), IfExists::Ask);
        assert_eq!(Taken::Ask.to_engine(false), IfExists::Fail);
    }
}
