//! Keys of scratch uploads that probe a server, so that they can be removed after a crash.

use super::Journal;
use crate::fault::Result;
use crate::model::upload::Target;
use rusqlite::{Row, params};

impl Journal {
    /// Records the key of a scratch upload, and resolves when it is on disk, so that it can be removed after a crash.
    pub(crate) async fn keep_scratch(&self, target: &Target) -> Result<()> {
        let Target { connection: id, bucket, key } = target.clone();
        self.write(move |connection| {
            connection
                .execute(
                    "INSERT OR REPLACE INTO scratch VALUES (?, ?, ?)",
                    params![key, id, bucket],
                )
                .map(|_| ())
        })
        .await
    }

    pub(crate) fn drop_scratch(&self, key: &str) {
        let key = key.to_owned();
        self.write_soon(move |connection| {
            connection.execute("DELETE FROM scratch WHERE key = ?", [&key]).map(|_| ())
        });
    }

    pub(crate) async fn scratch(&self) -> Result<Vec<Target>> {
        self.read(|connection| {
            let mut rows = connection.prepare("SELECT connection, bucket, key FROM scratch")?;
            let target = |row: &Row<'_>| {
                Ok(Target { connection: row.get(0)?, bucket: row.get(1)?, key: row.get(2)? })
            };
            rows.query_map([], target)?.collect()
        })
        .await
    }
}
