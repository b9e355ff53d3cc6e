//! An object verified again: by the receipt that is kept, by one that was written to a file, by a local file alone; and what
//! is said where something differs.

use crate::fixture::{BUCKET, Fixture, PART, RunOutput, ended, text};
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use serde_json::{Value, json};
use std::path::Path;
use windlass_tests::{Server, files};

const SIZE: u64 = 2 * PART + 9;

fn change_a_byte(path: &Path, at: u64) {
    let mut bytes = std::fs::read(path).unwrap();
    let at = usize::try_from(at).unwrap();
    bytes[at] = !bytes[at];
    std::fs::write(path, bytes).unwrap();
}

async fn upload(fixture: &Fixture, name: &str, more: &[&str]) -> RunOutput {
    let words = ["upload", name, "s3://bucket/", "--part-size", "5MiB", "--json"];
    let output = fixture.run(&[&words[..], more].concat()).await;
    assert!(output.only("done")["key"].is_string(), "{output:?}");
    output
}

async fn verify(fixture: &Fixture, words: &[&str]) -> RunOutput {
    fixture.run(&[&["verify"], words].concat()).await
}

fn held(output: &RunOutput, what: &str) -> Value {
    let verified = output.only("verified");
    let findings = verified["findings"].as_array().unwrap().iter();
    findings
        .filter(|finding| finding["what"] == what)
        .map(|finding| finding["held"].clone())
        .collect()
}

fn verdict(output: &RunOutput) -> (Option<i32>, Value) {
    (output.code, output.only("verified")["verdict"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_became_of_an_object_is_told() {
    let fixture = Fixture::new().await;
    let path = fixture.file("film", 1, SIZE);
    upload(&fixture, "film", &[]).await;
    let output = verify(&fixture, &["s3://bucket/film"]).await;
    let lines: Vec<&str> = output.out.lines().collect();
    assert_eq!(
        (output.code, lines[lines.len() - 1]),
        (Some(0), "The object on the server matches what was sent.")
    );
    assert_eq!(
        lines[..2],
        ["Object      same      it exists", "Size        same      10,485,769 bytes"]
    );
    assert_eq!(output.err, "");

    let output = verify(&fixture, &["s3://bucket/film", "--json", "--file", "film"]).await;
    assert_eq!(verdict(&output), (Some(0), json!("same")), "{output:?}");
    let verified = output.only("verified");
    assert_eq!((&verified["bucket"], &verified["key"]), (&json!(BUCKET), &json!("film")));
    assert_eq!(verified["receipt"], true);
    assert_eq!(
        (held(&output, "checksum"), held(&output, "file")),
        (json!(["same"]), json!(["same"]))
    );
    assert_eq!(output.events().len(), 1);

    // the object is what was sent, the file is not
    change_a_byte(&path, PART + 3);
    let output = verify(&fixture, &["s3://bucket/film", "--json", "--file", "film"]).await;
    assert_eq!(verdict(&output), (Some(1), json!("same")), "{output:?}");
    assert_eq!(held(&output, "file"), json!(["differs"]));
    let output = verify(&fixture, &["s3://bucket/film", "--file", "film"]).await;
    assert!(
        output.out.contains("Local file  differs   it has changed since the upload, in part 2\n"),
        "{output:?}"
    );
    let output = verify(&fixture, &["s3://bucket/film", "--json", "--file", "missing"]).await;
    assert_eq!((output.code, held(&output, "file")), (Some(1), json!(["untold"])));

    // as long as the other, and another
    let other = files::bytes(2, usize::try_from(SIZE).unwrap());
    fixture.reference.put(BUCKET, "film", other).await;
    let output = verify(&fixture, &["s3://bucket/film", "--json"]).await;
    assert_eq!(verdict(&output), (Some(1), json!("differs")), "{output:?}");
    let output = verify(&fixture, &["s3://bucket/film"]).await;
    assert!(
        output.out.ends_with("\nThe object on the server does not match what was sent.\n"),
        "{output:?}"
    );

    fixture.reference.client.delete_object().bucket(BUCKET).key("film").send().await.unwrap();
    let output = verify(&fixture, &["s3://bucket/film", "--json"]).await;
    assert_eq!(verdict(&output), (Some(1), json!("gone")), "{output:?}");
    let output = verify(&fixture, &["s3://bucket/film"]).await;
    assert!(output.out.ends_with("\nThe object no longer exists.\n"), "{output:?}");
    let output = fixture.run(&["resume"]).await;
    assert!(output.code == Some(0) && output.err.contains("nothing to resume"), "{output:?}");
    fixture.assert_no_secret(&[&output]);
}

/// The last that any run keeps, of that server rather than of another.
#[tokio::test(flavor = "multi_thread")]
async fn the_newest_receipt_of_all_runs_counts() {
    let (fixture, proxy) = Fixture::behind_proxy().await;
    let path = fixture.file("note", 1, 100);
    let state = fixture.state();
    let with_state = ["--state", state.as_str()];
    let check = ["s3://bucket/note", "--json", "--state", state.as_str()];
    upload(&fixture, "note", &with_state).await;
    let (first, last) = (fixture.path("state/1"), fixture.path("state/7"));
    std::fs::rename(&first, &last).unwrap();
    change_a_byte(&path, 3);
    upload(&fixture, "note", &with_state).await;
    assert_eq!(verdict(&verify(&fixture, &check).await), (Some(0), json!("same")));
    let aside = fixture.path("state/aside");
    std::fs::rename(&first, &aside).unwrap();
    std::fs::rename(&last, &first).unwrap();
    std::fs::rename(&aside, &last).unwrap();
    let output = verify(&fixture, &check).await;
    assert_eq!((verdict(&output), output.err.as_str()), ((Some(0), json!("same")), ""));

    // one server by another name, of which there is no receipt yet
    let direct = [&check[..], &["--endpoint-url", &fixture.server.endpoint]].concat();
    let output = verify(&fixture, &direct).await;
    assert_eq!(verdict(&output), (Some(0), json!("same")));
    assert!(
        output.err.contains(&format!("is for an upload to {}", proxy.endpoint())),
        "{output:?}"
    );
    let store = Fixture::new().await;
    let there = ["--endpoint-url", &store.server.endpoint];
    let mut other =
        fixture.command(&[&["upload", "note", "s3://bucket/"], &there[..], &with_state].concat());
    let keys = [&store.server.access_key_id, &store.server.secret_access_key];
    other.env("AWS_ACCESS_KEY_ID", keys[0]).env("AWS_SECRET_ACCESS_KEY", keys[1]);
    let older = fixture.reference.get(BUCKET, "note").await;
    change_a_byte(&path, 5);
    assert_eq!(ended(other).await.code, Some(0));
    assert_ne!(store.reference.get(BUCKET, "note").await, older);
    let output = verify(&fixture, &check).await;
    assert_eq!(verdict(&output), (Some(0), json!("same")), "{output:?}");
}

/// An object that somebody else sent, in one PUT and in parts.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_receipt_a_file_is_enough() {
    for server in [Server::practice().await, Server::localstack().await] {
        let name = server.name;
        let fixture = Fixture::on(server).await;
        let path = fixture.file("film", 1, SIZE);
        fixture.file("other", 2, SIZE);
        let bytes = std::fs::read(&path).unwrap();
        fixture.reference.put(BUCKET, "whole", bytes.clone()).await;
        put_in_parts(&fixture, "parts", &bytes).await;
        for object in ["s3://bucket/whole", "s3://bucket/parts"] {
            let output = verify(&fixture, &[object, "--json", "--file", "film"]).await;
            assert_eq!(verdict(&output), (Some(0), json!("same")), "{name} {output:?}");
            assert_eq!(output.only("verified")["receipt"], false);
            let output = verify(&fixture, &[object, "--json", "--file", "other"]).await;
            assert_eq!(verdict(&output), (Some(1), json!("differs")), "{name} {output:?}");
            let output = verify(&fixture, &[object, "--file", "film"]).await;
            assert!(
                output.out.ends_with("\nThe object on the server matches the file.\n"),
                "{name} {output:?}"
            );
        }
        let output = verify(&fixture, &["s3://bucket/whole", "--json"]).await;
        let failed = output.only("failed");
        assert_eq!((output.code, &failed["key"]), (Some(1), &json!("whole")), "{name} {output:?}");
        let output = verify(&fixture, &["s3://bucket/whole"]).await;
        assert!(
            output.code == Some(1) && output.err.contains("no receipt for s3://bucket/whole"),
            "{output:?}"
        );
        assert!(output.err.contains("--file") && output.out.is_empty(), "{output:?}");
    }
}

async fn put_in_parts(fixture: &Fixture, key: &str, bytes: &[u8]) {
    let client = &fixture.reference.client;
    let id = fixture.reference.start_upload(BUCKET, key).await;
    let mut done = Vec::new();
    for (number, piece) in (1..).zip(bytes.chunks(usize::try_from(PART).unwrap())) {
        let part = client.upload_part().bucket(BUCKET).key(key).upload_id(&id).part_number(number);
        let sent = part.body(piece.to_vec().into()).send().await.unwrap();
        done.push(
            CompletedPart::builder().part_number(number).e_tag(sent.e_tag().unwrap()).build(),
        );
    }
    let list = CompletedMultipartUpload::builder().set_parts(Some(done)).build();
    let complete = client.complete_multipart_upload().bucket(BUCKET).key(key).upload_id(id);
    complete.multipart_upload(list).send().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_in_a_file_is_enough() {
    let (fixture, proxy) = Fixture::behind_proxy().await;
    let path = fixture.file("day 1/film", 1, SIZE);
    fixture.file("day 1/note", 2, 100);
    let output = fixture
        .run(&[
            "upload",
            "day 1",
            "s3://bucket/x",
            "--part-size",
            "5MiB",
            "--receipts",
            "all/of it",
            "--json",
        ])
        .await;
    assert_eq!(output.code, Some(0), "{output:?}");
    let mut receipts = output.events();
    receipts.retain(|event| event["event"] == "done");
    receipts.sort_by_key(|done| done["key"].to_string());
    let [film, note] = &receipts[..] else { panic!("{receipts:?}") };
    let (film, note) = (film["receipt"].as_str().unwrap(), note["receipt"].as_str().unwrap());
    let place = fixture.machine.found(note);
    assert!(fixture.home.path().join(&place).is_file(), "{note}");
    assert!(text(&place).starts_with("all/of it/bucket_x_day 1_note."), "{note}");
    // no journal, and the environment names another server
    let alone = |words: &[&str]| {
        let mut command =
            fixture.command(&[&["verify", "--state", "new", "--json"], words].concat());
        command.env("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
        ended(command)
    };
    let output = alone(&["--receipt", film, "--file", &text(&path)]).await;
    assert_eq!(verdict(&output), (Some(0), json!("same")), "{output:?}");
    let verified = output.only("verified");
    assert_eq!((&verified["key"], &verified["receipt"]), (&json!("x/day 1/film"), &json!(true)));
    let output = alone(&["--receipt", note]).await;
    assert_eq!(verdict(&output), (Some(0), json!("same")), "{output:?}");
    // what is typed counts
    let output = alone(&["--receipt", note, "s3://bucket/x/day 1/film"]).await;
    assert_eq!(verdict(&output), (Some(1), json!("differs")), "{output:?}");
    drop(proxy);
    let output = alone(&["--receipt", note]).await;
    assert_eq!(
        (output.code, &output.only("failed")["fault"]["kind"]),
        (Some(1), &json!("offline"))
    );
    let output = alone(&["--receipt", note, "--endpoint-url", &fixture.server.endpoint]).await;
    assert_eq!(verdict(&output), (Some(0), json!("same")), "{output:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_cannot_be_written_fails_no_upload() {
    let fixture = Fixture::new().await;
    let path = fixture.file("note", 1, 100);
    let output = upload(&fixture, "note", &["--receipts", "note/receipts"]).await;
    assert_eq!(output.code, Some(1), "{output:?}");
    assert!(output.err.contains("the receipt cannot be written to note/receipts"), "{output:?}");
    fixture.reference.assert_same(BUCKET, "note", &path).await;
    // one that was skipped has none
    let output = upload(&fixture, "note", &["--receipts", "r", "--if-exists", "skip"]).await;
    assert_eq!((output.code, output.err.as_str()), (Some(0), ""));
    let output = verify(&fixture, &["s3://bucket/note", "--json"]).await;
    assert_eq!(verdict(&output), (Some(0), json!("same")), "the journal keeps it all the same");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_verified_is_said_in_words() {
    let fixture = Fixture::new().await;
    fixture.file("f", 1, 10);
    let lines: [&[&str]; 5] = [&[], &["f"], &["s3://bucket"], &["s3://bucket/"], &["--file", "f"]];
    for line in lines {
        let output = verify(&fixture, line).await;
        assert_eq!((output.code, output.out.as_str()), (Some(2), ""), "{line:?}: {output:?}");
    }
    assert!(!fixture.path("home").exists());
    let refused = async |words: &[&str], kind: &str, said: &str| {
        let output = verify(&fixture, &[words, &["--json"]].concat()).await;
        let failed = output.only("failed");
        assert_eq!((output.code, &failed["fault"]["kind"]), (Some(1), &json!(kind)), "{output:?}");
        assert!(output.err.contains(said), "{output:?}");
    };
    refused(&["--receipt", "f"], "storage", "no receipt of Windlass").await;
    refused(&["--receipt", "missing"], "storage", "cannot be read").await;
    refused(&["s3://bucket/k"], "unsupported", "no receipt for s3://bucket/k").await;
    fixture.reference.put(BUCKET, "k", b"ten bytes.".into()).await;
    refused(&["s3://bucket/k", "--file", "missing"], "sourceMissing", "file not found").await;
    refused(&["s3://bucket/k", "--file", "f", "--no-sign-request"], "denied", "").await;
    refused(&["s3://bucket/k", "--file", "f", "--connection", "Work"], "wrongPlace", "\"Work\"")
        .await;
    let output = verify(&fixture, &["--receipt", "f"]).await;
    assert!(
        output.err.contains("error: ") && output.err.contains("path of the receipt"),
        "{output:?}"
    );
}

/// Keys that a flat name once took for one, one key in two buckets, and a key longer than a file's name may be.
#[tokio::test(flavor = "multi_thread")]
async fn each_object_has_a_receipt_of_its_own() {
    let fixture = Fixture::new().await;
    fixture.file("note", 1, 100);
    fixture.reference.create_bucket("other").await;
    let long = "l".repeat(1_000);
    let places = ["bucket/a/b", "bucket/a__b", "bucket/a_b", "bucket/A/b", "other/a/b"];
    let mut keys = Vec::new();
    for place in places.map(ToOwned::to_owned).into_iter().chain([format!("bucket/{long}")]) {
        let line = ["upload", "note", &format!("s3://{place}"), "--receipts", "r", "--json"];
        let output = fixture.run(&line).await;
        assert_eq!(output.code, Some(0), "{output:?}");
        keys.push((place, output.only("done")["receipt"].as_str().unwrap().to_owned()));
    }
    assert_eq!(std::fs::read_dir(fixture.path("r")).unwrap().count(), keys.len());
    for (place, receipt) in keys {
        let output = verify(&fixture, &["--receipt", &receipt, "--json"]).await;
        assert_eq!(verdict(&output), (Some(0), json!("same")), "{output:?}");
        let verified = output.only("verified");
        let object = [&verified["bucket"], &verified["key"]].map(|part| part.as_str().unwrap());
        assert_eq!(object.join("/"), place);
    }
}
