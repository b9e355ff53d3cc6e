//! A key that is taken while an upload is on its way to it: what the server refuses, what the user wanted then, and answers
//! that were lost.

use crate::fixture::{Fixture, PART, answer_to};
use std::path::PathBuf;
use windlass_engine::{
    Capabilities, ChecksumMode, Detail, FaultKind, Id, IfExists, NewUpload, Probed, SameBytes,
    Status, Support,
};
use windlass_tests::proxy::ServerQuirk;
use windlass_tests::{Act, Proxy, Server, When};

const OTHER: &[u8] = b"somebody else's";

struct Race {
    fixture: Fixture,
    proxy: Proxy,
    path: PathBuf,
    id: Id,
}

/// Sends a file of this size, and puts another object at its key while the request that would finish it is held.
async fn race(server: Server, size: u64, if_exists: IfExists) -> Race {
    let proxy = Proxy::to(&server.endpoint);
    let last = if size > PART { When::complete() } else { When::put_object() };
    proxy.on(last, 1, Act::Hold);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let path = fixture.file("film.mov", 1, size);
    let upload = NewUpload { if_exists, ..fixture.upload(&path, "film.mov") };
    let id = fixture.engine.queue(vec![upload]).await.unwrap()[0];
    proxy.until_held(1).await;
    fixture.reference.put(&fixture.bucket, "film.mov", OTHER.to_vec()).await;
    proxy.release();
    Race { fixture, proxy, path, id }
}

impl Race {
    async fn end(&self) -> Detail {
        self.fixture.ended(self.id).await
    }

    async fn other_is_there(&self) {
        assert_eq!(self.fixture.reference.get(&self.fixture.bucket, "film.mov").await, OTHER);
    }
}

/// A server that ignores conditions and fails for a while: each attempt is preceded by a look.
#[tokio::test(flavor = "multi_thread")]
async fn what_came_between_two_attempts_is_not_written_over() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    proxy.plays(When::any(), ServerQuirk::deaf(&["if-none-match"]));
    proxy.on(When::complete(), 3, Act::answer(500, "InternalError"));
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let path = fixture.file("film.mov", 1, 3 * PART);
    let upload = NewUpload { if_exists: IfExists::Fail, ..fixture.upload(&path, "film.mov") };
    let id = fixture.engine.queue(vec![upload]).await.unwrap()[0];
    proxy.until_seen(&When::complete(), 1).await;
    fixture.reference.put(&fixture.bucket, "film.mov", OTHER.to_vec()).await;
    assert!(proxy.count(&When::complete()) <= 3, "it came before the attempt that is let through");
    let row = fixture.ended(id).await.row;
    assert_eq!(row.status, Status::Failed);
    assert_eq!(row.fault.unwrap().kind, FaultKind::Exists);
    assert_eq!(fixture.reference.get(&fixture.bucket, "film.mov").await, OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_meanwhile_is_not_written_over_and_the_user_is_asked() {
    for server in [Server::practice().await, Server::localstack().await] {
        for size in [1_000, 3 * PART] {
            let race = race(server.at(&server.endpoint), size, IfExists::Ask).await;
            let row = race.end().await.row;
            assert_eq!((row.status, row.fault), (Status::NeedsAnswer, None), "{}", server.name);
            let existing = row.existing.unwrap();
            assert_eq!((existing.size, existing.file_size), (Some(OTHER.len() as u64), size));
            assert_eq!(existing.bytes, SameBytes::Differ);
            race.other_is_there().await;
            // what was sent is kept for the answer
            let ids = vec![race.id];
            let answer = answer_to(ids, IfExists::Replace);
            race.fixture.engine.answer_exists(answer).await.unwrap();
            let done = |detail: &Detail| detail.row.status == Status::Done;
            race.fixture.until_whatever(race.id, done).await;
            race.fixture.reference.assert_same(&race.fixture.bucket, "film.mov", &race.path).await;
            race.fixture.assert_clean().await;
            assert_eq!(race.proxy.count(&When::any_part()) as u64, if size > PART { 3 } else { 0 });
        }
    }
}

/// Ceph 16 has the condition at PutObject.
#[tokio::test(flavor = "multi_thread")]
async fn a_small_file_is_kept_beside_or_skipped() {
    for server in Server::all().await {
        let beside = race(server.at(&server.endpoint), 1_000, IfExists::KeepBoth).await;
        assert_eq!(beside.end().await.row.status, Status::Done, "{}", server.name);
        beside.other_is_there().await;
        let Race { fixture, path, .. } = &beside;
        fixture.reference.assert_same(&fixture.bucket, "film (2).mov", path).await;

        let skipped = race(server.at(&server.endpoint), 1_000, IfExists::Skip).await;
        let detail = skipped.end().await;
        assert_eq!(
            (detail.row.status, detail.checksum),
            (Status::Skipped, None),
            "{}",
            server.name
        );
        skipped.other_is_there().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_file_is_kept_beside_and_leaves_nothing_at_the_key_that_was_taken() {
    let race = race(Server::practice().await, 3 * PART, IfExists::KeepBoth).await;
    assert_eq!(race.end().await.row.status, Status::Done);
    race.other_is_there().await;
    race.fixture.reference.assert_same(&race.fixture.bucket, "film (2).mov", &race.path).await;
    race.fixture.assert_clean().await;
}

/// It is the size that this server calls malformed, and not the condition: the condition stays.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_at_complete_is_found_out_and_nothing_else_is_given_up() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let refuses = ServerQuirk::refuses("x-amz-mp-object-size", 400, "InvalidArgument", "unknown");
    proxy.plays(When::complete(), refuses);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let mut connection = fixture.connection();
    connection.endpoint = Some(proxy.endpoint().into());
    connection.probed = Some(Probed { at: 1, capabilities: Capabilities::default() });
    fixture.engine.set_session_connection(connection, fixture.secret()).unwrap();
    let path = fixture.file("film", 1, 2 * PART);
    let upload = NewUpload { if_exists: IfExists::Ask, ..fixture.upload(&path, "film") };
    let id = fixture.engine.queue(vec![upload]).await.unwrap()[0];
    assert_eq!(fixture.ended(id).await.row.status, Status::Done);
    let known = fixture.engine.capabilities("test").unwrap().capabilities;
    assert_eq!((known.object_size, known.conditional_complete), (Support::No, Support::Unknown));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_file_that_is_skipped_leaves_nothing() {
    let race = race(Server::practice().await, 3 * PART, IfExists::Skip).await;
    assert_eq!(race.end().await.row.status, Status::Skipped);
    race.other_is_there().await;
    race.fixture.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_to_be_replaced_is() {
    for size in [1_000, 3 * PART] {
        let race = race(Server::practice().await, size, IfExists::Replace).await;
        assert_eq!(race.end().await.row.status, Status::Done);
        race.fixture.reference.assert_same(&race.fixture.bucket, "film.mov", &race.path).await;
        assert_eq!(race.proxy.count(&When::any().header("if-none-match")), 0);
    }
}

/// The second try meets the object of the first, whose answer was lost: ours.
#[tokio::test(flavor = "multi_thread")]
async fn our_own_object_is_no_reason_to_stop() {
    for server in Server::all().await {
        for size in [1_000, 3 * PART] {
            let proxy = Proxy::to(&server.endpoint);
            let last = if size > PART { When::complete() } else { When::put_object() };
            proxy.on(last, 1, Act::DropAnswer);
            let fixture = Fixture::by_way_of(server.at(&server.endpoint), proxy.endpoint()).await;
            let path = fixture.file("film.mov", 1, size);
            let upload =
                NewUpload { if_exists: IfExists::Ask, ..fixture.upload(&path, "film.mov") };
            let id = fixture.engine.queue(vec![upload]).await.unwrap()[0];
            let detail = fixture.ended(id).await;
            assert_eq!(detail.row.status, Status::Done, "{} {:?}", server.name, detail.row.fault);
            assert!(detail.checksum.is_some());
            fixture.reference.assert_same(&fixture.bucket, "film.mov", &path).await;
        }
    }
}

/// A server that takes checksums behind the parts and reports none: the object's ETag, made of the parts' ETags, says
/// whose it is. Nothing is sent a second time beside it.
#[tokio::test(flavor = "multi_thread")]
async fn our_own_object_is_known_by_its_parts_where_no_checksum_is_reported() {
    for if_exists in [IfExists::Ask, IfExists::KeepBoth] {
        let server = Server::practice().await;
        let proxy = Proxy::to(&server.endpoint);
        proxy.plays(When::any(), ServerQuirk::mute(&["x-amz-checksum-crc64nvme"]));
        proxy.on(When::complete(), 1, Act::DropAnswer);
        let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
        let mut connection = fixture.connection();
        connection.endpoint = Some(proxy.endpoint().into());
        connection.preset = "other".into();
        let capabilities = Capabilities {
            checksum_mode: ChecksumMode::Crc64Nvme,
            trailers: Support::Yes,
            etag_md5: Support::Yes,
            ..Capabilities::default()
        };
        connection.probed = Some(Probed { at: 1, capabilities });
        fixture.engine.set_session_connection(connection, fixture.secret()).unwrap();
        let path = fixture.file("film.mov", 1, 3 * PART);
        let upload = NewUpload { if_exists, ..fixture.upload(&path, "film.mov") };
        let id = fixture.engine.queue(vec![upload]).await.unwrap()[0];
        let detail = fixture.ended(id).await;
        assert_eq!(detail.row.status, Status::Done, "{:?}", detail.row.fault);
        assert_eq!(fixture.reference.keys(&fixture.bucket, "").await, ["film.mov"]);
        fixture.reference.assert_same(&fixture.bucket, "film.mov", &path).await;
    }
}

/// 409: two writes at one moment. Tried again, and the second time there is an answer.
#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_is_tried_again() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let conflict = || Act::answer(409, "ConditionalRequestConflict");
    proxy.on(When::complete(), 1, conflict());
    proxy.on(When::put_object(), 1, conflict());
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    for (key, size) in [("large", 2 * PART), ("small", 10)] {
        let path = fixture.file(key, 1, size);
        let upload = NewUpload { if_exists: IfExists::Ask, ..fixture.upload(&path, key) };
        let id = fixture.engine.queue(vec![upload]).await.unwrap()[0];
        let detail = fixture.ended(id).await;
        assert_eq!(detail.row.status, Status::Done, "{:?}", detail.row.fault);
        assert_eq!(detail.retries, 1);
    }
}

/// A server of which nobody knows whether it takes the condition, and it does not: nothing is sent twice for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_conditions_is_asked_once() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let said = "A header you provided implies functionality that is not implemented";
    proxy.plays(When::any(), ServerQuirk::refuses("if-none-match", 501, "NotImplemented", said));
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let mut connection = fixture.connection();
    connection.endpoint = Some(proxy.endpoint().into());
    let capabilities =
        Capabilities { checksum_mode: ChecksumMode::Crc64Nvme, ..Capabilities::default() };
    connection.probed = Some(Probed { at: 1, capabilities });
    fixture.engine.set_session_connection(connection, fixture.secret()).unwrap();
    for (key, size) in [("large", 3 * PART), ("small", 10)] {
        let path = fixture.file(key, 1, size);
        let upload = NewUpload { if_exists: IfExists::Ask, ..fixture.upload(&path, key) };
        let id = fixture.engine.queue(vec![upload]).await.unwrap()[0];
        let detail = fixture.ended(id).await;
        assert_eq!(detail.row.status, Status::Done, "{:?}", detail.row.fault);
        fixture.reference.assert_same(&fixture.bucket, key, &path).await;
    }
    assert_eq!(proxy.count(&When::any_part().path("/large")), 3);
    let known = fixture.engine.capabilities("test").unwrap().capabilities;
    assert_eq!((known.conditional_put, known.conditional_complete), (Support::No, Support::No));
    fixture.assert_clean().await;
}
