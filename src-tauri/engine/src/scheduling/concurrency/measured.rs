//! Rates of what is in flight, taken over as long as they need to mean something. Takes time as an argument.

use super::Load;
use crate::model::time::EngineTime;
use std::collections::VecDeque;
use std::time::Duration;

/// After a change new connections find their speed, and the system's buffers fill, before a rate says anything.
const SETTLES: Duration = Duration::from_millis(400);
/// The same where they are few.
const FEW_SETTLE: Duration = Duration::from_millis(200);
const FEW: usize = 8;
/// The line's rate at any time is that of so many seconds.
const RECENT: Duration = Duration::from_secs(2);
/// What was stored is counted over so long: parts of a slow line take seconds each.
const STORED: Duration = Duration::from_secs(10);
/// Or until so many parts were.
const MANY: u64 = 16;

/// What moved, by time.
#[derive(Clone, Debug, Default)]
pub(super) struct Measured {
    /// Rates are taken from then on.
    from: Option<EngineTime>,
    recent: VecDeque<(EngineTime, u64)>,
    /// Where the look began.
    look: Option<(EngineTime, u64)>,
    stored: VecDeque<(EngineTime, u64)>,
}

impl Measured {
    /// Nothing that was seen before counts: the number of connections is another.
    pub(super) fn restart(&mut self) {
        (self.from, self.look) = (None, None);
        self.recent.clear();
    }

    /// Nobody wants to send.
    pub(super) fn idle(&mut self) {
        self.restart();
        self.stored.clear();
    }

    pub(super) fn end_look(&mut self) {
        self.look = None;
    }

    /// Takes in what moved. False while that says nothing yet.
    pub(super) fn see(&mut self, now: EngineTime, load: &Load) -> bool {
        keep(&mut self.stored, STORED, (now, load.stored));
        let settles = if load.used <= FEW { FEW_SETTLE } else { SETTLES };
        if now < *self.from.get_or_insert(now + settles) {
            return false;
        }
        keep(&mut self.recent, RECENT, (now, load.moved));
        true
    }

    /// Bytes a second over the last seconds.
    pub(super) fn recent(&self) -> Option<f64> {
        rate(*self.recent.front()?, *self.recent.back()?, RECENT)
    }

    /// Bytes a second since the look began; none while it is shorter than `least`.
    pub(super) fn look(&mut self, least: Duration) -> Option<f64> {
        let now = *self.recent.back()?;
        let rate = rate(*self.look.get_or_insert(now), now, least)?;
        self.look = None;
        Some(rate)
    }

    /// Bytes a second that were stored lately, in parts of `part` bytes: late, but whatever buffers are on the way.
    pub(super) fn stored(&self, part: u64) -> f64 {
        let Some((to, stored)) = self.stored.back() else { return 0.0 };
        // many parts tell in less time
        let is_telling = |(at, before): &&(EngineTime, u64)| {
            to.saturating_sub(*at) >= RECENT
                && stored.saturating_sub(*before) >= part.saturating_mul(MANY)
        };
        let Some((from, before)) =
            self.stored.iter().rev().find(is_telling).or(self.stored.front())
        else {
            return 0.0;
        };
        // the first of them may have been sent before, and a moment in which much was stored is no rate
        let to = (*to).max(*from + Duration::from_secs(1));
        rate((*from, *before + part), (to, *stored), Duration::ZERO).unwrap_or(0.0)
    }
}

/// The last ones, as far back as the span reaches.
fn keep(seen: &mut VecDeque<(EngineTime, u64)>, span: Duration, (now, moved): (EngineTime, u64)) {
    seen.push_back((now, moved));
    while seen.get(1).is_some_and(|(at, _)| now.saturating_sub(*at) >= span) {
        seen.pop_front();
    }
}

/// Bytes a second between two looks that are at least so far apart.
fn rate(
    (from, before): (EngineTime, u64),
    (to, moved): (EngineTime, u64),
    least: Duration,
) -> Option<f64> {
    let span = to.saturating_sub(from);
    #[allow(clippy::cast_precision_loss)] // compared to a few percent
    let bytes = moved.saturating_sub(before) as f64;
    (span >= least && span > Duration::ZERO).then(|| bytes / span.as_secs_f64())
}
