//! Copies the uploads that can still be read from a damaged journal, row by row.

use crate::system::paths::verbatim;
use rusqlite::{Connection, params};
use std::collections::BTreeSet;
use std::path::Path;

/// How many migrations the damaged journal had, or `None` if its first page cannot be read.
pub(super) fn version(journal: &Connection, damaged: &Path) -> Option<u32> {
    journal.execute("ATTACH ? AS old", params![verbatim(damaged).to_string_lossy()]).ok()?;
    let version = journal.query_row("PRAGMA old.user_version", [], |row| row.get(0)).ok();
    let _ = journal.execute("DETACH old", []);
    version
}

/// Copies what can be read, and returns the number of uploads. The damaged file is not changed.
pub(super) fn from(journal: &mut Connection, damaged: &Path) -> u32 {
    // attached first, on its own: a file with a damaged WAL fails here and not halfway
    let attached = journal.execute("ATTACH ? AS old", params![verbatim(damaged).to_string_lossy()]);
    if let Err(error) = attached {
        tracing::error!(%error, "nothing can be read from the damaged journal");
        return 0;
    }
    let saved = uploads(journal).unwrap_or_else(|error| {
        tracing::error!(%error, "no uploads can be read from the damaged journal");
        0
    });
    let _ = journal.execute("DETACH old", []);
    saved
}

fn uploads(journal: &Connection) -> rusqlite::Result<u32> {
    let columns = shared_columns(journal, "uploads")?;
    // from both ends, and by two indexes: a damaged page ends a scan in the middle
    let mut ids = BTreeSet::new();
    for order in ["id", "id DESC", "position", "position DESC"] {
        let sql = format!("SELECT id FROM old.uploads ORDER BY {order}");
        let Ok(mut rows) = journal.prepare(&sql) else { continue };
        let Ok(mut rows) = rows.query([]) else { continue };
        while let Ok(Some(row)) = rows.next() {
            if let Ok(id) = row.get::<_, i64>(0) {
                ids.insert(id);
            }
        }
    }
    let copy = format!(
        "INSERT OR IGNORE INTO main.uploads ({columns}) SELECT {columns} FROM old.uploads WHERE id = ?"
    );
    let mut saved = 0;
    for id in ids {
        if matches!(journal.execute(&copy, [id]), Ok(1)) {
            saved += 1;
            // without parts and history, the parts are listed on the server and the file is read again
            for table in ["parts", "history"] {
                let columns = shared_columns(journal, table)?;
                let sql = format!(
                    "INSERT OR IGNORE INTO main.{table} ({columns}) SELECT {columns} FROM old.{table} WHERE upload = ?"
                );
                let _ = journal.execute(&sql, [id]);
            }
        }
    }
    // as many as can be read before the damage
    let _ = journal.execute("INSERT OR IGNORE INTO main.receipts SELECT * FROM old.receipts", []);
    // a receipt's ID must not be used again for another upload
    let highest = "INSERT OR REPLACE INTO main.sqlite_sequence (rowid, name, seq) SELECT (SELECT rowid FROM \
         main.sqlite_sequence WHERE name = 'uploads'), 'uploads', max(coalesce((SELECT max(id) FROM main.uploads), 0), \
         coalesce((SELECT max(upload) FROM main.receipts), 0))";
    let _ = journal.execute(highest, []);
    Ok(saved)
}

/// The columns that both tables have.
fn shared_columns(journal: &Connection, table: &str) -> rusqlite::Result<String> {
    let names = |schema: &str| -> rusqlite::Result<Vec<String>> {
        let mut rows = journal.prepare_cached("SELECT name FROM pragma_table_info(?, ?)")?;
        rows.query_map([table, schema], |row| row.get(0))?.collect()
    };
    let old = names("old")?;
    let shared: Vec<String> =
        names("main")?.into_iter().filter(|name| old.contains(name)).collect();
    Ok(shared.join(", "))
}
