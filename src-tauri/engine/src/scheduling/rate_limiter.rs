//! The bandwidth limit over all bodies together. Time is an argument.
//!
//! A body that has to wait is given a ticket, and told its own time: those who wait go in the order in which they asked,
//! each is woken once, and nobody races for the same bytes.

use crate::model::time::EngineTime;
use std::collections::VecDeque;
use std::time::Duration;

/// What may go at once after a silence: enough for the threads' usual lateness, too little to be seen in any second.
const CREDIT: Duration = Duration::from_millis(50);
/// Whoever holds a ticket and comes late made nothing of its time: so much of that is made good, from all of them
/// together. With `CREDIT` and one step it stays below five percent of five seconds.
const MADE_GOOD: Duration = Duration::from_millis(150);
/// A step costs this time at most: coarser ones would be seen in the rate, and a connection among many would be silent
/// for so long at a low limit that servers close it.
const STEPS_A_SECOND: u64 = 40;
const SMALLEST_STEP: u64 = 1024;

/// A place among those who wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Ticket(u64);

/// A limit in bytes a second, and who waits for their part of it.
#[derive(Clone, Debug)]
pub(crate) struct Limit {
    rate: Option<u64>,
    /// When all that was granted is paid for.
    due: EngineTime,
    /// In the order in which they asked, each with its bytes.
    waiting: VecDeque<(Ticket, u64)>,
    next: u64,
}

impl Limit {
    /// None, and nothing at all, is no limit.
    pub(crate) fn new(rate: Option<u64>) -> Self {
        let rate = rate.filter(|rate| *rate > 0);
        Self { rate, due: EngineTime::ZERO, waiting: VecDeque::new(), next: 0 }
    }

    pub(crate) fn rate(&self) -> Option<u64> {
        self.rate
    }

    /// Another limit from now on, for those too who wait: in its own steps. What is owed stays owed, in bytes: at most
    /// one step of the limit before.
    pub(crate) fn set(&mut self, now: EngineTime, rate: Option<u64>) {
        let owed = self.rate.map_or(0, |before| bytes(before, self.due.saturating_sub(now)));
        self.rate = rate.filter(|rate| *rate > 0);
        self.due = now + self.cost(owed);
        let step = self.step();
        for (_, bytes) in &mut self.waiting {
            *bytes = step.min(*bytes);
        }
    }

    /// The most that is to be asked for at once.
    pub(crate) fn step(&self) -> u64 {
        self.rate.map_or(u64::MAX, |rate| (rate / STEPS_A_SECOND).max(SMALLEST_STEP))
    }

    /// `bytes` at once, or a ticket for them.
    ///
    /// # Errors
    /// The ticket, where they have to wait.
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

    /// The bytes that may go with this ticket, which is used up with them: those that were asked for, or fewer where the
    /// limit was lowered. A ticket that is none waits for nothing.
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
            // those before it keep theirs, even where they come later
            let turn = due + self.cost(before);
            if turn > now {
                return Err(turn);
            }
            self.due = due + self.cost(bytes);
        }
        self.waiting.remove(at);
        Ok(bytes)
    }

    /// Whoever held it does not come any more: those behind it move up, and are answered.
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
