//! A key that objects are encrypted with, in the system's keychain: there after a restart, in no file, and gone when it is
//! forgotten. By the window's commands: what a screen makes of them is its own.

use crate::steps::{DATA, assert_nowhere};
use serde_json::{Value, json};
use std::time::Duration;
use windlass_tests::{App, Launch, files, place};

const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const MD5: &str = "tP/LI3N87DFaSk0aoqYgzg==";

/// A command's answer, or the fault that it is refused with under `fault`.
async fn asked(app: &App, command: &str, arg: Value) -> Value {
    let body = "const [name, arg, done] = arguments; \
        window.__TAURI_INTERNALS__.invoke(name, { arg }).then(done, (fault) => done({ fault }))";
    let asked = app.client.execute_async(body, vec![json!(command), arg]);
    tokio::time::timeout(Duration::from_secs(60), asked).await.expect("an answer").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_in_the_keychain_and_nowhere_else() {
    let app = App::start(Launch::new()).await;
    app.get("welcome").await;
    let given = json!({ "key": KEY, "name": "Archive", "remember": true });
    let kept = asked(&app, "keep_customer_key", given).await;
    let want = json!({ "md5": MD5, "name": "Archive", "inKeychain": true });
    assert_eq!(kept, want);
    let session = app.close().await;
    assert_nowhere(KEY, &session.data().join(DATA));

    let app = App::start(Launch::new().again(session)).await;
    app.get("welcome").await;
    assert_eq!(asked(&app, "customer_keys", Value::Null).await, json!([want]));
    // it is read back where an upload is queued with it: one that is not known is refused there
    let practice = asked(&app, "open_practice", Value::Null).await;
    let folder = place::scratch();
    let file = folder.path().join("f");
    files::write(&file, 1, 9);
    // the page names no path: what was let go over the window has a token
    app.script(
        "const { invoke, transformCallback } = window.__TAURI_INTERNALS__; \
         const handler = transformCallback((event) => { window.tokens = event.payload.tokens }); \
         window.listens = invoke('plugin:event|listen', { event: 'dropped', target: { kind: 'Any' }, handler })",
    )
    .await;
    app.drag(&[&file]).await;
    app.until("sheet-plan", |text| !text.is_empty()).await;
    let tokens = app.script("return window.tokens").await;
    assert_eq!(tokens.as_array().map(Vec::len), Some(1), "{tokens}");
    let add = async |md5: &str| {
        let scan = asked(&app, "scan", tokens.clone()).await;
        while asked(&app, "scan_progress", scan.clone()).await["walking"] == true {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let mut options = practice["stored"].clone();
        options["customerKey"] = json!(md5);
        let request = json!({
            "scan": scan, "connection": practice["id"], "bucket": "practice", "prefix": "",
            "ifExists": "ask", "options": options,
        });
        asked(&app, "add", request).await
    };
    assert_eq!(add(MD5).await["count"], 1);
    let fault = add("1B2M2Y8AsgTpgAmY7PhCfg==").await["fault"].clone();
    assert_eq!(
        (&fault["kind"], &fault["reason"]["wrong"]["thing"]),
        (&json!("credentials"), &json!("keyNotHere"))
    );

    assert_eq!(asked(&app, "forget_customer_key", json!(MD5)).await, Value::Null);
    assert_eq!(asked(&app, "customer_keys", Value::Null).await, json!([]));
    assert_eq!(add(MD5).await["fault"]["kind"], "credentials");
    app.close().await;
}
