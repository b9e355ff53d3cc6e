//! The installer and the portable zip: put on a computer without a window, used, and removed again.

use crate::fixture::{BUCKET, Fixture, ended};
use crate::machine::Machine;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use windlass_tests::wine::Wine;
use windlass_tests::{child_process, place};

const PROGRAMS: &str = "AppData/Local/Programs/Windlass";
const UNINSTALL: &str = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall";
const ENVIRONMENT: &str = r"HKCU\Environment";

/// The package with this ending that `cargo xtask test windows` made.
fn package(ending: &str) -> PathBuf {
    let folder = place::target().join("packages/windows");
    let entries = std::fs::read_dir(folder).expect("cargo xtask test windows makes it");
    let mut found = entries.map(|entry| entry.unwrap().path());
    found.find(|path| path.to_str().unwrap().ends_with(ending)).expect(ending)
}

/// Runs a program of the package to its end, and returns its exit code.
fn run(wine: &Wine, program: &Path, words: &[&str]) -> Option<i32> {
    let mut command = wine.command(program);
    command.args(words).stdin(Stdio::null());
    child_process::spawn(command).unwrap().wait().unwrap().code()
}

/// An uninstaller goes on as a copy of itself after the program that was started has ended.
fn until(what: &str, done: impl Fn() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// The user's PATH in the registry: its type and its text.
fn path(wine: &Wine) -> Option<(String, String)> {
    let output = wine.run(&["reg", "query", ENVIRONMENT, "/v", "Path"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text.lines().find(|line| line.contains("REG_"))?.trim();
    let (_, rest) = line.split_once("    ")?;
    let (kind, value) = rest.split_once("    ")?;
    Some((kind.trim().into(), value.trim().into()))
}

/// All files below a folder, without the folders.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let (mut folders, mut files) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn installed_used_and_removed_without_a_window() {
    let fixture = Fixture::new().await;
    let wine = &fixture.machine.wine;
    let user = wine.user();
    let before = files_below(&user);
    let installed = user.join(PROGRAMS);
    assert_eq!(run(wine, &package("-setup.exe"), &["/S"]), Some(0));
    for name in ["windlass.exe", "windlass-cli.exe", "uninstall.exe", "LICENSE.txt"] {
        assert!(installed.join(name).is_file(), "{name}");
    }
    assert!(installed.join("docs/terminal.md").is_file());
    let entry = wine.registry(UNINSTALL);
    for text in ["DisplayName    REG_SZ    Windlass", "DisplayVersion", "QuietUninstallString"] {
        assert!(entry.contains(text), "{text}: {entry}");
    }
    let menu = "AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Windlass.lnk";
    assert!(user.join(menu).is_file());
    assert_eq!(path(wine), None, "nobody asked for it");

    // what was installed works
    let file = fixture.file("f", 1, 1000);
    let program = wine.command(installed.join("windlass-cli.exe"));
    let output = ended(fixture.command_of(program, &["upload", "f", "s3://bucket/"])).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    fixture.reference.assert_same(BUCKET, "f", &file).await;

    // a second time over itself is an update; the user's own file beside the programs is not ours
    std::fs::write(installed.join("mine.txt"), "mine").unwrap();
    assert_eq!(run(wine, &package("-setup.exe"), &["/S"]), Some(0));
    assert_eq!(run(wine, &installed.join("uninstall.exe"), &["/S"]), Some(0));
    until("the uninstaller ends", || !wine.registry(UNINSTALL).contains("Windlass"));
    until("it is gone", || files_below(&installed) == [installed.join("mine.txt")]);
    assert!(!user.join(menu).exists());
    let data = fixture.machine.data(Path::new(""));
    let after = files_below(&user);
    let left: Vec<_> = after.iter().filter(|path| !before.contains(path)).collect();
    let is_temporary = |path: &Path| path.iter().any(|folder| folder == "Temp");
    for path in left.iter().filter(|path| !is_temporary(path)) {
        assert!(path.starts_with(&data) || path.ends_with("mine.txt"), "{}", path.display());
    }
    assert!(left.iter().any(|path| path.ends_with("journal.sqlite")), "uploads stay");
    assert!(!wine.registry(r"HKCU\Software").contains("Windlass"));
}

/// Its entry is added once, and nothing else of the PATH is touched, however long it is.
#[tokio::test(flavor = "multi_thread")]
async fn the_path_is_changed_only_where_that_is_wanted() {
    let machine = Machine::new();
    let wine = &machine.wine;
    let user = wine.user();
    let name = user.file_name().unwrap().to_str().unwrap().to_owned();
    let folder = format!(r"C:\users\{name}\AppData\Local\Programs\Windlass");
    let installed = user.join(PROGRAMS);
    let long = (0..60).map(|n| format!(r"C:\tools\of many\folders\{n}")).collect::<Vec<_>>();
    let alike = format!(r"{folder} old;C:\x{folder}");
    for before in [
        None,
        Some(r"%USERPROFILE%\bin".to_owned()),
        Some(r"C:\a;".to_owned()),
        Some(format!("{};{alike}", long.join(";"))),
    ] {
        if let Some(before) = &before {
            let set = ["reg", "add", ENVIRONMENT, "/v", "Path", "/t", "REG_EXPAND_SZ", "/d"];
            let set = wine.run(&[&set[..], &[before, "/f"]].concat());
            assert!(set.status.success(), "{set:?}");
        }
        for _ in 0..2 {
            assert_eq!(run(wine, &package("-setup.exe"), &["/S", "/PATH"]), Some(0));
            let (kind, now) = path(wine).unwrap();
            let separator = match before.as_deref() {
                None => "",
                Some(before) if before.ends_with(';') => "",
                Some(_) => ";",
            };
            let wanted = format!("{}{separator}{folder}", before.as_deref().unwrap_or_default());
            assert_eq!((kind.as_str(), now), ("REG_EXPAND_SZ", wanted));
        }
        assert_eq!(run(wine, &installed.join("uninstall.exe"), &["/S"]), Some(0));
        until("the uninstaller ends", || !wine.registry(UNINSTALL).contains("Windlass"));
        let after = path(wine).map(|(_, text)| text);
        let wanted = before.map(|before| before.trim_end_matches(';').to_owned());
        assert_eq!(after.map(|text| text.trim_end_matches(';').to_owned()), wanted);
    }
}

/// The file of a program that is running cannot be replaced; the installer says so by its exit code and changes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_running_program_is_not_replaced() {
    let fixture = Fixture::new().await;
    let wine = &fixture.machine.wine;
    let installed = wine.user().join(PROGRAMS);
    assert_eq!(run(wine, &package("-setup.exe"), &["/S"]), Some(0));
    let mut command = wine.command(installed.join("windlass-cli.exe"));
    command.args(["practice", "--dir"]).arg(r"C:\practice").stdout(Stdio::piped());
    let mut running = child_process::spawn(command).unwrap();
    let mut first = [0];
    running.stdout.as_mut().unwrap().read_exact(&mut first).unwrap();
    assert_eq!(run(wine, &package("-setup.exe"), &["/S"]), Some(2));
    run(wine, &installed.join("uninstall.exe"), &["/S"]);
    assert!(installed.join("windlass.exe").is_file());
    assert!(wine.registry(UNINSTALL).contains("Windlass"));
    running.kill().unwrap();
    running.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_portable_zip_runs_where_it_is_unpacked() {
    let machine = Machine::new();
    let folder = place::scratch();
    let mut unzip = std::process::Command::new("python3");
    unzip.args(["-m", "zipfile", "-e"]).arg(package("-portable.zip")).arg(folder.path());
    assert!(unzip.status().unwrap().success());
    let top: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().path()).collect();
    let [top] = &top[..] else { panic!("one folder: {top:?}") };
    for name in ["windlass.exe", "windlass-cli.exe", "LICENSE.txt", "docs/terminal.md"] {
        assert!(top.join(name).is_file(), "{name}");
    }
    let mut command = machine.wine.command(top.join("windlass-cli.exe"));
    command.arg("--version").stdin(Stdio::null()).stdout(Stdio::piped());
    let output = child_process::spawn(command).unwrap().wait_with_output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("windlass-cli "), "{output:?}");
}
