//! What a break costs where bytes are few: a limit, a pause, a line that becomes slow. Default settings; knows what is sent
//! and what the server has, must not know how parts take turns.

use crate::world::{MIB, World};
use std::time::{Duration, Instant};
use windlass_engine::page::{Detail, Status, Which};
use windlass_engine::settings::Settings;
use windlass_engine::{Id, NewUpload};
use windlass_tests::Server;

/// Two parts of 5 MiB.
const AT_MOST: u64 = 10 * MIB;
/// One that is answered late, one that is being sent, and the beginning of the next.
const AT_ANY_TIME: u64 = 15 * MIB;

async fn limited(limit: u64) -> World {
    let world = World::on(Server::practice().await).await;
    set(&world, Some(limit));
    world
}

fn set(world: &World, limit: Option<u64>) {
    world.engine.save_settings(Settings { limit, ..world.engine.settings() }).unwrap();
}

async fn queued(world: &World, name: &str, size: u64) -> Id {
    let path = world.file(name, size, size);
    let upload = NewUpload { part_size: None, ..world.upload(&path, name) };
    world.engine.queue(vec![upload]).await.unwrap()[0]
}

fn sent_and_stored(detail: &Detail) -> (u64, u64) {
    (detail.row.stored + detail.row.in_flight, detail.row.stored)
}

/// Of all that was sent, no more than three parts are not stored, be the limit as high as it may: at any moment, over all uploads.
#[tokio::test(flavor = "multi_thread")]
async fn under_a_limit_what_is_sent_is_stored_part_by_part() {
    let world = limited(6_000_000).await;
    let ids = [queued(&world, "a", 40 * MIB).await, queued(&world, "b", 30 * MIB).await];
    loop {
        let mut in_flight = 0;
        let mut done = 0;
        for id in ids {
            let detail = world.engine.detail(id).await.unwrap();
            in_flight += detail.row.in_flight;
            done += usize::from(detail.row.status == Status::Done);
        }
        assert!(in_flight <= AT_ANY_TIME, "{in_flight} bytes are sent and not stored");
        if done == ids.len() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    world.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_in_mid_upload_costs_at_most_two_parts() {
    let world = limited(8_000_000).await;
    let id = queued(&world, "f", 60 * MIB).await;
    let detail = world.until(id, |detail| sent_and_stored(detail).0 > 33 * MIB).await;
    let (sent, stored) = sent_and_stored(&detail);
    assert!(sent - stored <= AT_MOST, "{sent} sent, {stored} stored");
    let address = world.server.endpoint.clone();
    let world = world.reopened(&address).await;
    let done = world.ended(id).await;
    assert!(done.resumed >= 33 * MIB - AT_MOST, "{}", done.resumed);
    assert!(done.sent <= 60 * MIB + AT_MOST, "{}", done.sent);
    world.assert_clean().await;
}

/// A limit that is lowered in the middle of many parts: the oldest ones are finished first, and no part is sent twice.
#[tokio::test(flavor = "multi_thread")]
async fn a_limit_that_is_lowered_finishes_what_is_in_flight_one_by_one() {
    let world = limited(40_000_000).await;
    let id = queued(&world, "f", 90 * MIB).await;
    world.until(id, |detail| detail.row.stored > 20 * MIB).await;
    set(&world, Some(3_000_000));
    let before = world.engine.detail(id).await.unwrap();
    let (_, stored) = sent_and_stored(&before);
    let more = world.until(id, |detail| detail.row.stored >= stored + 10 * MIB).await;
    assert!(more.row.in_flight <= before.row.in_flight.max(AT_MOST), "{more:?}");
    set(&world, None);
    let done = world.ended(id).await;
    assert_eq!((done.sent, done.retries), (90 * MIB, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_waits_for_a_part_that_is_nearly_sent() {
    let world = limited(2_500_000).await;
    let id = queued(&world, "f", 60 * MIB).await;
    let nearly =
        |detail: &Detail| detail.row.in_flight >= 4 * MIB && detail.row.in_flight < 5 * MIB;
    let before = world.until(id, nearly).await;
    world.engine.pause(Which::All).await.unwrap();
    let pausing = world.engine.detail(id).await.unwrap();
    let paused = world.until(id, |detail| detail.row.status == Status::Paused).await;
    assert!(pausing.row.status == Status::Pausing || paused.row.stored > before.row.stored);
    assert!(paused.row.stored > before.row.stored, "{before:?} {paused:?}");
    assert_eq!(paused.row.in_flight, 0);
    // what was sent besides is the beginning of the part behind it
    assert!(paused.sent - paused.row.stored < 2 * MIB, "{paused:?}");
    set(&world, None);
    world.engine.resume(Which::All).await.unwrap();
    let done = world.ended(id).await;
    assert!(done.sent < 62 * MIB, "{}", done.sent);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_does_not_wait_for_a_part_that_has_just_begun() {
    let world = limited(1_000_000).await;
    let id = queued(&world, "f", 60 * MIB).await;
    world.until(id, |detail| detail.row.in_flight >= MIB).await;
    let began = Instant::now();
    world.engine.pause(Which::All).await.unwrap();
    let paused = world.until(id, |detail| detail.row.status == Status::Paused).await;
    // the part needs four seconds more
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    assert_eq!(paused.row.stored, 0);
    world.engine.abort(Which::All).await.unwrap();
    world.ended(id).await;
    world.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_that_is_taken_back_goes_on_where_it_was() {
    let world = limited(2_500_000).await;
    let id = queued(&world, "f", 30 * MIB).await;
    world.until(id, |detail| detail.row.in_flight >= 3 * MIB).await;
    world.engine.pause(Which::All).await.unwrap();
    world.engine.resume(Which::All).await.unwrap();
    set(&world, None);
    let done = world.ended(id).await;
    assert!(done.sent <= 30 * MIB + AT_MOST, "{}", done.sent);
    world.assert_clean().await;
}
