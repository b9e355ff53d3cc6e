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

const ABORTING: &str = "WHERE view = 'active' AND phase = 'aborting'";

/// By the indexes that hold only what waits: a small file among a hundred thousand large ones is found at once. They are
/// named, since the library takes the one of all views by itself, and fails where they do not serve.
fn waiting(is_small: bool) -> String {
    let (index, than) = if is_small { ("uploads_small", "<=") } else { ("uploads_large", ">") };
    format!("INDEXED BY {index} WHERE view = 'waiting' AND size {than} {SINGLE_UP_TO}")
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
    let sql = format!("SELECT {COLUMNS} FROM uploads {condition} ORDER BY position");
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
    fn what_waits_is_read_in_its_order_and_not_sorted() {
        let folder = tempfile::tempdir().unwrap();
        let (connection, _) = open(&folder.path().join("journal.sqlite")).unwrap();
        for is_small in [true, false] {
            let sql = format!(
                "EXPLAIN QUERY PLAN SELECT {COLUMNS} FROM uploads {} ORDER BY position",
                waiting(is_small)
            );
            let mut steps = connection.prepare(&sql).unwrap();
            let steps = steps.query_map([], |row| row.get::<_, String>(3)).unwrap();
            let steps: Vec<String> = steps.map(Result::unwrap).collect();
            assert_eq!(steps.len(), 1, "{steps:?}");
        }
    }
}
