//! The scratch uploads of probes: deleted on the server where they are, by whichever run comes there next.

use crate::fixture::{BUCKET, Fixture, PART, RunOutput, Running, ended};
use serde_json::json;
use std::time::Duration;
use windlass_tests::{Act, Proxy, When};

/// A run that is killed while it probes a server behind the proxy. What it had created is left there.
async fn killed_while_probing(fixture: &Fixture, proxy: &Proxy) {
    proxy.on(When::list_parts(), 1, Act::Hold);
    fixture.file("large", 1, 4 * PART);
    let running = fixture.start(&["upload", "large", "s3://bucket/", "--state", &fixture.state()]);
    proxy.until_held(1).await;
    running.signal("KILL");
    assert_eq!(running.ended().await.code, None);
    assert!(!scratch(fixture).await.is_empty());
}

/// The keys that have scratch uploads. A request that was under way at the kill may still make a second one at its key.
async fn scratch(fixture: &Fixture) -> Vec<String> {
    let keys = fixture.reference.uploads(BUCKET).await.into_iter().map(|upload| upload.0);
    let mut keys: Vec<String> = keys.filter(|key| key.contains("windlass-probe-")).collect();
    keys.dedup();
    keys
}

/// The next run has another slot, because the killed one is for `resume`.
#[tokio::test(flavor = "multi_thread")]
async fn the_next_upload_deletes_what_a_killed_probe_left() {
    let (fixture, proxy) = Fixture::behind_proxy().await;
    killed_while_probing(&fixture, &proxy).await;
    fixture.file("small", 2, 1_000);
    let words = ["upload", "small", "s3://bucket/", "--state", &fixture.state()];
    let output = fixture.run(&words).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    fixture.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_to_another_server_leaves_it_to_one_that_comes_back() {
    let (fixture, proxy) = Fixture::behind_proxy().await;
    killed_while_probing(&fixture, &proxy).await;
    let left = scratch(&fixture).await;

    let other = Fixture::new().await;
    fixture.file("small", 2, 1_000);
    let words = ["upload", "small", "s3://bucket/", "--state", &fixture.state()];
    let mut command = fixture.command(&words);
    command
        .env("AWS_ENDPOINT_URL", &other.server.endpoint)
        .env("AWS_ACCESS_KEY_ID", &other.server.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", &other.server.secret_access_key);
    let output = ended(command).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    assert_eq!(scratch(&fixture).await, left);

    let output = fixture.run(&words).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    fixture.assert_clean().await;
}

/// The right to abort is lost between the first question and the cleaning.
async fn refused(extra: &[&str]) -> (Fixture, RunOutput) {
    let (fixture, proxy) = Fixture::behind_proxy().await;
    proxy.on(When::abort(), 1, Act::Delay(Duration::ZERO));
    proxy.on(When::abort(), 100, Act::answer(403, "AccessDenied"));
    fixture.file("large", 1, 4 * PART);
    let words = ["upload", "large", "s3://bucket/", "--state", &fixture.state()];
    let words: Vec<&str> = words.into_iter().chain(extra.iter().copied()).collect();
    let output = Running::start(fixture.command(&words)).ended().await;
    (fixture, output)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_abort_is_reported_once() {
    let (fixture, output) = refused(&[]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    let left = scratch(&fixture).await;
    let named = format!("s3://bucket/{}", left[0]);
    let lines: Vec<&str> = output.err.lines().filter(|line| line.contains(&named)).collect();
    assert!(lines.len() == 1 && lines[0].contains("is left behind"), "{output:?}");

    let (fixture, output) = refused(&["--json"]).await;
    let left = scratch(&fixture).await;
    let event = output.only("leftBehind");
    assert_eq!(event["uri"], json!(format!("s3://bucket/{}", left[0])));
    assert_eq!(event["fault"]["kind"], json!("denied"));
    assert_eq!(output.only("done")["key"], json!("large"));
}
