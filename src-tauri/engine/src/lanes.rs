//! The one pool of connections that all uploads share: who waits, who holds, how many at once. Knows no bytes.

use crate::pace::Pace;
use crate::part::Tick;
use crate::queue::{self, Claim};
use crate::retry::LONGEST_WISH;
use crate::upload::Id;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

struct State {
    pace: Pace,
    holds: HashMap<Id, usize>,
    used: usize,
    claims: Vec<(Id, Arc<AtomicU64>, oneshot::Sender<Lane>)>,
    /// The server named a time before which nothing more is sent to it.
    hushed_until: Option<Tick>,
}

#[derive(Clone)]
pub(crate) struct Lanes(Arc<Mutex<State>>);

/// The right to one request with a body; given back when dropped.
pub(crate) struct Lane {
    lanes: Lanes,
    id: Id,
}

impl Lanes {
    pub(crate) fn new(fixed: Option<u32>, now: Tick) -> Self {
        let pace = Pace::new(fixed.and_then(|n| usize::try_from(n).ok()), now);
        Self(Arc::new(Mutex::new(State {
            pace,
            holds: HashMap::new(),
            used: 0,
            claims: Vec::new(),
            hushed_until: None,
        })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a connection. `order` is the upload's place in the queue, looked at when one is handed out.
    pub(crate) async fn lane(&self, id: Id, order: &Arc<AtomicU64>) -> Lane {
        loop {
            let (grant, granted) = oneshot::channel();
            self.state().claims.push((id, order.clone(), grant));
            self.hand_out();
            if let Ok(lane) = granted.await {
                return lane;
            }
        }
    }

    fn hand_out(&self) {
        loop {
            let (grant, lane) = {
                let mut state = self.state();
                // a claim whose upload was paused is nobody's any more
                state.claims.retain(|(_, _, grant)| !grant.is_closed());
                if state.hushed_until.is_some() || state.used >= state.pace.allowed() {
                    return;
                }
                let claims: Vec<Claim> = state
                    .claims
                    .iter()
                    .map(|(id, order, _)| Claim {
                        id: *id,
                        order: order.load(Ordering::Relaxed),
                        holds: state.holds.get(id).copied().unwrap_or(0),
                    })
                    .collect();
                let Some(winner) = queue::next(&claims) else { return };
                let (id, _, grant) = state.claims.swap_remove(winner);
                state.used += 1;
                *state.holds.entry(id).or_default() += 1;
                (grant, Lane { lanes: self.clone(), id })
            };
            // outside the lock: a lane that nobody takes is dropped here, and dropping locks
            let _ = grant.send(lane);
        }
    }

    pub(crate) fn used(&self) -> usize {
        self.state().used
    }

    /// Connections that stand idle, and claims that wait for one.
    pub(crate) fn idle_and_claims(&self) -> (usize, usize) {
        let state = self.state();
        (state.pace.allowed().saturating_sub(state.used), state.claims.len())
    }

    pub(crate) fn observe(&self, now: Tick, rate: u64) {
        {
            let mut state = self.state();
            state.hushed_until = state.hushed_until.filter(|until| now < *until);
            let used = state.used;
            state.pace.observe(now, used, rate);
        }
        self.hand_out();
    }

    /// The server asks for less: fewer at once, and none at all for the time it names.
    pub(crate) fn throttled(&self, now: Tick, wish: Option<Duration>) {
        let mut state = self.state();
        state.pace.throttled(now);
        let until = wish.map(|wish| now + wish.min(LONGEST_WISH));
        state.hushed_until = state.hushed_until.max(until);
    }

    pub(crate) fn set(&self, fixed: Option<u32>, now: Tick) {
        self.state().pace = Pace::new(fixed.and_then(|n| usize::try_from(n).ok()), now);
        self.hand_out();
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        {
            let mut state = self.lanes.state();
            state.used = state.used.saturating_sub(1);
            if let Some(holds) = state.holds.get_mut(&self.id) {
                *holds -= 1;
                if *holds == 0 {
                    state.holds.remove(&self.id);
                }
            }
        }
        self.lanes.hand_out();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(order: u64) -> Arc<AtomicU64> {
        Arc::new(order.into())
    }

    #[tokio::test]
    async fn never_more_than_allowed_and_every_claim_is_served() {
        let lanes = Lanes::new(Some(2), Tick::ZERO);
        let (first, second) = (lanes.lane(1, &at(1)).await, lanes.lane(1, &at(1)).await);
        let order = at(2);
        let waiting = lanes.lane(2, &order);
        tokio::pin!(waiting);
        assert!(tokio::time::timeout(Duration::from_millis(20), &mut waiting).await.is_err());
        drop(first);
        let third = waiting.await;
        assert_eq!(lanes.used(), 2);
        drop((second, third));
        assert_eq!(lanes.used(), 0);
    }

    #[tokio::test]
    async fn nothing_is_sent_before_the_time_a_server_named() {
        let lanes = Lanes::new(Some(2), Tick::ZERO);
        lanes.throttled(Tick::ZERO, Some(Duration::from_secs(3)));
        lanes.throttled(Tick::ZERO, None);
        let place = at(1);
        let waiting = lanes.lane(1, &place);
        tokio::pin!(waiting);
        lanes.observe(Duration::from_millis(2900), 0);
        assert!(tokio::time::timeout(Duration::from_millis(20), &mut waiting).await.is_err());
        lanes.observe(Duration::from_secs(3), 0);
        waiting.await;
    }

    #[tokio::test]
    async fn a_claim_that_was_given_up_does_not_keep_a_lane() {
        let lanes = Lanes::new(Some(1), Tick::ZERO);
        let held = lanes.lane(1, &at(1)).await;
        {
            let order = at(2);
            let given_up = lanes.lane(2, &order);
            tokio::pin!(given_up);
            assert!(tokio::time::timeout(Duration::from_millis(5), &mut given_up).await.is_err());
        }
        drop(held);
        assert_eq!(lanes.used(), 0);
        drop(lanes.lane(3, &at(3)).await);
    }

    #[tokio::test]
    async fn a_claim_that_waits_follows_its_upload_to_another_place() {
        let lanes = Lanes::new(Some(1), Tick::ZERO);
        let held = lanes.lane(1, &at(1)).await;
        let (second, third) = (at(2), at(3));
        let (earlier, later) = (lanes.lane(2, &second), lanes.lane(3, &third));
        tokio::pin!(earlier, later);
        tokio::select! {
            biased;
            _ = &mut earlier => panic!("there is one lane, and it is held"),
            _ = &mut later => panic!("there is one lane, and it is held"),
            () = std::future::ready(()) => {}
        }
        third.store(0, Ordering::Relaxed);
        drop(held);
        let lane = tokio::select! {
            biased;
            _ = &mut earlier => panic!("the other was moved before it"),
            lane = &mut later => lane,
        };
        drop(lane);
        drop(earlier.await);
    }
}
