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
    /// How many of those done were skipped, because the object existed.
    pub(crate) skipped: u32,
    pub(crate) skipped_bytes: u64,
    pub(crate) failed: u32,
    /// Receipts that could not be written to the folder of `--receipts`.
    pub(crate) unwritten: u32,
    /// Total size of the files that are done.
    pub(crate) done_bytes: u64,
    /// Uploads that `resume` would continue.
    pub(crate) left: u32,
    pub(crate) interrupted: bool,
}

/// A finished upload.
pub(crate) struct Finished<'a> {
    pub(crate) detail: &'a Detail,
    /// How long this run took for it.
    pub(crate) seconds: f64,
    /// Nothing was sent, because the object existed.
    pub(crate) skipped: bool,
    /// The file that its receipt was written to.
    pub(crate) receipt: Option<&'a Path>,
}

/// A failed upload.
pub(crate) struct Failure<'a> {
    pub(crate) path: &'a str,
    pub(crate) bucket: &'a str,
    pub(crate) key: &'a str,
    pub(crate) fault: &'a Fault,
    /// It is kept for `resume`.
    pub(crate) kept: bool,
    /// Parts of it are stored on the server.
    pub(crate) on_server: bool,
    /// It failed, or was not tried, for a reason that was already reported.
    pub(crate) along: bool,
}

/// The queue at one moment.
pub(crate) struct Look<'a> {
    pub(crate) totals: &'a Totals,
    pub(crate) active: &'a [Row],
    pub(crate) tally: &'a Tally,
    /// Why an upload is waiting for the network, if one is.
    pub(crate) waiting_for: Option<&'a str>,
    /// The fault that requests are being retried after, if any.
    pub(crate) failing: Option<&'a Fault>,
}

pub(crate) trait Output {
    /// Folders are being scanned.
    fn looking(&mut self, scan: &Scan);
    /// Some files were skipped, by a rule or because they cannot be uploaded.
    fn left_out(&mut self, skipped: &[Skipped]);
    /// The scan is complete.
    fn found(&mut self, scan: &Scan);
    /// The plan of an upload is known.
    fn planned(&mut self, detail: &Detail);
    fn moving(&mut self, look: &Look<'_>);
    fn done(&mut self, finished: &Finished<'_>);
    fn failed(&mut self, failure: &Failure<'_>);
    /// The object exists. Nothing else is printed until the question is answered.
    fn asks(&mut self, row: &Row);
    /// The code of an MFA device is needed. Nothing else is printed until it is answered.
    fn asks_code(&mut self, mfa_serial: &str);
    fn answered(&mut self);
    fn stopping(&mut self);
    fn ended(&mut self, tally: &Tally);
    /// The scratch upload of a probe is left on the server, because these keys may not delete it.
    fn left_behind(&mut self, uri: &str, fault: &Fault);
    /// Any other message.
    fn say(&mut self, words: &str);
}
