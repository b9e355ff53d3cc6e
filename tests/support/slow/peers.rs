//! Other uploaders over the same lines, with their defaults, killed once per run: what the server would have kept of their
//! work.

use super::{
    OtherCase, Slow,
    cost::{Mark, Moment},
    dice,
    rounds::LIFE,
    scene::{Scene, Sources},
    table::{Case, FILES, Line, Way},
    terminal::without_own_settings,
};
use crate::{
    Server,
    child_process::{self, Last},
    place,
};
use rand::Rng as _;
use std::{
    fs::File,
    path::PathBuf,
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{sync::Semaphore, task::JoinSet, time::sleep};

/// Each run starts from scratch: none of these programs resumes.
const LIVES: usize = 5;
const LOOK: Duration = Duration::from_millis(10);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Other {
    Aws,
    Rclone,
    S5cmd,
}

pub(super) const OTHERS: [Other; 3] = [Other::Aws, Other::Rclone, Other::S5cmd];

/// What came of one of them over one line.
pub(super) struct Kept {
    pub(super) line: &'static Line,
    pub(super) other: Other,
    pub(super) lives: Result<Vec<Moment>, String>,
}

/// Every one of them, one file of 300 MiB, over the unknown lines among those that were chosen.
pub(super) fn cases(chosen: &[Case]) -> Vec<OtherCase> {
    let mut lines: Vec<&'static Line> = Vec::new();
    for case in chosen.iter().filter(|case| case.line.limit.is_none()) {
        if !lines.contains(&case.line) {
            lines.push(case.line);
        }
    }
    let case = |line| Case { line, files: &FILES[0], way: Way::Killed };
    OTHERS
        .into_iter()
        .flat_map(|other| lines.iter().map(move |line| OtherCase { case: case(line), other }))
        .collect()
}

/// All of them, as many side by side as ours.
pub(super) async fn measure(
    cases: Vec<OtherCase>,
    wanted: &Slow,
    server: Arc<Server>,
    sources: Arc<Sources>,
    tell: &mut dyn FnMut(&str),
) -> Vec<Kept> {
    let (turns, mut running) = (Arc::new(Semaphore::new(wanted.at_once.max(1))), JoinSet::new());
    for OtherCase { case, other } in cases {
        let (server, sources, turns) = (server.clone(), sources.clone(), turns.clone());
        let seed = wanted.seed;
        let work = tokio::spawn(async move {
            let _turn = turns.acquire().await;
            one(case, other, server, sources, seed).await
        });
        running.spawn(async move {
            let lives = work.await.unwrap_or_else(|reason| Err(reason.to_string()));
            Kept { line: case.line, other, lives }
        });
    }
    let mut all = Vec::new();
    while let Some(kept) = running.join_next().await {
        let Ok(kept) = kept else { continue };
        let said = kept.lives.as_ref().map_or_else(Clone::clone, |_| "measured".into());
        tell(&format!("{} {}: {said}", kept.other.name(), kept.line.id));
        all.push(kept);
    }
    all
}

async fn one(
    case: Case,
    other: Other,
    server: Arc<Server>,
    sources: Arc<Sources>,
    seed: u64,
) -> Result<Vec<Moment>, String> {
    let name = format!("{} {}", other.name(), case.name());
    let scene = Scene::new(server, sources, &name, case.line, case.files).await;
    // the moments of ours, so that all are killed alike
    let (mut dice, mut lives) = (dice(seed, &case.name()), Vec::new());
    for _ in 0..LIVES {
        let said = scene.folder().join("said.txt");
        let mut command = other.command(&scene)?;
        let file = File::create(&said).map_err(|reason| reason.to_string())?;
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(file);
        let before = Mark { crossed: scene.relay.crossed(), stored: 0 };
        let (start, life) = (Instant::now(), Duration::from_millis(dice.random_range(LIFE)));
        let mut child = child_process::spawn(command).map_err(|reason| reason.to_string())?;
        while start.elapsed() < life {
            if let Some(status) = child.try_wait().map_err(|reason| reason.to_string())? {
                let said = std::fs::read_to_string(&said).unwrap_or_default();
                return Err(format!("it ended by itself with {status}: {}", said.trim()));
            }
            sleep(LOOK).await;
        }
        let _ = child.kill();
        let _ = child.wait();
        let now = scene.mark().await;
        lives.push(Moment::between(before, now, life));
        scene.clear().await;
    }
    Ok(lives)
}

impl Other {
    pub(super) fn name(self) -> &'static str {
        match self {
            Other::Aws => "aws-cli 1",
            Other::Rclone => "rclone",
            Other::S5cmd => "s5cmd",
        }
    }

    /// Its upload of the scene's one file.
    fn command(self, scene: &Scene) -> Result<Command, String> {
        let file = scene.sources.file(&scene.files.names()[0]);
        let (url, to) = (scene.relay.endpoint(), format!("s3://{}/{}", scene.bucket, self.name()));
        let keys = &scene.server;
        let mut command = child_process::command(self.program()?, Last::Kill);
        match self {
            Other::Aws => {
                command.arg(installed("venv/bin/aws")?).args(["--endpoint-url", url]);
                command.args(["s3", "cp", "--only-show-errors"]).arg(file).arg(to);
            }
            Other::Rclone => {
                command.args(["--config", "/dev/null", "-q", "--s3-provider", "Other"]);
                command.args(["--s3-endpoint", url, "--s3-region", "us-east-1"]);
                command.args(["--s3-access-key-id", &keys.access_key_id]);
                command.args(["--s3-secret-access-key", &keys.secret_access_key]);
                command.args(["--s3-no-check-bucket", "copyto"]).arg(file);
                command.arg(format!(":s3:{}/{}", scene.bucket, self.name()));
            }
            Other::S5cmd => {
                command.args(["--endpoint-url", url, "cp"]).arg(file).arg(to);
            }
        }
        without_own_settings(&mut command, scene.folder());
        command
            .env("AWS_ACCESS_KEY_ID", &keys.access_key_id)
            .env("AWS_SECRET_ACCESS_KEY", &keys.secret_access_key)
            .env("AWS_REGION", &keys.region)
            .env("AWS_DEFAULT_REGION", &keys.region)
            .env("AWS_CONFIG_FILE", "/dev/null")
            .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
            .env("PYTHONDONTWRITEBYTECODE", "1");
        Ok(command)
    }

    fn program(self) -> Result<PathBuf, String> {
        match self {
            Other::Aws => installed("venv/bin/python"),
            Other::Rclone => installed("venv/bin/rclone"),
            // the one that it installs in `bin` is a script that starts it, and only the script would be killed
            Other::S5cmd => {
                let versions = std::fs::read_dir(place::peers().join("venv/lib"));
                let versions = versions.into_iter().flatten().flatten();
                let inside = |version: std::fs::DirEntry| {
                    version.path().join("site-packages/s5cmd/bin/s5cmd")
                };
                versions.map(inside).find(|path| path.is_file()).ok_or_else(missing)
            }
        }
    }
}

fn installed(path: &str) -> Result<PathBuf, String> {
    let path = place::peers().join(path);
    if path.is_file() { Ok(path) } else { Err(missing()) }
}

fn missing() -> String {
    "not installed".into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slow::table;

    #[test]
    fn others_go_over_the_unknown_lines_that_were_chosen() {
        let lines = |words: &[&str]| -> Vec<&str> {
            let words: Vec<_> = words.iter().map(ToString::to_string).collect();
            let cases = cases(&table::chosen(&words).unwrap());
            cases.iter().filter(|one| one.other == Other::Aws).map(|one| one.case.line.id).collect()
        };
        assert_eq!(lines(&[]), ["unknown-0.3", "unknown-1.5", "unknown-12"]);
        assert_eq!(lines(&["1.5", "limit", "stopped"]), ["unknown-1.5"]);
    }
}
