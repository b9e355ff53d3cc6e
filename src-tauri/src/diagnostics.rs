//! What is kept for the day that something breaks: the log file, panics, and the report that the user can save.

pub(crate) mod log_file;
pub(crate) mod panics;
mod redact;
pub(crate) mod report;

use log_file::LogFile;
use std::path::Path;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

/// What the log has if `WINDLASS_LOG` says nothing. s3s logs a rejected request as an error; in the practice store it is a
/// normal response.
const LOGGED: &str = "warn,windlass=info,s3s=off";

/// Starts the log on standard error and in memory, and reports panics there. The file is opened by `keep_in` once its
/// folder is known: a second start, which ends at once, must not write to the first one's.
pub(crate) fn start() -> LogFile {
    let filter = || {
        let wanted = EnvFilter::try_from_env("WINDLASS_LOG");
        without_secrets(wanted.unwrap_or_else(|_| LOGGED.into()))
    };
    let file = LogFile::default();
    let stderr = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    tracing_subscriber::registry()
        .with(stderr.with_filter(filter()))
        .with(file.clone().with_filter(filter()))
        .init();
    panics::log_them();
    file
}

/// Writes the log, and what is known of a panic, to this folder from now on.
pub(crate) fn keep_in(folder: &Path, file: &LogFile) {
    if let Err(error) = file.open(folder) {
        tracing::warn!(%error, "there is no log file");
    }
    panics::keep_in(folder);
}

/// Turns off the logs of the request signer, which contain all headers, including customer keys (SSE-C), and of the SDK's
/// request bodies, which contain a sign-in's tokens.
fn without_secrets(filter: EnvFilter) -> EnvFilter {
    let silent = ["aws_sigv4=off", "aws_smithy_runtime::client::orchestrator=off"];
    let silent = silent.into_iter().filter_map(|target| target.parse().ok());
    silent.fold(filter, EnvFilter::add_directive)
}
