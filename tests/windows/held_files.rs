//! A file that another program of the same Windows has open: for writing, for itself alone, or mapped. Wine
//! does not keep to locks of a part of a file.

use crate::fixture::{BUCKET, Fixture, PART};
use serde_json::json;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, SystemTime};
use windlass_tests::{Act, When, child_process, wine};

/// Another program that has a file open. It ends when this is dropped.
struct Holder(Child);

impl Holder {
    fn new(fixture: &Fixture, mode: &str, file: &Path) -> Holder {
        let program = fixture.path("holder.exe");
        if !program.exists() {
            wine::compile("holder.c", &program, &[]);
        }
        let mut command = fixture.machine.wine.command(program);
        command.args([mode, &wine::windows_path(file)]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = child_process::spawn(command).unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line.trim(), "open", "{mode}");
        Holder(child)
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        // the end of its input is as good as a line
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// A program that writes lets others read: what is there is sent.
#[tokio::test(flavor = "multi_thread")]
async fn open_for_writing_and_left_alone() {
    let fixture = Fixture::new().await;
    let path = fixture.file("log", 1, 2 * PART);
    let holder = Holder::new(&fixture, "shared", &path);
    let words = ["upload", "log", "s3://bucket/", "--part-size", "5MiB", "--json"];
    let output = fixture.run(&words).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    fixture.reference.assert_same(BUCKET, "log", &path).await;
    drop(holder);
}

#[tokio::test(flavor = "multi_thread")]
async fn open_for_itself_alone_and_then_free() {
    let fixture = Fixture::new().await;
    let path = fixture.file("outlook.pst", 1, PART);
    fixture.file("free", 2, 10);
    let holder = Holder::new(&fixture, "alone", &path);
    let output = fixture.run(&["upload", "outlook.pst", "free", "s3://bucket/", "--json"]).await;
    let failed = output.only("failed");
    assert_eq!(
        (output.code, &failed["fault"]["kind"], &failed["fault"]["reason"]["is"]),
        (Some(1), &json!("sourceMissing"), &json!("fileInUse")),
        "{output:?}"
    );
    assert!(output.err.contains("another program"), "{output:?}");
    assert_eq!(output.only("done")["key"], "free");
    drop(holder);
    let output = fixture.run(&["upload", "outlook.pst", "s3://bucket/"]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    fixture.reference.assert_same(BUCKET, "outlook.pst", &path).await;
}

/// Written to all the time, with nothing in its size or times to show it: never a torn object.
#[tokio::test(flavor = "multi_thread")]
async fn changes_that_the_times_do_not_show() {
    for mode in ["writes", "mapped"] {
        let fixture = Fixture::new().await;
        let path = fixture.file("db", 1, 2 * PART);
        let holder = Holder::new(&fixture, mode, &path);
        let words = ["upload", "db", "s3://bucket/", "--part-size", "5MiB", "--json"];
        let more = ["--changing-after", "2", "--limit", "10MB"];
        let output = fixture.run(&[&words[..], &more].concat()).await;
        let failed = output.only("failed");
        assert_eq!(
            (output.code, &failed["fault"]["kind"]),
            (Some(1), &json!("sourceChanged")),
            "{mode}: {output:?}"
        );
        assert!(fixture.reference.head(BUCKET, "db").await.is_none(), "{mode}");
        drop(holder);
        if mode == "mapped" {
            // as NTFS does when a mapping ends; here the times stay until Linux writes the page to its disk
            File::options()
                .write(true)
                .open(&path)
                .unwrap()
                .set_modified(SystemTime::now())
                .unwrap();
        }
        let output = fixture.run(&["resume", "--json"]).await;
        assert_eq!(output.code, Some(0), "{mode}: {output:?}");
        fixture.reference.assert_same(BUCKET, "db", &path).await;
        fixture.assert_clean().await;
    }
}

/// One more write, after the first part was sent, and the time of the last write put back.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_with_the_time_put_back_is_found() {
    let mut fixture = Fixture::new().await;
    let proxy = fixture.through_proxy();
    let path = fixture.file("db", 1, 3 * PART);
    proxy.on(When::part(3), 1, Act::Hold);
    let words = ["upload", "db", "s3://bucket/", "--part-size", "5MiB", "--json"];
    let running = fixture.start(&words);
    proxy.until_held(1).await;
    let holder = Holder::new(&fixture, "writes", &path);
    tokio::time::sleep(Duration::from_millis(500)).await;
    drop(holder);
    proxy.release();
    let output = running.ended().await;
    assert_eq!(output.code, Some(0), "{output:?}");
    fixture.reference.assert_same(BUCKET, "db", &path).await;
    fixture.assert_clean().await;
}
