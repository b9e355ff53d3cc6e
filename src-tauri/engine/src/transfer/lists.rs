//! The other lists of this user, and the uploads of the server that they go on with.

use crate::persistence::journal;
use crate::persistence::lists::{HeldElsewhere, known};
use crate::system::private;
use crate::transfer::shared::Shared;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::path::Path;

impl Shared {
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
                let all = journal::held_in(&folder.join("journal.sqlite")).unwrap_or_default();
                let there = all.into_iter().filter(|(of, ..)| *of == bucket);
                held.extend(there.map(|(_, _, upload_id)| (upload_id, folder.clone())));
            }
            held
        });
        looked.await.unwrap_or_default()
    }
}
