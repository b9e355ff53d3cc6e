//! Uploads that need an answer: asked about at the terminal, or reported as failures if there is none.

use super::{PAGE, Run};
use crate::output::messages;
use crate::run::prompt::{Answer, Choice};
use windlass_engine::{AnswerExists, IfExists, Result, Status, View};

impl Run<'_> {
    /// Asks about uploads that need an answer, or reports them as failures if there is no terminal to ask at.
    pub(super) async fn report_questions(&mut self) -> Result<()> {
        let mut offset = 0;
        loop {
            let page = self.page(View::NeedsAnswer, offset).await?;
            for row in &page.rows {
                if self.reported.contains(&row.id) {
                    continue;
                }
                let ending = self.fatal.is_some() || self.tally.interrupted;
                if !ending && self.prompts.take_up(row) {
                    continue;
                }
                if self.tally.interrupted {
                    // no failure: `resume` asks again
                    continue;
                }
                self.reported.insert(row.id);
                let on_server = self.engine.detail(row.id).await?.upload_id.is_some();
                let fault = &messages::needs_answer(row);
                self.report_failure(row, fault, (true, on_server), false);
            }
            offset += PAGE;
            if offset >= page.total {
                break;
            }
        }
        for answer in self.prompts.answered_for_all() {
            self.give(answer).await?;
        }
        Ok(())
    }

    /// Hands an answer to the engine.
    pub(super) async fn give(&mut self, Answer { row, choice }: Answer) -> Result<()> {
        let answer = match choice {
            Some(Choice::Replace) => IfExists::Replace,
            Some(Choice::KeepBoth) => IfExists::KeepBoth,
            Some(Choice::Skip) if row.status == Status::NeedsAnswer => IfExists::Skip,
            // left as it is
            Some(Choice::Skip) | None => {
                self.prompts.refuse(row.id);
                return Ok(());
            }
        };
        let asked_until = row.existing.map(|existing| existing.asked_at);
        let (ids, all_of_drop) = (vec![row.id], false);
        self.engine.answer_exists(AnswerExists { ids, answer, all_of_drop, asked_until }).await
    }
}
