//! The main job without a person: drops a file on the real window, starts the upload, waits for it to finish, reads the object
//! back with another S3 client and compares the bytes. Run by `cargo xtask demo`, on a private desktop.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a step that fails ends the demo, and says which"
)]

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use windlass_practice::{Keys, Place, PracticeStore};
use windlass_tests::{App, Launch, ReferenceClient, Server, place};

const MIB: f64 = 1_048_576.0;
/// A disk of a tired laptop takes a gigabyte in this time.
const LIMIT: Duration = Duration::from_secs(600);

#[tokio::main]
async fn main() {
    let (file, out) = wish();
    let size = fs::metadata(&file).unwrap().len();
    let name = file.file_name().unwrap().to_str().unwrap().to_string();
    println!("dropping {name}, {:.0} MiB, on the window", size as f64 / MIB);

    let app = App::start(Launch::new().env("WINDLASS_OPEN_PRACTICE", "1")).await;
    app.until("welcome", |text| text.contains("Drop files")).await;
    app.drag(&[&file]).await;
    let plan = app.until("sheet-plan", |text| !text.is_empty() && !text.contains("Counting")).await;
    app.shot("demo-1-dropped").await;
    app.click("sheet-start").await;
    let start = Instant::now();
    let sending = until_status(&app, &["sending", "completing", "done"]).await;
    if sending == "sending" {
        app.shot("demo-2-sending").await;
    }
    until_status(&app, &["done"]).await;
    let seconds = start.elapsed().as_secs_f64();
    let shot = app.shot("demo-3-done").await;
    let session = app.close().await;

    // the store keeps what it was given: another one over the same folder, with other keys, has it
    let folder = practice_folder(&session.data());
    let store =
        PracticeStore::start(Place { folder, port: 0, keys: Keys::generate() }).await.unwrap();
    let keys = store.keys().clone();
    let reference = ReferenceClient::new(&Server::found(
        "practice",
        store.endpoint(),
        &keys.access_key_id,
        &keys.secret_access_key,
    ));
    let (bucket, key) = find(&reference, &name).await;
    reference.assert_same(&bucket, &key, &file).await;
    assert_eq!(reference.uploads(&bucket).await, [], "nothing half-made is left on the server");
    store.stop().await;

    let kept = out.join("window.png");
    fs::copy(&shot, &kept).unwrap();
    println!("plan:       {plan}");
    println!("object:     s3://{bucket}/{key}, {size} bytes, the same as the file's");
    println!("time:       {seconds:.1} s, {:.0} MiB/s", size as f64 / MIB / seconds);
    println!("screenshot: {} (the steps before: {})", kept.display(), place::shots().display());
}

/// `--file FILE --out DIR`
fn wish() -> (PathBuf, PathBuf) {
    let args: Vec<String> = std::env::args().collect();
    let value = |flag: &str| args.iter().skip_while(|arg| *arg != flag).nth(1).map(PathBuf::from);
    match (value("--file"), value("--out")) {
        (Some(file), Some(out)) => (file, out),
        _ => panic!("demo --file FILE --out DIR; it is started by `cargo xtask demo`"),
    }
}

/// What the one row in the queue stands at, as soon as it is one of these.
async fn until_status(app: &App, wanted: &[&str]) -> String {
    let row = "const row = document.querySelector('[data-testid^=\"row-\"][data-status]'); \
               return row ? [row.dataset.status, row.textContent] : ['', '']";
    let (start, mut last) = (Instant::now(), String::new());
    while start.elapsed() < LIMIT {
        let reported = app.script(row).await;
        let (status, text) =
            (reported[0].as_str().unwrap_or_default(), reported[1].as_str().unwrap_or_default());
        assert!(status != "failed" || wanted.contains(&"failed"), "the upload failed: {text}");
        if wanted.contains(&status) {
            return status.into();
        }
        last = format!("{status} {text}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the upload stands at {last}")
}

/// The app's own practice store, somewhere below its data folder.
fn practice_folder(data: &Path) -> PathBuf {
    let mut folders = vec![data.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)
            .into_iter()
            .flatten()
            .flatten()
            .filter(|entry| entry.path().is_dir())
        {
            if entry.file_name() == "practice" {
                return entry.path();
            }
            folders.push(entry.path());
        }
    }
    panic!("the app has no practice store below {}", data.display())
}

async fn find(reference: &ReferenceClient, name: &str) -> (String, String) {
    for bucket in reference.buckets().await {
        if let Some(key) =
            reference.keys(&bucket, "").await.into_iter().find(|key| key.ends_with(name))
        {
            return (bucket, key);
        }
    }
    panic!("no object ends in {name}")
}
