//! The lists of this user: every folder that a run of Windlass keeps a journal in, so that none takes off what another goes
//! on with. Knows folders and files; asks no server.

use crate::fault::{Fault, FaultKind, Why};
use crate::private;
use crate::unfinished::held_in;
use crate::world::World;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Of uploads that another list goes on with: the UploadId, and the list's folder.
pub(crate) type HeldElsewhere = HashMap<String, PathBuf>;

pub(crate) fn held(folder: &Path) -> Fault {
    let folder = folder.display().to_string();
    Fault::because(FaultKind::Unsupported, Why::HeldElsewhere { folder })
}

impl World {
    /// Notes this list among the others. One that cannot be noted works all the same.
    pub(crate) fn keep_in_mind(&self, lists: &Path) {
        let _ = self.lists.set(lists.to_owned());
        let Some(folder) = self.folder.to_str() else { return };
        let mut hasher = DefaultHasher::new();
        folder.hash(&mut hasher);
        let note = lists.join(format!("{:016x}", hasher.finish()));
        let noted = private::folder(lists).and_then(|()| {
            let mut note = private::options().create(true).truncate(true).open(note)?;
            note.write_all(folder.as_bytes())
        });
        if let Err(error) = noted {
            tracing::warn!(%error, "this list is not known to other runs");
        }
    }

    /// What the other lists of this user go on with in a bucket.
    pub(crate) async fn held_elsewhere(&self, bucket: &str) -> HeldElsewhere {
        let Some(lists) = self.lists.get().cloned() else { return HashMap::new() };
        let (own, bucket) = (self.folder.clone(), bucket.to_owned());
        let looked = tokio::task::spawn_blocking(move || {
            let mut held = HashMap::new();
            for folder in known(&lists).into_iter().filter(|folder| *folder != own) {
                let all = held_in(&folder).unwrap_or_default();
                let there = all.into_iter().filter(|(of, _)| *of == bucket);
                held.extend(there.map(|(_, name)| (name.upload_id, folder.clone())));
            }
            held
        });
        looked.await.unwrap_or_default()
    }
}

/// The folders that are noted and still there; notes of others are removed.
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
