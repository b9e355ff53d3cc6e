//! The queue's order with a mouse and keys: where a row is carried to, there it is, and still is after a restart.

use crate::steps::{session_with, until_status};
use std::time::{Duration, Instant};
use windlass_tests::{App, Launch, desktop, files, place, window::TITLE};

/// One large upload at a time, slow enough that none is done meanwhile.
const SLOW: &str = r#"{"limit":1000000,"uploadsAtOnce":1,"connections":1}"#;

/// The rows' names, from the top.
async fn listed(app: &App) -> Vec<String> {
    let script = "return [...document.querySelectorAll('[data-index]')] \
                  .sort((a, b) => a.dataset.index - b.dataset.index).map((row) => row.dataset.testid)";
    serde_json::from_value(app.script(script).await).unwrap()
}

async fn until_listed(app: &App, wanted: &[&str]) {
    let start = Instant::now();
    while listed(app).await != wanted {
        let found = listed(app).await;
        assert!(start.elapsed() < Duration::from_secs(20), "{found:?}, wanted {wanted:?}");
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

/// A point of a row in the window, that far down in it.
async fn spot(app: &App, row: &str, down: f64) -> (i32, i32) {
    let script = format!(
        "const box = document.querySelector('[data-testid={row}]').getBoundingClientRect(); \
         return [box.left + 80, box.top + box.height * {down}].map(Math.round)"
    );
    serde_json::from_value(app.script(&script).await).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_is_carried_up_and_sent_to_the_top() {
    let folder = place::scratch();
    for (name, seed) in [("a.bin", 1), ("b.bin", 2), ("c.bin", 3)] {
        files::write(&folder.path().join(name), seed, 40 << 20);
    }
    let launch = Launch::new().env("WINDLASS_OPEN_PRACTICE", "1");
    let app = App::start(launch.again(session_with(SLOW))).await;
    app.get("welcome").await;
    app.drag(&[folder.path()]).await;
    app.until("sheet-plan", |text| text.contains("parts")).await;
    app.click("sheet-start").await;
    until_status(&app, 0, &["sending"]).await;
    app.gone("sheet").await;
    until_listed(&app, &["row-1", "row-2", "row-3"]).await;

    let (from, to) = (spot(&app, "row-3", 0.5).await, spot(&app, "row-2", 0.2).await);
    desktop::carry(TITLE, from, to);
    until_listed(&app, &["row-1", "row-3", "row-2"]).await;
    app.shot("40-carried").await;
    desktop::press(TITLE, "alt+Home");
    until_listed(&app, &["row-3", "row-1", "row-2"]).await;
    desktop::press(TITLE, "alt+Down");
    until_listed(&app, &["row-1", "row-3", "row-2"]).await;
    desktop::press(TITLE, "alt+Up");
    until_listed(&app, &["row-3", "row-1", "row-2"]).await;

    let app = App::start(Launch::new().again(app.close().await)).await;
    until_listed(&app, &["row-3", "row-1", "row-2"]).await;
    app.close().await;
}
