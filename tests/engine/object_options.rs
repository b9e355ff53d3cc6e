//! Object options on each server that supports them: headers, ACLs, locks, and links to finished objects.

use crate::customer_key::{by_key, kept};
use crate::fixture::{Fixture, MIB, PART};
use aws_sdk_s3::types::{
    ObjectCannedAcl, ObjectLockLegalHoldStatus, ObjectLockMode, ObjectOwnership, Permission,
};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use windlass_engine::{
    AddRequest, ConnectionForm, Detail, EndpointOptions, FaultKind, Id, KeptKey, LockMode,
    NewUpload, ObjectLock, Options, Presign, Secret, Selection, Sign, Status,
};
use windlass_tests::{Proxy, Server, ServerQuirk, When};

const DAY: u64 = 24 * 3600;

pub(crate) async fn stored(fixture: &Fixture, path: &Path, key: &str, options: &Options) -> Detail {
    let id = queued(fixture, path, key, options).await;
    let detail = fixture.ended(id).await;
    assert_eq!(detail.row.status, Status::Done, "{:?}", detail.row.fault);
    detail
}

pub(crate) async fn queued(fixture: &Fixture, path: &Path, key: &str, options: &Options) -> Id {
    let upload = NewUpload { options: options.clone(), ..fixture.upload(path, key) };
    fixture.engine.queue(vec![upload]).await.unwrap()[0]
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// One PUT, and parts.
pub(crate) const SIZES: [(&str, u64); 2] = [("small.mp4", MIB), ("large.mp4", 2 * PART + 5)];

#[tokio::test(flavor = "multi_thread")]
async fn caches_and_browsers_are_told_by_each_server() {
    for server in Server::all().await {
        let fixture = Fixture::on(server).await;
        let options = Options {
            cache_control: Some("public, max-age=3600".into()),
            content_disposition: Some("attachment; filename=\"a b.mp4\"".into()),
            ..Options::default()
        };
        for (name, size) in SIZES {
            let path = fixture.file(name, 8, size);
            stored(&fixture, &path, name, &options).await;
            let head = fixture.reference.head(&fixture.bucket, name).await.unwrap();
            assert_eq!(head.cache_control(), options.cache_control.as_deref(), "{name}");
            assert_eq!(head.content_disposition(), options.content_disposition.as_deref());
            fixture.reference.assert_same(&fixture.bucket, name, &path).await;
        }
    }
}

/// A bucket where ACLs and locks are allowed. The fixture's own is left for what is not.
async fn with_locks(mut fixture: Fixture) -> Fixture {
    let bucket = format!("{}-locks", fixture.bucket);
    let create = fixture.reference.client.create_bucket().bucket(&bucket);
    let create = create.object_lock_enabled_for_bucket(true);
    // an old store has not heard of owners
    let create = match fixture.server.name {
        "ceph" => create,
        _ => create.object_ownership(ObjectOwnership::ObjectWriter),
    };
    create.send().await.unwrap();
    fixture.bucket = bucket;
    fixture
}

#[tokio::test(flavor = "multi_thread")]
async fn locks_and_holds_are_set_from_the_moment_it_is_begun() {
    for server in [Server::localstack().await, Server::ceph().await] {
        let fixture = with_locks(Fixture::on(server).await).await;
        let modes = [LockMode::Governance, LockMode::Compliance];
        for ((name, size), mode) in SIZES.into_iter().zip(modes) {
            let path = fixture.file(name, 8, size);
            let lock = Some(ObjectLock { mode, days: 3 });
            let before = now();
            stored(
                &fixture,
                &path,
                name,
                &Options { lock, legal_hold: true, ..Options::default() },
            )
            .await;
            let head = fixture.reference.head(&fixture.bucket, name).await.unwrap();
            let want = match mode {
                LockMode::Governance => ObjectLockMode::Governance,
                LockMode::Compliance => ObjectLockMode::Compliance,
            };
            assert_eq!(head.object_lock_mode(), Some(&want), "{} {name}", fixture.server.name);
            assert_eq!(head.object_lock_legal_hold_status(), Some(&ObjectLockLegalHoldStatus::On));
            let until = head.object_lock_retain_until_date().unwrap().secs().unsigned_abs();
            assert!((before + 3 * DAY..=now() + 3 * DAY).contains(&until), "{until}");
        }
        fixture.assert_clean().await;
    }
}

/// Some pass over what they have not heard of; nobody should believe in a lock that is none.
#[tokio::test(flavor = "multi_thread")]
async fn a_lock_that_was_passed_over_is_set_afterwards_or_its_lack_is_told() {
    let server = Server::localstack().await;
    let proxy = Proxy::to(&server.endpoint);
    proxy.plays(When::any(), ServerQuirk::deaf(&["x-amz-object-lock-*"]));
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let lock = Some(ObjectLock { mode: LockMode::Governance, days: 3 });
    let options = Options { lock, legal_hold: true, ..Options::default() };
    let unlocked = |detail: &Detail| detail.row.status == Status::Failed;
    for (name, size) in SIZES {
        let path = fixture.file(name, 8, size);
        let id = queued(&fixture, &path, name, &options).await;
        let fault = fixture.until_whatever(id, unlocked).await.row.fault.unwrap();
        assert!(fault.detail.contains("could not be locked"), "{fault:?}");
        fixture.reference.assert_same(&fixture.bucket, name, &path).await;
    }
    let fixture = with_locks(fixture).await;
    for (name, size) in SIZES {
        let path = fixture.file(name, 8, size);
        stored(&fixture, &path, name, &options).await;
        let head = fixture.reference.head(&fixture.bucket, name).await.unwrap();
        assert_eq!(head.object_lock_mode(), Some(&ObjectLockMode::Governance), "{name}");
        assert_eq!(head.object_lock_legal_hold_status(), Some(&ObjectLockLegalHoldStatus::On));
    }
    fixture.assert_clean().await;
}

/// A year was asked for, and the server says tomorrow.
#[tokio::test(flavor = "multi_thread")]
async fn a_lock_that_ends_too_early_is_told() {
    let server = Server::localstack().await;
    let proxy = Proxy::to(&server.endpoint);
    let tomorrow = SystemTime::now() + Duration::from_secs(DAY);
    let tomorrow = aws_sdk_s3::primitives::DateTime::from(tomorrow);
    let tomorrow = tomorrow.fmt(aws_sdk_s3::primitives::DateTimeFormat::DateTime).unwrap();
    proxy.plays(When::head(), ServerQuirk::mute(&["x-amz-object-lock-retain-until-date"]));
    proxy.plays(When::head(), ServerQuirk::says("x-amz-object-lock-retain-until-date", &tomorrow));
    let fixture = with_locks(Fixture::by_way_of(server, proxy.endpoint()).await).await;
    let lock = Some(ObjectLock { mode: LockMode::Governance, days: 365 });
    for (name, size) in SIZES {
        let path = fixture.file(name, 8, size);
        let options = Options { lock, ..Options::default() };
        let id = queued(&fixture, &path, name, &options).await;
        let unlocked = |detail: &Detail| detail.row.status == Status::Failed;
        let fault = fixture.until_whatever(id, unlocked).await.row.fault.unwrap();
        assert!(fault.detail.contains("could not be locked"), "{fault:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_may_read_what_was_stored_so() {
    for server in [Server::localstack().await, Server::ceph().await] {
        let fixture = with_locks(Fixture::on(server).await).await;
        for (name, size) in SIZES {
            let path = fixture.file(name, 8, size);
            let options = Options { acl: Some("public-read".into()), ..Options::default() };
            stored(&fixture, &path, name, &options).await;
            let acl = fixture.reference.client.get_object_acl().bucket(&fixture.bucket).key(name);
            let acl = acl.send().await.unwrap();
            let for_all = acl.grants().iter().any(|grant| {
                let all = grant.grantee().and_then(|who| who.uri()).unwrap_or_default();
                all.ends_with("/AllUsers") && grant.permission() == Some(&Permission::Read)
            });
            assert!(for_all, "{} {name} {:?}", fixture.server.name, acl.grants());
        }
    }
}

/// A bucket that has none says so; the row tells it in the server's words.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_bucket_does_not_allow_is_told() {
    let fixture = Fixture::on(Server::practice().await).await;
    let key = kept(&fixture, 1).await;
    let lock = ObjectLock { mode: LockMode::Governance, days: 1 };
    let table = [
        (Options { acl: Some("public-read".into()), ..Options::default() }, "AccessControlList"),
        (Options { lock: Some(lock), ..Options::default() }, "InvalidRequest"),
        (Options { legal_hold: true, ..Options::default() }, "InvalidRequest"),
        (Options { customer_key: Some(key.md5), ..Options::default() }, "NotImplemented"),
    ];
    for (options, code) in table {
        for (name, size) in SIZES {
            let path = fixture.file(name, 8, size);
            let id = queued(&fixture, &path, name, &options).await;
            let ended = |detail: &Detail| detail.row.status == Status::Failed;
            let fault = fixture.until_whatever(id, ended).await.row.fault.unwrap();
            assert_eq!(fault.kind, FaultKind::Unsupported, "{fault}");
            assert!(fault.code.as_deref().unwrap_or_default().starts_with(code), "{fault:?}");
        }
    }
    fixture.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_s3_would_refuse_is_not_queued() {
    let fixture = Fixture::on(Server::practice().await).await;
    let path = fixture.file("f", 1, 9);
    let wrong = [
        Options { acl: Some("all".into()), ..Options::default() },
        Options { kms_key_id: Some("k".into()), ..Options::default() },
        Options { metadata: vec![("k".into(), "v".repeat(2048))], ..Options::default() },
        Options { cache_control: Some("a\nb".into()), ..Options::default() },
    ];
    let scan = fixture.engine.scan(vec![path.clone()]);
    while fixture.engine.scan_progress(scan).unwrap().walking {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    for options in wrong {
        let upload = NewUpload { options: options.clone(), ..fixture.upload(&path, "f") };
        let fault = fixture.engine.queue(vec![upload.clone()]).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Unsupported);
        let request = AddRequest {
            scan,
            connection: "test".into(),
            bucket: fixture.bucket.clone(),
            prefix: String::new(),
            if_exists: upload.if_exists,
            options,
        };
        assert_eq!(fixture.engine.add(request).await.unwrap_err(), fault);
        assert_eq!(fixture.engine.totals().await.unwrap().all, 0);
    }
}

/// GET by a client that signs nothing and knows nothing of S3.
async fn opened(url: &str) -> (u16, String, Vec<u8>) {
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    let request = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let end = answer.windows(4).position(|at| at == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, head, answer.split_off(end + 4))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_downloads_the_same_bytes_and_cannot_be_altered() {
    for server in Server::all().await {
        let fixture = Fixture::on(server).await;
        let on = fixture.server.name;
        let path = fixture.file("Größe & \"1\".bin", 3, MIB + 7);
        let id = fixture.hauled(&path, "links/ü & +.bin").await.row.id;
        let before = now();
        let ask = Presign { id, seconds: 60, download: true };
        let link = fixture.engine.presign(&ask).await.unwrap();
        assert!((before + 59..=now() + 60).contains(&(link.until / 1000)), "{}", link.until);
        assert!(!link.may_end_sooner);
        assert!(!format!("{link:?}").contains("Signature"));
        let (status, head, bytes) = opened(&link.url).await;
        assert_eq!(status, 200, "{on} {head}");
        assert!(bytes == std::fs::read(&path).unwrap(), "{on}");
        let name = "filename*=utf-8''gr%c3%b6%c3%9fe%20%26%20%221%22.bin";
        assert!(head.contains("attachment") && head.contains(name), "{on} {head}");

        let shown =
            fixture.engine.presign(&Presign { download: false, ..ask.clone() }).await.unwrap();
        let (status, head, _) = opened(&shown.url).await;
        assert_eq!(status, 200, "{on}");
        assert!(!head.contains("attachment"), "{on} {head}");
        let other = fixture.file("other", 4, 9);
        fixture.hauled(&other, "links/other").await;
        for altered in [
            link.url.replace("links/%C3%BC%20%26%20%2B.bin", "links/other"),
            link.url.replace("X-Amz-Expires=60", "X-Amz-Expires=6000"),
        ] {
            assert_ne!(altered, link.url);
            assert_eq!(opened(&altered).await.0, 403, "{on} {altered}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_cannot_be_is_refused_in_words() {
    let fixture = Fixture::on(Server::localstack().await).await;
    let path = fixture.file("f", 3, 9);
    let id = fixture.hauled(&path, "f").await.row.id;
    let ask = |seconds| Presign { id, seconds, download: false };
    let refused = async |ask: Presign| {
        let fault = fixture.engine.presign(&ask).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Unsupported);
        fault.detail
    };
    assert!(fixture.engine.presign(&ask(7 * 24 * 3600)).await.is_ok());
    for seconds in [0, 7 * 24 * 3600 + 1] {
        assert!(refused(ask(seconds)).await.contains("seven days"));
    }
    // keys of a session end with it, and nobody knows when
    let session = Secret { session_token: Some("token".into()), ..fixture.secret() };
    fixture.engine.set_session_connection(fixture.connection(), session).unwrap();
    assert!(fixture.engine.presign(&ask(60)).await.unwrap().may_end_sooner);

    fixture.engine.set_session_connection(fixture.connection(), fixture.secret()).unwrap();
    let KeptKey { md5, .. } = kept(&fixture, 1).await;
    let own = stored(&fixture, &path, "own", &by_key(&md5)).await.row.id;
    assert!(refused(Presign { id: own, ..ask(60) }).await.contains("customer key"));
    let mut unsigned = fixture.connection();
    unsigned.sign = Sign::Nothing;
    fixture.engine.keep_connection(unsigned).unwrap();
    assert!(refused(ask(60)).await.contains("does not sign requests"));
    fixture.engine.set_session_connection(fixture.connection(), fixture.secret()).unwrap();
    fixture.engine.pause(Selection::All).await.unwrap();
    let waits = fixture.queue(&path, "waits").await;
    fixture.engine.pause(Selection::Ids { ids: vec![waits] }).await.unwrap();
    let detail = fixture.engine.detail(waits).await.unwrap();
    if detail.row.status != Status::Done {
        assert!(refused(Presign { id: waits, ..ask(60) }).await.contains("completed uploads"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_s_defaults_are_saved_with_it() {
    let fixture = Fixture::on(Server::practice().await).await;
    let defaults = Options {
        cache_control: Some("no-cache".into()),
        acl: Some(ObjectCannedAcl::BucketOwnerFullControl.as_str().into()),
        lock: Some(ObjectLock { mode: LockMode::Governance, days: 30 }),
        tags: vec![("project".into(), "haul".into())],
        ..Options::default()
    };
    let form = ConnectionForm {
        id: None,
        name: "Studio".into(),
        preset: "other".into(),
        endpoint: Some(fixture.server.endpoint.clone()),
        region: "us-east-1".into(),
        path_style: true,
        sign: Sign::Nothing,
        role: None,
        secret_access_key: None,
        session_token: None,
        bucket: None,
        prefix: String::new(),
        ca_bundle: None,
        proxy: windlass_engine::Proxy::default(),
        proxy_user: None,
        proxy_password: None,
        endpoint_options: EndpointOptions::default(),
        stored: defaults.clone(),
        if_exists: None,
        remember: true,
    };
    let wrong = Options { acl: Some("all".into()), ..defaults.clone() };
    let fault =
        fixture.engine.save_connection(ConnectionForm { stored: wrong, ..form.clone() }).await;
    assert_eq!(fault.unwrap_err().kind, FaultKind::Unsupported);
    let saved = fixture.engine.save_connection(form).await.unwrap();
    assert_eq!(saved.stored, defaults);
    let endpoint = fixture.server.endpoint.clone();
    let fixture = fixture.reopened(&endpoint).await;
    let connections = fixture.engine.connections();
    let found = connections.iter().find(|connection| connection.id == saved.id).unwrap();
    assert_eq!(found.stored, defaults);
}
