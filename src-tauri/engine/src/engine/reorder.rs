//! Moves uploads within the queue, those under way too. Knows no SQL; where a row lands is the journal's to work out.

use super::Engine;
use crate::fault::Result;
use crate::model::query::Reorder;

impl Engine {
    /// Moves uploads to another place in the queue. They keep their order among themselves; any row can be moved, for the
    /// list shows one order. An upload that is being sent goes on: only who gets the next free connection changes.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn reorder(&self, reorder: Reorder) -> Result<()> {
        // an upload taken on in between would keep the place it had
        let _hands = self.hands.lock().await;
        self.shared.journal.reorder(reorder).await?;
        let driven = self.shared.active_uploads();
        let ids = driven.iter().map(|upload| upload.id).collect();
        let positions = self.shared.journal.positions(ids).await?;
        for upload in driven {
            if let Some(position) = positions.get(&upload.id) {
                upload.moved_to(*position);
            }
        }
        self.shared.mark_changed();
        self.shared.wake.notify_one();
        Ok(())
    }
}
