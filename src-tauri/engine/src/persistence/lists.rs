//! The folders of all journals of this user, so that no run aborts a multipart upload that belongs to another.

use crate::fault::{Fault, FaultKind, Reason};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// The UploadIds that belong to another list, and that list's folder.
pub(crate) type HeldElsewhere = HashMap<String, PathBuf>;

pub(crate) fn held(folder: &Path) -> Fault {
    let folder = folder.display().to_string();
    Fault::because(FaultKind::Unsupported, Reason::HeldElsewhere { folder })
}

/// The recorded folders that still exist. Records of others are removed.
pub fn known(lists: &Path) -> Vec<PathBuf> {
    let Ok(notes) = std::fs::read_dir(lists) else { return vec![] };
    let mut folders = Vec::new();
    for note in notes.flatten().map(|note| note.path()) {
        match std::fs::read_to_string(&note).map(PathBuf::from) {
            Ok(folder) if folder.is_dir() => folders.push(folder),
            Ok(_) => drop(std::fs::remove_file(note)),
            Err(_) => {}
        }
    }
    folders
}
