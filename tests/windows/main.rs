//! The terminal program built for Windows, run by Wine as a script runs it: the flows of `tests/cli` that make sense there,
//! then what only Windows has. `cargo xtask test windows` builds what is run here.
#![allow(clippy::unwrap_used, reason = "in a test, a panic is the failure and its report")]

#[cfg(target_os = "linux")]
mod app;
#[cfg(target_os = "linux")]
#[path = "../cli/bucket.rs"]
mod bucket;
#[cfg(target_os = "linux")]
#[path = "../cli/changing.rs"]
mod changing;
#[cfg(target_os = "linux")]
#[path = "../cli/fixture.rs"]
#[allow(dead_code, reason = "no terminal is played here")]
mod fixture;
#[cfg(target_os = "linux")]
mod held_files;
#[cfg(target_os = "linux")]
mod installer;
#[cfg(target_os = "linux")]
mod keychain;
#[cfg(target_os = "linux")]
mod machine;
#[cfg(target_os = "linux")]
mod names;
#[cfg(target_os = "linux")]
#[path = "../cli/object_options.rs"]
mod object_options;
#[cfg(target_os = "linux")]
mod paths;
#[cfg(target_os = "linux")]
#[path = "../cli/refused.rs"]
mod refused;
#[cfg(target_os = "linux")]
#[path = "../cli/resume.rs"]
mod resume;
#[cfg(target_os = "linux")]
mod sizes;
#[cfg(target_os = "linux")]
#[path = "../cli/unfinished.rs"]
mod unfinished;
#[cfg(target_os = "linux")]
#[path = "../cli/upload.rs"]
mod upload;
#[cfg(target_os = "linux")]
#[path = "../cli/verify.rs"]
mod verify;
