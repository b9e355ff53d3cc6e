//! The user's answers about objects that exist already.

use super::{AT_ONCE, Engine, again};
use crate::engine::view::AnswerExists;
use crate::fault::{Fault, FaultKind, Result};
use crate::model::history::Event;
use crate::model::key_conflict::Answer;
use crate::model::upload::{Id, IfExists, Intent, Phase, Transition};
use crate::persistence::journal::Entry;

impl Engine {
    /// Resumes uploads that need an answer, or that failed because the object exists. Ignores others, and questions that the
    /// user has not seen. An answer for all of a drop is also for what is still to be asked about, and is ignored as a whole
    /// if the question that it was given to is no longer open.
    ///
    /// # Errors
    /// `Unsupported` for "ask" and "fail", which answer nothing; `Storage`.
    pub async fn answer_exists(&self, answer: AnswerExists) -> Result<()> {
        let AnswerExists { ids, answer, all_of_drop, asked_until } = answer;
        if matches!(answer, IfExists::Ask | IfExists::Fail) {
            let detail = "the answer is to replace, to keep both or to skip";
            return Err(Fault::new(FaultKind::Unsupported, detail));
        }
        let _hands = self.hands.lock().await;
        self.until_released(&ids).await;
        if all_of_drop {
            let given_to = self.shared.journal.entries(ids).await?;
            let open = given_to.iter().filter(|entry| is_open(entry, asked_until));
            let ids = open.map(|entry| entry.id).collect();
            let ids = self.shared.journal.undecided_with(ids).await?;
            self.answer_ahead(&ids, answer);
            return self.give(ids, answer, None, true).await;
        }
        self.give(ids, answer, asked_until, false).await
    }

    async fn give(
        &self,
        ids: Vec<Id>,
        answer: IfExists,
        asked_until: Option<u64>,
        ahead: bool,
    ) -> Result<()> {
        self.until_released(&ids).await;
        for some in ids.chunks(AT_ONCE) {
            for entry in self.shared.journal.entries(some.to_vec()).await? {
                if is_open(&entry, asked_until) {
                    self.shared.record(entry.id, &Event::Answered { answer });
                }
            }
        }
        self.change(ids, move |entry| match entry.phase {
            Phase::NeedsAnswer if is_open(entry, asked_until) => answered(entry, answer),
            Phase::Failed(_) if !ahead => {
                entry.if_exists = answer;
                again(entry)
            }
            _ => ahead && answered_ahead(entry, answer),
        })
        .await
    }

    /// Uploads that are active do not ask any more. One that asks in this moment is answered as one that needs an answer.
    fn answer_ahead(&self, ids: &[Id], answer: IfExists) {
        for upload in ids.iter().filter_map(|id| self.shared.active_upload(*id)) {
            let mut changed = false;
            upload.edit(|entry| changed = answered_ahead(entry, answer));
            if changed {
                upload.save_soon(&self.shared.journal);
            }
        }
    }
}

/// Answers for an upload that has not asked yet. One that has begun to send met no object: what has come to its key since is
/// not what "replace" was said about.
fn answered_ahead(entry: &mut Entry, answer: IfExists) -> bool {
    let has_begun = match entry.phase {
        Phase::Waiting | Phase::Preparing => entry.upload_id.is_some(),
        Phase::Sending | Phase::Completing => true,
        Phase::NeedsAnswer | Phase::Done | Phase::Failed(_) | Phase::Aborting | Phase::Aborted => {
            return false;
        }
    };
    let is_decided = entry.if_exists != IfExists::Ask
        || entry.question.as_ref().is_some_and(|question| question.answer.is_some());
    if is_decided || (has_begun && answer == IfExists::Replace) {
        return false;
    }
    (entry.if_exists, entry.question) = (answer, None);
    true
}

/// Whether it waits for the answer to a question that the user has seen.
fn is_open(entry: &Entry, asked_until: Option<u64>) -> bool {
    let asked_at = entry.question.as_ref().map_or(0, |question| question.existing.asked_at);
    entry.phase == Phase::NeedsAnswer && asked_until.is_none_or(|until| asked_at <= until)
}

fn answered(entry: &mut Entry, answer: IfExists) -> bool {
    let Some(phase) = entry.phase.on(Transition::Answered) else { return false };
    let may_be_seen =
        entry.question.as_ref().is_some_and(|question| question.existing.size.is_some());
    let about_it = match answer {
        // an object that these keys cannot see is replaced whatever it is
        IfExists::Replace if may_be_seen => Some(Answer::Replace),
        IfExists::Skip => Some(Answer::Skip),
        _ => None,
    };
    match (&mut entry.question, about_it) {
        (Some(question), Some(answer)) => question.answer = Some(answer),
        _ => {
            entry.question = None;
            entry.if_exists = answer;
        }
    }
    (entry.phase, entry.intent) = (phase, Intent::Run);
    true
}
