//! The requests that uploads share, a pool for each server: who waits, what is in flight, how much at once.

use crate::model::link_estimate::LinkEstimate;
use crate::model::lock::locked;
use crate::model::part_plan::MIN_PART;
use crate::model::time::EngineTime;
use crate::model::upload::Id;
use crate::scheduling::concurrency::{ConcurrencyController, Load};
use crate::scheduling::in_flight::{self, InFlight, Progress};
use crate::scheduling::queue_policy::{self, Claim};
use crate::scheduling::retry::LONGEST_WISH;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// The position in the queue, which the user may change at any time.
type Order = Arc<AtomicU64>;

/// An upload that waits to send `size` bytes in one request.
struct Waiting {
    id: Id,
    order: Order,
    size: u64,
    grant: oneshot::Sender<ConnectionPermit>,
}

/// The state of one server.
struct ServerPool {
    controller: ConcurrencyController,
    in_flight: InFlight,
    holds: HashMap<Id, (Order, usize)>,
    claims: Vec<Waiting>,
    /// Grants since an upload behind the earliest had one.
    in_a_row: usize,
    /// Since the last sample, a permit was requested and none was available.
    has_demand: bool,
    /// Bytes sent so far that were not wasted, and those of requests that succeeded.
    moved: u64,
    stored: u64,
    /// When the first request started.
    started_at: Option<EngineTime>,
    /// The server named a time until which nothing is sent to it.
    throttled_until: Option<EngineTime>,
}

impl ServerPool {
    fn new(controller: ConcurrencyController) -> Self {
        Self {
            controller,
            in_flight: InFlight::default(),
            holds: HashMap::new(),
            claims: Vec::new(),
            in_a_row: 0,
            has_demand: false,
            moved: 0,
            stored: 0,
            started_at: None,
            throttled_until: None,
        }
    }

    /// The claim whose turn it is, if there is room for it.
    fn winner(&mut self, now: EngineTime) -> Option<usize> {
        // the claim of a paused upload belongs to nobody
        self.claims.retain(|claim| !claim.grant.is_closed());
        if self.claims.is_empty() {
            return None;
        }
        let room = self.controller.room();
        if self.throttled_until.is_some() || self.in_flight.count_awake(now) >= room.requests {
            self.has_demand = true;
            return None;
        }
        let all: Vec<usize> = (0..self.claims.len()).collect();
        let next = self.next_of(&all, room.parts)?;
        if self.in_flight.admits(now, self.claims[next].size, &room) {
            return Some(next);
        }
        self.has_demand = true;
        // a part that waits for room keeps other parts waiting, or it would wait forever; small files pass it
        let small: Vec<usize> = all.into_iter().filter(|at| self.claims[*at].is_small()).collect();
        let next = self.next_of(&small, room.parts)?;
        self.in_flight.admits(now, self.claims[next].size, &room).then_some(next)
    }

    fn next_of(&self, among: &[usize], connections: usize) -> Option<usize> {
        let claim = |at: &usize| {
            let Waiting { id, order, .. } = &self.claims[*at];
            let holds = self.holds.get(id).map_or(0, |(_, holds)| *holds);
            Claim { id: *id, order: order.load(Ordering::Relaxed), holds }
        };
        let claims: Vec<Claim> = among.iter().map(claim).collect();
        let behind = |place: u64| {
            let after =
                self.holds.values().filter(|(order, _)| order.load(Ordering::Relaxed) > place);
            after.map(|(_, holds)| holds).sum()
        };
        let next = queue_policy::next(&claims, connections, self.in_a_row, behind)?;
        among.get(next).copied()
    }

    /// Removes the claim from the list, and counts it as in flight.
    fn grant(&mut self, now: EngineTime, claim: usize) -> (Waiting, u64, Arc<Progress>) {
        let place = |claim: &Waiting| claim.order.load(Ordering::Relaxed);
        let earliest = self.claims.iter().map(place).min();
        let claim = self.claims.remove(claim);
        self.in_a_row = if earliest == Some(place(&claim)) { self.in_a_row + 1 } else { 0 };
        self.started_at.get_or_insert(now);
        let (number, progress) = self.in_flight.start(now, claim.size);
        self.holds.entry(claim.id).or_insert((claim.order.clone(), 0)).1 += 1;
        (claim, number, progress)
    }

    /// A request with `size` bytes of a file succeeded.
    fn stored(&mut self, now: EngineTime, size: u64) {
        self.stored += size;
        let took = now.saturating_sub(self.started_at.unwrap_or(now));
        self.controller.heed_stored(now, took, size, self.stored);
    }

    /// Called a few times per second; `moved` is the number of bytes since the last call.
    fn observe(&mut self, now: EngineTime, moved: u64, limit: Option<u64>) {
        self.throttled_until = self.throttled_until.filter(|until| now < *until);
        self.moved += moved;
        self.in_flight.take_turns(now, &self.controller.room());
        let load = Load {
            used: self.in_flight.open(),
            has_demand: std::mem::take(&mut self.has_demand) || !self.claims.is_empty(),
            moved: self.moved,
            stored: self.stored,
            part: self.in_flight.typical_size().unwrap_or_default(),
            limit,
            buffered: self.in_flight.is_buffered(),
        };
        self.controller.observe(now, load);
        self.in_flight.take_turns(now, &self.controller.room());
    }

    /// Parts that could start, but none is claimed.
    fn idle(&self, now: EngineTime) -> usize {
        let room = self.controller.room();
        let has_room = self.claims.is_empty() && self.in_flight.admits(now, MIN_PART, &room);
        if has_room {
            room.parts.saturating_sub(self.in_flight.taken(now, &room)).max(1)
        } else {
            0
        }
    }
}

struct State {
    fixed: Option<usize>,
    pools: HashMap<Arc<str>, ServerPool>,
}

impl State {
    fn controller(&self) -> ConcurrencyController {
        ConcurrencyController::new(self.fixed)
    }

    fn pool(&mut self, connection: &Arc<str>) -> &mut ServerPool {
        let fixed = self.fixed;
        self.pools
            .entry(connection.clone())
            .or_insert_with(|| ServerPool::new(ConcurrencyController::new(fixed)))
    }
}

#[derive(Clone)]
pub(crate) struct ConnectionPool {
    state: Arc<Mutex<State>>,
    opened: Instant,
}

/// Permission for one request with a body, which is returned when it is dropped.
pub(crate) struct ConnectionPermit {
    connection_pool: ConnectionPool,
    connection: Arc<str>,
    id: Id,
    number: u64,
    succeeded: bool,
    /// Reports what is sent, and returns whether more may be.
    pub(crate) progress: Arc<Progress>,
}

impl ConnectionPermit {
    /// The server has stored what was sent.
    pub(crate) fn succeeded(mut self) {
        self.succeeded = true;
    }
}

impl ConnectionPool {
    pub(crate) fn new(fixed: Option<u32>, opened: Instant) -> Self {
        let state = State { fixed: number(fixed), pools: HashMap::new() };
        Self { state: Arc::new(Mutex::new(state)), opened }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        locked(&self.state)
    }

    fn now(&self) -> EngineTime {
        self.opened.elapsed()
    }

    /// Starts from an earlier estimate, unless something was requested before or the number is the user's.
    pub(crate) fn recall(&self, connection: &Arc<str>, link_estimate: Option<LinkEstimate>) {
        let mut state = self.state();
        if let (None, Some(link_estimate)) = (state.fixed, link_estimate) {
            let pool = || ServerPool::new(ConcurrencyController::known(link_estimate));
            state.pools.entry(connection.clone()).or_insert_with(pool);
        }
    }

    /// The estimate of the link to a server.
    pub(crate) fn link_estimate(&self, connection: &str) -> Option<LinkEstimate> {
        self.state().pools.get(connection)?.controller.link_estimate()
    }

    /// Waits for the permission to send `size` bytes in one request. `order` is the upload's position in the queue,
    /// read when a permit is granted.
    pub(crate) async fn acquire(
        &self,
        connection: &Arc<str>,
        id: Id,
        order: &Order,
        size: u64,
    ) -> ConnectionPermit {
        loop {
            let (grant, granted) = oneshot::channel();
            let claim = Waiting { id, order: order.clone(), size, grant };
            self.state().pool(connection).claims.push(claim);
            self.dispatch(connection);
            if let Ok(permit) = granted.await {
                return permit;
            }
        }
    }

    fn dispatch(&self, connection: &Arc<str>) {
        let now = self.now();
        loop {
            let (grant, permit) = {
                let mut state = self.state();
                let pool = state.pool(connection);
                let Some(winner) = pool.winner(now) else { return };
                let (Waiting { id, grant, .. }, number, progress) = pool.grant(now, winner);
                let (connection_pool, connection) = (self.clone(), connection.clone());
                (
                    grant,
                    ConnectionPermit {
                        connection_pool,
                        connection,
                        id,
                        number,
                        succeeded: false,
                        progress,
                    },
                )
            };
            // outside the lock: a permit that nobody takes is dropped here, and dropping it locks
            let _ = grant.send(permit);
        }
    }

    pub(crate) fn used(&self) -> usize {
        self.state().pools.values().map(|pool| pool.in_flight.len()).sum()
    }

    /// The maximum that any server may have now, or would start with.
    pub(crate) fn widest(&self) -> usize {
        let state = self.state();
        let in_use = state.pools.values().filter(|pool| pool.in_flight.len() > 0);
        in_use
            .map(|pool| pool.controller.allowed())
            .max()
            .unwrap_or_else(|| state.controller().allowed())
    }

    /// The maximum that this server may have now, or would start with.
    pub(crate) fn allowed(&self, connection: &str) -> usize {
        let state = self.state();
        let controller = state.pools.get(connection).map(|pool| pool.controller.allowed());
        controller.unwrap_or_else(|| state.controller().allowed())
    }

    /// Whether some server has room for a part that nobody claims.
    pub(crate) fn have_room(&self) -> bool {
        let (now, state) = (self.now(), self.state());
        state.pools.is_empty() || state.pools.values().any(|pool| pool.idle(now) > 0)
    }

    /// Parts to a server that could start, and claims that wait for one.
    pub(crate) fn idle_and_claims(&self, connection: &str) -> (usize, usize) {
        let (now, state) = (self.now(), self.state());
        match state.pools.get(connection) {
            Some(pool) => (pool.idle(now), pool.claims.len()),
            None => (state.controller().room().parts, 0),
        }
    }

    /// Called a few times per second; `moved` is the number of bytes since the last call, by connection; `limit` is in
    /// bytes per second.
    pub(crate) fn observe(
        &self,
        now: EngineTime,
        moved: &HashMap<Arc<str>, u64>,
        limit: Option<u64>,
    ) {
        for (connection, bytes) in moved {
            self.state().pool(connection).observe(now, *bytes, limit);
            self.dispatch(connection);
        }
    }

    /// The server throttled: fewer connections, and none until the time that it named.
    pub(crate) fn throttled(&self, connection: &Arc<str>, now: EngineTime, wish: Option<Duration>) {
        let mut state = self.state();
        let pool = state.pool(connection);
        pool.controller.throttled(now);
        let until = wish.map(|wish| now + wish.min(LONGEST_WISH));
        pool.throttled_until = pool.throttled_until.max(until);
    }

    pub(crate) fn set(&self, fixed: Option<u32>) {
        let connections: Vec<Arc<str>> = {
            let mut state = self.state();
            state.fixed = number(fixed);
            let controller = state.controller();
            state.pools.values_mut().for_each(|pool| pool.controller = controller.clone());
            state.pools.keys().cloned().collect()
        };
        connections.iter().for_each(|connection| self.dispatch(connection));
    }
}

impl Waiting {
    fn is_small(&self) -> bool {
        in_flight::is_small(self.size)
    }
}

fn number(fixed: Option<u32>) -> Option<usize> {
    fixed.and_then(|n| usize::try_from(n).ok())
}

impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        {
            let now = self.connection_pool.now();
            let mut state = self.connection_pool.state();
            let pool = state.pool(&self.connection);
            pool.in_flight.end(now, self.number);
            if self.succeeded {
                pool.stored(now, self.progress.sent());
            }
            if let Some((_, holds)) = pool.holds.get_mut(&self.id) {
                *holds -= 1;
                if *holds == 0 {
                    pool.holds.remove(&self.id);
                }
            }
        }
        self.connection_pool.dispatch(&self.connection);
    }
}

#[cfg(test)]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
mod simulated;
#[cfg(test)]
mod tests;
