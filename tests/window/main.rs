//! The real app in a real window: what a user does with a mouse, and sees. Runs on a private desktop, one test at a time,
//! because there is one pointer.
#![allow(clippy::unwrap_used, reason = "in a test, a panic is the failure and its report")]

mod bandwidth;
mod connect;
mod customer_key;
mod desk;
mod destination;
mod handed;
mod haul;
mod hostile;
mod looks;
mod many;
mod order;
mod panicked;
mod proofs;
mod sign_in;
mod skipped;
mod start;
mod steps;
mod toolkit;
mod wayland;
