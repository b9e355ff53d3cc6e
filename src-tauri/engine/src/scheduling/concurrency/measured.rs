//! Rates of what is in flight, taken over as long as they need to mean something. Takes time as an argument.

use super::Load;
use crate::model::time::EngineTime;
use std::collections::VecDeque;
use std::time::Duration;

/// After a change, how long new connections ramp up and the system's buffers fill before a rate means anything.
const SETTLES: Duration = Duration::from_millis(400);
/// The same, if they are few.
const FEW_SETTLE: Duration = Duration::from_millis(200);
const FEW: usize = 8;
/// The link's rate is measured over this many seconds.
const RECENT: Duration = Duration::from_secs(2);
/// How long stored bytes are counted: parts on a slow link take seconds each.
const STORED: Duration = Duration::from_secs(10);
/// Or until this many parts were stored.
const MANY: u64 = 16;

/// Bytes by time.
#[derive(Clone, Debug, Default)]
pub(super) struct Measured {
    /// Rates are measured from then on.
    from: Option<EngineTime>,
    recent: VecDeque<(EngineTime, u64)>,
    /// Where the measurement started.
    look: Option<(EngineTime, u64)>,
    stored: VecDeque<(EngineTime, u64)>,
}

impl Measured {
    /// Starts again, because the number of connections changed.
    pub(super) fn restart(&mut self) {
        (self.from, self.look) = (None, None);
        self.recent.clear();
    }

    /// Nothing wants to be sent.
    pub(super) fn idle(&mut self) {
        self.restart();
        self.stored.clear();
    }

    pub(super) fn end_look(&mut self) {
        self.look = None;
    }

    /// Adds a sample. False while the measurement means nothing yet.
    pub(super) fn see(&mut self, now: EngineTime, load: &Load) -> bool {
        keep(&mut self.stored, STORED, (now, load.stored));
        let settles = if load.used <= FEW { FEW_SETTLE } else { SETTLES };
        if now < *self.from.get_or_insert(now + settles) {
            return false;
        }
        keep(&mut self.recent, RECENT, (now, load.moved));
        true
    }

    /// Bytes per second over the last seconds.
    pub(super) fn recent(&self) -> Option<f64> {
        rate(*self.recent.front()?, *self.recent.back()?, RECENT)
    }

    /// Bytes per second since the measurement started, or `None` while it is shorter than `least`.
    pub(super) fn look(&mut self, least: Duration) -> Option<f64> {
        let now = *self.recent.back()?;
        let rate = rate(*self.look.get_or_insert(now), now, least)?;
        self.look = None;
        Some(rate)
    }

    /// Bytes per second that were stored recently, in parts of `part` bytes: delayed, but independent of buffers on the
    /// way.
    pub(super) fn stored(&self, part: u64) -> f64 {
        let Some((to, stored)) = self.stored.back() else { return 0.0 };
        // many parts need less time
        let is_telling = |(at, before): &&(EngineTime, u64)| {
            to.saturating_sub(*at) >= RECENT
                && stored.saturating_sub(*before) >= part.saturating_mul(MANY)
        };
        let Some((from, before)) =
            self.stored.iter().rev().find(is_telling).or(self.stored.front())
        else {
            return 0.0;
        };
        // the first of them may have been sent before, and one moment with many stored parts is not a rate
        let to = (*to).max(*from + Duration::from_secs(1));
        rate((*from, *before + part), (to, *stored), Duration::ZERO).unwrap_or(0.0)
    }
}

/// The latest samples, as far back as the span reaches.
fn keep(seen: &mut VecDeque<(EngineTime, u64)>, span: Duration, (now, moved): (EngineTime, u64)) {
    seen.push_back((now, moved));
    while seen.get(1).is_some_and(|(at, _)| now.saturating_sub(*at) >= span) {
        seen.pop_front();
    }
}

/// Bytes per second between two samples that are at least this far apart.
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
