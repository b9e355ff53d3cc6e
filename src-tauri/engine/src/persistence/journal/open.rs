//! Opens the journal's file, runs the migrations, and moves a damaged file to a backup.

use super::salvage;
use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::system::paths::verbatim;
use crate::system::private;
use rusqlite::{Connection, ErrorCode, Transaction, params};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The `user_version` that this Windlass writes: how many migrations a journal has had.
const LATEST: u32 = 15;

/// The migrations, in order.
pub(super) const MIGRATIONS: [&str; LATEST as usize] = [
    include_str!("../../../migrations/001-first.sql"),
    include_str!("../../../migrations/002-asked.sql"),
    include_str!("../../../migrations/003-proved.sql"),
    include_str!("../../../migrations/004-scratch.sql"),
    include_str!("../../../migrations/005-sorted.sql"),
    include_str!("../../../migrations/006-adopted.sql"),
    include_str!("../../../migrations/007-sizes.sql"),
    include_str!("../../../migrations/008-counted.sql"),
    include_str!("../../../migrations/009-changed.sql"),
    include_str!("../../../migrations/010-servers.sql"),
    include_str!("../../../migrations/011-words.sql"),
    include_str!("../../../migrations/012-answers.sql"),
    include_str!("../../../migrations/013-skipped.sql"),
    include_str!("../../../migrations/014-verified.sql"),
    include_str!("../../../migrations/015-scratch-endpoint.sql"),
];

/// How long to wait for another program's lock on the file (a backup, a virus scanner).
const BUSY: Duration = Duration::from_secs(5);

/// A damaged journal that was moved to a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MovedToBackup {
    pub(crate) path: PathBuf,
    /// Number of uploads that could be read from it.
    pub(crate) saved: u32,
}

enum Refused {
    Damaged,
    Fault(Fault),
}

impl From<rusqlite::Error> for Refused {
    fn from(error: rusqlite::Error) -> Self {
        if is_damage(&error) { Self::Damaged } else { Self::Fault(storage(&error)) }
    }
}

/// Opens the journal, and replaces it if it is damaged.
///
/// # Errors
/// `Storage`, if the file cannot be opened or was written by a newer Windlass.
pub(super) fn open(path: &Path) -> Result<(Connection, Option<MovedToBackup>)> {
    match ready(path) {
        Ok(connection) => Ok((connection, None)),
        Err(Refused::Fault(fault)) => Err(fault),
        Err(Refused::Damaged) => {
            let aside = move_to_backup(path)?;
            let recreated = recreate(path, &aside).map_err(|refused| match refused {
                Refused::Fault(fault) => fault,
                Refused::Damaged => Fault::new(
                    FaultKind::Storage,
                    format!("a new journal cannot be created at {}", path.display()),
                ),
            });
            let (connection, saved) = recreated?;
            tracing::error!(aside = %aside.display(), saved, "the journal was damaged and moved to a backup");
            Ok((connection, Some(MovedToBackup { path: aside, saved })))
        }
    }
}

fn ready(path: &Path) -> Result<Connection, Refused> {
    let (mut connection, made) = connect(path)?;
    migrate(&mut connection, made, LATEST)?;
    wake(&connection)?;
    Ok(connection)
}

/// A new journal with the rows that can still be read from the damaged one, and how many uploads were saved.
fn recreate(path: &Path, damaged: &Path) -> Result<(Connection, u32), Refused> {
    let (mut connection, made) = connect(path)?;
    // the damaged one's columns have the names of its own version: migrations rename them after the rows are copied
    let version = salvage::version(&connection, damaged).unwrap_or(LATEST).min(LATEST);
    migrate(&mut connection, made, version)?;
    let saved = salvage::from(&mut connection, damaged);
    migrate(&mut connection, version, LATEST)?;
    record_recreation(&connection)?;
    wake(&connection)?;
    Ok((connection, saved))
}

/// An open connection, and how many migrations the file has had.
fn connect(path: &Path) -> Result<(Connection, u32), Refused> {
    // a non-empty WAL means that the process was killed, so the file is checked
    let unclean = wal(path).metadata().is_ok_and(|log| log.len() > 0);
    // created here, because SQLite would create the file and its WAL readable by others
    if let Err(error) = private::options().create(true).truncate(false).open(path) {
        tracing::warn!(%error, "the journal cannot be made for its owner alone");
    }
    let connection = Connection::open(verbatim(path))?;
    connection.busy_timeout(BUSY)?;
    let made: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if made > LATEST {
        return Err(Refused::Fault(Fault::new(
            FaultKind::Storage,
            "the journal was written by a newer Windlass; start that one, or install it again",
        )));
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // a commit survives a power failure; commits are few, because writes are gathered
    connection.pragma_update(None, "synchronous", "FULL")?;
    // statement journals: on disk, they were nine of ten writes
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    if unclean {
        let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if found != "ok" {
            tracing::error!(found, "the journal is damaged");
            return Err(Refused::Damaged);
        }
    }
    Ok((connection, made))
}

/// Runs the migrations after `made`, up to and including `until`.
fn migrate(connection: &mut Connection, made: u32, until: u32) -> Result<(), Refused> {
    let steps = (1u32..).zip(MIGRATIONS);
    for (number, sql) in steps.filter(|(number, _)| (made + 1..=until).contains(number)) {
        let step: Transaction<'_> = connection.transaction()?;
        step.execute_batch(sql)?;
        step.pragma_update(None, "user_version", number)?;
        step.commit()?;
    }
    Ok(())
}

/// Uploads of a process that died are waiting again, and those that it was to abort are still to be aborted.
fn wake(connection: &Connection) -> rusqlite::Result<()> {
    // nobody undoes what another process cancelled
    connection.execute(
        "UPDATE uploads SET view = 'active' WHERE view = 'aborted' AND phase = 'aborting'",
        [],
    )?;
    // the last part may be shorter than the others
    connection.execute(
        "UPDATE uploads SET stored_parts = (SELECT count(*) FROM parts WHERE upload = uploads.id), stored_bytes = \
         min(size, part_size * (SELECT count(*) FROM parts WHERE upload = uploads.id)) \
         WHERE view = 'active' AND part_size > 0",
        [],
    )?;
    connection.execute(
        "UPDATE uploads SET phase = 'aborting', view = 'active' \
         WHERE intent = 'abort' AND phase IN ('waiting', 'preparing', 'sending', 'completing')",
        [],
    )?;
    connection.execute(
        "UPDATE uploads SET phase = 'waiting', view = CASE intent WHEN 'pause' THEN 'paused' ELSE 'waiting' END \
         WHERE view = 'active' AND phase IN ('preparing', 'sending', 'completing')",
        [],
    )?;
    Ok(())
}

fn record_recreation(connection: &Connection) -> rusqlite::Result<()> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
    connection
        .execute("INSERT OR REPLACE INTO facts VALUES ('recreated_at', ?)", params![now])
        .map(|_| ())
}

/// Moves the file and its WAL to a free name.
fn move_to_backup(path: &Path) -> Result<PathBuf> {
    let mut aside = path.with_extension("damaged.sqlite");
    let mut number = 1;
    while aside.exists() {
        number += 1;
        aside = path.with_extension(format!("damaged-{number}.sqlite"));
    }
    std::fs::rename(path, &aside).map_err(|error| {
        let detail = format!(
            "the journal {} is damaged and cannot be moved to a backup: {error}",
            path.display()
        );
        Fault::new(FaultKind::Storage, detail)
    })?;
    // the WAL has data that is not in the file yet; left here, SQLite would apply it to the new file
    let _ = std::fs::rename(wal(path), wal(&aside));
    let _ = std::fs::remove_file(beside(path, "-shm"));
    Ok(aside)
}

fn wal(path: &Path) -> PathBuf {
    beside(path, "-wal")
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt))
}

pub(super) fn storage(error: &rusqlite::Error) -> Fault {
    let reason = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Reason::DiskFull,
        Some(ErrorCode::ReadOnly) => Reason::JournalReadOnly,
        Some(ErrorCode::CannotOpen) => Reason::JournalNotOpen,
        _ if is_damage(error) => Reason::JournalDamaged,
        _ => return Fault::new(FaultKind::Storage, format!("Windlass's journal: {error}")),
    };
    Fault::because(FaultKind::Storage, reason)
}
