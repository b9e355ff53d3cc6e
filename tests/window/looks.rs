//! Light and dark, narrow and wide: each screen opens, fits its window, and is kept as a picture for people to judge.

use crate::steps::{session_with, until_status};
use windlass_tests::{App, Launch, desktop, files, place, window::TITLE};

/// Nothing sticks out of the window sideways.
async fn assert_fits(app: &App, what: &str) {
    let sticks = "const w = document.documentElement; return w.scrollWidth - w.clientWidth";
    assert_eq!(app.script(sticks).await, 0, "{what} is wider than its window");
}

async fn sized(app: &App, width: u32, height: u32) {
    desktop::size_window(TITLE, width, height);
    let start = std::time::Instant::now();
    while app.script("return window.innerWidth").await != width {
        assert!(start.elapsed().as_secs() < 10, "the window did not become {width} wide");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_screen_in_light_and_dark_and_at_each_width() {
    let folder = place::scratch();
    for (index, name) in
        ["a very long name of a file that has to be cut somewhere in its middle.mov", "b.wav"]
            .into_iter()
            .enumerate()
    {
        files::write(&folder.path().join(name), index as u64, 40 << 20);
    }
    let launch = Launch::new().env("WINDLASS_OPEN_PRACTICE", "1");
    let app = App::start(launch.again(session_with(r#"{"limit":3000000}"#))).await;
    app.get("welcome").await;
    app.drag(&[folder.path()]).await;
    app.until("sheet-plan", |text| text.contains("parts")).await;
    app.click("sheet-start").await;
    until_status(&app, 0, &["sending"]).await;
    app.click("row-1").await;
    app.get("part-map").await;
    for theme in ["light", "dark"] {
        app.click("nav-settings").await;
        app.click(&format!("appearance-{theme}")).await;
        let set = "return document.documentElement.dataset.theme";
        assert_eq!(app.script(set).await, theme);
        app.shot(&format!("30-settings-{theme}")).await;
        app.click("nav-connections").await;
        app.get("practice-card").await;
        app.shot(&format!("31-connections-{theme}")).await;
        app.click("nav-all").await;
        app.get("queue").await;
        for (width, height) in [(1080, 720), (940, 640), (720, 480)] {
            sized(&app, width, height).await;
            assert_fits(&app, &format!("{theme} at {width}")).await;
            app.shot(&format!("32-queue-{theme}-{width}")).await;
        }
        sized(&app, 1080, 720).await;
    }
    app.close().await;
}
