//! A connection: the form, its test, the keychain, and a server that rejects it.

use crate::steps::{DATA, assert_nowhere, session_with, until_status};
use windlass_tests::{Act, App, Launch, Proxy, ReferenceClient, Server, When, files, place};

pub(crate) async fn fill_form(app: &App, server: &Server, secret: &str) {
    app.click("add-connection").await;
    app.get("conn-form").await;
    app.script(
        "const select = document.querySelector('[data-testid=\"conn-preset\"]'); select.value = 'minio'; \
         select.dispatchEvent(new Event('change', { bubbles: true }))",
    )
    .await;
    app.fill("conn-name", "Our own store").await;
    app.fill("conn-endpoint", &server.endpoint).await;
    app.fill("conn-region", "us-east-1").await;
    app.fill("conn-access-key", &server.access_key_id).await;
    app.fill("conn-secret", secret).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_tested_saved_in_the_keychain_and_there_after_a_restart() {
    let server = Server::practice().await;
    let reference = ReferenceClient::new(&server);
    reference.create_bucket("media-prod").await;
    let app = App::start(Launch::new()).await;
    fill_form(&app, &server, &server.secret_access_key).await;
    app.fill("conn-bucket", "media-prod").await;
    app.shot("20-connection-form").await;
    app.click("conn-test").await;
    for step in ["reached", "clock", "signedIn", "bucket", "mayUpload", "checksums"] {
        let line = format!("check-{step}");
        let start = std::time::Instant::now();
        while app.attribute(&line, "data-outcome").await.as_deref() != Some("passed") {
            assert!(start.elapsed().as_secs() < 30, "{step} did not pass");
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }
    app.shot("21-connection-tested").await;
    assert!(reference.uploads("media-prod").await.is_empty(), "the test's upload was aborted");
    app.click("conn-save").await;
    app.get("conn-saved").await;
    app.shot("22-connection-saved").await;
    let page = "return document.body.innerHTML + [...document.querySelectorAll('input')].map(input => input.value)";
    let page = app.script(page).await;
    assert!(
        !page.as_str().unwrap().contains(&server.secret_access_key),
        "the secret is nowhere on the page"
    );

    let session = app.close().await;
    assert_nowhere(&server.secret_access_key, &session.data().join(DATA));
    let app = App::start(Launch::new().again(session)).await;
    app.until("welcome", |text| text.contains("Drop files")).await;
    let folder = place::scratch();
    let file = folder.path().join("clip.mov");
    files::write(&file, 1, 20 << 20);
    app.drag(&[&file]).await;
    app.until("sheet-plan", |text| text.contains("parts")).await;
    app.click("sheet-start").await;
    until_status(&app, 0, &["done"]).await;
    reference.assert_same("media-prod", "clip.mov", &file).await;
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_keys_are_told_in_the_test_s_own_line() {
    let server = Server::practice().await;
    let app = App::start(Launch::new()).await;
    fill_form(&app, &server, "not-the-secret").await;
    app.fill("conn-bucket", "media-prod").await;
    app.click("conn-test").await;
    let start = std::time::Instant::now();
    while app.attribute("check-signedIn", "data-outcome").await.as_deref() != Some("failed") {
        assert!(start.elapsed().as_secs() < 30, "wrong keys passed");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    app.shot("23-wrong-keys").await;
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keychain_one_may_sign_in_for_this_session_only() {
    let server = Server::practice().await;
    let reference = ReferenceClient::new(&server);
    reference.create_bucket("media-prod").await;
    let app = App::start(Launch::new().without_keychain()).await;
    fill_form(&app, &server, &server.secret_access_key).await;
    app.get("keychain-notice").await;
    app.shot("24-no-keychain").await;
    app.click("keychain-session").await;
    app.shot("24-session-only").await;
    app.fill("conn-bucket", "media-prod").await;
    app.click("conn-save").await;
    app.get("conn-saved").await;
    assert_nowhere(&server.secret_access_key, &app.session().data());

    let folder = place::scratch();
    let file = folder.path().join("clip.mov");
    files::write(&file, 2, 100);
    app.click("nav-all").await;
    app.get("welcome").await;
    app.drag(&[&file]).await;
    app.until("sheet-summary", |text| text.contains("clip.mov")).await;
    app.click("sheet-start").await;
    until_status(&app, 0, &["done"]).await;
    reference.assert_same("media-prod", "clip.mov", &file).await;

    let session = app.close().await;
    let app = App::start(Launch::new().again(session)).await;
    app.get("nav-connections").await;
    app.click("nav-connections").await;
    app.shot("25-signed-out-after-restart").await;
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_speaks_in_its_own_row_and_retry_goes_on() {
    let server = Server::practice().await;
    let reference = ReferenceClient::new(&server);
    reference.create_bucket("media-prod").await;
    let app = App::start(Launch::new()).await;
    fill_form(&app, &server, &server.secret_access_key).await;
    app.fill("conn-bucket", "not-made-yet").await;
    app.click("conn-save").await;
    app.get("conn-saved").await;
    app.click("nav-all").await;
    app.get("welcome").await;
    let folder = place::scratch();
    let file = folder.path().join("clip.mov");
    files::write(&file, 3, 20 << 20);
    app.drag(&[&file]).await;
    app.until("sheet-plan", |text| text.contains("parts")).await;
    app.click("sheet-start").await;
    until_status(&app, 0, &["failed"]).await;
    app.shot("26-failed").await;
    reference.create_bucket("not-made-yet").await;
    app.click("row-retry").await;
    until_status(&app, 0, &["done"]).await;
    reference.assert_same("not-made-yet", "clip.mov", &file).await;
    app.close().await;
}

/// Of the whole text: what a row has no room for is not in the text that the driver tells.
async fn until_row_says(app: &App, words: &str) {
    let script = "return document.querySelector('[data-testid=row-1]').textContent";
    let start = std::time::Instant::now();
    while !app.script(script).await.as_str().is_some_and(|text| text.contains(words)) {
        assert!(start.elapsed().as_secs() < 60, "the row does not say {words}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

/// The row says what it waits for, and goes on by itself.
#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_goes_away_is_told_and_nobody_has_to_do_anything() {
    let server = Server::practice().await;
    let reference = ReferenceClient::new(&server);
    reference.create_bucket("media-prod").await;
    let proxy = Proxy::to(&server.endpoint);
    let settings = r#"{"connections":2,"partSize":5242880}"#;
    let app = App::start(Launch::new().again(session_with(settings))).await;
    fill_form(&app, &server.at(proxy.endpoint()), &server.secret_access_key).await;
    app.fill("conn-bucket", "media-prod").await;
    app.click("conn-save").await;
    app.get("conn-saved").await;
    app.click("nav-all").await;

    let folder = place::scratch();
    let file = folder.path().join("interview.mov");
    files::write(&file, 3, 40 << 20);
    proxy.on(When::part(5), 1, Act::Hold);
    app.drag(&[&file]).await;
    app.until("sheet-plan", |text| text.contains("parts")).await;
    app.click("sheet-start").await;
    proxy.until_held(1).await;
    proxy.unplug();
    until_status(&app, 0, &["offline"]).await;
    app.click("row-1").await;
    until_row_says(&app, "cannot be reached").await;
    app.get("part-map").await;
    app.shot("28-out-of-reach").await;
    proxy.on(When::any(), 10_000, Act::Page { status: 200 });
    proxy.plug();
    until_row_says(&app, "sign-in").await;
    app.shot("29-sign-in-page").await;
    proxy.clear();
    until_status(&app, 0, &["done"]).await;
    app.shot("30-went-on").await;
    reference.assert_same("media-prod", "interview.mov", &file).await;
    assert_eq!(reference.uploads("media-prod").await, []);
    app.close().await;
}
