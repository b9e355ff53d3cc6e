//! Applies the bandwidth limit to bodies: each waits for its turn, and is woken if the turn moves up.

use crate::model::lock::locked;
use crate::model::time::EngineTime;
use crate::scheduling::rate_limiter::{Limit, Ticket};
use std::collections::HashMap;
use std::future::Future as _;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};
use std::time::Instant;
use tokio::time::Sleep;

/// The bandwidth limit of all uploads together, and its clock.
pub(crate) struct Throttle {
    state: Mutex<State>,
    opened: Instant,
}

struct State {
    limit: Limit,
    sleepers: HashMap<Ticket, Waker>,
}

impl Throttle {
    pub(crate) fn new(limit: Option<u64>, opened: Instant) -> Self {
        let state = State { limit: Limit::new(limit), sleepers: HashMap::new() };
        Self { state: Mutex::new(state), opened }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        locked(&self.state)
    }

    fn now(&self) -> EngineTime {
        self.opened.elapsed()
    }

    /// Applies at once, also to bodies that are waiting. True if the limit changed.
    pub(crate) fn set(&self, limit: Option<u64>) -> bool {
        let mut state = self.state();
        let limit = limit.filter(|limit| *limit > 0);
        if state.limit.rate() == limit {
            return false;
        }
        state.limit.set(self.now(), limit);
        state.sleepers.values().for_each(Waker::wake_by_ref);
        true
    }
}

/// One body's place in the limiter. When it is dropped, its bytes go to the others.
pub(super) struct Turn {
    throttle: Arc<Throttle>,
    /// The ticket it waits for, and for how many bytes.
    waits: Option<(Ticket, usize)>,
    alarm: Option<Pin<Box<Sleep>>>,
}

impl Turn {
    pub(super) fn new(throttle: Arc<Throttle>) -> Self {
        Self { throttle, waits: None, alarm: None }
    }

    /// How many of `most` bytes may be sent now.
    pub(super) fn poll(&mut self, context: &mut Context<'_>, most: usize) -> Poll<usize> {
        loop {
            let until = match self.request(context, most) {
                Ok(bytes) => {
                    self.alarm = None;
                    return Poll::Ready(bytes);
                }
                Err(until) => tokio::time::Instant::from_std(self.throttle.opened + until),
            };
            let alarm = self.alarm.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(until)));
            if alarm.deadline() != until {
                alarm.as_mut().reset(until);
            }
            std::task::ready!(alarm.as_mut().poll(context));
            self.alarm = None;
        }
    }

    fn request(&mut self, context: &Context<'_>, most: usize) -> Result<usize, EngineTime> {
        let mut state = self.throttle.state();
        let now = self.throttle.now();
        let (ticket, bytes) = match self.waits {
            Some(waits) => waits,
            None => {
                let bytes = usize::try_from(state.limit.step()).unwrap_or(most).min(most);
                match state.limit.request(now, bytes as u64) {
                    Ok(()) => return Ok(bytes),
                    Err(ticket) => *self.waits.insert((ticket, bytes)),
                }
            }
        };
        match state.limit.turn(now, ticket) {
            Ok(granted) => {
                state.sleepers.remove(&ticket);
                self.waits = None;
                Ok(usize::try_from(granted).unwrap_or(bytes).min(bytes))
            }
            Err(until) => {
                state.sleepers.insert(ticket, context.waker().clone());
                Err(until)
            }
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some((ticket, _)) = self.waits else { return };
        let mut state = self.throttle.state();
        let State { limit, sleepers } = &mut *state;
        sleepers.remove(&ticket);
        for behind in limit.give_back(ticket) {
            if let Some(sleeper) = sleepers.get(&behind) {
                sleeper.wake_by_ref();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    async fn passes(turn: &mut Turn, most: usize) -> usize {
        std::future::poll_fn(|context| turn.poll(context, most)).await
    }

    fn in_vain(turn: &mut Turn, most: usize) {
        let mut context = Context::from_waker(Waker::noop());
        assert_eq!(turn.poll(&mut context, most), Poll::Pending);
    }

    #[tokio::test]
    async fn a_body_that_is_dropped_and_a_limit_that_is_raised_let_the_others_go() {
        let throttle = Arc::new(Throttle::new(Some(10_000), Instant::now()));
        let [mut first, mut gone, mut last] = [(); 3].map(|()| Turn::new(throttle.clone()));
        while first.poll(&mut Context::from_waker(Waker::noop()), 1024).is_ready() {}
        in_vain(&mut gone, 1024);
        in_vain(&mut last, 1024);
        let behind = tokio::spawn(async move { passes(&mut last, 1024).await });
        drop((first, gone));
        assert!(throttle.set(Some(1_000_000_000)));
        assert!(!throttle.set(Some(1_000_000_000)), "which is no other");
        let went = tokio::time::timeout(Duration::from_secs(20), behind).await;
        assert_eq!(went.unwrap().unwrap(), 1024);
        assert!(throttle.state().sleepers.is_empty(), "nobody is kept");
    }
}
