//! The main job with a mouse: drop, look at the plan, pause, resume, cancel, done, the same bytes.

use crate::steps::{percent, practice_of, session_with, until_status};
use std::path::Path;
use windlass_tests::{App, Launch, files, place};

const MIB: u64 = 1 << 20;
/// Slow enough to be paused in the middle.
const SLOW: &str = r#"{"limit":5000000,"connections":2,"partSize":5242880}"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_real_drop_is_paused_resumed_and_done_with_the_same_bytes() {
    let folder = place::scratch();
    let file = folder.path().join("day 1 & 2 – ünï #1%.mov");
    files::write(&file, 1, 40 * MIB + 3);
    let app = App::start(Launch::new().again(session_with(SLOW))).await;
    app.shot("01-first-start").await;
    app.click("try-practice").await;
    app.until("welcome", |text| text.contains("Drop files")).await;
    app.shot("02-empty").await;

    let hover = app.hover(&[&file]).await;
    app.get("drop-overlay").await;
    app.shot("03-over-the-window").await;
    hover.release_here().await;
    let summary = app.until("sheet-summary", |text| text.contains("41.9 MB")).await;
    assert!(summary.contains("day 1 & 2 – ünï #1%.mov"), "{summary}");
    let plan = app.until("sheet-plan", |text| text.contains("parts")).await;
    assert!(plan.contains("9 parts of 5 MiB"), "{plan}");
    app.shot("04-sheet").await;
    app.click("sheet-start").await;

    until_status(&app, 0, &["sending"]).await;
    while percent(&app).await < 25.0 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    app.click("row-1").await;
    app.get("part-map").await;
    app.shot("05-sending").await;
    app.click("row-pause").await;
    until_status(&app, 0, &["paused"]).await;
    let paused = percent(&app).await;
    app.shot("06-paused").await;
    assert!(paused > 0.0 && paused < 100.0, "{paused}");

    app.click("row-resume").await;
    until_status(&app, 0, &["sending", "done"]).await;
    assert!(percent(&app).await >= paused, "the solid part of the bar never goes back");
    until_status(&app, 0, &["done"]).await;
    app.shot("07-done").await;
    let address = app.attribute("address", "title").await.unwrap();
    assert_eq!(address, "s3://practice/day 1 & 2 – ünï #1%.mov");
    app.click("copy-address").await;

    let session = app.close().await;
    let (store, reference) = practice_of(&session).await;
    reference.assert_same("practice", "day 1 & 2 – ünï #1%.mov", &file).await;
    assert_eq!(reference.uploads("practice").await, []);
    store.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_and_a_file_are_picked_in_the_native_dialog() {
    let folder = place::scratch();
    let shoot = folder.path().join("shoot");
    std::fs::create_dir_all(shoot.join("b-roll")).unwrap();
    files::write(&shoot.join("a.mov"), 2, 17 * MIB);
    files::write(&shoot.join("b-roll/b.mov"), 3, 100);
    files::write(&shoot.join("empty"), 3, 0);
    std::fs::write(shoot.join(".DS_Store"), [0]).unwrap();

    let app = App::start(Launch::new().env("WINDLASS_OPEN_PRACTICE", "1")).await;
    app.click("add-files").await;
    app.choose("Choose files", &shoot.join("b-roll/b.mov")).await;
    app.until("sheet-summary", |text| text.contains("b.mov")).await;
    app.click("sheet-cancel").await;
    app.gone("sheet").await;

    app.click("add-folder").await;
    app.choose("Choose folders", &shoot).await;
    app.until("sheet-summary", |text| text.contains("3 files")).await;
    app.until("sheet-skipped", |text| !text.is_empty()).await;
    app.fill("sheet-prefix", "2026/08").await;
    app.shot("08-sheet-folder").await;
    app.click("sheet-start").await;
    for row in 0..3 {
        until_status(&app, row, &["done"]).await;
    }
    app.shot("09-three-done").await;
    let session = app.close().await;
    let (store, reference) = practice_of(&session).await;
    let keys = ["2026/08/shoot/a.mov", "2026/08/shoot/b-roll/b.mov", "2026/08/shoot/empty"];
    assert_eq!(reference.keys("practice", "").await, keys);
    reference.assert_same("practice", keys[0], &shoot.join("a.mov")).await;
    store.stop().await;
}

/// Drops the file, starts it, and waits until a quarter is stored.
async fn a_quarter_sent(app: &App, file: &Path) {
    app.drag(&[file]).await;
    app.until("sheet-plan", |text| text.contains("parts")).await;
    app.click("sheet-start").await;
    until_status(app, 0, &["sending"]).await;
    while percent(app).await < 25.0 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cancel_can_be_undone_and_leaves_nothing_on_the_server() {
    let folder = place::scratch();
    let file = folder.path().join("cancel me.bin");
    files::write(&file, 4, 40 * MIB);
    let app =
        App::start(Launch::new().env("WINDLASS_OPEN_PRACTICE", "1").again(session_with(SLOW)))
            .await;
    app.get("welcome").await;
    a_quarter_sent(&app, &file).await;
    app.click("row-cancel").await;
    app.get("undo-notice").await;
    until_status(&app, 0, &["aborted"]).await;
    app.shot("10-cancelled").await;
    app.click("undo").await;
    until_status(&app, 0, &["preparing", "sending", "completing", "done"]).await;
    app.click("row-cancel").await;
    until_status(&app, 0, &["aborted"]).await;
    app.shot("11-cancelled-again").await;
    // removed from the list, it is aborted at once
    app.click("row-forget").await;
    app.get("welcome").await;
    let session = app.close().await;
    let (store, reference) = practice_of(&session).await;
    assert_eq!(reference.uploads("practice").await, []);
    assert!(reference.keys("practice", "").await.is_empty());
    store.stop().await;
}

/// The plug is pulled; the next start goes on by itself and sends no stored part again.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_app_goes_on_where_it_was() {
    let folder = place::scratch();
    let file = folder.path().join("killed.bin");
    files::write(&file, 5, 40 * MIB);
    let app =
        App::start(Launch::new().env("WINDLASS_OPEN_PRACTICE", "1").again(session_with(SLOW)))
            .await;
    app.get("welcome").await;
    a_quarter_sent(&app, &file).await;
    let session = app.kill().await;
    let app = App::start(Launch::new().again(session)).await;
    until_status(&app, 0, &["done"]).await;
    let session = app.close().await;
    let (store, reference) = practice_of(&session).await;
    reference.assert_same("practice", "killed.bin", &file).await;
    assert_eq!(reference.uploads("practice").await, []);
    store.stop().await;
}

/// Two places that files went to: the third drop is let go over the first of them.
#[tokio::test(flavor = "multi_thread")]
async fn files_go_to_the_place_they_are_let_go_over() {
    let folder = place::scratch();
    let file = folder.path().join("proxy.mov");
    files::write(&file, 5, 1_000);
    let app = App::start(Launch::new().env("WINDLASS_OPEN_PRACTICE", "1")).await;
    app.get("welcome").await;
    for (row, prefix) in ["first", "second"].into_iter().enumerate() {
        app.drag(&[&file]).await;
        app.until("sheet-plan", |text| text.contains("request")).await;
        app.fill("sheet-prefix", prefix).await;
        app.click("sheet-start").await;
        until_status(&app, row, &["done"]).await;
    }
    let hover = app.hover(&[&file]).await;
    app.until("drop-offer-0", |text| text.contains("first/")).await;
    app.until("drop-overlay", |text| text.contains("second/")).await;
    app.shot("10-places-of-before").await;
    let middle = "const box = document.querySelector('[data-testid=\"drop-offer-0\"]').getBoundingClientRect(); \
                  return [(box.x + box.width / 2) / innerWidth, (box.y + box.height / 2) / innerHeight]";
    let middle = app.script(middle).await;
    let part = |at: usize| middle[at].as_f64().unwrap();
    hover.leave().await;
    app.gone("drop-overlay").await;

    let hover = app.hover_at(&[&file], (part(0), part(1))).await;
    app.get("drop-offer-0").await;
    hover.release_here().await;
    app.until_written("sheet-summary", |text| text.contains("first/")).await;
    app.click("sheet-cancel").await;
    app.close().await;
}
