//! The state of every part of one upload.

use crate::model::part_plan::Plan;
use crate::model::time::EngineTime;

/// S3's PartNumber: 1 to 10,000.
pub(crate) type PartNumber = u16;

/// A stored part: what the server reported, and the checksums computed while sending it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stored {
    pub etag: String,
    /// CRC-64/NVME of the part's bytes as they were read.
    pub crc64: u64,
    /// The 32-bit CRC that was sent, in a checksum mode that has one.
    pub crc32: Option<u32>,
    /// The server verified the bytes against a checksum.
    pub verified: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PartState {
    Pending,
    /// `attempt` counts from 1; `sent` is the number of body bytes handed to the connection.
    Sending {
        attempt: u16,
        sent: u64,
    },
    /// Failed `attempt` times, and retried at `until`.
    Backoff {
        attempt: u16,
        until: EngineTime,
    },
    Stored(Stored),
}

/// All parts of one upload. Progress is computed from them, never accumulated.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    plan: Plan,
    size: u64,
    states: Vec<PartState>,
    /// Where the search for the next pending part starts. Every part before it has left Pending at least once.
    cursor: usize,
}

impl Parts {
    pub(crate) fn new(plan: Plan, size: u64) -> Self {
        Self { plan, size, states: vec![PartState::Pending; usize::from(plan.parts())], cursor: 0 }
    }

    pub(crate) fn set(&mut self, number: PartNumber, state: PartState) {
        let Some(index) = usize::from(number).checked_sub(1) else { return };
        let Some(slot) = self.states.get_mut(index) else { return };
        if matches!(state, PartState::Pending) {
            self.cursor = self.cursor.min(index);
        }
        *slot = state;
    }

    pub(crate) fn bytes(&self, number: PartNumber) -> u64 {
        let range = self.plan.range(number, self.size);
        range.end - range.start
    }

    /// Records the progress of a part in flight. A part that is no longer Sending is left unchanged.
    pub(crate) fn sent(&mut self, number: PartNumber, bytes: u64) {
        let Some(index) = usize::from(number).checked_sub(1) else { return };
        if let Some(PartState::Sending { sent, .. }) = self.states.get_mut(index) {
            *sent = bytes;
        }
    }

    /// The lowest part that may be sent now, and the number of its next attempt.
    pub(crate) fn next(&mut self, now: EngineTime) -> Option<(PartNumber, u16)> {
        while matches!(self.states.get(self.cursor), Some(state) if !matches!(state, PartState::Pending))
        {
            self.cursor += 1;
        }
        // a part whose backoff is over is older than every pending one
        let waited =
            self.states.iter().take(self.cursor).enumerate().find_map(
                |(index, state)| match state {
                    PartState::Backoff { attempt, until } if *until <= now => {
                        Some((number(index), attempt + 1))
                    }
                    _ => None,
                },
            );
        waited.or_else(|| (self.cursor < self.states.len()).then(|| (number(self.cursor), 1)))
    }

    /// When the first part in backoff may be sent, if there is one.
    pub(crate) fn wakes_at(&self) -> Option<EngineTime> {
        self.states
            .iter()
            .filter_map(|state| match state {
                PartState::Backoff { until, .. } => Some(*until),
                _ => None,
            })
            .min()
    }

    /// Makes everything that is not stored pending again, because its connections are gone.
    pub(crate) fn release_in_flight(&mut self) {
        for state in &mut self.states {
            if !matches!(state, PartState::Stored(_)) {
                *state = PartState::Pending;
            }
        }
        self.cursor = 0;
    }

    pub(crate) fn all_stored(&self) -> bool {
        self.states.iter().all(|state| matches!(state, PartState::Stored(_)))
    }

    /// The stored parts with their PartNumbers, in order: the list for CompleteMultipartUpload.
    pub(crate) fn stored(&self) -> impl Iterator<Item = (PartNumber, &Stored)> {
        self.states.iter().enumerate().filter_map(|(index, state)| match state {
            PartState::Stored(stored) => Some((number(index), stored)),
            _ => None,
        })
    }

    pub(crate) fn tally(&self) -> Tally {
        let mut tally = Tally {
            parts: u16::try_from(self.states.len()).unwrap_or(u16::MAX),
            ..Tally::default()
        };
        for (index, state) in self.states.iter().enumerate() {
            match state {
                PartState::Stored(_) => {
                    tally.stored_parts += 1;
                    tally.stored_bytes += self.bytes(number(index));
                }
                PartState::Sending { sent, .. } => {
                    tally.sending_parts += 1;
                    tally.sending_bytes += sent;
                }
                PartState::Pending => tally.pending_parts += 1,
                PartState::Backoff { .. } => tally.backoff_parts += 1,
            }
        }
        tally
    }

    /// One byte per part for the window's part map: 0 pending, 1-100 percent in flight, 200 backing off, 255 stored.
    pub(crate) fn map(&self) -> Vec<u8> {
        let cell = |(index, state): (usize, &PartState)| match state {
            PartState::Pending => 0,
            PartState::Sending { sent, .. } => {
                let whole = self.bytes(number(index)).max(1);
                u8::try_from((sent * 100 / whole).clamp(1, 100)).unwrap_or(100)
            }
            PartState::Backoff { .. } => 200,
            PartState::Stored(_) => 255,
        };
        self.states.iter().enumerate().map(cell).collect()
    }
}

fn number(index: usize) -> PartNumber {
    PartNumber::try_from(index + 1).unwrap_or(PartNumber::MAX)
}

/// The progress of an upload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub parts: u16,
    pub stored_parts: u16,
    pub stored_bytes: u64,
    pub sending_parts: u16,
    pub sending_bytes: u64,
    pub pending_parts: u16,
    pub backoff_parts: u16,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::part_plan::MIB;
    use proptest::prelude::*;
    use std::time::Duration;

    fn stored() -> PartState {
        PartState::Stored(Stored { etag: "e".into(), crc64: 1, crc32: None, verified: false })
    }

    #[test]
    fn a_part_that_waited_goes_before_a_fresh_one_and_not_too_early() {
        let mut parts = Parts::new(Plan::Multipart { part_size: 5 * MIB, parts: 3 }, 15 * MIB);
        assert_eq!(parts.next(EngineTime::ZERO), Some((1, 1)));
        parts.set(1, PartState::Backoff { attempt: 1, until: EngineTime::from_secs(5) });
        assert_eq!(parts.next(EngineTime::from_secs(1)), Some((2, 1)));
        assert_eq!(parts.next(EngineTime::from_secs(5)), Some((1, 2)));
        assert_eq!(parts.wakes_at(), Some(EngineTime::from_secs(5)));
    }

    #[test]
    fn the_map_tells_each_state() {
        let mut parts = Parts::new(Plan::Multipart { part_size: 5 * MIB, parts: 4 }, 20 * MIB);
        parts.set(1, stored());
        parts.set(2, PartState::Sending { attempt: 1, sent: 0 });
        parts.sent(2, 5 * MIB / 2);
        parts.set(3, PartState::Backoff { attempt: 1, until: EngineTime::ZERO });
        assert_eq!(parts.map(), [255, 50, 200, 0]);
        parts.release_in_flight();
        assert_eq!(parts.map(), [255, 0, 0, 0]);
        parts.sent(1, 7);
        assert_eq!(
            parts.map(),
            [255, 0, 0, 0],
            "late news of a part that left Sending changes nothing"
        );
    }

    proptest! {
        #[test]
        fn every_part_is_offered_until_it_is_stored(script in proptest::collection::vec(0u8..4, 0..200)) {
            let mut parts = Parts::new(Plan::Multipart { part_size: 5 * MIB, parts: 9 }, 42 * MIB);
            let mut now = EngineTime::ZERO;
            for step in script {
                now += Duration::from_secs(1);
                if let Some((number, attempt)) = parts.next(now) {
                    let to = match step {
                        0 => PartState::Backoff { attempt, until: now + Duration::from_secs(3) },
                        1 => PartState::Pending,
                        2 => PartState::Sending { attempt, sent: 1 },
                        _ => stored(),
                    };
                    parts.set(number, to);
                }
                let tally = parts.tally();
                prop_assert!(tally.stored_bytes <= 42 * MIB);
                prop_assert_eq!(
                    tally.stored_parts + tally.sending_parts + tally.pending_parts + tally.backoff_parts, 9);
            }
            parts.release_in_flight();
            while let Some((number, _)) = parts.next(now) {
                parts.set(number, stored());
            }
            prop_assert!(parts.all_stored());
            prop_assert_eq!(parts.tally().stored_bytes, 42 * MIB);
        }
    }
}
