//! Cancelled in its last moment, refused at Complete, gone between two runs: what is said of an upload is what is on the
//! server.

use crate::changing::{SIZE, Story};
use crate::fixture::{Fixture, PART};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use crc_fast::CrcAlgorithm;
use windlass_engine::{
    Capabilities, Detail, Event, IfExists, NewUpload, Options, Probed, Selection, Status, Support,
};
use windlass_tests::{Act, Proxy, Server, When};

/// One request, and parts.
const SIZES: [(&str, u64); 2] = [("small", 70_000), ("large", 2 * PART + 9)];

fn last_of(size: u64) -> When {
    if size > PART { When::complete() } else { When::put_object() }
}

fn over(detail: &Detail) -> bool {
    matches!(detail.row.status, Status::Done | Status::Aborted | Status::Failed)
}

/// The object is there when the user cancels, and only its answer is not: *nothing of it is left* would be a lie.
#[tokio::test(flavor = "multi_thread")]
async fn cancelled_while_the_answer_is_on_its_way_it_is_done() {
    for (name, size) in SIZES {
        for answered in [true, false] {
            let server = Server::practice().await;
            let proxy = Proxy::to(&server.endpoint);
            proxy.on(last_of(size), 1, Act::HoldAnswer);
            let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
            let path = fixture.file(name, 4, size);
            let id = fixture.queue(&path, name).await;
            proxy.until_held(1).await;
            fixture.engine.abort(Selection::All).await.unwrap();
            if answered {
                proxy.release();
            }
            let detail = fixture.until_whatever(id, over).await;
            assert_eq!(detail.row.status, Status::Done, "{name}, {answered}: {:?}", detail.row);
            assert!(detail.row.proof.is_some(), "and proved");
            fixture.reference.assert_same(&fixture.bucket, name, &path).await;
            fixture.assert_clean().await;
        }
    }
}

/// What never arrived is cancelled, and what was there before stays.
#[tokio::test(flavor = "multi_thread")]
async fn cancelled_before_it_arrived_nothing_of_it_is_left() {
    for (name, size) in SIZES {
        let server = Server::practice().await;
        let proxy = Proxy::to(&server.endpoint);
        proxy.on(last_of(size), 1, Act::Hold);
        let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
        fixture.reference.put(&fixture.bucket, name, b"older".to_vec()).await;
        let path = fixture.file(name, 4, size);
        let id = fixture.queue(&path, name).await;
        proxy.until_held(1).await;
        fixture.engine.abort(Selection::All).await.unwrap();
        let detail = fixture.until_whatever(id, over).await;
        assert_eq!(detail.row.status, Status::Aborted, "{name}");
        assert!(detail.history.iter().any(|line| line.what == Event::Cancelled));
        assert_eq!(fixture.reference.get(&fixture.bucket, name).await, b"older");
        fixture.assert_clean().await;
    }
}

/// Another client of the same user sends part 1 again, with other bytes: a terabyte must not be thrown away for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_complete_refuses_is_sent_again_and_no_other() {
    for server in [Server::practice().await, Server::localstack().await] {
        let name = server.name;
        let proxy = Proxy::to(&server.endpoint);
        proxy.on(When::complete(), 1, Act::Hold);
        let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
        let path = fixture.file("film", 1, SIZE);
        let id = fixture.queue(&path, "film").await;
        proxy.until_held(1).await;
        let (key, upload_id) = fixture.reference.uploads(&fixture.bucket).await.remove(0);
        let other = vec![7; usize::try_from(PART).unwrap()];
        let sum = crc_fast::checksum(CrcAlgorithm::Crc64Nvme, &other).to_be_bytes();
        let part = fixture.reference.client.upload_part().bucket(&fixture.bucket).key(&key);
        let part = part.upload_id(&upload_id).part_number(1).body(other.into());
        part.checksum_crc64_nvme(BASE64.encode(sum)).send().await.unwrap();
        proxy.release();
        let detail = fixture.ended(id).await;
        assert_eq!(detail.row.status, Status::Done, "{name}: {:?}", detail.row.fault);
        let times: Vec<usize> = (1..=6).map(|n| proxy.count(&When::part(n))).collect();
        assert_eq!(times, [2, 1, 1, 1, 1, 1], "{name}");
        fixture.reference.assert_same(&fixture.bucket, "film", &path).await;
        fixture.assert_clean().await;
    }
}

/// A server that refuses it for good: what is stored is kept for a later try.
#[tokio::test(flavor = "multi_thread")]
async fn what_complete_refuses_twice_fails_and_keeps_its_parts() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    proxy.on(When::complete(), 2, Act::answer(400, "InvalidPart"));
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let path = fixture.file("film", 1, SIZE);
    let id = fixture.queue(&path, "film").await;
    let detail = fixture.until_whatever(id, |detail| detail.row.status == Status::Failed).await;
    assert_eq!(detail.row.parts_stored, 6);
    assert_eq!(fixture.reference.uploads(&fixture.bucket).await.len(), 1);
    fixture.engine.retry(Selection::All).await.unwrap();
    fixture.until_whatever(id, |detail| detail.row.status == Status::Done).await;
    assert_eq!(proxy.count(&When::any_part()), 6, "nothing was sent again");
    fixture.assert_clean().await;
}

/// Keys that may not list parts, and servers that cannot: what the journal knows is the server's own answer.
#[tokio::test(flavor = "multi_thread")]
async fn where_parts_may_not_be_listed_an_upload_goes_on_by_its_journal() {
    // the last one answers in another form than S3, and always
    for act in [
        Act::answer(403, "AccessDenied"),
        Act::answer(405, "MethodNotAllowed"),
        Act::answer(501, "NotImplemented"),
        Act::Xml("<ListPartsResponse></ListPartsResponse>".into()),
    ] {
        let story = Story::at_five_of_six(Server::practice().await).await;
        let Story { fixture, proxy, path, id } = story;
        let address = proxy.endpoint().to_owned();
        proxy.clear();
        proxy.on(When::list_parts(), 100, act.clone());
        let fixture = fixture.reopened(&address).await;
        let (detail, times) = Story { fixture, proxy, path, id }.ends().await;
        assert_eq!(times[..5], [1, 1, 1, 1, 1], "{act:?}");
        assert_eq!(detail.resumed, 5 * PART, "{act:?}");
    }
}

/// The same bytes were there before, and somebody took this upload off the server: the old object is not this one.
#[tokio::test(flavor = "multi_thread")]
async fn an_older_object_of_the_same_bytes_is_not_taken_for_the_upload() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let path = fixture.file("film", 1, SIZE);
    let first = fixture.queue(&path, "film").await;
    assert_eq!(fixture.ended(first).await.row.status, Status::Done);
    proxy.on(When::part(6), 1, Act::Hold);
    let metadata = vec![("reel".to_owned(), "7".to_owned())];
    let options = Options { metadata, ..Options::default() };
    let upload = NewUpload { options, ..fixture.upload(&path, "film") };
    let id = fixture.engine.queue(vec![upload]).await.unwrap()[0];
    proxy.until_held(1).await;
    let (key, upload_id) = fixture.reference.uploads(&fixture.bucket).await.remove(0);
    fixture.reference.abort_upload(&fixture.bucket, &key, &upload_id).await;
    proxy.release();
    let detail = fixture.ended(id).await;
    assert_eq!(detail.row.status, Status::Done, "{:?}", detail.row.fault);
    let head = fixture.reference.head(&fixture.bucket, "film").await.unwrap();
    assert_eq!(head.metadata().unwrap()["reel"], "7");
    fixture.assert_clean().await;
}

/// A server that passes over If-None-Match in silence, and an object that comes during a pause of days.
async fn without_conditions(server: Server) -> (Fixture, Proxy) {
    let proxy = Proxy::to(&server.endpoint);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let mut connection = fixture.connection();
    connection.endpoint = Some(proxy.endpoint().into());
    let known =
        fixture.engine.capabilities("test").map(|known| known.capabilities).unwrap_or_default();
    let capabilities =
        Capabilities { conditional_put: Support::No, conditional_complete: Support::No, ..known };
    connection.probed = Some(Probed { at: 1, capabilities });
    fixture.engine.set_session_connection(connection, fixture.secret()).unwrap();
    (fixture, proxy)
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_server_does_not_look_an_object_that_came_meanwhile_stays() {
    for (at, name) in [(When::part(3), "before a part"), (When::part(2), "at the end")] {
        let (fixture, proxy) = without_conditions(Server::practice().await).await;
        proxy.on(at, 1, Act::Hold);
        let path = fixture.file("film", 1, 3 * PART);
        let upload = NewUpload { if_exists: IfExists::Fail, ..fixture.upload(&path, "film") };
        let id = fixture.engine.queue(vec![upload]).await.unwrap()[0];
        proxy.until_held(1).await;
        if name == "before a part" {
            fixture.engine.pause(Selection::All).await.unwrap();
            fixture.until(id, |detail| detail.row.status == Status::Paused).await;
        }
        fixture.reference.put(&fixture.bucket, "film", b"theirs".to_vec()).await;
        let parts = proxy.count(&When::any_part());
        proxy.release();
        if name == "before a part" {
            fixture.engine.resume(Selection::All).await.unwrap();
        }
        let detail = fixture.until_whatever(id, |detail| detail.row.status == Status::Failed).await;
        let fault = detail.row.fault.unwrap();
        assert_eq!(fault.status, Some(412), "{name}: {fault:?}");
        assert_eq!(fixture.reference.get(&fixture.bucket, "film").await, b"theirs", "{name}");
        if name == "before a part" {
            assert_eq!(proxy.count(&When::any_part()), parts, "nothing more was sent for it");
        }
        // what is stored is kept: the user may still say that it is to be replaced
        assert_eq!(fixture.reference.uploads(&fixture.bucket).await.len(), 1, "{name}");
    }
}
