//! Output for people: progress bars on a terminal, plain lines elsewhere.

use crate::output::messages::{self, advice, proof, sentence, taken};
use crate::output::{Failure, Finished, Look, Output, Tally, stdio};
use crate::units;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};
use windlass_engine::{BlockedOn, Detail, Fault, MIB, Row, Scan, SkipReason, Skipped, Status};

/// Number of progress bars shown at the same time.
const BARS: usize = 5;
/// Width of a bar, in characters.
const CELLS: u64 = 24;
/// Width of a file name, in characters.
const NAME: usize = 28;
/// Interval between two plain lines of progress.
const TICK: Duration = Duration::from_secs(10);
/// Failures are reported only if the server has been failing for this long.
const LASTS: Duration = Duration::from_secs(3);

pub(crate) struct Shown {
    bars: Option<Bars>,
    /// The command that resumes this run.
    resume: String,
    began: Instant,
    last: Instant,
    waiting: bool,
    /// When the server began to fail, and whether that was reported.
    failing: Option<(Instant, bool)>,
    /// Uploads that failed for a reason that was already reported.
    along: u32,
    /// Lines held back until a question is answered.
    held: Option<Vec<Line>>,
}

struct Bars {
    all: MultiProgress,
    lines: Vec<ProgressBar>,
}

impl Bars {
    /// Shows one line per text, each truncated to the terminal's width.
    fn show(&mut self, texts: &[String]) {
        if texts.is_empty() {
            // removed one by one, the last line may stay on the screen
            let _ = self.all.clear();
            self.lines.drain(..).for_each(|line| self.all.remove(&line));
        }
        while self.lines.len() > texts.len() {
            if let Some(line) = self.lines.pop() {
                line.finish_and_clear();
                self.all.remove(&line);
            }
        }
        while self.lines.len() < texts.len() {
            let line = self.all.add(ProgressBar::new_spinner());
            if let Ok(style) = ProgressStyle::with_template("{wide_msg}") {
                line.set_style(style);
            }
            self.lines.push(line);
        }
        for (line, text) in self.lines.iter().zip(texts) {
            line.set_message(stdio::plain(text).into_owned());
        }
    }
}

impl Shown {
    pub(crate) fn new(resume: String) -> Self {
        let bars = std::io::stderr()
            .is_terminal()
            .then(|| Bars { all: MultiProgress::new(), lines: vec![] });
        let now = Instant::now();
        Self {
            bars,
            resume,
            began: now,
            last: now,
            waiting: false,
            failing: None,
            along: 0,
            held: None,
        }
    }

    /// Prints a line above the bars, or after the answer if a question is open.
    fn put(&mut self, line: Line) {
        match (&mut self.held, &self.bars) {
            (Some(held), _) => held.push(line),
            (None, Some(bars)) => bars.all.suspend(|| line.print()),
            (None, None) => line.print(),
        }
    }

    fn clear(&mut self) {
        if let Some(bars) = &mut self.bars {
            bars.show(&[]);
        }
    }

    fn report(&mut self, words: &str) {
        self.put(Line::Message(words.to_owned()));
    }

    /// Reports once why a server keeps failing.
    fn report_failing(&mut self, failing: Option<&Fault>) {
        let Some(fault) = failing else {
            self.failing = None;
            return;
        };
        let (since, reported) = self.failing.get_or_insert((Instant::now(), false));
        if !*reported && since.elapsed() >= LASTS {
            *reported = true;
            self.report(&format!("Retrying: {}", fault.detail));
        }
    }

    /// Prints a question, and holds back everything else.
    fn ask(&mut self, question: &str) {
        self.clear();
        if let Some(bars) = &self.bars {
            bars.all.set_draw_target(ProgressDrawTarget::hidden());
        }
        self.held = Some(vec![]);
        stdio::prompt(question);
    }

    /// Prints the lines that were held back during a question.
    fn let_out(&mut self) {
        let Some(held) = self.held.take() else { return };
        if let Some(bars) = &mut self.bars {
            bars.all.set_draw_target(ProgressDrawTarget::stderr());
        }
        held.into_iter().for_each(|line| self.put(line));
    }
}

enum Line {
    /// A finished upload, to stdout.
    Done(String),
    Message(String),
}

impl Line {
    fn print(&self) {
        match self {
            Self::Done(text) => stdio::line(text),
            Self::Message(text) => stdio::report(text),
        }
    }
}

impl Output for Shown {
    fn looking(&mut self, scan: &Scan) {
        if let Some(bars) = &mut self.bars {
            bars.show(&[format!(
                "  scanning: {} files, {}",
                scan.files,
                units::size_text(scan.bytes)
            )]);
        }
    }

    fn left_out(&mut self, skipped: &[Skipped]) {
        self.clear();
        for skipped in skipped {
            let reason = match &skipped.reason {
                SkipReason::Clutter => "created by a file manager",
                SkipReason::Hidden => "hidden",
                SkipReason::Symlink => "a symbolic link",
                SkipReason::Circle => "a symbolic link to a folder that contains it",
                SkipReason::Special => "not a regular file",
                SkipReason::Fault { fault } => {
                    self.report(&format!("failed  {}: {}", skipped.path, fault.detail));
                    continue;
                }
            };
            self.report(&format!("skipped  {}: {reason}", skipped.path));
        }
    }

    fn found(&mut self, scan: &Scan) {
        self.clear();
        for renamed in &scan.renamed {
            self.report(&format!("renamed  {} -> {}", renamed.path, renamed.key));
        }
        let more = (scan.renamed_count as usize).saturating_sub(scan.renamed.len());
        if more > 0 {
            self.report(&format!("renamed  {more} more, each named when it is done"));
        }
        if scan.files > 0 {
            self.report(&format!("{} files, {}", scan.files, units::size_text(scan.bytes)));
        }
    }

    fn planned(&mut self, _: &Detail) {}

    fn moving(&mut self, look: &Look<'_>) {
        let waits = look.waiting_for.is_some();
        if waits && !self.waiting {
            self.report(look.waiting_for.unwrap_or_default());
        }
        self.waiting = waits;
        self.report_failing(look.failing);
        if let Some(bars) = &mut self.bars {
            let mut texts: Vec<String> = look.active.iter().take(BARS).map(row_line).collect();
            if look.totals.active + look.totals.waiting + look.totals.paused > 1
                || look.tally.done > 0 && !texts.is_empty()
            {
                texts.push(total_line(look));
            }
            bars.show(&texts);
        } else if self.last.elapsed() >= TICK && !waits {
            self.last = Instant::now();
            self.report(total_line(look).trim_start());
        }
    }

    fn done(&mut self, finished: &Finished<'_>) {
        let Finished { detail, seconds, skipped, .. } = *finished;
        let row = &detail.row;
        let (path, uri) = (&row.path, &detail.s3_uri);
        let line = if skipped {
            format!("skipped  {path}: {uri} already exists")
        } else {
            let size = units::size_text(row.size);
            let speed = match row.size.saturating_sub(detail.resumed) {
                // too little for a meaningful rate
                0..MIB => String::new(),
                bytes => format!(" in {seconds:.1} s, {}", units::speed(bytes, seconds)),
            };
            let resumed = match detail.resumed {
                0 => String::new(),
                resumed => format!(" ({} already stored)", units::size_text(resumed)),
            };
            format!(
                "done  {path} -> {uri}: {size}{resumed}{speed}, {}",
                proof(detail.checksum.as_ref())
            )
        };
        self.put(Line::Done(line));
    }

    fn failed(&mut self, failure: &Failure<'_>) {
        if failure.along {
            self.along += 1;
            return;
        }
        let Failure { path, fault, kept, on_server, .. } = failure;
        let part = fault.part.map(|part| format!(" (part {part})")).unwrap_or_default();
        let advice = advice(fault);
        self.report(&format!("failed  {path}{part}"));
        self.report(&format!("        {}", sentence(&fault.detail)));
        self.report(&format!("        {advice}"));
        match (*kept, *on_server) {
            (true, true) => self.report("        The parts already sent are kept on the server."),
            (true, false) => {
                self.report("        It stays in the queue; retry it with `windlass-cli resume`.");
            }
            (false, _) => {}
        }
    }

    fn asks(&mut self, row: &Row) {
        self.ask(&taken(row));
    }

    fn asks_code(&mut self, mfa_serial: &str) {
        self.ask(&messages::mfa_code(mfa_serial));
    }

    fn answered(&mut self) {
        self.let_out();
    }

    fn stopping(&mut self) {
        self.let_out();
        self.clear();
        self.report("");
        self.report("Stopping; press Ctrl-C again to stop immediately.");
    }

    fn ended(&mut self, tally: &Tally) {
        self.clear();
        if self.along > 0 {
            self.report(&format!(
                "{} more failed for the same reason or were not tried.",
                self.along
            ));
        }
        if tally.done + tally.failed > 1 {
            let skipped = match tally.skipped {
                0 => String::new(),
                skipped => format!(", {skipped} skipped"),
            };
            let failed = match tally.failed {
                0 => String::new(),
                failed => format!(", {failed} failed"),
            };
            let span = units::span(self.began.elapsed().as_secs());
            let done = tally.done - tally.skipped;
            let bytes = units::size_text(tally.done_bytes - tally.skipped_bytes);
            self.report(&format!("{done} done{skipped}{failed}: {bytes} in {span}."));
        }
        match tally.left {
            0 if tally.interrupted => {
                self.report("Nothing was sent, and there is nothing to resume.")
            }
            0 => {}
            1 => self.report(&format!(
                "1 upload is incomplete; the parts already sent are kept. Resume it with: {}",
                self.resume
            )),
            left => self.report(&format!(
                "{left} uploads are incomplete. Resume them with: {}",
                self.resume
            )),
        }
    }

    fn left_behind(&mut self, _uri: &str, fault: &Fault) {
        self.report(&format!("{}.", sentence(&fault.detail)));
    }

    fn say(&mut self, words: &str) {
        self.report(words);
    }
}

fn row_line(row: &Row) -> String {
    let name = shortened(&row.name);
    let what = match row.status {
        Status::Waiting | Status::Paused => "waiting".to_owned(),
        Status::Preparing => {
            row.waits.as_ref().map_or_else(|| "preparing".into(), BlockedOn::to_string)
        }
        Status::Completing => "completing and verifying".to_owned(),
        Status::Offline => "waiting for the network".to_owned(),
        _ => {
            if let Some(BlockedOn::Again { fault }) = &row.waits {
                return format!("  {name} retrying: {}", fault.detail);
            }
            let so_far = format!(
                "{} of {}",
                units::size_text(row.stored + row.in_flight),
                units::size_text(row.size)
            );
            format!("{so_far}{}", pace(row.rate, row.seconds_left))
        }
    };
    format!("  {name} {} {what}", bar(row.stored, row.in_flight, row.size))
}

fn total_line(look: &Look<'_>) -> String {
    let (totals, tally) = (look.totals, look.tally);
    let in_flight: u64 = look.active.iter().map(|row| row.in_flight).sum();
    let stored = tally.done_bytes + totals.stored_bytes;
    let bytes = tally.done_bytes + totals.total_bytes;
    let open = totals.active + totals.waiting + totals.paused;
    let all = tally.done + tally.failed + open;
    let name = shortened(&if all == 1 {
        "1 file".into()
    } else {
        format!("{} of {all} files done", tally.done)
    });
    let so_far = format!("{} of {}", units::size_text(stored + in_flight), units::size_text(bytes));
    let pace = if totals.offline { String::new() } else { pace(totals.rate, totals.seconds_left) };
    format!("  {name} {} {so_far}{pace}", bar(stored, in_flight, bytes))
}

fn pace(rate: u64, seconds_left: Option<u64>) -> String {
    let left = seconds_left.map(|left| format!(", {} left", units::span(left))).unwrap_or_default();
    if rate == 0 { String::new() } else { format!(", {}/s{left}", units::size_text(rate)) }
}

/// A progress bar: stored bytes are solid, bytes in flight are light.
pub(crate) fn bar(stored: u64, in_flight: u64, size: u64) -> String {
    let cells = |bytes: u64| {
        let cells = u128::from(bytes.min(size)) * u128::from(CELLS) / u128::from(size.max(1));
        usize::try_from(cells).unwrap_or(0)
    };
    let (solid, light) = (cells(stored), cells(stored + in_flight));
    let all = usize::try_from(CELLS).unwrap_or(0);
    format!("{}{}{}", "█".repeat(solid), "▒".repeat(light - solid), "░".repeat(all - light))
}

/// Truncates a name in the middle, because names of a series differ at both ends.
fn shortened(name: &str) -> String {
    let count = name.chars().count();
    if count <= NAME {
        return format!("{name:<NAME$}");
    }
    let (head, tail) = (NAME / 2, NAME - NAME / 2 - 1);
    let start: String = name.chars().take(head).collect();
    let end: String = name.chars().skip(count - tail).collect();
    format!("{start}…{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_never_leaves_its_frame() {
        for (stored, in_flight, size) in
            [(0, 0, 0), (0, 0, 10), (5, 2, 10), (10, 0, 10), (10, 10, 10), (0, 99, 10)]
        {
            assert_eq!(
                bar(stored, in_flight, size).chars().count(),
                24,
                "{stored} {in_flight} {size}"
            );
        }
        assert_eq!(bar(12, 6, 24), "████████████▒▒▒▒▒▒░░░░░░");
    }

    #[test]
    fn long_names_keep_both_ends() {
        assert_eq!(shortened("a").chars().count(), NAME);
        let short = shortened("a very long name of a recording from day 12.mov");
        assert_eq!(short.chars().count(), NAME);
        assert!(short.starts_with("a very long") && short.ends_with("day 12.mov"), "{short}");
    }
}
