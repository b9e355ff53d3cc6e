//! Who may send next, across uploads. Knows no time and no I/O.

use crate::upload::Id;

/// One upload that has a part to send and no connection for it yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    pub id: Id,
    /// Place in the queue, low goes first.
    pub order: u64,
    /// Connections it holds now.
    pub holds: usize,
}

/// A place in the queue as a whole number: two positions compare as their orders do, however close they are.
pub fn order_at(position: f64) -> u64 {
    const SIGN: u64 = 1 << 63;
    let bits = position.to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

/// The claim that gets the next free connection: the upload that holds fewest, the earlier in the queue among equals.
/// With as many connections as uploads under way each of them moves; with fewer, the earlier go first.
pub fn next(claims: &[Claim]) -> Option<usize> {
    let best = claims.iter().enumerate().min_by_key(|(_, claim)| (claim.holds, claim.order));
    best.map(|(index, _)| index)
}

/// May another upload begin? Up to `at_once` always; beyond that only while connections stand idle, so that a thousand
/// small files fill the line as one large one does.
pub fn may_begin(under_way: usize, at_once: usize, idle: usize, claims: usize) -> bool {
    // at most as many more as connections could serve: a file that is only being prepared needs one soon
    under_way < at_once || (claims == 0 && idle > 0 && under_way < at_once + idle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn connections_are_shared_out_evenly_and_early_ones_come_first() {
        let mut holds = [0usize; 3];
        let mut order = Vec::new();
        for _ in 0..7 {
            let claims: Vec<Claim> = (0u32..3)
                .map(|id| Claim { id, order: u64::from(id), holds: holds[id as usize] })
                .collect();
            let winner = next(&claims).unwrap();
            holds[winner] += 1;
            order.push(winner);
        }
        assert_eq!(order, [0, 1, 2, 0, 1, 2, 0]);
        assert_eq!(next(&[]), None);
    }

    #[test]
    fn orders_compare_as_positions_do() {
        let close = 7.0 + f64::EPSILON * 4.0;
        let positions = [-1e12, -2.5, -0.001, 0.0, 1e-300, 0.5, 1.0, 7.0, close, 1e12];
        assert!(positions.is_sorted_by(|a, b| a < b && order_at(*a) < order_at(*b)));
    }

    proptest! {
        /// Uploads of random lengths over a random number of connections: none ever holds two more than one that waits,
        /// every one ends, and the first of the queue never waits for a later one that holds as much.
        #[test]
        fn connections_stay_shared_whatever_ends_when(
            parts in proptest::collection::vec(1usize..9, 1..7),
            lanes in 1usize..9,
            ends in proptest::collection::vec(0usize..8, 400),
        ) {
            let mut left = parts.clone();
            let mut flying: Vec<usize> = Vec::new();
            let mut ends = ends.into_iter();
            loop {
                while flying.len() < lanes {
                    let holds = |upload: usize| flying.iter().filter(|other| **other == upload).count();
                    let claims: Vec<Claim> = (0..left.len())
                        .filter(|upload| left[*upload] > 0)
                        .map(|upload| Claim { id: Id::try_from(upload).unwrap(), order: upload as u64, holds: holds(upload) })
                        .collect();
                    let Some(winner) = next(&claims) else { break };
                    for other in &claims {
                        prop_assert!(claims[winner].holds <= other.holds);
                        prop_assert!(claims[winner].holds < other.holds || claims[winner].order <= other.order);
                    }
                    let upload = claims[winner].id as usize;
                    left[upload] -= 1;
                    flying.push(upload);
                }
                if flying.is_empty() {
                    break;
                }
                let end = ends.next().unwrap_or(0) % flying.len();
                flying.swap_remove(end);
            }
            prop_assert!(left.iter().all(|left| *left == 0));
        }
    }

    #[test]
    fn small_files_fill_idle_connections_and_large_ones_do_not_pile_up() {
        assert!(may_begin(0, 3, 8, 0));
        assert!(may_begin(3, 3, 5, 0), "three are preparing and five connections idle");
        assert!(!may_begin(3, 3, 5, 1), "a claim stands: the line is about to be full");
        assert!(!may_begin(3, 3, 0, 0));
        assert!(!may_begin(8, 3, 5, 0));
    }
}
