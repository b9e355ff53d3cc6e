//! The practice store over HTTP, with the client that the engine uses.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is a test that failed")]

mod fixture;

/// Signatures, regions, hosts, stopping.
mod http_front;
/// What a kill, a reopening and damage leave.
mod kept;
/// Pages of objects, uploads, parts.
mod lists;
mod multipart;
mod objects;
/// Not a test: what a gibibyte costs.
mod speed;
