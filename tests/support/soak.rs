//! The terminal program, killed at random moments and restarted until everything is done, round after round.

use crate::{
    Act, Proxy, ReferenceClient, Server, When,
    child_process::{self, Last},
    files, place,
    proxy::Seen,
};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

const MIB: u64 = 1 << 20;
/// Names and sizes: many parts, two, one PUT, next to nothing, nothing.
const FILES: &[(&str, u64)] = &[
    ("forty.bin", 40 * MIB),
    ("sixty odd.bin", 63 * MIB + 5),
    ("two parts.bin", 9 * MIB + 1),
    ("one put.bin", 5 * MIB),
    ("small.txt", 20_000),
    ("a line.txt", 70),
    ("empty", 0),
];
/// Of one connection: all files take some three seconds on the way.
const BYTES_PER_SECOND: u64 = 12 * MIB;
/// So long a call is done on the server and its caller does not know: a place for kills to fall.
const LATE: Duration = Duration::from_millis(80);
/// A process is killed when it is so many milliseconds old: less than one round takes.
const LIFE: std::ops::Range<u64> = 10..1500;
/// Far above what all files take; a process that takes longer hangs.
const LIMIT: Duration = Duration::from_secs(180);
/// Between two looks at what moves.
const LOOK: Duration = Duration::from_millis(5);

#[derive(Debug, Default)]
pub struct Summary {
    pub rounds: usize,
    pub kills: usize,
    pub uploads: usize,
    /// Of the files uploaded.
    pub bytes: u64,
    pub sent_twice: u64,
    /// At one kill.
    pub most_in_flight: u64,
    /// What was under way at the kills.
    pub fell_on: BTreeMap<&'static str, usize>,
    /// Seconds from a start over what was left to the first new byte.
    pub waits: Vec<f64>,
}

/// What is the same in every round.
struct Quay {
    server: Server,
    reference: ReferenceClient,
    folder: TempDir,
    dice: StdRng,
}

/// One set of uploads.
struct Round {
    bucket: String,
    proxy: Proxy,
    /// For each kill the calls that were under way, by number: their bytes may be sent again.
    flights: Vec<Vec<usize>>,
    /// What the server said it had stored before a kill, and the number of calls there were then: it must not come again.
    stored: HashMap<(String, u16), (usize, Option<String>)>,
}

/// How a process ended.
enum End {
    Killed,
    Itself { code: Option<i32>, said: String },
}

/// Rounds until at least so many kills; `tell` gets a line for each.
///
/// # Errors
/// What did not hold.
pub async fn soak(kills: usize, seed: u64, tell: &mut dyn FnMut(&str)) -> Result<Summary, String> {
    let server = Server::practice().await;
    let folder = place::scratch();
    for (at, (name, size)) in FILES.iter().enumerate() {
        files::write(&folder.path().join(name), at as u64, *size);
    }
    let reference = ReferenceClient::new(&server);
    let mut quay = Quay { server, reference, folder, dice: StdRng::seed_from_u64(seed) };
    let mut summary = Summary::default();
    while summary.kills < kills {
        summary.rounds += 1;
        quay.round(kills, &mut summary, tell)
            .await
            .map_err(|reason| format!("round {}: {reason}", summary.rounds))?;
    }
    Ok(summary)
}

impl Quay {
    async fn round(
        &mut self,
        kills: usize,
        summary: &mut Summary,
        tell: &mut dyn FnMut(&str),
    ) -> Result<(), String> {
        let mut round = Round::new(&self.server, summary.rounds);
        self.reference.create_bucket(&round.bucket).await;
        let mut begun = false;
        loop {
            let life = (summary.kills < kills)
                .then(|| Duration::from_millis(self.dice.random_range(LIFE)));
            let first = round.proxy.seen().len();
            let child = self.start(&round, begun);
            match round.watch(child, life, first, begun, summary).await? {
                End::Killed => {
                    summary.kills += 1;
                    round.killed(first, summary)?;
                    tell(&format!(
                        "round {}, kill {} after {} ms",
                        summary.rounds,
                        summary.kills,
                        life.unwrap_or_default().as_millis()
                    ));
                    begun = true;
                }
                End::Itself { code: Some(0), said } => {
                    round.nothing_again()?;
                    if self.reference.keys(&round.bucket, "").await.is_empty() {
                        // killed before a file was queued: nothing was promised
                        if !begun {
                            return Err(format!("it says that all is done: {said}"));
                        }
                        begun = false;
                        continue;
                    }
                    break;
                }
                End::Itself { code, said } => {
                    return Err(format!("it ended with {code:?}: {said}"));
                }
            }
        }
        self.check(&round, summary).await
    }

    fn start(&self, round: &Round, begun: bool) -> Child {
        let mut command = child_process::command(place::program("windlass-cli"), Last::Kill);
        let theirs = |name: &str| name.starts_with("AWS_") || name.starts_with("XDG_");
        for (name, _) in std::env::vars_os().filter(|(name, _)| theirs(&name.to_string_lossy())) {
            command.env_remove(name);
        }
        self.words(&mut command, round, begun);
        command
            .current_dir(self.folder.path())
            .env("HOME", self.folder.path().join("home"))
            .env("AWS_ACCESS_KEY_ID", &self.server.access_key_id)
            .env("AWS_SECRET_ACCESS_KEY", &self.server.secret_access_key)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_ENDPOINT_URL", round.proxy.endpoint())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        child_process::spawn(command).unwrap()
    }

    fn words(&self, command: &mut Command, round: &Round, begun: bool) {
        if begun {
            command.arg("resume");
        } else {
            command.arg("upload").args(FILES.iter().map(|(name, _)| name));
            command.arg(format!("s3://{}/", round.bucket));
            command.args(["--part-size", "5MiB", "--connections", "4"]);
        }
        // a state for each round: what one left behind must not be finished by the next
        command.arg("--state").arg(self.folder.path().join(format!("state-{}", round.bucket)));
    }

    async fn check(&self, round: &Round, summary: &mut Summary) -> Result<(), String> {
        let left = self.reference.uploads(&round.bucket).await;
        if !left.is_empty() {
            return Err(format!(
                "{} multipart uploads are left on the server: {left:?}",
                left.len()
            ));
        }
        let mut wanted: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
        wanted.sort_unstable();
        let keys = self.reference.keys(&round.bucket, "").await;
        if keys != wanted {
            return Err(format!("the bucket has {keys:?}"));
        }
        for (name, size) in FILES {
            let path: &Path = &self.folder.path().join(name);
            if let Some(at) = self.reference.difference(&round.bucket, name, path).await {
                return Err(format!("{name} is another from byte {at} on"));
            }
            summary.uploads += 1;
            summary.bytes += size;
            let gone = self.reference.client.delete_object().bucket(&round.bucket).key(*name);
            gone.send().await.map_err(|reason| format!("{name}: {reason}"))?;
        }
        let whole: u64 = FILES.iter().map(|(_, size)| size).sum();
        let seen = round.proxy.seen();
        let puts = seen.iter().filter(|seen| When::method("PUT").fits(seen));
        let sent: u64 = puts.map(of_files).sum();
        let twice = sent.saturating_sub(whole);
        summary.sent_twice += twice;
        let flights = round.in_flight();
        summary.most_in_flight =
            flights.iter().copied().chain([summary.most_in_flight]).max().unwrap_or(0);
        let forgiven: u64 = flights.iter().sum();
        if twice > forgiven {
            return Err(format!(
                "{twice} bytes were sent twice, and only {forgiven} were on their way at a kill"
            ));
        }
        Ok(())
    }
}

impl Round {
    fn new(server: &Server, number: usize) -> Round {
        let proxy = Proxy::to(&server.endpoint);
        proxy.on(When::any_part(), usize::MAX, Act::Slow(BYTES_PER_SECOND));
        for when in [When::create(), When::complete(), When::put_object()] {
            proxy.on(when, usize::MAX, Act::LateAnswer(LATE));
        }
        proxy.on(When::any(), usize::MAX, Act::Delay(LATE / 4));
        let bucket = format!("round-{number}");
        Round { bucket, proxy, flights: Vec::new(), stored: HashMap::new() }
    }

    /// Until the process ends, or its time has come.
    async fn watch(
        &self,
        mut child: Child,
        life: Option<Duration>,
        first: usize,
        again: bool,
        summary: &mut Summary,
    ) -> Result<End, String> {
        let start = Instant::now();
        let mut moved = !again;
        loop {
            if !moved
                && self.proxy.seen()[first..]
                    .iter()
                    .any(|seen| seen.body_bytes > 0 && carries(seen))
            {
                summary.waits.push(start.elapsed().as_secs_f64());
                moved = true;
            }
            if let Some(status) = child.try_wait().map_err(|reason| reason.to_string())? {
                let mut said = String::new();
                if let Some(mut err) = child.stderr.take() {
                    let _ = std::io::Read::read_to_string(&mut err, &mut said);
                }
                return Ok(End::Itself { code: status.code(), said });
            }
            if life.is_some_and(|life| start.elapsed() >= life) {
                let _ = child.kill();
                let _ = child.wait();
                return Ok(End::Killed);
            }
            if start.elapsed() > LIMIT {
                let _ = child.kill();
                return Err(format!("it hangs; the last calls: {:?}", self.proxy.seen().last()));
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Writes down what a kill fell on.
    fn killed(&mut self, first: usize, summary: &mut Summary) -> Result<(), String> {
        self.nothing_again()?;
        let seen = self.proxy.seen();
        let (calls, mut flight) = (seen.len(), Vec::new());
        for (at, seen) in seen.iter().enumerate().skip(first) {
            match part(seen) {
                Some(part) if seen.status == Some(200) => {
                    self.stored.entry(part).or_insert((calls, query(seen, "uploadId")));
                }
                // one PUT has no list to look it up in: its answer may have come in the instant of the kill
                _ if carries(seen) => flight.push(at),
                _ => {}
            }
            if !seen.passed {
                *summary.fell_on.entry(name(seen)).or_default() += 1;
            }
        }
        self.flights.push(flight);
        Ok(())
    }

    /// Bytes of each flight. What a dead process had put on the way arrives after it, so they are counted late.
    fn in_flight(&self) -> Vec<u64> {
        let seen = self.proxy.seen();
        self.flights.iter().map(|calls| calls.iter().map(|at| seen[*at].body_bytes).sum()).collect()
    }

    /// No part that the server had stored came once more.
    fn nothing_again(&self) -> Result<(), String> {
        let seen = self.proxy.seen();
        for (at, seen) in seen.iter().enumerate() {
            // what a killed process had put on the way may still arrive: only who comes after knew better
            if let Some(part) = part(seen)
                && let Some((calls, upload_id)) = self.stored.get(&part)
                && at >= *calls
            {
                let anew = query(seen, "uploadId") != *upload_id;
                let whose = if anew { "another" } else { "the same" };
                let (path, number) = part;
                return Err(format!(
                    "part {number} of {path} was stored, and sent again to {whose} multipart upload"
                ));
            }
        }
        Ok(())
    }
}

fn query(seen: &Seen, name: &str) -> Option<String> {
    seen.query.iter().find(|(have, _)| have == name).map(|(_, value)| value.clone())
}

fn carries(seen: &Seen) -> bool {
    seen.method == "PUT"
}

fn part(seen: &Seen) -> Option<(String, u16)> {
    let number = query(seen, "partNumber")?.parse().ok()?;
    Some((seen.path.clone(), number))
}

fn name(seen: &Seen) -> &'static str {
    let names = [
        (When::any_part(), "part"),
        (When::put_object(), "put"),
        (When::create(), "create"),
        (When::complete(), "complete"),
        (When::list_parts(), "list parts"),
    ];
    names.iter().find(|(when, _)| when.fits(seen)).map_or("other", |(_, name)| name)
}

impl Summary {
    /// For people.
    pub fn reported(&self) -> String {
        let mib = |bytes: u64| bytes as f64 / MIB as f64;
        let mut waits = self.waits.clone();
        waits.sort_by(f64::total_cmp);
        let median = waits.get(waits.len() / 2).copied().unwrap_or_default();
        let worst = waits.last().copied().unwrap_or_default();
        let fell: Vec<String> =
            self.fell_on.iter().map(|(name, times)| format!("{times} {name}")).collect();
        format!(
            "{} kills in {} rounds; {} uploads finished, {:.1} MiB of files\n\
             under way at the kills: {}\n\
             sent twice: {:.1} MiB; at most {:.1} MiB were on their way at one kill\n\
             from a restart to the first new byte: {median:.2} s in the middle, {worst:.2} s at worst",
            self.kills,
            self.rounds,
            self.uploads,
            mib(self.bytes),
            fell.join(", "),
            mib(self.sent_twice),
            mib(self.most_in_flight),
        )
    }
}

/// Bytes of files in a request's body: without the framing of a trailer, and nothing of what a server is asked by.
fn of_files(seen: &Seen) -> u64 {
    if seen.path.contains("/windlass-probe-") {
        return 0;
    }
    let whole = seen.header("x-amz-decoded-content-length").and_then(|bytes| bytes.parse().ok());
    seen.body_bytes.min(whole.unwrap_or(u64::MAX))
}
