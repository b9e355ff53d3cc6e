//! Questions at the terminal about objects that exist, one at a time.

use std::collections::{HashSet, VecDeque};
use tokio::sync::oneshot;
use windlass_engine::{Fault, Id, Reason, Row, Status};

/// What a run may ask about.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Asks {
    /// Whether there is a terminal to ask at about an object that exists.
    pub(crate) person: bool,
    /// Whether to ask there too about uploading if these keys cannot check if the object exists.
    pub(crate) unlooked: bool,
}

pub(crate) struct Prompts {
    asks: Asks,
    known: HashSet<Id>,
    /// Uploads that were declined, and stay failed.
    refused: HashSet<Id>,
    waiting: VecDeque<Row>,
    open: Option<(Row, oneshot::Receiver<Option<Reply>>)>,
    /// The answer for all that are still to be asked about.
    for_all: Option<Choice>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    Replace,
    KeepBoth,
    Skip,
}

/// What was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Reply {
    choice: Choice,
    for_all: bool,
}

pub(crate) struct Answer {
    pub(crate) row: Row,
    /// `None` if what was typed is no answer.
    pub(crate) choice: Option<Choice>,
}

impl Prompts {
    pub(crate) fn new(asks: Asks) -> Self {
        Self {
            asks,
            known: HashSet::new(),
            refused: HashSet::new(),
            waiting: VecDeque::new(),
            open: None,
            for_all: None,
        }
    }

    /// Whether this is a question that can still be asked.
    pub(crate) fn take_up(&mut self, row: &Row) -> bool {
        let is_question = match row.status {
            Status::NeedsAnswer => self.asks.person,
            _ => self.asks.unlooked && row.fault.as_ref().is_some_and(is_unlooked),
        };
        if !is_question || self.refused.contains(&row.id) {
            return false;
        }
        if self.known.insert(row.id) {
            self.waiting.push_back(row.clone());
        }
        true
    }

    /// Takes the questions that an answer for all has answered.
    pub(crate) fn answered_for_all(&mut self) -> Vec<Answer> {
        let Some(choice) = self.for_all else { return vec![] };
        let (answered, waiting): (VecDeque<Row>, _) =
            self.waiting.drain(..).partition(|row| row.status == Status::NeedsAnswer);
        self.waiting = waiting;
        answered
            .into_iter()
            .map(|row| {
                self.known.remove(&row.id);
                Answer { row, choice: Some(choice) }
            })
            .collect()
    }

    /// Opens the next question, unless one is open, and starts reading the answer.
    pub(crate) fn next(&mut self) -> Option<Row> {
        if self.open.is_some() {
            return None;
        }
        let row = self.waiting.pop_front()?;
        let is_unlooked = row.status != Status::NeedsAnswer;
        let (answer, answered) = oneshot::channel();
        // not on the runtime: a blocked read of the terminal cannot be cancelled and would keep it from shutting down
        std::thread::spawn(move || {
            let mut line = String::new();
            let read = std::io::stdin().read_line(&mut line).is_ok_and(|bytes| bytes > 0);
            let reply = if is_unlooked { Some(yes_or_no(&line)) } else { reply(&line) };
            let _ = answer.send(reply.filter(|_| read));
        });
        self.open = Some((row.clone(), answered));
        Some(row)
    }

    /// Resolves with the answer to the open question. Never resolves if none is open.
    pub(crate) async fn answered(&mut self) -> Answer {
        let Some((_, answered)) = &mut self.open else { return std::future::pending().await };
        let reply = answered.await.ok().flatten();
        match self.open.take() {
            Some((row, _)) => {
                self.known.remove(&row.id);
                if let Some(Reply { choice, for_all: true }) = reply {
                    self.for_all = Some(choice);
                }
                Answer { row, choice: reply.map(|reply| reply.choice) }
            }
            None => std::future::pending().await,
        }
    }

    /// Does not ask about an upload again.
    pub(crate) fn refuse(&mut self, id: Id) {
        self.refused.insert(id);
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.open.is_none() && self.waiting.is_empty()
    }
}

/// Reads "r", "k" or "s", for one upload, or for all if "a" follows.
fn reply(line: &str) -> Option<Reply> {
    let line = line.trim().to_lowercase();
    let mut words = line.split_whitespace();
    let choice = match words.next()? {
        "r" | "replace" => Choice::Replace,
        "k" | "keep" | "keep-both" => Choice::KeepBoth,
        "s" | "skip" => Choice::Skip,
        _ => return None,
    };
    match (words.next(), words.next()) {
        (None, _) => Some(Reply { choice, for_all: false }),
        (Some("a" | "all"), None) => Some(Reply { choice, for_all: true }),
        _ => None,
    }
}

fn yes_or_no(line: &str) -> Reply {
    let choice = match line.trim().to_lowercase().as_str() {
        "y" | "yes" => Choice::Replace,
        _ => Choice::Skip,
    };
    Reply { choice, for_all: false }
}

/// Whether these keys cannot check if the object exists.
pub(crate) fn is_unlooked(fault: &Fault) -> bool {
    matches!(fault.reason.get(), Some(Reason::MayNotLook { .. }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_answer_is_an_answer() {
        let one = |choice| Some(Reply { choice, for_all: false });
        let all = |choice| Some(Reply { choice, for_all: true });
        for (typed, want) in [
            ("r\n", one(Choice::Replace)),
            ("K\n", one(Choice::KeepBoth)),
            ("skip", one(Choice::Skip)),
            ("s all\n", all(Choice::Skip)),
            ("keep-both a", all(Choice::KeepBoth)),
            ("", None),
            ("\n", None),
            ("y", None),
            ("r please", None),
            ("r all now", None),
        ] {
            assert_eq!(reply(typed), want, "{typed:?}");
        }
    }
}
