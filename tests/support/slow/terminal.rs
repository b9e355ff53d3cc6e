//! The terminal program, killed, stopped or suspended.

use super::{
    rounds::{Reached, Uploads},
    scene::Scene,
    table::Way,
};
use crate::{
    child_process::{self, Last},
    place,
};
use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tokio::time::sleep;

const LOOK: Duration = Duration::from_millis(10);
/// A program that was asked to end in order and has not done so by then hangs.
const PATIENCE: Duration = Duration::from_secs(120);
const SLEEP: Duration = Duration::from_secs(20);
/// As shells count an interrupt.
const INTERRUPTED: i32 = 130;

pub(super) struct Terminal {
    way: Way,
    child: Option<Child>,
    /// What it says on its standard error.
    said: PathBuf,
}

impl Terminal {
    pub(super) fn new(way: Way, scene: &Scene) -> Terminal {
        Terminal { way, child: None, said: scene.folder().join("said.txt") }
    }

    fn start(&mut self, scene: &Scene, words: &[&str], state: &Path) -> Result<(), String> {
        let said = File::create(&self.said).map_err(|reason| reason.to_string())?;
        let mut command = child_process::command(place::program("windlass-cli"), Last::Kill);
        without_own_settings(&mut command, scene.folder());
        command
            .args(words)
            .arg("--state")
            .arg(state)
            .env("AWS_ACCESS_KEY_ID", &scene.server.access_key_id)
            .env("AWS_SECRET_ACCESS_KEY", &scene.server.secret_access_key)
            .env("AWS_ENDPOINT_URL", scene.relay.endpoint())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(said);
        self.child = Some(child_process::spawn(command).map_err(|reason| reason.to_string())?);
        Ok(())
    }

    /// Its exit code when it has ended within this time.
    async fn ended(&mut self, limit: Duration) -> Result<Option<i32>, String> {
        let start = Instant::now();
        let Some(child) = &mut self.child else { return Err("it was not started".into()) };
        loop {
            if let Some(status) = child.try_wait().map_err(|reason| reason.to_string())? {
                self.child = None;
                return Ok(Some(status.code().unwrap_or(-1)));
            }
            let left = limit.saturating_sub(start.elapsed());
            if left.is_zero() {
                return Ok(None);
            }
            sleep(left.min(LOOK)).await;
        }
    }

    fn signal(&self, name: &str) {
        if let Some(child) = &self.child {
            child_process::signal(child.id(), name);
        }
    }

    fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    fn wrong(&self, code: i32) -> String {
        let said = std::fs::read_to_string(&self.said).unwrap_or_default();
        format!("it ended with {code}: {}", said.trim())
    }
}

/// Of the user's own configuration nothing is to be found.
pub(super) fn without_own_settings(command: &mut Command, home: &Path) {
    let theirs = |name: &str| name.starts_with("AWS_") || name.starts_with("XDG_");
    for (name, _) in std::env::vars_os().filter(|(name, _)| theirs(&name.to_string_lossy())) {
        command.env_remove(name);
    }
    command.current_dir(home).env("HOME", home).env("AWS_EC2_METADATA_DISABLED", "true");
}

impl Uploads for Terminal {
    async fn begin(&mut self, scene: &Scene) -> Result<(), String> {
        let folder = scene.sources.folder(scene.files).display().to_string();
        let to = format!("s3://{}/{}", scene.bucket, scene.prefix());
        let mut words = vec!["upload", &folder, &to];
        if let Some(limit) = scene.line.limit {
            words.extend(["--limit", limit]);
        }
        self.start(scene, &words, &scene.state())
    }

    async fn until(&mut self, limit: Duration) -> Result<Reached, String> {
        match self.ended(limit).await? {
            None => Ok(Reached::Limit),
            Some(0) => Ok(Reached::Done),
            Some(code) => Err(self.wrong(code)),
        }
    }

    async fn stop(&mut self, _: &Scene) -> Result<(), String> {
        match self.way {
            Way::Killed => self.kill(),
            Way::Slept => self.signal("STOP"),
            Way::Stopped | Way::Paused => {
                self.signal("INT");
                match self.ended(PATIENCE).await? {
                    // it may have been done just then
                    Some(0 | INTERRUPTED) => {}
                    Some(code) => return Err(self.wrong(code)),
                    None => {
                        return Err(format!("Ctrl-C has not ended it in {} s", PATIENCE.as_secs()));
                    }
                }
            }
        }
        Ok(())
    }

    async fn go_on(&mut self, scene: &Scene) -> Result<(), String> {
        if self.way == Way::Slept {
            sleep(SLEEP).await;
            self.signal("CONT");
            return Ok(());
        }
        self.start(scene, &["resume"], &scene.state())
    }

    async fn abort(&mut self, scene: &Scene) -> Result<(), String> {
        self.kill();
        // what a list of this computer goes on with, the program leaves alone
        let _ = std::fs::remove_dir_all(scene.state());
        let place = format!("s3://{}", scene.bucket);
        let words = ["unfinished", "discard", &place, "--all", "--yes"];
        self.start(scene, &words, &scene.folder().join("state-of-nobody"))?;
        match self.ended(PATIENCE).await? {
            Some(0) => Ok(()),
            Some(code) => Err(self.wrong(code)),
            None => Err("`unfinished discard` does not end".into()),
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.kill();
    }
}
