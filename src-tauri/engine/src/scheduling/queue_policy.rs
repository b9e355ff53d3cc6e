//! Decides which upload may send next.

use crate::model::upload::Id;

/// An upload that has a part to send and no connection for it yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    pub id: Id,
    /// Its position in the queue; lower goes first.
    pub order: u64,
    /// The number of connections it holds.
    pub holds: usize,
}

/// A position as an integer, which sorts like the position however close two of them are.
pub(crate) fn order_at(position: f64) -> u64 {
    const SIGN: u64 = 1 << 63;
    let bits = position.to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

/// One in this many connections, or turns, is for uploads behind the earliest.
const SHARE: usize = 4;

/// The claim that gets the next free connection, of `connections` in total. The earliest upload in the queue that has
/// something to send gets it. A quarter of the connections is reserved for those behind it, in turn, so that no small
/// file waits for a large one to end; the earliest always has at least one. `claims` are in the order in which they
/// were made.
///
/// If there are too few connections for a share, those behind get every fourth turn: `in_a_row` is the number of turns
/// since one of them had one.
///
/// `behind` returns how many connections are held by uploads after a position.
pub(crate) fn next(
    claims: &[Claim],
    connections: usize,
    in_a_row: usize,
    behind: impl Fn(u64) -> usize,
) -> Option<usize> {
    let (at, first) = claims.iter().enumerate().min_by_key(|(_, claim)| claim.order)?;
    // among those that hold equally few, the one that has waited longest: in queue order, two large ones would keep all
    // others waiting
    let others = claims.iter().enumerate().filter(|(_, claim)| claim.id != first.id);
    let other = others.min_by_key(|(_, claim)| claim.holds);
    let is_theirs = match connections / SHARE {
        0 => in_a_row >= SHARE - 1,
        share => first.holds > 0 && behind(first.order) < share,
    };
    Some(other.filter(|_| is_theirs).map_or(at, |(other, _)| other))
}

/// Whether another large upload may start: up to `at_once` always, and more only while connections are idle, so that
/// many uploads of a few parts use the link as well as one of many parts.
pub(crate) fn may_begin(under_way: usize, at_once: usize, idle: usize, claims: usize) -> bool {
    // at most as many more as connections could serve: a file that is being prepared needs one soon
    under_way < at_once || (claims == 0 && idle > 0 && under_way < at_once + idle)
}

/// Each takes some 20 KB while it is active.
const BESIDES: usize = 32;

/// How many small files (one request each) to start while this many are active: one per connection, and some more,
/// because each is checked, recorded and verified without one. With many connections they wait for the server. They are
/// started in batches, once half of them are done, because finding the next takes longer than sending one.
pub(crate) fn small_wanted(under_way: usize, connections: usize) -> usize {
    let at_once = connections + (connections * 2).min(BESIDES) + 2;
    if under_way * 2 > at_once { 0 } else { at_once - under_way }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_order_comes_first_and_a_quarter_is_for_those_behind() {
        let mut holds = [0usize; 3];
        let mut order = Vec::new();
        for _ in 0..8 {
            let claims: Vec<Claim> = (0u32..3)
                .map(|id| Claim { id, order: u64::from(id), holds: holds[id as usize] })
                .collect();
            let behind = |order: u64| holds[usize::try_from(order).unwrap() + 1..].iter().sum();
            let winner = next(&claims, 8, 0, behind).unwrap();
            holds[winner] += 1;
            order.push(winner);
        }
        assert_eq!(order, [0, 1, 2, 0, 0, 0, 0, 0]);
        assert_eq!(next(&[], 8, 0, |_| 0), None);
    }

    #[test]
    fn those_behind_go_in_turn() {
        let claim = |id, order, holds| Claim { id, order, holds };
        // a small file waits, and a large one before it has just finished a part
        let claims = [claim(9, 9, 0), claim(1, 1, 5), claim(2, 2, 0)];
        assert_eq!(next(&claims, 8, 0, |_| 1), Some(0));
        assert_eq!(next(&claims, 8, 0, |_| 2), Some(1), "their share is taken");
    }

    #[test]
    fn a_single_connection_goes_by_the_order_and_every_fourth_turn_to_those_behind() {
        let claims = [Claim { id: 7, order: 2, holds: 0 }, Claim { id: 8, order: 1, holds: 0 }];
        let turns: Vec<_> = (0..5).map(|turn| next(&claims, 1, turn, |_| 0)).collect();
        assert_eq!(turns, [Some(1), Some(1), Some(1), Some(0), Some(0)]);
        assert_eq!(next(&claims[1..], 1, 9, |_| 0), Some(0), "nobody is behind it");
    }

    #[test]
    fn orders_compare_as_positions_do() {
        let close = 7.0 + f64::EPSILON * 4.0;
        let positions = [-1e12, -2.5, -0.001, 0.0, 1e-300, 0.5, 1.0, 7.0, close, 1e12];
        assert!(positions.is_sorted_by(|a, b| a < b && order_at(*a) < order_at(*b)));
    }

    proptest! {
        /// Uploads of random lengths over a random number of connections: each one ends, the earliest that has
        /// something to send goes first, and those behind it never take more than their share while it could use it.
        #[test]
        fn connections_stay_shared_whatever_ends_when(
            parts in proptest::collection::vec(1usize..9, 1..7),
            connection_pool in 1usize..9,
            ends in proptest::collection::vec(0usize..8, 400),
        ) {
            let mut in_a_row = 0;
            let mut left = parts.clone();
            let mut flying: Vec<usize> = Vec::new();
            let mut ends = ends.into_iter();
            loop {
                while flying.len() < connection_pool {
                    let holds = |upload: usize| flying.iter().filter(|other| **other == upload).count();
                    let claims: Vec<Claim> = (0..left.len())
                        .filter(|upload| left[*upload] > 0)
                        .map(|upload| Claim { id: Id::try_from(upload).unwrap(), order: upload as u64, holds: holds(upload) })
                        .collect();
                    let behind = |order: u64| flying.iter().filter(|upload| **upload as u64 > order).count();
                    let Some(winner) = next(&claims, connection_pool, in_a_row, behind) else { break };
                    let first = claims.iter().min_by_key(|claim| claim.order).unwrap();
                    if claims[winner].id == first.id {
                        in_a_row += 1;
                    } else if connection_pool < SHARE {
                        prop_assert!(in_a_row >= SHARE - 1);
                        in_a_row = 0;
                    } else {
                        prop_assert!(first.holds > 0);
                        prop_assert!(behind(first.order) < connection_pool / SHARE);
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
