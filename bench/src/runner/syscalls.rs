//! Counts an uploader's system calls with `perf`, or with `strace` if `perf` is not allowed. Timed runs are never traced.

use super::peers::{PATH, Uploader};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Program {
    Perf,
    Strace,
}

#[derive(Debug)]
pub(super) struct Counter {
    program: Program,
    /// into which it writes
    file: PathBuf,
}

impl Counter {
    /// The first that counts what `true` does here. `strace` is the second choice: what it slows down waits more often, and
    /// a program of many threads makes more calls for that.
    pub(super) fn here(folder: &Path) -> Option<Self> {
        let file = folder.join("syscalls");
        let all =
            [Program::Perf, Program::Strace].map(|program| Self { program, file: file.clone() });
        all.into_iter().find(|counter| {
            let words = counter.words();
            let mut command = Command::new(&words[0]);
            command.args(&words[1..]).arg("true").env_clear().env("PATH", PATH);
            // what an earlier one left would be read for its own
            counter.forget();
            command.output().is_ok_and(|out| out.status.success()) && counter.counted().is_some()
        })
    }

    pub(super) fn name(&self) -> &'static str {
        match self.program {
            Program::Perf => "perf",
            Program::Strace => "strace",
        }
    }

    fn words(&self) -> Vec<String> {
        let words: &[&str] = match self.program {
            Program::Perf => &["perf", "stat", "-x,", "-e", "raw_syscalls:sys_enter", "-o"],
            Program::Strace => &["strace", "-c", "-f", "-o"],
        };
        let file = self.file.display().to_string();
        words.iter().map(ToString::to_string).chain([file, "--".into()]).collect()
    }

    /// The same uploader, under the eyes of the program.
    pub(super) fn around(&self, uploader: &Uploader) -> Uploader {
        self.forget();
        let command = [self.words(), uploader.command.clone()].concat();
        Uploader { command, ..uploader.clone() }
    }

    fn forget(&self) {
        let _ = fs::remove_file(&self.file);
    }

    /// What it wrote last.
    pub(super) fn counted(&self) -> Option<u64> {
        let text = fs::read_to_string(&self.file).ok()?;
        match self.program {
            Program::Perf => perf(&text),
            Program::Strace => strace(&text),
        }
    }
}

/// `145,,raw_syscalls:sys_enter,1797374,100.00,,`; in place of the count may stand `<not counted>`.
fn perf(text: &str) -> Option<u64> {
    let line = text.lines().find(|line| line.contains(",raw_syscalls:sys_enter"))?;
    line.split(',').next()?.parse().ok()
}

/// One line for each call, and in its fourth column how often. The line of sums has not the same columns in all versions.
fn strace(text: &str) -> Option<u64> {
    let calls = |line: &str| {
        let words: Vec<_> = line.split_whitespace().collect();
        let numbers = words.first()?.parse::<f64>().is_ok() && words.last() != Some(&"total");
        if numbers { words.get(3)?.parse::<u64>().ok() } else { None }
    };
    let calls: Vec<_> = text.lines().filter_map(calls).collect();
    (!calls.is_empty()).then(|| calls.iter().sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn perf_says_it_in_one_line_or_that_it_may_not() {
        let line = "145,,raw_syscalls:sys_enter,1797374,100.00,,";
        let text = format!("# started on Fri Nov 27 12:00:00 2026\n\n{line}\n");
        assert_eq!(perf(&text), Some(145));
        assert_eq!(perf(&text.replace("145", "<not counted>")), None);
        assert_eq!(perf("event syntax error: 'raw_syscalls:sys_enter'\n"), None);
        assert_eq!(perf(""), None);
    }

    #[test]
    fn strace_says_it_call_by_call() {
        let text = "\
% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 70.50    0.001350         675         2         1 wait4
 12.74    0.000244           4        41        19 openat
  1.98    0.000038           3        38           mmap
  0.00    0.000000           0         1           getppid
------ ----------- ----------- --------- --------- ----------------
100.00    0.001915           9        82        20 total
";
        assert_eq!(strace(text), Some(82));
        let older = text.replace("0.001915           9 ", "0.001915             ");
        assert_eq!(strace(&older), Some(82));
        assert_eq!(strace("strace: attach: ptrace(PTRACE_SEIZE): Operation not permitted"), None);
        assert_eq!(strace(""), None);
    }
}
