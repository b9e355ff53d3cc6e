//! What all workers share: journal, connections, clock, clients, the network's state. Knows no single upload's course.

mod abort_rules;
mod answering;
mod clients;

use crate::fault::duration_text::seconds;
use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::connection::{Connection, Probed, Sign};
use crate::model::customer_key::{self, CustomerKey};
use crate::model::history::Event;
use crate::model::lock::locked;
use crate::model::notice::Notice;
use crate::model::object_options::{self, Options};
use crate::model::time::EngineTime;
use crate::model::upload::{Id, Phase};
use crate::persistence::journal::Journal;
use crate::persistence::settings::SettingsFile;
use crate::s3::body::{BufferPool, Throttle};
use crate::s3::{Ending, S3, Sessions};
use crate::scheduling::bandwidth_schedule::{self, InForce};
use crate::scheduling::connection_pool::ConnectionPool;
use crate::scheduling::queue_policy;
use crate::scheduling::undo::UndoList;
use crate::system::keychain::Secrets;
use crate::system::wall_clock;
use crate::transfer::active::ActiveUpload;
use abort_rules::AbortRules;
use answering::Answering;
use clients::Clients;
use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::{Notify, OwnedMutexGuard, watch};

/// Uploads whose speed is remembered after they ended: 64 of 5 KB.
const REMEMBERED: usize = 64;

pub(crate) struct Shared {
    pub(crate) folder: PathBuf,
    pub(crate) journal: Journal,
    pub(crate) settings: SettingsFile,
    pub(crate) secrets: Secrets,
    pub(crate) connection_pool: ConnectionPool,
    pub(crate) throttle: Arc<Throttle>,
    pub(crate) buffer_pool: BufferPool,
    /// How long a server may stay out of reach before an upload fails; none waits for ever.
    pub(crate) patience: Option<Duration>,
    opened: Instant,
    revision: watch::Sender<u64>,
    /// Something to do for who hands out work: an upload was added, ended, or let go.
    pub(crate) wake: Notify,
    /// Nothing is driven any more.
    pub(crate) rests: Notify,
    clients: Clients,
    active_uploads: Mutex<HashMap<Id, Arc<ActiveUpload>>>,
    undo_list: Mutex<UndoList>,
    pub(super) answering: Answering,
    pub(crate) notices: Mutex<Vec<Notice>>,
    /// How fast the uploads went that were let off last, for who opens their details late.
    past: Mutex<VecDeque<(Id, Vec<u64>)>>,
    /// Places that were asked what they take before a connection to them was saved.
    pub(crate) probed: Mutex<Vec<(Connection, Probed)>>,
    /// That began with an MFA code.
    pub(crate) sessions: Sessions,
    /// Where the lists of this user are kept in mind.
    pub(crate) lists: OnceLock<PathBuf>,
    /// Of buckets that long uploads go to.
    pub(super) abort_rules: AbortRules,
    /// By connection; held while its server is asked: uploads that begin together ask once.
    asking: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

impl Shared {
    pub(crate) fn new(
        folder: PathBuf,
        journal: Journal,
        settings: SettingsFile,
        secrets: Secrets,
        patience: Option<Duration>,
    ) -> Self {
        let opened = Instant::now();
        let chosen = settings.settings();
        let limit =
            bandwidth_schedule::in_force(&chosen.limit_hours, chosen.limit, wall_clock::wall().0)
                .limit;
        Self {
            folder,
            journal,
            settings,
            secrets,
            connection_pool: ConnectionPool::new(chosen.connections, opened),
            throttle: Arc::new(Throttle::new(limit, opened)),
            buffer_pool: BufferPool::default(),
            patience,
            opened,
            revision: watch::Sender::new(1),
            wake: Notify::new(),
            rests: Notify::new(),
            clients: Clients::default(),
            active_uploads: Mutex::default(),
            undo_list: Mutex::default(),
            answering: Answering::default(),
            notices: Mutex::default(),
            past: Mutex::default(),
            probed: Mutex::default(),
            sessions: Sessions::default(),
            lists: OnceLock::new(),
            abort_rules: AbortRules::default(),
            asking: Mutex::default(),
        }
    }

    /// Time since the engine was opened.
    pub(crate) fn now(&self) -> EngineTime {
        self.opened.elapsed()
    }

    /// ms since 1970, for what is shown and journaled.
    #[allow(clippy::unused_self)] // a world's clock, so that nobody else asks the system
    pub(crate) fn wall_clock(&self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    pub(crate) async fn until(&self, tick: EngineTime) {
        tokio::time::sleep_until(tokio::time::Instant::from_std(self.opened + tick)).await;
    }

    /// The limit that settings and clock allow.
    pub(crate) fn limit_now(&self) -> InForce {
        let chosen = self.settings.settings();
        bandwidth_schedule::in_force(&chosen.limit_hours, chosen.limit, wall_clock::wall().0)
    }

    /// The lowest limit of any hour: parts that suit it are small enough for the others.
    pub(crate) fn lowest_limit(&self) -> Option<u64> {
        let chosen = self.settings.settings();
        let hours = chosen.limit_hours.iter().filter_map(|hours| hours.limit);
        hours.chain(chosen.limit).filter(|limit| *limit > 0).min()
    }

    /// Puts that in force, for what is under way too.
    pub(crate) fn heed_limit(&self) {
        if self.throttle.set(self.limit_now().limit) {
            self.mark_changed();
        }
    }

    /// How long the clock cannot change the limit; none where it never does. By the minute, as a computer that slept or
    /// was set to another time zone is found out then.
    pub(crate) fn limit_holds(&self) -> Option<Duration> {
        (!self.settings.settings().limit_hours.is_empty()).then(|| wall_clock::wall().1)
    }

    /// Where copies are kept of files that never keep still.
    pub(crate) fn copies(&self) -> PathBuf {
        self.folder.join("copies")
    }

    pub(crate) fn copy_of(&self, id: Id) -> PathBuf {
        self.copies().join(id.to_string())
    }

    /// Something that is shown has changed.
    pub(crate) fn mark_changed(&self) {
        self.revision.send_modify(|revision| *revision += 1);
    }

    pub(crate) fn revision(&self) -> u64 {
        *self.revision.borrow()
    }

    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.revision.subscribe()
    }

    pub(crate) fn record(&self, id: Id, what: &Event) {
        self.journal.record(id, self.wall_clock(), what);
    }

    fn uploads_by_id(&self) -> MutexGuard<'_, HashMap<Id, Arc<ActiveUpload>>> {
        locked(&self.active_uploads)
    }

    pub(crate) fn undo_list(&self) -> MutexGuard<'_, UndoList> {
        locked(&self.undo_list)
    }

    /// Bytes of each second of an upload that was let off lately.
    pub(crate) fn went(&self, id: Id) -> Vec<u64> {
        let past = locked(&self.past);
        past.iter().find(|(one, _)| *one == id).map(|(_, went)| went.clone()).unwrap_or_default()
    }

    pub(crate) fn active_uploads(&self) -> Vec<Arc<ActiveUpload>> {
        self.uploads_by_id().values().cloned().collect()
    }

    pub(crate) fn active_upload(&self, id: Id) -> Option<Arc<ActiveUpload>> {
        self.uploads_by_id().get(&id).cloned()
    }

    pub(crate) fn add_active(&self, upload: Arc<ActiveUpload>) {
        self.uploads_by_id().insert(upload.id, upload);
        self.mark_changed();
    }

    pub(crate) fn remove_active(&self, id: Id) {
        let (let_off, small, rests) = {
            let mut uploads = self.uploads_by_id();
            let let_off = uploads.remove(&id);
            let is_beside = |upload: &&Arc<ActiveUpload>| {
                let_off.as_ref().is_some_and(|off| off.connection == upload.connection)
                    && upload.is_small()
            };
            let small = uploads.values().filter(is_beside).count();
            (let_off, small, uploads.is_empty())
        };
        let looks = let_off.as_ref().is_none_or(|upload| {
            !upload.is_small()
                || queue_policy::small_wanted(
                    small,
                    self.connection_pool.allowed(&upload.connection),
                ) > 0
        });
        if let Some(upload) = let_off {
            // what went out since the last sample, and the second that is not over, belong to it
            upload.statistics.sample(self.now());
            let went = upload.statistics.meter(|meter| meter.whole_history(self.now()));
            let mut past = locked(&self.past);
            past.retain(|(one, _)| *one != id);
            past.push_front((id, went));
            past.truncate(REMEMBERED);
        }
        self.mark_changed();
        if looks {
            self.wake.notify_one();
        }
        if rests {
            self.rests.notify_one();
        }
    }

    /// To be held while a server is asked what it takes.
    pub(crate) async fn asking(&self, connection: &str) -> OwnedMutexGuard<()> {
        let asking = {
            let mut asking = locked(&self.asking);
            asking.entry(connection.to_owned()).or_default().clone()
        };
        asking.lock_owned().await
    }

    /// For the next start.
    pub(crate) fn save_link_estimate(&self, connection: &str) {
        if let Some(link_estimate) = self.connection_pool.link_estimate(connection) {
            self.settings.save_link_estimate(connection, link_estimate);
        }
    }

    /// The client of a connection, made once and again when the connection was changed.
    pub(crate) async fn s3(&self, id: &str) -> Result<S3> {
        let Some(connection) = self.settings.connection(id) else {
            return Err(Fault::because(FaultKind::Credentials, Reason::ConnectionRemoved));
        };
        // what the server was found to take, and how objects are stored, changes nothing about the client
        let connection = Connection { probed: None, stored: Options::default(), ..connection };
        if let Some(s3) = self.clients.made_for(&connection) {
            return Ok(s3);
        }
        let secret = match connection.sign {
            Sign::Keys { .. } => self.secrets.get(id).await?,
            _ => None,
        };
        let proxy_login = match connection.proxy.has_login() {
            true => self.secrets.proxy_login(id).await?,
            false => self.secrets.proxy_login_of_session(id),
        };
        let s3 = S3::connect(&connection, secret, proxy_login, &self.sessions);
        let s3 = Box::pin(s3).await?;
        self.clients.keep(connection, s3.clone());
        Ok(s3)
    }

    /// The connection as it is used, with the server that the AWS configuration names; as far as that was read already.
    pub(crate) fn as_used(&self, connection: &Connection) -> Connection {
        // only where it knows more: this is asked for every row that is shown
        let client = match connection.asks_the_aws_configuration() {
            true => self.clients.of(&connection.id),
            false => None,
        };
        match client {
            Some(s3) => Connection {
                endpoint: s3.used().endpoint.clone(),
                path_style: s3.used().path_style,
                preset: s3.used().preset.clone(),
                ..connection.clone()
            },
            None => connection.clone(),
        }
    }

    /// The user's own key that these options name; none where they name none.
    ///
    /// # Errors
    /// `Unsupported` where it may not travel to this connection, `Credentials` where it is not here, `Keychain`.
    pub(crate) async fn customer_key(
        &self,
        connection: &str,
        options: &Options,
    ) -> Result<Option<CustomerKey>> {
        let Some(md5) = &options.customer_key else { return Ok(None) };
        if let Some(known) = self.settings.connection(connection) {
            if known.asks_the_aws_configuration() {
                self.s3(connection).await?;
            }
            object_options::check_way(options, self.as_used(&known).endpoint.as_deref())?;
        }
        match self.secrets.customer_key(md5).await {
            Ok(Some(key)) => Ok(Some(key)),
            Ok(None) => Err(customer_key::missing(md5)),
            // without a keychain it is nowhere but in memory
            Err(_) if !self.settings.customer_keys().iter().any(|key| key.md5 == *md5) => {
                Err(customer_key::missing(md5))
            }
            Err(fault) => Err(fault),
        }
    }

    /// When the credentials of a connection end, as far as that is known.
    pub(crate) fn ending(&self, id: &str) -> Option<Ending> {
        self.clients.of(id)?.ending()
    }

    /// New keys and addresses are used from now on, by what waits for a server that cannot be reached too.
    pub(crate) fn forget_client(&self, id: &str) {
        self.clients.forget(id);
        self.abort_rules.forget(id);
        for upload in self.active_uploads() {
            if upload.is_offline() && *upload.connection == *id {
                upload.request_stop();
            }
        }
    }

    /// The journal cannot be written, and somebody is there to wait until it can.
    pub(crate) fn waits_for_journal(&self) -> bool {
        self.patience.is_none() && self.journal.trouble().is_some()
    }

    /// After a sleep the connections that were open lead nowhere, and say so only after minutes: all are made anew.
    pub(crate) fn awoke(&self, slept: Duration) {
        self.clients.forget_all();
        let slept = Event::Slept { seconds: seconds(slept) };
        for upload in self.active_uploads() {
            if upload.phase() != Phase::Aborting {
                self.record(upload.id, &slept);
                upload.request_stop();
            }
        }
    }
}
