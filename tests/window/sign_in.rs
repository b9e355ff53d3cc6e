//! Signing in with IAM Identity Center in the window: by the browser and by a code, before an upload and in the middle of one.

use crate::steps::{DATA, assert_nowhere, session_with, until_status};
use serde_json::Value;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;
use windlass_tests::identity_center::{Gives, IdentityCenter};
use windlass_tests::{App, DesktopServices, Launch, ReferenceClient, Server, files, place};

/// A browser that opens a page and follows it back, unless somebody is away.
fn browser(bin: &Path, away: &Path) {
    let script = format!(
        "#!/bin/sh\n[ -e '{}' ] || exec /usr/bin/python3 -c 'import sys, urllib.request as u; u.urlopen(sys.argv[1])' \"$1\"\n",
        away.display()
    );
    let program = bin.join("xdg-open");
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
}

async fn choose(app: &App, testid: &str, value: &str) {
    let script = format!(
        "const select = document.querySelector('[data-testid=\"{testid}\"]'); select.value = '{value}'; \
         select.dispatchEvent(new Event('change', {{ bubbles: true }}))"
    );
    app.script(&script).await;
}

/// The token ends while parts are sent. The row waits and says so, and goes on by itself once somebody has signed in again.
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_waits_for_a_sign_in_in_the_window_and_goes_on() {
    let server = Server::practice().await;
    let reference = ReferenceClient::new(&server);
    reference.create_bucket("media-prod").await;
    let center =
        IdentityCenter::start(Gives { keys: Duration::from_secs(2), ..Gives::keys_of(&server) });
    let folder = place::scratch();
    let (file, away) = (folder.path().join("reel 7.mov"), folder.path().join("away"));
    files::write(&file, 5, 60 << 20);
    browser(folder.path(), &away);

    let session = session_with(r#"{"limit":2000000,"connections":2,"partSize":5242880}"#);
    let mut services = DesktopServices::start(&session);
    let (bus, address) = DesktopServices::env(&session);
    let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
    let mut launch = Launch::new().again(session).env(&bus, address).env("PATH", path);
    for (name, value) in center.environment() {
        launch = launch.env(name, value);
    }
    let app = App::start(launch.env("AWS_EC2_METADATA_DISABLED", "true")).await;

    app.click("add-connection").await;
    app.get("conn-form").await;
    choose(&app, "conn-preset", "minio").await;
    app.fill("conn-name", "Studio").await;
    app.fill("conn-endpoint", &server.endpoint).await;
    app.fill("conn-region", "us-east-1").await;
    app.click("conn-sign-identityCenter").await;
    app.fill("conn-start-url", &format!("{}/start", center.endpoint)).await;
    app.fill("conn-sso-region", "eu-west-1").await;
    app.click("conn-sso-begin").await;
    app.until("sign-in-stands", |text| text.contains("You are signed in")).await;
    app.click("sign-in-close").await;
    app.until("conn-sso-account", |text| text.contains("Archive (111111111111)")).await;
    choose(&app, "conn-sso-account", "111111111111").await;
    app.until("conn-sso-role", |text| text.contains("Upload")).await;
    app.fill("conn-bucket", "media-prod").await;
    app.shot("50-identity-center").await;
    app.click("conn-save").await;
    app.get("conn-saved").await;
    app.click("nav-all").await;
    app.drag(&[&file]).await;
    app.click("sheet-start").await;
    until_status(&app, 0, &["sending"]).await;

    let first = center.tokens();
    center.change(|gives| gives.ended = true);
    center.end_tokens();
    until_status(&app, 0, &["offline"]).await;
    app.until_written("status-line", |text| text == "Waiting for you to sign in").await;
    let row = "row-1";
    app.until_written(row, |text| text.contains("not signed in to http://127.0.0.1")).await;
    app.shot("51-waits-for-sign-in").await;
    let notification = services.hears("notification");
    assert!(notification.to_string().contains("waiting for you to sign in"), "{notification}");

    // another device: nobody is at this browser
    std::fs::write(&away, "").unwrap();
    center.change(|gives| {
        gives.ended = false;
        gives.keys = Duration::from_secs(3600);
    });
    app.click("row-sign-in").await;
    app.click("sign-in-use-code").await;
    app.until("sign-in-code", |text| text == "ABCD-EFGH").await;
    app.shot("52-sign-in-by-code").await;
    app.until("sign-in-stands", |text| text.contains("You are signed in")).await;
    app.click("sign-in-close").await;
    until_status(&app, 0, &["done"]).await;
    reference.assert_same("media-prod", "reel 7.mov", &file).await;
    assert_eq!(reference.uploads("media-prod").await, []);

    let cache = app.session().home().join(".aws/sso/cache");
    let cached: Vec<_> = std::fs::read_dir(&cache).unwrap().flatten().collect();
    assert_eq!(cached.len(), 1, "one token, which the AWS tools share: {cached:?}");
    let json: Value = serde_json::from_slice(&std::fs::read(cached[0].path()).unwrap()).unwrap();
    assert_eq!(json["startUrl"], format!("{}/start", center.endpoint));
    let session = app.close().await;
    for token in first.iter().chain(&center.tokens()) {
        assert_nowhere(token, &session.data().join(DATA));
    }
}
