//! What an interruption costs on a slow line: a limit, a pause, a line that becomes slow. Default settings.

use crate::fixture::{Fixture, MIB};
use std::time::{Duration, Instant};
use windlass_engine::{Detail, Id, NewUpload, Selection, Settings, Status};
use windlass_tests::Server;

/// Two parts of 5 MiB.
const AT_MOST: u64 = 10 * MIB;
/// One that is answered late, one that is being sent, and the beginning of the next.
const AT_ANY_TIME: u64 = 15 * MIB;

async fn limited(limit: u64) -> Fixture {
    let fixture = Fixture::on(Server::practice().await).await;
    set(&fixture, Some(limit));
    fixture
}

fn set(fixture: &Fixture, limit: Option<u64>) {
    fixture.engine.save_settings(Settings { limit, ..fixture.engine.settings() }).unwrap();
}

async fn queued(fixture: &Fixture, name: &str, size: u64) -> Id {
    let path = fixture.file(name, size, size);
    let upload = NewUpload { part_size: None, ..fixture.upload(&path, name) };
    fixture.engine.queue(vec![upload]).await.unwrap()[0]
}

fn sent_and_stored(detail: &Detail) -> (u64, u64) {
    (detail.row.stored + detail.row.in_flight, detail.row.stored)
}

/// Of all that was sent, no more than three parts are not stored, be the limit as high as it may: at any moment, over all uploads.
#[tokio::test(flavor = "multi_thread")]
async fn under_a_limit_what_is_sent_is_stored_part_by_part() {
    let fixture = limited(6_000_000).await;
    let ids = [queued(&fixture, "a", 40 * MIB).await, queued(&fixture, "b", 30 * MIB).await];
    loop {
        let mut in_flight = 0;
        let mut done = 0;
        for id in ids {
            let detail = fixture.engine.detail(id).await.unwrap();
            in_flight += detail.row.in_flight;
            done += usize::from(detail.row.status == Status::Done);
        }
        assert!(in_flight <= AT_ANY_TIME, "{in_flight} bytes are sent and not stored");
        if done == ids.len() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    fixture.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_in_mid_upload_costs_at_most_two_parts() {
    let fixture = limited(8_000_000).await;
    let id = queued(&fixture, "f", 60 * MIB).await;
    let detail = fixture.until(id, |detail| sent_and_stored(detail).0 > 33 * MIB).await;
    let (sent, stored) = sent_and_stored(&detail);
    assert!(sent - stored <= AT_MOST, "{sent} sent, {stored} stored");
    let address = fixture.server.endpoint.clone();
    let fixture = fixture.reopened(&address).await;
    let done = fixture.ended(id).await;
    assert!(done.resumed >= 33 * MIB - AT_MOST, "{}", done.resumed);
    assert!(done.sent <= 60 * MIB + AT_MOST, "{}", done.sent);
    fixture.assert_clean().await;
}

/// A limit that is lowered in the middle of many parts: the oldest ones are finished first, and no part is sent twice.
#[tokio::test(flavor = "multi_thread")]
async fn a_limit_that_is_lowered_finishes_what_is_in_flight_one_by_one() {
    let fixture = limited(40_000_000).await;
    let id = queued(&fixture, "f", 90 * MIB).await;
    fixture.until(id, |detail| detail.row.stored > 20 * MIB).await;
    set(&fixture, Some(3_000_000));
    let before = fixture.engine.detail(id).await.unwrap();
    let (_, stored) = sent_and_stored(&before);
    let more = fixture.until(id, |detail| detail.row.stored >= stored + 10 * MIB).await;
    assert!(more.row.in_flight <= before.row.in_flight.max(AT_MOST), "{more:?}");
    set(&fixture, None);
    let done = fixture.ended(id).await;
    assert_eq!((done.sent, done.retries), (90 * MIB, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_waits_for_a_part_that_is_nearly_sent() {
    let fixture = limited(2_500_000).await;
    let id = queued(&fixture, "f", 60 * MIB).await;
    let nearly =
        |detail: &Detail| detail.row.in_flight >= 4 * MIB && detail.row.in_flight < 5 * MIB;
    let before = fixture.until(id, nearly).await;
    fixture.engine.pause(Selection::All).await.unwrap();
    let pausing = fixture.engine.detail(id).await.unwrap();
    let paused = fixture.until(id, |detail| detail.row.status == Status::Paused).await;
    assert!(pausing.row.status == Status::Pausing || paused.row.stored > before.row.stored);
    assert!(paused.row.stored > before.row.stored, "{before:?} {paused:?}");
    assert_eq!(paused.row.in_flight, 0);
    // what was sent besides is the beginning of the part behind it
    assert!(paused.sent - paused.row.stored < 2 * MIB, "{paused:?}");
    set(&fixture, None);
    fixture.engine.resume(Selection::All).await.unwrap();
    let done = fixture.ended(id).await;
    assert!(done.sent < 62 * MIB, "{}", done.sent);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_does_not_wait_for_a_part_that_has_just_begun() {
    let fixture = limited(1_000_000).await;
    let id = queued(&fixture, "f", 60 * MIB).await;
    fixture.until(id, |detail| detail.row.in_flight >= MIB).await;
    let began = Instant::now();
    fixture.engine.pause(Selection::All).await.unwrap();
    let paused = fixture.until(id, |detail| detail.row.status == Status::Paused).await;
    // the part needs four seconds more
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    assert_eq!(paused.row.stored, 0);
    fixture.engine.abort(Selection::All).await.unwrap();
    fixture.ended(id).await;
    fixture.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_that_is_taken_back_goes_on_where_it_was() {
    let fixture = limited(2_500_000).await;
    let id = queued(&fixture, "f", 30 * MIB).await;
    fixture.until(id, |detail| detail.row.in_flight >= 3 * MIB).await;
    fixture.engine.pause(Selection::All).await.unwrap();
    fixture.engine.resume(Selection::All).await.unwrap();
    set(&fixture, None);
    let done = fixture.ended(id).await;
    assert!(done.sent <= 30 * MIB + AT_MOST, "{}", done.sent);
    fixture.assert_clean().await;
}
