//! Receipts as files, and those that journals on this computer keep. Knows their names and places, not what they prove.

use crate::state;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use windlass_engine::{Connection, Detail, Engine, Fault, FaultKind, Receipt, Result};

/// Of a finished upload, to a folder that is made where it is not there.
///
/// # Errors
/// `Storage`, where it cannot be written.
pub(crate) async fn write(engine: &Engine, detail: &Detail, folder: &Path) -> Result<PathBuf> {
    let receipt = engine.receipt(detail.row.id).await?;
    std::fs::create_dir_all(folder).map_err(|error| {
        let place = folder.display();
        Fault::new(FaultKind::Storage, format!("the receipt cannot be kept in {place}: {error}"))
    })?;
    let path = folder.join(name_of(receipt.endpoint.as_deref(), &receipt.bucket, &receipt.key));
    receipt.write(&path)?;
    Ok(path)
}

/// Bytes of a name that a person reads: far below what any disk takes, even one that encrypts names.
const READABLE: usize = 100;
/// Hexadecimal digits that hold names apart.
const DIGITS: usize = 20;

/// Flat, so that one folder holds all of them; to be read by its beginning, and one object's alone by its digits: on no disk
/// do two objects share it, whichever letters their keys are made of.
fn name_of(endpoint: Option<&str>, bucket: &str, key: &str) -> String {
    let server = bare(endpoint).unwrap_or_default();
    let mut digest = Sha256::new();
    for piece in [&server, bucket, key] {
        // no endpoint, bucket or key has a NUL in it that could move the border
        digest.update(piece.as_bytes());
        digest.update([0]);
    }
    let mut digits = String::new();
    for byte in digest.finalize().iter().take(DIGITS / 2) {
        let _ = write!(digits, "{byte:02x}");
    }
    let fits = |c: char| !c.is_control() && !r#"/\:*?"<>|"#.contains(c);
    let name = format!("{bucket}_{key}").replace(|c| !fits(c), "_");
    let mut from = name.len().saturating_sub(READABLE);
    while !name.is_char_boundary(from) {
        from += 1;
    }
    // what is cut off begins like no device of Windows, and is not hidden
    let cut = if from == 0 { "" } else { "_" };
    format!("{cut}{}.{digits}.receipt.json", &name[from..])
}

/// The last that this computer keeps of an object, of that server rather than of another.
///
/// # Errors
/// `Storage`, where the folder cannot be read; a journal that cannot be is told, and passed over.
pub(crate) fn last_of(
    (bucket, key): (&str, &str),
    connection: &Connection,
    state: Option<&Path>,
    messages: &mut Vec<String>,
) -> Result<Option<Receipt>> {
    let mut last = |places: Vec<PathBuf>| {
        let mut found = Vec::new();
        for place in places {
            match Receipt::last_of(&place, bucket, key) {
                Ok(receipt) => found.extend(receipt),
                Err(fault) => messages.push(format!("{}: {}", place.display(), fault.detail)),
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
    bare(receipt.endpoint.as_deref()) == bare(connection.endpoint.as_deref())
}

fn bare(endpoint: Option<&str>) -> Option<String> {
    endpoint.map(|endpoint| endpoint.trim_end_matches('/').to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_is_named_after_its_object_and_no_other_has_its_name() {
        let of = |bucket: &str, key: &str| name_of(None, bucket, key);
        let name = of("b", "2026/day 1/big.iso");
        assert_eq!(name, of("b", "2026/day 1/big.iso"), "the next receipt takes its place");
        assert!(name.starts_with("b_2026_day 1_big.iso."), "{name}");
        let long = "ü".repeat(512);
        let names = [
            of("b", "a/b"),
            of("b", "a__b"),
            of("b", "a_b"),
            of("b/a", "b"),
            of("c", "a/b"),
            name_of(Some("http://127.0.0.1:9000"), "b", "a/b"),
            of("b", "A/B"),
            of("b", &long),
            of("b", &format!("{long}/")),
            of("b", ""),
            of("b", ".."),
            of("b", "/etc/x"),
            of("con", r"C:\new"),
            of("b", "a:b?<>|*\"\u{1b}\n."),
        ];
        // a disk may take A and a for one
        let different: std::collections::HashSet<String> =
            names.iter().map(|name| name.to_lowercase()).collect();
        assert_eq!(different.len(), names.len(), "{names:?}");
        for name in &names {
            assert!(name.len() <= 255 && name.ends_with(".receipt.json"), "{name}");
            let refused = |c: char| c.is_control() || r#"/\:*?"<>|"#.contains(c);
            assert!(!name.contains(refused) && !name.starts_with('.'), "{name}");
        }
        assert_eq!(name_of(Some("http://H:9/"), "b", "k"), name_of(Some("http://h:9"), "b", "k"));
    }
}
