//! A hundred thousand files, and one of ten thousand parts: in the queue at once, there again after a start. Prints
//! what it took (`-- --nocapture scale`); must not judge by the clock.

use crate::fixture::{Fixture, PART};
use std::fs;
use std::time::{Duration, Instant};
use windlass_engine::{
    AddRequest, Compared, Engine, EngineConfig, IfExists, Options, PageQuery, Selection, Sort,
    Status, View,
};
use windlass_practice::Keys;
use windlass_tests::{Act, Proxy, Server, When};

const FILES: u32 = 100_000;
/// S3's most.
const PARTS: u16 = 10_000;
const MISSING: u16 = 7_777;

fn rows(offset: u32, limit: u32) -> PageQuery {
    PageQuery { view: View::All, filter: String::new(), sort: Sort::Queue, offset, limit }
}

/// Folders of 500 files of some bytes, as a camera or an instrument leaves them.
fn tree(root: &std::path::Path) {
    for folder in 0..FILES / 500 {
        let dir = root.join(format!("day {:02}/take {folder:03}", folder / 20));
        fs::create_dir_all(&dir).unwrap();
        for file in 0..500 {
            fs::write(dir.join(format!("frame {file:04}.dpx")), b"frame").unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_files_are_in_the_queue_and_stay_there() {
    let fixture = Fixture::on(Server::practice().await).await;
    let root = fixture.folder.path().join("card");
    let made = Instant::now();
    tree(&root);
    println!("{FILES} files made in {:.1} s", made.elapsed().as_secs_f64());

    let dropped = Instant::now();
    let scan = fixture.engine.scan(vec![root]);
    let mut first_seen = None;
    let walked = loop {
        let so_far = fixture.engine.scan_progress(scan).unwrap();
        if so_far.files > 0 && first_seen.is_none() {
            first_seen = Some(dropped.elapsed());
        }
        if !so_far.walking {
            break so_far;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    assert_eq!((walked.files, walked.skipped_count), (FILES, 0));
    let walk = dropped.elapsed();
    // held back: what is measured is the queue, not the server
    fixture.engine.pause(Selection::All).await.unwrap();
    let asked = Instant::now();
    let added = fixture
        .engine
        .add(AddRequest {
            scan,
            connection: "nobody's".into(),
            bucket: fixture.bucket.clone(),
            prefix: String::new(),
            if_exists: IfExists::Replace,
            options: Options::default(),
        })
        .await
        .unwrap();
    assert_eq!(added.count, FILES);
    let add = asked.elapsed();
    fixture.engine.pause(Selection::All).await.unwrap();
    let asked = Instant::now();
    let page = fixture.engine.queue_page(rows(FILES - 20, 40)).await.unwrap();
    assert_eq!((page.total, page.rows.len()), (FILES, 20));
    let paged = asked.elapsed();
    let asked = Instant::now();
    let filter = PageQuery { filter: "take 123/frame 0007".into(), ..rows(0, 40) };
    assert_eq!(fixture.engine.queue_page(filter).await.unwrap().total, 1);
    let filtered = asked.elapsed();
    let asked = Instant::now();
    fixture.engine.pause(Selection::Ids { ids: added.ids }).await.unwrap();
    let all = asked.elapsed();

    fixture.engine.close().await;
    let Fixture { engine, folder, .. } = fixture;
    drop(engine);
    let config = EngineConfig { folder: folder.path().join("state"), patience: None };
    let (engine, open, first) = loop {
        let started = Instant::now();
        // the lock goes with the last of the engine's tasks
        if let Ok(engine) = Engine::open(&config) {
            let open = started.elapsed();
            engine.start();
            let page = engine.queue_page(rows(0, 40)).await.unwrap();
            assert_eq!((page.total, page.rows.len()), (FILES, 40));
            break (engine, open, started.elapsed());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    let asked = Instant::now();
    assert_eq!(engine.totals().await.unwrap().all, FILES);
    println!(
        "first file seen after {:?}, walked in {walk:?}, added in {add:?}, last page in {paged:?}, filtered in {filtered:?}, \
         all paused by id in {all:?}; opened again in {open:?}, first rows after {first:?}, totals in {:?}",
        first_seen.unwrap(),
        asked.elapsed()
    );
    engine.close().await;
}

/// Ten thousand parts of 5 MiB, all but one of them stored by a process that died: the last goes out, no other does. The
/// file has holes, and the parts on the server share one file of zeros, so that 49 GiB fit on this disk.
#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_parts_are_gone_on_with() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let path = fixture.folder.path().join("large");
    fs::File::create(&path).unwrap().set_len(u64::from(PARTS) * PART).unwrap();
    proxy.on(When::part(1), 1, Act::Delay(Duration::ZERO));
    proxy.on(When::any_part(), 1000, Act::Hold);
    let id = fixture.queue(&path, "large").await;
    let detail = fixture.until(id, |detail| detail.row.parts_stored == 1).await;
    let upload_id = detail.upload_id.unwrap();
    fixture.engine.close().await;

    let Fixture { engine, bucket, folder, server, .. } = fixture;
    drop(engine);
    let keys = Keys {
        access_key_id: server.access_key_id.clone(),
        secret_access_key: server.secret_access_key.clone(),
    };
    proxy.unplug();
    let store = server.stop().await.unwrap();
    let parts = store.path().join(format!("bucket-{bucket}/uploads/{upload_id}"));
    let first: serde_json::Value =
        serde_json::from_slice(&fs::read(parts.join("part-00001.json")).unwrap()).unwrap();
    let state = folder.path().join("state");
    let mut journal = rusqlite::Connection::open(state.join("journal.sqlite")).unwrap();
    let rows = journal.transaction().unwrap();
    for number in (2..=PARTS).filter(|number| *number != MISSING) {
        let mut part = first.clone();
        part["number"] = number.into();
        fs::write(parts.join(format!("part-{number:05}.json")), part.to_string()).unwrap();
        let sql = "INSERT INTO parts (upload, number, etag, crc64, verified) SELECT upload, ?, etag, crc64, verified FROM parts WHERE upload = ? AND number = 1";
        rows.execute(sql, [u32::from(number), id]).unwrap();
    }
    rows.commit().unwrap();
    drop(journal);

    let server = Server::practice_over(store, keys).await;
    let proxy = Proxy::to(&server.endpoint);
    let reference = windlass_tests::ReferenceClient::new(&server);
    let engine = Engine::open(&EngineConfig { folder: state, patience: None }).unwrap();
    let fixture = Fixture { engine, reference, bucket, folder, server };
    let mut connection = fixture.connection();
    connection.endpoint = Some(proxy.endpoint().into());
    fixture.engine.set_session_connection(connection, fixture.secret()).unwrap();
    let started = Instant::now();
    fixture.engine.start();
    fixture.until(id, |detail| detail.row.parts_stored >= PARTS - 1).await;
    let reconciled = started.elapsed();
    let detail = fixture.ended(id).await;
    assert_eq!(detail.row.status, Status::Done, "{:?}", detail.row.fault);
    assert_eq!(detail.checksum.unwrap().compared, Compared::WholeObject);
    assert_eq!(detail.resumed, u64::from(PARTS - 1) * PART);
    let sent = [When::any_part(), When::part(MISSING), When::list_parts()];
    assert_eq!(sent.map(|when| proxy.count(&when)), [1, 1, 10]);
    let object = fixture.reference.head(&fixture.bucket, "large").await.unwrap();
    assert_eq!(object.content_length(), Some((u64::from(PARTS) * PART).cast_signed()));
    println!(
        "{} parts reconciled {reconciled:?} after the start, done after {:?}",
        PARTS - 1,
        started.elapsed()
    );
}
