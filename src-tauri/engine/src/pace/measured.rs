//! Rates of what is in flight, taken over as long as they need to mean something. Takes time as an argument.

use super::Load;
use crate::part::Tick;
use std::collections::VecDeque;
use std::time::Duration;

/// After a change new connections find their speed, and the system's buffers fill, before a rate says anything.
const SETTLES: Duration = Duration::from_millis(400);
/// The line's rate at any time is that of so many seconds.
const RECENT: Duration = Duration::from_secs(2);
/// Nothing is waited for longer, however long a part takes; and so much silence tells something itself.
const LONGEST: Duration = Duration::from_secs(10);
const SILENCE: Duration = Duration::from_secs(5);

/// What was stored is counted over so long: parts of a slow line take seconds each.
const STORED: Duration = Duration::from_secs(10);

/// What moved, by time. Where it moves in bursts, both ends of a span are the ends of bursts, or half of one would count
/// for a whole.
#[derive(Clone, Debug, Default)]
pub(super) struct Measured {
    bursts: bool,
    /// Rates are taken from then on.
    from: Option<Tick>,
    /// The last burst's end.
    last: Option<(Tick, u64)>,
    /// The last burst's end, or now where nothing has come for long.
    end: Option<(Tick, u64)>,
    recent: VecDeque<(Tick, u64)>,
    /// Where the look began.
    look: Option<(Tick, u64)>,
    /// Bytes that have to move before a rate means something.
    telling: u64,
    stored: VecDeque<(Tick, u64)>,
}

impl Measured {
    /// Nothing that was seen before counts: the number of connections is another.
    pub(super) fn restart(&mut self) {
        let stored = std::mem::take(&mut self.stored);
        *self = Self { bursts: self.bursts, stored, ..Self::default() };
    }

    pub(super) fn bursts(&self) -> bool {
        self.bursts
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
    pub(super) fn see(&mut self, now: Tick, load: &Load) -> bool {
        self.stored.push_back((now, load.stored));
        while self.stored.get(1).is_some_and(|(at, _)| now - *at >= STORED) {
            self.stored.pop_front();
        }
        if self.bursts != load.bursts {
            self.bursts = load.bursts;
            self.restart();
        }
        if now < *self.from.get_or_insert(now + SETTLES) {
            return false;
        }
        let moved = if load.bursts { load.stored } else { load.moved };
        self.telling = if load.bursts { load.part.saturating_mul(load.used as u64) } else { 0 };
        let is_first = self.last.is_none();
        let (at, before) = *self.last.get_or_insert((now, moved));
        let is_end = !self.bursts || moved != before;
        if is_end || (is_first && moved == 0) {
            (self.last, self.end) = (Some((now, moved)), Some((now, moved)));
            self.recent.push_back((now, moved));
            while self.recent.get(1).is_some_and(|from| self.tells(from, RECENT)) {
                self.recent.pop_front();
            }
        } else if now - at >= SILENCE {
            self.end = Some((now, moved));
            return true;
        }
        is_end
    }

    /// Is the span from there until the last end long enough?
    fn tells(&self, (at, before): &(Tick, u64), least: Duration) -> bool {
        let Some((now, moved)) = self.end else { return false };
        let span = now.saturating_sub(*at);
        span >= least && (moved.saturating_sub(*before) >= self.telling || span >= LONGEST)
    }

    fn rate(&self, (at, before): (Tick, u64)) -> Option<f64> {
        let (now, moved) = self.end?;
        Some(rate(moved.saturating_sub(before), now.saturating_sub(at)))
    }

    /// Bytes a second over the last seconds.
    pub(super) fn recent(&self) -> Option<f64> {
        let front = self.recent.front().filter(|front| self.tells(front, RECENT))?;
        self.rate(*front)
    }

    /// Bytes a second since the look began; none while it is shorter than `least`.
    pub(super) fn look(&mut self, least: Duration) -> Option<f64> {
        let from = *self.look.get_or_insert(*self.recent.back()?);
        if !self.tells(&from, least) {
            return None;
        }
        self.look = None;
        self.rate(from)
    }

    /// Bytes a second that were stored lately, in parts of `part` bytes: late, but whatever buffers are on the way.
    pub(super) fn stored(&self, part: u64) -> f64 {
        let (Some((from, before)), Some((to, stored))) = (self.stored.front(), self.stored.back())
        else {
            return 0.0;
        };
        // the first of them may have been sent before
        let bytes = stored.saturating_sub(*before).saturating_sub(part);
        rate(bytes, (*to - *from).max(Duration::from_secs(1)))
    }
}

fn rate(bytes: u64, span: Duration) -> f64 {
    #[allow(clippy::cast_precision_loss)] // compared to a few percent
    let bytes = bytes as f64;
    bytes / span.as_secs_f64()
}
