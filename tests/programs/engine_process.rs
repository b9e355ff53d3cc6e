//! An engine in a process of its own, to be killed. It reads commands from stdin, reports on stdout, and ends when stdin is
//! closed.
//!
//! `engine-process STATE ENDPOINT BUCKET CONNECTIONS LIMIT`, the keys in `ENGINE_PROCESS_ACCESS_KEY_ID` and `ENGINE_PROCESS_SECRET_ACCESS_KEY`.
//! `-` for CONNECTIONS, LIMIT (bytes a second) or PART_SIZE leaves it to the engine. Words of a line are parted by tabs,
//! for paths have blanks in them:
//!
//! ```text
//! queue PATH KEY IF_EXISTS PART_SIZE   abort ID   pause   resume   retry   quit
//! queued ID
//! obeyed                               once for each other line that was read, when the engine has answered
//! status ID WORD STORED/TOTAL RESUMED SENT PROOF FAULT
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a panic ends the process, which its test sees"
)]

use serde::{Serialize, de::DeserializeOwned};
use std::collections::HashMap;
use std::fmt::Debug;
use std::io::Write as _;
use std::path::PathBuf;
use std::str::FromStr;
use tokio::sync::mpsc;
use windlass_engine::{
    Connection, Detail, EndpointOptions, Engine, EngineConfig, Id, NewUpload, Options, PageQuery,
    Proxy, Secret, Selection, Settings, Sign, SignedIn, Sort, Target, View,
};

const CONNECTION: &str = "test";
/// More uploads than any test queues at once.
const ALL: u32 = 1000;

#[tokio::main]
async fn main() {
    let args: Vec<String> = std::env::args().collect();
    let [_, state, endpoint, bucket, connections, limit] = &args[..] else {
        panic!("engine-process STATE ENDPOINT BUCKET CONNECTIONS LIMIT; it is started by tests")
    };
    let engine =
        Engine::open(&EngineConfig { folder: PathBuf::from(state), patience: None }).unwrap();
    let settings =
        Settings { connections: or_none(connections), limit: or_none(limit), ..engine.settings() };
    engine.save_settings(settings).unwrap();
    engine.set_session_connection(connection(endpoint), secret()).unwrap();
    let telling = tokio::spawn(tell(engine.clone()));
    engine.start();
    let mut orders = orders();
    while let Some(line) = orders.recv().await.filter(|line| line != "quit") {
        obey(&engine, bucket, &line).await;
    }
    engine.close().await;
    telling.abort();
}

/// The lines of the input, read where waiting stops nobody.
fn orders() -> mpsc::UnboundedReceiver<String> {
    let (take, orders) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            let _ = take.send(line);
        }
    });
    orders
}

fn connection(endpoint: &str) -> Connection {
    Connection {
        id: CONNECTION.into(),
        name: "Test".into(),
        preset: "aws".into(),
        endpoint: Some(endpoint.into()),
        region: "us-east-1".into(),
        path_style: true,
        sign: Sign::Keys { access_key_id: std::env::var("ENGINE_PROCESS_ACCESS_KEY_ID").unwrap() },
        bucket: None,
        prefix: String::new(),
        ca_bundle: None,
        proxy: Proxy::default(),
        endpoint_options: EndpointOptions::default(),
        practice: false,
        settled: false,
        role: None,
        signed_in: SignedIn::Session,
        probed: None,
        stored: windlass_engine::Options::default(),
        if_exists: None,
    }
}

fn secret() -> Secret {
    let secret_access_key = std::env::var("ENGINE_PROCESS_SECRET_ACCESS_KEY").unwrap().into();
    Secret { secret_access_key, session_token: None }
}

async fn obey(engine: &Engine, bucket: &str, line: &str) {
    let words: Vec<&str> = line.split('\t').collect();
    match words[..] {
        ["queue", path, key, if_exists, part_size] => {
            let upload = NewUpload {
                path: path.into(),
                target: Target {
                    connection: CONNECTION.into(),
                    bucket: bucket.into(),
                    key: key.into(),
                },
                if_exists: of_word(if_exists),
                options: Options::default(),
                part_size: or_none(part_size),
            };
            let ids = engine.queue(vec![upload]).await.unwrap();
            say(&format!("queued\t{}", ids[0]));
        }
        ["abort", id] => {
            engine.abort(Selection::Ids { ids: vec![id.parse().unwrap()] }).await.unwrap();
        }
        ["cancel", id] => {
            engine.cancel(Selection::Ids { ids: vec![id.parse().unwrap()] }).await.unwrap();
        }
        ["pause"] => engine.pause(Selection::All).await.unwrap(),
        ["resume"] => engine.resume(Selection::All).await.unwrap(),
        ["retry"] => engine.retry(Selection::All).await.unwrap(),
        _ => panic!("no such order: {line}"),
    }
    if !line.starts_with("queue\t") {
        say("obeyed");
    }
}

/// Every upload, whenever what is told of it changes.
async fn tell(engine: Engine) {
    let mut changes = engine.changes();
    let mut reported: HashMap<Id, String> = HashMap::new();
    loop {
        let query = PageQuery {
            view: View::All,
            filter: String::new(),
            sort: Sort::Queue,
            offset: 0,
            limit: ALL,
        };
        for row in engine.queue_page(query).await.unwrap().rows {
            // one that was forgotten since has nothing to tell
            let Ok(detail) = engine.detail(row.id).await else { continue };
            let line = status(&detail);
            if reported.get(&row.id) != Some(&line) {
                say(&line);
                reported.insert(row.id, line);
            }
        }
        changes.changed().await.unwrap();
    }
}

fn status(detail: &Detail) -> String {
    let row = &detail.row;
    let proof = detail.checksum.as_ref().map_or("-".into(), |proof| word(&proof.compared));
    let fault = row.fault.as_ref().map_or("-".into(), |fault| {
        format!("{}: {}", word(&fault.kind), fault.detail.replace(['\t', '\n'], " "))
    });
    format!(
        "status\t{}\t{}\t{}/{}\t{}\t{}\t{proof}\t{fault}",
        row.id,
        word(&row.status),
        row.stored,
        row.size,
        detail.resumed,
        detail.sent
    )
}

/// A number, or `-`.
fn or_none<T: FromStr<Err: Debug>>(word: &str) -> Option<T> {
    (word != "-").then(|| word.parse().unwrap())
}

/// The word that the wire has for it.
fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().into()
}

fn of_word<T: DeserializeOwned>(word: &str) -> T {
    serde_json::from_value(word.into()).unwrap()
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // who does not listen any more has ended, and so does this process
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
