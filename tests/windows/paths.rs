//! Paths in every form that Windows has: long, on another drive's current folder, from its root, on a server, verbatim.

use crate::fixture::{BUCKET, Fixture, PART, ended};
use std::path::Path;

async fn upload(fixture: &Fixture, path: &str, key: &str, file: &Path) {
    let output = fixture.run(&["upload", path, &format!("s3://bucket/{key}"), "--json"]).await;
    assert_eq!(output.code, Some(0), "{path}: {output:?}");
    fixture.reference.assert_same(BUCKET, key, file).await;
}

/// A path of this many characters in all and more, on this computer.
fn long(fixture: &Fixture, name: &str, length: usize) -> std::path::PathBuf {
    let mut path = fixture.path(name);
    while path.to_str().unwrap().len() < length {
        path.push("a folder with a long name, as photographers make them");
    }
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn paths_longer_than_260_characters() {
    let fixture = Fixture::new().await;
    let folder = long(&fixture, "deep", 600);
    let relative = folder.strip_prefix(fixture.home.path()).unwrap().to_str().unwrap();
    let key = format!("{relative}/f.bin");
    let file = fixture.file(&key, 1, PART + 1);
    let shown = fixture.machine.shown(&file);
    upload(&fixture, &shown, "whole", &file).await;
    upload(&fixture, &key.replace('/', "\\"), "relative", &file).await;
    upload(&fixture, &format!(r"\\?\{shown}"), "verbatim", &file).await;
    let output = fixture.run(&["upload", "deep", "s3://bucket/", "--json"]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    fixture.reference.assert_same(BUCKET, &key, &file).await;
    assert_eq!(output.only("done")["path"], shown, "as it was given, not verbatim");
}

/// A journal in a deep folder: SQLite opens files by itself.
#[tokio::test(flavor = "multi_thread")]
async fn a_state_folder_with_a_path_longer_than_260_characters() {
    let fixture = Fixture::new().await;
    let file = fixture.file("f", 1, 100);
    let state = long(&fixture, "state", 400);
    let shown = fixture.machine.shown(&state);
    for key in ["a", "b"] {
        let destination = format!("s3://bucket/{key}");
        let output = fixture.run(&["upload", "f", &destination, "--state", &shown]).await;
        assert_eq!(output.code, Some(0), "{output:?}");
        fixture.reference.assert_same(BUCKET, key, &file).await;
    }
    assert!(state.join("1/journal.sqlite").is_file());
    assert!(!state.join("2").exists(), "the first folder was free again");
    let output = fixture.run(&["verify", "s3://bucket/b", "--state", &shown]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn paths_relative_to_a_drive_and_to_its_root() {
    let fixture = Fixture::new().await;
    let file = fixture.file("folder/f.bin", 1, 100);
    let shown = fixture.machine.shown(&file);
    // the current folder is on Z
    upload(&fixture, r"Z:folder\f.bin", "drive", &file).await;
    upload(&fixture, shown.strip_prefix("Z:").unwrap(), "root", &file).await;
    upload(&fixture, &shown.replace('\\', "/"), "slashes", &file).await;
    upload(&fixture, &shown.replacen('Z', "z", 1), "small", &file).await;
    upload(&fixture, r"folder\..\.\folder\f.bin", "dots", &file).await;
    let output = fixture.run(&["upload", "Z:folder", "s3://bucket/x/"]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    fixture.reference.assert_same(BUCKET, "x/folder/f.bin", &file).await;

    let data = fixture.machine.wine.drive("");
    std::fs::write(data.join("of this test.txt"), "text").unwrap();
    upload(&fixture, r"C:\of this test.txt", "c", &data.join("of this test.txt")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn paths_on_a_server() {
    let fixture = Fixture::new().await;
    let file = fixture.file("shared/day 1/f.bin", 1, 2 * PART);
    fixture.machine.wine.share("nas", "film", &fixture.path("shared"));
    upload(&fixture, r"\\nas\film\day 1\f.bin", "unc", &file).await;
    upload(&fixture, "//nas/film/day 1/f.bin", "slashes", &file).await;
    upload(&fixture, r"\\?\UNC\nas\film\day 1\f.bin", "verbatim", &file).await;
    for folder in [r"\\nas\film\day 1", r"\\nas\film\day 1\"] {
        let output = fixture.run(&["upload", folder, "s3://bucket/x/", "--json"]).await;
        assert_eq!(output.code, Some(0), "{folder}: {output:?}");
        fixture.reference.assert_same(BUCKET, "x/day 1/f.bin", &file).await;
        assert_eq!(output.only("done")["path"], r"\\nas\film\day 1\f.bin", "{output:?}");
    }
    // the share as a whole; what its name is, Wine takes from the folder behind it
    let output = fixture.run(&["upload", r"\\nas\film", "s3://bucket/share/"]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    let keys = fixture.reference.keys(BUCKET, "share/").await;
    assert!(keys.len() == 1 && keys[0].ends_with("/day 1/f.bin"), "{keys:?}");
    let output = fixture.run(&["upload", r"\\nowhere\film\f", "s3://bucket/k", "--json"]).await;
    assert_eq!(output.only("failed")["fault"]["kind"], "sourceMissing", "{output:?}");
}

/// Started in a folder that is given by its drive and has another current folder on drive C.
#[tokio::test(flavor = "multi_thread")]
async fn the_current_folder_of_another_drive() {
    let fixture = Fixture::new().await;
    let folder = fixture.machine.wine.drive("work");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("f.txt"), "on C").unwrap();
    let mut command = fixture.command(&["upload", "C:f.txt", "s3://bucket/k"]);
    // as cmd.exe hands it to what it starts
    command.env("=C:", r"C:\work");
    let output = ended(command).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    fixture.reference.assert_same(BUCKET, "k", &folder.join("f.txt")).await;
}
