//! Receipt files and their names, and the receipts in this computer's journals.

use crate::state;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use windlass_engine::{Connection, Detail, Engine, Fault, FaultKind, Receipt, Result};

/// Writes the receipt of a finished upload to a folder, which is created if necessary.
///
/// # Errors
/// `Storage`, if it cannot be written.
pub(crate) async fn write(engine: &Engine, detail: &Detail, folder: &Path) -> Result<PathBuf> {
    let receipt = engine.receipt(detail.row.id).await?;
    std::fs::create_dir_all(folder).map_err(|error| {
        let place = folder.display();
        Fault::new(FaultKind::Storage, format!("the receipt cannot be written to {place}: {error}"))
    })?;
    let path = folder.join(name_of(receipt.endpoint.as_deref(), &receipt.bucket, &receipt.key));
    receipt.write(&path)?;
    Ok(path)
}

/// Length of the readable part of a name, in bytes: well below the limit of any file system, even if it encrypts names.
const READABLE: usize = 100;
/// Number of hexadecimal digits that make names unique.
const DIGITS: usize = 20;

/// The file name of an object's receipt: a readable part, then digits that make it unique on every file system, including
/// those that ignore case.
fn name_of(endpoint: Option<&str>, bucket: &str, key: &str) -> String {
    let server = bare(endpoint).unwrap_or_default();
    let mut digest = Sha256::new();
    for piece in [&server, bucket, key] {
        // no endpoint, bucket or key contains a NUL, so the fields cannot run together
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
    // a truncated name does not start with a dot, or like a device name of Windows
    let cut = if from == 0 { "" } else { "_" };
    format!("{cut}{}.{digits}.receipt.json", &name[from..])
}

/// The latest receipt of an object on this computer, preferably from that server.
///
/// # Errors
/// `Storage`, if the folder cannot be read. A journal that cannot be read is reported in `messages` and skipped.
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

/// Whether a receipt is from this connection's server. A server can have several names, but a name has one server.
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
        assert_eq!(name, of("b", "2026/day 1/big.iso"), "the next receipt replaces it");
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
        // some file systems ignore case
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
