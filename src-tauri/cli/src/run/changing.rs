//! Files that keep changing: applies the answer of `--if-changing` to uploads that failed with that question.

use crate::output::messages;
use std::collections::HashSet;
use windlass_engine::{AnswerChanging, Engine, Id, IfChanging, PageQuery, Result, Row, Sort, View};

/// Rows per page.
const PAGE: u32 = 500;

pub(crate) struct Changing {
    answer: IfChanging,
    /// Uploads that were answered once. If they fail again, they have failed.
    known: HashSet<Id>,
    waiting: Vec<Id>,
}

impl Changing {
    pub(crate) fn new(answer: IfChanging) -> Self {
        Self { answer, known: HashSet::new(), waiting: vec![] }
    }

    /// What is done instead, if this failure is a question that `--if-changing` answers.
    pub(crate) fn take_up(&mut self, row: &Row) -> Option<&'static str> {
        if self.answer == IfChanging::Ask || !asks(row) || !self.known.insert(row.id) {
            return None;
        }
        self.waiting.push(row.id);
        Some(messages::goes_on(self.answer))
    }

    /// Applies the answers. True if an upload was resumed.
    pub(crate) async fn answer(&mut self, engine: &Engine) -> Result<bool> {
        let ids = std::mem::take(&mut self.waiting);
        if ids.is_empty() {
            return Ok(false);
        }
        engine.answer_changing(AnswerChanging { ids, answer: self.answer }).await?;
        Ok(true)
    }
}

/// Uploads of an earlier run that failed with this question.
pub(crate) async fn answer_all(engine: &Engine, answer: IfChanging) -> Result<()> {
    if answer == IfChanging::Ask {
        return Ok(());
    }
    let (mut ids, mut offset) = (Vec::new(), 0);
    loop {
        let query = PageQuery {
            view: View::Failed,
            filter: String::new(),
            sort: Sort::Queue,
            offset,
            limit: PAGE,
        };
        let page = engine.queue_page(query).await?;
        ids.extend(page.rows.iter().filter(|row| asks(row)).map(|row| row.id));
        offset += PAGE;
        if offset >= page.total {
            break;
        }
    }
    engine.answer_changing(AnswerChanging { ids, answer }).await
}

fn asks(row: &Row) -> bool {
    row.fault.as_ref().is_some_and(windlass_engine::Fault::keeps_changing)
}
