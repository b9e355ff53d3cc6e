//! Durations in English words, for the terminal and the log.

use std::time::Duration;

/// Formats a duration: "40 s", "4 min", "2 h 5 min".
pub(crate) fn lasted(seconds: u64) -> String {
    match (seconds / 3600, seconds / 60 % 60) {
        (0, 0) => format!("{} s", seconds.max(1)),
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// Rounds to whole seconds, at least one.
pub(crate) fn seconds(time: Duration) -> u64 {
    time.as_secs().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_words() {
        assert_eq!(
            (lasted(0), lasted(59), lasted(61)),
            ("1 s".into(), "59 s".into(), "1 min".into())
        );
        assert_eq!((lasted(7200), lasted(7500)), ("2 h".into(), "2 h 5 min".into()));
    }
}
