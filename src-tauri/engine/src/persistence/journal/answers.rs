//! Uploads that need an answer, by drop: the files of one drop have the same `added_at`.

use super::Journal;
use crate::fault::Result;
use crate::model::upload::Id;
use rusqlite::OptionalExtension;

impl Journal {
    /// How many uploads need an answer and were added together with this one, including itself.
    pub(crate) async fn need_answer_with(&self, id: Id) -> Result<u32> {
        self.read(move |connection| {
            connection
                .prepare_cached(
                    "SELECT count(*) FROM uploads WHERE view = 'needsAnswer' \
                     AND added_at = (SELECT added_at FROM uploads WHERE id = ?)",
                )?
                .query_row([id], |row| row.get(0))
        })
        .await
    }

    /// The uploads that were added together with one of these and need an answer, or may need one yet.
    pub(crate) async fn undecided_with(&self, ids: Vec<Id>) -> Result<Vec<Id>> {
        self.read(move |connection| {
            let mut moment =
                connection.prepare_cached("SELECT added_at FROM uploads WHERE id = ?")?;
            let mut moments: Vec<i64> = Vec::new();
            for id in ids {
                let at = moment.query_row([id], |row| row.get(0)).optional()?;
                moments.extend(at.filter(|at| !moments.contains(at)));
            }
            let mut undecided = connection.prepare_cached(
                "SELECT id FROM uploads WHERE view IN ('needsAnswer', 'waiting', 'paused', 'active') \
                 AND added_at = ? ORDER BY position",
            )?;
            let mut found = Vec::new();
            for at in moments {
                let ids = undecided.query_map([at], |row| row.get(0))?;
                found.extend(ids.collect::<rusqlite::Result<Vec<Id>>>()?);
            }
            Ok(found)
        })
        .await
    }
}
