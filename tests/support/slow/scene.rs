//! The environment of one case: a bucket, a line to the server, folders; and the bucket's content, which is read directly and
//! not over the line.

use super::{
    cost::Mark,
    table::{Files, Line},
};
use crate::{ReferenceClient, Relay, Server, files, place};
use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::Arc,
};
use tempfile::TempDir;

/// The files of all cases. They are read only.
pub(super) struct Sources(TempDir);

impl Sources {
    pub(super) fn create<'a>(wanted: impl Iterator<Item = &'a Files>) -> Sources {
        let sources = Sources(place::scratch());
        for set in wanted {
            if sources.folder(set).is_dir() {
                continue;
            }
            std::fs::create_dir(sources.folder(set)).unwrap();
            for (name, seed) in set.names().iter().zip(1..) {
                let path = sources.file(name);
                if set.sparse {
                    File::create(path).unwrap().set_len(set.size).unwrap();
                } else {
                    files::write(&path, seed, set.size);
                }
            }
        }
        sources
    }

    pub(super) fn folder(&self, set: &Files) -> PathBuf {
        self.0.path().join(set.id)
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

pub(super) struct Scene {
    pub(super) server: Arc<Server>,
    pub(super) relay: Relay,
    pub(super) bucket: String,
    pub(super) sources: Arc<Sources>,
    pub(super) line: &'static Line,
    pub(super) files: &'static Files,
    reference: ReferenceClient,
    folder: TempDir,
    round: usize,
}

impl Scene {
    pub(super) async fn new(
        server: Arc<Server>,
        sources: Arc<Sources>,
        name: &str,
        line: &'static Line,
        files: &'static Files,
    ) -> Scene {
        let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        let bucket: String = name.chars().map(letter).collect();
        let reference = ReferenceClient::new(&server);
        reference.create_bucket(&bucket).await;
        let relay = Relay::to(&server.endpoint, line.relay());
        let folder = place::scratch();
        Scene { server, relay, bucket, sources, line, files, reference, folder, round: 0 }
    }

    /// From here on other keys and another state.
    pub(super) fn next_round(&mut self) {
        self.round += 1;
    }

    /// What the keys of this round begin with.
    pub(super) fn prefix(&self) -> String {
        format!("{}/", self.round)
    }

    /// Of this round: where the program keeps its journal.
    pub(super) fn state(&self) -> PathBuf {
        self.folder.path().join(format!("state-{}", self.round))
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// At a break: ends all connections, waits for what the server does with what it was given, and asks it.
    pub(super) async fn mark(&self) -> Mark {
        self.relay.cut().await;
        Mark { crossed: self.relay.crossed(), stored: self.stored().await }
    }

    /// Bytes of the bucket's objects and of the parts of its multipart uploads.
    async fn stored(&self) -> u64 {
        let mut bytes = 0;
        for (key, upload_id) in self.reference.uploads(&self.bucket).await {
            let parts = self.reference.parts(&self.bucket, &key, &upload_id).await;
            bytes += parts.iter().map(|(_, size)| size).sum::<u64>();
        }
        bytes + self.reference.bytes(&self.bucket).await
    }

    /// There is nothing in the bucket, and nothing on its way there.
    pub(super) async fn is_empty(&self) -> bool {
        self.reference.keys(&self.bucket, "").await.is_empty()
            && self.reference.uploads(&self.bucket).await.is_empty()
    }

    /// All files of this round are there, each with its own bytes, and nothing else.
    pub(super) async fn is_whole(&self) -> Result<(), String> {
        self.nothing_unfinished().await?;
        let names = self.files.names();
        let keys = self.reference.keys(&self.bucket, "").await;
        let missing = names.iter().find(|name| !keys.contains(&(self.prefix() + name)));
        if missing.is_some() || keys.len() != names.len() {
            return Err(format!(
                "it says that all is done: {} objects are there and {} were to be; the first that is missing: {missing:?}",
                keys.len(),
                names.len(),
            ));
        }
        for name in &names {
            let (key, path) = (self.prefix() + name, self.sources.file(name));
            if let Some(at) = self.reference.difference(&self.bucket, &key, &path).await {
                return Err(format!("{key} is another from byte {at} on"));
            }
        }
        Ok(())
    }

    pub(super) async fn nothing_unfinished(&self) -> Result<(), String> {
        match self.reference.uploads(&self.bucket).await.len() {
            0 => Ok(()),
            left => Err(format!("{left} multipart uploads are left on the server")),
        }
    }

    /// The disk need not hold what has been looked at.
    pub(super) async fn clear(&self) {
        for (key, upload_id) in self.reference.uploads(&self.bucket).await {
            self.reference.abort_upload(&self.bucket, &key, &upload_id).await;
        }
        for key in self.reference.keys(&self.bucket, "").await {
            self.reference.delete(&self.bucket, &key).await;
        }
    }
}
