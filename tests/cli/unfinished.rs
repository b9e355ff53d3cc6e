//! Incomplete multipart uploads from the terminal: listed, adopted, discarded; and other runs are not touched.

use crate::fixture::{BUCKET, Fixture, PART};
use serde_json::json;
use windlass_tests::{Act, When, files};

/// Another client's upload of a file, stopped after these parts.
async fn begun(fixture: &Fixture, key: &str, seed: u64, numbers: &[u16]) -> String {
    let id = fixture.reference.start_upload(BUCKET, key).await;
    for number in numbers {
        let mut bytes = vec![0; usize::try_from(PART).unwrap()];
        files::fill(seed, u64::from(number - 1) * PART, &mut bytes);
        fixture.reference.put_part(BUCKET, key, &id, (*number).into(), bytes).await;
    }
    id
}

async fn run(fixture: &Fixture, words: &[&str]) -> crate::fixture::RunOutput {
    fixture.run(&[&["unfinished"], words, &["--state", &fixture.state()]].concat()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn listed_for_people_and_for_scripts() {
    let fixture = Fixture::new().await;
    let output = run(&fixture, &["list", "s3://bucket"]).await;
    assert_eq!((output.code, output.out.as_str()), (Some(0), ""));
    assert!(output.err.contains("No incomplete multipart uploads."), "{output:?}");
    let a = begun(&fixture, "2026/a", 1, &[1, 2]).await;
    begun(&fixture, "b", 1, &[]).await;

    let output = run(&fixture, &["list", "s3://bucket/"]).await;
    let lines: Vec<&str> = output.out.lines().collect();
    assert_eq!((output.code, lines.len()), (Some(0), 3), "{output:?}");
    assert!(lines[0].contains("STORED") && lines[0].ends_with("UPLOAD ID"), "{output:?}");
    assert!(lines[1].contains("10.0 MiB") && lines[1].ends_with(&a), "{output:?}");
    assert!(
        output.err.contains("2 incomplete multipart uploads with 10.0 MiB stored."),
        "{output:?}"
    );

    let output = run(&fixture, &["list", "s3://bucket/2026/", "--json"]).await;
    let one = output.only("unfinished");
    assert_eq!(
        (&one["key"], &one["uploadId"], &one["parts"], &one["bytes"], &one["held"]),
        (&json!("2026/a"), &json!(a), &json!(2), &json!(2 * PART), &json!(false))
    );
    let all = json!({ "event": "listed", "count": 1, "bytes": 2 * PART, "more": false });
    assert_eq!(output.only("listed"), all);
    fixture.assert_no_secret(&[&output]);
}

#[tokio::test(flavor = "multi_thread")]
async fn gone_on_with() {
    let fixture = Fixture::new().await;
    let file = fixture.file("big", 1, 3 * PART - 7);
    begun(&fixture, "k", 1, &[1, 2]).await;
    begun(&fixture, "k2", 1, &[1]).await;
    let output = run(&fixture, &["adopt", "s3://bucket/k", "--file", "big", "--json"]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    let done = output.only("done");
    assert_eq!((&done["resumed"], &done["sent"]), (&json!(2 * PART), &json!(PART - 7)));
    fixture.reference.assert_same(BUCKET, "k", &file).await;
    assert_eq!(fixture.reference.uploads(BUCKET).await.len(), 1, "the other one stands");

    let output = run(&fixture, &["adopt", "s3://bucket/k", "--file", "big"]).await;
    assert_eq!(output.code, Some(1), "{output:?}");
    assert!(output.err.contains("There is no incomplete multipart upload at"), "{output:?}");
    let other = begun(&fixture, "k2", 1, &[1, 3]).await;
    let output = run(&fixture, &["adopt", "s3://bucket/k2", "--file", "big"]).await;
    assert!(output.code == Some(1) && output.err.contains(&other), "{output:?}");
}

/// Refused, and nothing is left for `resume`.
#[tokio::test(flavor = "multi_thread")]
async fn another_file_is_refused() {
    let fixture = Fixture::new().await;
    fixture.file("other", 2, 3 * PART);
    let id = begun(&fixture, "k", 1, &[1, 2]).await;
    let words = ["adopt", "s3://bucket/k", "--file", "other", "--upload-id", &id, "--json"];
    let output = run(&fixture, &words).await;
    assert_eq!(output.code, Some(1), "{output:?}");
    let failed = output.only("failed");
    assert_eq!((&failed["kept"], &failed["fault"]["kind"]), (&json!(false), &json!("unsupported")));
    assert!(failed["fault"]["detail"].as_str().unwrap().contains("a different file"), "{output:?}");
    assert_eq!(fixture.reference.parts(BUCKET, "k", &id).await, [(1, PART), (2, PART)]);
    let output = fixture.run(&["resume", "--state", &fixture.state(), "--json"]).await;
    assert_eq!((output.code, output.out.as_str()), (Some(0), ""), "{output:?}");
    assert_eq!(fixture.reference.uploads(BUCKET).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn discarded_by_name_by_age_and_all() {
    let fixture = Fixture::new().await;
    let a = begun(&fixture, "a", 1, &[1]).await;
    begun(&fixture, "b", 1, &[]).await;
    begun(&fixture, "c/d", 1, &[]).await;
    let output = run(&fixture, &["discard", "s3://bucket", "--all"]).await;
    assert!(output.code == Some(2) && output.err.contains("--yes"), "{output:?}");
    let output = run(&fixture, &["discard", "s3://bucket", "--yes"]).await;
    assert_eq!(output.code, Some(2), "which? {output:?}");
    let output = run(&fixture, &["discard", "s3://bucket", "--older-than", "1d", "--yes"]).await;
    assert!(output.code == Some(0) && output.err.contains("nothing to discard"), "{output:?}");
    assert_eq!(fixture.reference.uploads(BUCKET).await.len(), 3);

    let output =
        run(&fixture, &["discard", "s3://bucket/a", "--upload-id", &a, "--yes", "--json"]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    let gone = json!({ "event": "discarded", "bucket": BUCKET, "key": "a", "uploadId": a });
    assert_eq!(output.only("discarded"), gone);
    let output = run(&fixture, &["discard", "s3://bucket", "--upload-id", &a, "--yes"]).await;
    assert!(output.code == Some(1) && output.err.contains(&a), "{output:?}");
    let output = run(&fixture, &["discard", "s3://bucket/c/", "--all", "--yes"]).await;
    assert!(output.err.contains("Discarded: 1 incomplete multipart upload"), "{output:?}");
    let output = run(&fixture, &["discard", "s3://bucket", "--older-than", "0s", "--yes"]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    fixture.assert_clean().await;
}

/// A run that keeps its journal elsewhere, and the app, are somebody else too.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_run_with_another_state_sends_is_left_alone() {
    let (fixture, proxy) = Fixture::behind_proxy().await;
    fixture.file("big", 1, 3 * PART);
    proxy.on(When::part(2), 1, Act::Hold);
    let other = fixture.path("other state").display().to_string();
    let words = ["upload", "big", "s3://bucket/", "--part-size", "5MiB", "--state", &other];
    let running = fixture.start(&words);
    proxy.until_held(1).await;
    let output = run(&fixture, &["discard", "s3://bucket", "--all", "--yes"]).await;
    assert!(
        output.code == Some(0) && output.err.contains("belongs to an upload of this computer"),
        "{output:?}"
    );
    proxy.release();
    let output = running.ended().await;
    assert_eq!(output.code, Some(0), "{output:?}");
    fixture.reference.assert_same(BUCKET, "big", &fixture.path("big")).await;
    fixture.assert_clean().await;
}

/// An upload of an earlier run is listed as held, and neither discarded nor adopted.
#[tokio::test(flavor = "multi_thread")]
async fn what_resume_goes_on_with_is_left_alone() {
    let (fixture, proxy) = Fixture::behind_proxy().await;
    fixture.file("big", 1, 3 * PART);
    proxy.on(When::part(2), 1, Act::Hold);
    let words = ["upload", "big", "s3://bucket/", "--part-size", "5MiB", "--state"];
    let state = fixture.state();
    let running = fixture.start(&[&words[..], &[&state]].concat());
    proxy.until_held(1).await;
    running.signal("INT");
    assert_eq!(running.ended().await.code, Some(130));
    proxy.clear();
    let output = run(&fixture, &["list", "s3://bucket", "--json"]).await;
    let one = output.only("unfinished");
    assert_eq!(one["held"], json!(true), "{output:?}");
    let output = run(&fixture, &["discard", "s3://bucket", "--all", "--yes"]).await;
    assert!(
        output.code == Some(0) && output.err.contains("belongs to an upload of this computer"),
        "{output:?}"
    );
    let id = one["uploadId"].as_str().unwrap();
    let output = run(&fixture, &["discard", "s3://bucket", "--upload-id", id, "--yes"]).await;
    assert_eq!(output.code, Some(1), "{output:?}");
    let output = run(&fixture, &["adopt", "s3://bucket/big", "--file", "big"]).await;
    assert_eq!(output.code, Some(1), "{output:?}");
    let output = fixture.run(&["resume", "--state", &fixture.state()]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    fixture.reference.assert_same(BUCKET, "big", &fixture.path("big")).await;
    fixture.assert_clean().await;
}
