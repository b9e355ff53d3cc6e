//! In the real window: a file that is skipped is no upload, an object that is gone is not called verified, and the practice
//! store is emptied.

use crate::steps::until_status;
use windlass_tests::{App, Launch, files, place};

const MIB: u64 = 1 << 20;

#[tokio::test(flavor = "multi_thread")]
async fn a_skipped_file_is_told_apart_and_a_deleted_object_is_not_verified() {
    let folder = place::scratch();
    let file = folder.path().join("take 8.mov");
    files::write(&file, 1, 12 * MIB);
    let app = App::start(Launch::new().env("WINDLASS_OPEN_PRACTICE", "1")).await;
    app.get("welcome").await;
    app.drag(&[&file]).await;
    app.until("sheet-plan", |text| text.contains("parts")).await;
    app.click("sheet-start").await;
    until_status(&app, 0, &["done"]).await;

    app.drag(&[&file]).await;
    app.until("sheet-plan", |text| text.contains("parts")).await;
    app.click("sheet-exists-skip").await;
    app.click("sheet-start").await;
    until_status(&app, 1, &["skipped"]).await;
    app.until_written("row-skipped", |text| text.contains("same size")).await;
    app.until_written("status-line", |text| text.contains("1 upload done, 1 skipped")).await;
    app.click("row-2").await;
    app.get("detail-skipped").await;
    app.shot("44-skipped").await;

    app.click("nav-connections").await;
    app.click("connection-practice").await;
    app.until("practice-holds", |text| text.contains("1 object,")).await;
    app.click("practice-empty").await;
    app.click("ask-yes").await;
    app.until("practice-holds", |text| text == "empty").await;
    app.shot("45-practice-store-emptied").await;

    app.click("nav-all").await;
    app.click("row-1").await;
    app.click("receipt-verify").await;
    app.until("verdict", |text| text.contains("no longer exists")).await;
    app.until_written("row-1", |text| text.contains("Missing")).await;
    app.shot("46-missing").await;
    let session = app.close().await;

    let again = Launch::new().env("WINDLASS_OPEN_PRACTICE", "1").again(session);
    let app = App::start(again).await;
    app.until_written("row-1", |text| text.contains("Missing")).await;
    app.close().await;
}
