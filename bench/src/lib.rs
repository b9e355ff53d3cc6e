//! What the bench's programs share: the sink, the floor, the link, and the runner that compares uploaders. Linux only, because
//! of network namespaces and process accounting.
#![cfg(target_os = "linux")]

pub mod flags;
pub mod floor;
pub mod measured;
mod primitives;
pub mod runner;
pub mod sink;
mod spread;
pub mod wan;

use std::process::ExitCode;

/// How each of the programs ends; a wrong flag is told with the usage.
pub fn ended(done: Result<(), String>, usage: &str) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}\n\n{usage}");
            ExitCode::FAILURE
        }
    }
}
