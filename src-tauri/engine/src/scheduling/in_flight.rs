//! The parts on their way to one server, oldest first: which of them may send now, and whether another may start.
//! Invariant: what is sent and not yet stored stays within `Room::bytes`, or is a single part and the end of the one before,
//! and a megabyte of small files.

use crate::model::lock::locked;
use crate::model::time::EngineTime;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// A body up to this size takes no turn: even a slow link sends it within seconds, and it must not wait until a large
/// part ends.
const SMALL: u64 = 1 << 20;
/// Below this many concurrent parts, they are sent one after another; from here on the link is known to need that many.
pub(crate) const FEW: usize = 4;
/// The next part starts when the one before it has this much time left on the link, so that the link is never idle:
/// over a long distance, a connection needs seconds to ramp up.
const OVERLAP_SECONDS: u64 = 2;
/// A part that may send and has not for this long is stalled: those behind it do not wait for it.
const HANGS: Duration = Duration::from_secs(3);
/// A response that comes sooner than this after the last byte says nothing about buffers: a distant server takes as
/// long.
const SLOW_ANSWER: Duration = Duration::from_millis(300);
/// A part was buffered if waiting for its response took this fraction of the time that handing it over took: a half.
const BUFFERED: u32 = 2;
/// Of this many recent parts, more than half turn it on, and less than a quarter turn it off.
const LATELY: u32 = 4;

pub(crate) fn is_small(size: u64) -> bool {
    size <= SMALL
}

/// The progress of one part, shared by its sender and the pool that decides whether it may send.
#[derive(Debug)]
pub(crate) struct Progress {
    /// Bytes of the file.
    size: u64,
    sent: AtomicU64,
    /// Its turn has come.
    open: AtomicBool,
    /// Held back whatever its turn.
    held: AtomicBool,
    /// Its next bytes are being read.
    reads: AtomicBool,
    waits: Mutex<Option<Waker>>,
}

impl Progress {
    pub(crate) fn new(size: u64) -> Self {
        let (open, held, reads) = (true.into(), false.into(), false.into());
        Self { size, sent: AtomicU64::new(0), open, held, reads, waits: Mutex::default() }
    }

    /// Bytes of the file that were handed to the connection.
    pub(crate) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    pub(crate) fn add(&self, bytes: u64) {
        self.sent.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Bytes still to be handed over.
    pub(crate) fn remaining(&self) -> u64 {
        self.size.saturating_sub(self.sent())
    }

    pub(crate) fn is_open(&self) -> bool {
        self.open.load(Ordering::Acquire) && !self.held.load(Ordering::Acquire)
    }

    /// Ready if the part may send; otherwise it is woken once it may.
    pub(crate) fn poll_open(&self, context: &Context<'_>) -> Poll<()> {
        if self.is_open() {
            return Poll::Ready(());
        }
        *self.waits() = Some(context.waker().clone());
        // if it was opened in between, it would not be woken
        if self.is_open() { Poll::Ready(()) } else { Poll::Pending }
    }

    /// Its next bytes are being read from a disk.
    pub(crate) fn set_reads(&self, reads: bool) {
        self.reads.store(reads, Ordering::Relaxed);
    }

    pub(crate) fn set_open(&self, open: bool) {
        if self.open.swap(open, Ordering::AcqRel) != open {
            self.wake();
        }
    }

    pub(crate) fn hold(&self, held: bool) {
        if self.held.swap(held, Ordering::AcqRel) != held {
            self.wake();
        }
    }

    /// Wakes the task that waits.
    fn wake(&self) {
        if let Some(waits) = self.waits().take() {
            waits.wake();
        }
    }

    fn waits(&self) -> MutexGuard<'_, Option<Waker>> {
        locked(&self.waits)
    }
}

/// What may be in flight to one server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Room {
    /// Parts that send at the same time.
    pub(crate) parts: usize,
    /// Requests with a body, including small files.
    pub(crate) requests: usize,
    /// Bytes of all bodies together, each counted whole.
    pub(crate) bytes: u64,
    /// The link's throughput in bytes per second, if known.
    pub(crate) rate: u64,
}

#[derive(Debug)]
struct Part {
    progress: Arc<Progress>,
    /// What was sent at the last sample, and since when.
    seen: u64,
    moved_at: EngineTime,
    started_at: EngineTime,
    /// When all of it was handed to the connection.
    handed_at: Option<EngineTime>,
}

impl Part {
    /// Whether it takes one of the places of `room.parts`: not if it is small, stalled or nearly sent.
    fn takes_place(&self, now: EngineTime, room: &Room) -> bool {
        if is_small(self.progress.size) || self.sleeps(now) {
            return false;
        }
        if room.parts >= FEW {
            return true;
        }
        let remaining = self.progress.remaining();
        let overlap = (room.rate * OVERLAP_SECONDS).min(self.progress.size / 2);
        remaining > overlap && !self.hangs(now)
    }

    /// Whether much of it was still on its way when all of it had been handed over. Then buffers took it, and sent
    /// bytes say little about the link.
    fn was_buffered(&self, answered_at: EngineTime) -> bool {
        let handed_at = self.handed_at.unwrap_or(answered_at);
        let (took, waited) =
            (handed_at.saturating_sub(self.started_at), answered_at.saturating_sub(handed_at));
        waited >= SLOW_ANSWER && waited * BUFFERED >= took
    }

    /// Whether its disk does not respond, so that its room can be used by others.
    fn sleeps(&self, now: EngineTime) -> bool {
        self.progress.reads.load(Ordering::Relaxed) && now.saturating_sub(self.moved_at) >= HANGS
    }

    fn hangs(&self, now: EngineTime) -> bool {
        self.progress.is_open() && now.saturating_sub(self.moved_at) >= HANGS
    }
}

/// The parts in flight to one server.
#[derive(Debug, Default)]
pub(crate) struct InFlight {
    /// By age: IDs increase.
    parts: BTreeMap<u64, Part>,
    started: u64,
    /// The share of recent parts that were buffered, in thousandths.
    buffered: u32,
    is_buffered: bool,
}

impl InFlight {
    /// Starts a part of `size` bytes, and returns its ID, by which it ends.
    pub(crate) fn start(&mut self, now: EngineTime, size: u64) -> (u64, Arc<Progress>) {
        let progress = Arc::new(Progress::new(size));
        self.started += 1;
        let part = Part {
            progress: progress.clone(),
            seen: 0,
            moved_at: now,
            started_at: now,
            handed_at: None,
        };
        self.parts.insert(self.started, part);
        (self.started, progress)
    }

    /// It was answered, or given up.
    pub(crate) fn end(&mut self, now: EngineTime, number: u64) {
        let Some(part) = self.parts.remove(&number) else { return };
        if !is_small(part.progress.size) && part.progress.remaining() == 0 {
            let new = u32::from(part.was_buffered(now)) * 1000;
            self.buffered = (self.buffered * (LATELY - 1) + new) / LATELY;
            // with a single threshold, the measure would change all the time
            self.is_buffered = self.buffered > if self.is_buffered { 250 } else { 500 };
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.parts.len()
    }

    /// Those whose disk responds.
    fn awake(&self, now: EngineTime) -> impl Iterator<Item = &Part> {
        self.parts.values().filter(move |part| !part.sleeps(now))
    }

    pub(crate) fn count_awake(&self, now: EngineTime) -> usize {
        self.awake(now).count()
    }

    /// Those that may send.
    pub(crate) fn open(&self) -> usize {
        self.parts.values().filter(|part| part.progress.is_open()).count()
    }

    /// Bytes of all of them, each counted whole.
    pub(crate) fn bytes(&self) -> u64 {
        self.parts.values().map(|part| part.progress.size).sum()
    }

    /// Their average size in bytes, or `None` if nothing is in flight.
    pub(crate) fn typical_size(&self) -> Option<u64> {
        self.bytes().checked_div(self.parts.len() as u64)
    }

    /// Buffers on the way take much of a part at once: sent bytes say little about the link, stored bytes all.
    pub(crate) fn is_buffered(&self) -> bool {
        self.is_buffered
    }

    pub(crate) fn taken(&self, now: EngineTime, room: &Room) -> usize {
        self.parts.values().filter(|part| part.takes_place(now, room)).count()
    }

    /// Whether another one of `size` bytes may start.
    pub(crate) fn admits(&self, now: EngineTime, size: u64, room: &Room) -> bool {
        let awake = self.count_awake(now);
        if awake == 0 {
            return room.requests > 0;
        }
        if awake >= room.requests {
            return false;
        }
        let bytes: u64 = self.awake(now).map(|part| part.progress.size).sum();
        let fits = bytes + size <= room.bytes;
        if is_small(size) {
            // a part that is larger than the budget keeps no small file waiting
            let small = self.awake(now).map(|part| part.progress.size);
            return fits || small.filter(|size| is_small(*size)).sum::<u64>() + size <= SMALL;
        }
        let taken = self.taken(now, room);
        if self.starts_too_soon(now, size, room) {
            return false;
        }
        let large = self.awake(now).filter(|part| !is_small(part.progress.size)).count();
        // parts larger than the budget, as a file of terabytes needs them, are still sent one after another
        taken < room.parts && (fits || (taken == 0 && large < 2))
    }

    /// If two parts share a slow link, the second starts once the first is half sent, or two seconds later: two that
    /// start together end together, and the link is idle until the next two have ramped up. Not later, because over a long
    /// distance a connection that has lost packets can be far below what the link carries.
    fn starts_too_soon(&self, now: EngineTime, size: u64, room: &Room) -> bool {
        let takes_long = room.rate > 0 && size > room.rate * OVERLAP_SECONDS;
        let is_shared = room.parts == 2 && room.bytes < u64::MAX && takes_long;
        let mut large = self.awake(now).filter(|part| !is_small(part.progress.size));
        let begins = |part: &Part| {
            let age = now.saturating_sub(part.started_at);
            2 * part.progress.sent() < part.progress.size && age.as_secs() < OVERLAP_SECONDS
        };
        is_shared && large.any(begins)
    }

    /// Lets the oldest parts send, as many as there are places, and holds the younger ones back.
    pub(crate) fn take_turns(&mut self, now: EngineTime, room: &Room) {
        let mut taken = 0;
        for part in self.parts.values_mut() {
            let sent = part.progress.sent();
            if part.progress.remaining() == 0 {
                part.handed_at.get_or_insert(now);
            }
            if sent != part.seen || !part.progress.is_open() {
                (part.seen, part.moved_at) = (sent, now);
            }
            let is_small = is_small(part.progress.size);
            part.progress.set_open(is_small || taken < room.parts);
            taken += usize::from(part.takes_place(now, room));
        }
    }
}

#[cfg(test)]
mod tests;
