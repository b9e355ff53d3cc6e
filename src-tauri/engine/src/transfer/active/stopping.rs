//! When a worker lets go of its upload: at once, or, for a pause, when the parts that are nearly sent are stored.
//! Invariant: no part starts between the word to stop and the end of the worker.

use super::ActiveUpload;
use crate::model::lock::locked;
use crate::model::part_table::PartNumber;
use crate::model::time::EngineTime;
use crate::model::upload::Intent;
use crate::s3::body::SendProgress;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How soon a worker is to let go of an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    No,
    /// For a pause, once the parts that are nearly sent are stored.
    Soon,
    /// The same, to start again with other keys: a pause that is taken back does not take this back.
    Renew,
    Now,
}

/// The word to stop, as the worker and whoever starts a part hear it. Invariant: one that says "now" is not taken back.
pub(super) struct StopSignal(watch::Sender<Stop>);

impl Default for StopSignal {
    fn default() -> Self {
        Self(watch::Sender::new(Stop::No))
    }
}

impl StopSignal {
    fn now(&self) {
        self.0.send_replace(Stop::Now);
    }

    /// From one state to the next, and from no other.
    fn step(&self, from: Stop, to: Stop) {
        self.0.send_if_modified(|stop| {
            let applies = *stop == from;
            *stop = if applies { to } else { *stop };
            applies
        });
    }

    fn subscribe(&self) -> watch::Receiver<Stop> {
        self.0.subscribe()
    }
}

/// A pause waits for parts that would be sent within this time, and for their answers half as long again.
const NEARLY: Duration = Duration::from_secs(2);
const NEARLY_AT_MOST: Duration = Duration::from_secs(3);
const LOOK: Duration = Duration::from_millis(20);

impl ActiveUpload {
    /// The user wants something else.
    pub(crate) fn want(&self, intent: Intent) {
        locked(&self.entry).intent = intent;
        match intent {
            // a pause that was taken back in time
            Intent::Run => self.stop.step(Stop::Soon, Stop::No),
            Intent::Pause => self.stop.step(Stop::No, Stop::Soon),
            Intent::Abort => self.stop.now(),
        }
    }

    /// Let go once the parts that are nearly sent are stored, to start again.
    pub(crate) fn renew(&self) {
        self.stop.step(Stop::No, Stop::Renew);
        self.stop.step(Stop::Soon, Stop::Renew);
    }

    /// For quitting: let go at once, whatever the user wants.
    pub(crate) fn request_stop(&self) {
        self.stop.now();
    }

    /// Resolves when the worker is to let go.
    pub(crate) async fn stop_asked(&self, now: impl Fn() -> EngineTime) {
        let mut stop = self.stop.subscribe();
        loop {
            // the sender lives as long as self
            if stop.wait_for(|stop| *stop != Stop::No).await.is_ok_and(|stop| *stop == Stop::Now) {
                return;
            }
            let nearly = self.keep_nearly_sent(now());
            let stored = async {
                while nearly.iter().any(|part| locked(&self.flows).contains_key(part)) {
                    tokio::time::sleep(LOOK).await;
                }
            };
            tokio::select! {
                biased;
                _ = tokio::time::timeout(NEARLY_AT_MOST, stored) => return,
                _ = stop.wait_for(|stop| matches!(stop, Stop::No | Stop::Now)) => {
                    locked(&self.flows).values().for_each(|send_progress| send_progress.hold(false));
                }
            }
        }
    }

    /// Resolves while parts may be started.
    pub(crate) async fn may_start(&self) {
        let mut stop = self.stop.subscribe();
        let _ = stop.wait_for(|stop| *stop == Stop::No).await;
    }

    /// The parts that would be sent within the time that a pause waits, one after another at the rate of the last
    /// seconds. All others are held back.
    fn keep_nearly_sent(&self, now: EngineTime) -> Vec<PartNumber> {
        let within =
            self.statistics.meter(|meter| meter.rate(now)).saturating_mul(NEARLY.as_secs());
        let mut flows: Vec<(PartNumber, Arc<SendProgress>)> = locked(&self.flows)
            .iter()
            .map(|(number, send_progress)| (*number, send_progress.clone()))
            .collect();
        flows.sort_by_key(|(_, send_progress)| send_progress.remaining());
        let mut before = 0;
        flows.retain(|(_, send_progress)| {
            before += send_progress.remaining();
            send_progress.hold(before > within);
            before <= within
        });
        flows.into_iter().map(|(number, _)| number).collect()
    }
}
