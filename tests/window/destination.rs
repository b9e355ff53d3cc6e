//! Choosing where to upload in the real window: a bucket that is created, a folder that is new, and the file arrives there.

use crate::connect::fill_form;
use crate::steps::until_status;
use std::time::{Duration, Instant};
use windlass_tests::{App, Launch, ReferenceClient, Server, desktop, files, place, window::TITLE};

async fn until(app: &App, script: &str, what: &str) {
    let start = Instant::now();
    while app.script(script).await != true {
        assert!(start.elapsed() < Duration::from_secs(30), "{what}");
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

/// The active row of the list has this name.
async fn until_active(app: &App, name: &str) {
    let script = format!(
        "const row = document.querySelector('#browse-list [aria-selected=true]'); \
         return row !== null && row.textContent.includes('{name}')"
    );
    until(app, &script, &format!("{name} is not the active row")).await;
}

async fn until_path(app: &App, steps: &str) {
    let script = format!(
        "return [...document.querySelectorAll('[data-testid=browse-path] .step')] \
         .map((step) => step.textContent).join(' ') === '{steps}'"
    );
    until(app, &script, &format!("the path is not {steps}")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_is_created_a_folder_is_new_and_the_file_arrives_there() {
    let server = Server::practice().await;
    let reference = ReferenceClient::new(&server);
    reference.create_bucket("media-prod").await;
    reference.put("media-prod", "2026/06/a", b"1".to_vec()).await;
    reference.put("media-prod", "2026/07/a", b"1".to_vec()).await;
    let app = App::start(Launch::new()).await;
    fill_form(&app, &server, &server.secret_access_key).await;

    // in the form, before anything is saved, by the mouse
    app.click("conn-prefix-browse").await;
    until_active(&app, "media-prod").await;
    app.click("browse-row").await;
    until_path(&app, "Our own store media-prod").await;
    until_active(&app, "2026").await;
    app.shot("60-browse-form").await;
    app.click("browse-row").await;
    until_active(&app, "06").await;
    app.click("browse-choose").await;
    app.gone("browse").await;
    app.click("conn-save").await;
    app.get("conn-saved").await;

    // in the sheet, by the keyboard
    let folder = place::scratch();
    let file = folder.path().join("clip.mov");
    files::write(&file, 1, 20 << 20);
    app.click("nav-all").await;
    app.get("welcome").await;
    app.drag(&[&file]).await;
    app.until_written("sheet-summary", |text| text.contains("media-prod / 2026/")).await;
    app.click("sheet-prefix-browse").await;
    until_path(&app, "Our own store media-prod 2026").await;
    until_active(&app, "06").await;
    desktop::press(TITLE, "Down");
    until_active(&app, "07").await;
    desktop::press(TITLE, "Left");
    until_active(&app, "2026").await;
    desktop::press(TITLE, "BackSpace");
    until_active(&app, "media-prod").await;
    app.click("browse-new").await;
    app.fill("browse-name", "Media").await;
    app.until("browse-note", |text| text.contains("uppercase")).await;
    app.shot("61-browse-bucket-name").await;
    app.fill("browse-name", "made-here").await;
    until(
        &app,
        "return document.querySelector('[data-testid=browse-make]')?.disabled === false",
        "the name is not taken",
    )
    .await;
    app.click("browse-make").await;
    until_path(&app, "Our own store made-here").await;
    app.click("browse-new").await;
    app.fill("browse-name", "day 01").await;
    desktop::press(TITLE, "Return");
    until_path(&app, "Our own store made-here day 01").await;
    app.until("browse-blank", |text| text.contains("No folders")).await;
    app.shot("62-browse-new-folder").await;
    // Escape closes the chooser alone
    desktop::press(TITLE, "Escape");
    app.gone("browse").await;
    app.until_written("sheet-summary", |text| text.contains("media-prod / 2026/")).await;

    app.click("sheet-prefix-browse").await;
    until_path(&app, "Our own store media-prod 2026").await;
    app.click("browse-step-0").await;
    until_active(&app, "made-here").await;
    desktop::press(TITLE, "Return");
    until_path(&app, "Our own store made-here").await;
    app.until("browse-blank", |text| text.contains("No folders")).await;
    app.click("browse-new").await;
    app.fill("browse-name", "day 01").await;
    app.click("browse-make").await;
    until_path(&app, "Our own store made-here day 01").await;
    app.click("browse-choose").await;
    app.until_written("sheet-summary", |text| text.contains("made-here / day 01/")).await;
    app.click("sheet-start").await;
    until_status(&app, 0, &["done"]).await;
    // nothing but the file is there: a folder has no object of its own
    assert_eq!(reference.keys("made-here", "").await, ["day 01/clip.mov"]);
    reference.assert_same("made-here", "day 01/clip.mov", &file).await;
    app.close().await;
}
