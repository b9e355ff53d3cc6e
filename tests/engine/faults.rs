//! Faults during an upload: a part that fails twice, a fatal fault, a lost response, a damaged byte, a network that goes away.

use crate::fixture::{Fixture, PART};
use windlass_engine::{Because, Compared, Event, FaultKind, Selection, Status};
use windlass_tests::{Act, Proxy, Server, When};

async fn behind_proxy(server: Server) -> (Fixture, Proxy) {
    let proxy = Proxy::to(&server.endpoint);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    (fixture, proxy)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_part_failing_twice_is_sent_a_third_time() {
    for server in Server::all().await {
        let (fixture, proxy) = behind_proxy(server).await;
        proxy.on(When::part(2), 1, Act::answer(500, "InternalError"));
        proxy.on(When::part(2), 1, Act::slow_down(None));
        let path = fixture.file("f", 1, 3 * PART + 11);
        let detail = fixture.hauled(&path, "twice").await;
        assert_eq!((detail.retries, proxy.count(&When::part(2))), (2, 3));
        assert_eq!(proxy.count(&When::part(1)), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_cut_in_mid_part_is_taken_up_again() {
    let (fixture, proxy) = behind_proxy(Server::practice().await).await;
    proxy.on(When::part(1), 2, Act::CloseAfter(2 << 20));
    let path = fixture.file("f", 2, 2 * PART + 1);
    let detail = fixture.hauled(&path, "cut").await;
    assert!(detail.sent > detail.row.size, "the bytes of the broken tries are counted as sent");
}

/// Refused with the first part: nothing half-made stays behind, and the row says what happened.
#[tokio::test(flavor = "multi_thread")]
async fn a_fatal_fault_leaves_nothing_on_the_server() {
    for server in Server::all().await {
        let (fixture, proxy) = behind_proxy(server).await;
        proxy.on(When::any_part(), 100, Act::answer(403, "AccessDenied"));
        let path = fixture.file("f", 3, 3 * PART);
        let id = fixture.queue(&path, "denied").await;
        let detail = fixture.ended(id).await;
        let fault = detail.row.fault.unwrap();
        assert_eq!((fault.kind, fault.status), (FaultKind::Denied, Some(403)));
        assert!(fault.part.is_some());
        fixture.assert_clean().await;
        assert!(fixture.reference.head(&fixture.bucket, "denied").await.is_none());

        proxy.clear();
        fixture.engine.retry(Selection::All).await.unwrap();
        fixture.until(id, |detail| detail.row.status == Status::Done).await;
        fixture.reference.assert_same(&fixture.bucket, "denied", &path).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flipped_bit_never_ends_in_done() {
    for server in Server::all().await {
        let (fixture, proxy) = behind_proxy(server).await;
        proxy.on(When::part(2), 1, Act::Flip(1234));
        let path = fixture.file("f", 4, 3 * PART);
        let detail = fixture.hauled(&path, "flipped").await;
        assert_eq!(
            proxy.count(&When::part(2)),
            2,
            "the damaged part, and only that, went out again"
        );
        assert_eq!(detail.retries, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_damaged_twice_is_a_fault_with_its_number() {
    let (fixture, proxy) = behind_proxy(Server::practice().await).await;
    // behind the head of the first chunk
    proxy.on(When::part(2), 2, Act::Flip(100));
    let path = fixture.file("f", 5, 3 * PART);
    let id = fixture.queue(&path, "damaged").await;
    let fault = fixture.ended(id).await.row.fault.unwrap();
    assert_eq!((fault.kind, fault.part), (FaultKind::Checksum, Some(2)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_file_damaged_on_the_way_is_refused_and_sent_again() {
    let (fixture, proxy) = behind_proxy(Server::practice().await).await;
    proxy.on(When::put_object(), 1, Act::Flip(7));
    let path = fixture.file("f", 6, 1000);
    let detail = fixture.hauled(&path, "small").await;
    assert_eq!(detail.checksum.unwrap().compared, Compared::WholeObject);
    assert_eq!(proxy.count(&When::put_object()), 2);
}

/// The answer to Complete was lost, and the upload had been completed: nothing is sent again.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_to_complete_is_found_to_be_a_success() {
    for server in Server::all().await {
        let (fixture, proxy) = behind_proxy(server).await;
        proxy.on(When::complete(), 1, Act::DropAnswer);
        let path = fixture.file("f", 7, 3 * PART);
        let detail = fixture.hauled(&path, "lost").await;
        assert_eq!(detail.sent, detail.row.size);
        assert_eq!(proxy.count(&When::create()), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn complete_that_says_200_with_an_error_inside_is_asked_again() {
    let (fixture, proxy) = behind_proxy(Server::practice().await).await;
    proxy.on(When::complete(), 1, Act::answer(200, "InternalError"));
    let path = fixture.file("f", 8, 2 * PART);
    fixture.hauled(&path, "complete-200").await;
    assert_eq!(proxy.count(&When::complete()), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_network_goes_away_and_comes_back() {
    let (fixture, proxy) = behind_proxy(Server::practice().await).await;
    proxy.on(When::part(3), 1, Act::Hold);
    let path = fixture.file("f", 9, 4 * PART);
    let id = fixture.queue(&path, "offline").await;
    fixture.until(id, |detail| detail.row.parts_stored == 3).await;
    proxy.unplug();
    let detail = fixture.until(id, |detail| detail.row.status == Status::Offline).await;
    assert!(detail.row.fault.is_none(), "waiting is no failure");
    assert!(fixture.engine.totals().await.unwrap().offline);
    proxy.clear();
    proxy.plug();
    assert_eq!(fixture.ended(id).await.row.status, Status::Done);
    fixture.reference.assert_same(&fixture.bucket, "offline", &path).await;
    fixture.assert_clean().await;
}

/// Somebody aborted it on the server: begun again, and said so.
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_is_gone_on_the_server_begins_again() {
    let (fixture, proxy) = behind_proxy(Server::practice().await).await;
    proxy.on(When::part(2), 1, Act::Hold);
    let path = fixture.file("f", 10, 3 * PART);
    let id = fixture.queue(&path, "gone").await;
    let detail = fixture.until(id, |detail| detail.row.parts_stored == 2).await;
    fixture.reference.abort_upload(&fixture.bucket, "gone", &detail.upload_id.unwrap()).await;
    proxy.release();
    let detail = fixture.ended(id).await;
    assert_eq!(detail.row.status, Status::Done, "{:?}", detail.row.fault);
    let begun_again = Event::Restarted { because: Because::Gone };
    assert!(detail.history.iter().any(|line| line.what == begun_again), "{:?}", detail.history);
    fixture.reference.assert_same(&fixture.bucket, "gone", &path).await;
    fixture.assert_clean().await;
}

/// A disk that is unplugged: the parts stay on the server, and when it is back nothing stored is sent again.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_away_for_a_while_keeps_its_parts() {
    let (fixture, proxy) = behind_proxy(Server::practice().await).await;
    proxy.on(When::part(2), 1, Act::Hold);
    let path = fixture.file("f", 11, 4 * PART);
    let id = fixture.queue(&path, "away").await;
    fixture.until(id, |detail| detail.row.parts_stored == 3).await;
    fixture.engine.pause(Selection::All).await.unwrap();
    fixture.until(id, |detail| detail.row.status == Status::Paused).await;
    proxy.clear();
    proxy.release();
    let aside = path.with_extension("aside");
    std::fs::rename(&path, &aside).unwrap();

    let fixture = fixture.reopened(proxy.endpoint()).await;
    fixture.engine.resume(Selection::All).await.unwrap();
    let fault = fixture.ended(id).await.row.fault.unwrap();
    assert_eq!(fault.kind, FaultKind::SourceMissing);
    assert_eq!(
        fixture.reference.uploads(&fixture.bucket).await.len(),
        1,
        "what was stored is kept"
    );

    std::fs::rename(&aside, &path).unwrap();
    fixture.engine.retry(Selection::All).await.unwrap();
    let detail = fixture.until(id, |detail| detail.row.status == Status::Done).await;
    assert_eq!(detail.resumed, 3 * PART);
    fixture.reference.assert_same(&fixture.bucket, "away", &path).await;
    fixture.assert_clean().await;
}

/// A server that answers polls and drops every part: the timeout counts all of it, and ends.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_answers_and_takes_nothing_wears_patience_out() {
    let fixture =
        Fixture::patient_for(Server::practice().await, std::time::Duration::from_secs(3)).await;
    let proxy = Proxy::to(&fixture.server.endpoint);
    proxy.on(When::any_part(), 1000, Act::CloseAfter(1000));
    let mut connection = fixture.connection();
    connection.endpoint = Some(proxy.endpoint().into());
    fixture.engine.set_session_connection(connection, fixture.secret()).unwrap();
    let path = fixture.file("f", 12, 2 * PART);
    let id = fixture.queue(&path, "k").await;
    assert_eq!(fixture.ended(id).await.row.fault.unwrap().kind, FaultKind::Offline);
    fixture.assert_clean().await;
}
