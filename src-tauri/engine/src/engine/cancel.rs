//! Cancelling: at once, or so that it can be undone for some seconds, in which the parts stay on the server.
//!
//! Invariant: the journal has a cancelled upload as one that is to be aborted from the first moment on. A process that dies
//! within these seconds leaves nothing behind that the next start does not abort.

use super::Engine;
use crate::fault::{Fault, Result};
use crate::model::lock::locked;
use crate::model::query::Selection;
use crate::model::upload::{Id, Intent, Phase, Transition};
use crate::persistence::journal::Entry;
use crate::scheduling::undo::{Before, UNDO_WINDOW};
use std::time::Duration;

/// An upload that is to be restored is its worker's until that has stopped, so long at most.
const STOPPING: Duration = Duration::from_secs(15);

/// So long quitting waits for what was cancelled last; what is left is aborted at the next start.
const AT_THE_END: Duration = Duration::from_secs(3);

impl Engine {
    /// Cancels at once: the parts on the server are deleted.
    pub async fn abort(&self, selection: Selection) -> Result<()> {
        let _hands = self.hands.lock().await;
        let ids = self.to_cancel(selection).await?;
        self.shared.undo_list().settle(ids.iter().copied());
        self.change(ids, cancel).await
    }

    /// Cancels so that `undo_cancel` can restore it: the parts stay on the server for the time that is answered.
    pub async fn cancel(&self, selection: Selection) -> Result<Duration> {
        let _hands = self.hands.lock().await;
        let ids = self.to_cancel(selection).await?;
        let shared = self.shared.clone();
        self.change(ids, move |entry| {
            if entry.intent == Intent::Abort && !entry.phase.is_ended() {
                return false;
            }
            let before = Before {
                intent: entry.intent,
                fault: match &entry.phase {
                    Phase::Failed(fault) => Some(fault.clone()),
                    _ => None,
                },
                needs_answer: entry.phase == Phase::NeedsAnswer,
                finished_at: entry.finished_at,
            };
            if !cancel(entry) {
                return false;
            }
            entry.undoable = entry.phase == Phase::Aborting;
            shared.undo_list().add(entry.id, shared.now(), before);
            true
        })
        .await?;
        Ok(UNDO_WINDOW)
    }

    async fn to_cancel(&self, selection: Selection) -> Result<Vec<Id>> {
        match selection {
            Selection::All => {
                self.shared.journal.ids(&["waiting", "paused", "active", "needsAnswer"]).await
            }
            Selection::Ids { ids } => Ok(ids),
        }
    }

    /// Restores uploads that were cancelled within the last seconds, as they were. Answers the ones that it restored, and those
    /// that turned out to be done.
    pub async fn undo_cancel(&self, ids: Vec<Id>) -> Result<Vec<Id>> {
        let before = self.shared.undo_list().claim(&ids, self.shared.now());
        let claimed: Vec<Id> = ids.into_iter().filter(|id| before.contains_key(id)).collect();
        self.until_stopped(&claimed).await;
        let _hands = self.hands.lock().await;
        let changed = self
            .change(claimed.clone(), move |entry| {
                before.get(&entry.id).is_some_and(|before| restore(entry, before))
            })
            .await;
        // what could not be restored is cancelled after all
        let left = self.release(claimed.clone()).await;
        changed.and(left)?;
        let entries = self.shared.journal.entries(claimed).await?;
        let restored = entries
            .iter()
            .filter(|entry| entry.intent != Intent::Abort || entry.phase == Phase::Done);
        Ok(restored.map(|entry| entry.id).collect())
    }

    /// Resolves when no worker has any of these.
    async fn until_stopped(&self, ids: &[Id]) {
        let mut changes = self.changes();
        let stopped = async {
            while ids.iter().any(|id| self.shared.active_upload(*id).is_some()) {
                if changes.changed().await.is_err() {
                    return;
                }
            }
        };
        let _ = tokio::time::timeout(STOPPING, stopped).await;
    }

    /// Aborts on the server what can no longer be restored.
    pub(super) async fn abort_expired(self, expired: Vec<Id>) {
        self.until_stopped(&expired).await;
        let _hands = self.hands.lock().await;
        if let Err(fault) = self.release(expired).await {
            tracing::error!(%fault, "cancelled uploads are aborted at the next start");
        }
    }

    /// Before the engine closes: what was cancelled last is aborted now, or at the next start.
    pub(super) async fn end_undo(&self) {
        let ids = self.shared.undo_list().end();
        if ids.is_empty() {
            return;
        }
        let mut changes = self.changes();
        let aborted = async {
            self.until_stopped(&ids).await;
            let _ = self.release(ids.clone()).await;
            loop {
                let entries = self.shared.journal.entries(ids.clone()).await?;
                if entries.iter().all(|entry| entry.phase.is_ended()) {
                    return Ok::<(), Fault>(());
                }
                if changes.changed().await.is_err() {
                    return Ok(());
                }
            }
        };
        let _ = tokio::time::timeout(AT_THE_END, aborted).await;
    }

    async fn release(&self, ids: Vec<Id>) -> Result<()> {
        self.shared.undo_list().settle(ids.iter().copied());
        self.change(ids, |entry| std::mem::take(&mut entry.undoable)).await
    }

    /// Uploads that were forgotten or started again can no longer be restored.
    pub(super) fn drop_undo(&self, ids: &[Id]) {
        self.shared.undo_list().settle(ids.iter().copied());
    }

    /// Its row goes once nothing of it is on the server.
    pub(super) async fn cancel_to_forget(&self, ids: Vec<Id>) -> Result<()> {
        locked(&self.forgetting).extend(&ids);
        self.change(ids, cancel).await
    }
}

fn cancel(entry: &mut Entry) -> bool {
    let Some(phase) = entry.phase.on(Transition::Abort) else { return false };
    // a driven upload keeps its phase until its worker has let go; this is an entry of its own then
    entry.phase = match entry.may_be_on_the_server() {
        true => phase,
        false => phase.on(Transition::AbortDone).unwrap_or(phase),
    };
    entry.intent = Intent::Abort;
    entry.undoable = false;
    true
}

fn restore(entry: &mut Entry, before: &Before) -> bool {
    let restored = match entry.phase {
        Phase::Aborting if entry.undoable => entry.phase.on(Transition::AbortUndone),
        Phase::Aborted => entry.phase.on(Transition::Again),
        _ => None,
    };
    let Some(waiting) = restored else { return false };
    let as_before = match &before.fault {
        Some(fault) => waiting.clone().on(Transition::Failed(fault.clone())),
        // what was asked is still in the entry
        None if before.needs_answer => {
            waiting.clone().on(Transition::Start).and_then(|phase| phase.on(Transition::Asked))
        }
        None => None,
    };
    entry.phase = as_before.unwrap_or(waiting);
    entry.undoable = false;
    entry.intent = before.intent;
    entry.finished_at = before.finished_at;
    true
}
