//! Keys of scratch uploads that probe a server, so that they can be removed after a crash.

use super::Journal;
use super::open::storage;
use crate::fault::Result;
use crate::model::upload::Target;
use rusqlite::{Connection, OpenFlags, Row, params};
use std::path::Path;

/// A scratch upload that may still be on a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scratch {
    pub(crate) target: Target,
    /// The server's endpoint, empty for Amazon S3. `None` in notes that are older than this field.
    pub(crate) endpoint: Option<String>,
}

impl Scratch {
    /// Whether it is on the server of this endpoint. A connection may have led to another server when it was made.
    pub(crate) fn is_on(&self, endpoint: &str) -> bool {
        self.endpoint.as_deref().is_none_or(|made_on| made_on == endpoint)
    }
}

impl Journal {
    /// Records a scratch upload, and resolves when that is on disk, so that it can be removed after a crash.
    pub(crate) async fn keep_scratch(&self, scratch: Scratch) -> Result<()> {
        let Scratch { target: Target { connection: id, bucket, key }, endpoint } = scratch;
        self.write(move |connection| {
            connection
                .execute(
                    "INSERT OR REPLACE INTO scratch (key, connection, bucket, endpoint) VALUES (?, ?, ?, ?)",
                    params![key, id, bucket, endpoint],
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

    pub(crate) async fn scratch(&self) -> Result<Vec<Scratch>> {
        self.read(|connection| {
            let mut rows =
                connection.prepare("SELECT connection, bucket, key, endpoint FROM scratch")?;
            let scratch = |row: &Row<'_>| {
                let target =
                    Target { connection: row.get(0)?, bucket: row.get(1)?, key: row.get(2)? };
                Ok(Scratch { target, endpoint: row.get(3)? })
            };
            rows.query_map([], scratch)?.collect()
        })
        .await
    }
}

/// Whether a journal, which may be another process's, has notes of scratch uploads.
///
/// # Errors
/// `Storage`, if it cannot be read.
pub(crate) fn has_scratch(journal: &Path) -> Result<bool> {
    if !journal.exists() {
        return Ok(false);
    }
    let found = || -> rusqlite::Result<bool> {
        let connection = Connection::open_with_flags(journal, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection.query_row("SELECT EXISTS (SELECT 1 FROM scratch)", [], |row| row.get(0))
    };
    found().map_err(|error| storage(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_note_says_on_which_server_the_scratch_upload_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.sqlite");
        assert!(!has_scratch(&path).unwrap(), "there is no journal");
        let (journal, _) = Journal::open(&path).unwrap();
        assert!(!has_scratch(&path).unwrap());
        let target =
            Target { connection: "terminal".into(), bucket: "b".into(), key: "probe".into() };
        let noted = Scratch { target, endpoint: Some("http://one".into()) };
        journal.keep_scratch(noted.clone()).await.unwrap();
        assert!(has_scratch(&path).unwrap());
        assert_eq!(journal.scratch().await.unwrap(), std::slice::from_ref(&noted));
        assert!(noted.is_on("http://one") && !noted.is_on("http://two") && !noted.is_on(""));
        assert!(Scratch { endpoint: None, ..noted.clone() }.is_on("http://two"));
        journal.drop_scratch("probe");
        journal.settle().await.unwrap();
        assert!(!has_scratch(&path).unwrap());
    }
}
