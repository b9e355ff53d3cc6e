//! A hundred thousand rows in the real window: the same actions as with ten. Prints what they cost (`-- --nocapture many`);
//! must not judge by the clock.

use crate::steps::{DATA, session_with, until_status};
use serde_json::Value;
use std::path::Path;
use std::time::{Duration, Instant};
use windlass_engine::{
    Connection, EndpointOptions, Engine, EngineConfig, IfExists, NewUpload, Options, Proxy,
    Selection, Sign, SignedIn, Target,
};
use windlass_tests::window::TITLE;
use windlass_tests::{App, Launch, ReferenceClient, Server, Session, desktop, files, place};

const MANY: u32 = 100_000;

/// Nobody answers there.
fn far_away() -> Connection {
    Connection {
        id: "far".into(),
        name: "Far away".into(),
        preset: "other".into(),
        endpoint: Some("http://127.0.0.1:9".into()),
        region: "us-east-1".into(),
        path_style: true,
        sign: Sign::Nothing,
        bucket: Some("media".into()),
        prefix: String::new(),
        ca_bundle: None,
        proxy: Proxy::default(),
        endpoint_options: EndpointOptions::default(),
        practice: false,
        settled: false,
        role: None,
        signed_in: SignedIn::NotNeeded,
        probed: None,
        stored: Options::default(),
        if_exists: None,
    }
}

/// A session whose queue holds so many uploads, all paused; nobody answers at their server.
async fn queue_of(many: u32, file: &Path) -> Session {
    let session = session_with("{}");
    let folder = session.data().join(DATA);
    let engine = Engine::open(&EngineConfig { folder, patience: None }).unwrap();
    engine.keep_connection(far_away()).unwrap();
    let uploads = (0..many).map(|at| NewUpload {
        path: file.into(),
        target: Target {
            connection: "far".into(),
            bucket: "media".into(),
            key: format!("card {:03}/frame {at:06}.dpx", at / 500),
        },
        if_exists: IfExists::Replace,
        options: Options::default(),
        part_size: None,
    });
    engine.queue(uploads.collect()).await.unwrap();
    engine.pause(Selection::All).await.unwrap();
    engine.close().await;
    session
}

/// Resident bytes of the app's web view that are its own.
fn web_view_memory(app: &App) -> u64 {
    let of = |pid: u32| {
        let reported =
            std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
        let line = |name: &str| -> u64 {
            let found = reported.lines().find_map(|line| line.strip_prefix(name));
            found.and_then(|rest| rest.trim().split(' ').next()?.parse().ok()).unwrap_or(0)
        };
        (line("Private_Dirty:") + line("Private_Clean:")) * 1024
    };
    app.web_view().into_iter().map(of).sum()
}

/// What a script in the window answers by its callback.
async fn later(app: &App, body: &str) -> Value {
    let limit = Duration::from_secs(120);
    tokio::time::timeout(limit, app.client.execute_async(body, vec![]))
        .await
        .expect("an answer")
        .unwrap()
}

/// Scrolls `box` by three rows a frame for 300 frames; answers the times between frames, and how long the window's own
/// work for each took, in ms.
const SCROLL: &str = "const between = [], worked = []; let last = 0, at = 0; \
    const frame = (now) => { if (last) between.push(now - last); last = now; const begun = performance.now(); \
      box.scrollTop += 168; box.dispatchEvent(new Event('scroll')); \
      queueMicrotask(() => { void box.scrollHeight; worked.push(performance.now() - begun); }); \
      if (++at < 300) requestAnimationFrame(frame); else { \
        const part = (list, of) => list.sort((a, b) => a - b)[Math.floor(list.length * of)]; \
        box.dispatchEvent(new Event('over')); done({ between50: part(between, .5), between95: part(between, .95), \
          worked50: part(worked, .5), worked95: part(worked, .95) }); } }; requestAnimationFrame(frame);";

const QUEUE: &str = "const done = arguments[0]; const box = document.querySelector('[role=grid]');";

/// What the web view takes for a page of the same size with nothing to do but to be drawn.
const BARE: &str = "const done = arguments[0]; const box = document.createElement('div'); \
    box.style.cssText = 'position:fixed;inset:0;z-index:99;overflow:auto;background:#fff'; \
    box.innerHTML = '<div style=\"height:6000000px;background:repeating-linear-gradient(#fff 0 55px,#ddd 55px 56px)\"></div>'; \
    document.body.append(box); box.addEventListener('over', () => box.remove());";

/// How many rows the window holds as elements.
async fn drawn(app: &App) -> u64 {
    app.script("return document.querySelectorAll('[data-index]').length").await.as_u64().unwrap()
}

async fn until_total(app: &App, total: u32) {
    let script = "return document.querySelector('[role=grid]')?.getAttribute('aria-rowcount')";
    let start = Instant::now();
    while app.script(script).await.as_str() != Some(&total.to_string()) {
        assert!(start.elapsed() < Duration::from_secs(30), "{}", app.script(script).await);
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_rows_are_as_handy_as_ten() {
    let folder = place::scratch();
    let file = folder.path().join("frame.dpx");
    files::write(&file, 1, 4096);

    let app = App::start(Launch::new().again(queue_of(10, &file).await)).await;
    until_total(&app, 10).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let small = web_view_memory(&app);
    app.close().await;

    let asked = Instant::now();
    let session = queue_of(MANY, &file).await;
    println!("{MANY} uploads queued in {:.1} s", asked.elapsed().as_secs_f64());
    let asked = Instant::now();
    let app = App::start(Launch::new().again(session)).await;
    until_total(&app, MANY).await;
    println!("started and listed in {:.1} s", asked.elapsed().as_secs_f64());
    tokio::time::sleep(Duration::from_secs(3)).await;
    println!(
        "web view: {:.1} MB with ten, {:.1} MB with {MANY}",
        mb(small),
        mb(web_view_memory(&app))
    );

    println!("a bare page scrolled: {}", later(&app, &format!("{BARE}{SCROLL}")).await);
    println!("the queue scrolled: {}", later(&app, &format!("{QUEUE}{SCROLL}")).await);
    assert!(drawn(&app).await < 60, "only what is shown is drawn");
    tokio::time::sleep(Duration::from_secs(5)).await;
    println!("web view after scrolling: {:.1} MB", mb(web_view_memory(&app)));
    app.shot("61-hundred-thousand").await;

    // to the last row by one key, and all of them by another
    app.script("document.querySelector('[data-index]').focus()").await;
    desktop::press(TITLE, "End");
    app.get("row-100000").await;
    let asked = Instant::now();
    desktop::press(TITLE, "ctrl+a");
    app.until("detail", |text| text.contains("100,000")).await;
    println!("all selected in {:.2} s", asked.elapsed().as_secs_f64());
    println!("web view with all selected: {:.1} MB", mb(web_view_memory(&app)));
    desktop::press(TITLE, "shift+F10");
    app.get("menu").await;
    app.shot("62-hundred-thousand-selected").await;
    desktop::press(TITLE, "Escape");
    app.gone("menu").await;

    // filtered, sorted, and one of the last carried to the top
    desktop::press(TITLE, "ctrl+f");
    app.fill("filter", "frame 0420").await;
    until_total(&app, 100).await;
    desktop::press(TITLE, "Escape");
    until_total(&app, MANY).await;
    app.click("sort").await;
    app.click("menu-sortNewest").await;
    app.get("row-100000").await;
    app.click("sort").await;
    app.click("menu-sortQueue").await;
    app.get("row-1").await;
    app.script("document.querySelector('[data-index]').focus()").await;
    desktop::press(TITLE, "End");
    app.get("row-100000").await;
    let asked = Instant::now();
    desktop::press(TITLE, "alt+Home");
    let first = "return document.querySelector('[data-index=\"0\"]')?.dataset.testid";
    while app.script(first).await != "row-100000" {
        assert!(asked.elapsed() < Duration::from_secs(30), "{}", app.script(first).await);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    println!("the last moved to the top in {:.2} s", asked.elapsed().as_secs_f64());

    tokio::time::sleep(Duration::from_secs(5)).await;
    println!("nothing under way: {}", app.cpu_over(Duration::from_secs(10)).await);
    app.close().await;
}

fn mb(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// One upload under way with its details open, at a rate that costs little by itself; to a server outside the app.
#[tokio::test(flavor = "multi_thread")]
async fn one_upload_is_shown_at_little_cost() {
    let server = Server::practice().await;
    let reference = ReferenceClient::new(&server);
    reference.create_bucket("media").await;
    let folder = place::scratch();
    let file = folder.path().join("long.mov");
    files::write(&file, 1, 200 << 20);
    let session = session_with(r#"{"limit":2000000,"partSize":5242880,"connections":2}"#);
    let engine =
        Engine::open(&EngineConfig { folder: session.data().join(DATA), patience: None }).unwrap();
    engine
        .keep_connection(Connection {
            endpoint: Some(server.endpoint.clone()),
            sign: Sign::Environment,
            ..far_away()
        })
        .unwrap();
    engine
        .queue(vec![NewUpload {
            path: file,
            target: Target {
                connection: "far".into(),
                bucket: "media".into(),
                key: "long.mov".into(),
            },
            if_exists: IfExists::Replace,
            options: Options::default(),
            part_size: None,
        }])
        .await
        .unwrap();
    engine.close().await;
    drop(engine);
    let launch = Launch::new()
        .again(session)
        .env("AWS_ACCESS_KEY_ID", &server.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", &server.secret_access_key);
    let app = App::start(launch).await;
    until_status(&app, 0, &["sending"]).await;
    app.click("row-1").await;
    app.get("part-map").await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    println!("one upload, details open: {}", app.cpu_over(Duration::from_secs(10)).await);
    desktop::press(TITLE, "space");
    app.gone("detail").await;
    println!("one upload, details closed: {}", app.cpu_over(Duration::from_secs(10)).await);
    app.script("document.querySelector('[data-testid=nav-settings]').click()").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    println!("one upload, its list not shown: {}", app.cpu_over(Duration::from_secs(10)).await);
    app.click("nav-all").await;
    app.click("pause-all").await;
    until_status(&app, 0, &["paused"]).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    println!("paused: {}", app.cpu_over(Duration::from_secs(10)).await);
    app.close().await;
}
