//! Which uploads want a worker next. Knows the queue's order and what is small, not how many may begin.

use super::Journal;
use super::entry::{COLUMNS, Entry, from_row};
use crate::fault::Outcome;
use crate::plan::SINGLE_UP_TO;
use crate::upload::Id;
use rusqlite::Connection;
use std::collections::HashSet;

/// How many uploads are looked for, of each kind.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Room {
    /// Of more than one request.
    pub(crate) large: usize,
    /// Of one request, or to be taken off the server.
    pub(crate) small: usize,
}

const ABORTING: &str = "view = 'active' AND phase = 'aborting'";

/// As the indexes that hold only what waits name it: a small file among a hundred thousand large ones is found at once.
fn waiting(is_small: bool) -> String {
    let than = if is_small { "<=" } else { ">" };
    format!("view = 'waiting' AND size {than} {SINGLE_UP_TO}")
}

impl Journal {
    /// The next uploads that want a worker, in the order of the queue: those to be taken off the server, then the large
    /// ones, then the small ones.
    pub(crate) async fn next(&self, room: Room, driven: HashSet<Id>) -> Outcome<Vec<Entry>> {
        self.read(move |connection| {
            let mut found = some(connection, ABORTING, room.small, &driven)?;
            let small = room.small - found.len();
            found.extend(some(connection, &waiting(false), room.large, &driven)?);
            found.extend(some(connection, &waiting(true), small, &driven)?);
            Ok(found)
        })
        .await
    }
}

fn some(
    connection: &Connection,
    condition: &str,
    limit: usize,
    driven: &HashSet<Id>,
) -> rusqlite::Result<Vec<Entry>> {
    let mut found = Vec::new();
    if limit == 0 {
        return Ok(found);
    }
    let sql = format!("SELECT {COLUMNS} FROM uploads WHERE {condition} ORDER BY position");
    let mut rows = connection.prepare_cached(&sql)?;
    let mut rows = rows.query([])?;
    while found.len() < limit
        && let Some(row) = rows.next()?
    {
        if !driven.contains(&row.get(0)?) {
            found.push(from_row(row)?);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::open::open;

    #[test]
    fn what_waits_is_found_by_its_index() {
        let folder = tempfile::tempdir().unwrap();
        let (connection, _) = open(&folder.path().join("journal.sqlite")).unwrap();
        for (is_small, index) in [(true, "uploads_small"), (false, "uploads_large")] {
            let sql = format!(
                "EXPLAIN QUERY PLAN SELECT {COLUMNS} FROM uploads WHERE {} ORDER BY position",
                waiting(is_small)
            );
            let plan: String = connection.query_row(&sql, [], |row| row.get(3)).unwrap();
            assert!(plan.contains(index), "{plan}");
        }
    }
}
