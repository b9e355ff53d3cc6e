//! The bucket contains what was uploaded, in each form of the command.

use crate::fixture::{BUCKET, Fixture, PART};
use crate::machine::SYMLINKS;
use serde_json::json;
use windlass_tests::{Act, When};

#[tokio::test(flavor = "multi_thread")]
async fn a_file_in_parts_is_told_as_json() {
    let fixture = Fixture::new().await;
    let path = fixture.file("big.iso", 1, 3 * PART + 11);
    let options = [
        "--part-size",
        "5MiB",
        "--json",
        "--tag",
        "a=b",
        "--metadata",
        "who=me",
        "--content-type",
        "x/y",
    ];
    let output =
        fixture.run(&[&["upload", "big.iso", "s3://bucket/2026/"], &options[..]].concat()).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    fixture.reference.assert_same(BUCKET, "2026/big.iso", &path).await;
    let head = fixture.reference.head(BUCKET, "2026/big.iso").await.unwrap();
    assert_eq!(head.content_type(), Some("x/y"));
    assert_eq!(head.metadata().unwrap()["who"], "me");

    let plan = output.only("plan");
    assert_eq!(
        (&plan["parts"], &plan["partSize"], &plan["bytes"]),
        (&json!(4), &json!(PART), &json!(3 * PART + 11))
    );
    let done = output.only("done");
    assert_eq!(done["path"], fixture.machine.shown(&path));
    assert_eq!((&done["bucket"], &done["key"]), (&json!(BUCKET), &json!("2026/big.iso")));
    assert_eq!((&done["bytes"], &done["sent"]), (&json!(3 * PART + 11), &json!(3 * PART + 11)));
    assert_eq!((&done["parts"], &done["partSize"]), (&json!(4), &json!(PART)));
    assert_eq!((&done["resumed"], &done["retries"]), (&json!(0), &json!(0)));
    assert_eq!(done["resent"], json!(0));
    assert!(done["seconds"].as_f64().unwrap() > 0.0);
    assert_eq!(done["etag"], head.e_tag().unwrap());
    let checksum = head.checksum_crc64_nvme().unwrap();
    let proof = json!({
        "algorithm": "CRC64NVME",
        "type": "FULL_OBJECT",
        "value": checksum,
        "compared": "wholeObject",
        "parts": "CRC64NVME",
    });
    assert_eq!(done["checksum"], proof);
    assert!(done.as_object().unwrap().contains_key("versionId"));
    assert_eq!(output.events().last().unwrap()["event"], "done");
    fixture.assert_clean().await;
    fixture.assert_no_secret(&[&output]);
}

/// The article's own call, `upload.py --file app.msi --bucket B --key app.msi --chunk_size 6`, with the program's name
/// changed and nothing else.
#[tokio::test(flavor = "multi_thread")]
async fn a_bare_chunk_size_is_a_number_of_mib() {
    let fixture = Fixture::new().await;
    let path = fixture.file("app.msi", 7, 13 << 20);
    let form = ["--file", "app.msi", "--bucket", BUCKET, "--key", "app.msi", "--chunk_size", "6"];
    let output = fixture.run(&[&["upload"], &form[..], &["--json"]].concat()).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    let done = output.only("done");
    assert_eq!((&done["parts"], &done["partSize"]), (&json!(3), &json!(6 << 20)), "{output:?}");
    fixture.reference.assert_same(BUCKET, "app.msi", &path).await;

    let output = fixture.run(&["upload", "app.msi", "s3://bucket/", "--part-size", "6"]).await;
    assert!(output.code == Some(2) && output.err.contains("6MiB"), "{output:?}");
}

/// A script's line with the program's name changed.
#[tokio::test(flavor = "multi_thread")]
async fn the_form_of_a_script() {
    let fixture = Fixture::new().await;
    let path = fixture.file("big.iso", 2, 2 * PART + 1);
    for flag in ["--chunk_size", "--chunk-size"] {
        let form = ["--file", "big.iso", "--bucket", BUCKET, "--key", flag, flag, "5", "--json"];
        let output = fixture.run(&[&["upload"], &form[..]].concat()).await;
        // a value that looks like a flag is none to clap
        assert_eq!(output.code, Some(2), "{output:?}");
        let form = ["--file", "big.iso", "--bucket", BUCKET, "--key", "k/x", flag, "5", "--json"];
        let output = fixture.run(&[&["upload"], &form[..]].concat()).await;
        assert_eq!(
            (output.code, &output.only("done")["parts"]),
            (Some(0), &json!(3)),
            "{output:?}"
        );
        fixture.reference.assert_same(BUCKET, "k/x", &path).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_keep_their_name_and_what_is_left_out_is_told() {
    let fixture = Fixture::new().await;
    let one = fixture.file("day 1/a/clip ü.mov", 3, PART + 7);
    let two = fixture.file("day 1/empty", 4, 0);
    let three = fixture.file("three", 5, 10);
    #[cfg(unix)]
    if SYMLINKS {
        std::os::unix::fs::symlink("empty", fixture.path("day 1/link")).unwrap();
    }
    let output = fixture.run(&["upload", "day 1", "three", "s3://bucket/x"]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    assert_eq!(
        fixture.reference.keys(BUCKET, "").await,
        ["x/day 1/a/clip ü.mov", "x/day 1/empty", "x/three"]
    );
    fixture.reference.assert_same(BUCKET, "x/day 1/a/clip ü.mov", &one).await;
    fixture.reference.assert_same(BUCKET, "x/day 1/empty", &two).await;
    fixture.reference.assert_same(BUCKET, "x/three", &three).await;
    assert_eq!(
        output.out.lines().filter(|line| line.starts_with("done  ")).count(),
        3,
        "{output:?}"
    );
    assert_eq!(output.err.contains("day 1/link: a symbolic link"), SYMLINKS, "{output:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_taken() {
    let fixture = Fixture::new().await;
    let path = fixture.file("f.txt", 6, 100);
    fixture.reference.put(BUCKET, "f.txt", b"old".to_vec()).await;

    // nobody is at the terminal: to ask is to fail
    for what in ["fail", "ask"] {
        let output =
            fixture.run(&["upload", "f.txt", "s3://bucket", "--json", "--if-exists", what]).await;
        let failed = output.only("failed");
        assert_eq!(
            (output.code, &failed["fault"]["kind"], &failed["kept"]),
            (Some(1), &json!("exists"), &json!(false))
        );
    }
    let output =
        fixture.run(&["upload", "f.txt", "s3://bucket", "--json", "--if-exists", "skip"]).await;
    assert_eq!((output.code, &output.only("done")["skipped"]), (Some(0), &json!(true)));
    assert_eq!(fixture.reference.get(BUCKET, "f.txt").await, b"old");
    let output = fixture
        .run(&["upload", "f.txt", "s3://bucket", "--json", "--if-exists", "keep-both"])
        .await;
    assert_eq!((output.code, &output.only("done")["key"]), (Some(0), &json!("f (2).txt")));
    let output = fixture.run(&["upload", "f.txt", "s3://bucket"]).await;
    assert_eq!(output.code, Some(0));
    fixture.reference.assert_same(BUCKET, "f.txt", &path).await;
    assert!(output.out.trim_end().ends_with("compared: whole object, CRC64NVME"), "{output:?}");
    assert!(output.out.starts_with("done  ") && output.err.is_empty(), "{output:?}");
}

/// Whoever reads slowly, or looks seldom, is told of each all the same.
#[tokio::test(flavor = "multi_thread")]
async fn more_that_are_done_at_once_than_a_page_holds_are_all_told() {
    const FILES: usize = 1_100;
    let fixture = Fixture::new().await;
    for number in 0..FILES {
        fixture.file(&format!("many/{number:04}"), 1, 10);
    }
    let state = fixture.state();
    let running = fixture.start(&["upload", "many", "s3://bucket/", "--state", &state, "--json"]);
    // nobody reads: the program waits in its first lines, and the uploads do not
    let stored = async {
        while fixture.reference.keys(BUCKET, "").await.len() < FILES {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(180), stored).await.expect("all of them");
    let output = running.ended().await;
    assert_eq!(output.code, Some(0), "{}", output.err);
    let done = output.events().iter().filter(|event| event["event"] == "done").count();
    assert_eq!(done, FILES);
    let again = fixture.run(&["resume", "--state", &state, "--json"]).await;
    assert_eq!((again.code, again.out.as_str()), (Some(0), ""), "{again:?}");
}

/// The key is taken while the file is sent: what is there is somebody else's, and nothing of this one is done.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_skipped_after_it_was_sent_is_not_called_done() {
    let (fixture, proxy) = Fixture::behind_proxy().await;
    fixture.file("big", 1, 2 * PART);
    proxy.on(When::complete(), 1, Act::Hold);
    let words = ["upload", "big", "s3://bucket/", "--part-size", "5MiB", "--if-exists", "skip"];
    let running = fixture.start(&[&words[..], &["--json"]].concat());
    proxy.until_held(1).await;
    fixture.reference.put(BUCKET, "big", b"theirs".to_vec()).await;
    proxy.release();
    let output = running.ended().await;
    assert_eq!(output.only("done")["skipped"], json!(true), "{output:?}");
    assert_eq!(fixture.reference.get(BUCKET, "big").await, b"theirs");
}
