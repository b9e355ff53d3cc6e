//! The limit in bytes a second, over all uploads together and while it changes. Knows bytes by their time of arrival;
//! must not know how they are held back.

use crate::world::{MIB, World};
use std::time::{Duration, Instant};
use windlass_engine::page::Which;
use windlass_engine::settings::Settings;
use windlass_tests::{Proxy, Server, When};

const WINDOW: Duration = Duration::from_secs(5);

/// Body bytes that had arrived by a time.
type Sample = (Instant, u64);

fn limit(world: &World, limit: u64) -> Instant {
    let limit = Some(limit);
    world.engine.save_settings(Settings { limit, ..world.engine.settings() }).unwrap();
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

/// Three uploads and eight connections in any five seconds, the first one left out, and again under another limit.
#[tokio::test(flavor = "multi_thread")]
async fn three_uploads_keep_to_one_limit() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let world = World::by_way_of(server, proxy.endpoint()).await;
    let second = Duration::from_secs(1);
    for (from, to) in [(4 * MIB, MIB), (MIB, 4 * MIB)] {
        limit(&world, from);
        let mut ids = Vec::new();
        for name in ["a", "b", "c"] {
            ids.push(world.queue(&world.file(name, from, 60 * MIB), name).await);
        }
        for id in &ids {
            world.until(*id, |detail| detail.sent > 0).await;
        }
        let began = Instant::now();
        let before = samples(&proxy, 9 * second).await;
        let changed = limit(&world, to);
        let after = samples(&proxy, 8 * second).await;
        for (samples, from, limit) in
            [(&before, began + second, from), (&after, changed + second, to)]
        {
            let (least, most) = extremes(samples, from, limit);
            eprintln!("{limit} bytes a second: {least:.4} to {most:.4} of it in any five seconds");
            assert!(least > 0.95 && most < 1.05, "{limit}: {least} to {most}");
        }
        // what is on its way through the system's buffers when the limit changes is no second's worth
        let first = after.iter().find(|(at, _)| *at >= changed + second).unwrap().1 - after[0].1;
        assert!(first < to + to / 4 + MIB / 4, "{first} bytes in the first second under {to}");
        assert!(first > to / 2, "{first} bytes in the first second under {to}");
        // each of the three has had its part of it
        for id in &ids {
            let sent = world.engine.detail(*id).await.unwrap().sent;
            assert!(sent >= 4 * MIB, "{sent} bytes");
        }
        world.engine.abort(Which::Ids { ids: ids.clone() }).await.unwrap();
        for id in ids {
            world.ended(id).await;
        }
    }
}
