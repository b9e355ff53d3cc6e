//! A file that is written all the time: given up and kept, waited for, or sent as one state of it, as was typed.

use crate::fixture::{BUCKET, Fixture, PART};
use serde_json::json;
use std::fs::OpenOptions;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const SIZE: u64 = 2 * PART + 8;
/// So slow that it is written to meanwhile.
const UPLOAD: [&str; 9] = [
    "upload",
    "log",
    "s3://bucket/",
    "--part-size",
    "5MiB",
    "--json",
    "--limit",
    "5MB",
    "--changing-after",
];

/// A writer that never stops: whole generations of the file, one after another.
struct UnstableFile {
    stop: Arc<AtomicBool>,
    writer: Option<std::thread::JoinHandle<()>>,
}

impl UnstableFile {
    fn on(path: &Path) -> UnstableFile {
        let stop = Arc::new(AtomicBool::new(false));
        let (path, flag) = (path.to_owned(), stop.clone());
        let writer = std::thread::spawn(move || {
            let mut file = OpenOptions::new().write(true).open(&path).unwrap();
            let mut generation = 0u64;
            while !flag.load(Ordering::Relaxed) {
                generation += 1;
                for at in [0, SIZE - 8] {
                    file.seek(SeekFrom::Start(at)).unwrap();
                    file.write_all(&generation.to_be_bytes()).unwrap();
                }
                std::thread::sleep(Duration::from_millis(200));
            }
        });
        UnstableFile { stop, writer: Some(writer) }
    }
}

impl Drop for UnstableFile {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.writer.take().unwrap().join().unwrap();
    }
}

/// One state of it, whichever.
async fn assert_whole(fixture: &Fixture) {
    let object = fixture.reference.get(BUCKET, "log").await;
    assert_eq!(object.len() as u64, SIZE);
    assert_eq!(object[..8], object[object.len() - 8..], "of two generations");
    fixture.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_sent_where_a_copy_is_wanted() {
    let fixture = Fixture::new().await;
    let unstable = UnstableFile::on(&fixture.file("log", 1, SIZE));
    let output = fixture.run(&[&UPLOAD[..], &["2", "--if-changing", "copy"]].concat()).await;
    drop(unstable);
    assert_eq!(output.code, Some(0), "{output:?}");
    // whether a part had been stored by the first change is chance: parts go one after another under the limit
    assert!(output.only("done")["sent"].as_u64().unwrap() >= SIZE, "{output:?}");
    assert!(!output.events().iter().any(|event| event["event"] == "failed"), "{output:?}");
    assert!(output.err.contains("log: the file keeps changing"), "{output:?}");
    assert_whole(&fixture).await;
    let output = fixture.run(&["resume"]).await;
    assert!(output.err.contains("nothing to resume"), "{output:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_kept_where_nothing_was_said_and_resume_may_say_it() {
    let fixture = Fixture::new().await;
    let unstable = UnstableFile::on(&fixture.file("log", 1, SIZE));
    let output = fixture.run(&[&UPLOAD[..], &["1"]].concat()).await;
    let failed = output.only("failed");
    assert_eq!(
        (output.code, &failed["fault"]["kind"], &failed["fault"]["reason"]["is"], &failed["kept"]),
        (Some(1), &json!("sourceChanged"), &json!("keepsChanging"), &json!(true))
    );
    assert!(fixture.reference.head(BUCKET, "log").await.is_none(), "nothing torn");
    let output = fixture.run(&["resume"]).await;
    assert_eq!(
        output.code,
        Some(1),
        "the second that it was told to wait is remembered: {output:?}"
    );
    assert!(output.err.contains("--if-changing copy"), "{output:?}");
    let output = fixture.run(&["resume", "--if-changing", "copy"]).await;
    drop(unstable);
    assert_eq!(output.code, Some(0), "{output:?}");
    assert_whole(&fixture).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_waited_for_where_that_is_wanted() {
    let fixture = Fixture::new().await;
    let path = fixture.file("log", 1, SIZE);
    let unstable = UnstableFile::on(&path);
    let running = fixture.start(&[&UPLOAD[..], &["1", "--if-changing", "wait"]].concat());
    tokio::time::sleep(Duration::from_secs(4)).await;
    drop(unstable);
    let output = running.ended().await;
    assert_eq!(output.code, Some(0), "{output:?}");
    fixture.reference.assert_same(BUCKET, "log", &path).await;
}
