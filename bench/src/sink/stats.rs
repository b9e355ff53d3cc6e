//! What the sink counts.

use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Instant,
};

/// As `/_stats` says it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counted {
    /// of bodies that were taken, without the framing of chunks
    pub body_bytes: u64,
    pub connections_max: u64,
    pub in_flight_max: u64,
    /// uploading requests that came again, the same part or the same key, by the object's name
    pub again: BTreeMap<String, u64>,
    /// uploading requests whose connection ended within the body
    pub torn: u64,
    /// failures that were asked for
    pub injected: u64,
    pub sums_right: u64,
    pub sums_wrong: u64,
    /// from the first request to the last answer
    pub seconds: f64,
    /// requests by S3's name
    pub kinds: BTreeMap<String, u64>,
    /// how bodies are signed and summed
    pub styles: BTreeMap<String, u64>,
    /// what was said of whole objects
    pub whole: BTreeMap<String, u64>,
}

#[derive(Default)]
pub(super) struct Stats {
    counted: Mutex<Counted>,
    span: Mutex<Option<(Instant, Instant)>>,
    connections: AtomicU64,
    in_flight: AtomicU64,
    drawn: AtomicU64,
}

/// One that is counted as long as it lives.
pub(super) struct Open<'a>(&'a AtomicU64);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

impl Stats {
    /// The counts, to be changed.
    pub(super) fn counts(&self) -> MutexGuard<'_, Counted> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn opened(&self) -> Open<'_> {
        let now = self.connections.fetch_add(1, Relaxed) + 1;
        let mut counts = self.counts();
        counts.connections_max = counts.connections_max.max(now);
        Open(&self.connections)
    }

    pub(super) fn uploading(&self) -> Open<'_> {
        let now = self.in_flight.fetch_add(1, Relaxed) + 1;
        let mut counts = self.counts();
        counts.in_flight_max = counts.in_flight_max.max(now);
        Open(&self.in_flight)
    }

    /// A request came or was answered.
    pub(super) fn touch(&self) {
        let mut span = self.span.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        *span = Some((span.map_or(now, |(first, _)| first), now));
    }

    /// Seconds since the first request.
    pub(super) fn at(&self) -> f64 {
        let span = self.span.lock().unwrap_or_else(PoisonError::into_inner);
        span.map_or(0.0, |(first, _)| first.elapsed().as_secs_f64())
    }

    pub(super) fn kind(&self, name: &str) {
        *self.counts().kinds.entry(name.into()).or_default() += 1;
    }

    pub(super) fn told(&self) -> Counted {
        let span = *self.span.lock().unwrap_or_else(PoisonError::into_inner);
        let seconds = span.map_or(0.0, |(first, last)| (last - first).as_secs_f64());
        Counted { seconds, ..self.counts().clone() }
    }

    pub(super) fn reset(&self) {
        *self.counts() = Counted::default();
        *self.span.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// A number from 0 to 1, the same ones in the same order in each run (splitmix64).
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    pub(super) fn draw(&self) -> f64 {
        let mut x = self.drawn.fetch_add(0x9E37_79B9_7F4A_7C15, Relaxed);
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((x ^ (x >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}
