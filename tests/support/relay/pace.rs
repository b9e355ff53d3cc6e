//! When bytes are due on a line with a rate.

use std::time::Duration;

/// A sleeper who wakes late by so much, on a busy machine, makes up for it. An idle line does not save up more than this.
const SLACK: Duration = Duration::from_millis(30);

pub(super) struct Pace {
    bytes_per_second: u64,
    /// When the last byte that was taken is through.
    due: Duration,
}

impl Pace {
    pub(super) fn new(bytes_per_second: u64) -> Pace {
        assert!(bytes_per_second > 0, "over such a line nothing would ever arrive");
        Pace { bytes_per_second, due: Duration::ZERO }
    }

    /// Takes so many bytes at the time `now`; how long until they are through.
    pub(super) fn take(&mut self, now: Duration, bytes: u64) -> Duration {
        let nanos = u128::from(bytes) * 1_000_000_000 / u128::from(self.bytes_per_second);
        let takes = Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX));
        self.due = self.due.max(now.saturating_sub(SLACK)) + takes;
        self.due.saturating_sub(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn bytes_take_their_time() {
        let (mut pace, mut now) = (Pace::new(1_000_000), Duration::from_secs(100));
        let start = now;
        for _ in 0..1000 {
            now += pace.take(now, 4096);
        }
        // the slack of the idle time before is all that is ahead
        assert_eq!(now - start, Duration::from_micros(4_096_000) - SLACK);
    }

    #[test]
    fn who_wakes_late_makes_up_for_it() {
        let (mut pace, mut now) = (Pace::new(1_000_000), Duration::from_secs(100));
        let start = now;
        for _ in 0..1000 {
            now += pace.take(now, 4096) + 3 * MS;
        }
        assert!(now - start < Duration::from_micros(4_096_000) + 3 * MS, "{:?}", now - start);
    }

    #[test]
    fn an_idle_line_saves_nothing_up() {
        let mut pace = Pace::new(1_000_000);
        let first = pace.take(Duration::from_secs(1), 500_000);
        assert_eq!(first, Duration::from_millis(500) - SLACK);
        assert_eq!(pace.take(Duration::from_secs(1000), 500_000), first);
    }

    #[test]
    fn all_take_from_the_same_line() {
        let mut pace = Pace::new(1_000_000);
        let now = Duration::from_secs(1);
        let waits: Vec<_> = (0..3).map(|_| pace.take(now, 100_000) + SLACK).collect();
        assert_eq!(waits, [100 * MS, 200 * MS, 300 * MS]);
    }
}
