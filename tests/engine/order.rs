//! Moving uploads within the queue: what is moved up starts first, and the order survives a restart.

use crate::fixture::{Fixture, PART};
use windlass_engine::{Detail, Id, PageQuery, Place, Reorder, Settings, Sort, Status, View};
use windlass_tests::{Act, Proxy, Server, When};

async fn listed(fixture: &Fixture) -> Vec<Id> {
    let query = PageQuery {
        view: View::All,
        filter: String::new(),
        sort: Sort::Queue,
        offset: 0,
        limit: 100,
    };
    fixture.engine.queue_page(query).await.unwrap().rows.iter().map(|row| row.id).collect()
}

/// One large upload at a time over one connection, the first of them held at its first part.
async fn one_held(proxy: &Proxy, server: Server) -> (Fixture, Vec<Id>) {
    proxy.on(When::part(1).path("held"), 1, Act::Hold);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let one = Settings { uploads_at_once: 1, connections: Some(1), ..fixture.engine.settings() };
    fixture.engine.save_settings(one).unwrap();
    let ids = queued(&fixture, &["held", "second", "third", "fourth"]).await;
    proxy.until_held(1).await;
    (fixture, ids)
}

async fn queued(fixture: &Fixture, names: &[&str]) -> Vec<Id> {
    let new =
        |(name, seed): (&&str, u64)| fixture.upload(&fixture.file(name, seed, 4 * PART), name);
    fixture.engine.queue(names.iter().zip(1..).map(new).collect()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_moved_up_begins_first() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let (fixture, ids) = one_held(&proxy, server).await;
    let [held, second, third, fourth] = ids[..] else { panic!("four were queued") };
    fixture.engine.reorder(Reorder { ids: vec![fourth], to: Place::First }).await.unwrap();
    let up = Place::Up { view: View::Waiting, filter: String::new() };
    fixture.engine.reorder(Reorder { ids: vec![third], to: up }).await.unwrap();
    assert_eq!(listed(&fixture).await, [fourth, held, third, second]);
    proxy.release();
    let mut begun = Vec::new();
    for id in ids {
        let detail: Detail = fixture.ended(id).await;
        assert_eq!(detail.row.status, Status::Done, "{:?}", detail.row.fault);
        begun.push((detail.started_at, id));
    }
    begun.sort_unstable();
    let begun: Vec<Id> = begun.into_iter().map(|(_, id)| id).collect();
    assert_eq!(begun, [held, fourth, third, second]);
    assert_eq!(
        listed(&fixture).await,
        [fourth, held, third, second],
        "what is done keeps its place"
    );
}

/// Three are under way and share one connection: the next turn is for the one that stands first of those that wait for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_move_reaches_uploads_under_way() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    proxy.on(When::part(1).path("held"), 1, Act::Hold);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let three = Settings { uploads_at_once: 3, connections: Some(1), ..fixture.engine.settings() };
    fixture.engine.save_settings(three).unwrap();
    queued(&fixture, &["held"]).await;
    proxy.until_held(1).await;
    let ids = queued(&fixture, &["second", "third"]).await;
    for id in &ids {
        fixture.until(*id, |detail| detail.row.status == Status::Sending).await;
    }
    fixture.engine.reorder(Reorder { ids: vec![ids[1]], to: Place::First }).await.unwrap();
    proxy.release();
    for id in ids {
        assert_eq!(fixture.ended(id).await.row.status, Status::Done);
    }
    let sent = proxy.seen();
    let first = |name: &str| {
        sent.iter().position(|one| one.path.contains(name) && When::any_part().fits(one))
    };
    assert!(first("third") < first("second"), "{sent:?}");
}

/// Three large ones that would take more than a minute, and small files queued after them: those are done as soon as a
/// part of one behind the first has ended, and the first has the most of the connections all the same.
#[tokio::test(flavor = "multi_thread")]
async fn small_files_do_not_wait_for_large_ones_and_the_first_stays_first() {
    let fixture = Fixture::on(Server::practice().await).await;
    let slow = Settings { limit: Some(4 * PART / 5), ..fixture.engine.settings() };
    fixture.engine.save_settings(slow).unwrap();
    let mut large = Vec::new();
    for (seed, name) in [(1, "large-1"), (2, "large-2"), (3, "large-3")] {
        large.push(fixture.queue(&fixture.file(name, seed, 20 * PART), name).await);
    }
    for id in &large {
        fixture.until(*id, |detail| detail.sent > 0).await;
    }
    let mut small = Vec::new();
    for seed in 10..40 {
        let name = format!("small-{seed}");
        small.push(fixture.queue(&fixture.file(&name, seed, 4_000), &name).await);
    }
    for id in small {
        assert_eq!(fixture.ended(id).await.row.status, Status::Done);
    }
    let mut details = Vec::new();
    for id in large {
        details.push(fixture.engine.detail(id).await.unwrap());
    }
    // on a busy machine the small ones may take as long as the first alone; the others need a minute more
    assert!(details[1..].iter().all(|detail| detail.row.status == Status::Sending));
    let sent: Vec<u64> = details.iter().map(|detail| detail.sent).collect();
    assert!(sent[0] > sent[1] + sent[2], "{sent:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_outlives_the_engine() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let (fixture, ids) = one_held(&proxy, server).await;
    let [held, second, third, fourth] = ids[..] else { panic!("four were queued") };
    fixture.engine.reorder(Reorder { ids: vec![held, third], to: Place::Last }).await.unwrap();
    proxy.clear();
    let fixture = fixture.reopened(proxy.endpoint()).await;
    assert_eq!(listed(&fixture).await, [second, fourth, held, third]);
    proxy.release();
    for id in ids {
        assert_eq!(fixture.ended(id).await.row.status, Status::Done);
    }
    fixture.assert_clean().await;
}
