//! An upload that a worker drives: its entry, its parts, its meter, and the word to stop. Knows no requests.

mod stability;
mod statistics;
mod stopping;

use crate::fault::Result;
use crate::model::capabilities::Capabilities;
use crate::model::connection::Connection;
use crate::model::lock::locked;
use crate::model::part_plan::{Plan, SINGLE_UP_TO};
use crate::model::part_table::{PartNumber, PartState, Parts, Tally};
use crate::model::status::Status;
use crate::model::time::EngineTime;
use crate::model::upload::{Id, Intent, Phase, Transition};
use crate::model::waiting::BlockedOn;
use crate::persistence::journal::{Entry, Journal};
use crate::s3::body::{STALL_LIMIT, SendProgress};
use crate::scheduling::in_flight::Progress;
use crate::scheduling::queue_policy;
use stability::FileStability;
use statistics::SendStatistics;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use stopping::StopSignal;

pub(crate) struct ActiveUpload {
    pub(crate) id: Id,
    /// The id of its connection, by which its requests find a place among others.
    pub(crate) connection: Arc<str>,
    /// Place in the queue, which a person may change at any time.
    pub(crate) order: Arc<AtomicU64>,
    entry: Mutex<Entry>,
    parts: Mutex<Parts>,
    flows: Mutex<HashMap<PartNumber, Arc<SendProgress>>>,
    /// What left, and how fast.
    pub(crate) statistics: SendStatistics,
    /// Its phase has moved on, and the journal does not have it yet: nothing that must outlive the process.
    unsaved: AtomicBool,
    /// Held while its state is read and handed to the journal.
    saving: Mutex<()>,
    pub(crate) offline: AtomicBool,
    /// See `SendProgress::stretch`.
    stretch: AtomicU32,
    /// How long parts took lately.
    typical: Mutex<Option<Duration>>,
    /// What keeps it from going on just now.
    waits: Mutex<Option<BlockedOn>>,
    /// How often it was told in this run that a part goes again.
    told_again: AtomicU32,
    /// How still its file keeps.
    pub(crate) stability: FileStability,
    /// What the server was taken to take when it was prepared.
    capabilities: Mutex<Option<Capabilities>>,
    /// The connection by which it was sent last.
    sent_by: Mutex<Option<Arc<Connection>>>,
    /// Its keys may not look whether its own key is taken.
    unlooked: AtomicBool,
    /// Keys that the server would not write over.
    taken: Mutex<Vec<String>>,
    /// When the server was first out of reach, with nothing arrived since.
    lost_at: Mutex<Option<EngineTime>>,
    /// All bytes of a request had left when it was given up: it may have arrived.
    handed_over: AtomicBool,
    /// The parts that Complete refused, and none for a refusal that names no part.
    refused: Mutex<Vec<Option<PartNumber>>>,
    stop: StopSignal,
}

/// A link that a local proxy or a large buffer hides lets nothing be seen of its progress: each part that was given up
/// doubles the silence that the next ones may keep, until one arrives quickly.
fn stretched(stretch: u32, send_progress: &SendProgress, stored: bool) -> u32 {
    if send_progress.was_given_up() {
        // those that began together are given up together, and count once
        stretch.max((send_progress.stretch * 2).min(LONGEST_STRETCH))
    } else if stored && send_progress.age() < STALL_LIMIT {
        1
    } else {
        stretch
    }
}

/// Bytes of a file whose being sent is over before anybody has seen it.
const OF_A_MOMENT: u64 = 1 << 20;
/// 30 s become 16 minutes.
const LONGEST_STRETCH: u32 = 32;

impl ActiveUpload {
    pub(crate) fn new(entry: Entry, now: EngineTime) -> Self {
        Self {
            id: entry.id,
            connection: entry.target.connection.as_str().into(),
            order: Arc::new(queue_policy::order_at(entry.position).into()),
            parts: Mutex::new(Parts::new(entry.plan.unwrap_or(Plan::Single), entry.size)),
            flows: Mutex::default(),
            statistics: SendStatistics::new(entry.sent, now),
            unsaved: AtomicBool::new(false),
            saving: Mutex::default(),
            offline: AtomicBool::new(false),
            stretch: AtomicU32::new(1),
            typical: Mutex::default(),
            waits: Mutex::default(),
            told_again: AtomicU32::new(0),
            stability: FileStability::default(),
            capabilities: Mutex::default(),
            sent_by: Mutex::default(),
            unlooked: AtomicBool::new(false),
            taken: Mutex::default(),
            lost_at: Mutex::default(),
            handed_over: AtomicBool::default(),
            refused: Mutex::default(),
            stop: StopSignal::default(),
            entry: Mutex::new(entry),
        }
    }

    /// The entry as it would be journaled now.
    pub(crate) fn entry(&self) -> Entry {
        let mut entry = locked(&self.entry).clone();
        let tally = self.tally();
        if entry.phase != Phase::Done {
            entry.stored_bytes = tally.stored_bytes;
            entry.stored_parts = tally.stored_parts;
        }
        entry.sent = self.statistics.sent();
        entry
    }

    /// A look at the entry as it was edited last, where that is enough: it is large, and a copy of it a dozen blocks of
    /// memory.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Entry) -> T) -> T {
        read(&locked(&self.entry))
    }

    pub(crate) fn edit(&self, edit: impl FnOnce(&mut Entry)) {
        edit(&mut locked(&self.entry));
    }

    /// The one way a phase changes while a worker drives. An event that does not fit is a mistake of ours, and logged.
    pub(crate) fn on(&self, event: Transition, journal: &Journal) {
        self.on_if(event, journal, |_| true);
    }

    /// The same, if the entry allows it in that moment: the user may have decided otherwise meanwhile.
    pub(crate) fn on_if(
        &self,
        event: Transition,
        journal: &Journal,
        may: impl FnOnce(&mut Entry) -> bool,
    ) -> bool {
        // a process that dies leaves an upload that waits, however far it had come: a file of a moment would be written
        // down three times for nothing
        let mut may_wait = matches!(event, Transition::Start | Transition::Prepared);
        {
            let mut entry = locked(&self.entry);
            if !may(&mut entry) {
                return false;
            }
            may_wait &= entry.size <= OF_A_MOMENT;
            match entry.phase.on(event.clone()) {
                Some(next) => entry.phase = next,
                None => {
                    tracing::error!(id = self.id, phase = ?entry.phase, ?event, "an event that does not fit")
                }
            }
        }
        self.unsaved.store(may_wait, Ordering::Relaxed);
        if !may_wait {
            self.save_soon(journal);
        }
        true
    }

    /// Journaled within milliseconds.
    pub(crate) fn save_soon(&self, journal: &Journal) {
        // what is read later is written later: a state that was overtaken must not come last
        let _in_order = locked(&self.saving);
        journal.save_soon(self.entry());
    }

    /// Written down, where it has moved on since it was.
    pub(crate) fn catch_up(&self, journal: &Journal) {
        if self.unsaved.swap(false, Ordering::Relaxed) {
            self.save_soon(journal);
        }
    }

    pub(crate) fn phase(&self) -> Phase {
        self.read(|entry| entry.phase.clone())
    }

    pub(crate) fn is_offline(&self) -> bool {
        self.offline.load(Ordering::Relaxed)
    }

    /// Whether it waits for the user, to sign in or to enter an MFA code.
    pub(crate) fn waits_for_sign_in(&self) -> bool {
        let waits = locked(&self.waits);
        self.is_offline() && waits.as_ref().is_some_and(BlockedOn::needs_sign_in)
    }

    /// One request is usually all it takes.
    pub(crate) fn is_small(&self) -> bool {
        let entry = locked(&self.entry);
        entry.size <= SINGLE_UP_TO || entry.phase == Phase::Aborting
    }

    /// Large, and not sending yet.
    pub(crate) fn is_about_to_claim(&self) -> bool {
        let entry = locked(&self.entry);
        entry.size > SINGLE_UP_TO && matches!(entry.phase, Phase::Waiting | Phase::Preparing)
    }

    pub(crate) fn intent(&self) -> Intent {
        self.read(|entry| entry.intent)
    }

    /// A status as it is shown while the server is out of reach.
    pub(crate) fn seen_as(&self, status: Status) -> Status {
        match status {
            Status::Preparing | Status::Sending | Status::Completing if self.is_offline() => {
                Status::Offline
            }
            status => status,
        }
    }

    /// The journal has it in another place of the queue now.
    pub(crate) fn moved_to(&self, position: f64) {
        self.order.store(queue_policy::order_at(position), Ordering::Relaxed);
    }

    pub(crate) fn set_parts(&self, parts: Parts) {
        *locked(&self.parts) = parts;
    }

    pub(crate) fn parts<T>(&self, look: impl FnOnce(&mut Parts) -> T) -> T {
        look(&mut locked(&self.parts))
    }

    /// A try at a part begins.
    pub(crate) fn start_request(
        &self,
        number: PartNumber,
        attempt: u16,
        progress: Arc<Progress>,
    ) -> Arc<SendProgress> {
        let (stretch, typical) = (self.stretch.load(Ordering::Relaxed), *locked(&self.typical));
        let send_progress = Arc::new(SendProgress::new(stretch, typical, progress));
        locked(&self.flows).insert(number, send_progress.clone());
        self.parts(|parts| parts.set(number, PartState::Sending { attempt, sent: 0 }));
        send_progress
    }

    /// How long a part is on its way by now.
    pub(crate) fn age(&self, number: PartNumber) -> Option<Duration> {
        locked(&self.flows).get(&number).map(|send_progress| send_progress.age())
    }

    /// Something arrived. Since when nothing had, where the server was out of reach.
    pub(crate) fn reached(&self) -> Option<EngineTime> {
        locked(&self.waits).take();
        locked(&self.lost_at).take()
    }

    pub(crate) fn waits_for(&self, what: BlockedOn) {
        *locked(&self.waits) = Some(what);
    }

    pub(crate) fn waits(&self) -> Option<BlockedOn> {
        locked(&self.waits).clone()
    }

    /// How often a part was told to go again, this time not counted.
    pub(crate) fn tells_again(&self) -> u32 {
        self.told_again.fetch_add(1, Ordering::Relaxed)
    }

    /// It is sent by this connection from now on.
    pub(crate) fn set_sent_by(&self, connection: Arc<Connection>) {
        *locked(&self.sent_by) = Some(connection);
    }

    /// The connection by which it was sent last, as that was then.
    pub(crate) fn sent_by(&self) -> Option<Arc<Connection>> {
        locked(&self.sent_by).clone()
    }

    /// By which capabilities of the server it goes, or from now on.
    pub(crate) fn goes_by(&self, capabilities: Option<&Capabilities>) -> Option<Capabilities> {
        let mut goes_by = locked(&self.capabilities);
        if capabilities.is_some() {
            *goes_by = capabilities.cloned();
        }
        goes_by.clone()
    }

    /// It goes without a look at its key, and only where the server finds none.
    pub(crate) fn goes_unlooked(&self, unlooked: bool) {
        self.unlooked.store(unlooked, Ordering::Relaxed);
    }

    pub(crate) fn is_unlooked(&self) -> bool {
        self.unlooked.load(Ordering::Relaxed)
    }

    pub(crate) fn found_taken(&self, key: &str) {
        locked(&self.taken).push(key.to_owned());
    }

    pub(crate) fn is_taken(&self, key: &str) -> bool {
        locked(&self.taken).iter().any(|taken| taken == key)
    }

    /// Nothing keeps it any more.
    pub(crate) fn goes_on(&self) {
        locked(&self.waits).take();
    }

    /// Since when nothing arrives, and whether that begins only now.
    pub(crate) fn out_of_reach_since(&self, now: EngineTime) -> (EngineTime, bool) {
        let mut lost_at = locked(&self.lost_at);
        let is_new = lost_at.is_none();
        (*lost_at.get_or_insert(now), is_new)
    }

    /// It ended, one way or the other.
    pub(crate) fn end(&self, number: PartNumber, state: PartState) {
        let send_progress = locked(&self.flows).remove(&number);
        let stored = matches!(state, PartState::Stored(_));
        if let (false, Some(send_progress)) = (stored, &send_progress) {
            self.handed_over.fetch_or(send_progress.remaining() == 0, Ordering::Relaxed);
            self.statistics.wasted(send_progress.sent());
        }
        if let (true, Some(send_progress)) = (stored, &send_progress) {
            // the slowest, forgotten slowly: one that goes quickly says little about the next
            let mut typical = locked(&self.typical);
            *typical = Some(
                typical
                    .map_or(send_progress.age(), |before| send_progress.age().max(before * 7 / 8)),
            );
        }
        let _ = self.stretch.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |stretch| {
            send_progress.as_ref().map(|send_progress| stretched(stretch, send_progress, stored))
        });
        self.parts(|parts| parts.set(number, state));
    }

    /// Did a request leave whole whose answer was not seen?
    pub(crate) fn was_handed_over(&self) -> bool {
        self.handed_over.load(Ordering::Relaxed)
    }

    /// All that the user waits for is an answer: everything was sent.
    pub(crate) fn awaits_answer(&self) -> bool {
        let is_single = self.read(|entry| entry.plan == Some(Plan::Single));
        let is_sent =
            || locked(&self.flows).values().any(|send_progress| send_progress.remaining() == 0);
        self.phase() == Phase::Completing || (is_single && is_sent())
    }

    /// Complete refused this part, or did not say which. Was it so before?
    pub(crate) fn is_refused_again(&self, part: Option<PartNumber>) -> bool {
        let mut refused = locked(&self.refused);
        let again = refused.contains(&part);
        refused.push(part);
        again
    }

    pub(crate) fn drop_send_progress(&self) {
        let mut flows = locked(&self.flows);
        let handed = flows.drain().any(|(_, send_progress)| send_progress.remaining() == 0);
        drop(flows);
        self.handed_over.fetch_or(handed, Ordering::Relaxed);
        self.parts(Parts::release_in_flight);
    }

    fn refresh(&self) {
        let flows = locked(&self.flows);
        let mut parts = locked(&self.parts);
        for (number, send_progress) in flows.iter() {
            parts.sent(*number, send_progress.sent());
        }
    }

    pub(crate) fn tally(&self) -> Tally {
        self.refresh();
        locked(&self.parts).tally()
    }

    pub(crate) fn map(&self) -> Vec<u8> {
        self.refresh();
        locked(&self.parts).map()
    }

    /// Journaled for good, waited for.
    pub(crate) async fn save(&self, journal: &Journal) -> Result<()> {
        self.unsaved.store(false, Ordering::Relaxed);
        let saved = {
            let _in_order = locked(&self.saving);
            journal.save(self.entry())
        };
        saved.await
    }
}
