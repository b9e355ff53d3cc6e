//! Files of every size at which something changes, on two servers.

use crate::fixture::{Fixture, PART};
use serde_json::json;
use windlass_tests::Server;

#[tokio::test(flavor = "multi_thread")]
async fn every_size_at_an_edge_arrives() {
    const BUCKET: &str = "sizes-at-the-edges";
    for server in [Server::practice().await, Server::localstack().await] {
        let fixture = Fixture::on_server(server);
        fixture.reference.create_bucket(BUCKET).await;
        let sizes = [0, 1, PART - 1, PART, PART + 1, 2 * PART - 1, 2 * PART, 2 * PART + 1];
        let files = sizes.map(|size| fixture.file(&format!("sizes/{size}"), size, size));
        let output = fixture
            .run(&["upload", "sizes", "s3://sizes-at-the-edges/", "--part-size", "5MiB", "--json"])
            .await;
        assert_eq!(output.code, Some(0), "{output:?}");
        for (size, file) in sizes.into_iter().zip(files) {
            let key = format!("sizes/{size}");
            fixture.reference.assert_same(BUCKET, &key, &file).await;
            let events = output.events();
            let mut done = events.iter().filter(|event| event["event"] == "done");
            let done = done.find(|event| event["key"] == key).unwrap();
            assert_eq!(done["parts"], json!(size.div_ceil(PART).max(1)), "{done}");
            assert_eq!((&done["bytes"], &done["sent"]), (&json!(size), &json!(size)), "{done}");
            assert_eq!(done["checksum"]["compared"], "wholeObject", "{done}");
        }
        assert_eq!(fixture.reference.uploads(BUCKET).await, []);
    }
}
