//! Faults on the way: a part that fails twice, a fatal one, a lost answer, a damaged byte, a network that goes away.

use crate::world::{PART, World};
use windlass_engine::FaultKind;
use windlass_engine::deed::{Because, Deed};
use windlass_engine::page::{Compared, Status, Which};
use windlass_tests::{Act, Proxy, Server, When};

async fn behind_proxy(server: Server) -> (World, Proxy) {
    let proxy = Proxy::to(&server.endpoint);
    let world = World::by_way_of(server, proxy.endpoint()).await;
    (world, proxy)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_part_failing_twice_is_sent_a_third_time() {
    for server in Server::all().await {
        let (world, proxy) = behind_proxy(server).await;
        proxy.on(When::part(2), 1, Act::answer(500, "InternalError"));
        proxy.on(When::part(2), 1, Act::slow_down(None));
        let path = world.file("f", 1, 3 * PART + 11);
        let detail = world.hauled(&path, "twice").await;
        assert_eq!((detail.retries, proxy.count(&When::part(2))), (2, 3));
        assert_eq!(proxy.count(&When::part(1)), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_cut_in_mid_part_is_taken_up_again() {
    let (world, proxy) = behind_proxy(Server::practice().await).await;
    proxy.on(When::part(1), 2, Act::CloseAfter(2 << 20));
    let path = world.file("f", 2, 2 * PART + 1);
    let detail = world.hauled(&path, "cut").await;
    assert!(detail.sent > detail.row.size, "the bytes of the broken tries are counted as sent");
}

/// Refused with the first part: nothing half-made stays behind, and the row says what happened.
#[tokio::test(flavor = "multi_thread")]
async fn a_fatal_fault_leaves_nothing_on_the_server() {
    for server in Server::all().await {
        let (world, proxy) = behind_proxy(server).await;
        proxy.on(When::any_part(), 100, Act::answer(403, "AccessDenied"));
        let path = world.file("f", 3, 3 * PART);
        let id = world.queue(&path, "denied").await;
        let detail = world.ended(id).await;
        let fault = detail.row.fault.unwrap();
        assert_eq!((fault.kind, fault.status), (FaultKind::Denied, Some(403)));
        assert!(fault.part.is_some());
        world.assert_clean().await;
        assert!(world.reference.head(&world.bucket, "denied").await.is_none());

        proxy.clear();
        world.engine.retry(Which::All).await.unwrap();
        world.until(id, |detail| detail.row.status == Status::Done).await;
        world.reference.assert_same(&world.bucket, "denied", &path).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flipped_bit_never_ends_in_done() {
    for server in Server::all().await {
        let (world, proxy) = behind_proxy(server).await;
        proxy.on(When::part(2), 1, Act::Flip(1234));
        let path = world.file("f", 4, 3 * PART);
        let detail = world.hauled(&path, "flipped").await;
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
    let (world, proxy) = behind_proxy(Server::practice().await).await;
    // behind the head of the first chunk
    proxy.on(When::part(2), 2, Act::Flip(100));
    let path = world.file("f", 5, 3 * PART);
    let id = world.queue(&path, "damaged").await;
    let fault = world.ended(id).await.row.fault.unwrap();
    assert_eq!((fault.kind, fault.part), (FaultKind::Checksum, Some(2)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_file_damaged_on_the_way_is_refused_and_sent_again() {
    let (world, proxy) = behind_proxy(Server::practice().await).await;
    proxy.on(When::put_object(), 1, Act::Flip(7));
    let path = world.file("f", 6, 1000);
    let detail = world.hauled(&path, "small").await;
    assert_eq!(detail.checksum.unwrap().compared, Compared::WholeObject);
    assert_eq!(proxy.count(&When::put_object()), 2);
}

/// The answer to Complete was lost, and the upload had been completed: nothing is sent again.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_to_complete_is_found_to_be_a_success() {
    for server in Server::all().await {
        let (world, proxy) = behind_proxy(server).await;
        proxy.on(When::complete(), 1, Act::DropAnswer);
        let path = world.file("f", 7, 3 * PART);
        let detail = world.hauled(&path, "lost").await;
        assert_eq!(detail.sent, detail.row.size);
        assert_eq!(proxy.count(&When::create()), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn complete_that_says_200_with_an_error_inside_is_asked_again() {
    let (world, proxy) = behind_proxy(Server::practice().await).await;
    proxy.on(When::complete(), 1, Act::answer(200, "InternalError"));
    let path = world.file("f", 8, 2 * PART);
    world.hauled(&path, "complete-200").await;
    assert_eq!(proxy.count(&When::complete()), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_network_goes_away_and_comes_back() {
    let (world, proxy) = behind_proxy(Server::practice().await).await;
    proxy.on(When::part(3), 1, Act::Hold);
    let path = world.file("f", 9, 4 * PART);
    let id = world.queue(&path, "offline").await;
    world.until(id, |detail| detail.row.parts_stored == 3).await;
    proxy.unplug();
    let detail = world.until(id, |detail| detail.row.status == Status::Offline).await;
    assert!(detail.row.fault.is_none(), "waiting is no failure");
    assert!(world.engine.totals().await.unwrap().offline);
    proxy.clear();
    proxy.plug();
    assert_eq!(world.ended(id).await.row.status, Status::Done);
    world.reference.assert_same(&world.bucket, "offline", &path).await;
    world.assert_clean().await;
}

/// Somebody aborted it on the server: begun again, and said so.
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_is_gone_on_the_server_begins_again() {
    let (world, proxy) = behind_proxy(Server::practice().await).await;
    proxy.on(When::part(2), 1, Act::Hold);
    let path = world.file("f", 10, 3 * PART);
    let id = world.queue(&path, "gone").await;
    let detail = world.until(id, |detail| detail.row.parts_stored == 2).await;
    world.reference.abort_upload(&world.bucket, "gone", &detail.upload_id.unwrap()).await;
    proxy.release();
    let detail = world.ended(id).await;
    assert_eq!(detail.row.status, Status::Done, "{:?}", detail.row.fault);
    let begun_again = Deed::BegunAgain { because: Because::Gone };
    assert!(detail.history.iter().any(|line| line.what == begun_again), "{:?}", detail.history);
    world.reference.assert_same(&world.bucket, "gone", &path).await;
    world.assert_clean().await;
}

/// A disk that is unplugged: the parts stay on the server, and when it is back nothing stored is sent again.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_away_for_a_while_keeps_its_parts() {
    let (world, proxy) = behind_proxy(Server::practice().await).await;
    proxy.on(When::part(2), 1, Act::Hold);
    let path = world.file("f", 11, 4 * PART);
    let id = world.queue(&path, "away").await;
    world.until(id, |detail| detail.row.parts_stored == 3).await;
    world.engine.pause(Which::All).await.unwrap();
    world.until(id, |detail| detail.row.status == Status::Paused).await;
    proxy.clear();
    proxy.release();
    let aside = path.with_extension("aside");
    std::fs::rename(&path, &aside).unwrap();

    let world = world.reopened(proxy.endpoint()).await;
    world.engine.resume(Which::All).await.unwrap();
    let fault = world.ended(id).await.row.fault.unwrap();
    assert_eq!(fault.kind, FaultKind::SourceMissing);
    assert_eq!(world.reference.uploads(&world.bucket).await.len(), 1, "what was stored is kept");

    std::fs::rename(&aside, &path).unwrap();
    world.engine.retry(Which::All).await.unwrap();
    let detail = world.until(id, |detail| detail.row.status == Status::Done).await;
    assert_eq!(detail.resumed, 3 * PART);
    world.reference.assert_same(&world.bucket, "away", &path).await;
    world.assert_clean().await;
}

/// It answers a knock and drops every part: patience is counted over all of it, and ends.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_answers_and_takes_nothing_wears_patience_out() {
    let world =
        World::patient_for(Server::practice().await, std::time::Duration::from_secs(3)).await;
    let proxy = Proxy::to(&world.server.endpoint);
    proxy.on(When::any_part(), 1000, Act::CloseAfter(1000));
    let mut connection = world.connection();
    connection.endpoint = Some(proxy.endpoint().into());
    world.engine.set_session_connection(connection, world.secret()).unwrap();
    let path = world.file("f", 12, 2 * PART);
    let id = world.queue(&path, "k").await;
    assert_eq!(world.ended(id).await.row.fault.unwrap().kind, FaultKind::Offline);
    world.assert_clean().await;
}
