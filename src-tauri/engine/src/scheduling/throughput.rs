//! Recent bytes into a rate, a time left, and ten minutes of history. Takes time as an argument.

use crate::model::time::EngineTime;
use std::time::Duration;

/// Seconds of history for the chart: ten minutes take 5 KB per active upload.
pub(crate) const KEPT: usize = 600;
/// The window of a rate, in seconds: steady enough to read and quick enough to follow changes.
const OVER: u64 = 5;
/// No time left is shown before this many seconds, because it would be a guess.
const SILENT: u64 = 5;

/// Bytes by second.
#[derive(Clone, Debug)]
pub(crate) struct Meter {
    began: EngineTime,
    /// The second of `seconds[0]`, on the engine's clock.
    newest: u64,
    /// Newest first.
    seconds: Box<[u64]>,
}

impl Meter {
    pub(crate) fn new(now: EngineTime) -> Self {
        Self { began: now, newest: now.as_secs(), seconds: vec![0; KEPT].into() }
    }

    pub(crate) fn add(&mut self, now: EngineTime, bytes: u64) {
        self.turn(now);
        self.seconds[0] += bytes;
    }

    fn turn(&mut self, now: EngineTime) {
        let passed = now.as_secs().saturating_sub(self.newest);
        if passed > 0 {
            let shift = usize::try_from(passed).unwrap_or(KEPT).min(KEPT);
            self.seconds.rotate_right(shift);
            self.seconds[..shift].fill(0);
            self.newest = now.as_secs();
        }
    }

    /// Bytes per second over the last seconds, including the current one.
    pub(crate) fn rate(&mut self, now: EngineTime) -> u64 {
        self.turn(now);
        let age = now.saturating_sub(self.began).as_millis();
        let running = u128::from(now.subsec_millis());
        let span = (u128::from(OVER) * 1000 + running).min(age).max(250);
        let full = usize::try_from(OVER).unwrap_or(5);
        let bytes: u64 = self.seconds[..=full].iter().sum();
        u64::try_from(u128::from(bytes) * 1000 / span).unwrap_or(u64::MAX)
    }

    /// Seconds until `remaining` bytes are sent, or `None` while that would be a guess.
    pub(crate) fn seconds_left(&mut self, now: EngineTime, remaining: u64) -> Option<u64> {
        if now.saturating_sub(self.began).as_secs() < SILENT {
            return None;
        }
        let rate = self.rate(now);
        (rate > 0).then(|| remaining.div_ceil(rate))
    }

    /// Bytes of each full second since the start, oldest first, for at most ten minutes.
    pub(crate) fn history(&mut self, now: EngineTime) -> Vec<u64> {
        self.turn(now);
        let lived =
            usize::try_from(now.as_secs().saturating_sub(self.began.as_secs())).unwrap_or(KEPT);
        let mut full: Vec<u64> = self.seconds[1..].iter().take(lived).copied().collect();
        full.reverse();
        full
    }

    /// The same with the second that is running, for an upload that has ended.
    pub(crate) fn whole_history(&mut self, now: EngineTime) -> Vec<u64> {
        self.turn(now);
        self.history(now + Duration::from_secs(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> EngineTime {
        Duration::from_millis(ms)
    }

    #[test]
    fn a_steady_stream_reads_as_its_rate() {
        let mut meter = Meter::new(at(300));
        for ms in (300..20_300).step_by(100) {
            meter.add(at(ms), 100);
        }
        let rate = meter.rate(at(20_300));
        assert!((950..=1050).contains(&rate), "{rate}");
        assert_eq!(meter.history(at(20_300)).len(), 20);
        assert_eq!(meter.history(at(20_300))[5], 1000);
    }

    #[test]
    fn a_stall_falls_to_zero_and_shows_as_a_gap() {
        let mut meter = Meter::new(at(0));
        meter.add(at(500), 5_000);
        assert_eq!(meter.rate(at(1_000)), 5_000);
        assert_eq!(meter.rate(at(7_000)), 0);
        assert_eq!(meter.seconds_left(at(7_000), 10), None);
        assert_eq!(meter.history(at(7_000)), [5_000, 0, 0, 0, 0, 0, 0]);
        assert_eq!(meter.rate(at(900_000)), 0);
    }

    #[test]
    fn an_upload_that_has_ended_shows_its_last_second_too() {
        let mut meter = Meter::new(at(900));
        meter.add(at(1_000), 5_000);
        meter.add(at(2_100), 700);
        assert_eq!(meter.whole_history(at(2_300)), [0, 5_000, 700]);
        let mut meter = Meter::new(at(900));
        meter.add(at(950), 70);
        assert_eq!(meter.whole_history(at(950)), [70], "even if it lasted no second");
    }

    #[test]
    fn no_time_left_is_told_in_the_first_seconds() {
        let mut meter = Meter::new(at(0));
        meter.add(at(1_000), 1_000);
        assert_eq!(meter.seconds_left(at(4_000), 10_000), None);
        meter.add(at(5_500), 4_500);
        assert_eq!(meter.seconds_left(at(5_500), 10_000), Some(10));
    }
}
