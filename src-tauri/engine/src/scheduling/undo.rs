//! Which cancelled uploads can still be restored: until when, and to what. Takes time as an argument.

use crate::fault::Fault;
use crate::model::time::EngineTime;
use crate::model::upload::{Id, Intent};
use std::collections::HashMap;
use std::time::Duration;

/// So long a cancelled upload can be restored, and its parts stay on the server.
pub(crate) const UNDO_WINDOW: Duration = Duration::from_secs(10);

/// What an upload was before it was cancelled.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Before {
    pub(crate) intent: Intent,
    /// Why it had failed, if it had.
    pub(crate) fault: Option<Fault>,
    /// Whether it was waiting for the user's answer about an existing object.
    pub(crate) needs_answer: bool,
    pub(crate) finished_at: Option<u64>,
}

/// The uploads that were cancelled within the last seconds.
#[derive(Debug, Default)]
pub(crate) struct UndoList {
    entries: HashMap<Id, Undo>,
}

#[derive(Debug)]
struct Undo {
    until: EngineTime,
    before: Before,
    /// It is being restored, which may take longer than the time that is left.
    claimed: bool,
}

impl UndoList {
    pub(crate) fn add(&mut self, id: Id, now: EngineTime, before: Before) {
        self.entries.insert(id, Undo { until: now + UNDO_WINDOW, before, claimed: false });
    }

    /// Its parts are to stay on the server for now.
    pub(crate) fn holds(&self, id: Id) -> bool {
        self.entries.contains_key(&id)
    }

    /// It can be restored.
    pub(crate) fn can_undo(&self, id: Id, now: EngineTime) -> bool {
        self.entries.get(&id).is_some_and(|undo| !undo.claimed && now < undo.until)
    }

    /// Of these, the ones that can be restored, with what they were. Their time does not run out until `settle`.
    pub(crate) fn claim(&mut self, ids: &[Id], now: EngineTime) -> HashMap<Id, Before> {
        let can: Vec<Id> = ids.iter().copied().filter(|id| self.can_undo(*id, now)).collect();
        let claimed = can.into_iter().filter_map(|id| {
            let undo = self.entries.get_mut(&id)?;
            undo.claimed = true;
            Some((id, undo.before.clone()))
        });
        claimed.collect()
    }

    /// These are restored, or are to be cancelled after all.
    pub(crate) fn settle(&mut self, ids: impl IntoIterator<Item = Id>) {
        for id in ids {
            self.entries.remove(&id);
        }
    }

    /// Takes out those whose time is over.
    pub(crate) fn expire(&mut self, now: EngineTime) -> Vec<Id> {
        let over = |undo: &Undo| !undo.claimed && undo.until <= now;
        let ids = self.entries.iter().filter(|(_, undo)| over(undo)).map(|(id, _)| *id).collect();
        self.entries.retain(|_, undo| !over(undo));
        ids
    }

    /// Takes out all that are not just being restored.
    pub(crate) fn end(&mut self) -> Vec<Id> {
        self.expire(EngineTime::MAX)
    }

    /// When the next one's time is over.
    pub(crate) fn next(&self) -> Option<EngineTime> {
        self.entries.values().filter(|undo| !undo.claimed).map(|undo| undo.until).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RAN: Before =
        Before { intent: Intent::Run, fault: None, needs_answer: false, finished_at: None };

    fn at(seconds: u64) -> EngineTime {
        Duration::from_secs(seconds)
    }

    #[test]
    fn an_upload_can_be_restored_until_its_time_is_over() {
        let mut list = UndoList::default();
        list.add(1, at(0), RAN);
        list.add(2, at(4), Before { intent: Intent::Pause, ..RAN });
        assert_eq!(list.next(), Some(at(10)));
        assert!(list.can_undo(1, at(9)) && !list.can_undo(1, at(10)) && !list.can_undo(3, at(0)));
        assert!(list.expire(at(9)).is_empty());
        assert_eq!(list.expire(at(10)), [1]);
        assert!(!list.holds(1) && list.holds(2));
        assert_eq!(list.next(), Some(at(14)));
        assert_eq!(list.claim(&[1, 2], at(13))[&2].intent, Intent::Pause);
    }

    #[test]
    fn what_is_being_restored_does_not_run_out_and_is_not_restored_twice() {
        let mut list = UndoList::default();
        list.add(1, at(0), RAN);
        assert_eq!(list.claim(&[1], at(9)).len(), 1);
        assert!(list.claim(&[1], at(9)).is_empty());
        assert!(list.expire(at(60)).is_empty() && list.end().is_empty() && list.holds(1));
        assert_eq!(list.next(), None);
        list.settle([1]);
        assert!(!list.holds(1));
    }
}
