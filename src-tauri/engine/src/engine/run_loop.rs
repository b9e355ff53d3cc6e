//! The engine's beat: begins uploads while there is room for them, and measures what moves. Knows no single upload's course.

use super::Engine;
use crate::fault::{Fault, FaultKind};
use crate::model::history::Event;
use crate::model::lock::locked;
use crate::model::upload::{Phase, Transition};
use crate::persistence::journal::Room;
use crate::scheduling::queue_policy;
use crate::system::wall_clock;
use crate::transfer;
use crate::transfer::active::ActiveUpload;
use crate::transfer::stall_detector::StallDetector;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// How often a moving queue is measured and tells so: four times a second.
const TICK: Duration = Duration::from_millis(250);

/// How often a journal that cannot be written is tried again, with what waits for it.
const PROBE: Duration = Duration::from_secs(3);

/// Beats this far apart mean that the computer slept: no load holds one up for so long.
const SLEPT: Duration = Duration::from_secs(15);

impl Engine {
    /// Begins uploads while there is room, and measures what moves.
    pub(super) async fn dispatch(self) {
        if let Ok(kept) = self.shared.journal.copies().await {
            transfer::drop_orphans(&self.shared.copies(), &kept);
        }
        self.shared.tidy(&self.shared.journal).await;
        let mut closing = self.closing.subscribe();
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
        let mut beaten_at = None;
        let mut stall_detector = StallDetector::default();
        loop {
            if *closing.borrow() {
                return;
            }
            let stuck = self.shared.waits_for_journal();
            if !stuck {
                self.begin_more().await;
            }
            let moving = !self.shared.active_uploads().is_empty();
            let limit_holds = self.shared.limit_holds();
            let undo_ends = self.shared.undo_list().next();
            beaten_at = beaten_at.filter(|_| moving);
            tokio::select! {
                () = self.shared.wake.notified() => {}
                _ = closing.changed() => {}
                () = tokio::time::sleep(PROBE), if stuck => {
                    let _ = self.shared.journal.probe().await;
                    self.shared.mark_changed();
                }
                () = tokio::time::sleep(limit_holds.unwrap_or_default()), if limit_holds.is_some() => {
                    self.shared.heed_limit();
                }
                () = self.shared.until(undo_ends.unwrap_or_default()), if undo_ends.is_some() => {
                    // in a task of its own: it waits for workers that are just stopping
                    let expired = self.shared.undo_list().expire(self.shared.now());
                    tokio::spawn(self.clone().abort_expired(expired));
                }
                _ = tick.tick(), if moving => {
                    // not by the clock on the wall: whoever sets it has not sent the computer to sleep
                    let now = wall_clock::running();
                    let slept = now.saturating_sub(beaten_at.replace(now).unwrap_or(now));
                    if slept > SLEPT {
                        self.shared.awoke(slept);
                    }
                    self.shared.heed_limit();
                    self.measure();
                    stall_detector.listen(&self.shared);
                }
            }
        }
    }

    fn measure(&self) {
        let now = self.shared.now();
        let mut moved: HashMap<Arc<str>, u64> = HashMap::new();
        for upload in self.shared.active_uploads() {
            upload.catch_up(&self.shared.journal);
            *moved.entry(upload.connection.clone()).or_default() += upload.statistics.sample(now);
        }
        self.shared.connection_pool.observe(now, &moved, self.shared.limit_now().limit);
        self.shared.mark_changed();
    }

    async fn begin_more(&self) {
        let _hands = self.hands.lock().await;
        let connection_pool = &self.shared.connection_pool;
        let at_once =
            usize::try_from(self.shared.settings.settings().uploads_at_once).unwrap_or(3).max(1);
        let driven = self.shared.active_uploads();
        // to each server by itself: those that wait for one that is out of reach are in the way of no other
        let mut small_to: HashMap<Arc<str>, usize> = HashMap::new();
        for upload in driven.iter().filter(|upload| upload.is_small()) {
            *small_to.entry(upload.connection.clone()).or_default() += 1;
        }
        let mut large = driven.len() - small_to.values().sum::<usize>();
        for (connection, small) in &mut small_to {
            *small = queue_policy::small_wanted(*small, connection_pool.allowed(connection));
        }
        let widest = connection_pool.widest();
        let room = Room {
            large: match large < at_once || connection_pool.have_room() {
                true => (at_once + widest).saturating_sub(large),
                false => 0,
            },
            small: queue_policy::small_wanted(0, connection_pool.allowed("")),
            small_to,
        };
        // a large file that is being prepared is about to claim more connections than stand idle
        let mut about_to_claim: HashMap<Arc<str>, usize> = HashMap::new();
        for upload in driven.iter().filter(|upload| upload.is_about_to_claim()) {
            *about_to_claim.entry(upload.connection.clone()).or_default() += 1;
        }
        let ids = driven.iter().map(|upload| upload.id).collect();
        let next = match self.shared.journal.next(room, ids).await {
            Ok(next) => next,
            Err(fault) => {
                tracing::error!(%fault, "the queue cannot be read");
                return;
            }
        };
        for entry in next {
            let upload = Arc::new(ActiveUpload::new(entry, self.shared.now()));
            if !upload.is_small() {
                let (idle, claims) = connection_pool.idle_and_claims(&upload.connection);
                let about = about_to_claim.entry(upload.connection.clone()).or_default();
                if !queue_policy::may_begin(large, at_once, idle, claims + *about) {
                    continue;
                }
                *about += 1;
                large += 1;
            }
            self.add_active(upload);
        }
    }

    fn add_active(&self, upload: Arc<ActiveUpload>) {
        let shared = &self.shared;
        shared
            .connection_pool
            .recall(&upload.connection, shared.settings.link_estimate(&upload.connection));
        self.shared.add_active(upload.clone());
        let engine = self.clone();
        tokio::spawn(async move {
            // in a task of its own, so that a panic ends this upload and not the queue
            let driven = tokio::spawn(transfer::drive(engine.shared.clone(), upload.clone())).await;
            if driven.is_err() {
                let fault = Fault::new(
                    FaultKind::Bug,
                    "Windlass made a mistake with this upload; try it again",
                );
                upload.drop_send_progress();
                engine.shared.record(upload.id, &Event::Failed { fault: fault.clone() });
                upload.on(Transition::Failed(fault), &engine.shared.journal);
            }
            if !upload.is_small() {
                engine.shared.save_link_estimate(&upload.connection);
            }
            engine.shared.remove_active(upload.id);
            if matches!(upload.phase(), Phase::Aborted)
                && locked(&engine.forgetting).remove(&upload.id)
            {
                let _ = engine.shared.journal.forget(vec![upload.id]).await;
                engine.shared.mark_changed();
            }
        });
    }
}
