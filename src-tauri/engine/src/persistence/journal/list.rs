//! Pages of the queue: filtered by view and text, and sorted.

use super::Journal;
use super::entry::{COLUMNS, Entry, from_row};
use crate::fault::Result;
use crate::model::query::{PageQuery, Sort, View};
use crate::model::upload::Id;
use rusqlite::params_from_iter;
use rusqlite::types::Value;

/// The SQL condition of a list, and the values that are bound to it from ?1 on.
pub(super) fn listed(view: View, filter: &str) -> (String, Vec<Value>) {
    let of_view = match view {
        View::All => "1",
        View::Active => "view = 'active'",
        View::Waiting => "view = 'waiting'",
        View::Paused => "view = 'paused'",
        View::NeedsAnswer => "view = 'needsAnswer'",
        View::Failed => "view = 'failed'",
        View::Done => "view = 'done'",
        View::Skipped => "view = 'skipped'",
        View::Cancelled => "view = 'aborted'",
    };
    if filter.is_empty() {
        return (of_view.to_owned(), Vec::new());
    }
    let literal = filter.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let condition = format!("{of_view} AND (name LIKE ?1 ESCAPE '\\' OR key LIKE ?1 ESCAPE '\\')");
    (condition, vec![Value::Text(format!("%{literal}%"))])
}

/// The ORDER BY clause of a list.
pub(super) fn sorted(sort: Sort) -> &'static str {
    match sort {
        Sort::Queue => "position",
        Sort::Name => "name COLLATE NOCASE, position",
        Sort::Largest => "size DESC, position",
        Sort::Newest => "id DESC",
    }
}

impl Journal {
    pub(crate) async fn page(&self, query: PageQuery) -> Result<(u32, Vec<Entry>)> {
        self.read(move |connection| {
            let (condition, like) = listed(query.view, &query.filter);
            let total = format!("SELECT count(*) FROM uploads WHERE {condition}");
            let total = connection
                .prepare_cached(&total)?
                .query_row(params_from_iter(&like), |row| row.get(0))?;
            let sql = format!(
                "SELECT {COLUMNS} FROM uploads WHERE {condition} ORDER BY {} LIMIT {} OFFSET {}",
                sorted(query.sort),
                query.limit.min(1000),
                query.offset
            );
            let mut rows = connection.prepare_cached(&sql)?;
            let rows = rows
                .query_map(params_from_iter(&like), from_row)?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            Ok((total, rows))
        })
        .await
    }

    /// The IDs alone, without a limit on the page size.
    pub(crate) async fn ids_of(&self, query: PageQuery) -> Result<Vec<Id>> {
        self.read(move |connection| {
            let (condition, like) = listed(query.view, &query.filter);
            let sql = format!(
                "SELECT id FROM uploads WHERE {condition} ORDER BY {} LIMIT {} OFFSET {}",
                sorted(query.sort),
                query.limit,
                query.offset
            );
            let mut rows = connection.prepare_cached(&sql)?;
            rows.query_map(params_from_iter(&like), |row| row.get(0))?.collect()
        })
        .await
    }
}
