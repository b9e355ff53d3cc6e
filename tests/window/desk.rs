//! What the app does with the desktop around it: the tray, notifications, staying awake, the file manager, and closing
//! the window while something is under way.

use crate::steps::{practice_of, session_with, until_status};
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};
use windlass_tests::{App, DesktopServices, Launch, desktop, files, place};

const SLOW: &str = r#"{"limit":2000000,"connections":2,"partSize":5242880}"#;

async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

/// An app of a desktop with its services, whose practice store is sent a file.
async fn uploading(settings: &str, file: &Path) -> (App, DesktopServices) {
    let session = session_with(settings);
    let services = DesktopServices::start(&session);
    let (bus, address) = DesktopServices::env(&session);
    let launch = Launch::new().again(session).env("WINDLASS_OPEN_PRACTICE", "1");
    let app = App::start(launch.env(&bus, address)).await;
    app.drag(&[file]).await;
    app.click("sheet-start").await;
    (app, services)
}

/// What the tray says and offers, once it is `right`; it is written once a second.
async fn until_tray(
    mut services: DesktopServices,
    right: impl Fn(&Value) -> bool + Send + 'static,
) -> (Value, DesktopServices) {
    apart(move || {
        let start = Instant::now();
        loop {
            let reported = services.order("tray");
            if right(&reported) {
                return (reported, services);
            }
            assert!(start.elapsed() < Duration::from_secs(20), "{reported}");
            std::thread::sleep(Duration::from_millis(100));
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desktop_is_told_what_is_sent_and_that_it_is_done() {
    let folder = place::scratch();
    let file = folder.path().join("reel 7.mov");
    files::write(&file, 1, 12 << 20);
    let (app, mut services) = uploading(SLOW, &file).await;
    until_status(&app, 0, &["sending"]).await;
    services.hears("tray");
    let awake = services.hears("awake");
    assert_eq!((&awake["on"], &awake["what"]), (&true.into(), &"idle".into()));
    let (reported, mut services) =
        until_tray(services, |reported| reported["tip"].as_str().unwrap().contains("MB/s")).await;
    assert_eq!(reported["offers"], json!(["Show Windlass", "Pause all", "Quit"]), "{reported}");

    services.order("choose Pause all");
    until_status(&app, 0, &["paused"]).await;
    let (asleep, services) = apart(move || (services.hears("awake"), services)).await;
    assert_eq!(asleep["on"], false, "nothing is sent: it may sleep");
    let resumes =
        |reported: &Value| reported["offers"].as_array().unwrap().contains(&json!("Resume all"));
    let (_, mut services) = until_tray(services, resumes).await;
    services.order("choose Resume all");
    until_status(&app, 0, &["done"]).await;
    let (done, mut services) = apart(move || (services.hears("notification"), services)).await;
    assert!(done["title"].as_str().unwrap().contains("reel 7.mov"), "{done}");
    assert!(!services.heard("notification"), "once");

    app.click("row-1").await;
    app.keys("\u{e009}e\u{e000}").await;
    let (shown, _services) = apart(move || (services.hears("reveal"), services)).await;
    assert!(shown["items"][0].as_str().unwrap().ends_with("reel%207.mov"), "{shown}");
    app.close().await;
}

/// Asked about by the desktop, still asked about after a restart, and answered in its row.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_taken_needs_an_answer_and_gets_it() {
    let folder = place::scratch();
    let file = folder.path().join("reel 8.mov");
    files::write(&file, 1, 100_000);
    let (app, mut services) = uploading("{}", &file).await;
    until_status(&app, 0, &["done"]).await;
    let (_, services) = apart(move || (services.hears("notification"), services)).await;
    app.drag(&[&file]).await;
    app.click("sheet-start").await;
    until_status(&app, 1, &["needsAnswer"]).await;
    let mut services = services;
    let (asked, _services) = apart(move || (services.hears("notification"), services)).await;
    assert_eq!(asked["title"], "1 file needs your answer");
    app.until("row-asked", |text| text.contains("same bytes")).await;
    app.click("status-asks").await;
    app.click("row-asked").await;
    let conflict = app.until("detail-conflict", |text| text.contains("same bytes")).await;
    assert!(conflict.contains("On the server") && conflict.contains("100 kB"), "{conflict}");
    app.shot("61-needs-your-answer").await;

    let session = app.close().await;
    let app = App::start(Launch::new().again(session).env("WINDLASS_OPEN_PRACTICE", "1")).await;
    until_status(&app, 1, &["needsAnswer"]).await;
    app.click("row-answer-keepBoth").await;
    until_status(&app, 1, &["done"]).await;
    let session = app.close().await;
    let (_store, reference) = practice_of(&session).await;
    let keys = reference.keys("practice", "").await;
    assert_eq!(keys, ["reel 8 (2).mov", "reel 8.mov"]);
    reference.assert_same("practice", "reel 8 (2).mov", &file).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_the_window_asks_hides_and_quits() {
    let folder = place::scratch();
    let file = folder.path().join("long.mov");
    files::write(&file, 1, 60 << 20);
    let (app, mut services) = uploading(SLOW, &file).await;
    until_status(&app, 0, &["sending"]).await;
    services.hears("tray");

    apart(|| desktop::close("Windlass")).await;
    let asked = app.until("leaving", |text| text.contains("pause")).await;
    assert!(asked.contains("1 upload"), "{asked}");
    app.shot("60-quit-while-sending").await;
    app.click("leaving-stay").await;
    app.gone("leaving").await;

    apart(|| desktop::close("Windlass")).await;
    // not by the driver's own click: it waits for a frame of a window that is gone by then
    app.script("document.querySelector('[data-testid=leaving-tray]').click()").await;
    apart(|| desktop::until_hidden("Windlass")).await;
    // it goes on meanwhile, and the tray leads back
    let mut services = apart(move || {
        services.order("open");
        desktop::until_shown("Windlass");
        services
    })
    .await;
    until_status(&app, 0, &["sending"]).await;

    apart(move || {
        services.order("choose Quit");
        services
    })
    .await;
    // the app may be gone before the driver hears an answer
    let _ = app
        .client
        .execute("document.querySelector('[data-testid=leaving-quit]').click()", vec![])
        .await;
    let session = app.ended().await;
    let app = App::start(Launch::new().again(session)).await;
    until_status(&app, 0, &["sending", "preparing", "waiting"]).await;
    app.close().await;
}
