//! Packets in transit, in the order of their arrival.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, PoisonError},
    time::Instant,
};

#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<VecDeque<(Instant, Vec<u8>)>>,
    came: Condvar,
}

impl Queue {
    pub(super) fn push(&self, due: Instant, bytes: Vec<u8>) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push_back((due, bytes));
        self.came.notify_one();
    }

    pub(super) fn pop(&self) -> (Instant, Vec<u8>) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(first) = waiting.pop_front() {
                return first;
            }
            waiting = self.came.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }
}
