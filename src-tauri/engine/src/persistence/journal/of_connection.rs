//! The uploads of one connection that have not ended.

use super::Journal;
use super::entry::{COLUMNS, Entry, from_row};
use crate::fault::Result;

const OPEN: &str = "connection = ? AND view IN ('waiting', 'paused', 'active', 'needsAnswer')";

impl Journal {
    /// How many uploads of a connection have not ended.
    pub(crate) async fn open_of(&self, connection_id: &str) -> Result<u32> {
        let id = connection_id.to_owned();
        self.read(move |connection| {
            let sql = format!("SELECT count(*) FROM uploads WHERE {OPEN}");
            connection.prepare_cached(&sql)?.query_row([id], |row| row.get(0))
        })
        .await
    }

    /// The uploads of a connection that created a multipart upload which is neither completed nor aborted.
    pub(crate) async fn begun_of(&self, connection_id: &str) -> Result<Vec<Entry>> {
        let id = connection_id.to_owned();
        self.read(move |connection| {
            let sql = format!(
                "SELECT {COLUMNS} FROM uploads WHERE connection = ? AND upload_id NOT NULL AND NOT adopted \
                 AND view NOT IN ('done', 'skipped')"
            );
            let mut rows = connection.prepare_cached(&sql)?;
            rows.query_map([id], from_row)?.collect()
        })
        .await
    }
}
