//! Combines the CRCs of consecutive ranges into the CRC of all.

use crc_fast::{CrcAlgorithm, checksum_combine};

/// The effect of a number of zero bytes on a CRC: a matrix over GF(2), with one column per bit.
type Shift = [u64; 64];

/// After this many ranges of the same length in a row, a precomputed shift is used. The library computes the shift for
/// every call, which takes 100 µs: an object of 10,000 parts would cost a second.
const IN_A_ROW: u32 = 4;

pub(super) struct Joined {
    algorithm: CrcAlgorithm,
    crc: u64,
    /// `None` before the first range.
    length: Option<u64>,
    /// Number of consecutive ranges of this length.
    run: u32,
    shift: Option<Box<Shift>>,
}

impl Joined {
    pub(super) fn new(algorithm: CrcAlgorithm) -> Self {
        Self { algorithm, crc: 0, length: None, run: 0, shift: None }
    }

    /// Appends a range of `length` bytes.
    pub(super) fn push(&mut self, crc: u64, length: u64) {
        let before = self.length.replace(length);
        if before == Some(length) {
            self.run += 1;
        } else {
            (self.run, self.shift) = (0, None);
        }
        self.crc = match (before, &self.shift) {
            (None, _) => crc,
            (Some(_), Some(shift)) => shifted(shift, self.crc) ^ crc,
            (Some(_), None) if self.run >= IN_A_ROW => {
                let shift = self.shift.insert(Box::new(shift_by(self.algorithm, length)));
                shifted(shift, self.crc) ^ crc
            }
            (Some(_), None) => checksum_combine(self.algorithm, self.crc, crc, length),
        };
    }

    pub(super) fn algorithm(&self) -> CrcAlgorithm {
        self.algorithm
    }

    pub(super) fn crc(&self) -> u64 {
        self.crc
    }
}

/// The matrix for one byte, squared repeatedly.
fn shift_by(algorithm: CrcAlgorithm, length: u64) -> Shift {
    let mut power: Shift = std::array::from_fn(|bit| checksum_combine(algorithm, 1 << bit, 0, 1));
    let mut shift: Shift = std::array::from_fn(|bit| 1 << bit);
    let mut left = length;
    while left > 0 {
        if left & 1 == 1 {
            shift = shift.map(|column| shifted(&power, column));
        }
        power = power.map(|column| shifted(&power, column));
        left >>= 1;
    }
    shift
}

fn shifted(shift: &Shift, crc: u64) -> u64 {
    let bits = shift.iter().enumerate().filter(|(bit, _)| crc >> bit & 1 == 1);
    bits.fold(0, |sum, (_, column)| sum ^ column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn many_of_one_length_are_joined_as_the_library_joins_two(
            crcs in proptest::collection::vec(any::<u32>(), 1..40),
            length in 1u64..1 << 40,
            last in 1u64..1 << 30,
        ) {
            for algorithm in [CrcAlgorithm::Crc64Nvme, CrcAlgorithm::Crc32Iscsi, CrcAlgorithm::Crc32IsoHdlc] {
                let wide = if algorithm == CrcAlgorithm::Crc64Nvme { 0x1_0000_0001 } else { 1 };
                let crcs: Vec<u64> = crcs.iter().map(|crc| u64::from(*crc) * wide).collect();
                let mut joined = Joined::new(algorithm);
                let mut expected = None;
                for (index, crc) in crcs.iter().enumerate() {
                    let length = if index + 1 == crcs.len() { last } else { length };
                    joined.push(*crc, length);
                    expected = Some(match expected {
                        None => *crc,
                        Some(before) => checksum_combine(algorithm, before, *crc, length),
                    });
                }
                prop_assert_eq!(Some(joined.crc()), expected);
            }
        }
    }
}
