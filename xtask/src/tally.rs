//! Counts tests from the output of their runners.

use std::ops::AddAssign;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl Tally {
    pub(crate) const PASS: Self = Self { passed: 1, failed: 0, skipped: 0 };
    pub(crate) const FAIL: Self = Self { passed: 0, failed: 1, skipped: 0 };

    pub(crate) fn ran(self) -> u64 {
        self.passed + self.failed
    }

    /// The sum of all closing lines in a runner's output.
    pub(crate) fn read(output: &str) -> Self {
        let mut sum = Self::default();
        for line in output.lines() {
            let line = without_colour(line);
            let line = line.trim();
            if let Some(rest) = line.strip_prefix("test result: ") {
                sum += counts(rest, ';', &["passed"], &["failed"], &["ignored"]);
            } else if let Some(rest) = line.strip_prefix("Tests ") {
                sum += counts(rest, '|', &["passed"], &["failed"], &["skipped", "todo"]);
            }
        }
        sum
    }

    /// The line that a run ends with.
    pub(crate) fn told(self) -> String {
        let skipped =
            if self.skipped > 0 { format!(", {} skipped", self.skipped) } else { String::new() };
        format!("{} passed, {} failed{skipped}", self.passed, self.failed)
    }
}

/// `3 passed; 1 failed` and `3 passed | 1 failed (4)`: a number before each word.
fn counts(line: &str, between: char, passed: &[&str], failed: &[&str], skipped: &[&str]) -> Tally {
    let mut tally = Tally::default();
    for piece in line.split(between) {
        let words: Vec<&str> = piece.split_whitespace().collect();
        for pair in words.windows(2) {
            let Ok(n) = pair[0].parse::<u64>() else { continue };
            if passed.contains(&pair[1]) {
                tally.passed += n;
            } else if failed.contains(&pair[1]) {
                tally.failed += n;
            } else if skipped.contains(&pair[1]) {
                tally.skipped += n;
            }
        }
    }
    tally
}

fn without_colour(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            // an escape sequence runs up to its letter
            chars.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(c);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libtest_closing_lines_are_summed() {
        let output = "test a ... ok\n\
            test result: ok. 3 passed; 0 failed; 2 ignored; 0 measured; 9 filtered out; finished in 0.1s\n\
            test result: FAILED. 4 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s\n";
        assert_eq!(Tally::read(output), Tally { passed: 7, failed: 1, skipped: 2 });
    }

    #[test]
    fn vitest_counts_tests_and_not_files() {
        let output = " Test Files  1 failed | 3 passed (4)\n      Tests  2 failed | 30 passed | 1 skipped (33)\n";
        assert_eq!(Tally::read(output), Tally { passed: 30, failed: 2, skipped: 1 });
    }

    #[test]
    fn colours_do_not_hide_a_count() {
        let output = "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[32m12 passed\u{1b}[39m\u{1b}[22m\u{1b}[90m (12)\u{1b}[39m";
        assert_eq!(Tally::read(output), Tally { passed: 12, failed: 0, skipped: 0 });
    }

    #[test]
    fn a_run_that_says_nothing_counts_nothing() {
        assert_eq!(Tally::read("thread 'main' panicked\n").ran(), 0);
    }

    #[test]
    fn the_closing_line_names_skipped_tests_only_when_there_are_some() {
        assert_eq!(Tally { passed: 2, failed: 0, skipped: 0 }.told(), "2 passed, 0 failed");
        assert_eq!(
            Tally { passed: 2, failed: 1, skipped: 3 }.told(),
            "2 passed, 1 failed, 3 skipped"
        );
    }
}
