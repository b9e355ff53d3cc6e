//! A disk that does not respond, and a user who interrupts.
#![cfg(target_os = "linux")]

use crate::fixture::{Fixture, text};
use std::sync::Arc;
use windlass_tests::stuck::Stuck;

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_ends_the_program_while_a_disk_does_not_answer() {
    let fixture = Fixture::new().await;
    let stuck = Arc::new(Stuck::with_files_of(100_000));
    let files: Vec<String> = (0..8).map(|number| text(&stuck.file(number))).collect();
    let files = files.iter().map(String::as_str);
    let words: Vec<&str> = ["upload"].into_iter().chain(files).chain(["s3://bucket/"]).collect();
    let running = fixture.start(&words);
    let held = stuck.clone();
    tokio::task::spawn_blocking(move || held.until_held(4)).await.unwrap();
    running.signal("INT");
    let output = running.ended().await;
    assert!(stuck.is_stuck(), "it ended before the disk answered");
    assert_eq!(output.code, Some(130), "{output:?}");
    fixture.assert_clean().await;
}
