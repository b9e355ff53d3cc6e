//! A connection's rate: how long to wait after a number of bytes.

use std::{
    thread,
    time::{Duration, Instant},
};

pub(super) struct Pace {
    /// bytes a second; 0: no limit
    rate: u64,
    since: Instant,
    taken: u64,
}

impl Pace {
    pub(super) fn new(rate: u64) -> Self {
        Self { rate, since: Instant::now(), taken: 0 }
    }

    /// Waits until `n` more bytes are due.
    #[expect(clippy::cast_precision_loss, reason = "a rate, not a count that must be exact")]
    pub(super) fn took(&mut self, n: usize) {
        if self.rate == 0 {
            return;
        }
        self.taken += n as u64;
        let due = Duration::from_secs_f64(self.taken as f64 / self.rate as f64);
        let passed = self.since.elapsed();
        if due > passed {
            thread::sleep(due - passed);
        } else if passed - due > Duration::from_millis(200) {
            // an idle connection saves nothing up
            (self.since, self.taken) = (Instant::now(), 0);
        }
    }
}
