//! The events of an upload's history, in order.

use crate::fixture::{Fixture, PART};
use windlass_engine::{
    Detail, Event, FaultKind, History, IfExists, NewUpload, Reason, Selection, Status,
};
use windlass_tests::{Act, Proxy, Server, When};

fn kinds(detail: &Detail) -> Vec<&'static str> {
    let kind = |event: &Event| match event {
        Event::Queued => "queued",
        Event::Started => "started",
        Event::Resumed => "resumed",
        Event::Paused => "paused",
        Event::Resent { .. } => "sent again",
        Event::FoundStored { .. } => "found stored",
        Event::Failed { .. } => "failed",
        Event::Probed => "asked",
        Event::Done { .. } => "done",
        _ => "other",
    };
    let kinds = detail.history.iter().map(|line| kind(&line.what));
    kinds.filter(|kind| *kind != "asked").collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn paused_reopened_and_done() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    proxy.on(When::part(4), 1, Act::Hold);
    let path = fixture.file("f", 1, 4 * PART);
    let id = fixture.queue(&path, "k").await;
    fixture.until(id, |detail| detail.row.parts_stored == 3).await;
    fixture.engine.pause(Selection::All).await.unwrap();
    fixture.until(id, |detail| detail.row.status == Status::Paused).await;
    proxy.clear();
    let fixture = fixture.reopened(proxy.endpoint()).await;
    fixture.engine.resume(Selection::All).await.unwrap();
    let detail = fixture.ended(id).await;
    let reported = ["queued", "started", "paused", "resumed", "found stored", "done"];
    assert_eq!(kinds(&detail), reported, "{:?}", detail.history);
    let stored = Event::FoundStored { stored: 3, parts: 4, bytes: 3 * PART };
    assert!(detail.history.iter().any(|line| line.what == stored), "{:?}", detail.history);
    assert!(detail.history.is_sorted_by_key(|line| line.at), "{:?}", detail.history);
    let Some(Event::Done { proof }) = detail.history.last().map(|line| line.what.clone()) else {
        panic!("{:?}", detail.history)
    };
    assert_eq!(Some(proof), detail.checksum);
}

/// A part that fails five times is told at the first, the second and the fourth.
#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_fails_again_and_again_is_told_now_and_then() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    proxy.on(When::part(2), 5, Act::answer(500, "InternalError"));
    let path = fixture.file("f", 2, 2 * PART);
    let detail = fixture.hauled(&path, "k").await;
    let again = |line: &History| match &line.what {
        Event::Resent { part: Some(2), times, fault } => Some((*times, fault.kind)),
        _ => None,
    };
    let reported: Vec<_> = detail.history.iter().filter_map(again).collect();
    assert_eq!(reported, [1, 2, 4].map(|times| (times, FaultKind::Server)), "{:?}", detail.history);
    assert_eq!(detail.retries, 5);
}

/// A failure is recorded with its reason, and the upload resumes if the user retries.
#[tokio::test(flavor = "multi_thread")]
async fn a_failure_is_told_with_its_reason() {
    let fixture = Fixture::on(Server::practice().await).await;
    fixture.reference.put(&fixture.bucket, "k", vec![7; 5]).await;
    let path = fixture.file("f", 3, 10);
    let upload = NewUpload { if_exists: IfExists::Fail, ..fixture.upload(&path, "k") };
    let id = fixture.engine.queue(vec![upload]).await.unwrap()[0];
    let failed = fixture.ended(id).await;
    let fault = failed.row.fault.clone().unwrap();
    let taken = Reason::KeyTaken { bucket: fixture.bucket.clone(), key: "k".into(), size: 5 };
    assert_eq!(fault.reason.get(), Some(&taken));
    assert_eq!(failed.history.last().unwrap().what, Event::Failed { fault });
    assert_eq!(kinds(&failed), ["queued", "started", "failed"]);
    fixture.reference.client.delete_object().bucket(&fixture.bucket).key("k").send().await.unwrap();
    fixture.engine.retry(Selection::All).await.unwrap();
    let done = fixture.until_whatever(id, |detail| detail.row.status == Status::Done).await;
    assert_eq!(kinds(&done), ["queued", "started", "failed", "resumed", "done"]);
}
