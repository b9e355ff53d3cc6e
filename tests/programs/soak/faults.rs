//! Injects each fault once into an upload of twelve parts: does it survive, what is sent twice, how soon does it resume.

use std::path::PathBuf;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::time::sleep;
use windlass_tests::engine_process::Reported;
use windlass_tests::{
    Act, EngineProcess, EngineSetup, Proxy, ReferenceClient, Server, When, files, place,
};

const PART: u64 = 5 << 20;
const SIZE: u64 = 12 * PART;
const KEY: &str = "twelve.bin";
/// Of one connection: slow enough that a fault in mid-upload finds parts on their way.
const BYTES_PER_SECOND: u64 = 6 << 20;
/// A fault that is not survived in this time, after its end, is not survived.
const LIMIT: Duration = Duration::from_secs(200);
const LOOK: Duration = Duration::from_millis(5);

/// What goes wrong.
enum Wrong {
    /// The first calls of a kind, so many.
    Calls(When, usize, Act),
    /// All calls, in mid-upload, for a time.
    All(Vec<(When, Act)>, Duration),
    /// Nobody listens for so long, so many times, with as long in between.
    Unplugged(Duration, usize),
    Killed,
    /// Connections die meanwhile.
    Slept(Duration),
    GoneOnTheServer,
}

struct Fault {
    name: &'static str,
    does: &'static str,
    wrong: Wrong,
}

fn faults() -> Vec<Fault> {
    let seconds = Duration::from_secs;
    let page = |status| vec![(When::any(), Act::Page { status })];
    let hole =
        vec![(When::any_part(), Act::StallAfter(1 << 20)), (When::any(), Act::StallAfter(0))];
    let sixth = |times, act| Wrong::Calls(When::part(6), times, act);
    let complete = |act| Wrong::Calls(When::complete(), 1, act);
    let fault = |name, does, wrong| Fault { name, does, wrong };
    let waits = "waits and polls, resumes when S3 responds";
    let part_again = "sends that part again";
    vec![
        fault("connection refused for 20 s", waits, Wrong::Unplugged(seconds(20), 1)),
        fault("black hole mid-part for 20 s", waits, Wrong::All(hole, seconds(20))),
        fault(
            "off and on every 0.8 s, 6 times",
            waits,
            Wrong::Unplugged(Duration::from_millis(800), 6),
        ),
        fault("sign-in page (200) for 10 s", waits, Wrong::All(page(200), seconds(10))),
        fault("sign-in page (302) for 10 s", waits, Wrong::All(page(302), seconds(10))),
        fault("502 from a proxy for 10 s", waits, Wrong::All(page(502), seconds(10))),
        fault("500 three times", part_again, sixth(3, Act::answer(500, "InternalError"))),
        fault("503 SlowDown, Retry-After 3", "waits as asked", sixth(1, Act::slow_down(Some(3)))),
        fault("reset mid-body", part_again, sixth(1, Act::CloseAfter(PART / 2))),
        fault("a part stalls", part_again, sixth(1, Act::StallAfter(PART / 2))),
        fault(
            "75 kB/s, hidden by a buffer",
            "waits; each part that is given up doubles the stall timeout",
            sixth(2, Act::Slow(75_000)),
        ),
        fault("response to a part lost", part_again, sixth(1, Act::DropAnswer)),
        fault("response to Complete lost", "finds that it completed", complete(Act::DropAnswer)),
        fault(
            "200 with an error in Complete",
            "sends Complete again",
            complete(Act::answer(200, "InternalError")),
        ),
        fault(
            "response to Complete cut short",
            "finds that it completed",
            complete(Act::CutAnswer(20)),
        ),
        fault("killed mid-upload", "resumes with what is stored", Wrong::Killed),
        fault("lid closed for 20 s", "reconnects", Wrong::Slept(seconds(20))),
        fault("gone on the server", "restarts, and says so", Wrong::GoneOnTheServer),
    ]
}

/// What a fault came to.
struct Outcome {
    /// Why it was not survived.
    not: Option<String>,
    sent_twice: u64,
    went_on: Option<Duration>,
}

struct Scene {
    reference: ReferenceClient,
    proxy: Proxy,
    setup: EngineSetup,
    source: PathBuf,
    _server: Server,
    _folder: TempDir,
}

/// Prints the table; true where all was survived. `words`: only faults with one of them in their name.
pub(crate) async fn run(words: &[String]) -> bool {
    let mut survived = true;
    println!("fault | what Windlass does | sent twice | went on after");
    println!("--- | --- | --- | ---");
    let wanted = |name: &str| words.is_empty() || words.iter().any(|word| name.contains(word));
    for fault in faults().into_iter().filter(|fault| wanted(fault.name)) {
        let outcome = Scene::new().await.meet(fault.wrong).await;
        let does = match outcome.not {
            None => fault.does.to_owned(),
            Some(reason) => {
                survived = false;
                format!("**not survived**: {}", reason.replace(['|', '\n'], " "))
            }
        };
        let twice = outcome.sent_twice as f64 / f64::from(1 << 20);
        let went_on =
            outcome.went_on.map_or("-".into(), |time| format!("{:.1} s", time.as_secs_f64()));
        println!("{} | {does} | {twice:.1} MiB | {went_on}", fault.name);
    }
    survived
}

impl Scene {
    async fn new() -> Scene {
        let (server, folder) = (Server::practice().await, place::scratch());
        let (reference, proxy) = (ReferenceClient::new(&server), Proxy::to(&server.endpoint));
        reference.create_bucket("faults").await;
        let source = folder.path().join("source");
        files::write(&source, 1, SIZE);
        let state = folder.path().join("state");
        let setup = EngineSetup::new(&state, &server, proxy.endpoint(), "faults");
        Scene { reference, proxy, setup, source, _server: server, _folder: folder }
    }

    fn slow(&self) {
        self.proxy.on(When::any_part(), usize::MAX, Act::Slow(BYTES_PER_SECOND));
    }

    async fn meet(self, wrong: Wrong) -> Outcome {
        if let Wrong::Calls(when, times, act) = &wrong {
            self.proxy.on(when.clone(), *times, act.clone());
        }
        self.slow();
        let mut process = EngineProcess::start(&self.setup);
        let id = process.queue(&self.source, KEY, "replace", PART).await;
        if let Wrong::Calls(when, times, _) = &wrong {
            let went_on = self.after_calls(&process, id, when, *times).await;
            return self.outcome(&process, id, went_on).await;
        }
        process.until(id, |reported| reported.stored >= 4 * PART || reported.has_ended()).await;
        match wrong {
            Wrong::All(rules, time) => {
                self.proxy.clear();
                for (when, act) in rules {
                    self.proxy.on(when, usize::MAX, act);
                }
                sleep(time).await;
                self.proxy.clear();
                self.slow();
            }
            Wrong::Unplugged(time, times) => {
                for turn in 0..times {
                    if turn > 0 {
                        sleep(time).await;
                    }
                    self.proxy.unplug();
                    sleep(time).await;
                    self.proxy.plug();
                }
            }
            Wrong::Killed => {
                process.kill();
                process = EngineProcess::start(&self.setup);
            }
            Wrong::Slept(time) => {
                self.proxy.clear();
                self.proxy.on(When::any_part(), 4, Act::StallAfter(1 << 20));
                self.slow();
                self.proxy
                    .until_seen(&When::any_part(), self.proxy.count(&When::any_part()) + 4)
                    .await;
                process.signal("STOP");
                sleep(time).await;
                process.signal("CONT");
            }
            Wrong::GoneOnTheServer => {
                for (key, upload) in self.reference.uploads("faults").await {
                    self.reference.abort_upload("faults", &key, &upload).await;
                }
            }
            Wrong::Calls(..) => {}
        }
        let went_on = self.next_byte(&process, id).await;
        self.outcome(&process, id, went_on).await
    }

    /// From now to the first byte of a call that begins from now on.
    async fn next_byte(&self, process: &EngineProcess, id: u32) -> Option<Duration> {
        let (start, calls) = (Instant::now(), self.proxy.seen().len());
        while start.elapsed() < LIMIT && !has_ended(process, id) {
            if self.proxy.seen()[calls..].iter().any(|seen| seen.body_bytes > 0) {
                return Some(start.elapsed());
            }
            sleep(LOOK).await;
        }
        None
    }

    /// From the last sign of the calls that were hit to the same call again, or to the end.
    async fn after_calls(
        &self,
        process: &EngineProcess,
        id: u32,
        when: &When,
        times: usize,
    ) -> Option<Duration> {
        let (start, mut last, mut changed) = (Instant::now(), Vec::new(), None);
        while start.elapsed() < LIMIT {
            let fits: Vec<_> =
                self.proxy.seen().into_iter().filter(|seen| when.fits(seen)).collect();
            let again = fits.get(times).is_some_and(|again| again.body_bytes > 0);
            if again || has_ended(process, id) {
                return changed.map(|changed: Instant| changed.elapsed());
            }
            let hit: Vec<_> =
                fits.iter().take(times).map(|seen| (seen.body_bytes, seen.status)).collect();
            if hit.len() == times && hit != last {
                (last, changed) = (hit, Some(Instant::now()));
            }
            sleep(LOOK).await;
        }
        None
    }

    async fn outcome(
        &self,
        process: &EngineProcess,
        id: u32,
        went_on: Option<Duration>,
    ) -> Outcome {
        let start = Instant::now();
        while !has_ended(process, id) && start.elapsed() < LIMIT {
            sleep(LOOK).await;
        }
        let not = match process.last(id) {
            Some(Reported { status, proof: Some(_), .. }) if status == "done" => self.flaw().await,
            Some(reported) => Some(match reported.fault {
                Some(fault) => format!("{}: {fault}", reported.status),
                None => format!("it stays {}", reported.status),
            }),
            None => Some("it was never heard of".into()),
        };
        let sent = self.proxy.body_bytes(&When::method("PUT"));
        Outcome { not, sent_twice: sent.saturating_sub(SIZE), went_on }
    }

    /// What is wrong with what is called done.
    async fn flaw(&self) -> Option<String> {
        if let Some(at) = self.reference.difference("faults", KEY, &self.source).await {
            return Some(format!("the object is another from byte {at} on"));
        }
        let left = self.reference.uploads("faults").await.len();
        (left > 0).then(|| format!("{left} multipart uploads are left on the server"))
    }
}

fn has_ended(process: &EngineProcess, id: u32) -> bool {
    process.last(id).is_some_and(|reported| reported.has_ended())
}
