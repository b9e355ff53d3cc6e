//! Questions to whoever sits at the terminal, one at a time. Knows rows whose key is taken; does not know how it looks.

use std::collections::{HashSet, VecDeque};
use tokio::sync::oneshot;
use windlass_engine::{Fault, FaultKind, Id, Reason, Row};

pub(crate) struct Prompts {
    /// There is a person to ask.
    wanted: bool,
    known: HashSet<Id>,
    /// Not to be sent without a look: failures for good.
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

    /// True where this failure is a question, and no failure yet.
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

    /// The next question to put, where none is open. The answer is read from now on.
    pub(crate) fn next(&mut self) -> Option<Row> {
        if self.open.is_some() {
            return None;
        }
        let row = self.waiting.pop_front()?;
        let (answer, answered) = oneshot::channel();
        // not on the runtime: a read of a terminal cannot be called off, and would keep it from ending
        std::thread::spawn(move || {
            let mut line = String::new();
            let read = std::io::stdin().read_line(&mut line).is_ok();
            let _ = answer.send(read && matches!(line.trim().to_lowercase().as_str(), "y" | "yes"));
        });
        self.open = Some((row.clone(), answered));
        Some(row)
    }

    /// Ends with the answer to the open question; never, where there is none.
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

    /// It stays failed, and is not asked about again.
    pub(crate) fn refuse(&mut self, id: Id) {
        self.refused.insert(id);
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.open.is_none() && self.waiting.is_empty()
    }
}

/// Nobody may see whether the key is taken.
pub(crate) fn is_unlooked(fault: &Fault) -> bool {
    matches!(fault.reason.get(), Some(Reason::MayNotLook { .. }))
}
