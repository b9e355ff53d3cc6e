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
/// Each of the uploads under way moves, and none starves behind a large one.
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

    #[test]
    fn small_files_fill_idle_connections_and_large_ones_do_not_pile_up() {
        assert!(may_begin(0, 3, 8, 0));
        assert!(may_begin(3, 3, 5, 0), "three are preparing and five connections idle");
        assert!(!may_begin(3, 3, 5, 1), "a claim stands: the line is about to be full");
        assert!(!may_begin(3, 3, 0, 0));
        assert!(!may_begin(8, 3, 5, 0));
    }
}
