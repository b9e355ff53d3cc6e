//! What may be in flight: bytes by what the line carries, and the parts that they leave room for.

use super::{AT_LIMIT, ConcurrencyController, FEWEST, FIRST, MOST, whole};
use crate::model::part_plan::MIN_PART;
use crate::scheduling::in_flight::{FEW, Room};

/// What may be in flight, in seconds of the link's throughput: an interruption costs no more than ten, and the rate is
/// known to within a fifth.
pub(super) const BUDGET_SECONDS: f64 = 8.0;
/// Two of the smallest parts are always allowed: with a single one, the link is idle while its response is on the way.
pub(super) const SMALLEST_BUDGET: u64 = 2 * MIN_PART;
/// If the budget is this few parts, all of it may be in buffers on the way: stored bytes are trusted then.
const FEW_PARTS: u64 = 16;
/// Minimum number of seconds in flight, even if fewer parts would do: one that hangs must not be half of them.
const AMPLE_SECONDS: f64 = 2.0;
/// A part that takes longer over the whole link is sent alone.
const LONG_SECONDS: f64 = 8.0;

impl ConcurrencyController {
    pub(crate) fn room(&self) -> Room {
        let rate = self.carries().unwrap_or(0.0);
        let bytes = if self.fixed.is_some() { u64::MAX } else { self.budget() };
        let parts = self.allowed.min(self.most_within(bytes)).max(FEWEST);
        Room { parts, requests: self.allowed(), bytes, rate: whole(rate) }
    }

    /// The link's throughput within the user's limit, in bytes per second, if known.
    fn carries(&self) -> Option<f64> {
        match (self.rate, self.limit) {
            (Some(rate), Some(limit)) => Some(rate.min(limit)),
            (rate, limit) => rate.or(limit),
        }
    }

    /// Bytes that may be in flight.
    pub(super) fn budget(&self) -> u64 {
        // a limit alone does not say that the link reaches it
        let rate = self.rate.and_then(|_| self.carries()).unwrap_or(0.0);
        let bytes = whole(rate * BUDGET_SECONDS);
        let is_slow = |bytes: u64| bytes < self.part.saturating_mul(FEW_PARTS);
        let is_by_limit = self.limit.is_some_and(|limit| is_slow(whole(limit * BUDGET_SECONDS)));
        // a long-distance link has to be filled before its first parts are stored, unless buffers take what is sent
        let is_trusted = self.trusts && !is_by_limit;
        let stored = || whole(self.measured.stored(self.part) * BUDGET_SECONDS);
        let is_hidden = (is_slow(bytes) && !is_trusted) || self.is_buffered;
        let believed = if is_hidden { stored().min(bytes) } else { bytes };
        believed.max(SMALLEST_BUDGET)
    }

    pub(super) fn is_at_limit(&self, rate: f64) -> bool {
        self.limit.is_some_and(|limit| rate >= limit * AT_LIMIT)
    }

    pub(super) fn most_within(&self, bytes: u64) -> usize {
        let most = bytes / self.part.max(1);
        usize::try_from(most).unwrap_or(MOST).clamp(FEWEST, MOST)
    }

    /// The minimum number to try at this rate. Two if a part takes a while, because each new connection needs seconds
    /// to ramp up on a long-distance link. One if it takes so long that those do not matter, or if the limit is the
    /// bottleneck.
    pub(super) fn fewest(&self, rate: f64) -> usize {
        let fewest = self.most_within(whole(rate * AMPLE_SECONDS)).min(FEW);
        let is_long = whole(rate * LONG_SECONDS) < self.part;
        if is_long || self.is_at_limit(rate) { fewest } else { fewest.max(FIRST) }
    }
}
