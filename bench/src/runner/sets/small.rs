//! Many small files: the cost per file, and of a long queue.

use crate::runner::{
    bench::{self, Bench},
    files,
    peers::Job,
    rounds::{self, Expected},
    sink::Sink,
    table::{self, Unit},
};

const SMALL: (usize, u64) = (5_000, 16 << 10);
/// A queue that is long, of files that are nothing.
const QUEUED: (usize, u64) = (100_000, 1 << 10);

pub(super) fn small(bench: &Bench) -> Result<String, String> {
    many(bench, "small", SMALL, true)
}

pub(super) fn queued(bench: &Bench) -> Result<String, String> {
    many(bench, "queued", QUEUED, false)
}

#[expect(clippy::cast_precision_loss, reason = "a rate, not a count")]
fn many(bench: &Bench, name: &str, job: (usize, u64), others: bool) -> Result<String, String> {
    let (count, size) = job;
    let folder = files::many(bench, name, count, size)?;
    let sink = Sink::start(bench, false, &[])?;
    let job = Job::new(bench, &sink, &folder);
    let mut uploaders = vec![job.ours("windlass", &[])];
    if others {
        uploaders.extend(job.others());
        uploaders.push(job.floor());
    }
    let expected = Expected { bytes: count as u64 * size, objects: Some(count) };
    let load = bench::load();
    let rows = rounds::interleaved(bench, &sink, uploaders, expected)?;
    let amount = count as f64;
    let unit = Unit {
        rate: "files/s",
        cpu: "CPU ms/file",
        each: "file",
        amount,
        cpu_amount: amount / 1000.0,
    };
    let text = table::markdown(&rows, &unit);
    Ok(format!("{count} files of {size} bytes, over http.\n\n{text}Load before: {load}.\n"))
}
