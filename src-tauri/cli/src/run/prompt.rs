//! Questions at the terminal about objects that exist, one at a time.

use std::collections::{HashSet, VecDeque};
use tokio::sync::oneshot;
use windlass_engine::{Fault, FaultKind, Id, Reason, Row};

pub(crate) struct Prompts {
    /// Whether there is a terminal to ask at.
    wanted: bool,
    known: HashSet<Id>,
    /// Uploads that were declined, and stay failed.
    refused: HashSet<Id>,
    waiting: VecDeque<Row>,
    open: Option<(Row, oneshot::Receiver<bool>)>,
}

pub(crate) struct Answer {
    pub(crate) row: Row,
    pub(crate) replace: bool,
}

impl Prompts {
    pub(crate) fn new(wanted: bool) -> Self {
        Self {
            wanted,
            known: HashSet::new(),
            refused: HashSet::new(),
            waiting: VecDeque::new(),
            open: None,
        }
    }

    /// Whether this failure is a question that can still be asked.
    pub(crate) fn take_up(&mut self, row: &Row) -> bool {
        let exists = row
            .fault
            .as_ref()
            .is_some_and(|fault| fault.kind == FaultKind::Exists || is_unlooked(fault));
        if !self.wanted || !exists || self.refused.contains(&row.id) {
            return false;
        }
        if self.known.insert(row.id) {
            self.waiting.push_back(row.clone());
        }
        true
    }

    /// Opens the next question, unless one is open, and starts reading the answer.
    pub(crate) fn next(&mut self) -> Option<Row> {
        if self.open.is_some() {
            return None;
        }
        let row = self.waiting.pop_front()?;
        let (answer, answered) = oneshot::channel();
        // not on the runtime: a blocked read of the terminal cannot be cancelled and would keep it from shutting down
        std::thread::spawn(move || {
            let mut line = String::new();
            let read = std::io::stdin().read_line(&mut line).is_ok();
            let _ = answer.send(read && matches!(line.trim().to_lowercase().as_str(), "y" | "yes"));
        });
        self.open = Some((row.clone(), answered));
        Some(row)
    }

    /// Resolves with the answer to the open question. Never resolves if none is open.
    pub(crate) async fn answered(&mut self) -> Answer {
        let Some((_, answered)) = &mut self.open else { return std::future::pending().await };
        let replace = answered.await.unwrap_or(false);
        match self.open.take() {
            Some((row, _)) => {
                self.known.remove(&row.id);
                Answer { row, replace }
            }
            None => std::future::pending().await,
        }
    }

    /// Leaves an upload failed, and does not ask about it again.
    pub(crate) fn refuse(&mut self, id: Id) {
        self.refused.insert(id);
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.open.is_none() && self.waiting.is_empty()
    }
}

/// Whether these keys cannot check if the object exists.
pub(crate) fn is_unlooked(fault: &Fault) -> bool {
    matches!(fault.reason.get(), Some(Reason::MayNotLook { .. }))
}
