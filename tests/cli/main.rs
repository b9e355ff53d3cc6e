//! The built terminal program, run as a script runs it, against real S3 servers.
#![allow(clippy::unwrap_used, reason = "in a test, a panic is the failure and its report")]

#[cfg(target_os = "linux")]
mod aws_login;
mod bandwidth;
mod bucket;
mod changing;
mod clock;
mod configured;
mod connections;
mod deadline;
#[cfg(target_os = "linux")]
mod expired;
mod fixture;
mod hostile;
mod machine;
mod object_options;
mod practice;
#[cfg(target_os = "linux")]
mod proxy;
mod refused;
mod resume;
#[cfg(target_os = "linux")]
mod roles;
mod scratch;
mod shell;
#[cfg(target_os = "linux")]
mod sign_in;
mod skipped;
mod soak;
mod stuck;
mod terminal;
mod unfinished;
mod upload;
mod verify;
