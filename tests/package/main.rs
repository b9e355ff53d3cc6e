//! The Debian package in a clean system: installed by apt, started from its desktop entry, used, and removed.
//!
//! `cargo xtask test package` makes the package and the system, which `WINDLASS_PACKAGE` and `WINDLASS_ROOT` name.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "in a test, a panic is the failure and its report")]

#[allow(dead_code, reason = "the window's tests use the rest")]
#[path = "../window/steps.rs"]
mod steps;

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};
use steps::{practice_of, session_with, until_status};
use windlass_engine::APP_ID;
use windlass_tests::child_process::{self, Last};
use windlass_tests::window::TITLE;
use windlass_tests::{App, Launch, desktop, files, place};

/// The clean system.
struct Root(PathBuf);

impl Root {
    fn env(&self) -> [(String, OsString); 2] {
        let scratch = place::target().join("scratch");
        [
            ("WINDLASS_ROOT".into(), self.0.clone().into()),
            ("WINDLASS_SCRATCH".into(), scratch.into()),
        ]
    }

    /// Runs a program in it, and returns what it printed.
    fn run(&self, words: &[&str], env: &[(String, OsString)]) -> Output {
        let mut command = child_process::command(place::script("in-root.sh"), Last::Kill);
        command.args(words).envs(self.env()).envs(env.iter().cloned());
        command.env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
        // what a desktop starts does not keep the output of who started it
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        child_process::spawn(command).unwrap().wait_with_output().unwrap()
    }

    fn must(&self, words: &[&str]) -> String {
        let out = self.run(words, &[]);
        assert!(out.status.success(), "{words:?}: {out:?}");
        String::from_utf8(out.stdout).unwrap()
    }

    /// Opens files with the desktop entry, as a file manager does; none starts the app.
    fn launch(&self, files: &[&str], env: &[(String, OsString)]) {
        let entry = format!("/usr/share/applications/{APP_ID}.desktop");
        let words = [&["gio", "launch", &entry], files].concat();
        let mut command = child_process::command(place::script("in-root.sh"), Last::Kill);
        command.args(words).envs(self.env()).envs(env.iter().cloned());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        assert!(child_process::spawn(command).unwrap().wait().unwrap().success());
    }

    /// The processes of the app in it.
    fn processes(&self) -> Vec<PathBuf> {
        let own = |process: &PathBuf| {
            fs::read_link(process.join("root")).is_ok_and(|root| root == self.0)
                && fs::read_to_string(process.join("comm")).is_ok_and(|name| name == "windlass\n")
        };
        let all = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
        all.filter(own).collect()
    }

    /// Every file that has the app's name, but for the records of dpkg and apt.
    fn named_after_the_app(&self) -> Vec<PathBuf> {
        let (mut found, mut folders) = (vec![], vec![self.0.clone()]);
        let records = ["proc", "sys", "dev", "tmp", "var/log", "var/cache/apt", "var/lib/apt"];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().flatten() {
                let path = entry.path();
                let inside = path.strip_prefix(&self.0).unwrap();
                let name = entry.file_name().to_string_lossy().to_lowercase();
                if name.contains("windlass") {
                    found.push(inside.to_owned());
                }
                let is_record = records.iter().any(|record| inside == Path::new(record));
                if entry.file_type().unwrap().is_dir() && !is_record {
                    folders.push(path);
                }
            }
        }
        found
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_package_is_installed_used_and_removed_without_a_trace() {
    let named = |name: &str| {
        PathBuf::from(env::var_os(name).expect("cargo xtask test package names the package"))
    };
    let (package, root) = (named("WINDLASS_PACKAGE"), Root(named("WINDLASS_ROOT")));
    let before = root.named_after_the_app();
    let inside = root.0.join("srv/windlass.deb");
    fs::copy(package, &inside).unwrap();
    root.must(&["apt-get", "install", "-y", "--no-install-recommends", "/srv/windlass.deb"]);
    fs::remove_file(inside).unwrap();

    let version = root.must(&["windlass-cli", "--version"]);
    assert_eq!(version.trim(), format!("windlass-cli {}", env!("CARGO_PKG_VERSION")));
    let offered = root.must(&["gio", "mime", "application/octet-stream"]);
    assert!(offered.contains(&format!("{APP_ID}.desktop")), "{offered}");

    // from the desktop's menu
    let session = session_with("{}");
    root.launch(&[], session.env());
    desktop::until_shown(TITLE);
    desktop::screen_shot("30-installed");
    desktop::close(TITLE);
    desktop::until_hidden(TITLE);
    let start = Instant::now();
    while !root.processes().is_empty() {
        assert!(start.elapsed() < Duration::from_secs(30), "the app does not end");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    // from a file manager, while it runs
    let folder = place::scratch();
    let file = folder.path().join("from the file manager ü.mov");
    files::write(&file, 1, 11 << 20);
    let mut launch = Launch::new().again(session).env("WINDLASS_OPEN_PRACTICE", "1");
    for (name, value) in root.env() {
        launch = launch.env(&name, value);
    }
    let app = App::start(launch).await;
    assert_eq!(root.processes().len(), 1, "it is the installed one");
    root.launch(&[file.to_str().unwrap()], app.session().env());
    app.until("sheet-plan", |text| text.contains("part")).await;
    assert_eq!(root.processes().len(), 1, "the second start has ended");
    app.shot("31-handed-over").await;
    app.click("sheet-start").await;
    until_status(&app, 0, &["done"]).await;
    let session = app.close().await;
    let (store, reference) = practice_of(&session).await;
    reference.assert_same("practice", "from the file manager ü.mov", &file).await;
    store.stop().await;

    root.must(&["apt-get", "purge", "-y", "windlass"]);
    assert_eq!(root.named_after_the_app(), before);
    let cache = fs::read_to_string(root.0.join("usr/share/applications/mimeinfo.cache"));
    assert!(!cache.unwrap_or_default().to_lowercase().contains("windlass"));
    assert!(session.data().join(APP_ID).join("journal.sqlite").is_file(), "the user's data stays");
}
