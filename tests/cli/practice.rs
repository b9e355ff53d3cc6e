//! The practice store from the terminal: its first line is enough to upload to it, and objects are kept.

use crate::fixture::{Fixture, ended};
use serde_json::Value;
use windlass_tests::{ReferenceClient, Server};

#[tokio::test(flavor = "multi_thread")]
async fn its_first_line_is_enough() {
    let fixture = Fixture::new().await;
    let path = fixture.file("f", 1, 100);
    for run in 0..2 {
        let mut store = fixture.start(&["practice", "--dir", "store", "--json"]);
        let line = store.first_line().await;
        let keys: Value = serde_json::from_str(&line).expect(&line);
        let text = |name: &str| keys[name].as_str().unwrap().to_owned();
        let (endpoint, key, secret) =
            (text("endpointUrl"), text("accessKeyId"), text("secretAccessKey"));
        if run == 0 {
            let mut upload =
                fixture.command(&["upload", "f", "s3://practice/", "--endpoint-url", &endpoint]);
            upload.env("AWS_ACCESS_KEY_ID", &key).env("AWS_SECRET_ACCESS_KEY", &secret);
            let output = ended(upload).await;
            assert_eq!(output.code, Some(0), "{output:?}");
        }
        ReferenceClient::new(&Server::found("practice", &endpoint, &key, &secret))
            .assert_same("practice", "f", &path)
            .await;

        let second = fixture
            .run(&["practice", "--dir", "other", "--port", endpoint.rsplit(':').next().unwrap()])
            .await;
        assert!(second.code == Some(1) && second.err.contains("is in use"), "{second:?}");
        store.signal(if run == 0 { "INT" } else { "TERM" });
        assert_eq!(store.ended().await.code, Some(0));
    }
    let mut store = fixture.start(&["practice"]);
    let line = store.first_line().await;
    assert!(
        line.starts_with("http://127.0.0.1:") && line.split_whitespace().count() == 3,
        "{line}"
    );
    store.signal("INT");
}
