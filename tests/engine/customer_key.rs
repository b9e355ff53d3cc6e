//! Customer keys (SSE-C), on the servers that support them: no byte is sent without the key, and no file contains it.

use crate::fixture::{Fixture, MIB, PART};
use crate::object_options::{SIZES, queued, stored};
use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use std::path::Path;
use std::time::Duration;
use windlass_engine::{
    Compared, Detail, FaultKind, Held, Id, KeptKey, NewCustomerKey, NewUpload, Options, Selection,
    Status, Verdict, Verification, VerifyRequest, What,
};
use windlass_tests::{Act, Proxy, Server, ServerQuirk, When};

/// The 32 bytes of one key among many.
fn key_of(seed: u8) -> [u8; 32] {
    std::array::from_fn(|at| u8::try_from(at).unwrap().wrapping_mul(7) ^ seed)
}

pub(crate) async fn kept(fixture: &Fixture, seed: u8) -> KeptKey {
    let key = BASE64_STANDARD.encode(key_of(seed)).into();
    let given = NewCustomerKey { key, name: String::new(), remember: false };
    fixture.engine.keep_customer_key(given).await.unwrap()
}

pub(crate) fn by_key(md5: &str) -> Options {
    Options { customer_key: Some(md5.to_owned()), ..Options::default() }
}

async fn head_by(
    fixture: &Fixture,
    name: &str,
    seed: u8,
    md5: &str,
) -> Result<HeadObjectOutput, u16> {
    let head = fixture.reference.client.head_object().bucket(&fixture.bucket).key(name);
    let head = head
        .sse_customer_algorithm("AES256")
        .sse_customer_key(BASE64_STANDARD.encode(key_of(seed)))
        .sse_customer_key_md5(md5);
    let head = head.send().await;
    head.map_err(|error| error.raw_response().map_or(0, |raw| raw.status().as_u16()))
}

/// The reference client reads it with the key, and nobody without.
async fn assert_encrypted(fixture: &Fixture, name: &str, path: &Path, seed: u8, md5: &str) {
    let head = head_by(fixture, name, seed, md5).await.unwrap();
    assert_eq!(head.sse_customer_key_md5(), Some(md5));
    let get = || fixture.reference.client.get_object().bucket(&fixture.bucket).key(name);
    assert!(get().send().await.is_err(), "it is read without its key");
    let get = get()
        .sse_customer_algorithm("AES256")
        .sse_customer_key(BASE64_STANDARD.encode(key_of(seed)))
        .sse_customer_key_md5(md5);
    let bytes = get.send().await.unwrap().body.collect().await.unwrap().to_vec();
    assert!(bytes == std::fs::read(path).unwrap(), "{name} is not the file");
}

async fn verified(fixture: &Fixture, id: Id) -> Verification {
    let number = fixture.engine.verify(VerifyRequest { id, file: true }).await.unwrap();
    loop {
        let now = fixture.engine.verification(number).unwrap();
        if !now.running {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_one_s_own_encrypts_whole_and_in_parts() {
    for server in [Server::localstack().await, Server::ceph().await] {
        let fixture = Fixture::on(server).await;
        let on = fixture.server.name;
        let KeptKey { md5, in_keychain, .. } = kept(&fixture, 1).await;
        assert!(!in_keychain);
        assert_eq!(
            fixture.engine.customer_keys().iter().map(|key| &key.md5).collect::<Vec<_>>(),
            [&md5]
        );
        for (name, size) in SIZES {
            let path = fixture.file(name, 9, size);
            let detail = stored(&fixture, &path, name, &by_key(&md5)).await;
            assert_encrypted(&fixture, name, &path, 1, &md5).await;
            // never by an ETag, which is no MD5 of what was sent; of what came in parts LocalStack tells no sum either
            let reported = on == "localstack" && detail.row.parts == 1;
            let proof = detail.checksum.unwrap();
            let want = if reported { Compared::WholeObject } else { Compared::Size };
            assert_eq!(proof.compared, want, "{on} {name}");
            assert_eq!(proof.parts.is_some(), on == "localstack", "{on} {name} {proof:?}");
            let receipt = fixture.engine.receipt(detail.row.id).await.unwrap();
            assert_eq!(receipt.customer_key.as_deref(), Some(&md5[..]));
            let found = verified(&fixture, detail.row.id).await;
            assert_eq!(found.fault, None, "{on}");
            let want = if reported { Verdict::Same } else { Verdict::SizeOnly };
            assert_eq!(found.verdict, Some(want), "{on} {:?}", found.findings);
            let file = found.findings.iter().find(|finding| finding.what == What::File).unwrap();
            assert_eq!(file.held, Held::Same);
        }
        fixture.assert_clean().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_one_s_own_is_asked_for_after_a_restart_and_no_stored_part_goes_again() {
    for server in [Server::localstack().await, Server::ceph().await] {
        let proxy = Proxy::to(&server.endpoint);
        // not held: all of it could be on its way by then, and be stored afterwards
        proxy.on(When::part(4), 1, Act::StallAfter(1 << 20));
        let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
        let KeptKey { md5, .. } = kept(&fixture, 2).await;
        let path = fixture.file("f", 4, 5 * PART);
        let id = queued(&fixture, &path, "f", &by_key(&md5)).await;
        fixture.until(id, |detail| detail.row.parts_stored == 4).await;
        proxy.clear();
        let fixture = fixture.reopened(proxy.endpoint()).await;

        let stops = |detail: &Detail| detail.row.status == Status::Failed;
        let fault = fixture.until_whatever(id, stops).await.row.fault.unwrap();
        assert_eq!(fault.kind, FaultKind::Credentials);
        assert!(fault.detail.contains(&md5), "{fault}");
        // another key is another name
        assert_ne!(kept(&fixture, 3).await.md5, md5);
        fixture.engine.retry(Selection::All).await.unwrap();
        fixture.until_whatever(id, stops).await;

        kept(&fixture, 2).await;
        fixture.engine.retry(Selection::All).await.unwrap();
        let done = |detail: &Detail| detail.row.status == Status::Done;
        let detail = fixture.until_whatever(id, done).await;
        assert_eq!(detail.resumed, 4 * PART, "{}", fixture.server.name);
        for number in [1, 2, 3, 5] {
            assert_eq!(proxy.count(&When::part(number)), 1, "part {number}");
        }
        assert_encrypted(&fixture, "f", &path, 2, &md5).await;
        fixture.assert_clean().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_under_another_key_is_told_apart_from_a_forbidden_one() {
    let fixture = Fixture::on(Server::localstack().await).await;
    let (one, other) = (kept(&fixture, 1).await, kept(&fixture, 2).await);
    let path = fixture.file("f", 1, MIB);
    let first = stored(&fixture, &path, "f", &by_key(&one.md5)).await;
    stored(&fixture, &path, "f", &by_key(&other.md5)).await;
    let found = verified(&fixture, first.row.id).await;
    let fault = found.fault.unwrap();
    assert_eq!(fault.kind, FaultKind::Credentials, "{fault:?}");
    assert!(fault.detail.contains("a different key") && fault.detail.contains(&one.md5), "{fault}");

    // what is there plainly is seen by who has a key, too
    stored(&fixture, &path, "f", &Options::default()).await;
    let found = verified(&fixture, first.row.id).await;
    assert_eq!((found.fault, found.verdict), (None, Some(Verdict::Same)));
    // without the key nothing can be asked
    fixture.engine.forget_customer_key(&one.md5).await.unwrap();
    assert_eq!(verified(&fixture, first.row.id).await.fault.unwrap().kind, FaultKind::Credentials);
}

/// Cancelled without its key: the stored parts are deleted all the same.
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_whose_key_is_gone_can_be_cancelled() {
    for server in [Server::localstack().await, Server::ceph().await] {
        let proxy = Proxy::to(&server.endpoint);
        proxy.on(When::part(2), 1, Act::Hold);
        let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
        let KeptKey { md5, .. } = kept(&fixture, 2).await;
        let path = fixture.file("f", 4, 3 * PART);
        let id = queued(&fixture, &path, "f", &by_key(&md5)).await;
        fixture.until(id, |detail| detail.row.parts_stored == 2).await;
        fixture.engine.pause(Selection::All).await.unwrap();
        fixture.until(id, |detail| detail.row.status == Status::Paused).await;
        proxy.clear();
        proxy.release();
        fixture.engine.forget_customer_key(&md5).await.unwrap();
        fixture.engine.abort(Selection::Ids { ids: vec![id] }).await.unwrap();
        fixture.until(id, |detail| detail.row.status == Status::Aborted).await;
        fixture.assert_clean().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_not_here_or_may_not_travel_is_told_before_anything_is_queued() {
    let fixture = Fixture::on(Server::practice().await).await;
    let path = fixture.file("f", 1, 9);
    let refused = async |options: &Options| {
        let upload = NewUpload { options: options.clone(), ..fixture.upload(&path, "f") };
        fixture.engine.queue(vec![upload]).await.unwrap_err()
    };
    let fault = refused(&by_key("1B2M2Y8AsgTpgAmY7PhCfg==")).await;
    assert_eq!(fault.kind, FaultKind::Credentials);
    assert!(fault.detail.contains("1B2M2Y8AsgTpgAmY7PhCfg=="), "{fault}");

    let KeptKey { md5, .. } = kept(&fixture, 1).await;
    let mut connection = fixture.connection();
    connection.endpoint = Some("http://s3.example.com".into());
    fixture.engine.set_session_connection(connection, fixture.secret()).unwrap();
    let fault = refused(&by_key(&md5)).await;
    assert_eq!(fault.kind, FaultKind::Unsupported);
    assert!(fault.detail.contains("https"), "{fault}");

    for key in ["", "c2hvcnQ=", "no base64 at all"] {
        let given = NewCustomerKey { key: key.into(), name: String::new(), remember: false };
        let fault = fixture.engine.keep_customer_key(given).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Credentials);
        assert!(fault.detail.contains("32 bytes"), "{fault}");
    }
    assert_eq!(fixture.engine.totals().await.unwrap().all, 0);
}

/// Invariant 7: the key is in no file of ours, in whatever form it was given.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_in_no_file() {
    let fixture = Fixture::on(Server::localstack().await).await;
    let KeptKey { md5, .. } = kept(&fixture, 5).await;
    for (name, size) in SIZES {
        let path = fixture.file(name, 9, size);
        stored(&fixture, &path, name, &by_key(&md5)).await;
    }
    let mut connection = fixture.connection();
    connection.stored = by_key(&md5);
    fixture.engine.keep_connection(connection).unwrap();
    fixture.engine.close().await;
    let key = key_of(5);
    let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    let forms = [key.to_vec(), BASE64_STANDARD.encode(key).into_bytes(), hex.into_bytes()];
    let has = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).any(|at| at == what);
    let mut named = false;
    for file in std::fs::read_dir(fixture.folder.path().join("state")).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            named |= has(&bytes, md5.as_bytes());
            assert!(!forms.iter().any(|form| has(&bytes, form)), "{}", path.display());
        }
    }
    assert!(named, "its name is kept");
}

/// Not a byte leaves, whole or in parts, and what is at the key stays.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_passes_over_keys_is_not_believed() {
    let server = Server::localstack().await;
    let proxy = Proxy::to(&server.endpoint);
    proxy.plays(When::any(), ServerQuirk::deaf(&["x-amz-server-side-encryption-customer-*"]));
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let KeptKey { md5, .. } = kept(&fixture, 1).await;
    for (name, size) in SIZES {
        let path = fixture.file(name, 8, size);
        let id = queued(&fixture, &path, name, &by_key(&md5)).await;
        let failed = |detail: &Detail| detail.row.status == Status::Failed;
        let fault = fixture.until_whatever(id, failed).await.row.fault.unwrap();
        assert_eq!(fault.kind, FaultKind::Unsupported);
        assert!(fault.detail.contains("customer keys"), "{fault:?}");
    }
    assert_eq!(proxy.count(&When::any_part()), 0);
    assert_eq!(proxy.count(&When::put_object()), 0, "the plain bytes must not stand there");
    fixture.assert_clean().await;
}
