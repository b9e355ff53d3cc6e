//! The process dies at every S3 call in turn, once before the response is seen and once after, and the next process resumes by
//! itself.

use crate::fixture::PART;
use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::task::JoinSet;
use windlass_tests::engine_process::Reported;
use windlass_tests::proxy::Seen;
use windlass_tests::{
    Act, EngineProcess, EngineSetup, Proxy, ReferenceClient, Server, When, files, place,
};

/// Runs at the same time: they mostly wait for the disk and for processes to start.
const AT_ONCE: usize = 4;
const KEY: &str = "folder/key.bin";

/// When the plug is pulled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pull {
    /// The server has done what was asked; the answer is not seen.
    BeforeAnswer,
    /// The answer was passed on a moment ago.
    AfterAnswer,
}

/// What is uploaded.
struct Scene {
    server: Server,
    reference: ReferenceClient,
    _folder: TempDir,
    source: PathBuf,
    if_exists: &'static str,
}

/// One process after the other over one folder, by way of one proxy, into one bucket.
struct Life {
    setup: EngineSetup,
    proxy: Proxy,
    _folder: TempDir,
}

impl Scene {
    async fn new(size: u64, if_exists: &'static str) -> Scene {
        let server = Server::practice().await;
        let folder = place::scratch();
        let source = folder.path().join("source");
        files::write(&source, size, size);
        Scene {
            reference: ReferenceClient::new(&server),
            server,
            _folder: folder,
            source,
            if_exists,
        }
    }

    async fn life(&self, name: &str) -> Life {
        let folder = place::scratch();
        self.reference.create_bucket(name).await;
        let proxy = Proxy::to(&self.server.endpoint);
        let setup =
            EngineSetup::new(&folder.path().join("state"), &self.server, proxy.endpoint(), name);
        Life { setup, proxy, _folder: folder }
    }

    async fn queue(&self, process: &mut EngineProcess) -> u32 {
        process.queue(&self.source, KEY, self.if_exists, PART).await
    }

    /// The one object, its bytes, and nothing half-made beside it.
    async fn assert_whole(&self, life: &Life, reported: &Reported) {
        let bucket = &life.setup.bucket;
        assert_eq!(self.reference.uploads(bucket).await, [], "left behind on the server");
        assert_eq!(reported.status, "done", "{reported:?}");
        assert!(reported.proof.is_some() && reported.fault.is_none(), "{reported:?}");
        assert_eq!(self.reference.keys(bucket, "").await, [KEY], "one object, under its own key");
        self.reference.assert_same(bucket, KEY, &self.source).await;
    }

    /// The disk is not ours alone.
    async fn swept(&self, life: Life) {
        let bucket = &life.setup.bucket;
        for key in self.reference.keys(bucket, "").await {
            self.reference.client.delete_object().bucket(bucket).key(key).send().await.unwrap();
        }
    }
}

impl Life {
    /// Pulls the plug when so many calls are held, or the answer to this call was passed on; false where the upload ended
    /// before.
    async fn pulled(
        &self,
        process: EngineProcess,
        id: u32,
        pull: Pull,
        held: usize,
        call: usize,
    ) -> bool {
        let reached = async {
            match pull {
                Pull::BeforeAnswer => self.proxy.until_held(held).await,
                Pull::AfterAnswer => {
                    let passed = |seen: &[Seen]| seen.get(call).is_some_and(|call| call.passed);
                    self.proxy.until(passed).await;
                }
            }
        };
        tokio::select! {
            biased;
            () = reached => {
                process.kill();
                true
            }
            _ = process.ended(id) => {
                // the last answer can be made use of before the proxy says that it passed it on
                let last = pull == Pull::AfterAnswer && self.proxy.seen().len() > call;
                if last { process.kill() } else { process.quit() }
                last
            }
        }
    }

    /// The next process over the same folder, until the upload has ended.
    async fn again(&self, id: u32) -> Reported {
        self.proxy.clear();
        // what is still held belongs to a client that is gone
        self.proxy.release();
        let process = EngineProcess::start(&self.setup);
        let reported = process.ended(id).await;
        process.quit();
        reported
    }

    /// Arms the plug for the `n`-th call from now on; the place of that call among all.
    fn armed(&self, n: usize, pull: Pull) -> usize {
        if pull == Pull::BeforeAnswer {
            self.proxy.on_nth(n, Act::HoldAnswer);
        }
        self.proxy.seen().len() + n - 1
    }

    /// The parts that the server said it had stored.
    fn stored(&self) -> HashSet<u16> {
        let seen = self.proxy.seen();
        let stored =
            seen.iter().filter(|seen| When::any_part().fits(seen) && seen.status == Some(200));
        stored.filter_map(number).collect()
    }
}

fn number(seen: &Seen) -> Option<u16> {
    seen.query.iter().find(|(name, _)| name == "partNumber")?.1.parse().ok()
}

/// One life of an upload with one death in it. False where the upload ended before its `n`-th call.
async fn dies_once(scene: Arc<Scene>, name: String, n: usize, pull: Pull) -> bool {
    let life = scene.life(&name).await;
    let call = life.armed(n, pull);
    let mut process = EngineProcess::start(&life.setup);
    let id = scene.queue(&mut process).await;
    let reached = life.pulled(process, id, pull, 1, call).await;
    let stored = life.stored();
    let reported = life.again(id).await;
    scene.assert_whole(&life, &reported).await;
    // that an upload is gone is an answer, not a fault to be patient with
    let listed = life.proxy.count(&When::list_parts());
    assert!(listed <= 3, "asked {listed} times which parts there are");
    for part in stored {
        assert_eq!(
            life.proxy.count(&When::part(part)),
            1,
            "part {part} was stored, and sent again"
        );
    }
    scene.swept(life).await;
    reached
}

/// Aborted with `stored` parts on the server and two on their way, one of them stored with its answer not seen.
async fn dies_aborting(scene: Arc<Scene>, name: String, stored: u16, n: usize, pull: Pull) -> bool {
    let mut life = scene.life(&name).await;
    life.setup.connections = Some(2);
    life.proxy.on(When::part(stored + 1), 1, Act::StallAfter(PART / 5));
    life.proxy.on(When::part(stored + 2), 1, Act::HoldAnswer);
    let mut process = EngineProcess::start(&life.setup);
    let id = scene.queue(&mut process).await;
    process.until(id, |reported| reported.stored == u64::from(stored) * PART).await;
    life.proxy.until_seen(&When::part(stored + 1), 1).await;
    life.proxy.until_held(1).await;
    let call = life.armed(n, pull);
    process.order(&["abort", &id.to_string()]);
    let reached = life.pulled(process, id, pull, 2, call).await;
    let reported = life.again(id).await;
    let bucket = &life.setup.bucket;
    assert_eq!(scene.reference.uploads(bucket).await, [], "left behind on the server");
    assert_eq!(reported.status, "aborted", "{reported:?}");
    assert_eq!(scene.reference.keys(bucket, "").await, Vec::<String>::new());
    reached
}

/// Every call in turn, both ways, until a run has no such call any more. All that went wrong is told at the end.
async fn at_every_call<Run>(least: usize, run: impl Fn(String, usize, Pull) -> Run)
where
    Run: Future<Output = bool> + Send + 'static,
{
    let (mut wrong, mut deaths) = (String::new(), 0);
    for first in (1..).step_by(AT_ONCE / 2) {
        let mut runs = JoinSet::new();
        for n in first..first + AT_ONCE / 2 {
            for pull in [Pull::BeforeAnswer, Pull::AfterAnswer] {
                let run = run(format!("{pull:?}-{n}").to_lowercase(), n, pull);
                runs.spawn(async move { (n, pull, tokio::spawn(run).await) });
            }
        }
        let mut reached = true;
        while let Some(ran) = runs.join_next().await {
            let (n, pull, outcome) = ran.unwrap();
            match outcome {
                Ok(was) => {
                    reached &= was;
                    deaths += usize::from(was);
                }
                Err(panic) => {
                    let reason = panic.into_panic();
                    let reason = reason.downcast_ref::<String>().cloned().unwrap_or_default();
                    deaths += 1;
                    let _ = writeln!(wrong, "call {n}, {pull:?}: {reason}");
                }
            }
        }
        assert!(first < 100, "an upload of so many calls is not one of these:\n{wrong}");
        if !reached {
            break;
        }
    }
    assert_eq!(wrong, "", "of {deaths} deaths");
    assert!(deaths >= least, "only {deaths} deaths were died");
}

async fn every_death_of(size: u64, if_exists: &'static str, least: usize) {
    let scene = Arc::new(Scene::new(size, if_exists).await);
    at_every_call(least, |name, n, pull| dies_once(scene.clone(), name, n, pull)).await;
}

/// Create, twelve parts, Complete: each is a place to die, before and after.
#[tokio::test(flavor = "multi_thread")]
async fn twelve_parts_survive_a_death_at_every_call() {
    every_death_of(12 * PART, "replace", 28).await;
}

/// The one that asks does not ask about its own object.
#[tokio::test(flavor = "multi_thread")]
async fn four_parts_that_ask_survive_a_death_at_every_call() {
    every_death_of(4 * PART, "ask", 14).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_put_survives_a_death_at_every_call() {
    every_death_of(100_000, "replace", 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_put_that_asks_survives_a_death_at_every_call() {
    every_death_of(100_000, "ask", 4).await;
}

/// Its own object is not one to be kept beside.
#[tokio::test(flavor = "multi_thread")]
async fn one_put_that_keeps_both_survives_a_death_at_every_call() {
    every_death_of(100_000, "keepBoth", 4).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_abort_survives_a_death_at_every_call() {
    let scene = Arc::new(Scene::new(6 * PART, "replace").await);
    for stored in [0, 3] {
        let run = |name, n, pull| {
            dies_aborting(scene.clone(), format!("s{stored}-{name}"), stored, n, pull)
        };
        at_every_call(2, run).await;
    }
}
