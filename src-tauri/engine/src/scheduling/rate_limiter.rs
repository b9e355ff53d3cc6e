//! The bandwidth limit over all bodies together. Time is an argument.
//!
//! A body that has to wait is given a ticket, and told its own time: those who wait go in the order in which they asked,
//! each is woken once, and nobody races for the same bytes.

use crate::model::time::EngineTime;
use std::collections::VecDeque;
use std::time::Duration;

/// What may be sent at once after a pause: enough for the usual delay of threads, too little to show in any second.
const CREDIT: Duration = Duration::from_millis(50);
/// How much of the time that bodies missed by coming late is made up for, over all of them. With `CREDIT` and one step,
/// this stays below five percent of five seconds.
const MADE_GOOD: Duration = Duration::from_millis(150);
/// The longest time that a step may take: larger steps would show in the rate, and at a low limit a connection among
/// many would be silent for so long that servers close it.
const STEPS_A_SECOND: u64 = 40;
const SMALLEST_STEP: u64 = 1024;

/// A place in the line of those that wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Ticket(u64);

/// A limit in bytes per second, and those that wait for their share of it.
#[derive(Clone, Debug)]
pub(crate) struct Limit {
    rate: Option<u64>,
    /// When everything granted so far is paid for.
    due: EngineTime,
    /// Those that wait, in order, with their bytes.
    waiting: VecDeque<(Ticket, u64)>,
    next: u64,
}

impl Limit {
    /// `None` or 0 is no limit.
    pub(crate) fn new(rate: Option<u64>) -> Self {
        let rate = rate.filter(|rate| *rate > 0);
        Self { rate, due: EngineTime::ZERO, waiting: VecDeque::new(), next: 0 }
    }

    pub(crate) fn rate(&self) -> Option<u64> {
        self.rate
    }

    /// Changes the limit, also for those that wait, in its own steps. The debt stays the same in bytes, at most one
    /// step of the limit before.
    pub(crate) fn set(&mut self, now: EngineTime, rate: Option<u64>) {
        let owed = self.rate.map_or(0, |before| bytes(before, self.due.saturating_sub(now)));
        self.rate = rate.filter(|rate| *rate > 0);
        self.due = now + self.cost(owed);
        let step = self.step();
        for (_, bytes) in &mut self.waiting {
            *bytes = step.min(*bytes);
        }
    }

    /// The most that should be requested at once.
    pub(crate) fn step(&self) -> u64 {
        self.rate.map_or(u64::MAX, |rate| (rate / STEPS_A_SECOND).max(SMALLEST_STEP))
    }

    /// Grants `bytes` at once, or returns a ticket for them.
    ///
    /// # Errors
    /// The ticket, if they have to wait.
    pub(crate) fn request(&mut self, now: EngineTime, bytes: u64) -> Result<(), Ticket> {
        if self.rate.is_none() {
            return Ok(());
        }
        let due = self.due.max(now.saturating_sub(CREDIT));
        if self.waiting.is_empty() && due <= now {
            self.due = due + self.cost(bytes);
            return Ok(());
        }
        let ticket = Ticket(self.next);
        self.next += 1;
        self.waiting.push_back((ticket, bytes));
        Err(ticket)
    }

    /// The bytes that may be sent with this ticket, which is used up: those requested, or fewer if the limit was
    /// lowered. A ticket that does not exist waits for nothing.
    ///
    /// # Errors
    /// When its turn comes, as things stand.
    pub(crate) fn turn(&mut self, now: EngineTime, ticket: Ticket) -> Result<u64, EngineTime> {
        let Ok(at) = self.waiting.binary_search_by_key(&ticket, |(ticket, _)| *ticket) else {
            return Ok(u64::MAX);
        };
        let bytes = self.waiting[at].1;
        if self.rate.is_some() {
            let before: u64 = self.waiting.range(..at).map(|(_, bytes)| bytes).sum();
            let due = self.due.max(now.saturating_sub(MADE_GOOD));
            // those before it keep their turns, even if they come later
            let turn = due + self.cost(before);
            if turn > now {
                return Err(turn);
            }
            self.due = due + self.cost(bytes);
        }
        self.waiting.remove(at);
        Ok(bytes)
    }

    /// Gives up a ticket: those behind it move up, and are returned to be woken.
    pub(crate) fn give_back(&mut self, ticket: Ticket) -> impl Iterator<Item = Ticket> {
        let held = self.waiting.binary_search_by_key(&ticket, |(ticket, _)| *ticket).ok();
        let at = held.unwrap_or(self.waiting.len());
        self.waiting.remove(at);
        self.waiting.range(at..).map(|(ticket, _)| *ticket)
    }

    fn cost(&self, bytes: u64) -> Duration {
        let Some(rate) = self.rate else { return Duration::ZERO };
        let nanos = u128::from(bytes) * 1_000_000_000 / u128::from(rate);
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}

fn bytes(rate: u64, span: Duration) -> u64 {
    u64::try_from(u128::from(rate) * span.as_nanos() / 1_000_000_000).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
