//! The window under Wayland, in a compositor without a screen: it is shown, and takes what is dropped on it.

use crate::steps::{practice_of, session_with, until_status};
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use windlass_tests::child_process::{self, Last};
use windlass_tests::wayland::Compositor;
use windlass_tests::window::TITLE;
use windlass_tests::{App, Launch, files, place};

/// The two windows side by side, at their own size.
const SIDE_BY_SIDE: &str = "for_window [title=\"DragSource\"] floating enable, move position 10 40\n\
                            for_window [app_id=\"windlass\"] floating enable, move position 300 120";

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_dropped_under_wayland_is_uploaded() {
    let folder = place::scratch();
    let file = folder.path().join("day 1 ü.mov");
    files::write(&file, 1, 2 << 20);
    let compositor = Compositor::start(SIDE_BY_SIDE);
    let mut launch = Launch::new().again(session_with("{}")).env("WINDLASS_OPEN_PRACTICE", "1");
    for (name, value) in compositor.env() {
        launch = launch.env(&name, value);
    }
    let app = App::start(launch).await;
    compositor.until_shown(TITLE);

    let mut source = child_process::command(place::script("dragsource.py"), Last::Kill);
    source.arg(&file).envs(compositor.env()).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut source = child_process::spawn(source).unwrap();
    let mut said = BufReader::new(source.stdout.take().unwrap()).lines();
    let mut until_said = |word: &str| {
        let found = said.by_ref().map_while(Result::ok).any(|line| line.starts_with(word));
        assert!(found, "the drag source never said {word}");
    };
    until_said("READY");
    compositor.until_shown("DragSource");

    let mut pointer = compositor.pointer();
    pointer.drag((110, 100), (900, 500));
    app.get("drop-overlay").await;
    pointer.release();
    until_said("END");
    app.until("sheet-plan", |text| text.contains("One request")).await;
    compositor.shot(&place::shots().join("34-wayland.png"));
    source.kill().unwrap();
    source.wait().unwrap();

    app.click("sheet-start").await;
    until_status(&app, 0, &["done"]).await;
    let session = app.close().await;
    let (store, reference) = practice_of(&session).await;
    reference.assert_same("practice", "day 1 ü.mov", &file).await;
    store.stop().await;
}
