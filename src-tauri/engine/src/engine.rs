//! The engine's face: open, add, pause, resume, retry, abort, forget, page. Knows no window and no terminal.

mod add;
mod answer;
mod cancel;
pub(crate) mod connection_check;
pub(crate) mod connections;
mod deadlines;
pub(crate) mod import;
pub(crate) mod incomplete;
mod notices;
mod object_options;
mod queries;
pub(crate) mod receipts;
mod reorder;
mod run_loop;
#[cfg(test)]
mod sentences;
pub(crate) mod sign_in;
pub(crate) mod verification;
pub(crate) mod view;

pub use add::{AddRequest, Added, Keys, KeysQuery, NewUpload};
pub use object_options::{Link, Presign};

use crate::engine::verification::Progress;
use crate::fault::{Fault, FaultKind, Result};
use crate::model::lock::locked;
use crate::model::query::Selection;
use crate::model::upload::{Id, Intent, Phase, Transition};
use crate::persistence::journal::{Entry, Journal, has_scratch};
use crate::persistence::settings::{Settings, SettingsFile};
use crate::system::keychain::Secrets;
use crate::system::paths::absolute;
use crate::system::walk::Walk;
use crate::system::{private, threads};
use crate::transfer;
use crate::transfer::shared::Shared;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;

/// Entries of one write of the journal, so that whoever asks it meanwhile waits for milliseconds.
pub(crate) const AT_ONCE: usize = 2_000;

/// How long the queue rests after a panic of its own, so that one that comes back does not keep a processor busy.
const AFTER_A_PANIC: Duration = Duration::from_secs(1);

/// Where an engine lives.
#[derive(Clone, Debug)]
pub struct EngineConfig {
    /// Journal and settings are in here.
    pub folder: PathBuf,
    /// How long a server may stay out of reach before an upload fails; none waits for ever.
    pub patience: Option<Duration>,
}

#[derive(Clone)]
pub struct Engine {
    pub(crate) shared: Arc<Shared>,
    walks: Arc<Mutex<HashMap<u32, Walk>>>,
    verifications: Arc<Mutex<HashMap<u32, (Progress, tokio::task::AbortHandle)>>>,
    looks: Arc<Mutex<BTreeMap<u32, incomplete::Looking>>>,
    /// Held while an entry that nobody drives is changed or taken on, so that the two do not cross.
    hands: Arc<tokio::sync::Mutex<()>>,
    /// Cancelled to be forgotten: the row goes when the server is clean.
    forgetting: Arc<Mutex<HashSet<Id>>>,
    closing: watch::Sender<bool>,
    sign_ins: sign_in::SignIns,
    /// Held as long as the engine lives: one engine a folder.
    _lock: Arc<std::fs::File>,
}

impl Engine {
    /// Opens journal and settings. Nothing is sent before `start`.
    ///
    /// # Errors
    /// `Storage` where the folder cannot be used, or another Windlass uses it.
    pub fn open(config: &EngineConfig) -> Result<Self> {
        windlass_heap::lean();
        let lock = hold(&config.folder)?;
        let (settings, settings_aside) = SettingsFile::open(&config.folder.join("settings.json"))?;
        threads::set_low_priority(settings.settings().low_priority);
        let (journal, journal_aside) = Journal::open(&config.folder.join("journal.sqlite"))?;
        let folder = absolute(&config.folder);
        let shared = Shared::new(folder, journal, settings, Secrets::default(), config.patience);
        locked(&shared.notices).extend(notices::put_aside(journal_aside, settings_aside));
        Ok(Self {
            shared: Arc::new(shared),
            walks: Arc::default(),
            verifications: Arc::default(),
            looks: Arc::default(),
            hands: Arc::default(),
            forgetting: Arc::default(),
            closing: watch::Sender::new(false),
            sign_ins: sign_in::SignIns::default(),
            _lock: Arc::new(lock),
        })
    }

    /// Where the lists of this user are kept in mind: this one for the others, and the others for this one, which takes
    /// off nothing that they go on with. To be called once, before anything is asked.
    pub fn keep_in_mind(&self, lists: &Path) {
        self.shared.keep_in_mind(lists);
    }

    /// Deletes what a run with another folder left on the servers of this one's connections, if it was killed during a
    /// probe. A run that goes on keeps its own.
    pub async fn tidy_after(&self, folder: &Path) {
        let path = folder.join("journal.sqlite");
        if !has_scratch(&path).unwrap_or(false) {
            return;
        }
        let Ok(_lock) = hold(folder) else { return };
        let Ok((journal, _)) = Journal::open(&path) else { return };
        self.shared.tidy(&journal).await;
        let _ = journal.settle().await;
    }

    /// Goes on with what is in the journal, and with all that is added. To be called once, in a tokio runtime.
    pub fn start(&self) {
        let engine = self.clone();
        tokio::spawn(async move {
            // in a task of its own, so that a panic does not stop the queue for good
            while tokio::spawn(engine.clone().dispatch()).await.is_err_and(|ended| ended.is_panic())
            {
                tokio::time::sleep(AFTER_A_PANIC).await;
            }
        });
    }

    /// A receiver that changes whenever something that is shown has changed.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.shared.changes()
    }

    /// Answers once nothing is under way any more, or where that came to be since it was asked last. For one who waits.
    pub async fn rests(&self) {
        self.shared.rests.notified().await;
    }

    /// Lets go of every upload, on the disk where it stands. What was in flight is lost, what was stored is not.
    pub async fn close(&self) {
        self.end_undo().await;
        self.closing.send_replace(true);
        for upload in self.shared.active_uploads() {
            upload.request_stop();
        }
        let mut changes = self.changes();
        while !self.shared.active_uploads().is_empty() {
            if tokio::time::timeout(Duration::from_secs(5), changes.changed()).await.is_err() {
                break;
            }
        }
        // what was being asked is nobody's any more
        self.shared.tidy(&self.shared.journal).await;
        let _ = self.shared.journal.settle().await;
        for connection in self.shared.settings.connections() {
            self.shared.save_link_estimate(&connection.id);
        }
    }

    pub async fn pause(&self, selection: Selection) -> Result<()> {
        self.want(selection, Intent::Pause).await
    }

    pub async fn resume(&self, selection: Selection) -> Result<()> {
        self.want(selection, Intent::Run).await
    }

    async fn want(&self, selection: Selection, intent: Intent) -> Result<()> {
        let _hands = self.hands.lock().await;
        let ids = match selection {
            Selection::All => {
                self.shared.journal.set_all_waiting(intent).await?;
                self.shared.active_uploads().iter().map(|upload| upload.id).collect()
            }
            Selection::Ids { ids } => ids,
        };
        self.change(ids, move |entry| {
            if entry.intent == Intent::Abort || entry.phase.is_ended() {
                return false;
            }
            entry.intent = intent;
            true
        })
        .await
    }

    /// A failed or cancelled upload again.
    pub async fn retry(&self, selection: Selection) -> Result<()> {
        let _hands = self.hands.lock().await;
        let ids = match selection {
            Selection::All => self.shared.journal.ids(&["failed"]).await?,
            Selection::Ids { ids } => ids,
        };
        self.drop_undo(&ids);
        self.change(ids, again).await
    }

    /// Takes ended uploads off the list; what a failed one left on the server goes first. Answers those that are off it.
    pub async fn forget(&self, selection: Selection) -> Result<Vec<Id>> {
        let _hands = self.hands.lock().await;
        let ids = match selection {
            Selection::All => self.shared.journal.ids(&["done", "skipped", "aborted"]).await?,
            Selection::Ids { ids } => ids,
        };
        self.drop_undo(&ids);
        let (mut off, mut to_cancel) = (Vec::new(), Vec::new());
        for some in ids.chunks(AT_ONCE) {
            self.until_released(some).await;
            let entries = self.shared.journal.entries(some.to_vec()).await?;
            let ended = entries.iter().filter(|entry| entry.phase.is_ended() || entry.undoable);
            let (gone, left): (Vec<&Entry>, Vec<&Entry>) = ended
                .partition(|entry| entry.phase == Phase::Done || !entry.may_be_on_the_server());
            gone.iter().filter_map(|entry| entry.copy.as_deref()).for_each(transfer::drop_copy);
            let gone: Vec<Id> = gone.iter().map(|entry| entry.id).collect();
            self.shared.journal.forget(gone.clone()).await?;
            off.extend(gone);
            to_cancel.extend(left.iter().map(|entry| entry.id));
        }
        if to_cancel.is_empty() {
            self.shared.mark_changed();
            self.shared.wake.notify_one();
            return Ok(off);
        }
        self.cancel_to_forget(to_cancel).await?;
        Ok(off)
    }

    /// An upload that has ended is its worker's for a moment longer, and an edit in that moment would be lost.
    async fn until_released(&self, ids: &[Id]) {
        let mut changes = self.changes();
        let ending = |id: &Id| {
            let over = |entry: &Entry| entry.phase.is_ended() || entry.undoable;
            self.shared.active_upload(*id).is_some_and(|upload| upload.read(over))
        };
        while ids.iter().any(ending) {
            if changes.changed().await.is_err() {
                return;
            }
        }
    }

    /// Edits entries, driven or not. `edit` answers whether anything was changed.
    async fn change(
        &self,
        ids: Vec<Id>,
        edit: impl Fn(&mut Entry) -> bool + Clone + Send + 'static,
    ) -> Result<()> {
        // some at a time: whoever looks at the queue meanwhile is answered in between
        for some in ids.chunks(AT_ONCE) {
            self.until_released(some).await;
            let mut idle = Vec::with_capacity(some.len());
            for id in some {
                // looked up once: a worker may let go of it at any moment, and an edit must not fall in between
                let Some(upload) = self.shared.active_upload(*id) else {
                    idle.push(*id);
                    continue;
                };
                let mut entry = upload.entry();
                if edit(&mut entry) {
                    upload.want(entry.intent);
                    upload.save_soon(&self.shared.journal);
                }
            }
            self.shared.journal.change(idle, edit.clone()).await?;
            self.shared.mark_changed();
        }
        self.shared.journal.settle().await?;
        self.shared.mark_changed();
        self.shared.wake.notify_one();
        Ok(())
    }

    pub fn settings(&self) -> Settings {
        self.shared.settings.settings()
    }

    /// # Errors
    /// `Unsupported` for a part size outside S3's limits, `Storage` where they cannot be written.
    pub fn save_settings(&self, settings: Settings) -> Result<Settings> {
        if let Some(part_size) = settings.part_size {
            crate::model::part_plan::Plan::for_size(0, Some(part_size))?;
        }
        let before = self.settings();
        self.shared.settings.set_settings(settings.clone())?;
        if before.connections != settings.connections {
            self.shared.connection_pool.set(settings.connections);
        }
        self.shared.heed_limit();
        if before.limit_hours != settings.limit_hours {
            // what is told of the limit may be new where the limit is not
            self.shared.mark_changed();
        }
        threads::set_low_priority(settings.low_priority);
        self.shared.wake.notify_one();
        Ok(settings)
    }
}

fn again(entry: &mut Entry) -> bool {
    let event = if entry.undoable { Transition::AbortUndone } else { Transition::Again };
    let Some(phase) = entry.phase.on(event) else { return false };
    // one that failed keeps its answer; one that was cancelled is asked about anew
    if !matches!(entry.phase, Phase::Failed(_)) {
        entry.question = None;
    }
    entry.phase = phase;
    entry.undoable = false;
    entry.intent = Intent::Run;
    entry.finished_at = None;
    true
}

/// One engine a folder: two would drive the same uploads.
fn hold(folder: &std::path::Path) -> Result<std::fs::File> {
    let storage = |reason: String| Fault::new(FaultKind::Storage, reason);
    private::folder(folder).map_err(|error| {
        storage(format!("the folder {} cannot be made: {error}", folder.display()))
    })?;
    let path = folder.join("windlass.lock");
    let file = private::options().create(true).truncate(false).open(&path);
    let file =
        file.map_err(|error| storage(format!("{} cannot be opened: {error}", path.display())))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => {
            Err(storage(format!("another Windlass is using {}", folder.display())))
        }
        Err(std::fs::TryLockError::Error(error)) => {
            Err(storage(format!("{}: {error}", path.display())))
        }
    }
}
