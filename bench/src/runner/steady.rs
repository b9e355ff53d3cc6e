//! What arrivals over time say: a rate between two seconds, how far from a limit, how long nothing came. Pure numbers.

use crate::sink::SLOT_MS;

/// Slots in a second.
#[expect(clippy::cast_possible_truncation, reason = "a hundred fits")]
const SECOND: usize = 1000 / SLOT_MS as usize;

/// From the first slot with bytes to the last.
pub(super) fn busy(slots: &[u64]) -> &[u64] {
    let first = slots.iter().position(|bytes| *bytes > 0).unwrap_or(slots.len());
    let last = slots.iter().rposition(|bytes| *bytes > 0).map_or(first, |last| last + 1);
    &slots[first..last]
}

/// Bytes a second from second `from` to `to`; none where there is nothing so late.
#[expect(clippy::cast_precision_loss, reason = "rates, not counts")]
pub(super) fn rate(slots: &[u64], from: usize, to: usize) -> Option<f64> {
    let window = slots.get(from * SECOND..(to * SECOND).min(slots.len()))?;
    let seconds = window.len() as f64 / SECOND as f64;
    (seconds > 0.0).then(|| window.iter().sum::<u64>() as f64 / seconds)
}

/// The furthest that any `seconds` are below and above the limit, as shares of it: (-0.02, 0.01).
#[expect(clippy::cast_precision_loss, reason = "rates, not counts")]
pub(super) fn deviation(slots: &[u64], seconds: usize, limit: f64) -> Option<(f64, f64)> {
    let shares = slots
        .windows(seconds * SECOND)
        .map(|window| window.iter().sum::<u64>() as f64 / seconds as f64 / limit - 1.0);
    shares.fold(None, |worst: Option<(f64, f64)>, share| {
        let (low, high) = worst.unwrap_or((share, share));
        Some((low.min(share), high.max(share)))
    })
}

/// The longest time without a byte, in seconds.
#[expect(clippy::cast_precision_loss, reason = "a few slots")]
pub(super) fn longest_gap(slots: &[u64]) -> f64 {
    let gaps = slots.split(|bytes| *bytes > 0).map(<[u64]>::len);
    gaps.max().unwrap_or(0) as f64 / SECOND as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_of_five_seconds_is_held_against_the_limit() {
        // 10 a second for 10 seconds, but twice as much in one of them
        let mut slots = vec![1; 100];
        slots[50..60].fill(2);
        let (low, high) = deviation(&slots, 5, 10.0).unwrap();
        assert!(low.abs() < 1e-9 && (high - 0.2).abs() < 1e-9, "{low} {high}");
        assert_eq!(deviation(&slots[..49], 5, 10.0), None);
        slots[20..30].fill(0);
        assert!((deviation(&slots, 5, 10.0).unwrap().0 + 0.2).abs() < 1e-9);
        assert!((longest_gap(&slots) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn rates_between_seconds() {
        let slots = [vec![0; 5], vec![1; 10], vec![3; 10], vec![0; 7]].concat();
        let busy = busy(&slots);
        assert_eq!(busy.len(), 20);
        assert_eq!(rate(busy, 0, 1), Some(10.0));
        assert_eq!(rate(busy, 1, 5), Some(30.0));
        assert_eq!(rate(busy, 3, 5), None);
        assert!(super::busy(&[0, 0]).is_empty());
    }
}
