//! Bad input and bad servers: a message on stderr, the right exit code, and nothing left behind.

use crate::fixture::{BUCKET, Fixture, PART, RunOutput, ended};
use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpListener;
use windlass_tests::{Act, When};

/// Failed with this kind, said so in words, left nothing on the server and nothing to resume.
async fn assert_failed(fixture: &Fixture, output: &RunOutput, kind: &str, said: &str) {
    assert_eq!(output.code, Some(1), "{output:?}");
    let failed = output.only("failed");
    assert_eq!(
        (&failed["fault"]["kind"], &failed["kept"]),
        (&json!(kind), &json!(false)),
        "{output:?}"
    );
    assert!(output.err.contains(said), "{output:?}");
    assert_eq!(fixture.reference.keys(BUCKET, "").await, [""; 0]);
    fixture.assert_clean().await;
    let output = fixture.run(&["resume"]).await;
    assert!(output.code == Some(0) && output.err.contains("nothing to resume"), "{output:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_none() {
    let fixture = Fixture::new().await;
    let output = fixture.run(&["upload", "missing", "s3://bucket/", "--json"]).await;
    assert_failed(&fixture, &output, "sourceMissing", "file not found").await;
    std::fs::create_dir(fixture.path("folder")).unwrap();
    let output = fixture.run(&["upload", "--file", "folder", "--bucket", BUCKET, "--json"]).await;
    assert_failed(&fixture, &output, "sourceMissing", "a folder").await;
    let secret = fixture.file("unreadable", 1, 10);
    #[cfg(unix)]
    std::fs::set_permissions(&secret, std::os::unix::fs::PermissionsExt::from_mode(0o000)).unwrap();
    // root may read everything
    if std::fs::File::open(&secret).is_err() {
        let output = fixture.run(&["upload", "unreadable", "s3://bucket/", "--json"]).await;
        assert_failed(&fixture, &output, "sourceMissing", "no permission to read").await;
    }
    let output = fixture.run(&["upload", "folder", "s3://bucket/"]).await;
    assert!(output.code == Some(0) && output.err.contains("nothing to upload"), "{output:?}");
}

/// One of several that is missing does not keep the others.
#[tokio::test(flavor = "multi_thread")]
async fn one_of_several_is_missing() {
    let fixture = Fixture::new().await;
    let path = fixture.file("there", 1, 10);
    let output = fixture.run(&["upload", "missing", "there", "s3://bucket/", "--json"]).await;
    assert_eq!(output.code, Some(1), "{output:?}");
    assert_eq!(output.only("failed")["fault"]["kind"], "sourceMissing");
    fixture.reference.assert_same(BUCKET, "there", &path).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_too_long() {
    let fixture = Fixture::new().await;
    fixture.file("f", 1, 10);
    let output =
        fixture.run(&["upload", "f", &format!("s3://bucket/{}", "ü".repeat(513)), "--json"]).await;
    assert_failed(&fixture, &output, "unsupported", "1,024").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_or_keys_that_are_wrong() {
    let fixture = Fixture::new().await;
    for size in [10, 3 * PART] {
        fixture.file("f", 1, size);
        let output = fixture
            .run(&["upload", "f", "s3://nobody-made-this/", "--json", "--part-size", "5MiB"])
            .await;
        assert_failed(&fixture, &output, "wrongPlace", "NoSuchBucket").await;
        assert_eq!(output.only("failed")["fault"]["status"], 404);

        let mut command =
            fixture.command(&["upload", "f", "s3://bucket/", "--json", "--part-size", "5MiB"]);
        command.env("AWS_SECRET_ACCESS_KEY", "wrong");
        assert_failed(&fixture, &ended(command).await, "credentials", "SignatureDoesNotMatch")
            .await;
        let mut command = fixture.command(&["upload", "f", "s3://bucket/", "--json"]);
        command.env_remove("AWS_SECRET_ACCESS_KEY").env_remove("AWS_ACCESS_KEY_ID");
        assert_failed(&fixture, &ended(command).await, "credentials", "no keys").await;
        let output =
            fixture.run(&["upload", "f", "s3://bucket/", "--json", "--no-sign-request"]).await;
        assert_failed(&fixture, &output, "denied", "AccessDenied").await;
    }
}

/// Many files to a bucket that is not there: told once in words.
#[tokio::test(flavor = "multi_thread")]
async fn what_stands_in_the_way_of_all_is_told_once() {
    let fixture = Fixture::new().await;
    for number in 0..40 {
        fixture.file(&format!("many/{number}"), number, 10);
    }
    let output = fixture.run(&["upload", "many", "s3://nobody-made-this/"]).await;
    assert_eq!(output.code, Some(1), "{output:?}");
    assert!(output.err.contains("more failed for the same reason"), "{output:?}");
    assert_eq!(output.err.matches("NoSuchBucket").count(), 1, "{output:?}");
    let output = fixture.run(&["upload", "many", "s3://nobody-made-this/", "--json"]).await;
    let failed = output.events().iter().filter(|event| event["event"] == "failed").count();
    assert_eq!((output.code, failed), (Some(1), 40), "{output:?}");
    let output = fixture.run(&["resume"]).await;
    assert!(output.err.contains("nothing to resume"), "{output:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_s3() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let _ = stream.read(&mut [0; 4096]);
            let head = "HTTP/1.1 404 Not Found\r\ncontent-type: text/html\r\nconnection: close\r\ncontent-length: 5\r\n\r\n";
            let _ = stream.write_all(format!("{head}<html").as_bytes());
        }
    });
    let fixture = Fixture::new().await;
    fixture.file("f", 1, 3 * PART);
    let output = fixture
        .run(&[
            "upload",
            "f",
            "s3://bucket/",
            "--json",
            "--part-size",
            "5MiB",
            "--endpoint-url",
            &address,
        ])
        .await;
    assert_failed(&fixture, &output, "wrongPlace", "did not come from an S3 server").await;
}

/// Takes the minute that a server is waited for.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_listens() {
    let fixture = Fixture::new().await;
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    fixture.file("many/a", 1, 10);
    fixture.file("many/b", 2, 10);
    let start = std::time::Instant::now();
    let output = fixture
        .run(&["upload", "many", "s3://bucket/", "--endpoint-url", &format!("http://{free}")])
        .await;
    assert_eq!(output.code, Some(1), "{output:?}");
    assert!(
        output.err.contains("Waiting: ") && output.err.contains("cannot be reached"),
        "{output:?}"
    );
    assert!(start.elapsed().as_secs() < 100, "each of the two waited its own minute");
    let output = fixture.run(&["resume"]).await;
    assert!(output.err.contains("nothing to resume"), "{output:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_usage_is_2_and_touches_nothing() {
    let fixture = Fixture::new().await;
    fixture.file("f", 1, 10);
    let lines: [&[&str]; 12] = [
        &[],
        &["upload"],
        &["upload", "f"],
        &["upload", "f", "bucket"],
        &["upload", "s3://bucket/f", "."],
        &["upload", "-", "s3://bucket/f"],
        &["upload", "f", "s3://"],
        &["upload", "f", "s3://bucket/", "--part-size", "1MiB"],
        &["upload", "f", "s3://bucket/", "--part-size", "many"],
        &["upload", "f", "s3://bucket/", "--limit", "0"],
        &["upload", "f", "x/f", "s3://bucket/"],
        &["unfinished", "list"],
    ];
    for line in lines {
        let output = fixture.run(line).await;
        assert_eq!((output.code, output.out.as_str()), (Some(2), ""), "{line:?}: {output:?}");
        assert!(output.err.lines().count() > 1, "{line:?}: {output:?}");
    }
    assert!(!fixture.path("home").exists());
    let output = fixture.run(&["upload", "f", "s3://bucket/", "--connection", "Work"]).await;
    assert!(
        output.code == Some(1) && output.err.contains("no connection named \"Work\""),
        "{output:?}"
    );
    let output = fixture.run(&["resume", "--state", "nowhere"]).await;
    assert!(output.code == Some(1) && output.err.contains("nowhere"), "{output:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_that_is_not_there_is_named() {
    let fixture = Fixture::new().await;
    fixture.file("f", 1, 10);
    let output =
        fixture.run(&["upload", "f", "s3://bucket/", "--json", "--profile", "nobody"]).await;
    assert_failed(&fixture, &output, "credentials", "no profile named \"nobody\"").await;
}

/// Nothing of it was ever sent: it does not come back at each `resume`.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_gone_from_the_list_once_it_was_told() {
    let (fixture, proxy) = Fixture::behind_proxy().await;
    fixture.file("f", 1, 10);
    proxy.on(When::put_object(), 1, Act::Hold);
    let running = fixture.start(&["upload", "f", "s3://bucket/", "--json"]);
    proxy.until_held(1).await;
    fixture.machine.kill(&running);
    running.ended().await;
    let gone = Act::answer(404, "NoSuchBucket");
    proxy.on(When::any(), usize::MAX, gone);
    let output = fixture.run(&["resume"]).await;
    assert!(output.code == Some(1) && output.err.contains("NoSuchBucket"), "{output:?}");
    assert!(!output.err.contains("kept"), "{output:?}");
    let output = fixture.run(&["resume"]).await;
    assert!(output.code == Some(0) && output.err.contains("nothing to resume"), "{output:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn why_a_server_fails_is_told_while_it_is_tried() {
    let (fixture, proxy) = Fixture::behind_proxy().await;
    fixture.file("f", 1, 10);
    let fails = || Act::answer(500, "InternalError");
    proxy.on(When::put_object(), 7, fails());
    let output = fixture.run(&["upload", "f", "s3://bucket/", "--json"]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    let output = output.events();
    let reasons = output.iter().filter(|event| event["event"] == "progress").filter_map(|event| {
        event["uploads"][0]["waits"]["fault"]["code"].as_str().map(ToOwned::to_owned)
    });
    assert!(reasons.into_iter().any(|code| code == "InternalError"), "{output:?}");
    proxy.on(When::put_object(), 7, fails());
    let output = fixture.run(&["upload", "f", "s3://bucket/g"]).await;
    assert!(output.err.contains("Retrying") && output.err.contains("InternalError"), "{output:?}");
}
