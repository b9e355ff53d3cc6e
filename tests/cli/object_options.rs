//! Object options by flags, and customer keys in files. What S3 would reject is reported before anything is sent.

use crate::fixture::{BUCKET, Fixture, PART, ended};
use serde_json::json;
use windlass_tests::{Act, Proxy, Server, When};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_goes_with_the_object() {
    let fixture = Fixture::new().await;
    for (name, size) in [("small", 9), ("large", PART + 1)] {
        let path = fixture.file(name, 1, size);
        let to = ["upload", name, "s3://bucket/", "--part-size", "5MiB"];
        let how = ["--cache-control", "no-cache", "--content-disposition", "inline"];
        let output = fixture.run(&[&to[..], &how, &["--acl", "private"]].concat()).await;
        assert_eq!(output.code, Some(0), "{output:?}");
        let head = fixture.reference.head(BUCKET, name).await.unwrap();
        assert_eq!(head.cache_control(), Some("no-cache"));
        assert_eq!(head.content_disposition(), Some("inline"));
        fixture.reference.assert_same(BUCKET, name, &path).await;
    }
    for (words, code, said) in [
        (&["--acl", "everybody"][..], 1, "not one of S3's canned ACLs"),
        (&["--acl", "public-read"], 1, "does not allow ACLs"),
        (&["--lock-mode", "governance", "--lock-days", "1"], 1, "Object Lock"),
        (&["--legal-hold"], 1, "Object Lock"),
        (&["--lock-mode", "governance"], 2, "--lock-days"),
        (&["--lock-days", "0", "--lock-mode", "governance"], 2, "0 is not in"),
        (&["--sse-c-key-file", "nowhere"], 1, "nowhere"),
        (&["--sse-c-key-file", "large"], 1, "but a key has 32"),
        (&["--sse-c-key-file", "small"], 1, "32 bytes"),
    ] {
        let output =
            fixture.run(&[&["upload", "small", "s3://bucket/other"], words].concat()).await;
        assert!(output.code == Some(code) && output.err.contains(said), "{said}: {output:?}");
    }
    assert!(fixture.reference.head(BUCKET, "other").await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_in_a_file_is_given_to_each_command_and_kept_by_none() {
    let server = Server::localstack().await;
    let proxy = Proxy::to(&server.endpoint);
    let fixture = Fixture::on(server.at(proxy.endpoint())).await;
    let key: Vec<u8> = (0..32).collect();
    let hex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    let base64 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let md5 = "tP/LI3N87DFaSk0aoqYgzg==";
    std::fs::write(fixture.path("raw"), &key).unwrap();
    std::fs::write(fixture.path("hex"), format!("{hex}\n")).unwrap();
    std::fs::write(fixture.path("base64"), base64).unwrap();
    fixture.file("film", 1, 3 * PART);
    let state = fixture.state();
    let with = ["--state", &state, "--json"];

    proxy.on(When::part(2), 100, Act::answer(403, "AccessDenied"));
    let words = ["upload", "film", "s3://bucket/own", "--part-size", "5MiB", "--connections", "1"];
    let output = fixture.run(&[&words[..], &["--sse-c-key-file", "raw"], &with].concat()).await;
    assert_eq!(
        (output.code, &output.only("failed")["kept"]),
        (Some(1), &json!(true)),
        "{output:?}"
    );
    proxy.clear();
    let output = fixture.run(&[&["resume"][..], &with].concat()).await;
    let fault = output.only("failed")["fault"].clone();
    assert_eq!((output.code, &fault["kind"]), (Some(1), &json!("credentials")), "{output:?}");
    assert!(fault["detail"].as_str().unwrap().contains(md5), "{fault}");
    let output = fixture.run(&[&["resume", "--sse-c-key-file", "hex"][..], &with].concat()).await;
    let done = output.only("done");
    assert_eq!((output.code, &done["resumed"]), (Some(0), &json!(PART)), "{output:?}");
    assert!(fixture.reference.client.get_object().bucket(BUCKET).key("own").send().await.is_err());

    // the log that tells the most is a file, too, where somebody makes one of it
    std::fs::write(fixture.path("small"), "x").unwrap();
    let words = ["upload", "small", "s3://bucket/own-small", "--sse-c-key-file", "raw"];
    let mut command = fixture.command(&words);
    command.env("WINDLASS_LOG", "trace,aws_sigv4=trace");
    let output = ended(command).await;
    assert!(output.code == Some(0) && output.err.contains("TRACE"), "{:?}", output.code);
    assert!(!output.err.contains(base64) && !output.err.contains(hex));

    let verify = ["verify", "s3://bucket/own", "--file", "film"];
    let output = fixture.run(&[&verify[..], &with].concat()).await;
    assert!(output.code == Some(1) && output.out.contains(md5), "{output:?}");
    let output = fixture.run(&[&verify[..], &["--sse-c-key-file", "base64"], &with].concat()).await;
    assert_eq!((output.code, &output.only("verified")["verdict"]), (Some(0), &json!("sizeOnly")));

    let forms = [key, hex.into(), base64.into()];
    let mut folders = vec![fixture.path("state")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            let has = |form: &Vec<u8>| bytes.windows(form.len()).any(|window| window == form);
            assert!(!forms.iter().any(has), "{}", path.display());
            files += 1;
        }
    }
    assert!(files > 0);
}
