//! The bandwidth limit, over all uploads together and while it changes.

use crate::fixture::{Fixture, MIB};
use std::time::{Duration, Instant};
use windlass_engine::{Day, ScheduledLimit, Settings};
use windlass_tests::{Proxy, Server, When};

const WINDOW: Duration = Duration::from_secs(5);

/// Body bytes that had arrived by a time.
type Sample = (Instant, u64);

fn limit(fixture: &Fixture, limit: u64) -> Instant {
    let limit = Some(limit);
    fixture.engine.save_settings(Settings { limit, ..fixture.engine.settings() }).unwrap();
    Instant::now()
}

async fn samples(proxy: &Proxy, span: Duration) -> Vec<Sample> {
    let (began, mut taken) = (Instant::now(), Vec::new());
    while began.elapsed() < span {
        taken.push((Instant::now(), proxy.body_bytes(&When::any_part())));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    taken
}

/// The least and the most that any window held, as a share of the limit; samples before `from` are left out.
#[allow(clippy::cast_precision_loss, reason = "compared to a percent")]
fn extremes(samples: &[Sample], from: Instant, limit: u64) -> (f64, f64) {
    let kept: Vec<&Sample> = samples.iter().filter(|(at, _)| *at >= from).collect();
    let (mut least, mut most) = (f64::MAX, f64::MIN);
    for (at, bytes) in &kept {
        // a sample that came late makes its window longer: it is judged by its own length
        let Some((end, then)) = kept.iter().find(|(end, _)| *end >= *at + WINDOW) else { break };
        let share = (then - bytes) as f64 / (limit as f64 * (*end - *at).as_secs_f64());
        (least, most) = (least.min(share), most.max(share));
    }
    (least, most)
}

/// Three uploads in any five seconds, the first one left out, while the limit is lowered and raised again.
#[tokio::test(flavor = "multi_thread")]
async fn three_uploads_keep_to_one_limit() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let second = Duration::from_secs(1);
    limit(&fixture, 4 * MIB);
    let mut ids = Vec::new();
    for (seed, name) in [(1, "a"), (2, "b"), (3, "c")] {
        ids.push(fixture.queue(&fixture.file(name, seed, 60 * MIB), name).await);
    }
    for id in &ids {
        fixture.until(*id, |detail| detail.sent > 0).await;
    }
    for rate in [4 * MIB, MIB, 4 * MIB] {
        let changed = limit(&fixture, rate);
        let samples = samples(&proxy, 8 * second).await;
        let (least, most) = extremes(&samples, changed + second, rate);
        eprintln!("{rate} bytes a second: {least:.4} to {most:.4} of it in any five seconds");
        assert!(least > 0.95 && most < 1.05, "{rate}: {least} to {most}");
        // at once: what was in the system's buffers when the limit changed is no second's worth
        let then = samples.iter().find(|(at, _)| *at >= changed + second).unwrap().1;
        let first = then - samples[0].1;
        assert!(first > rate / 2 && first < rate + rate / 4 + MIB / 4, "{first} under {rate}");
    }
    // each of the three has had its part of it
    for id in ids {
        let sent = fixture.engine.detail(id).await.unwrap().sent;
        assert!(sent >= 4 * MIB, "{sent} bytes");
    }
}

/// What the clock allows is in force at once and told, whatever the usual limit is.
#[tokio::test(flavor = "multi_thread")]
async fn limits_by_the_clock_are_told_and_take_the_place_of_the_usual_one() {
    let fixture = Fixture::on(Server::practice().await).await;
    let set = |limit_hours: Vec<ScheduledLimit>| {
        let limit = Some(7 * MIB);
        fixture
            .engine
            .save_settings(Settings { limit, limit_hours, ..fixture.engine.settings() })
            .unwrap();
    };
    let reported = async || {
        let totals = fixture.engine.totals().await.unwrap();
        (totals.limit, totals.limit_until)
    };
    let always = |limit| ScheduledLimit { days: Day::ALL.to_vec(), from: 0, until: 0, limit };
    set(vec![]);
    assert_eq!(reported().await, (Some(7 * MIB), None));
    set(vec![always(Some(MIB)), always(None)]);
    assert_eq!(reported().await, (Some(MIB), None), "the first line wins, and it never ends");

    // held while it is sent, and let go by a line that takes its place
    let path = fixture.file("f", 1, 40 * MIB);
    let id = fixture.queue(&path, "f").await;
    fixture.until(id, |detail| detail.sent > 0).await;
    let (began, before) = (Instant::now(), fixture.engine.detail(id).await.unwrap().sent);
    tokio::time::sleep(Duration::from_secs(2)).await;
    let sent = fixture.engine.detail(id).await.unwrap().sent - before;
    assert!(sent < 3 * MIB, "{sent} bytes in {:?}", began.elapsed());
    set(vec![always(None)]);
    assert_eq!(reported().await, (None, None));
    fixture.ended(id).await;
    assert!(began.elapsed() < Duration::from_secs(30), "40 MiB at 1 MiB/s take forty seconds");

    // a line for all days but one ends some day
    set(vec![ScheduledLimit { days: Day::ALL[..6].to_vec(), ..always(Some(MIB)) }]);
    assert!(reported().await.1.is_some());
    assert_eq!(fixture.engine.settings().limit_hours.len(), 1);
}
