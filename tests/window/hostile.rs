//! A page with injected script: what it can request from the shell, and where it can navigate.

use serde_json::{Value, json};
use std::io::BufRead as _;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use windlass_tests::{App, Launch, place};

/// Of the table that `cargo xtask wire` writes.
fn commands() -> Vec<String> {
    let table = include_str!("../../ui/src/lib/wire/wire.ts");
    let (_, table) = table.split_once("export type Commands = {").unwrap();
    let table = table.split_once("\n\nexport type").map_or(table, |(table, _)| table);
    let names = table.split(": [").filter_map(|before| before.rsplit([' ', '\n']).next());
    let is_name =
        |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    names.filter(is_name).map(ToOwned::to_owned).collect()
}

/// What fits no command, and what fits some and must not be believed.
fn hostile() -> Vec<Value> {
    let path = "../../../../../../etc/passwd";
    let long = "x".repeat(1 << 20);
    let everything = json!({
        "id": 9_007_199_254_740_992_u64, "ids": [-1, 1e300], "which": "ids", "scan": u32::MAX, "path": path, "file": true,
        "connection": path, "bucket": "\u{0}\u{1b}[2J", "key": path, "prefix": long, "uploadId": "'; DROP TABLE uploads; --",
        "uploads": [], "ifExists": "replace", "customerKey": path, "options": {}, "offset": u32::MAX, "limit": u32::MAX,
        "view": "all", "filter": long, "sort": "queue", "seconds": u64::MAX, "what": "upload", "md5": path,
        "days": -1, "to": 1e308, "before": null, "answer": "replace",
    });
    vec![
        json!(null),
        json!(true),
        json!(-1),
        json!(0),
        json!(4_294_967_296_u64),
        json!(1e300),
        json!(""),
        json!(path),
        json!("\u{0}\u{1b}[2J\u{202e}"),
        json!(long),
        json!([]),
        json!([path]),
        json!([[[[[[]]]]]]),
        json!({}),
        json!({ "__proto__": { "id": 1 } }),
        everything,
    ]
}

/// How each settles: `ok`, `refused` with what, or `hangs`.
async fn asked(app: &App, name: &str, arguments: &[Value]) -> Vec<(String, Value)> {
    const ASK: &str = "const [name, all, done] = arguments; \
        const late = () => new Promise((then) => setTimeout(() => then(['hangs', null]), 20000)); \
        const one = (arg) => window.__TAURI_INTERNALS__.invoke(name, name.startsWith('plugin:') ? arg : { arg }) \
          .then(() => ['ok', null], (thrown) => ['refused', thrown]); \
        Promise.all(all.map((arg) => Promise.race([one(arg), late()]))).then(done)";
    let settled = app.client.execute_async(ASK, vec![json!(name), json!(arguments)]).await.unwrap();
    serde_json::from_value(settled).unwrap()
}

async fn answers(app: &App) {
    let [(how, reason)] = &asked(app, "totals", &[json!(null)]).await[..] else { panic!() };
    assert_eq!(how, "ok", "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_answers_hostile_arguments_and_the_app_lives() {
    let app = App::start(Launch::new()).await;
    app.get("welcome").await;
    let commands = commands();
    assert!(commands.len() > 55 && commands.iter().any(|name| name == "scan"), "{commands:?}");
    for name in &commands {
        for (argument, (how, reason)) in hostile().iter().zip(asked(&app, name, &hostile()).await) {
            let argument: String = argument.to_string().chars().take(80).collect();
            assert_ne!(how, "hangs", "{name}({argument})");
            // what a command that panics answers
            let reason = reason.to_string();
            assert!(!reason.contains("made a mistake"), "{name}({argument}): {reason}");
        }
        answers(&app).await;
    }
    app.get("welcome").await;

    // the page has no file system: what nobody picked or dropped is refused, and nothing is read or written
    let secret = place::scratch();
    let path = secret.path().join("secret");
    std::fs::write(&path, "secret").unwrap();
    let path = path.to_str().unwrap();
    let adopt = json!({
        "connection": "c", "bucket": "b", "key": "k", "uploadId": "u", "path": path, "ifExists": "replace",
        "customerKey": null,
    });
    let receipt = json!({ "id": 1, "title": "t", "name": path, "path": path });
    for (name, argument) in [
        ("scan", json!([path])),
        ("scan", json!(["picked-1"])),
        ("adopt", adopt),
        ("save_receipt", receipt),
    ] {
        let settled = asked(&app, name, std::slice::from_ref(&argument)).await;
        assert_eq!(settled[0].0, "refused", "{name}({argument})");
    }
    assert_eq!(std::fs::read_dir(secret.path()).unwrap().count(), 1);
    assert_eq!(std::fs::read(path).unwrap(), b"secret");

    // nor what the plugins would give to a page that is trusted
    let plugins = [
        ("plugin:dialog|open", json!({ "options": {} })),
        ("plugin:dialog|save", json!({ "options": {} })),
        ("plugin:dialog|message", json!({ "message": "m" })),
        ("plugin:event|emit", json!({ "event": "dropped", "payload": {} })),
        (
            "plugin:window|create",
            json!({ "options": { "label": "other", "url": "https://evil.example" } }),
        ),
        ("plugin:webview|create_webview_window", json!({ "options": { "label": "other" } })),
        ("plugin:window|destroy", json!({ "label": "main" })),
        ("plugin:app|version", json!({})),
        ("plugin:notification|notify", json!({ "options": { "title": "t" } })),
        ("plugin:opener|open_path", json!({ "path": "/etc/passwd" })),
        ("plugin:fs|read_file", json!({ "path": "/etc/passwd" })),
        ("plugin:shell|execute", json!({ "program": "sh", "args": [] })),
    ];
    for (name, argument) in plugins {
        let settled = asked(&app, name, &[argument]).await;
        assert_eq!(settled[0].0, "refused", "{name}");
    }
    answers(&app).await;
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_leads_nowhere_and_runs_nothing_that_was_put_into_it() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", elsewhere.local_addr().unwrap());
    let calls: Arc<Mutex<Vec<String>>> = Arc::default();
    let counted = calls.clone();
    std::thread::spawn(move || {
        for stream in elsewhere.incoming() {
            let mut line = String::new();
            let _ = std::io::BufReader::new(stream.unwrap()).read_line(&mut line);
            // WebKit connects ahead of a navigation, and closes without a word where that is refused
            if !line.is_empty() {
                counted.lock().unwrap().push(line);
            }
        }
    });
    let app = App::start(Launch::new().env("WINDLASS_OPEN_PRACTICE", "1")).await;
    app.get("welcome").await;
    // nothing that the page needs is forbidden to it: on no screen a rule of the policy is broken
    app.script(
        "window.broken = []; document.addEventListener('securitypolicyviolation', \
         (e) => window.broken.push(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`))",
    )
    .await;
    for screen in ["settings", "connections", "unfinished", "all"] {
        app.click(&format!("nav-{screen}")).await;
    }
    assert_eq!(app.script("return window.broken").await, json!([]));

    app.script("window.stayed = true").await;
    let tries = [
        "location.href = 'ELSEWHERE/a'",
        "location.replace('ELSEWHERE/b')",
        "location.href = 'file:///etc/passwd'",
        "location.href = 'data:text/html,<h1>x'",
        "location.href = 'about:blank'",
        "window.open('ELSEWHERE/c')",
        "window.open('ELSEWHERE/c', '_self')",
        "const a = document.createElement('a'); a.href = 'ELSEWHERE/d'; document.body.append(a); a.click()",
        "const a = document.createElement('a'); a.href = 'ELSEWHERE/d'; a.target = '_blank'; document.body.append(a); a.click()",
        "const f = document.createElement('form'); f.action = 'ELSEWHERE/e'; f.method = 'post'; document.body.append(f); f.submit()",
        "const m = document.createElement('meta'); m.httpEquiv = 'refresh'; m.content = '0;url=ELSEWHERE/f'; document.head.append(m)",
        "const b = document.createElement('base'); b.href = 'ELSEWHERE/'; document.head.prepend(b)",
        "const i = document.createElement('iframe'); i.src = 'ELSEWHERE/g'; document.body.append(i)",
        "const o = document.createElement('object'); o.data = 'ELSEWHERE/h'; document.body.append(o)",
        "const i = document.createElement('img'); i.src = 'ELSEWHERE/i'; document.body.append(i)",
        "fetch('ELSEWHERE/j').catch(() => {})",
        "const s = document.createElement('script'); s.src = 'ELSEWHERE/k'; document.head.append(s)",
        "const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.head.append(s)",
        "const d = document.createElement('div'); d.innerHTML = '<img src=x onerror=\"window.ran = 2\">'; document.body.append(d)",
        "const s = document.createElement('style'); s.textContent = 'body { outline: 7px solid red }'; document.head.append(s)",
        "const d = document.createElement('div'); d.innerHTML = '<b id=styled style=\"outline: 7px solid red\">x</b>'; document.body.append(d)",
        "try { new Function('window.ran = 3')() } catch {}",
        "new Worker('data:text/javascript,0')",
    ];
    for attempt in tries {
        let attempt = attempt.replace("ELSEWHERE", &address);
        app.script(&format!("try {{ {attempt} }} catch {{}}")).await;
        // an answer of the shell comes after a page that went away
        answers(&app).await;
        assert_eq!(app.script("return window.stayed === true").await, true, "{attempt}");
        let at = app.script("return location.href").await;
        assert!(at.as_str().unwrap().starts_with("tauri://localhost"), "{attempt}: {at}");
    }
    assert_eq!(app.script("return window.ran ?? null").await, json!(null));
    let outlines = "return [document.body, document.getElementById('styled')].map((e) => getComputedStyle(e).outlineWidth)";
    for outline in app.script(outlines).await.as_array().unwrap() {
        assert_ne!(outline, "7px");
    }
    assert_eq!(app.client.windows().await.unwrap().len(), 1);
    app.close().await;
    assert_eq!(*calls.lock().unwrap(), [""; 0], "something was asked of another server");
}
