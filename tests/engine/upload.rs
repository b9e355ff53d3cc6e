//! The main job on each server: every size, parts out of order, two at once, pause, cancel, options.

use crate::fixture::{Fixture, MIB, PART, answer_to};
use windlass_engine::{Compared, Detail, IfExists, Options, Selection, Settings, Status};
use windlass_tests::{Act, Proxy, Server, When};

/// Sizes around every border of the plan; the largest has 100 parts.
async fn sizes(server: Server, compared: Compared) {
    let fixture = Fixture::on(server).await;
    for (index, size) in
        [0, 1, PART - 1, PART, PART + 1, 3 * PART, 100 * PART].into_iter().enumerate()
    {
        let path = fixture.file("sample", index as u64, size);
        let detail = fixture.hauled(&path, &format!("sizes/{size} ü&+.bin")).await;
        let parts = size.div_ceil(PART).max(1);
        assert_eq!(
            (u64::from(detail.row.parts), detail.sent, detail.resumed),
            (parts, size, 0),
            "{size}"
        );
        assert_eq!(detail.checksum.unwrap().compared, compared, "{size}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sizes_on_the_practice_store() {
    sizes(Server::practice().await, Compared::WholeObject).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sizes_on_localstack() {
    sizes(Server::localstack().await, Compared::WholeObject).await;
}

/// An old store without the newer checksums: what its ETags prove is proved, and said so.
#[tokio::test(flavor = "multi_thread")]
async fn sizes_on_ceph() {
    sizes(Server::ceph().await, Compared::Etag).await;
}

/// Whoever opens the details after the end sees how it went.
#[tokio::test(flavor = "multi_thread")]
async fn the_speed_of_an_upload_that_has_ended_is_still_there() {
    let fixture = Fixture::on(Server::practice().await).await;
    let slow = Settings { limit: Some(8 * MIB), ..fixture.engine.settings() };
    fixture.engine.save_settings(slow).unwrap();
    let path = fixture.file("f", 1, 4 * PART);
    let id = fixture.hauled(&path, "f").await.row.id;
    let went = fixture.engine.detail(id).await.unwrap().throughput;
    assert!(went.len() >= 2, "{went:?}");
    assert!(went.iter().sum::<u64>() <= 4 * PART);
    assert!(went.iter().any(|second| *second > 0));
}

async fn two_at_once(server: Server) {
    let fixture = Fixture::on(server).await;
    let (a, b) = (fixture.file("a", 1, 9 * PART), fixture.file("b", 2, 7 * PART + 3));
    let ids =
        fixture.engine.queue(vec![fixture.upload(&a, "a"), fixture.upload(&b, "b")]).await.unwrap();
    for id in ids {
        let detail = fixture.ended(id).await;
        assert_eq!(detail.row.status, Status::Done, "{:?}", detail.row.fault);
    }
    fixture.reference.assert_same(&fixture.bucket, "a", &a).await;
    fixture.reference.assert_same(&fixture.bucket, "b", &b).await;
    fixture.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_at_once_on_each_server() {
    for server in Server::all().await {
        two_at_once(server).await;
    }
}

/// "Uploads at once" is what it says for large files, however many connections stand idle.
#[tokio::test(flavor = "multi_thread")]
async fn no_more_large_files_at_once_than_were_asked_for() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    proxy.on(When::part(4), 1, Act::Hold);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let one = Settings { uploads_at_once: 1, connections: Some(1), ..fixture.engine.settings() };
    fixture.engine.save_settings(one).unwrap();
    let (a, b) = (fixture.file("a", 1, 9 * PART), fixture.file("b", 2, 4 * PART));
    let ids =
        fixture.engine.queue(vec![fixture.upload(&a, "a"), fixture.upload(&b, "b")]).await.unwrap();
    let second_waits = |detail: &Detail| {
        assert_eq!(detail.row.status, Status::Waiting);
        detail.row.status == Status::Waiting
    };
    for stored in 1..=3 {
        fixture.until(ids[0], |detail| detail.row.parts_stored >= stored).await;
        fixture.until(ids[1], second_waits).await;
    }
    proxy.until_held(1).await;
    proxy.release();
    for id in ids {
        assert_eq!(fixture.ended(id).await.row.status, Status::Done);
    }
}

/// Part 1 arrives last.
#[tokio::test(flavor = "multi_thread")]
async fn parts_out_of_order_make_the_same_object() {
    for server in Server::all().await {
        let proxy = Proxy::to(&server.endpoint);
        proxy.on(When::part(1), 1, Act::Hold);
        let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
        let path = fixture.file("f", 3, 5 * PART + 7);
        let id = fixture.queue(&path, "out-of-order").await;
        let detail = fixture.until(id, |detail| detail.row.parts_stored == 5).await;
        assert_eq!(fixture.engine.part_map(id).await.unwrap()[1..], [255; 5]);
        assert_eq!(detail.row.status, Status::Sending);
        proxy.release();
        assert_eq!(fixture.ended(id).await.row.status, Status::Done);
        fixture.reference.assert_same(&fixture.bucket, "out-of-order", &path).await;
        fixture.assert_clean().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pause_stops_the_bytes_and_resume_sends_no_stored_part_again() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    proxy.on(When::part(4), 1, Act::Hold);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let path = fixture.file("f", 4, 6 * PART);
    let id = fixture.queue(&path, "paused").await;
    fixture.until(id, |detail| detail.row.parts_stored == 5).await;
    fixture.engine.pause(Selection::Ids { ids: vec![id] }).await.unwrap();
    fixture.until(id, |detail| detail.row.status == Status::Paused).await;
    proxy.clear();
    proxy.release();
    let paused = fixture.engine.detail(id).await.unwrap();
    assert_eq!((paused.row.stored, paused.row.in_flight, paused.row.rate), (5 * PART, 0, 0));
    let totals = fixture.engine.totals().await.unwrap();
    assert_eq!((totals.paused, totals.waiting, totals.active), (1, 0, 0), "a list of its own");

    fixture.engine.resume(Selection::Ids { ids: vec![id] }).await.unwrap();
    let detail = fixture.ended(id).await;
    assert_eq!((detail.row.status, detail.resumed), (Status::Done, 5 * PART));
    for number in [1, 2, 3, 5, 6] {
        assert_eq!(
            proxy.count(&When::part(number)),
            1,
            "part {number} was stored and went out once"
        );
    }
    fixture.reference.assert_same(&fixture.bucket, "paused", &path).await;
    fixture.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pause_survives_a_restart_and_the_upload_goes_on_where_it_was() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    proxy.on(When::part(2), 1, Act::Hold);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let path = fixture.file("f", 5, 4 * PART);
    let id = fixture.queue(&path, "again").await;
    fixture.until(id, |detail| detail.row.parts_stored == 3).await;
    fixture.engine.pause(Selection::All).await.unwrap();
    fixture.until(id, |detail| detail.row.status == Status::Paused).await;
    proxy.clear();
    proxy.release();

    let fixture = fixture.reopened(proxy.endpoint()).await;
    assert_eq!(fixture.engine.detail(id).await.unwrap().row.status, Status::Paused);
    fixture.engine.resume(Selection::All).await.unwrap();
    let detail = fixture.ended(id).await;
    assert_eq!(
        (detail.row.status, detail.resumed, detail.sent),
        (Status::Done, 3 * PART, detail.sent)
    );
    assert_eq!(proxy.count(&When::create()), 1, "the same multipart upload");
    fixture.reference.assert_same(&fixture.bucket, "again", &path).await;
    fixture.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cancel_takes_everything_off_the_server() {
    for server in Server::all().await {
        let proxy = Proxy::to(&server.endpoint);
        proxy.on(When::part(3), 1, Act::Hold);
        let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
        let path = fixture.file("f", 6, 4 * PART);
        let id = fixture.queue(&path, "cancelled").await;
        fixture.until(id, |detail| detail.row.parts_stored == 3).await;
        fixture.engine.abort(Selection::Ids { ids: vec![id] }).await.unwrap();
        proxy.release();
        assert_eq!(fixture.ended(id).await.row.status, Status::Aborted);
        fixture.assert_clean().await;
        assert!(fixture.reference.head(&fixture.bucket, "cancelled").await.is_none());

        fixture.engine.retry(Selection::Ids { ids: vec![id] }).await.unwrap();
        fixture.until(id, |detail| detail.row.status == Status::Done).await;
        fixture.reference.assert_same(&fixture.bucket, "cancelled", &path).await;
        fixture.engine.forget(Selection::All).await.unwrap();
        assert_eq!(fixture.engine.totals().await.unwrap().all, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_where_the_key_is_taken() {
    let fixture = Fixture::on(Server::practice().await).await;
    let path = fixture.file("clip.mov", 7, 3 * MIB);
    fixture.reference.put(&fixture.bucket, "clip.mov", b"there before".to_vec()).await;
    let with =
        |if_exists| windlass_engine::NewUpload { if_exists, ..fixture.upload(&path, "clip.mov") };

    let ask = fixture.engine.queue(vec![with(IfExists::Ask)]).await.unwrap()[0];
    let detail = fixture.ended(ask).await;
    assert_eq!(detail.row.status, Status::NeedsAnswer);
    let skip = fixture.engine.queue(vec![with(IfExists::Skip)]).await.unwrap()[0];
    assert_eq!(fixture.ended(skip).await.row.status, Status::Skipped);
    assert_eq!(fixture.reference.get(&fixture.bucket, "clip.mov").await, b"there before");

    let both = fixture.engine.queue(vec![with(IfExists::KeepBoth)]).await.unwrap()[0];
    assert_eq!(fixture.ended(both).await.row.key, "clip (2).mov");
    fixture.reference.assert_same(&fixture.bucket, "clip (2).mov", &path).await;

    let answer = answer_to(vec![ask], IfExists::Replace);
    fixture.engine.answer_exists(answer).await.unwrap();
    fixture.until(ask, |detail| detail.row.status == Status::Done).await;
    fixture.reference.assert_same(&fixture.bucket, "clip.mov", &path).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn options_arrive_with_the_object() {
    let fixture = Fixture::on(Server::practice().await).await;
    let options = Options {
        storage_class: Some("STANDARD_IA".into()),
        content_type: None,
        tags: vec![("shoot".into(), "day 1 + 2".into())],
        metadata: vec![("camera".into(), "b".into())],
        ..Options::default()
    };
    for (name, size) in [("small.mp4", MIB), ("large.mp4", 2 * PART)] {
        let path = fixture.file(name, 8, size);
        let upload =
            windlass_engine::NewUpload { options: options.clone(), ..fixture.upload(&path, name) };
        let id = fixture.engine.queue(vec![upload]).await.unwrap()[0];
        assert_eq!(fixture.ended(id).await.row.status, Status::Done);
        let head = fixture.reference.head(&fixture.bucket, name).await.unwrap();
        assert_eq!(head.content_type(), Some("video/mp4"), "guessed from the name");
        assert_eq!(head.metadata().unwrap()["camera"], "b");
        assert_eq!(head.storage_class().unwrap().as_str(), "STANDARD_IA");
        let tags = fixture
            .reference
            .client
            .get_object_tagging()
            .bucket(&fixture.bucket)
            .key(name)
            .send()
            .await
            .unwrap();
        assert_eq!(tags.tag_set()[0].value(), "day 1 + 2");
    }
}

/// A thousand small files go through the same queue, several at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_folder_of_many_small_files_keeps_its_structure() {
    let fixture = Fixture::on(Server::practice().await).await;
    let root = fixture.folder.path().join("shoot");
    for index in 0..300 {
        let folder = root.join(format!("day {}", index % 7));
        std::fs::create_dir_all(&folder).unwrap();
        windlass_tests::files::write(&folder.join(format!("{index}.raw")), index, 100 + index);
    }
    let scan = fixture.engine.scan(vec![root.clone()]);
    let mut changes = 0;
    while fixture.engine.scan_progress(scan).unwrap().walking {
        changes += 1;
        assert!(changes < 10_000);
        tokio::task::yield_now().await;
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert_eq!(fixture.engine.scan_progress(scan).unwrap().files, 300);
    let request = windlass_engine::AddRequest {
        scan,
        connection: "test".into(),
        bucket: fixture.bucket.clone(),
        prefix: "2026/".into(),
        if_exists: IfExists::Replace,
        options: Options::default(),
    };
    let added = fixture.engine.add(request).await.unwrap();
    assert_eq!(added.count, 300);
    for id in added.ids {
        assert_eq!(fixture.ended(id).await.row.status, Status::Done);
    }
    assert_eq!(fixture.reference.keys(&fixture.bucket, "2026/shoot/").await.len(), 300);
    fixture
        .reference
        .assert_same(&fixture.bucket, "2026/shoot/day 3/10.raw", &root.join("day 3/10.raw"))
        .await;
    let totals = fixture.engine.totals().await.unwrap();
    assert_eq!((totals.done, totals.active, totals.waiting, totals.total_bytes), (300, 0, 0, 0));
}
