//! Long-distance and slow links: how much of the bandwidth is used.

use crate::runner::{
    bench::Bench,
    files,
    peers::{Job, Role, Uploader},
    rounds,
    sink::Sink,
    steady,
    wan::{self, Link, Wan},
};
use std::{fmt::Write, thread, time::Duration};

const FAR: Link = Link { rtt_ms: 80, mbit: 1000, loss: 0.001 };
const SLOW: Link = Link { rtt_ms: 300, mbit: 10, loss: 0.0 };

/// Long enough for the windows, from an uploader's first byte on.
const LOOK: Duration = Duration::from_secs(22);
/// rclone reads the whole file for its MD5 before it sends the first byte.
const LOOK_AT_RCLONE: Duration = Duration::from_secs(36);
/// What is on the way when a program is ended still arrives.
const SETTLE: Duration = Duration::from_secs(2);

pub(super) fn far(bench: &Bench) -> Result<String, String> {
    let file = files::big(bench)?;
    let wan = Wan::up(bench, FAR)?;
    // what came is asked for by the tenth of a second: no large reads
    let log = bench.folder.join("arrivals").display().to_string();
    let sink = Sink::far(bench, &["--log-arrivals", &log])?;
    let job = Job::new(bench, &sink, &file);
    let mut text = format!(
        "{} Mbit/s, {} ms there and back, {} % of the packets lost. What 64 raw connections \
         get, in seconds 5 to 15, is no limit: each of them has its own rate, and who has more connections gets more. Each \
         uploader is ended after about 20 seconds.\n",
        FAR.mbit,
        FAR.rtt_ms,
        FAR.loss * 100.0
    );
    for control in ["cubic", "bbr"] {
        if !wan::has_congestion(control) {
            let _ = writeln!(text, "\n{control}: left out, this kernel has none.");
            continue;
        }
        wan.congestion(control)?;
        let raw = held(bench, &sink, &file.display().to_string())?;
        let _ = write!(
            text,
            "\n{control}: 64 raw connections get {} Mbit/s.\n\n| uploader | Mbit/s in seconds 5 to 10 | of the link | \
             to the raw ones | Mbit/s in seconds 10 to 20 | of the link | to the raw ones | CPU s/GiB | connections |\n\
             |---|---|---|---|---|---|---|---|---|\n",
            mbit(raw)
        );
        let chosen = ["transfer manager", "awscrt", "s5cmd", "rclone"];
        let others = job.others().into_iter().filter(|one| {
            // boto3 has awscrt in it
            chosen.iter().any(|name| one.name.contains(name))
        });
        for uploader in [job.ours("windlass", &[])].into_iter().chain(others) {
            if bench.wants(&uploader.name) {
                text.push_str(&shared(bench, &sink, &uploader, raw)?);
            }
        }
    }
    Ok(text)
}

/// Bytes a second that 64 connections without any S3 above them get.
fn held(bench: &Bench, sink: &Sink, file: &str) -> Result<f64, String> {
    let command = [&bench.program("bench-floor"), "hold", &sink.url, file, "--seconds", "15"];
    let uploader = Uploader {
        name: "hold".into(),
        role: Role::Floor,
        command: command.map(String::from).to_vec(),
        env: Vec::new(),
        state: None,
    };
    sink.reset()?;
    rounds::command(bench, &uploader, Some(wan::NEAR), LOOK)?;
    let slots = sink.arrivals()?;
    thread::sleep(SETTLE);
    steady::rate(steady::busy(&slots), 5, 15).ok_or("nothing goes over the link".into())
}

#[expect(clippy::cast_precision_loss, reason = "rates, not counts")]
fn shared(bench: &Bench, sink: &Sink, uploader: &Uploader, raw: f64) -> Result<String, String> {
    sink.reset()?;
    let look = if uploader.name == "rclone" { LOOK_AT_RCLONE } else { LOOK };
    let used = rounds::command(bench, uploader, Some(wan::NEAR), look)?;
    let (slots, counted) = (sink.arrivals()?, sink.stats()?);
    thread::sleep(SETTLE);
    let name = &uploader.name;
    if !used.timed_out && used.code != Some(0) {
        eprintln!("   {name} FAILED");
        return Ok(format!("| {name} | FAILED: exit code {:?} | | | | | | | |\n", used.code));
    }
    let busy = steady::busy(&slots);
    let window = |from, to| {
        let rate = steady::rate(busy, from, to);
        rate.map_or("| | ".into(), |rate| {
            let link = rate * 8.0 / 1e6 / f64::from(FAR.mbit);
            format!("{} | {link:.2} | {:.2}", mbit(rate), rate / raw)
        })
    };
    let gib = busy.iter().sum::<u64>() as f64 / f64::from(1 << 30);
    let cpu = (used.user + used.system) / gib;
    let (early, late) = (window(5, 10), window(10, 20));
    eprintln!("   {name:<28} {early} | {late}");
    Ok(format!("| {name} | {early} | {late} | {cpu:.2} | {} |\n", counted.connections_max))
}

/// Thirty seconds of a file that needs fifty: what is sent twice, and when nothing moves.
pub(super) fn slow(bench: &Bench) -> Result<String, String> {
    const SECONDS: u64 = 30;
    let file = files::sparse(bench, "slow-60MB", 60_000_000)?;
    let wan = Wan::up(bench, SLOW)?;
    wan.congestion("cubic")?;
    let log = bench.folder.join("arrivals").display().to_string();
    let sink = Sink::far(bench, &["--log-arrivals", &log])?;
    let uploader = Job::new(bench, &sink, &file).ours("windlass", &[]);
    sink.reset()?;
    let used = rounds::command(bench, &uploader, Some(wan::NEAR), Duration::from_secs(SECONDS))?;
    let (slots, counted) = (sink.arrivals()?, sink.stats()?);
    if !used.timed_out {
        return Err(format!("it ended by itself, with exit code {:?}", used.code));
    }
    let again: u64 =
        counted.again.iter().filter(|(name, _)| name.ends_with("slow-60MB")).map(|(_, n)| n).sum();
    let busy = steady::busy(&slots);
    let rate = steady::rate(busy, 0, busy.len()).unwrap_or(0.0);
    Ok(format!(
        "{} Mbit/s, {} ms there and back; {SECONDS} s of a file of 60 MB.\n\n| uploader | Mbit/s | parts sent again | \
         bodies torn off | longest time without a byte, s | connections |\n|---|---|---|---|---|---|\n| **windlass** | {} | \
         {again} | {} | {:.1} | {} |\n",
        SLOW.mbit,
        SLOW.rtt_ms,
        mbit(rate),
        counted.torn,
        steady::longest_gap(busy),
        counted.connections_max
    ))
}

fn mbit(bytes_a_second: f64) -> String {
    format!("{:.1}", bytes_a_second * 8.0 / 1e6)
}
