//! An engine in a process of its own, which tests control, watch and kill.

use crate::{
    Server,
    child_process::{self, Last},
    place,
};
use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Stdio},
    thread,
    time::Duration,
};
use tokio::{
    sync::{mpsc, watch},
    time::timeout,
};

/// Every wait; far above what a slow machine needs.
const LIMIT: Duration = Duration::from_secs(120);

/// What an engine process needs to be started, again and again over the same state.
#[derive(Clone)]
pub struct EngineSetup {
    pub state: PathBuf,
    pub endpoint: String,
    pub access_key_id: String,
    pub secret_access_key: String,
    pub bucket: String,
    /// None: as many as the engine thinks right.
    pub connections: Option<u32>,
    /// Bytes a second at most.
    pub limit: Option<u64>,
}

impl EngineSetup {
    /// To reach `server` by way of `endpoint`.
    pub fn new(state: &Path, server: &Server, endpoint: &str, bucket: &str) -> EngineSetup {
        EngineSetup {
            state: state.into(),
            endpoint: endpoint.into(),
            access_key_id: server.access_key_id.clone(),
            secret_access_key: server.secret_access_key.clone(),
            bucket: bucket.into(),
            connections: Some(4),
            limit: None,
        }
    }
}

/// An upload as it was told last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    /// The row's status, in the wire's word.
    pub status: String,
    pub stored: u64,
    pub size: u64,
    pub resumed: u64,
    pub sent: u64,
    /// What was compared when it was called done.
    pub proof: Option<String>,
    /// Kind and words.
    pub fault: Option<String>,
}

impl Reported {
    pub fn has_ended(&self) -> bool {
        ["done", "failed", "aborted"].contains(&self.status.as_str())
    }
}

/// Killed when it is dropped.
pub struct EngineProcess {
    child: Child,
    orders: Option<ChildStdin>,
    queued: mpsc::UnboundedReceiver<u32>,
    /// How many orders were given, and how many of them the engine has answered.
    ordered: u32,
    obeyed: watch::Receiver<u32>,
    reported: watch::Receiver<HashMap<u32, Reported>>,
}

impl EngineProcess {
    pub fn start(setup: &EngineSetup) -> EngineProcess {
        let mut command = child_process::command(place::program("engine-process"), Last::Kill);
        command
            .arg(&setup.state)
            .args([&setup.endpoint, &setup.bucket])
            .args([or_none(setup.connections), or_none(setup.limit)])
            .env("ENGINE_PROCESS_ACCESS_KEY_ID", &setup.access_key_id)
            .env("ENGINE_PROCESS_SECRET_ACCESS_KEY", &setup.secret_access_key)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = child_process::spawn(command).unwrap();
        let (orders, lines) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        let (queue, queued) = mpsc::unbounded_channel();
        let (answer, obeyed) = watch::channel(0);
        let (report, reported) = watch::channel(HashMap::new());
        thread::spawn(move || {
            for line in lines.lines().map_while(Result::ok) {
                match read(&line) {
                    Some(Line::Queued(id)) => drop(queue.send(id)),
                    Some(Line::Obeyed) => answer.send_modify(|obeyed| *obeyed += 1),
                    Some(Line::Status(id, status)) => report.send_modify(|reported| {
                        reported.insert(id, status);
                    }),
                    // the last line of a killed process may be half a one
                    None => {}
                }
            }
        });
        EngineProcess { child, orders, queued, ordered: 0, obeyed, reported }
    }

    /// Words of one order.
    pub fn order(&mut self, words: &[&str]) {
        let orders = self.orders.as_mut().expect("it takes orders until it quits");
        writeln!(orders, "{}", words.join("\t")).unwrap();
        self.ordered += u32::from(words[0] != "queue");
    }

    /// Waits until the engine has answered every order: only then is what was ordered on disk. A row may show it some
    /// milliseconds earlier.
    pub async fn obeyed(&self) {
        let mut obeyed = self.obeyed.clone();
        let all = timeout(LIMIT, obeyed.wait_for(|obeyed| *obeyed == self.ordered)).await;
        all.expect("every order is answered in time").expect("the engine process runs");
    }

    /// The upload's number. Without a part size the engine plans it.
    pub async fn queue(
        &mut self,
        path: &Path,
        key: &str,
        if_exists: &str,
        part_size: impl Into<Option<u64>>,
    ) -> u32 {
        let path = path.to_str().unwrap();
        self.order(&["queue", path, key, if_exists, &or_none(part_size.into())]);
        timeout(LIMIT, self.queued.recv()).await.ok().flatten().expect("it was queued")
    }

    /// Waits until the upload stands there.
    pub async fn until(&self, id: u32, right: impl Fn(&Reported) -> bool) -> Reported {
        let mut reported = self.reported.clone();
        let is_right = |reported: &HashMap<u32, Reported>| reported.get(&id).is_some_and(&right);
        let waited = timeout(LIMIT, reported.wait_for(is_right)).await;
        match waited {
            Ok(Ok(reported)) => return reported[&id].clone(),
            Ok(Err(_)) => {}
            Err(_) => panic!("it stayed at {:?}", self.last(id)),
        }
        panic!("the engine process ended at {:?}", self.last(id))
    }

    pub async fn ended(&self, id: u32) -> Reported {
        self.until(id, Reported::has_ended).await
    }

    pub fn last(&self, id: u32) -> Option<Reported> {
        self.reported.borrow().get(&id).cloned()
    }

    /// Every upload as it was told last, by its number.
    pub fn all(&self) -> HashMap<u32, Reported> {
        self.reported.borrow().clone()
    }

    /// By its name: `STOP` and `CONT` are a sleep and its end.
    pub fn signal(&self, name: &str) {
        child_process::signal(self.child.id(), name);
    }

    /// At once, by SIGKILL; it is gone when this returns.
    pub fn kill(mut self) {
        self.end();
    }

    /// In good order.
    pub fn quit(mut self) {
        self.order(&["quit"]);
        self.orders = None;
        let _ = tokio::task::block_in_place(|| self.child.wait());
    }

    fn end(&mut self) {
        // the standard library's kill is SIGKILL
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for EngineProcess {
    fn drop(&mut self) {
        self.end();
    }
}

/// A word of an order.
fn or_none(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "-".into(), |value| value.to_string())
}

enum Line {
    Queued(u32),
    Obeyed,
    Status(u32, Reported),
}

fn read(line: &str) -> Option<Line> {
    let words: Vec<&str> = line.split('\t').collect();
    match words[..] {
        ["queued", id] => Some(Line::Queued(id.parse().ok()?)),
        ["obeyed"] => Some(Line::Obeyed),
        ["status", id, status, stored, resumed, sent, proof, fault] => {
            let (stored, size) = stored.split_once('/')?;
            let some = |word: &str| (word != "-").then(|| word.to_string());
            let reported = Reported {
                status: status.into(),
                stored: stored.parse().ok()?,
                size: size.parse().ok()?,
                resumed: resumed.parse().ok()?,
                sent: sent.parse().ok()?,
                proof: some(proof),
                fault: some(fault),
            };
            Some(Line::Status(id.parse().ok()?, reported))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_and_half_a_line_is_not() {
        let line = "status\t3\tdone\t10/10\t4\t12\twholeObject\t-";
        let Some(Line::Status(3, reported)) = read(line) else { panic!("not read") };
        assert_eq!(
            (reported.stored, reported.size, reported.resumed, reported.sent),
            (10, 10, 4, 12)
        );
        assert_eq!(
            (reported.proof.as_deref(), reported.fault.as_deref()),
            (Some("wholeObject"), None)
        );
        assert!(reported.has_ended());
        assert!(read(&line[..30]).is_none() && read("queued\t").is_none());
    }
}
