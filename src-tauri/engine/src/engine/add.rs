//! How files come into the queue: by path, or found by a survey of what was dropped. Knows no worker.

use super::{AT_ONCE, Engine};
use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::key_template::{Given, Pattern, composed};
use crate::model::lock::locked;
use crate::model::object_options::Options;
use crate::model::part_plan::check_key;
use crate::model::query::Selection;
use crate::model::upload::{Id, IfExists, Target};
use crate::persistence::journal::NewEntry;
use crate::scheduling::deadline::Deadline;
use crate::system::disk::on_disk;
use crate::system::local_file::Source;
use crate::system::paths::absolute;
use crate::system::walk::left_out::Skipped;
use crate::system::walk::spill::Mark;
use crate::system::walk::{Found, Scan, Walk, Wanted};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One file to queue.
#[derive(Clone, Debug)]
pub struct NewUpload {
    pub path: PathBuf,
    pub target: Target,
    pub if_exists: IfExists,
    pub options: Options,
    /// Bytes; none is the settings' or automatic.
    pub part_size: Option<u64>,
}

/// What a survey found, to be queued.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct AddRequest {
    pub scan: u32,
    pub connection: String,
    pub bucket: String,
    /// A folder, or a pattern with `{folder}` and `{name}`.
    pub prefix: String,
    pub if_exists: IfExists,
    pub options: Options,
}

/// Asks which keys a survey's files would get.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct KeysQuery {
    pub scan: u32,
    /// Where they would go.
    pub connection: String,
    /// Empty if none is chosen yet.
    pub bucket: String,
    pub prefix: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Keys {
    /// The first three.
    pub first: Vec<String>,
    /// Files that are kept beside another of the same key, by the pattern alone.
    pub renamed: u32,
    /// What would end before all of them are sent, by the rate that the connection's line had before.
    pub deadline: Option<Deadline>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Added {
    pub count: u32,
    pub ids: Vec<Id>,
}

impl Engine {
    /// Queues files that are known by path.
    ///
    /// # Errors
    /// `SourceMissing` or `Unsupported` for the first that cannot be queued; none is queued then.
    pub async fn queue(&self, uploads: Vec<NewUpload>) -> Result<Vec<Id>> {
        let added_at = self.shared.wall_clock();
        let wanted = self.shared.settings.settings().part_size;
        let mut entries = Vec::with_capacity(uploads.len());
        for upload in uploads {
            // the journal outlives the folder that this process is in
            let path = absolute(&upload.path);
            let (_, fingerprint) = Source::open(&path).await?;
            self.check_stored(&upload.target.connection, &upload.options).await?;
            check_key(&upload.target.key)?;
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            entries.push(NewEntry {
                path,
                name,
                fingerprint,
                target: upload.target,
                if_exists: upload.if_exists,
                options: upload.options,
                wanted_part_size: upload.part_size.or(wanted),
                added_at,
            });
        }
        let mut ids = Vec::with_capacity(entries.len());
        let mut entries = entries.into_iter();
        loop {
            let some: Vec<NewEntry> = entries.by_ref().take(AT_ONCE).collect();
            if some.is_empty() {
                return Ok(ids);
            }
            self.add_some(some, &mut ids).await?;
        }
    }

    /// Queued after those with these numbers, which they join; where they cannot be, those are taken back.
    async fn add_some(&self, entries: Vec<NewEntry>, ids: &mut Vec<Id>) -> Result<()> {
        match self.shared.journal.add(entries).await {
            Ok(added) => ids.extend(added),
            Err(fault) => {
                let _ = self.abort(Selection::Ids { ids: ids.clone() }).await;
                let _ = self.forget(Selection::Ids { ids: ids.clone() }).await;
                return Err(fault);
            }
        }
        // the first are shown, and begin, while the others are still written down
        self.shared.mark_changed();
        self.shared.wake.notify_one();
        Ok(())
    }

    /// Begins to walk what was dropped; the number asks for its progress.
    pub fn scan(&self, paths: Vec<PathBuf>) -> u32 {
        let paths: Vec<PathBuf> = paths.iter().map(|path| absolute(path)).collect();
        let mut walks = locked(&self.walks);
        let id = walks.keys().max().copied().unwrap_or(0) + 1;
        let walk = Walk::start(id);
        walks.insert(id, walk.clone());
        let settings = self.shared.settings.settings();
        let wanted = Wanted {
            hidden: settings.hidden_files,
            links: settings.follow_links,
            part_size: settings.part_size,
        };
        tokio::spawn(async move {
            let first: Arc<Path> = paths.first().map_or(Path::new(""), PathBuf::as_path).into();
            let walking = walk.clone();
            let walked = on_disk(&first, move |work| {
                walking.run(&paths, wanted, &|| work.moves());
            });
            if let Err(fault) = walked.await {
                walk.give_up(fault);
            }
        });
        id
    }

    /// The keys as `add` would give them just now.
    ///
    /// # Errors
    /// `Bug` where there is no such survey.
    pub async fn keys(&self, query: KeysQuery) -> Result<Keys> {
        let walk = self.walk(query.scan)?;
        let Scan { bytes, largest, .. } = walk.scan();
        let to = (&query.connection[..], &query.bucket[..], &query.prefix[..]);
        let deadline = self.deadline_ahead(to, (bytes, largest)).await;
        let keys = tokio::task::spawn_blocking(move || {
            let mut keys = Keys { first: Vec::new(), renamed: 0, deadline };
            let mut named = Named::of(walk, &query.prefix);
            loop {
                let some = named.next()?;
                if some.is_empty() {
                    return Ok(keys);
                }
                for (_, key, own) in some {
                    keys.renamed += u32::from(!own);
                    if keys.first.len() < 3 {
                        keys.first.push(key);
                    }
                }
            }
        });
        keys.await.map_err(|_| Fault::new(FaultKind::Bug, "the keys were not made"))?
    }

    fn walk(&self, id: u32) -> Result<Walk> {
        let walk = locked(&self.walks).get(&id).cloned();
        walk.ok_or_else(|| Fault::new(FaultKind::Bug, "no such survey"))
    }

    /// # Errors
    /// `Bug` where there is no such survey.
    pub fn scan_progress(&self, id: u32) -> Result<Scan> {
        self.walk(id).map(|walk| walk.scan())
    }

    /// All that an ended survey left out, some at a time, each time to `tell`.
    ///
    /// # Errors
    /// `Bug` where there is no such survey; `Storage` where the list cannot be read.
    pub fn left_out(&self, id: u32, mut tell: impl FnMut(&[Skipped])) -> Result<()> {
        let (walk, mut mark) = (self.walk(id)?, Mark::default());
        loop {
            let (some, next) = walk.left_out(mark, NAMED_AT_ONCE).map_err(|error| {
                let detail = format!("the list of what is left out cannot be read: {error}");
                Fault::new(FaultKind::Storage, detail)
            })?;
            if some.is_empty() {
                return Ok(());
            }
            tell(&some);
            mark = next;
        }
    }

    pub fn forget_scan(&self, id: u32) {
        if let Some(walk) = locked(&self.walks).remove(&id) {
            walk.stop();
        }
    }

    /// All keys are looked at before the first is queued.
    async fn check_keys(walk: Walk, prefix: &str) -> Result<()> {
        let mut named = Named::of(walk, prefix);
        loop {
            let (next, some) = named.in_background().await?;
            named = next;
            if some.is_empty() {
                return Ok(());
            }
            for (found, key, _) in some {
                check_key(&key).map_err(|fault| of_file(fault, &found.relative))?;
            }
        }
    }

    /// Queues everything a survey found.
    ///
    /// # Errors
    /// `Unsupported` where a key would be too long or S3 takes no such options, naming it; `Credentials` where the user's
    /// own key is not here. Nothing is queued then.
    pub async fn add(&self, request: AddRequest) -> Result<Added> {
        let walk = self.walk(request.scan)?;
        if request.bucket.is_empty() {
            return Err(Fault::because(FaultKind::WrongPlace, Reason::NoBucket));
        }
        self.check_stored(&request.connection, &request.options).await?;
        let (added_at, wanted) =
            (self.shared.wall_clock(), self.shared.settings.settings().part_size);
        Self::check_keys(walk.clone(), &request.prefix).await?;
        let mut named = Named::of(walk, &request.prefix);
        let mut ids = Vec::new();
        loop {
            let (next, some) = named.in_background().await?;
            named = next;
            if some.is_empty() {
                break;
            }
            let entry = |(found, key, _): (Found, String, bool)| NewEntry {
                name: found.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
                path: found.path,
                fingerprint: found.fingerprint,
                target: Target {
                    connection: request.connection.clone(),
                    bucket: request.bucket.clone(),
                    key,
                },
                if_exists: request.if_exists,
                options: request.options.clone(),
                wanted_part_size: wanted,
                added_at,
            };
            self.add_some(some.into_iter().map(entry).collect(), &mut ids).await?;
        }
        self.forget_scan(request.scan);
        Ok(Added { count: u32::try_from(ids.len()).unwrap_or(u32::MAX), ids })
    }
}

/// Files in memory at a time with all that is queued of them.
const NAMED_AT_ONCE: usize = 500;

/// The files of a walk with the keys that a pattern gives them, some at a time.
struct Named {
    walk: Walk,
    mark: Mark,
    pattern: Pattern,
    given: Given,
}

impl Named {
    fn of(walk: Walk, prefix: &str) -> Self {
        let (pattern, given) = (Pattern::new(prefix), Given::default());
        Self { walk, mark: Mark::default(), pattern, given }
    }

    /// The next files, none at the end: each with a key that no other has, and whether it is the one that the pattern
    /// makes.
    fn next(&mut self) -> Result<Vec<(Found, String, bool)>> {
        let (found, mark) = self.walk.found(self.mark, NAMED_AT_ONCE).map_err(|error| {
            Fault::new(FaultKind::Storage, format!("the list of files cannot be read: {error}"))
        })?;
        self.mark = mark;
        let named = found.into_iter().map(|file| {
            let key = self.pattern.key(&file.relative, &parent_of(&file));
            let free = self.given.free(key.clone());
            let own = free == key;
            (file, free, own)
        });
        Ok(named.collect())
    }

    /// The same on a thread that may wait for a disk.
    async fn in_background(mut self) -> Result<(Self, Vec<(Found, String, bool)>)> {
        let next = tokio::task::spawn_blocking(move || self.next().map(|some| (self, some)));
        next.await.map_err(|_| Fault::new(FaultKind::Bug, "the keys were not made"))?
    }
}

/// The same, naming which of many files it is about.
fn of_file(mut fault: Fault, name: &str) -> Fault {
    match fault.reason.get() {
        Some(Reason::KeyTooLong { bytes, .. }) => {
            let (bytes, file) = (*bytes, Some(name.to_owned()));
            fault.say(Reason::KeyTooLong { bytes, file });
        }
        _ => fault.detail = format!("{name}: {}", fault.detail),
    }
    fault
}

/// The name of the folder that it lies in, as keys are written.
fn parent_of(file: &Found) -> String {
    let name = file.path.parent().and_then(|parent| parent.file_name());
    name.map(|name| composed(&name.to_string_lossy())).unwrap_or_default()
}
