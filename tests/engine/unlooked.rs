//! Credentials without s3:ListBucket: only the server's own condition shows whether a key exists.

use crate::fixture::{Fixture, PART, answer_to};
use windlass_engine::{
    Capabilities, Detail, FaultKind, IfExists, NewUpload, Probed, Secret, Status, Support,
};
use windlass_tests::{Act, Proxy, Server, When};

const OTHER: &[u8] = b"somebody else's";

/// Without s3:ListBucket, S3 responds 403 to a HEAD of a free key, and to a listing.
async fn without_list_permission() -> (Proxy, Fixture) {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let denied = || Act::answer(403, "AccessDenied");
    proxy.on(When::head(), usize::MAX, denied());
    proxy.on(When::method("GET").query_name("list-type"), usize::MAX, denied());
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    (proxy, fixture)
}

const LOOKING: [IfExists; 5] =
    [IfExists::Ask, IfExists::Fail, IfExists::KeepBoth, IfExists::Skip, IfExists::SkipSame];

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_may_put_and_not_look_go_without_the_look_where_the_server_holds_the_condition() {
    let (proxy, fixture) = without_list_permission().await;
    for (number, if_exists) in LOOKING.into_iter().enumerate() {
        for size in [1_000, 2 * PART] {
            let key = format!("free/{number}-{size}");
            let path = fixture.file("film", size, size);
            let upload = NewUpload { if_exists, ..fixture.upload(&path, &key) };
            let id = fixture.engine.queue(vec![upload]).await.unwrap()[0];
            assert_eq!(fixture.ended(id).await.row.status, Status::Done, "{if_exists:?}");
            fixture.reference.assert_same(&fixture.bucket, &key, &path).await;
        }
    }
    assert_eq!(proxy.count(&When::put_object().header("if-none-match")), LOOKING.len());
    assert_eq!(proxy.count(&When::complete().header("if-none-match")), LOOKING.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_keys_may_not_look_at_is_not_written_over() {
    let (_proxy, fixture) = without_list_permission().await;
    for (number, if_exists) in LOOKING.into_iter().enumerate() {
        for size in [1_000, 2 * PART] {
            let key = format!("taken/{number}-{size}.mov");
            fixture.reference.put(&fixture.bucket, &key, OTHER.to_vec()).await;
            let path = fixture.file("film", size, size);
            let upload = NewUpload { if_exists, ..fixture.upload(&path, &key) };
            let id = fixture.engine.queue(vec![upload]).await.unwrap()[0];
            let ends = |detail: &Detail| {
                matches!(
                    detail.row.status,
                    Status::Done | Status::Skipped | Status::Failed | Status::NeedsAnswer
                )
            };
            let row = fixture.until_whatever(id, ends).await.row;
            assert_eq!(fixture.reference.get(&fixture.bucket, &key).await, OTHER, "{if_exists:?}");
            let kind = row.fault.as_ref().map(|fault| fault.kind);
            match if_exists {
                IfExists::KeepBoth => {
                    let beside = format!("taken/{number}-{size} (2).mov");
                    fixture.reference.assert_same(&fixture.bucket, &beside, &path).await;
                }
                IfExists::Skip => assert_eq!((row.status, kind), (Status::Skipped, None)),
                IfExists::Ask => {
                    let existing = row.existing.unwrap();
                    assert_eq!((row.status, existing.size), (Status::NeedsAnswer, None));
                }
                _ => assert_eq!(kind, Some(FaultKind::Exists), "{:?}", row.fault),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_server_would_write_over_it_the_missing_right_is_named_and_the_user_may_go_on() {
    let (proxy, fixture) = without_list_permission().await;
    let mut connection = fixture.connection();
    connection.endpoint = Some(proxy.endpoint().into());
    let (conditional_put, conditional_complete) = (Support::No, Support::No);
    let capabilities =
        Capabilities { conditional_put, conditional_complete, ..Capabilities::default() };
    connection.probed = Some(Probed { at: 1, capabilities });
    fixture.engine.set_session_connection(connection, fixture.secret()).unwrap();
    for (if_exists, size) in LOOKING.into_iter().zip([10, 2 * PART, 10, 2 * PART, 10]) {
        let path = fixture.file("film", size, size);
        let upload = NewUpload { if_exists, ..fixture.upload(&path, "film") };
        let id = fixture.engine.queue(vec![upload]).await.unwrap()[0];
        let failed = |detail: &Detail| detail.row.status == Status::Failed;
        let fault = fixture.until_whatever(id, failed).await.row.fault.unwrap();
        assert_eq!(fault.kind, FaultKind::Denied);
        assert!(fault.detail.contains("s3:ListBucket"), "{fault}");
        let answer = answer_to(vec![id], IfExists::Replace);
        fixture.engine.answer_exists(answer).await.unwrap();
        fixture.until_whatever(id, |detail| detail.row.status == Status::Done).await;
        fixture.reference.assert_same(&fixture.bucket, "film", &path).await;
    }
}

/// Keys that may list and not read: the list tells what is there.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_head_may_not_tell_a_list_does() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    proxy.on(When::head(), usize::MAX, Act::answer(403, "AccessDenied"));
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    fixture.reference.put(&fixture.bucket, "film", OTHER.to_vec()).await;
    fixture.reference.put(&fixture.bucket, "film2", OTHER.to_vec()).await;
    let path = fixture.file("film", 1, 10);
    let upload = NewUpload { if_exists: IfExists::Ask, ..fixture.upload(&path, "film") };
    let id = fixture.engine.queue(vec![upload]).await.unwrap()[0];
    let row = fixture.ended(id).await.row;
    assert_eq!((row.status, proxy.count(&When::put_object())), (Status::NeedsAnswer, 0));
    assert_eq!(row.existing.unwrap().size, Some(OTHER.len() as u64));
    let upload = NewUpload { if_exists: IfExists::Ask, ..fixture.upload(&path, "fil") };
    let id = fixture.engine.queue(vec![upload]).await.unwrap()[0];
    assert_eq!(fixture.ended(id).await.row.status, Status::Done);
}

/// A HEAD has no body: that it is the keys which are wrong is found out all the same.
#[tokio::test(flavor = "multi_thread")]
async fn keys_that_are_wrong_are_not_taken_for_keys_that_may_not_look() {
    let fixture = Fixture::on(Server::practice().await).await;
    let wrong = Secret { secret_access_key: "wrong".into(), session_token: None };
    fixture.engine.set_session_connection(fixture.connection(), wrong).unwrap();
    let path = fixture.file("film", 1, 10);
    let upload = NewUpload { if_exists: IfExists::Ask, ..fixture.upload(&path, "film") };
    let id = fixture.engine.queue(vec![upload]).await.unwrap()[0];
    let failed = |detail: &Detail| detail.row.status == Status::Failed;
    let fault = fixture.until_whatever(id, failed).await.row.fault.unwrap();
    assert_eq!(fault.kind, FaultKind::Credentials, "{fault}");
}
