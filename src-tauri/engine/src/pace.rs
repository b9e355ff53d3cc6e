//! How many requests at once. Takes time as an argument; knows no connections.

use crate::part::Tick;
use std::time::Duration;

const FEWEST: usize = 1;
/// Enough to fill a far link (four connections reach 0.9 of 1 Gbit/s at 80 ms) and cheap on a near one.
const FIRST: usize = 8;
const MOST: usize = 32;
/// A change is judged after this long: shorter, and one slow part decides.
const JUDGED_AFTER: Duration = Duration::from_secs(3);
/// A step up must pay by this much, or it is taken back.
const PAYS: f64 = 1.05;
/// Quiet time after a server asked for less.
const HUSH: Duration = Duration::from_secs(10);
/// After a step that did not pay, the next try waits this long: links change, seldom by the second.
const SETTLED: Duration = Duration::from_secs(30);

/// The number of connections, found by climbing: one step up, keep it where it paid.
#[derive(Clone, Debug)]
pub struct Pace {
    fixed: Option<usize>,
    allowed: usize,
    judge_at: Tick,
    /// The rate before the last step up, while that step is on trial.
    trial: Option<f64>,
}

impl Pace {
    /// `fixed` is the user's number; none means automatic.
    pub fn new(fixed: Option<usize>, now: Tick) -> Self {
        Self {
            fixed,
            allowed: fixed.unwrap_or(FIRST).max(FEWEST),
            judge_at: now + JUDGED_AFTER,
            trial: None,
        }
    }

    pub fn allowed(&self) -> usize {
        self.allowed
    }

    /// Told often; `used` are the connections in use, `rate` bytes a second over the last seconds.
    pub fn observe(&mut self, now: Tick, used: usize, rate: u64) {
        // a pool that is not full says nothing about whether a larger one would be faster
        if now < self.judge_at || used < self.allowed {
            return;
        }
        if let Some(fixed) = self.fixed {
            // only the way back after throttling is left to climb
            self.allowed = (self.allowed + self.step()).min(fixed.max(FEWEST));
            self.judge_at = now + JUDGED_AFTER;
            return;
        }
        #[allow(clippy::cast_precision_loss)] // a rate compared to five percent
        let rate = rate as f64;
        match self.trial.take() {
            Some(before) if rate < before * PAYS => {
                self.allowed = self.allowed.saturating_sub(self.step()).max(FEWEST);
                self.judge_at = now + SETTLED;
            }
            _ if self.allowed < MOST => {
                self.trial = Some(rate);
                self.allowed = (self.allowed + self.step()).min(MOST);
                self.judge_at = now + JUDGED_AFTER;
            }
            _ => self.judge_at = now + SETTLED,
        }
    }

    fn step(&self) -> usize {
        (self.allowed / 4).max(1)
    }

    /// The server asked for less: half of it, and no step up for a while.
    pub fn throttled(&mut self, now: Tick) {
        // the requests that were under way are refused with the first: they count once
        if self.judge_at < now + HUSH {
            self.allowed = (self.allowed / 2).max(FEWEST);
            self.trial = None;
            self.judge_at = now + HUSH;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Tick {
        Duration::from_secs(seconds)
    }

    #[test]
    fn it_climbs_while_it_pays_and_steps_back_when_it_does_not() {
        let mut pace = Pace::new(None, at(0));
        assert_eq!(pace.allowed(), FIRST);
        for (second, rate) in [(3, 100), (6, 130), (9, 160)] {
            pace.observe(at(second), pace.allowed(), rate);
        }
        let high = pace.allowed();
        assert!(high > FIRST, "{high}");
        pace.observe(at(12), high, 161);
        let settled = pace.allowed();
        assert!(settled < high, "the last step brought nothing");
        pace.observe(at(15), settled, 161);
        assert_eq!(pace.allowed(), settled, "and is not tried again at once");
    }

    #[test]
    fn a_pool_that_is_not_full_stays() {
        let mut pace = Pace::new(None, at(0));
        for second in 1..100 {
            pace.observe(at(second), 2, 1_000);
        }
        assert_eq!(pace.allowed(), FIRST);
    }

    #[test]
    fn throttling_halves_once_and_comes_back() {
        let mut pace = Pace::new(None, at(0));
        for _ in 0..8 {
            pace.throttled(at(5));
        }
        assert_eq!(pace.allowed(), FIRST / 2);
        pace.observe(at(10), FIRST / 2, 50);
        assert_eq!(pace.allowed(), FIRST / 2);
        pace.observe(at(16), FIRST / 2, 50);
        assert!(pace.allowed() > FIRST / 2);
    }

    #[test]
    fn a_fixed_number_is_kept() {
        let mut pace = Pace::new(Some(3), at(0));
        pace.observe(at(50), 3, 9);
        assert_eq!(pace.allowed(), 3);
        pace.throttled(at(60));
        assert_eq!(pace.allowed(), 1);
        for second in 70..90 {
            pace.observe(at(second), pace.allowed(), 9);
        }
        assert_eq!(pace.allowed(), 3);
    }
}
