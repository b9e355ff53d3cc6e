//! What left of an upload, how fast, and how much of it was of use. Knows no parts.

use crate::model::lock::locked;
use crate::model::time::EngineTime;
use crate::scheduling::throughput::Meter;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// Invariant: no count goes back, and what was in the meter or of no use had left before.
pub(crate) struct SendStatistics {
    meter: Mutex<Meter>,
    /// Body bytes that left, tries included, and how many of them are in the meter.
    outgoing: Arc<AtomicU64>,
    metered: AtomicU64,
    /// Of those, the ones of tries that failed, and what was of use at the last sample.
    wasted: AtomicU64,
    useful: AtomicU64,
    /// What had left in runs before this one.
    sent_before: u64,
}

impl SendStatistics {
    pub(super) fn new(sent_before: u64, now: EngineTime) -> Self {
        Self {
            meter: Mutex::new(Meter::new(now)),
            outgoing: Arc::default(),
            metered: AtomicU64::new(0),
            wasted: AtomicU64::new(0),
            useful: AtomicU64::new(0),
            sent_before,
        }
    }

    /// Counts what leaves, for the body that sends it.
    pub(crate) fn outgoing(&self) -> Arc<AtomicU64> {
        self.outgoing.clone()
    }

    /// Bytes left in this run.
    pub(crate) fn has_sent(&self) -> bool {
        self.outgoing.load(Ordering::Relaxed) > 0
    }

    /// Body bytes that left in all runs.
    pub(crate) fn sent(&self) -> u64 {
        self.sent_before + self.outgoing.load(Ordering::Relaxed)
    }

    /// A try failed after so many of its bytes had left.
    pub(super) fn wasted(&self, bytes: u64) {
        self.wasted.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Takes what left since the last call into the meter. Answers how much of it was of use.
    pub(crate) fn sample(&self, now: EngineTime) -> u64 {
        let outgoing = self.outgoing.load(Ordering::Relaxed);
        let before = self.metered.swap(outgoing, Ordering::Relaxed);
        locked(&self.meter).add(now, outgoing.saturating_sub(before));
        let useful = outgoing.saturating_sub(self.wasted.load(Ordering::Relaxed));
        useful.saturating_sub(self.useful.fetch_max(useful, Ordering::Relaxed))
    }

    pub(crate) fn meter<T>(&self, look: impl FnOnce(&mut Meter) -> T) -> T {
        look(&mut locked(&self.meter))
    }
}
