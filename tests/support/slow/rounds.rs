//! One case: an upload that is interrupted at random moments and resumed, until there are enough interruptions.

use super::{
    cost::{Mark, Moment},
    scene::Scene,
};
use rand::{Rng as _, rngs::StdRng};
use std::time::{Duration, Instant};

/// So long an upload goes before it is broken off, in milliseconds.
pub(super) const LIFE: std::ops::RangeInclusive<u64> = 3_000..=20_000;
/// An upload whose rest takes no longer is finished after the last moment, and looked at.
const REST_SECONDS: f64 = 60.0;
/// Starts in a row that leave nothing on the server.
const BLANKS: usize = 5;
/// Uploads that are done before a moment has come.
const ROUNDS: usize = 10;

/// Who uploads the files of a scene, and can be broken off.
pub(super) trait Uploads {
    /// All files of this round, from the beginning.
    async fn begin(&mut self, scene: &Scene) -> Result<(), String>;
    /// Goes on until all is done, at most so long.
    async fn until(&mut self, limit: Duration) -> Result<Reached, String>;
    /// Breaks off: not a byte is sent from here on.
    async fn stop(&mut self, scene: &Scene) -> Result<(), String>;
    async fn go_on(&mut self, scene: &Scene) -> Result<(), String>;
    /// Instead of going on: gives the upload up, its multipart uploads on the server too.
    async fn abort(&mut self, scene: &Scene) -> Result<(), String>;
}

pub(super) enum Reached {
    Done,
    Limit,
}

/// What came of one case.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) moments: Vec<Moment>,
    /// Uploads of all files that were done and read back.
    pub(super) finished: usize,
    /// The last one was given up, and left nothing behind.
    pub(super) aborted: bool,
    /// What did not hold.
    pub(super) flaw: Option<String>,
}

/// So many moments of one case; `dice` says when.
pub(super) async fn measure(
    uploads: &mut impl Uploads,
    scene: &mut Scene,
    moments: usize,
    dice: &mut StdRng,
) -> Outcome {
    let mut outcome = Outcome::default();
    outcome.flaw = rounds(uploads, scene, moments, dice, &mut outcome).await.err();
    outcome
}

async fn rounds(
    uploads: &mut impl Uploads,
    scene: &mut Scene,
    moments: usize,
    dice: &mut StdRng,
    outcome: &mut Outcome,
) -> Result<(), String> {
    for _ in 0..ROUNDS * moments.max(1) {
        round(uploads, scene, moments, dice, outcome).await?;
        if outcome.moments.len() >= moments {
            return Ok(());
        }
    }
    Err(format!("{} uploads were done before {moments} moments had come", outcome.finished))
}

/// One upload of all files, to its end or to the last moment.
async fn round(
    uploads: &mut impl Uploads,
    scene: &mut Scene,
    moments: usize,
    dice: &mut StdRng,
    outcome: &mut Outcome,
) -> Result<(), String> {
    scene.next_round();
    let mut before = Mark { crossed: scene.relay.crossed(), stored: 0 };
    let (mut blanks, mut since) = (0, Instant::now());
    uploads.begin(scene).await?;
    loop {
        let has_more = outcome.moments.len() < moments;
        let limit = if has_more {
            Duration::from_millis(dice.random_range(LIFE))
        } else {
            Duration::from_secs_f64(60.0 + 4.0 * scene.line.seconds(left(scene, before)))
        };
        match uploads.until(limit).await? {
            // broken off before it had come so far that there was something to go on with
            Reached::Done if blanks < BLANKS && scene.is_empty().await => {
                blanks += 1;
                uploads.begin(scene).await?;
            }
            Reached::Done => {
                scene.is_whole().await?;
                outcome.finished += 1;
                scene.relay.cut().await;
                scene.clear().await;
                return Ok(());
            }
            Reached::Limit if !has_more => {
                return Err(format!("its rest is not done after {} s", limit.as_secs()));
            }
            Reached::Limit => {
                uploads.stop(scene).await?;
                let life = since.elapsed();
                let now = scene.mark().await;
                outcome.moments.push(Moment::between(before, now, life));
                before = now;
                let is_last = outcome.moments.len() >= moments;
                if is_last && scene.line.seconds(left(scene, now)) > REST_SECONDS {
                    uploads.abort(scene).await?;
                    scene.nothing_unfinished().await?;
                    outcome.aborted = true;
                    scene.clear().await;
                    return Ok(());
                }
                uploads.go_on(scene).await?;
                since = Instant::now();
            }
        }
    }
}

fn left(scene: &Scene, mark: Mark) -> u64 {
    scene.files.bytes().saturating_sub(mark.stored)
}
