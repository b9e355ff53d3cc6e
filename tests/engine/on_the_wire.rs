//! What requests must look like for servers and proxies that are stricter than Amazon's.

use crate::fixture::{Fixture, PART};
use windlass_engine::{NewBucket, ProbeCapabilities, Status};
use windlass_tests::{Act, Proxy, Server, When};

/// Google and Squid answer 411 to a POST or a PUT that does not say how long it is, an empty one too.
#[tokio::test(flavor = "multi_thread")]
async fn every_request_without_a_body_says_that_its_length_is_none() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let unmeasured = |method| {
        When::method(method).without_header("content-length").without_header("transfer-encoding")
    };
    for method in ["POST", "PUT"] {
        proxy.on(unmeasured(method), usize::MAX, Act::Page { status: 411 });
    }
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let ask = ProbeCapabilities { connection: "test".into(), bucket: Some(fixture.bucket.clone()) };
    fixture.engine.probe_capabilities(&ask).await.unwrap();
    let new = NewBucket { server: "test".into(), bucket: format!("{}-2", fixture.bucket) };
    fixture.engine.create_bucket(&new).await.unwrap();
    fixture.hauled(&fixture.file("empty", 1, 0), "empty").await;
    fixture.hauled(&fixture.file("large", 2, 2 * PART), "large").await;
    assert_eq!(proxy.count(&unmeasured("POST")) + proxy.count(&unmeasured("PUT")), 0);
    let created: Vec<_> =
        proxy.seen().into_iter().filter(|seen| When::create().fits(seen)).collect();
    assert!(!created.is_empty());
    for seen in created {
        assert_eq!(seen.header("content-length"), Some("0"), "{seen:?}");
    }
}

/// A store that is served below a path, as Supabase's. The practice store stands for it: to it the path's first step is
/// a bucket and the rest belongs to the key, and it checks that the whole path is what was signed.
#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_with_a_path_keeps_it_with_or_without_a_slash_at_its_end() {
    for path in ["/storage/v1/s3", "/storage/v1/s3/"] {
        let server = Server::practice().await;
        let proxy = Proxy::to(&server.endpoint);
        let fixture = Fixture::by_way_of(server, &format!("{}{path}", proxy.endpoint())).await;
        fixture.reference.create_bucket("storage").await;
        for (name, size) in [("small ü", 1_000), ("large", 2 * PART)] {
            let file = fixture.file(name, size, size);
            let id = fixture.queue(&file, name).await;
            let detail = fixture.ended(id).await;
            assert_eq!(detail.row.status, Status::Done, "{path}: {:?}", detail.row.fault);
            let key = format!("v1/s3/{}/{name}", fixture.bucket);
            fixture.reference.assert_same("storage", &key, &file).await;
        }
        assert_eq!(fixture.reference.uploads("storage").await, []);
        let below = format!("/storage/v1/s3/{}/", fixture.bucket);
        for seen in proxy.seen() {
            assert!(format!("{}/", seen.path).starts_with(&below), "{path}: {}", seen.path);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_slash_of_a_key_arrives() {
    let fixture = Fixture::on(Server::practice().await).await;
    for (name, size) in [("small", 1_000), ("large", 2 * PART)] {
        let file = fixture.file(name, size, size);
        fixture.hauled(&file, &format!("//abs//{name}")).await;
    }
    assert_eq!(fixture.reference.keys(&fixture.bucket, "").await, ["//abs//large", "//abs//small"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_name_beyond_ascii_arrives_for_a_browser_to_save() {
    for server in Server::all().await {
        let fixture = Fixture::on(server).await;
        for (key, size) in [("small", 1_000), ("large", 2 * PART)] {
            let mut upload = fixture.upload(&fixture.file(key, size, size), key);
            let typed = "attachment; filename=\"Größe.mov\"";
            upload.options.content_disposition = Some(typed.into());
            let id = fixture.engine.queue(vec![upload]).await.unwrap()[0];
            let detail = fixture.ended(id).await;
            let name = fixture.server.name;
            assert_eq!(detail.row.status, Status::Done, "{name}: {:?}", detail.row.fault);
            let head = fixture.reference.head(&fixture.bucket, key).await.unwrap();
            let sent = "attachment; filename=\"Gr__e.mov\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.mov";
            assert_eq!(head.content_disposition(), Some(sent), "{name}");
        }
    }
}
