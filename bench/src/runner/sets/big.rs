//! One big file: the cost per byte.

use crate::runner::{
    bench::{self, Bench},
    files,
    peers::{Job, Uploader},
    rounds::{self, Expected},
    sink::Sink,
    table::{self, Unit},
};

/// Ours as it comes, and with parts of other sizes, whose memory must be the same.
const OURS: [(&str, &[&str]); 4] = [
    ("windlass", &[]),
    ("windlass, parts of 8 MiB", &["--part-size", "8MiB"]),
    ("windlass, parts of 64 MiB", &["--part-size", "64MiB"]),
    ("windlass, parts of 1 GiB", &["--part-size", "1GiB"]),
];

pub(super) fn big(bench: &Bench, tls: bool) -> Result<String, String> {
    measured(bench, tls, &[], |job| {
        let ours = OURS.iter().map(|(name, flags)| job.ours(name, flags));
        ours.chain(job.others()).chain([job.floor()]).collect()
    })
}

/// A server that takes no trailers, as many that speak S3 do not: a part's sum must be known before its first byte.
pub(super) fn headers(bench: &Bench) -> Result<String, String> {
    let uploaders = |job: &Job| {
        let ours = [job.ours("windlass", &[])];
        ours.into_iter().chain(job.transfer_manager()).chain([job.floor()]).collect::<Vec<_>>()
    };
    let plain = measured(bench, false, &["--no-trailers"], uploaders)?;
    let tls = measured(bench, true, &["--no-trailers"], uploaders)?;
    Ok(format!("Over http:\n\n{plain}\nOver https:\n\n{tls}"))
}

#[expect(clippy::cast_precision_loss, reason = "a rate, not a count")]
fn measured(
    bench: &Bench,
    tls: bool,
    options: &[&str],
    uploaders: impl Fn(&Job) -> Vec<Uploader>,
) -> Result<String, String> {
    let file = files::big(bench)?;
    let sink = Sink::start(bench, tls, options)?;
    let expected = Expected { bytes: bench.size, objects: None };
    let load = bench::load();
    let rows =
        rounds::interleaved(bench, &sink, uploaders(&Job::new(bench, &sink, &file)), expected)?;
    let gib = bench.size as f64 / f64::from(1 << 30);
    let unit = Unit { rate: "GiB/s", cpu: "CPU s/GiB", each: "GiB", amount: gib, cpu_amount: gib };
    Ok(format!("{}Load before: {load}.\n", table::markdown(&rows, &unit)))
}
