//! The cases: lines, files and kinds of interruption, and the selection on the command line.

/// A line upstream, slower than what is to be sent over it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// One word, to choose it by.
    pub(super) id: &'static str,
    /// As the report has it.
    pub(super) name: &'static str,
    pub(super) bytes_per_second: u64,
    /// As the program is told it; none where it has to find out.
    pub(super) limit: Option<&'static str>,
}

pub(super) const LINES: [Line; 6] = [
    Line::limited("limit-0.5", "`--limit 0.5MB/s`", 500_000, "0.5MB/s"),
    Line::limited("limit-2", "`--limit 2MB/s`", 2_000_000, "2MB/s"),
    Line::limited("limit-5", "`--limit 5MB/s`", 5_000_000, "5MB/s"),
    Line::unknown("unknown-0.3", "unknown, 0.3 MB/s", 300_000),
    Line::unknown("unknown-1.5", "unknown, 1.5 MB/s", 1_500_000),
    Line::unknown("unknown-12", "unknown, 12 MB/s", 12_000_000),
];

/// A break may cost so many seconds of the line, or so many bytes.
pub(super) const GOAL_SECONDS: u64 = 10;
pub(super) const GOAL_BYTES: u64 = 10 << 20;

impl Line {
    const fn limited(id: &'static str, name: &'static str, rate: u64, limit: &'static str) -> Line {
        Line { id, name, bytes_per_second: rate, limit: Some(limit) }
    }

    const fn unknown(id: &'static str, name: &'static str, rate: u64) -> Line {
        Line { id, name, bytes_per_second: rate, limit: None }
    }

    /// What the relay lets through; none where the program itself keeps to a limit.
    pub(super) fn relay(&self) -> Option<u64> {
        self.limit.is_none().then_some(self.bytes_per_second)
    }

    /// How long the line takes for so many bytes.
    #[expect(clippy::cast_precision_loss, reason = "seconds for people")]
    pub(super) fn seconds(&self, bytes: u64) -> f64 {
        bytes as f64 / self.bytes_per_second as f64
    }

    /// The most that one break may cost.
    pub(super) fn goal(&self) -> u64 {
        GOAL_BYTES.max(GOAL_SECONDS * self.bytes_per_second)
    }
}

/// What is uploaded at once.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Files {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) count: u64,
    /// Of each.
    pub(super) size: u64,
    /// It has no bytes of its own on this disk.
    pub(super) sparse: bool,
}

const MIB: u64 = 1 << 20;

pub(super) const FILES: [Files; 4] = [
    Files { id: "300MiB", name: "300 MiB", count: 1, size: 300 * MIB, sparse: false },
    Files { id: "3x100MiB", name: "3 of 100 MiB", count: 3, size: 100 * MIB, sparse: false },
    Files { id: "1000x100kB", name: "1000 of 100 kB", count: 1000, size: 100_000, sparse: false },
    Files { id: "20GB", name: "20 GB", count: 1, size: 20_000_000_000, sparse: true },
];

impl Files {
    pub(super) fn bytes(&self) -> u64 {
        self.count * self.size
    }

    /// The name of each, below the place that it is uploaded to.
    pub(super) fn names(&self) -> Vec<String> {
        (0..self.count).map(|number| format!("{}/{number:04}.bin", self.id)).collect()
    }
}

/// How an upload is interrupted and resumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Killed,
    Stopped,
    Paused,
    Slept,
}

pub(super) const WAYS: [Way; 4] = [Way::Killed, Way::Stopped, Way::Paused, Way::Slept];

impl Way {
    pub(super) fn id(self) -> &'static str {
        match self {
            Way::Killed => "killed",
            Way::Stopped => "stopped",
            Way::Paused => "paused",
            Way::Slept => "slept",
        }
    }

    pub(super) fn says(self) -> &'static str {
        match self {
            Way::Killed => "Killed (SIGKILL), then `windlass-cli resume`",
            Way::Stopped => "Stopped (Ctrl-C) and resumed by `windlass-cli resume`",
            Way::Paused => "Paused and resumed, in one process on the engine",
            Way::Slept => "Asleep for 20 s (SIGSTOP), all connections lost meanwhile",
        }
    }
}

/// One line, one set of files, one way: measured by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Case {
    pub(super) line: &'static Line,
    pub(super) files: &'static Files,
    pub(super) way: Way,
}

impl Case {
    pub(super) fn name(&self) -> String {
        format!("{} {} {}", self.way.id(), self.line.id, self.files.id)
    }
}

/// Those that the words choose: of lines, files and ways each those with a word in their name, or all where no word is of
/// that kind.
///
/// # Errors
/// A word that is in no name.
pub(super) fn chosen(words: &[String]) -> Result<Vec<Case>, String> {
    let has = |id: &str, word: &String| id.to_lowercase().contains(&word.to_lowercase());
    let known = |word: &&String| {
        let lines = LINES.iter().map(|line| line.id).any(|id| has(id, word));
        let files = FILES.iter().map(|files| files.id).any(|id| has(id, word));
        lines || files || WAYS.iter().any(|way| has(way.id(), word))
    };
    if let Some(word) = words.iter().find(|word| !known(word)) {
        let ids = LINES.iter().map(|line| line.id).chain(FILES.iter().map(|files| files.id));
        let ids: Vec<_> = ids.chain(WAYS.iter().map(|way| way.id())).collect();
        return Err(format!("{word} is none of {}", ids.join(" ")));
    }
    let picked = |id: &str, all: &[&str]| {
        let of_this_kind = |word: &&String| all.iter().any(|id| has(id, word));
        let mut of_this_kind = words.iter().filter(of_this_kind).peekable();
        of_this_kind.peek().is_none() || of_this_kind.any(|word| has(id, word))
    };
    let (lines, files) = (LINES.each_ref().map(|line| line.id), FILES.each_ref().map(|f| f.id));
    let ways = WAYS.map(Way::id);
    // neighbours run at the same time, so they are of different lines
    let all = WAYS.into_iter().flat_map(|way| {
        FILES.iter().flat_map(move |files| LINES.iter().map(move |line| Case { line, files, way }))
    });
    Ok(all
        .filter(|case| picked(case.line.id, &lines))
        .filter(|case| picked(case.files.id, &files) && picked(case.way.id(), &ways))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(words: &[&str]) -> Vec<String> {
        let words: Vec<_> = words.iter().map(ToString::to_string).collect();
        chosen(&words).unwrap().iter().map(Case::name).collect()
    }

    #[test]
    fn words_choose_in_their_own_kind() {
        assert_eq!(names(&[]).len(), 6 * 4 * 4);
        assert_eq!(names(&["limit-5"]).len(), 4 * 4);
        assert_eq!(
            names(&["unknown-1", "300mib", "killed"]),
            ["killed unknown-1.5 300MiB", "killed unknown-12 300MiB"]
        );
        assert!(chosen(&["quick".into()]).is_err_and(|reason| reason.contains("quick is none of")));
    }

    #[test]
    fn a_break_may_cost_ten_seconds_or_ten_mebibytes() {
        let goals = LINES.each_ref().map(Line::goal);
        let ten = 10 << 20;
        assert_eq!(goals, [ten, 20_000_000, 50_000_000, ten, 15_000_000, 120_000_000]);
    }

    #[test]
    fn seconds_are_of_the_line() {
        let seconds = LINES.each_ref().map(|line| line.seconds(6_000_000));
        assert_eq!(seconds, [12.0, 3.0, 1.2, 20.0, 4.0, 0.5]);
    }

    #[test]
    fn a_limit_is_kept_by_the_program_and_an_unknown_line_by_the_relay() {
        for line in &LINES {
            assert_eq!(line.relay().is_none(), line.limit.is_some(), "{}", line.id);
        }
    }
}
