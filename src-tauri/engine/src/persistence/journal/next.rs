//! Selects the uploads to start next, in queue order, per server.

use super::Journal;
use super::entry::{COLUMNS, Entry, from_row};
use crate::fault::Result;
use crate::model::part_plan::SINGLE_UP_TO;
use crate::model::upload::Id;
use rusqlite::{Connection, OptionalExtension as _};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// How many uploads may start, by server and kind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Room {
    /// Multipart uploads.
    pub(crate) large: usize,
    /// Uploads of one request, or to be aborted, on servers without active uploads.
    pub(crate) small: usize,
    /// The same for connections with active uploads.
    pub(crate) small_to: HashMap<Arc<str>, usize>,
}

impl Room {
    fn small_to(&self, connection: &str) -> usize {
        self.small_to.get(connection).copied().unwrap_or(self.small)
    }
}

const ABORTING: &str = "WHERE view = 'active' AND phase = 'aborting'";

/// Uses the partial indexes on waiting uploads, so that a small file among a hundred thousand large ones is found at
/// once. SQLite would choose the index on `view` by itself; with INDEXED BY it fails if the index does not apply.
fn waiting(is_small: bool) -> String {
    let (index, than) = if is_small { ("uploads_small", "<=") } else { ("uploads_large", ">") };
    format!("INDEXED BY {index} WHERE view = 'waiting' AND size {than} {SINGLE_UP_TO}")
}

/// The waiting uploads of one connection.
fn waiting_for_one(is_small: bool) -> String {
    format!("{} AND connection = ?1", waiting(is_small))
}

impl Journal {
    /// The next uploads to start, in queue order: first those to be aborted, then multipart uploads, then small files.
    pub(crate) async fn next(&self, room: Room, driven: HashSet<Id>) -> Result<Vec<Entry>> {
        self.read(move |connection| {
            let mut taken: HashMap<String, usize> = HashMap::new();
            let mut found = some(connection, ABORTING, [], &driven, |entry| {
                let taken = taken.entry(entry.target.connection.clone()).or_default();
                *taken += 1;
                match *taken > room.small_to(&entry.target.connection) {
                    true => Take::Pass,
                    false => Take::This,
                }
            })?;
            for is_small in [false, true] {
                let mut of_kind = Vec::new();
                for server in servers(connection, is_small)? {
                    let mut left = match is_small {
                        true => {
                            let taken = taken.get(&server).copied().unwrap_or_default();
                            room.small_to(&server).saturating_sub(taken)
                        }
                        false => room.large,
                    };
                    let condition = waiting_for_one(is_small);
                    of_kind.extend(some(connection, &condition, [server], &driven, |_| {
                        let take = if left > 0 { Take::This } else { Take::NoMore };
                        left = left.saturating_sub(1);
                        take
                    })?);
                }
                of_kind.sort_by(|one: &Entry, other| one.position.total_cmp(&other.position));
                found.extend(of_kind);
            }
            Ok(found)
        })
        .await
    }
}

/// The connections with waiting uploads.
fn servers(connection: &Connection, is_small: bool) -> rusqlite::Result<Vec<String>> {
    let sql = format!(
        "SELECT connection FROM uploads {} AND connection > ?1 ORDER BY connection LIMIT 1",
        waiting(is_small)
    );
    let mut next = connection.prepare_cached(&sql)?;
    let mut found: Vec<String> = Vec::new();
    loop {
        let last = found.last().map_or("", String::as_str);
        match next.query_row([last], |row| row.get(0)).optional()? {
            Some(server) => found.push(server),
            None => return Ok(found),
        }
    }
}

enum Take {
    This,
    Pass,
    NoMore,
}

fn some(
    connection: &Connection,
    condition: &str,
    values: impl rusqlite::Params,
    driven: &HashSet<Id>,
    mut takes: impl FnMut(&Entry) -> Take,
) -> rusqlite::Result<Vec<Entry>> {
    let mut found = Vec::new();
    let sql = format!("SELECT {COLUMNS} FROM uploads {condition} ORDER BY position");
    let mut rows = connection.prepare_cached(&sql)?;
    let mut rows = rows.query(values)?;
    while let Some(row) = rows.next()? {
        if driven.contains(&row.get(0)?) {
            continue;
        }
        let entry = from_row(row)?;
        match takes(&entry) {
            Take::This => found.push(entry),
            Take::Pass => {}
            Take::NoMore => break,
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::persistence::journal::open::open;

    #[test]
    fn what_waits_is_read_in_its_order_and_not_sorted() {
        let folder = tempfile::tempdir().unwrap();
        let (connection, _) = open(&folder.path().join("journal.sqlite")).unwrap();
        for is_small in [true, false] {
            let sql = format!(
                "EXPLAIN QUERY PLAN SELECT {COLUMNS} FROM uploads {} ORDER BY position",
                waiting_for_one(is_small)
            );
            let mut steps = connection.prepare(&sql).unwrap();
            let steps = steps.query_map(["any"], |row| row.get::<_, String>(3)).unwrap();
            let steps: Vec<String> = steps.map(Result::unwrap).collect();
            assert_eq!(steps.len(), 1, "{steps:?}");
        }
    }
}
