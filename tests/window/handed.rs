//! Files that a file manager hands over: with the first start, and to the window that is open already.

use crate::steps::{practice_of, session_with, until_status};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use windlass_tests::child_process::{self, Last};
use windlass_tests::{App, Launch, Session, files, place};

/// Starts the app as a file manager does, from a folder, and waits until that start has ended.
async fn start_again(session: &Session, folder: &Path, words: &[&str]) {
    let mut command = child_process::command(place::program("windlass"), Last::Kill);
    command.args(words).current_dir(folder).envs(session.env().to_vec());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = child_process::spawn(command).unwrap();
    let ended = tokio::task::spawn_blocking(move || child.wait());
    let ended = tokio::time::timeout(Duration::from_secs(60), ended).await;
    assert!(ended.expect("the second start goes on running").unwrap().unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_the_first_and_of_a_second_start_are_uploaded() {
    let folder = place::scratch();
    let at = |name: &str| folder.path().join(name);
    for (name, seed) in [("first & one.mov", 1), ("second ü.mov", 2), ("third #3.mov", 3)] {
        files::write(&at(name), seed, 2 << 20);
    }
    // WebDriver takes ASCII arguments
    let launch = Launch::new().again(session_with("{}")).env("WINDLASS_OPEN_PRACTICE", "1");
    let app = App::start(launch.arg(at("first & one.mov"))).await;
    app.until("sheet-summary", |text| text.contains("first &")).await;

    // the sheet is open, so these come on top; one is named from the folder it is in
    let second = at("second ü.mov");
    let words = [second.to_str().unwrap(), "third #3.mov"];
    start_again(app.session(), folder.path(), &words).await;
    app.until("sheet-summary", |text| text.contains("3 files")).await;
    app.shot("32-handed-over").await;
    app.click("sheet-start").await;
    for row in 0..3 {
        until_status(&app, row, &["done"]).await;
    }

    // a start with nothing opens no sheet
    start_again(app.session(), folder.path(), &[]).await;
    assert!(app.all("sheet-start").await.is_empty());
    let session = app.close().await;
    let (store, reference) = practice_of(&session).await;
    for name in ["first & one.mov", "second ü.mov", "third #3.mov"] {
        reference.assert_same("practice", name, &at(name)).await;
    }
    store.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_there_is_named_in_the_sheet() {
    let launch = Launch::new().again(session_with("{}")).env("WINDLASS_OPEN_PRACTICE", "1");
    let app = App::start(launch.arg("/nowhere/gone.mov")).await;
    app.until_written("sheet-bad", |text| text.contains("gone.mov")).await;
    assert!(app.attribute("sheet-start", "disabled").await.is_some(), "there is nothing to send");
    app.close().await;
}
