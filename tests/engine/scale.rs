//! A hundred thousand files, and one of ten thousand parts: in the queue at once, there again after a start. Prints
//! what it took (`-- --nocapture scale`); must not judge by the clock.

use crate::world::{MIB, World};
use std::fs;
use std::time::{Duration, Instant};
use windlass_engine::page::{PageQuery, View, Which};
use windlass_engine::upload::{IfExists, Options};
use windlass_engine::{AddRequest, Engine, Home};
use windlass_tests::Server;

const FILES: u32 = 100_000;

fn rows(offset: u32, limit: u32) -> PageQuery {
    PageQuery { view: View::All, filter: String::new(), offset, limit }
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
    let world = World::on(Server::practice().await).await;
    let root = world.folder.path().join("card");
    let made = Instant::now();
    tree(&root);
    println!("{FILES} files made in {:.1} s", made.elapsed().as_secs_f64());

    let dropped = Instant::now();
    let survey = world.engine.survey(vec![root]);
    let mut first_seen = None;
    let walked = loop {
        let so_far = world.engine.survey_progress(survey).unwrap();
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
    world.engine.pause(Which::All).await.unwrap();
    let asked = Instant::now();
    let added = world
        .engine
        .add(AddRequest {
            survey,
            connection: "nobody's".into(),
            bucket: world.bucket.clone(),
            prefix: String::new(),
            if_exists: IfExists::Replace,
            options: Options::default(),
        })
        .await
        .unwrap();
    assert_eq!(added.count, FILES);
    let add = asked.elapsed();
    world.engine.pause(Which::All).await.unwrap();
    let asked = Instant::now();
    let page = world.engine.queue_page(rows(FILES - 20, 40)).await.unwrap();
    assert_eq!((page.total, page.rows.len()), (FILES, 20));
    let paged = asked.elapsed();
    let asked = Instant::now();
    let filter = PageQuery { filter: "take 123/frame 0007".into(), ..rows(0, 40) };
    assert_eq!(world.engine.queue_page(filter).await.unwrap().total, 1);
    let filtered = asked.elapsed();
    let asked = Instant::now();
    world.engine.pause(Which::Ids { ids: added.ids }).await.unwrap();
    let all = asked.elapsed();

    world.engine.close().await;
    let World { engine, folder, .. } = world;
    drop(engine);
    let home = Home { folder: folder.path().join("state"), patience: None };
    let (engine, open, first) = loop {
        let started = Instant::now();
        // the lock goes with the last of the engine's tasks
        if let Ok(engine) = Engine::open(&home) {
            let open = started.elapsed();
            engine.begin();
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

#[allow(dead_code)]
const _: u64 = MIB;
