//! What may be in flight: bytes by what the line carries, and the parts that they leave room for.

use super::{AT_LIMIT, ConcurrencyController, FEWEST, FIRST, MOST, whole};
use crate::model::part_plan::MIN_PART;
use crate::scheduling::in_flight::{FEW, Room};

/// What may be in flight, in seconds of what the line carries: a break costs no more than ten, and a rate is known to a
/// fifth.
pub(super) const BUDGET_SECONDS: f64 = 8.0;
/// Two of the smallest parts are always allowed: with one alone the line idles while its answer is on the way.
pub(super) const SMALLEST_BUDGET: u64 = 2 * MIN_PART;
/// Where the budget is as few parts, it may all be in buffers on the way: what was stored is believed then.
const FEW_PARTS: u64 = 16;
/// So many seconds of the line are kept in flight where fewer parts would do as well: one that hangs must not be half.
const AMPLE_SECONDS: f64 = 2.0;
/// A part that takes longer over the whole line is sent alone.
const LONG_SECONDS: f64 = 8.0;

impl ConcurrencyController {
    pub(crate) fn room(&self) -> Room {
        let rate = self.carries().unwrap_or(0.0);
        let bytes = if self.fixed.is_some() { u64::MAX } else { self.budget() };
        let parts = self.allowed.min(self.most_within(bytes)).max(FEWEST);
        Room { parts, requests: self.allowed(), bytes, rate: whole(rate) }
    }

    /// Bytes a second that the line carries and the user allows, as far as that is known.
    fn carries(&self) -> Option<f64> {
        match (self.rate, self.limit) {
            (Some(rate), Some(limit)) => Some(rate.min(limit)),
            (rate, limit) => rate.or(limit),
        }
    }

    /// Bytes that may be in flight.
    pub(super) fn budget(&self) -> u64 {
        // a limit alone does not say that the line carries it
        let rate = self.rate.and_then(|_| self.carries()).unwrap_or(0.0);
        let bytes = whole(rate * BUDGET_SECONDS);
        let is_slow = |bytes: u64| bytes < self.part.saturating_mul(FEW_PARTS);
        let is_by_limit = self.limit.is_some_and(|limit| is_slow(whole(limit * BUDGET_SECONDS)));
        // a far link has to be filled before its first parts are stored, where nothing says that buffers take what leaves
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

    /// The fewest that are tried at this rate. Where a part takes a while, two: each new connection needs seconds to find its
    /// speed on a far link. One where it takes so long that those do not count, or where the limit is what keeps it.
    pub(super) fn fewest(&self, rate: f64) -> usize {
        let fewest = self.most_within(whole(rate * AMPLE_SECONDS)).min(FEW);
        let is_long = whole(rate * LONG_SECONDS) < self.part;
        if is_long || self.is_at_limit(rate) { fewest } else { fewest.max(FIRST) }
    }
}
