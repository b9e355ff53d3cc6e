//! The deadline line at the terminal: a provider that aborts what is not complete in time is told of while there is time.

use crate::fixture::{BUCKET, Fixture};
use aws_sdk_s3::types::{
    AbortIncompleteMultipartUpload, BucketLifecycleConfiguration, ExpirationStatus, LifecycleRule,
    LifecycleRuleFilter,
};
use serde_json::json;
use std::fs::{self, File};
use std::io::Read;
use std::process::{Child, Command};
use std::time::{Duration, Instant};
use windlass_engine::APP_ID;

/// R2 aborts an upload after seven days; 100 GB at 100 kB/s need eleven.
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_takes_longer_than_the_provider_waits_is_told_of() {
    let fixture = Fixture::new().await;
    let app = fixture.path("home/.local/share").join(APP_ID);
    fs::create_dir_all(&app).unwrap();
    let connection = json!({
        "id": "r2", "name": "r2", "preset": "r2", "endpoint": fixture.server.endpoint, "region": "auto",
        "pathStyle": true, "sign": { "with": "environment" }, "bucket": null, "prefix": "", "caBundle": null,
        "settled": true, "signedIn": "notNeeded",
    });
    let settings = json!({ "connections": [connection] });
    fs::write(app.join("settings.json"), settings.to_string()).unwrap();
    // a hole, which takes no room
    File::create(fixture.path("reel.mov")).unwrap().set_len(100_000_000_000).unwrap();

    let words = ["upload", "reel.mov", "s3://bucket/", "--connection", "r2", "--limit", "100kB/s"];
    let said = says(fixture.command(&words), "the provider aborts it in 7 days").await;
    // the rate is measured, and near the limit
    assert!(said.contains("reel.mov: At ") && said.contains(" kB/s this needs "), "{said}");
    assert!(said.contains("the provider aborts it in 7 days (7 days after its start)"), "{said}");
}

/// The bucket's own rule aborts after a day; 100 GB at 100 kB/s need eleven.
#[tokio::test(flavor = "multi_thread")]
async fn a_lifecycle_rule_that_aborts_it_is_told_of() {
    let fixture = Fixture::new().await;
    let abort = AbortIncompleteMultipartUpload::builder().days_after_initiation(1).build();
    let rule = LifecycleRule::builder()
        .id("tidy")
        .status(ExpirationStatus::Enabled)
        .filter(LifecycleRuleFilter::builder().prefix("raw/").build())
        .abort_incomplete_multipart_upload(abort)
        .build()
        .unwrap();
    let rules = BucketLifecycleConfiguration::builder().rules(rule).build().unwrap();
    let put = fixture.reference.client.put_bucket_lifecycle_configuration().bucket(BUCKET);
    put.lifecycle_configuration(rules).send().await.unwrap();
    File::create(fixture.path("reel.mov")).unwrap().set_len(100_000_000_000).unwrap();

    let words = ["upload", "reel.mov", "s3://bucket/raw/", "--limit", "100kB/s"];
    let rule = "a lifecycle rule of the bucket aborts it in 24 h (1 day after its start)";
    let said = says(fixture.command(&words), rule).await;
    assert!(said.contains("reel.mov: At ") && said.contains(" kB/s this needs "), "{said}");
}

/// Runs it until it says this, and gives back all that it said.
pub(crate) async fn says(command: Command, wanted: &'static str) -> String {
    let (mut running, said) = until_said(command, wanted).await;
    running.kill().unwrap();
    running.wait().unwrap();
    said
}

/// The same, and it runs on. It has two minutes to say it.
pub(crate) async fn until_said(mut command: Command, wanted: &'static str) -> (Child, String) {
    let mut running = command.spawn().unwrap();
    let mut err = running.stderr.take().unwrap();
    let reading = tokio::task::spawn_blocking(move || {
        let (mut said, mut some) = (String::new(), [0; 1024]);
        let until = Instant::now() + Duration::from_secs(120);
        while !said.contains(wanted) && Instant::now() < until {
            match err.read(&mut some) {
                Ok(0) | Err(_) => break,
                Ok(read) => said.push_str(&String::from_utf8_lossy(&some[..read])),
            }
        }
        said
    });
    let said = reading.await.unwrap();
    if !said.contains(wanted) {
        running.kill().unwrap();
        panic!("{said}");
    }
    (running, said)
}
