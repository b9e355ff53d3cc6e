//! The commands `unfinished list` and `unfinished discard`: the incomplete multipart uploads of a bucket, as a table or as
//! JSON, and aborting them.

use crate::fault_codes::WHICH;
use crate::flags::{self, Discard, List};
use crate::incomplete_list::{self, IncompleteList, name_of, scan};
use crate::output::{json, stdio};
use crate::signals::StopSignal;
use crate::{connection, sign_in, state, units};
use std::io::IsTerminal;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use windlass_engine::{
    Fault, FaultKind, LookUnfinished, NotDiscarded, Reason, UnfinishedName, UnfinishedUpload,
};

/// # Errors
/// The fault that prevented it, or `None` if interrupted.
pub(crate) async fn list(flags: &List, stop: &StopSignal) -> Result<bool, Option<Fault>> {
    let (bucket, prefix) =
        flags::place(&flags.place).unwrap_or_else(|reason| flags::wrong("unfinished", &reason));
    let connection = connection::chosen(&flags.server).await?;
    let state = flags.state.as_deref();
    let slot = state::free(&state::folder(state)?, None).await?;
    slot.messages.iter().for_each(|words| stdio::report(words));
    if !sign_in::keep(&slot.engine, &flags.server, &connection, stop).await? {
        return Err(None);
    }
    let wanted = LookUnfinished { connection: connection.id, bucket: bucket.clone(), prefix };
    let found = scan(&slot.engine, wanted, state, stop).await;
    slot.engine.close().await;
    let found = found?;
    if flags.json {
        json::incomplete(&bucket, &found);
    } else {
        table(&found).iter().for_each(|line| stdio::line(line));
        stdio::report(&in_all(&found));
    }
    Ok(true)
}

/// # Errors
/// The fault that prevented it, or `None` if interrupted.
pub(crate) async fn discard(flags: &Discard, stop: &StopSignal) -> Result<bool, Option<Fault>> {
    let (bucket, prefix) =
        flags::place(&flags.place).unwrap_or_else(|reason| flags::wrong("unfinished", &reason));
    let asks = !flags.yes;
    if asks && !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
        let reason =
            "cannot ask for confirmation without a terminal; use --yes to discard without asking";
        flags::wrong("unfinished", reason);
    }
    let connection = connection::chosen(&flags.server).await?;
    let state = flags.state.as_deref();
    let slot = state::free(&state::folder(state)?, None).await?;
    slot.messages.iter().for_each(|words| stdio::report(words));
    let engine = &slot.engine;
    if !sign_in::keep(engine, &flags.server, &connection, stop).await? {
        return Err(None);
    }
    let wanted = LookUnfinished {
        connection: connection.id.clone(),
        bucket: bucket.clone(),
        prefix: prefix.clone(),
    };
    let found = match scan(engine, wanted, state, stop).await {
        // these keys may abort but not list: the IDs are used as given
        Err(Some(fault))
            if fault.kind == FaultKind::Denied
                && !flags.upload_id.is_empty()
                && !prefix.is_empty() =>
        {
            by_name(&bucket, &prefix, flags)?
        }
        found => found?,
    };
    let chosen = chosen(flags, found)?;
    if chosen.uploads.is_empty() {
        stdio::report("There is nothing to discard.");
        return Ok(true);
    }
    if asks && !agreed(&chosen, stop).await? {
        stdio::report("Nothing was discarded.");
        return Ok(true);
    }
    let names: Vec<UnfinishedName> = chosen.uploads.iter().map(|(one, _)| name_of(one)).collect();
    let wanted = windlass_engine::Discard {
        connection: connection.id,
        bucket: bucket.clone(),
        uploads: names.clone(),
    };
    let discarded = tokio::select! {
        biased;
        () = stop.requested() => return Err(None),
        discarded = engine.discard_unfinished(wanted) => discarded?,
    };
    slot.engine.close().await;
    if flags.json {
        json::discarded(&bucket, &names, &discarded.faults);
    }
    for NotDiscarded { key, upload_id, fault } in &discarded.faults {
        stdio::report(&format!("s3://{bucket}/{key} ({upload_id}): {}", fault.detail));
    }
    stdio::report(&format!("Discarded: {}", many(discarded.gone)));
    Ok(discarded.faults.is_empty())
}

/// The multipart uploads by the IDs that were given, without listing the bucket.
fn by_name(bucket: &str, key: &str, flags: &Discard) -> Result<IncompleteList, Option<Fault>> {
    let held = incomplete_list::held(bucket, flags.state.as_deref())?;
    let one = |upload_id: &String| {
        let name = UnfinishedName { key: key.to_owned(), upload_id: upload_id.clone() };
        let is_held = held.contains(&name);
        let UnfinishedName { key, upload_id } = name;
        let (initiated, initiator, storage_class) = (None, None, None);
        let (parts, bytes, ours, fault) = (None, None, None, None);
        let upload = UnfinishedUpload {
            key,
            upload_id,
            initiated,
            initiator,
            storage_class,
            parts,
            bytes,
            ours,
            fault,
        };
        (upload, is_held)
    };
    Ok(IncompleteList { uploads: flags.upload_id.iter().map(one).collect(), more: false })
}

/// The multipart uploads that the flags select. Those of this computer's own uploads are skipped with a message, or
/// rejected if they were given by ID.
fn chosen(flags: &Discard, found: IncompleteList) -> Result<IncompleteList, Option<Fault>> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let is_old = |one: &UnfinishedUpload| match flags.older_than {
        None => true,
        // without a time it is not known to be old
        Some(age) => one.initiated.is_some_and(|at| now >= Duration::from_millis(at) + age),
    };
    let named = |one: &UnfinishedUpload| {
        flags.upload_id.is_empty() || flags.upload_id.contains(&one.upload_id)
    };
    let missing = flags
        .upload_id
        .iter()
        .find(|id| !found.uploads.iter().any(|(one, _)| one.upload_id == **id));
    if let Some(id) = missing {
        let detail =
            format!("there is no incomplete multipart upload with the ID {id} at {}", flags.place);
        return Err(Some(Fault::new(FaultKind::Unsupported, detail).with_code(WHICH)));
    }
    let meant = found.uploads.into_iter().filter(|(one, _)| named(one) && is_old(one));
    let (held, free): (Vec<_>, Vec<_>) = meant.partition(|(_, is_held)| *is_held);
    if !held.is_empty() && !flags.upload_id.is_empty() {
        return Err(Some(Fault::because(FaultKind::Unsupported, Reason::HeldAlready)));
    }
    for (one, _) in &held {
        stdio::report(&format!(
            "{}: skipped, because it belongs to an upload of this computer",
            one.key
        ));
    }
    Ok(IncompleteList { uploads: free, more: found.more })
}

async fn agreed(chosen: &IncompleteList, stop: &StopSignal) -> Result<bool, Option<Fault>> {
    table(chosen).iter().for_each(|line| stdio::report(line));
    let bytes = units::size_text(chosen.bytes());
    stdio::prompt(&format!("Discard {} with {bytes} stored? [y/N] ", many(chosen.count())));
    let (answer, answered) = tokio::sync::oneshot::channel();
    // not on the runtime: a blocked read of the terminal cannot be cancelled and would keep it from shutting down
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = std::io::stdin().read_line(&mut line).is_ok();
        let _ = answer.send(read && matches!(line.trim().to_lowercase().as_str(), "y" | "yes"));
    });
    tokio::select! {
        biased;
        () = stop.requested() => Err(None),
        answer = answered => Ok(answer.unwrap_or(false)),
    }
}

fn many(count: u32) -> String {
    match count {
        1 => "1 incomplete multipart upload".to_owned(),
        count => format!("{count} incomplete multipart uploads"),
    }
}

fn in_all(found: &IncompleteList) -> String {
    if found.uploads.is_empty() {
        return "No incomplete multipart uploads.".to_owned();
    }
    let more = if found.more { "; the bucket has more" } else { "" };
    format!("{} with {} stored{more}.", many(found.count()), units::size_text(found.bytes()))
}

/// A table with columns as wide as their content. The key and the upload ID come last.
fn table(found: &IncompleteList) -> Vec<String> {
    if found.uploads.is_empty() {
        return vec![];
    }
    let head = ["AGE", "PARTS", "STORED", "BY", "KEY", "UPLOAD ID"].map(ToOwned::to_owned);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let row = |(one, is_held): &(UnfinishedUpload, bool)| {
        let age = one
            .initiated
            .map(|at| units::span(now.saturating_sub(Duration::from_millis(at)).as_secs()));
        let untold = || if one.fault.is_some() { "unknown".into() } else { "-".to_owned() };
        let by = if *is_held { Some("this computer".to_owned()) } else { one.initiator.clone() };
        [
            age.unwrap_or_else(|| "-".into()),
            one.parts.map_or_else(untold, |parts| parts.to_string()),
            one.bytes.map_or_else(untold, units::size_text),
            by.unwrap_or_else(|| "-".into()),
            one.key.clone(),
            one.upload_id.clone(),
        ]
    };
    let rows: Vec<[String; 6]> = [head].into_iter().chain(found.uploads.iter().map(row)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<usize> = (0..5).map(|column| width(column).unwrap_or(0)).collect();
    let line = |row: &[String; 6]| {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            let width = *width;
            // numbers are aligned to the right, text to the left
            if column < 3 { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
        });
        format!("{}  {}", cells.collect::<Vec<_>>().join("  "), row[5])
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(key: &str, parts: Option<u32>, fault: Option<Fault>) -> UnfinishedUpload {
        UnfinishedUpload {
            key: key.into(),
            upload_id: format!("id-{key}"),
            initiated: None,
            initiator: Some("ada".into()),
            storage_class: None,
            parts,
            bytes: parts.map(|parts| u64::from(parts) << 20),
            ours: None,
            fault,
        }
    }

    #[test]
    fn a_table_is_as_wide_as_what_is_in_it() {
        let denied = Some(Fault::new(FaultKind::Denied, "no"));
        let found = IncompleteList {
            uploads: vec![(one("a", Some(12), None), true), (one("longer", None, denied), false)],
            more: true,
        };
        assert_eq!(
            table(&found),
            [
                "AGE    PARTS    STORED  BY             KEY     UPLOAD ID",
                "  -       12  12.0 MiB  this computer  a       id-a",
                "  -  unknown   unknown  ada            longer  id-longer",
            ]
        );
        assert_eq!(
            in_all(&found),
            "2 incomplete multipart uploads with 12.0 MiB stored; the bucket has more."
        );
    }
}
