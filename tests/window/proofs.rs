//! What was proved, in the real window: the receipt saved and verified again, a file that changes under way, what the
//! practice store takes.

use crate::steps::{practice_of, session_with, until_status};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use windlass_engine::Receipt;
use windlass_tests::{App, Launch, files, place};

const MIB: u64 = 1 << 20;

async fn dropped(app: &App, file: &Path) {
    app.get("welcome").await;
    app.drag(&[file]).await;
    app.until("sheet-plan", |text| text.contains("parts")).await;
    app.click("sheet-start").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_is_saved_and_verified_again() {
    let folder = place::scratch();
    let file = folder.path().join("take 7.mov");
    files::write(&file, 1, 40 * MIB);
    let app = App::start(Launch::new().env("WINDLASS_OPEN_PRACTICE", "1")).await;
    dropped(&app, &file).await;
    until_status(&app, 0, &["done"]).await;
    app.until_written("row-1", |text| text.contains("Verified")).await;
    app.click("row-1").await;
    app.until("receipt-proof", |text| text.contains("whole object")).await;
    app.shot("40-receipt").await;

    app.click("receipt-save").await;
    let saved = folder.path().join("take7.json");
    app.choose("Save the receipt", &saved).await;
    app.get("receipt-saved").await;
    let receipt = Receipt::read(&saved).unwrap();
    assert_eq!((receipt.key.as_str(), receipt.size), ("take 7.mov", 40 * MIB));
    assert_eq!(receipt.parts.len(), 8);

    app.click("receipt-verify-file").await;
    app.until("verdict", |text| text.contains("matches what was sent")).await;
    assert_eq!(app.attribute("finding-file", "data-held").await.as_deref(), Some("same"));
    app.shot("41-verified").await;

    // the object overwritten and the file changed meanwhile, by others
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&file, [&bytes[..20 << 20], &[1; 9][..], &bytes[(20 << 20) + 9..]].concat())
        .unwrap();
    app.click("receipt-verify-file").await;
    app.until("finding-file", |text| text.contains("in part 5")).await;
    app.shot("42-the-file-changed").await;

    app.click("nav-connections").await;
    app.click("connection-practice").await;
    app.until("capability-checksumMode", |text| text.contains("CRC64NVME")).await;
    app.shot("43-what-the-practice-store-takes").await;
    app.close().await;
}

/// Writes to the file until it is dropped.
struct UnstableFile(Arc<AtomicBool>);

impl UnstableFile {
    fn on(path: &Path) -> UnstableFile {
        let going = Arc::new(AtomicBool::new(true));
        let (path, flag) = (path.to_owned(), going.clone());
        std::thread::spawn(move || {
            for generation in 0u64.. {
                if !flag.load(Ordering::Relaxed) {
                    return;
                }
                let mut file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
                file.seek(SeekFrom::Start(6 * MIB)).unwrap();
                file.write_all(&generation.to_be_bytes()).unwrap();
                std::thread::sleep(Duration::from_millis(300));
            }
        });
        UnstableFile(going)
    }
}

impl Drop for UnstableFile {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_keeps_changing_is_asked_about_and_sent_as_it_is() {
    let settings = r#"{"limit":20000000,"partSize":5242880,"askChangingAfter":2}"#;
    let folder = place::scratch();
    let file = folder.path().join("disk.img");
    files::write(&file, 1, 30 * MIB);
    let session = session_with(settings);
    let app = App::start(Launch::new().env("WINDLASS_OPEN_PRACTICE", "1").again(session)).await;
    dropped(&app, &file).await;
    until_status(&app, 0, &["sending"]).await;
    let unstable = UnstableFile::on(&file);
    app.click("row-1").await;
    until_status(&app, 0, &["preparing"]).await;
    app.until("detail-waits", |text| text.to_lowercase().contains("is being changed")).await;
    app.shot("44-waiting-for-the-file").await;
    until_status(&app, 0, &["failed"]).await;
    app.until("detail-fault", |text| text.contains("This file keeps changing")).await;
    app.shot("45-keeps-changing").await;
    app.click("row-remedy").await;
    until_status(&app, 0, &["done"]).await;
    drop(unstable);
    app.shot("46-sent-as-it-was").await;
    let session = app.close().await;
    let (store, reference) = practice_of(&session).await;
    assert_eq!(reference.get("practice", "disk.img").await.len() as u64, 30 * MIB);
    assert_eq!(reference.uploads("practice").await, []);
    store.stop().await;
}
