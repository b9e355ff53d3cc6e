//! Cancelling that can be undone for some seconds: the parts stay on the server for so long and no longer, and neither a
//! quit nor a kill forgets the multipart upload.

use crate::fixture::{Fixture, PART};
use windlass_engine::{Detail, Event, PageQuery, Selection, Sort, Status, View};
use windlass_tests::{
    Act, EngineProcess, EngineSetup, Proxy, ReferenceClient, Server, When, files, place,
};

const PARTS: u64 = 4;
const SIZE: u64 = PARTS * PART;

/// An upload of which two parts are stored and the third is held on its way.
async fn half_sent() -> (Fixture, Proxy, u32) {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    for part in [3, 4] {
        proxy.on(When::part(part), 1, Act::Hold);
    }
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let path = fixture.file("clip.mov", 7, SIZE);
    let id = fixture.queue(&path, "clip.mov").await;
    fixture.until(id, |detail| detail.row.stored == 2 * PART).await;
    proxy.until_held(1).await;
    (fixture, proxy, id)
}

async fn cancel(fixture: &Fixture, id: u32) -> Detail {
    fixture.engine.cancel(Selection::Ids { ids: vec![id] }).await.unwrap();
    fixture.until(id, |detail| detail.row.status == Status::Aborted).await
}

async fn in_view(fixture: &Fixture, view: View) -> Vec<u32> {
    let query = PageQuery { view, filter: String::new(), sort: Sort::Queue, offset: 0, limit: 10 };
    fixture.engine.queue_ids(query).await.unwrap()
}

async fn assert_nothing_left(fixture: &Fixture) {
    assert_eq!(fixture.reference.uploads(&fixture.bucket).await, []);
    assert!(fixture.reference.keys(&fixture.bucket, "").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn undone_in_time_it_continues_with_the_parts_that_are_stored() {
    let (fixture, proxy, id) = half_sent().await;
    let cancelled = cancel(&fixture, id).await;
    assert!(cancelled.row.can_undo);
    assert_eq!(cancelled.row.stored, 2 * PART, "the parts are kept");
    assert_eq!(in_view(&fixture, View::Cancelled).await, [id]);
    assert!(in_view(&fixture, View::Active).await.is_empty());
    let totals = fixture.engine.totals().await.unwrap();
    assert_eq!((totals.active, totals.cancelled, totals.total_bytes), (0, 1, 0));
    assert_eq!(fixture.reference.uploads(&fixture.bucket).await.len(), 1);

    proxy.release();
    assert_eq!(fixture.engine.undo_cancel(vec![id]).await.unwrap(), [id]);
    let done = fixture.ended(id).await;
    assert_eq!(done.row.status, Status::Done, "{:?}", done.row.fault);
    assert_eq!(done.resumed, 2 * PART);
    let path = fixture.folder.path().join("clip.mov");
    fixture.reference.assert_same(&fixture.bucket, "clip.mov", &path).await;
    fixture.assert_clean().await;
    assert!(fixture.engine.undo_cancel(vec![id]).await.unwrap().is_empty(), "only once");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_paused_is_paused_again() {
    let (fixture, _proxy, id) = half_sent().await;
    let all = Selection::Ids { ids: vec![id] };
    fixture.engine.pause(all.clone()).await.unwrap();
    fixture.until(id, |detail| detail.row.status == Status::Paused).await;
    let unsent = fixture.upload(&fixture.file("unsent.mov", 8, SIZE), "unsent.mov");
    let queued = fixture.engine.queue(vec![unsent]).await.unwrap()[0];
    fixture.engine.pause(Selection::All).await.unwrap();
    fixture.until(queued, |detail| detail.row.status == Status::Paused).await;

    for one in [id, queued] {
        cancel(&fixture, one).await;
    }
    let restored = fixture.engine.undo_cancel(vec![id, queued]).await.unwrap();
    assert_eq!(restored, [id, queued]);
    for one in [id, queued] {
        let detail = fixture.engine.detail(one).await.unwrap();
        assert_eq!(detail.row.status, Status::Paused);
        assert!(!detail.row.can_undo);
    }
    assert_eq!(fixture.engine.detail(id).await.unwrap().row.stored, 2 * PART);
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_time_is_over_the_parts_are_deleted() {
    let (fixture, proxy, id) = half_sent().await;
    cancel(&fixture, id).await;
    proxy.release();
    let over = |detail: &Detail| detail.history.iter().any(|one| one.what == Event::Cancelled);
    let detail = fixture.until(id, over).await;
    assert!(!detail.row.can_undo);
    fixture
        .until(id, |detail| detail.row.status == Status::Aborted && detail.row.stored == 0)
        .await;
    assert_nothing_left(&fixture).await;
    assert!(fixture.engine.undo_cancel(vec![id]).await.unwrap().is_empty(), "too late");
    assert_eq!(in_view(&fixture, View::Cancelled).await, [id]);
    // and once more, from the beginning
    fixture.engine.retry(Selection::Ids { ids: vec![id] }).await.unwrap();
    fixture.until(id, |detail| detail.row.status == Status::Done).await;
    fixture.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tried_again_within_the_time_it_continues_too() {
    let (fixture, proxy, id) = half_sent().await;
    cancel(&fixture, id).await;
    proxy.release();
    fixture.engine.retry(Selection::Ids { ids: vec![id] }).await.unwrap();
    let done = fixture.until(id, |detail| detail.row.status == Status::Done).await;
    assert_eq!(done.resumed, 2 * PART);
    fixture.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn removed_from_the_list_or_quit_it_is_aborted_at_once() {
    let (fixture, proxy, id) = half_sent().await;
    cancel(&fixture, id).await;
    proxy.release();
    fixture.engine.forget(Selection::Ids { ids: vec![id] }).await.unwrap();
    let mut changes = fixture.engine.changes();
    while fixture.engine.detail(id).await.is_ok() {
        changes.changed().await.unwrap();
    }
    assert_nothing_left(&fixture).await;

    let (fixture, proxy, id) = half_sent().await;
    cancel(&fixture, id).await;
    proxy.release();
    fixture.engine.close().await;
    assert_nothing_left(&fixture).await;
}

/// A server that is out of reach when Windlass quits is asked again at the next start.
#[tokio::test(flavor = "multi_thread")]
async fn what_quitting_could_not_abort_is_aborted_at_the_next_start() {
    let (fixture, proxy, id) = half_sent().await;
    cancel(&fixture, id).await;
    proxy.on(When::abort(), 1, Act::Hold);
    let address = fixture.server.endpoint.clone();
    let fixture = fixture.reopened(&address).await;
    fixture.until(id, |detail| detail.row.status == Status::Aborted && !detail.row.can_undo).await;
    assert_nothing_left(&fixture).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_within_the_time_nothing_is_forgotten() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    proxy.on(When::part(3), 1, Act::Hold);
    let reference = ReferenceClient::new(&server);
    reference.create_bucket("killed").await;
    let folder = place::scratch();
    let path = folder.path().join("clip.mov");
    files::write(&path, 7, SIZE);
    let mut setup =
        EngineSetup::new(&folder.path().join("state"), &server, proxy.endpoint(), "killed");
    setup.connections = Some(1);
    let mut process = EngineProcess::start(&setup);
    let id = process.queue(&path, "clip.mov", "replace", PART).await;
    process.until(id, |reported| reported.stored == 2 * PART).await;
    proxy.until_held(1).await;
    process.order(&["cancel", &id.to_string()]);
    process.obeyed().await;
    process.until(id, |reported| reported.status == "aborted" && reported.stored > 0).await;
    process.kill();
    assert_eq!(reference.uploads("killed").await.len(), 1, "its parts were kept for the undo");

    let process = EngineProcess::start(&setup);
    process.until(id, |reported| reported.status == "aborted" && reported.stored == 0).await;
    assert_eq!(reference.uploads("killed").await, []);
    process.quit();
}
