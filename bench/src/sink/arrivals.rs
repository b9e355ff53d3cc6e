//! When bytes arrived: a count for each tenth of a second.

use std::{
    fs::File,
    io::Write,
    path::Path,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};

/// Length of a slot in milliseconds.
pub const SLOT_MS: u64 = 100;
/// An hour; what comes later is counted in the last.
const SLOTS: usize = 36_000;

pub(super) struct Arrivals {
    born: Instant,
    /// milliseconds after `born` at which slot 0 begins
    zero: AtomicU64,
    slots: Vec<AtomicU64>,
}

impl Default for Arrivals {
    fn default() -> Self {
        let slots = (0..SLOTS).map(|_| AtomicU64::new(0)).collect();
        Self { born: Instant::now(), zero: AtomicU64::new(0), slots }
    }
}

impl Arrivals {
    fn now(&self) -> u64 {
        u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn slot(&self) -> usize {
        let ms = self.now().saturating_sub(self.zero.load(Relaxed));
        usize::try_from(ms / SLOT_MS).unwrap_or(SLOTS).min(SLOTS - 1)
    }

    pub(super) fn add(&self, bytes: usize) {
        self.slots[self.slot()].fetch_add(bytes as u64, Relaxed);
    }

    /// Forgets everything and begins again now.
    pub(super) fn reset(&self) {
        self.zero.store(self.now(), Relaxed);
        for slot in &self.slots {
            slot.store(0, Relaxed);
        }
    }

    /// From the start until now.
    pub(super) fn so_far(&self) -> Vec<u64> {
        self.slots[..=self.slot()].iter().map(|slot| slot.load(Relaxed)).collect()
    }

    /// Writes a line `slot bytes` for each slot that is over, for ever.
    pub(super) fn log_to(&self, path: &Path) {
        let Ok(mut file) = File::create(path) else {
            eprintln!("cannot write {}", path.display());
            return;
        };
        let mut next = 0;
        loop {
            thread::sleep(Duration::from_millis(SLOT_MS));
            let over = self.slot();
            // a reset begins at 0 again
            next = next.min(over);
            for at in next..over {
                let _ = writeln!(file, "{at} {}", self.slots[at].load(Relaxed));
            }
            next = over;
        }
    }
}
