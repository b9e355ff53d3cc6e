//! The queue of the journal's thread. Writes that nobody waits for do not wake it at once.
//!
//! Waking a thread for each write costs more than the write: many small files finish in the time of one such turn.

use crate::model::lock::locked;
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

struct State<T> {
    jobs: VecDeque<T>,
    /// The latest time at which the thread takes the jobs.
    due: Option<Instant>,
    /// When the thread wakes up by itself, or `None` if it sleeps until it is notified.
    looks_at: Option<Instant>,
    /// All senders or the receiver are gone.
    closed: bool,
}

struct Queue<T> {
    state: Mutex<State<T>>,
    wake: Condvar,
}

impl<T> Queue<T> {
    fn state(&self) -> MutexGuard<'_, State<T>> {
        locked(&self.state)
    }
}

/// The sending side. The queue closes when the last one is dropped.
pub(super) struct JobSender<T>(Arc<Queue<T>>);

/// The receiving side.
pub(super) struct JobReceiver<T>(Arc<Queue<T>>);

pub(super) fn line<T>() -> (JobSender<T>, JobReceiver<T>) {
    let state =
        State { jobs: VecDeque::new(), due: None, looks_at: Some(Instant::now()), closed: false };
    let queue = Arc::new(Queue { state: Mutex::new(state), wake: Condvar::new() });
    (JobSender(queue.clone()), JobReceiver(queue))
}

impl<T> JobSender<T> {
    /// Queues a job, to be taken within this time together with all jobs before it. Returns the job if the receiver is
    /// gone.
    pub(super) fn within(&self, time: Duration, job: T) -> Result<(), T> {
        let mut state = self.0.state();
        if state.closed {
            return Err(job);
        }
        state.jobs.push_back(job);
        let due = Instant::now() + time;
        let due = state.due.map_or(due, |earlier| earlier.min(due));
        state.due = Some(due);
        if state.looks_at.is_none_or(|at| at > due) {
            state.looks_at = Some(due);
            drop(state);
            self.0.wake.notify_one();
        }
        Ok(())
    }
}

impl<T> Drop for JobSender<T> {
    fn drop(&mut self) {
        self.0.state().closed = true;
        self.0.wake.notify_one();
    }
}

impl<T> JobReceiver<T> {
    /// Waits until a job is due, or until this time. Returns the jobs, and true if all senders are gone.
    pub(super) fn take(&self, until: Option<Instant>) -> (VecDeque<T>, bool) {
        let mut state = self.0.state();
        loop {
            let due = [state.due, until].into_iter().flatten().min();
            let rest = due.map(|due| due.saturating_duration_since(Instant::now()));
            if state.closed || rest.is_some_and(|rest| rest.is_zero()) {
                state.due = None;
                state.looks_at = Some(Instant::now());
                return (std::mem::take(&mut state.jobs), state.closed);
            }
            state.looks_at = due;
            state = match rest {
                Some(rest) => {
                    let woken = self.0.wake.wait_timeout(state, rest);
                    woken.unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.0.wake.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }
}

impl<T> Drop for JobReceiver<T> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.closed = true;
        // dropping the remaining jobs also drops their response channels, so that no caller waits forever
        let left = std::mem::take(&mut state.jobs);
        drop(state);
        drop(left);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{RecvTimeoutError, channel};

    const NOW: Duration = Duration::ZERO;
    const NEVER: Duration = Duration::from_secs(3600);
    const SOON: Duration = Duration::from_millis(30);

    #[test]
    fn what_nobody_waits_for_is_taken_with_what_somebody_does() {
        let (sender, receiver) = line();
        let (took, taken) = channel();
        let thread = std::thread::spawn(move || {
            while let (jobs, false) = receiver.take(None) {
                took.send(jobs).unwrap();
            }
        });
        sender.within(NEVER, 1).unwrap();
        sender.within(NEVER, 2).unwrap();
        assert_eq!(taken.recv_timeout(SOON), Err(RecvTimeoutError::Timeout));
        sender.within(NOW, 3).unwrap();
        assert_eq!(taken.recv().unwrap(), [1, 2, 3]);
        sender.within(SOON, 4).unwrap();
        assert_eq!(taken.recv().unwrap(), [4]);
        drop(sender);
        thread.join().unwrap();
    }

    #[test]
    fn the_last_is_taken_when_nobody_asks_any_more() {
        let (sender, receiver) = line();
        sender.within(NEVER, 1).unwrap();
        drop(sender);
        assert_eq!(receiver.take(None), ([1].into(), true));
    }

    #[test]
    fn a_time_of_its_own_wakes_the_thread_with_nothing_asked() {
        let (sender, receiver) = line::<u8>();
        assert_eq!(receiver.take(Some(Instant::now() + SOON)), ([].into(), false));
        drop(receiver);
        assert_eq!(sender.within(NOW, 1), Err(1), "nobody answers");
    }

    #[test]
    fn who_waits_for_one_that_is_gone_is_told() {
        let (sender, receiver) = line();
        let (answer, answered) = channel::<()>();
        assert!(sender.within(NOW, answer).is_ok());
        drop(receiver);
        assert!(answered.recv().is_err());
    }
}
