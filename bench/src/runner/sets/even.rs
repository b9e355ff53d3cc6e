//! Evenness: is a limit kept, and does a small file wait for a large one? Ours only: the others promise neither.

use crate::runner::{bench::Bench, files, peers::Job, rounds, sink::Sink, steady};
use std::time::Duration;

/// Bytes a second.
const LIMIT: (&str, f64) = ("50MB/s", 50e6);
/// Over which a limit must be kept.
const WINDOW: usize = 5;
const TIMEOUT: Duration = Duration::from_secs(600);

pub(super) fn limit(bench: &Bench) -> Result<String, String> {
    let names = ["limit-1", "limit-2", "limit-3"];
    let file =
        |name: &&str| files::sparse(bench, name, 500_000_000).map(|f| f.display().to_string());
    let paths = names.iter().map(file).collect::<Result<Vec<_>, _>>()?;
    let log = bench.folder.join("arrivals").display().to_string();
    let sink = Sink::start(bench, false, &["--log-arrivals", &log])?;
    let uploader =
        Job::new(bench, &sink, &bench.folder).ours_with("windlass", &paths, &["--limit", LIMIT.0]);
    sink.reset()?;
    let used = rounds::command(bench, &uploader, None, TIMEOUT)?;
    if used.code != Some(0) {
        return Err(format!("exit code {:?}", used.code));
    }
    let slots = sink.arrivals()?;
    let busy = steady::busy(&slots);
    let rate = steady::rate(busy, 0, busy.len()).unwrap_or(0.0) / 1e6;
    let (low, high) = steady::deviation(busy, WINDOW, LIMIT.1).ok_or("too short a run")?;
    Ok(format!(
        "Three uploads of 500 MB at once, --limit {}.\n\n| uploader | MB/s | worst {WINDOW} s below | worst {WINDOW} s above | \
         CPU s |\n|---|---|---|---|---|\n| **windlass** | {rate:.2} | {:.1} % | {:.1} % | {:.2} |\n",
        LIMIT.0,
        low * 100.0,
        high * 100.0,
        used.user + used.system
    ))
}

/// A large file, and small ones that were queued after it.
pub(super) fn fair(bench: &Bench) -> Result<String, String> {
    const SMALL: usize = 50;
    let large = files::sparse(bench, "fair-large", 10_000_000_000)?;
    let small = files::many(bench, "fair-small", SMALL, 16 << 10)?;
    let paths = [large, small].map(|path| path.display().to_string());
    // bytes a second: slow enough that the large file takes its time on all connections together
    let sink = Sink::start(bench, false, &["--per-connection", "50000000"])?;
    let uploader = Job::new(bench, &sink, &bench.folder).ours_with("windlass", &paths, &[]);
    sink.reset()?;
    let used = rounds::command(bench, &uploader, None, TIMEOUT)?;
    if used.code != Some(0) {
        return Err(format!("exit code {:?}", used.code));
    }
    let objects = sink.objects()?;
    let end = |large: bool| {
        let chosen = objects.iter().filter(|object| object.name.ends_with("fair-large") == large);
        chosen.map(|object| object.at).max_by(f64::total_cmp)
    };
    let (Some(small), Some(large)) = (end(false), end(true)) else {
        return Err(format!("{} objects at the server", objects.len()));
    };
    if objects.len() != SMALL + 1 {
        return Err(format!("{} objects at the server", objects.len()));
    }
    Ok(format!(
        "10 GB, and {SMALL} files of 16 KiB queued after it; the server takes 50 MB/s on each connection.\n\n\
         | uploader | the last small one, s | the large one, s | share |\n|---|---|---|---|\n\
         | **windlass** | {small:.2} | {large:.2} | {:.3} |\n",
        small / large
    ))
}
