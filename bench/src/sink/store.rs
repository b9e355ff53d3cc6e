//! What the sink remembers in place of bytes: objects, uploads and their parts, with sizes and sums. No sockets.

use super::sums::{Algorithm, Sum};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

#[derive(Clone, Debug)]
pub(super) struct Object {
    pub(super) size: u64,
    pub(super) etag: String,
    /// the whole object's
    pub(super) sum: Option<Sum>,
    /// seconds after the first request
    pub(super) at: f64,
}

#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) size: u64,
    pub(super) etag: String,
    pub(super) sum: Option<Sum>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Upload {
    pub(super) object: String,
    /// that Create named
    pub(super) algorithm: Option<Algorithm>,
    pub(super) full_object: bool,
    pub(super) parts: BTreeMap<u32, Part>,
}

impl Upload {
    pub(super) fn size(&self) -> u64 {
        self.parts.values().map(|part| part.size).sum()
    }

    /// The whole object's sum from its parts', where each has one.
    pub(super) fn combined(&self) -> Option<Sum> {
        let mut parts = self.parts.values();
        let first = parts.next()?.sum?;
        parts.try_fold(first, |sum, part| sum.then(part.sum?, part.size))
    }
}

#[derive(Default)]
pub(super) struct Held {
    pub(super) objects: HashMap<String, Object>,
    pub(super) uploads: HashMap<String, Upload>,
    /// bodies that began: an upload's part or a key, to count those that come again
    pub(super) begun: HashSet<(String, u32)>,
    uploads_ever: u64,
}

impl Held {
    /// The upload id.
    pub(super) fn create(&mut self, upload: Upload) -> String {
        self.uploads_ever += 1;
        let id = format!("upload{}", self.uploads_ever);
        self.uploads.insert(id.clone(), upload);
        id
    }

    pub(super) fn forget(&mut self) {
        self.objects.clear();
        self.uploads.clear();
        self.begun.clear();
    }
}

#[derive(Default)]
pub(super) struct Store(Mutex<Held>);

impl Store {
    pub(super) fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
