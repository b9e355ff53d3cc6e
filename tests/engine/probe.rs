//! The capabilities that servers are found to have, compared with their documentation; and the probe leaves nothing behind.

use crate::fixture::{Fixture, PART};
use std::time::{Duration, Instant};
use windlass_engine::{
    Capabilities, CheckRequest, CheckStep, ChecksumMode, ConnectionForm, EndpointOptions,
    FaultKind, Known, ProbeCapabilities, Secret, Status, Support,
};
use windlass_tests::{Act, Proxy, ReferenceClient, Server, When};

/// The connection, as one to a server that nobody knows.
fn is_unknown(fixture: &Fixture, address: &str) {
    let mut connection = fixture.connection();
    connection.preset = "other".into();
    connection.endpoint = Some(address.into());
    connection.probed = None;
    connection.bucket = Some(fixture.bucket.clone());
    fixture.engine.set_session_connection(connection, fixture.secret()).unwrap();
    assert_eq!(fixture.engine.capabilities("test").unwrap().known, Known::NotProbed);
}

/// Asks; nothing is left of it, and the answer is kept with the connection.
async fn asked(fixture: &Fixture) -> Capabilities {
    let ask = ProbeCapabilities { connection: "test".into(), bucket: None };
    let found = fixture.engine.probe_capabilities(&ask).await.unwrap();
    assert_eq!(found.known, Known::Probed);
    assert_eq!(fixture.engine.capabilities("test").unwrap(), found);
    fixture.assert_clean().await;
    assert_eq!(fixture.reference.keys(&fixture.bucket, "").await, Vec::<String>::new());
    found.capabilities
}

/// What is written down of Amazon's is what a model of it is found to do.
#[tokio::test(flavor = "multi_thread")]
async fn models_of_amazon_are_found_as_amazon_is_documented() {
    for server in [Server::practice().await, Server::localstack().await] {
        let (name, endpoint) = (server.name, server.endpoint.clone());
        let fixture = Fixture::on(server).await;
        let documented = fixture.engine.capabilities("test").unwrap();
        assert_eq!(documented.known, Known::Documented);
        is_unknown(&fixture, &endpoint);
        assert_eq!(asked(&fixture).await, documented.capabilities, "{name}");
    }
}

/// Ceph 16: no newer checksums, Content-MD5 is verified, ETags are MD5s, no bodies in chunks, no GetObjectAttributes;
/// conditions at PutObject (<https://docs.ceph.com/en/pacific/radosgw/s3/objectops/>), not at Complete.
#[tokio::test(flavor = "multi_thread")]
async fn an_old_ceph_is_found_as_it_is_documented() {
    let fixture = Fixture::on(Server::ceph().await).await;
    is_unknown(&fixture, &fixture.server.endpoint);
    let want = Capabilities {
        checksum_mode: ChecksumMode::Md5,
        checks_parts: Support::Yes,
        checks_whole: Support::No,
        reports_checksum: Support::No,
        trailers: Support::No,
        object_size: Support::Unknown,
        etag_md5: Support::Yes,
        conditional_put: Support::Yes,
        conditional_complete: Support::No,
        lists_parts: Support::Yes,
        lists_uploads: Support::Yes,
        attributes: Support::No,
        ..Capabilities::default()
    };
    assert_eq!(asked(&fixture).await, want);
}

/// What only a finished object can show stays unknown, if such an object could not be deleted again.
fn is_careful(found: &Capabilities) {
    assert_eq!((found.checksum_mode, found.checks_parts), (ChecksumMode::Crc64Nvme, Support::Yes));
    assert_eq!(
        (found.trailers, found.lists_parts, found.lists_uploads),
        (Support::Yes, Support::Yes, Support::Yes)
    );
    for unknown in [found.checks_whole, found.object_size, found.conditional_put] {
        assert_eq!(unknown, Support::Unknown);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_may_not_delete_leave_no_object_behind() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let denied = Act::answer(403, "AccessDenied");
    proxy.on(When::method("DELETE").without_query("uploadId"), 100, denied);
    let fixture = Fixture::on(server).await;
    is_unknown(&fixture, proxy.endpoint());
    is_careful(&asked(&fixture).await);
    assert_eq!(proxy.count(&When::complete()), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_made_in_a_bucket_that_keeps_versions() {
    let fixture = Fixture::on(Server::localstack().await).await;
    let proxy = Proxy::to(&fixture.server.endpoint);
    keep_versions(&fixture.reference, &fixture.bucket).await;
    is_unknown(&fixture, proxy.endpoint());
    is_careful(&asked(&fixture).await);
    let made = When::method("DELETE").without_query("uploadId");
    assert_eq!((proxy.count(&When::complete()), proxy.count(&made)), (0, 0));
}

/// Nothing is begun that could not be taken away again; the file goes all the same.
#[tokio::test(flavor = "multi_thread")]
async fn keys_that_may_not_abort_leave_no_upload_behind() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    proxy.on(When::abort(), 100, Act::answer(403, "AccessDenied"));
    let fixture = Fixture::on(server).await;
    is_unknown(&fixture, proxy.endpoint());
    let ask = ProbeCapabilities { connection: "test".into(), bucket: None };
    let fault = fixture.engine.probe_capabilities(&ask).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Denied);
    assert!(fault.detail.contains("s3:AbortMultipartUpload"), "{fault:?}");
    fixture.assert_clean().await;
    for step in [CheckStep::MayUpload, CheckStep::Checksums] {
        let check = fixture.engine.check(CheckRequest { form: form(&fixture, &proxy), step }).await;
        let said = check.fault.map(|fault| fault.detail).unwrap_or_default();
        assert!(said.contains("s3:AbortMultipartUpload"), "{step:?}: {said}");
        fixture.assert_clean().await;
    }
    assert_eq!(proxy.count(&When::create()), 0);
    let path = fixture.file("large", 1, 4 * PART);
    let detail = fixture.hauled(&path, "large").await;
    let reported: Vec<String> = detail.history.iter().map(|line| line.what.to_string()).collect();
    assert!(reported.iter().any(|line| line.contains("s3:AbortMultipartUpload")), "{reported:?}");
}

/// The right to delete is lost between the question and the cleaning.
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_taken_away_again_is_named() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let delete = || When::method("DELETE").without_query("uploadId");
    proxy.on(delete(), 1, Act::Delay(Duration::ZERO));
    proxy.on(delete(), 100, Act::answer(403, "AccessDenied"));
    let fixture = Fixture::on(server).await;
    is_unknown(&fixture, proxy.endpoint());
    let ask = ProbeCapabilities { connection: "test".into(), bucket: None };
    let fault = fixture.engine.probe_capabilities(&ask).await.unwrap_err();
    let left = fixture.reference.keys(&fixture.bucket, "").await;
    assert_eq!((fault.kind, left.len()), (FaultKind::Denied, 1));
    let named = format!("s3://{}/{}", fixture.bucket, left[0]);
    assert!(fault.detail.contains(&named), "{fault:?}");
    // the next question takes it away, once these keys may
    proxy.clear();
    asked(&fixture).await;
}

/// The same with the abort, in the test of a form that only tries whether it may upload.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_s_test_names_the_upload_that_it_left() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    proxy.on(When::abort(), 1, Act::Delay(Duration::ZERO));
    proxy.on(When::abort(), 100, Act::answer(403, "AccessDenied"));
    let fixture = Fixture::on(server).await;
    let request = CheckRequest { form: form(&fixture, &proxy), step: CheckStep::MayUpload };
    let check = fixture.engine.check(request).await;
    let said = check.fault.map(|fault| fault.detail).unwrap_or_default();
    let left = fixture.reference.uploads(&fixture.bucket).await;
    assert_eq!(left.len(), 1);
    assert!(said.contains(&format!("s3://{}/windlass-test-", fixture.bucket)), "{said}");
}

/// Nobody looks at a form for longer: it is the server's first answer that says so, with a bucket and without one.
#[tokio::test(flavor = "multi_thread")]
async fn wrong_keys_are_told_within_a_second() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let fixture = Fixture::on(server).await;
    for bucket in [Some(fixture.bucket.clone()), None] {
        let mut form = form(&fixture, &proxy);
        form.bucket = bucket;
        form.secret_access_key = Some("wrong".into());
        let start = Instant::now();
        for step in [CheckStep::Reached, CheckStep::Clock] {
            let check = fixture.engine.check(CheckRequest { form: form.clone(), step }).await;
            assert_eq!(check.fault, None);
        }
        let request = CheckRequest { form, step: CheckStep::SignedIn };
        let check = fixture.engine.check(request).await;
        assert_eq!(check.fault.unwrap().kind, FaultKind::Credentials);
        let took = start.elapsed();
        assert!(took < Duration::from_secs(1), "{took:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_with_wrong_keys_fails_within_a_second() {
    let fixture = Fixture::on(Server::practice().await).await;
    let wrong = Secret { secret_access_key: "wrong".into(), session_token: None };
    fixture.engine.set_session_connection(fixture.connection(), wrong).unwrap();
    for (name, size) in [("small", 10), ("large", 3 * PART)] {
        let path = fixture.file(name, 1, size);
        let start = Instant::now();
        let id = fixture.queue(&path, name).await;
        let row = fixture.ended(id).await.row;
        let took = start.elapsed();
        assert_eq!(row.fault.unwrap().kind, FaultKind::Credentials, "{name}");
        assert!(took < Duration::from_secs(1), "{name}: {took:?}");
    }
}

pub(crate) fn form(fixture: &Fixture, proxy: &Proxy) -> ConnectionForm {
    let of = fixture.connection();
    ConnectionForm {
        id: None,
        name: "New".into(),
        preset: "other".into(),
        endpoint: Some(proxy.endpoint().into()),
        region: of.region,
        path_style: true,
        sign: of.sign,
        role: None,
        secret_access_key: Some(fixture.secret().secret_access_key),
        session_token: None,
        bucket: Some(fixture.bucket.clone()),
        prefix: String::new(),
        ca_bundle: None,
        proxy: windlass_engine::Proxy::default(),
        proxy_user: None,
        proxy_password: None,
        endpoint_options: EndpointOptions::default(),
        stored: of.stored,
        if_exists: None,
        remember: false,
    }
}

async fn keep_versions(reference: &ReferenceClient, bucket: &str) {
    use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};
    let enabled =
        VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
    let request = reference.client.put_bucket_versioning().bucket(bucket);
    request.versioning_configuration(enabled).send().await.unwrap();
}

/// Before the first large upload, and only then.
#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_server_is_asked_once_and_by_need() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let fixture = Fixture::on(server).await;
    is_unknown(&fixture, proxy.endpoint());
    let small = fixture.file("small", 1, 1_000);
    fixture.hauled(&small, "small").await;
    assert_eq!(fixture.engine.capabilities("test").unwrap().known, Known::NotProbed);
    let large = fixture.file("large", 2, 4 * PART);
    fixture.hauled(&large, "large").await;
    let known = fixture.engine.capabilities("test").unwrap();
    assert_eq!((known.known, known.capabilities.trailers), (Known::Probed, Support::Yes));
    let asked = proxy.count(&When::create());
    fixture.hauled(&large, "another").await;
    assert_eq!(proxy.count(&When::create()), asked + 1);
    assert_eq!(fixture.reference.keys(&fixture.bucket, "").await, ["another", "large", "small"]);
}

/// Uploads that begin together ask once.
#[tokio::test(flavor = "multi_thread")]
async fn two_uploads_at_once_ask_one_question() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let fixture = Fixture::on(server).await;
    is_unknown(&fixture, proxy.endpoint());
    let (a, b) = (fixture.file("a", 1, 4 * PART), fixture.file("b", 2, 4 * PART));
    let ids =
        fixture.engine.queue(vec![fixture.upload(&a, "a"), fixture.upload(&b, "b")]).await.unwrap();
    for id in ids {
        assert_eq!(fixture.ended(id).await.row.status, Status::Done);
    }
    let asks_first = When::method("GET").query_name("versioning");
    assert_eq!(proxy.count(&asks_first), 1);
    fixture.assert_clean().await;
    assert_eq!(fixture.reference.keys(&fixture.bucket, "").await, ["a", "b"]);
}

/// What does not depend on each other is asked side by side: on a long line each round trip counts.
#[tokio::test(flavor = "multi_thread")]
async fn questions_do_not_wait_for_each_other() {
    for (slow, meanwhile) in [
        (When::method("GET").query_name("versioning"), When::abort()),
        (When::part(1), When::method("GET").query_name("uploads")),
        (When::method("GET").query_name("uploads"), When::list_parts()),
        (When::head().path("/windlass-probe-"), When::method("GET").query_name("attributes")),
        (When::put_object().path("/windlass-probe-"), When::complete().header("if-none-match")),
    ] {
        let server = Server::practice().await;
        let proxy = Proxy::to(&server.endpoint);
        proxy.on(slow, 1, Act::Hold);
        let fixture = Fixture::on(server).await;
        is_unknown(&fixture, proxy.endpoint());
        let path = fixture.file("large", 1, 4 * PART);
        let id = fixture.queue(&path, "large").await;
        proxy.until_held(1).await;
        proxy.until_seen(&meanwhile, 1).await;
        proxy.release();
        assert_eq!(fixture.ended(id).await.row.status, Status::Done);
        fixture.assert_clean().await;
    }
}

/// Interrupted during a probe, after an upload and after an object was created: deleted at the next start.
#[tokio::test(flavor = "multi_thread")]
async fn an_asking_that_was_cut_off_leaves_nothing_after_the_next_start() {
    for middle in [When::list_parts(), When::head().path("/windlass-probe-")] {
        let server = Server::practice().await;
        let address = server.endpoint.clone();
        let proxy = Proxy::to(&address);
        proxy.on(middle, 1, Act::Hold);
        let fixture = Fixture::on(server).await;
        is_unknown(&fixture, proxy.endpoint());
        let path = fixture.file("large", 1, 4 * PART);
        let id = fixture.queue(&path, "large").await;
        proxy.until_held(1).await;
        let fixture = fixture.reopened(&address).await;
        let detail = fixture.ended(id).await;
        assert_eq!(detail.row.status, Status::Done, "{:?}", detail.row.fault);
        fixture.assert_clean().await;
        assert_eq!(fixture.reference.keys(&fixture.bucket, "").await, ["large"]);
    }
}

/// The test of a connection's form asks, and what it found is kept when the form is saved.
#[tokio::test(flavor = "multi_thread")]
async fn the_test_of_a_form_is_not_asked_again() {
    use windlass_engine::Passed;
    use windlass_engine::Sign;
    let fixture = Fixture::on(Server::practice().await).await;
    let of = fixture.connection();
    let Sign::Keys { .. } = of.sign else { panic!("keys") };
    let form = ConnectionForm {
        id: None,
        name: "New".into(),
        preset: "other".into(),
        endpoint: of.endpoint,
        region: of.region,
        path_style: true,
        sign: of.sign,
        role: None,
        secret_access_key: Some(fixture.secret().secret_access_key),
        session_token: None,
        bucket: Some(fixture.bucket.clone()),
        prefix: String::new(),
        ca_bundle: None,
        proxy: windlass_engine::Proxy::default(),
        proxy_user: None,
        proxy_password: None,
        endpoint_options: EndpointOptions::default(),
        stored: of.stored,
        if_exists: None,
        remember: false,
    };
    let request = CheckRequest { form: form.clone(), step: CheckStep::Checksums };
    let check = fixture.engine.check(request).await;
    assert_eq!((check.outcome, check.fault), (Passed::Passed, None));
    let said = check.said.map(|said| said.to_string());
    assert_eq!(said.as_deref(), Some("The server reports checksums of whole objects (CRC64NVME)"));
    let saved = fixture.engine.save_connection(form).await.unwrap();
    assert_eq!(fixture.engine.capabilities(&saved.id).unwrap().known, Known::Probed);
    fixture.assert_clean().await;
}
