//! Moves uploads within the queue, those under way too. Knows no SQL; where a row lands is the journal's to work out.

use super::Engine;
use crate::fault::Outcome;
use crate::model::query::Reorder;

impl Engine {
    /// Moves uploads to another place in the queue. They keep their order among themselves; any row can be moved, for the
    /// list shows one order. An upload that is being sent goes on: only who gets the next free connection changes.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn reorder(&self, reorder: Reorder) -> Outcome<()> {
        // an upload taken on in between would keep the place it had
        let _hands = self.hands.lock().await;
        self.world.journal.reorder(reorder).await?;
        let driven = self.world.driven();
        let ids = driven.iter().map(|active| active.id).collect();
        let positions = self.world.journal.positions(ids).await?;
        for active in driven {
            if let Some(position) = positions.get(&active.id) {
                active.moved_to(*position);
            }
        }
        self.world.touch();
        self.world.wake.notify_one();
        Ok(())
    }
}
