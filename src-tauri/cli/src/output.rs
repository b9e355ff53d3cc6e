//! The events of a run, and the trait that every form of output implements: text for a person, JSON for a program.
//! Prints nothing itself; `stdio` is the only way to stdout and stderr.

pub(crate) mod json;
pub(crate) mod messages;
pub(crate) mod proved;
pub(crate) mod shown;
pub(crate) mod stdio;

use std::path::Path;
use windlass_engine::{Detail, Fault, Row, Scan, Skipped, Totals};

/// A run's counts so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) done: u32,
    /// Of those done: nothing was sent, the key was taken.
    pub(crate) skipped: u32,
    pub(crate) failed: u32,
    /// Receipts of those done that could not be written where they were wanted.
    pub(crate) unwritten: u32,
    /// Bytes of the files that are done.
    pub(crate) done_bytes: u64,
    /// What `resume` would go on with.
    pub(crate) left: u32,
    pub(crate) interrupted: bool,
}

/// An upload that is done.
pub(crate) struct Finished<'a> {
    pub(crate) detail: &'a Detail,
    /// Of this run.
    pub(crate) seconds: f64,
    /// Nothing was sent: the key was taken and to be left alone.
    pub(crate) skipped: bool,
    /// Where its receipt was written.
    pub(crate) receipt: Option<&'a Path>,
}

/// An upload that is not.
pub(crate) struct Failure<'a> {
    pub(crate) path: &'a str,
    pub(crate) bucket: &'a str,
    pub(crate) key: &'a str,
    pub(crate) fault: &'a Fault,
    /// `resume` goes on with it.
    pub(crate) kept: bool,
    /// Something of it is on the server.
    pub(crate) on_server: bool,
    /// For the reason of one that was told before, tried or not.
    pub(crate) along: bool,
}

/// A moving queue at one moment.
pub(crate) struct Look<'a> {
    pub(crate) totals: &'a Totals,
    pub(crate) active: &'a [Row],
    pub(crate) tally: &'a Tally,
    /// Why an upload waits for the network, where one does.
    pub(crate) waiting_for: Option<&'a str>,
    /// What a server fails with that is tried again, where one does.
    pub(crate) failing: Option<&'a Fault>,
}

pub(crate) trait Output {
    /// Folders are being walked.
    fn looking(&mut self, scan: &Scan);
    /// Some of what was left out of them, by a rule or because it cannot be uploaded.
    fn left_out(&mut self, skipped: &[Skipped]);
    /// All that was found.
    fn found(&mut self, scan: &Scan);
    /// What an upload will be, once it is known.
    fn planned(&mut self, detail: &Detail);
    fn moving(&mut self, look: &Look<'_>);
    fn done(&mut self, finished: &Finished<'_>);
    fn failed(&mut self, failure: &Failure<'_>);
    /// The key is taken; the terminal is the question's until it is answered.
    fn asks(&mut self, row: &Row);
    fn answered(&mut self);
    fn stopping(&mut self);
    fn ended(&mut self, tally: &Tally);
    /// Anything else there is to know.
    fn say(&mut self, words: &str);
}
