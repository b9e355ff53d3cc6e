//! Runs the uploaders one after the other, round after round, so that changes of the machine affect all of them.

use super::{
    bench::Bench,
    peers::{Role, Uploader},
    sink::Sink,
};
use crate::{measured::Used, sink::Counted};
use std::{
    fs,
    process::{Command, Stdio},
    time::Duration,
};

/// What must be at the sink after a run.
#[derive(Clone, Copy)]
pub(super) struct Expected {
    pub(super) bytes: u64,
    /// how many objects, where every uploader makes the same
    pub(super) objects: Option<usize>,
}

pub(super) struct Run {
    pub(super) used: Used,
    pub(super) counted: Counted,
    pub(super) failed: Option<String>,
}

/// All runs of one uploader.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) runs: Vec<Run>,
    /// of one more run, which is not timed
    pub(super) syscalls: Option<u64>,
}

/// Longer than the slowest of them takes.
const TIMEOUT: Duration = Duration::from_secs(600);

pub(super) fn interleaved(
    bench: &Bench,
    sink: &Sink,
    uploaders: Vec<Uploader>,
    expected: Expected,
) -> Result<Vec<Row>, String> {
    let uploaders: Vec<_> = uploaders.into_iter().filter(|one| bench.wants(&one.name)).collect();
    let row = |one: &Uploader| Row {
        name: one.name.clone(),
        role: one.role,
        runs: Vec::new(),
        syscalls: None,
    };
    let mut rows: Vec<_> = uploaders.iter().map(row).collect();
    for round in 1..=bench.rounds {
        for (uploader, row) in uploaders.iter().zip(&mut rows) {
            let run = one(bench, sink, uploader, expected)?;
            let failed = run.failed.as_deref().unwrap_or_default();
            let (wall, cpu) = (run.used.wall, run.used.user + run.used.system);
            eprintln!("   {round} {:<28} {wall:7.2} s  CPU {cpu:6.2} s  {failed}", row.name);
            row.runs.push(run);
        }
    }
    for (uploader, row) in uploaders.iter().zip(&mut rows) {
        if row.runs.iter().all(|run| run.failed.is_none()) {
            row.syscalls = syscalls(bench, sink, uploader, expected);
        }
    }
    Ok(rows)
}

/// Counting costs time, so that this comes after all the rounds; and where it fails, they stay.
fn syscalls(bench: &Bench, sink: &Sink, uploader: &Uploader, expected: Expected) -> Option<u64> {
    let counter = bench.counter.as_ref()?;
    let run = one(bench, sink, &counter.around(uploader), expected);
    let counted = match run.map(|run| run.failed) {
        Ok(None) => counter.counted().ok_or("nothing counted".to_string()),
        Ok(Some(why)) | Err(why) => Err(why),
    };
    let told = counted.as_ref().map_or_else(Clone::clone, ToString::to_string);
    eprintln!("   {} {:<28} syscalls: {told}", counter.name(), uploader.name);
    counted.ok()
}

fn one(bench: &Bench, sink: &Sink, uploader: &Uploader, expected: Expected) -> Result<Run, String> {
    sink.reset()?;
    let used = command(bench, uploader, None, TIMEOUT)?;
    let counted = sink.stats()?;
    let objects = sink.objects()?;
    let bytes: u64 = objects.iter().map(|object| object.size).sum();
    let failed = if used.timed_out {
        Some(format!("not done after {} s", TIMEOUT.as_secs()))
    } else if used.code != Some(0) {
        Some(format!("exit code {}", used.code.map_or("none".into(), |code| code.to_string())))
    } else if bytes != expected.bytes {
        Some(format!("{bytes} bytes at the server, not {}", expected.bytes))
    } else if expected.objects.is_some_and(|wanted| wanted != objects.len()) {
        Some(format!("{} objects at the server", objects.len()))
    } else {
        None
    };
    Ok(Run { used, counted, failed })
}

/// Runs an uploader, in a network namespace if one is named. Its output goes to `logs/NAME`.
pub(super) fn command(
    bench: &Bench,
    uploader: &Uploader,
    namespace: Option<&str>,
    timeout: Duration,
) -> Result<Used, String> {
    if let Some(state) = &uploader.state
        && state.exists()
    {
        fs::remove_dir_all(state).map_err(|e| format!("{}: {e}", state.display()))?;
    }
    let logs = bench.folder.join("logs");
    fs::create_dir_all(&logs).map_err(|e| e.to_string())?;
    let log = logs.join(uploader.name.replace([' ', '/'], "-"));
    let out = Command::new(bench.program("bench-measured"))
        .args(["--timeout", &timeout.as_secs_f64().to_string(), "--log"])
        .arg(log)
        .arg("--")
        .args(namespace.map(|name| ["ip", "netns", "exec", name]).into_iter().flatten())
        .args(&uploader.command)
        .env_clear()
        .envs(uploader.env.iter().map(|(name, value)| (*name, value)))
        .current_dir(bench.folder.join("home"))
        .stderr(Stdio::inherit())
        .output()
        .map_err(|e| format!("bench-measured: {e}"))?;
    serde_json::from_slice(&out.stdout).map_err(|_| format!("{} cannot be run", uploader.name))
}
