//! The engine against real S3 servers: the bucket contains what was queued.
#![allow(clippy::unwrap_used, reason = "in a test, a panic is the failure and its report")]

mod answers;
mod arrived;
mod bandwidth;
mod changed_connection;
mod changing;
mod checksum_fallback;
mod cleanup;
mod crash_at_every_call;
mod customer_key;
mod destination;
mod endless;
mod exists;
mod faults;
mod fixture;
mod history;
mod lost;
#[cfg(target_os = "linux")]
mod mapped;
mod network;
mod object_options;
mod odd_files;
mod on_the_wire;
mod order;
mod probe;
mod receipts;
mod refused;
mod said;
mod scale;
mod slow_line;
mod somebody;
mod stuck;
#[cfg(target_os = "linux")]
mod through_proxy;
mod torn;
mod trust;
mod undo_cancel;
mod unfinished;
mod unlooked;
mod upload;
