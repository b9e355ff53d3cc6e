//! An engine in a process of its own, paused and resumed.

use super::{
    rounds::{Reached, Uploads},
    scene::Scene,
};
use crate::{EngineProcess, EngineSetup, engine_process::Reported};
use std::time::{Duration, Instant};
use tokio::time::sleep;

const LOOK: Duration = Duration::from_millis(10);
/// A part that is nearly done may be finished first; who takes longer than this hangs.
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Default)]
pub(super) struct Paused {
    process: Option<EngineProcess>,
    ids: Vec<u32>,
}

impl Paused {
    fn process(&mut self) -> Result<&mut EngineProcess, String> {
        self.process.as_mut().ok_or_else(|| "it was not started".into())
    }

    /// Waits until every upload stands so; false when it does not come to that in this time.
    async fn all(
        &self,
        limit: Duration,
        right: impl Fn(&Reported) -> bool,
    ) -> Result<bool, String> {
        let start = Instant::now();
        let Some(process) = &self.process else { return Err("it was not started".into()) };
        loop {
            let reported = process.all();
            if let Some(failed) = reported.values().find(|reported| reported.status == "failed") {
                return Err(format!("it failed: {}", failed.fault.as_deref().unwrap_or("why?")));
            }
            if self.ids.iter().all(|id| reported.get(id).is_some_and(&right)) {
                return Ok(true);
            }
            let left = limit.saturating_sub(start.elapsed());
            if left.is_zero() {
                return Ok(false);
            }
            sleep(left.min(LOOK)).await;
        }
    }

    async fn in_time(&self, what: &str, right: impl Fn(&Reported) -> bool) -> Result<(), String> {
        match self.all(PATIENCE, right).await? {
            true => Ok(()),
            false => Err(format!("it is not {what} after {} s", PATIENCE.as_secs())),
        }
    }
}

impl Uploads for Paused {
    async fn begin(&mut self, scene: &Scene) -> Result<(), String> {
        let setup = EngineSetup {
            connections: None,
            limit: scene.line.limit.map(|_| scene.line.bytes_per_second),
            ..EngineSetup::new(&scene.state(), &scene.server, scene.relay.endpoint(), &scene.bucket)
        };
        // the one before, of another state, ends first
        self.process = None;
        self.ids.clear();
        let mut process = EngineProcess::start(&setup);
        for name in scene.files.names() {
            let (path, key) = (scene.sources.file(&name), scene.prefix() + &name);
            self.ids.push(process.queue(&path, &key, "replace", None).await);
        }
        self.process = Some(process);
        Ok(())
    }

    async fn until(&mut self, limit: Duration) -> Result<Reached, String> {
        let done = self.all(limit, |reported| reported.status == "done").await?;
        Ok(if done { Reached::Done } else { Reached::Limit })
    }

    async fn stop(&mut self, _: &Scene) -> Result<(), String> {
        self.process()?.order(&["pause"]);
        self.in_time("paused", |reported| ["paused", "done"].contains(&reported.status.as_str()))
            .await
    }

    async fn go_on(&mut self, _: &Scene) -> Result<(), String> {
        self.process()?.order(&["resume"]);
        Ok(())
    }

    async fn abort(&mut self, _: &Scene) -> Result<(), String> {
        let ids = self.ids.clone();
        for id in ids {
            self.process()?.order(&["abort", &id.to_string()]);
        }
        self.in_time("aborted", Reported::has_ended).await?;
        self.process = None;
        Ok(())
    }
}
