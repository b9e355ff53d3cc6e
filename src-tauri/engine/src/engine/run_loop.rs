//! The engine's beat: begins uploads while there is room for them, and measures what moves. Knows no single upload's course.

use super::{Engine, locked};
use crate::fault::{Fault, FaultKind};
use crate::model::history::Deed;
use crate::model::upload::{Event, Phase};
use crate::persistence::journal::Room;
use crate::scheduling::queue_policy;
use crate::system::wall_clock;
use crate::transfer;
use crate::transfer::active::Active;
use crate::transfer::stall_detector::Quiet;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// How often a moving queue is measured and tells so: four times a second.
const BEAT: Duration = Duration::from_millis(250);

/// How often a journal that cannot be written is tried again, with what waits for it.
const PROBE: Duration = Duration::from_secs(3);

/// Beats this far apart mean that the computer slept: no load holds one up for so long.
const SLEPT: Duration = Duration::from_secs(15);

impl Engine {
    /// Begins uploads while there is room, and measures what moves.
    pub(super) async fn hand_out(self) {
        if let Ok(kept) = self.world.journal.copies().await {
            transfer::drop_orphans(&self.world.copies(), &kept);
        }
        self.world.tidy().await;
        let mut closing = self.closing.subscribe();
        let mut beat = tokio::time::interval(BEAT);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
        let mut beaten_at = None;
        let mut quiet = Quiet::default();
        loop {
            if *closing.borrow() {
                return;
            }
            let stuck = self.world.waits_for_journal();
            if !stuck {
                self.begin_more().await;
            }
            let moving = !self.world.driven().is_empty();
            let limit_holds = self.world.limit_holds();
            beaten_at = beaten_at.filter(|_| moving);
            tokio::select! {
                () = self.world.wake.notified() => {}
                _ = closing.changed() => {}
                () = tokio::time::sleep(PROBE), if stuck => {
                    let _ = self.world.journal.probe().await;
                    self.world.touch();
                }
                () = tokio::time::sleep(limit_holds.unwrap_or_default()), if limit_holds.is_some() => {
                    self.world.heed_limit();
                }
                _ = beat.tick(), if moving => {
                    // not by the clock on the wall: whoever sets it has not sent the computer to sleep
                    let now = wall_clock::running();
                    let slept = now.saturating_sub(beaten_at.replace(now).unwrap_or(now));
                    if slept > SLEPT {
                        self.world.awoke(slept);
                    }
                    self.world.heed_limit();
                    self.measure();
                    quiet.listen(&self.world);
                }
            }
        }
    }

    fn measure(&self) {
        let now = self.world.now();
        let mut moved: HashMap<Arc<str>, u64> = HashMap::new();
        for active in self.world.driven() {
            active.catch_up(&self.world.journal);
            *moved.entry(active.connection.clone()).or_default() += active.sample(now);
        }
        self.world.lanes.observe(now, &moved, self.world.limit_now().limit);
        self.world.touch();
    }

    async fn begin_more(&self) {
        let _hands = self.hands.lock().await;
        let lanes = &self.world.lanes;
        let at_once =
            usize::try_from(self.world.settings.settings().uploads_at_once).unwrap_or(3).max(1);
        let driven = self.world.driven();
        // to each server by itself: those that wait for one that is out of reach are in the way of no other
        let mut small_to: HashMap<Arc<str>, usize> = HashMap::new();
        for active in driven.iter().filter(|active| active.is_small()) {
            *small_to.entry(active.connection.clone()).or_default() += 1;
        }
        let mut large = driven.len() - small_to.values().sum::<usize>();
        for (connection, small) in &mut small_to {
            *small = queue_policy::small_wanted(*small, lanes.allowed(connection));
        }
        let widest = lanes.widest();
        let room = Room {
            large: match large < at_once || lanes.have_room() {
                true => (at_once + widest).saturating_sub(large),
                false => 0,
            },
            small: queue_policy::small_wanted(0, lanes.allowed("")),
            small_to,
        };
        // a large file that is being prepared is about to claim more connections than stand idle
        let mut about_to_claim: HashMap<Arc<str>, usize> = HashMap::new();
        for active in driven.iter().filter(|active| active.is_about_to_claim()) {
            *about_to_claim.entry(active.connection.clone()).or_default() += 1;
        }
        let ids = driven.iter().map(|active| active.id).collect();
        let next = match self.world.journal.next(room, ids).await {
            Ok(next) => next,
            Err(fault) => {
                tracing::error!(%fault, "the queue cannot be read");
                return;
            }
        };
        for entry in next {
            let active = Arc::new(Active::new(entry, self.world.now()));
            if !active.is_small() {
                let (idle, claims) = lanes.idle_and_claims(&active.connection);
                let about = about_to_claim.entry(active.connection.clone()).or_default();
                if !queue_policy::may_begin(large, at_once, idle, claims + *about) {
                    continue;
                }
                *about += 1;
                large += 1;
            }
            self.take_on(active);
        }
    }

    fn take_on(&self, active: Arc<Active>) {
        let world = &self.world;
        world.lanes.recall(&active.connection, world.settings.carried(&active.connection));
        self.world.take_on(active.clone());
        let engine = self.clone();
        tokio::spawn(async move {
            // in a task of its own, so that a panic ends this upload and not the queue
            let driven = tokio::spawn(transfer::drive(engine.world.clone(), active.clone())).await;
            if driven.is_err() {
                let fault = Fault::new(
                    FaultKind::Bug,
                    "Windlass made a mistake with this upload; try it again",
                );
                active.drop_flows();
                engine.world.note(active.id, &Deed::Failed { fault: fault.clone() });
                active.on(Event::Failed(fault), &engine.world.journal);
            }
            if !active.is_small() {
                engine.world.keep_carried(&active.connection);
            }
            engine.world.let_off(active.id);
            if matches!(active.phase(), Phase::Aborted)
                && locked(&engine.forgetting).remove(&active.id)
            {
                let _ = engine.world.journal.forget(vec![active.id]).await;
                engine.world.touch();
            }
        });
    }
}
