//! Bad networks and servers: an upload waits, says why, and resumes by itself.

use crate::fixture::{Fixture, PART};
use std::time::Duration;
use windlass_engine::{Detail, Event, Status};
use windlass_tests::{Act, Proxy, Server, When};

async fn behind_proxy(server: Server) -> (Fixture, Proxy) {
    let proxy = Proxy::to(&server.endpoint);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    (fixture, proxy)
}

fn waits(detail: &Detail) -> usize {
    detail.history.iter().filter(|line| matches!(line.what, Event::Waiting { .. })).count()
}

async fn assert_done(
    fixture: &Fixture,
    id: windlass_engine::Id,
    key: &str,
    path: &std::path::Path,
) -> Detail {
    let detail = fixture.ended(id).await;
    assert_eq!(detail.row.status, Status::Done, "{:?}", detail.row.fault);
    fixture.reference.assert_same(&fixture.bucket, key, path).await;
    fixture.assert_clean().await;
    detail
}

/// What answers in the server's place is waited out, at the first call and in mid-part.
#[tokio::test(flavor = "multi_thread")]
async fn sign_in_pages_and_gateways_are_waited_out() {
    for status in [200, 302, 403, 502, 503, 504] {
        let (fixture, proxy) = behind_proxy(Server::practice().await).await;
        let path = fixture.file("f", u64::from(status), 3 * PART);
        proxy.on(When::part(3), 1, Act::Hold);
        let id = fixture.queue(&path, "k").await;
        fixture.until(id, |detail| detail.row.parts_stored == 2).await;
        proxy.on(When::any(), 10_000, Act::Page { status });
        proxy.on(When::part(3), 1, Act::CloseAfter(0));
        proxy.release();
        // the held part goes through; a second upload meets the page at its first call
        let other = fixture.file("other", 7, 2 * PART);
        let second = fixture.queue(&other, "other").await;
        let detail = fixture.until(second, |detail| detail.row.status == Status::Offline).await;
        assert!(
            detail.row.fault.is_none() && waits(&detail) == 1,
            "{status}: {:?}",
            detail.history
        );
        proxy.clear();
        fixture.ended(id).await;
        let detail = assert_done(&fixture, second, "other", &other).await;
        assert_done(&fixture, id, "k", &path).await;
        assert!(
            detail.history.iter().any(|line| matches!(line.what, Event::Reconnected { .. })),
            "{status}: {:?}",
            detail.history
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_comes_and_goes() {
    let (fixture, proxy) = behind_proxy(Server::practice().await).await;
    proxy.on(When::any_part(), 1000, Act::Slow(4 << 20));
    let path = fixture.file("f", 1, 8 * PART);
    let id = fixture.queue(&path, "k").await;
    let mut known = Vec::new();
    for stored in 1..4 {
        fixture.until(id, |detail| detail.row.parts_stored >= stored).await;
        proxy.unplug();
        fixture.until(id, |detail| detail.row.status == Status::Offline).await;
        let map = fixture.engine.part_map(id).await.unwrap();
        for number in (1..=8).filter(|number| map[usize::from(*number) - 1] == 255) {
            known.push((number, proxy.count(&When::part(number))));
        }
        proxy.plug();
        fixture.until(id, |detail| detail.row.status != Status::Offline).await;
    }
    proxy.clear();
    let detail = assert_done(&fixture, id, "k", &path).await;
    assert!(waits(&detail) >= 1 && waits(&detail) <= 3, "{:?}", detail.history);
    // one whose answer was on its way when the plug was pulled goes again
    for (number, times) in known {
        assert_eq!(proxy.count(&When::part(number)), times, "part {number} was known to be stored");
    }
}

/// A name that leads nowhere is waited for, and a corrected address is used at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_nobody_knows_and_then_the_right_one() {
    let fixture = Fixture::on(Server::practice().await).await;
    let mut connection = fixture.connection();
    connection.endpoint = Some("http://nobody.invalid:9".into());
    fixture.engine.set_session_connection(connection, fixture.secret()).unwrap();
    let path = fixture.file("f", 2, 2 * PART);
    let id = fixture.queue(&path, "k").await;
    let detail = fixture.until(id, |detail| detail.row.status == Status::Offline).await;
    assert_eq!(waits(&detail), 1);
    fixture.engine.set_session_connection(fixture.connection(), fixture.secret()).unwrap();
    assert_done(&fixture, id, "k", &path).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_are_cut_short_are_asked_for_again() {
    for (when, bytes) in
        [(When::create(), 40), (When::part(1), 0), (When::complete(), 60), (When::complete(), 0)]
    {
        let (fixture, proxy) = behind_proxy(Server::practice().await).await;
        proxy.on(when.clone(), 1, Act::CutAnswer(bytes));
        let path = fixture.file("f", 3, 2 * PART);
        let id = fixture.queue(&path, "k").await;
        let detail = assert_done(&fixture, id, "k", &path).await;
        assert!(detail.sent <= 3 * PART, "{when:?}: at most the part in question goes twice");
    }
}

/// Half an answer is no end of the list: a part that it does not name is not sent again.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_parts_that_is_cut_short() {
    let (fixture, proxy) = behind_proxy(Server::practice().await).await;
    proxy.on(When::part(4), 1, Act::Hold);
    let path = fixture.file("f", 4, 4 * PART);
    let id = fixture.queue(&path, "k").await;
    fixture.until(id, |detail| detail.row.parts_stored == 3).await;
    let fixture = fixture.reopened(proxy.endpoint()).await;
    proxy.clear();
    proxy.on(When::list_parts(), 1, Act::CutAnswer(700));
    let detail = assert_done(&fixture, id, "k", &path).await;
    assert_eq!(detail.resumed, 3 * PART);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_falls_silent_is_given_up() {
    let (fixture, proxy) = behind_proxy(Server::practice().await).await;
    proxy.on(When::part(2), 1, Act::StallAfter(1 << 20));
    let path = fixture.file("f", 5, 3 * PART);
    let id = fixture.queue(&path, "k").await;
    let detail = assert_done(&fixture, id, "k", &path).await;
    assert_eq!(proxy.count(&When::part(2)), 2);
    assert!(
        waits(&detail) == 1
            && detail
                .history
                .iter()
                .any(|line| line.what.to_string().contains("no data was transferred"))
    );
}

/// S3 puts a large object together for minutes: longer than other answers may take.
#[tokio::test(flavor = "multi_thread")]
async fn complete_may_take_its_time() {
    let (fixture, proxy) = behind_proxy(Server::practice().await).await;
    proxy.on(When::complete(), 1, Act::Delay(Duration::from_secs(65)));
    let path = fixture.file("f", 6, 2 * PART);
    let id = fixture.queue(&path, "k").await;
    assert_done(&fixture, id, "k", &path).await;
    assert_eq!(proxy.count(&When::complete()), 1);
}

/// The server names a time; until then nothing goes to it, from no upload.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_asks_for_less_gets_less() {
    let (fixture, proxy) = behind_proxy(Server::practice().await).await;
    proxy.on(When::part(2), 1, Act::slow_down(Some(3)));
    // the others are held until the refusal has been read
    proxy.on(When::any_part(), 1, Act::Hold);
    let path = fixture.file("f", 7, 24 * PART);
    let id = fixture.queue(&path, "k").await;
    proxy.until_held(1).await;
    fixture.until(id, |detail| detail.retries == 1).await;
    let quiet = async {
        // what was on its way when it was said still ends
        loop {
            let before = proxy.count(&When::any_part());
            tokio::time::sleep(Duration::from_millis(1500)).await;
            if proxy.count(&When::any_part()) == before {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), quiet).await.expect("a time without a request");
    let detail = fixture.engine.detail(id).await.unwrap();
    assert!(detail.row.parts_stored < 24, "the quiet was before the end");
    proxy.release();
    assert_done(&fixture, id, "k", &path).await;
}

/// The lid is closed over open connections, which lead nowhere when it is opened again: that is noticed by the clock,
/// long before silence would tell.
#[tokio::test(flavor = "multi_thread")]
async fn a_computer_that_slept_connects_anew() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let reference = windlass_tests::ReferenceClient::new(&server);
    reference.create_bucket("bucket").await;
    let folder = windlass_tests::place::scratch();
    let setup = windlass_tests::EngineSetup::new(
        &folder.path().join("state"),
        &server,
        proxy.endpoint(),
        "bucket",
    );
    let path = folder.path().join("f");
    windlass_tests::files::write(&path, 8, 3 * PART);
    proxy.on(When::part(2), 1, Act::StallAfter(1 << 20));
    let mut process = windlass_tests::EngineProcess::start(&setup);
    let id = process.queue(&path, "k", "replace", PART).await;
    process.until(id, |reported| reported.stored == 2 * PART).await;
    process.signal("STOP");
    // the length of a sleep, which is what this is about
    tokio::time::sleep(Duration::from_secs(17)).await;
    process.signal("CONT");
    let ended = tokio::time::timeout(Duration::from_secs(25), process.ended(id)).await;
    let reported = ended.expect("the minute of silence is not waited for");
    assert_eq!((reported.status.as_str(), reported.resumed), ("done", 2 * PART), "{reported:?}");
    reference.assert_same("bucket", "k", &path).await;
    assert_eq!(reference.uploads("bucket").await, []);
}

/// More small files than are under way at once go to a server that is not there; those behind them go to one that is.
#[tokio::test(flavor = "multi_thread")]
async fn small_files_to_a_server_out_of_reach_keep_those_to_another_from_nothing() {
    let fixture = Fixture::on(Server::practice().await).await;
    let gone = windlass_tests::servers::free_port();
    let mut away = fixture.connection();
    away.id = "away".into();
    away.endpoint = Some(format!("http://127.0.0.1:{gone}"));
    fixture.engine.set_session_connection(away, fixture.secret()).unwrap();
    let path = fixture.file("f", 3, 1_000);
    let to_the_away = (0..300).map(|number| {
        let mut upload = fixture.upload(&path, &format!("away/{number}"));
        upload.target.connection = "away".into();
        upload
    });
    let behind = fixture.upload(&path, "here");
    let ids = fixture.engine.queue(to_the_away.chain([behind]).collect()).await.unwrap();
    let here = fixture.ended(*ids.last().unwrap()).await;
    assert_eq!(here.row.status, Status::Done, "{:?}", here.row.fault);
    let first = fixture.engine.detail(ids[0]).await.unwrap();
    assert!(!matches!(first.row.status, Status::Done | Status::Failed), "{:?}", first.row);
}
