//! Measures the store's speed. Asserts nothing.
//!
//! `cargo test --release -p windlass-practice -- --ignored --nocapture speed`.

use std::time::Instant;

use aws_sdk_s3::primitives::{ByteStream, SdkBody};
use aws_sdk_s3::types::CompletedPart;

use crate::fixture::{BUCKET, Fixture, MIB, bytes, completed};

const PART: usize = 16 * MIB;
const PARTS: i32 = 64;
const CONNECTIONS: usize = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it measures, it proves nothing"]
async fn a_gibibyte_in_parts() {
    let fixture = Fixture::new().await;
    let upload = fixture.create("k").await;
    let body = SdkBody::from(bytes(PART, 1));
    let began = Instant::now();
    let cpu = cpu_seconds();
    let turns = std::sync::Arc::new(tokio::sync::Semaphore::new(CONNECTIONS));
    let mut sending = tokio::task::JoinSet::new();
    for number in 1..=PARTS {
        let part =
            fixture.s3.upload_part().bucket(BUCKET).key("k").upload_id(&upload).part_number(number);
        let part = part.body(ByteStream::new(body.try_clone().unwrap()));
        let turns = turns.clone();
        sending.spawn(async move {
            let _turn = turns.acquire_owned().await.unwrap();
            let answer = part.customize().disable_payload_signing().send().await.unwrap();
            CompletedPart::builder().part_number(number).e_tag(answer.e_tag.unwrap()).build()
        });
    }
    let mut parts = sending.join_all().await;
    println!("sent: {:.2} s, {:.2} s of CPU", began.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    parts.sort_by_key(|part| part.part_number);
    let began = Instant::now();
    let complete =
        fixture.s3.complete_multipart_upload().bucket(BUCKET).key("k").upload_id(&upload);
    complete.multipart_upload(completed(parts)).send().await.unwrap();
    println!("completed: {:.3} s", began.elapsed().as_secs_f64());
}

/// Of this process, client and store together, in hundredths of a second.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = behind_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it measures, it proves nothing"]
async fn small_objects() {
    const OBJECTS: usize = 1000;
    let fixture = Fixture::new().await;
    let began = Instant::now();
    let cpu = cpu_seconds();
    let turns = std::sync::Arc::new(tokio::sync::Semaphore::new(CONNECTIONS));
    let mut sending = tokio::task::JoinSet::new();
    for number in 0..OBJECTS {
        let put = fixture
            .s3
            .put_object()
            .bucket(BUCKET)
            .key(format!("{number}"))
            .body(bytes(16 * 1024, 1).into());
        let turns = turns.clone();
        sending.spawn(async move {
            let _turn = turns.acquire_owned().await.unwrap();
            put.customize().disable_payload_signing().send().await.unwrap();
        });
    }
    sending.join_all().await;
    println!(
        "{OBJECTS} objects: {:.2} s, {:.2} s of CPU",
        began.elapsed().as_secs_f64(),
        cpu_seconds() - cpu
    );
}
