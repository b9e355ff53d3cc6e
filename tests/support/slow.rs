//! What an interruption over a slow line costs: bytes that had crossed the line and are sent again, for many lines, files and
//! kinds of interruption.

mod cost;
mod paused;
mod peers;
mod report;
mod rounds;
mod scene;
mod table;
mod terminal;

use crate::Server;
use paused::Paused;
use peers::Other;
use rand::{SeedableRng as _, rngs::StdRng};
use rounds::Outcome;
use scene::{Scene, Sources};
use std::sync::Arc;
use table::{Case, Way};
use terminal::Terminal;
use tokio::{sync::Semaphore, task::JoinSet};

/// What is to be measured.
#[derive(Clone, Debug)]
pub struct Slow {
    /// Of each case.
    pub moments: usize,
    pub seed: u64,
    /// Which lines, files and ways; none: all.
    pub words: Vec<String>,
    /// So many cases run side by side.
    pub at_once: usize,
    /// Other uploaders too.
    pub peers: bool,
}

/// The report, and whether all held that must.
pub struct Report {
    pub text: String,
    pub held: bool,
}

/// Another uploader over one line, killed.
struct OtherCase {
    case: Case,
    other: Other,
}

/// Measures; `tell` gets a line for each case that is through.
///
/// # Errors
/// Words that choose nothing.
pub async fn slow(wanted: &Slow, tell: &mut dyn FnMut(&str)) -> Result<Report, String> {
    let cases = table::chosen(&wanted.words)?;
    let others: Vec<OtherCase> = if wanted.peers { peers::cases(&cases) } else { Vec::new() };
    tell(&format!("{} cases, and {} of other uploaders", cases.len(), others.len()));
    let server = Arc::new(Server::practice().await);
    let files = cases.iter().chain(others.iter().map(|other| &other.case)).map(|case| case.files);
    let sources = Arc::new(Sources::create(files));
    let (turns, mut running) = (Arc::new(Semaphore::new(wanted.at_once.max(1))), JoinSet::new());
    for (number, case) in cases.iter().copied().enumerate() {
        let (server, sources, turns) = (server.clone(), sources.clone(), turns.clone());
        let (moments, mut dice) = (wanted.moments, dice(wanted.seed, &case.name()));
        // a panic is the failure of one case
        let work = tokio::spawn(async move {
            let _turn = turns.acquire().await;
            one(case, server, sources, moments, &mut dice).await
        });
        running.spawn(async move { (number, work.await) });
    }
    let mut outcomes: Vec<Option<Outcome>> = cases.iter().map(|_| None).collect();
    while let Some(joined) = running.join_next().await {
        let Ok((number, outcome)) = joined else { continue };
        let outcome = outcome.unwrap_or_else(|reason| Outcome {
            flaw: Some(format!("it did not come to its end: {reason}")),
            ..Outcome::default()
        });
        tell(&report::line(&cases[number], &outcome));
        outcomes[number] = Some(outcome);
    }
    let rows: Vec<(Case, Outcome)> = cases
        .into_iter()
        .zip(outcomes)
        .filter_map(|(case, outcome)| Some((case, outcome?)))
        .collect();
    let mut text = report::tables(&rows);
    if wanted.peers {
        let kept = peers::measure(others, wanted, server, sources, tell).await;
        text += &report::peers(&rows, &kept);
    }
    Ok(Report { text, held: report::held(&rows) })
}

/// Of a case's own, so that its moments are the same whichever others are chosen.
fn dice(seed: u64, name: &str) -> StdRng {
    // FNV-1a, which is the same on every machine and in every version
    let hash = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    StdRng::seed_from_u64(seed ^ name.bytes().fold(0xcbf2_9ce4_8422_2325, hash))
}

async fn one(
    case: Case,
    server: Arc<Server>,
    sources: Arc<Sources>,
    moments: usize,
    dice: &mut StdRng,
) -> Outcome {
    let mut scene = Scene::new(server, sources, &case.name(), case.line, case.files).await;
    if case.way == Way::Paused {
        return rounds::measure(&mut Paused::default(), &mut scene, moments, dice).await;
    }
    let mut terminal = Terminal::new(case.way, &scene);
    rounds::measure(&mut terminal, &mut scene, moments, dice).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng as _;

    #[test]
    fn a_seed_makes_the_same_moments_for_each_case() {
        let moments = |seed, name| -> Vec<u64> {
            let mut dice = dice(seed, name);
            (0..5).map(|_| dice.random_range(rounds::LIFE)).collect()
        };
        assert_eq!(moments(1, "a"), moments(1, "a"));
        assert_ne!(moments(1, "a"), moments(2, "a"));
        assert_ne!(moments(1, "a"), moments(1, "b"));
    }
}
