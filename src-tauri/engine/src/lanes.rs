//! The connections that uploads share, a pool for each server: who waits, who holds, how many at once. Knows no bytes.

use crate::pace::{Carried, Pace};
use crate::part::Tick;
use crate::queue::{self, Claim};
use crate::retry::LONGEST_WISH;
use crate::upload::Id;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

/// Place in the queue, which a person may change at any time.
type Order = Arc<AtomicU64>;

/// The connections to one server.
struct Pool {
    pace: Pace,
    holds: HashMap<Id, (Order, usize)>,
    used: usize,
    claims: Vec<(Id, Order, oneshot::Sender<Lane>)>,
    /// Since the last look somebody asked for one, and there was none.
    pressed: bool,
    /// Bytes that left so far and were of use.
    moved: u64,
    /// The server named a time before which nothing more is sent to it.
    hushed_until: Option<Tick>,
}

impl Pool {
    fn new(pace: Pace) -> Self {
        Self {
            pace,
            holds: HashMap::new(),
            used: 0,
            claims: Vec::new(),
            pressed: false,
            moved: 0,
            hushed_until: None,
        }
    }

    /// The claim whose turn it is, where there is room for it.
    fn winner(&mut self) -> Option<usize> {
        // a claim whose upload was paused is nobody's any more
        self.claims.retain(|(_, _, grant)| !grant.is_closed());
        if self.claims.is_empty() {
            return None;
        }
        let connections = self.pace.allowed();
        if self.hushed_until.is_some() || self.used >= connections {
            self.pressed = true;
            return None;
        }
        let claims: Vec<Claim> = self
            .claims
            .iter()
            .map(|(id, order, _)| Claim {
                id: *id,
                order: order.load(Ordering::Relaxed),
                holds: self.holds.get(id).map_or(0, |(_, holds)| *holds),
            })
            .collect();
        let behind = |place: u64| {
            let after =
                self.holds.values().filter(|(order, _)| order.load(Ordering::Relaxed) > place);
            after.map(|(_, holds)| holds).sum()
        };
        queue::next(&claims, connections, behind)
    }
}

struct State {
    fixed: Option<usize>,
    pools: HashMap<Arc<str>, Pool>,
}

impl State {
    fn pace(&self) -> Pace {
        Pace::new(self.fixed)
    }

    fn pool(&mut self, connection: &Arc<str>) -> &mut Pool {
        let fixed = self.fixed;
        self.pools.entry(connection.clone()).or_insert_with(|| Pool::new(Pace::new(fixed)))
    }
}

#[derive(Clone)]
pub(crate) struct Lanes(Arc<Mutex<State>>);

/// The right to one request with a body; given back when dropped.
pub(crate) struct Lane {
    lanes: Lanes,
    connection: Arc<str>,
    id: Id,
}

impl Lanes {
    pub(crate) fn new(fixed: Option<u32>) -> Self {
        Self(Arc::new(Mutex::new(State { fixed: number(fixed), pools: HashMap::new() })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins with what was found at another time, where nothing has been asked for yet and the number is not the user's.
    pub(crate) fn recall(&self, connection: &Arc<str>, carried: Option<Carried>) {
        let mut state = self.state();
        if let (None, Some(carried)) = (state.fixed, carried) {
            let pool = || Pool::new(Pace::known(carried));
            state.pools.entry(connection.clone()).or_insert_with(pool);
        }
    }

    /// What the link to a server was found to carry.
    pub(crate) fn carried(&self, connection: &str) -> Option<Carried> {
        self.state().pools.get(connection)?.pace.carried()
    }

    /// Waits for a connection. `order` is the upload's place in the queue, looked at when one is handed out.
    pub(crate) async fn lane(&self, connection: &Arc<str>, id: Id, order: &Order) -> Lane {
        loop {
            let (grant, granted) = oneshot::channel();
            self.state().pool(connection).claims.push((id, order.clone(), grant));
            self.hand_out(connection);
            if let Ok(lane) = granted.await {
                return lane;
            }
        }
    }

    fn hand_out(&self, connection: &Arc<str>) {
        loop {
            let (grant, lane) = {
                let mut state = self.state();
                let pool = state.pool(connection);
                let Some(winner) = pool.winner() else { return };
                let (id, order, grant) = pool.claims.remove(winner);
                pool.used += 1;
                pool.holds.entry(id).or_insert((order, 0)).1 += 1;
                (grant, Lane { lanes: self.clone(), connection: connection.clone(), id })
            };
            // outside the lock: a lane that nobody takes is dropped here, and dropping locks
            let _ = grant.send(lane);
        }
    }

    pub(crate) fn used(&self) -> usize {
        self.state().pools.values().map(|pool| pool.used).sum()
    }

    /// The most that any server may have just now, or would begin with.
    pub(crate) fn widest(&self) -> usize {
        let state = self.state();
        let in_use = state.pools.values().filter(|pool| pool.used > 0);
        in_use.map(|pool| pool.pace.allowed()).max().unwrap_or_else(|| state.pace().allowed())
    }

    /// Some server has a connection that nobody asks for.
    pub(crate) fn have_room(&self) -> bool {
        let state = self.state();
        let has_room = |pool: &Pool| pool.used < pool.pace.allowed() && pool.claims.is_empty();
        state.pools.is_empty() || state.pools.values().any(has_room)
    }

    /// Connections to a server that stand idle, and claims that wait for one.
    pub(crate) fn idle_and_claims(&self, connection: &str) -> (usize, usize) {
        let state = self.state();
        match state.pools.get(connection) {
            Some(pool) => (pool.pace.allowed().saturating_sub(pool.used), pool.claims.len()),
            None => (state.pace().allowed(), 0),
        }
    }

    /// Told often: `moved` are the bytes since the last time, by connection.
    pub(crate) fn observe(&self, now: Tick, moved: &HashMap<Arc<str>, u64>) {
        for (connection, bytes) in moved {
            {
                let mut state = self.state();
                let pool = state.pool(connection);
                pool.hushed_until = pool.hushed_until.filter(|until| now < *until);
                pool.moved += bytes;
                let pressed = std::mem::take(&mut pool.pressed) || !pool.claims.is_empty();
                pool.pace.observe(now, pool.used, pressed, pool.moved);
            }
            self.hand_out(connection);
        }
    }

    /// The server asks for less: fewer at once, and none at all for the time it names.
    pub(crate) fn throttled(&self, connection: &Arc<str>, now: Tick, wish: Option<Duration>) {
        let mut state = self.state();
        let pool = state.pool(connection);
        pool.pace.throttled(now);
        let until = wish.map(|wish| now + wish.min(LONGEST_WISH));
        pool.hushed_until = pool.hushed_until.max(until);
    }

    pub(crate) fn set(&self, fixed: Option<u32>) {
        let connections: Vec<Arc<str>> = {
            let mut state = self.state();
            state.fixed = number(fixed);
            let pace = state.pace();
            state.pools.values_mut().for_each(|pool| pool.pace = pace.clone());
            state.pools.keys().cloned().collect()
        };
        connections.iter().for_each(|connection| self.hand_out(connection));
    }
}

fn number(fixed: Option<u32>) -> Option<usize> {
    fixed.and_then(|n| usize::try_from(n).ok())
}

impl Drop for Lane {
    fn drop(&mut self) {
        {
            let mut state = self.lanes.state();
            let pool = state.pool(&self.connection);
            pool.used = pool.used.saturating_sub(1);
            if let Some((_, holds)) = pool.holds.get_mut(&self.id) {
                *holds -= 1;
                if *holds == 0 {
                    pool.holds.remove(&self.id);
                }
            }
        }
        self.lanes.hand_out(&self.connection);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::LazyLock;

    fn at(order: u64) -> Arc<AtomicU64> {
        Arc::new(order.into())
    }

    static HERE: LazyLock<Arc<str>> = LazyLock::new(|| "here".into());

    #[tokio::test]
    async fn one_server_that_is_full_or_throttled_does_not_hold_up_another() {
        let lanes = Lanes::new(Some(1));
        let _held = lanes.lane(&HERE, 1, &at(1)).await;
        lanes.throttled(&HERE, Tick::ZERO, Some(Duration::from_secs(60)));
        let there: Arc<str> = "there".into();
        drop(lanes.lane(&there, 2, &at(2)).await);
        assert_eq!((lanes.idle_and_claims("here").0, lanes.idle_and_claims("there").0), (0, 1));
    }

    #[tokio::test]
    async fn never_more_than_allowed_and_every_claim_is_served() {
        let lanes = Lanes::new(Some(2));
        let (first, second) =
            (lanes.lane(&HERE, 1, &at(1)).await, lanes.lane(&HERE, 1, &at(1)).await);
        let order = at(2);
        let waiting = lanes.lane(&HERE, 2, &order);
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
        let lanes = Lanes::new(Some(2));
        lanes.throttled(&HERE, Tick::ZERO, Some(Duration::from_secs(3)));
        lanes.throttled(&HERE, Tick::ZERO, None);
        let place = at(1);
        let waiting = lanes.lane(&HERE, 1, &place);
        tokio::pin!(waiting);
        lanes.observe(Duration::from_millis(2900), &HashMap::from([(HERE.clone(), 0)]));
        assert!(tokio::time::timeout(Duration::from_millis(20), &mut waiting).await.is_err());
        lanes.observe(Duration::from_secs(3), &HashMap::from([(HERE.clone(), 0)]));
        waiting.await;
    }

    #[tokio::test]
    async fn a_claim_that_was_given_up_does_not_keep_a_lane() {
        let lanes = Lanes::new(Some(1));
        let held = lanes.lane(&HERE, 1, &at(1)).await;
        {
            let order = at(2);
            let given_up = lanes.lane(&HERE, 2, &order);
            tokio::pin!(given_up);
            assert!(tokio::time::timeout(Duration::from_millis(5), &mut given_up).await.is_err());
        }
        drop(held);
        assert_eq!(lanes.used(), 0);
        drop(lanes.lane(&HERE, 3, &at(3)).await);
    }

    #[tokio::test]
    async fn a_claim_that_waits_follows_its_upload_to_another_place() {
        let lanes = Lanes::new(Some(1));
        let held = lanes.lane(&HERE, 1, &at(1)).await;
        let (second, third) = (at(2), at(3));
        let (earlier, later) = (lanes.lane(&HERE, 2, &second), lanes.lane(&HERE, 3, &third));
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
