//! Runs a command and reports the resources it used. This is a small program of its own because a child's peak memory starts at
//! that of its parent.

use crate::flags::Flags;
use nix::sys::{
    resource::{UsageWho, getrusage},
    time::TimeVal,
};
use rustix::process::{Pid, Signal, kill_process};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File},
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

pub const USAGE: &str = "\
bench-measured [--timeout SECONDS] [--log FILE] -- COMMAND [ARGUMENT...]
    Runs the command with its output in the file, and prints one line of JSON: wall, user and system seconds, the
    largest resident memory of one of its processes in KiB, how often it waited and how often it was made to, page faults,
    the exit code, and whether its time was up.";

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Used {
    pub wall: f64,
    pub user: f64,
    pub system: f64,
    pub max_rss_kib: u64,
    /// context switches: it waited for something
    pub voluntary: u64,
    /// context switches: somebody else had a turn
    pub involuntary: u64,
    /// with and without a read from the disk
    pub page_faults: u64,
    /// none after a signal
    pub code: Option<i32>,
    pub timed_out: bool,
}

pub fn run(mut flags: Flags) -> Result<Used, String> {
    let command = flags.after_dashes();
    let timeout = Duration::from_secs_f64(flags.parsed("--timeout", 600.0)?);
    let log = flags.value("--log")?;
    flags.rest()?;
    let (program, arguments) = command.split_first().ok_or(USAGE)?;
    let output = || match &log {
        None => Ok(Stdio::null()),
        Some(file) => File::options().create(true).append(true).open(file).map(Stdio::from),
    };
    let told = |e: std::io::Error| format!("{program}: {e}");
    let start = Instant::now();
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(output().map_err(told)?)
        .stderr(output().map_err(told)?)
        .spawn()
        .map_err(told)?;
    let pid = Pid::from_child(&child);
    let (ended, end) = mpsc::channel::<()>();
    let watch = thread::spawn(move || {
        let late = end.recv_timeout(timeout).is_err_and(|e| e == mpsc::RecvTimeoutError::Timeout);
        late && kill_all(pid).is_ok()
    });
    let status = child.wait().map_err(told)?;
    let wall = start.elapsed().as_secs_f64();
    drop(ended);
    let timed_out = watch.join().unwrap_or(false);
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|e| e.to_string())?;
    let count = |value| u64::try_from(value).unwrap_or(0);
    Ok(Used {
        wall,
        user: seconds(usage.user_time()),
        system: seconds(usage.system_time()),
        max_rss_kib: count(usage.max_rss()),
        voluntary: count(usage.voluntary_context_switches()),
        involuntary: count(usage.involuntary_context_switches()),
        page_faults: count(usage.minor_page_faults() + usage.major_page_faults()),
        code: status.code(),
        timed_out,
    })
}

/// A process and those it started: a script's program would go on, and be in the next one's way.
fn kill_all(pid: Pid) -> rustix::io::Result<()> {
    let file = format!("/proc/{0}/task/{0}/children", pid.as_raw_nonzero());
    let children = fs::read_to_string(file).unwrap_or_default();
    let children = children.split_whitespace().filter_map(|id| Pid::from_raw(id.parse().ok()?));
    let killed = kill_process(pid, Signal::KILL);
    for child in children {
        let _ = kill_all(child);
    }
    killed
}

#[expect(clippy::cast_precision_loss, reason = "seconds of a run are few")]
pub(crate) fn seconds(time: TimeVal) -> f64 {
    time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6
}
