//! When Windlass itself makes a mistake: it is told, uploads are kept, and a report has no names unless they are ticked.

use crate::steps::{DATA, session_with, until_status};
use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;
use std::process::Command;
use windlass_tests::{App, Launch, files, place};

const SLOW: &str = r#"{"limit":2000000,"connections":2,"partSize":5242880}"#;

/// All text in a zip file.
fn unzipped(path: &Path) -> String {
    let script = "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); \
                  print(''.join(z.read(name).decode() for name in z.namelist()))";
    let out = Command::new("/usr/bin/python3").args(["-c", script]).arg(path).output().unwrap();
    assert!(out.status.success(), "{out:?}");
    String::from_utf8(out.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_told_and_a_report_says_where_without_names() {
    let folder = place::scratch();
    let file = folder.path().join("secretplan.mov");
    files::write(&file, 1, 40 << 20);
    let launch = Launch::new().again(session_with(SLOW)).env("WINDLASS_OPEN_PRACTICE", "1");
    let app = App::start(launch.env("WINDLASS_PANIC_IN", "profiles")).await;
    app.drag(&[&file]).await;
    app.until("sheet-plan", |text| text.contains("parts")).await;
    app.click("sheet-start").await;
    until_status(&app, 0, &["sending"]).await;

    // the form asks for the profiles: the command answers with a fault, and the window says what happened
    app.click("nav-connections").await;
    app.click("add-connection").await;
    app.until("panicked", |text| text.contains("made a mistake")).await;
    app.shot("33-panicked").await;
    let log = app.session().data().join(DATA).join("logs/windlass.log");
    let mut text = String::new();
    File::open(&log).unwrap().read_to_string(&mut text).unwrap();
    assert!(text.contains("Windlass panicked") && text.contains("commands.rs:"), "{text}");

    app.click("panicked-report").await;
    let shown = app.until_written("log-folder", |text| !text.is_empty()).await;
    assert!(shown.contains(DATA), "{shown}");
    for (name, with_names) in [("plain.zip", false), ("named.zip", true)] {
        let zip = folder.path().join(name);
        if with_names {
            app.click("report-names").await;
        }
        app.click("save-report").await;
        app.choose("Save the problem report", &zip).await;
        app.until_written("report-saved", |text| text.contains(name)).await;
        let report = unzipped(&zip);
        assert!(report.contains("commands.rs:"), "where it happened: {report}");
        assert_eq!(report.contains("secretplan"), with_names, "{report}");
    }
    // the upload goes on
    app.click("nav-all").await;
    until_status(&app, 0, &["sending", "done"]).await;

    // and after a crash the next start says so, until it is dismissed
    let session = app.kill().await;
    let app = App::start(Launch::new().again(session)).await;
    app.until("panicked", |text| text.contains("the last time")).await;
    until_status(&app, 0, &["sending", "done"]).await;
    app.script("document.querySelector('[data-testid=panicked] button:last-child').click()").await;
    app.gone("panicked").await;
    assert!(!fs::exists(log.with_file_name("panic.json")).unwrap());
    app.close().await;
}
