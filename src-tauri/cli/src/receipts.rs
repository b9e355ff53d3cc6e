//! Receipts as files, and those that journals on this computer keep. Knows their names and places, not what they prove.

use crate::state;
use std::path::{Path, PathBuf};
use windlass_engine::fault::Outcome;
use windlass_engine::page::Detail;
use windlass_engine::receipt::Receipt;
use windlass_engine::settings::Connection;
use windlass_engine::{Engine, Fault, FaultKind};

/// Of a finished upload, to a folder that is made where it is not there.
///
/// # Errors
/// `Storage`, where it cannot be written.
pub(crate) async fn write(engine: &Engine, detail: &Detail, folder: &Path) -> Outcome<()> {
    let receipt = engine.receipt(detail.row.id).await?;
    std::fs::create_dir_all(folder).map_err(|error| {
        let place = folder.display();
        Fault::new(FaultKind::Storage, format!("the receipt cannot be kept in {place}: {error}"))
    })?;
    receipt.write(&folder.join(name_of(&receipt.key)))
}

/// Flat, so that one folder holds all of them.
fn name_of(key: &str) -> String {
    format!("{}.receipt.json", key.replace('/', "__"))
}

/// The last that this computer keeps of an object, of that server rather than of another.
///
/// # Errors
/// `Storage`, where the folder cannot be read; a journal that cannot be is told, and passed over.
pub(crate) fn last_of(
    (bucket, key): (&str, &str),
    connection: &Connection,
    state: Option<&Path>,
    told: &mut Vec<String>,
) -> Outcome<Option<Receipt>> {
    let mut last = |places: Vec<PathBuf>| {
        let mut found = Vec::new();
        for place in places {
            match Receipt::last_of(&place, bucket, key) {
                Ok(receipt) => found.extend(receipt),
                Err(fault) => told.push(format!("{}: {}", place.display(), fault.detail)),
            }
        }
        found.into_iter().max_by_key(|receipt| (is_of(receipt, connection), receipt.finished_at))
    };
    let found = last(state::slots(&state::folder(state)?)?);
    match (found, state) {
        (None, None) => Ok(last(vec![state::app_folder()?])),
        (found, _) => Ok(found),
    }
}

/// Names of one server may differ; one name is one server.
pub(crate) fn is_of(receipt: &Receipt, connection: &Connection) -> bool {
    let bare = |endpoint: &Option<String>| {
        endpoint.as_deref().map(|endpoint| endpoint.trim_end_matches('/').to_lowercase())
    };
    bare(&receipt.endpoint) == bare(&connection.endpoint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_is_named_after_its_key() {
        assert_eq!(name_of("big.iso"), "big.iso.receipt.json");
        assert_eq!(name_of("2026/day 1/big.iso"), "2026__day 1__big.iso.receipt.json");
    }
}
