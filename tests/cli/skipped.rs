//! Files that are skipped, and files that cannot be uploaded, are all reported.
#![cfg(target_os = "linux")]

use crate::fixture::{BUCKET, Fixture};

/// More than a page of either, in both forms.
#[tokio::test(flavor = "multi_thread")]
async fn every_file_that_was_asked_for_is_told_however_many_are_left_out() {
    use std::os::unix::ffi::OsStrExt;
    const LINKS: usize = 2_150;
    const UNREADABLE: usize = 130;
    let fixture = Fixture::new().await;
    let path = fixture.file("day/clip.mov", 8, 10);
    for number in 0..LINKS {
        std::os::unix::fs::symlink("clip.mov", fixture.path(&format!("day/a-{number}"))).unwrap();
    }
    for number in 0..UNREADABLE {
        // no key can be made of it: the files that root cannot use either
        let name = [format!("z-{number}-").as_bytes(), &[0xff]].concat();
        std::fs::write(fixture.path("day").join(std::ffi::OsStr::from_bytes(&name)), "x").unwrap();
    }
    let output = fixture.run(&["upload", "day", "s3://bucket/", "--json"]).await;
    let count = |kind: &str| output.events().iter().filter(|one| one["event"] == kind).count();
    assert_eq!((count("skipped"), count("failed"), count("done")), (LINKS, UNREADABLE, 1));
    assert_eq!(output.code, Some(1));
    fixture.reference.assert_same(BUCKET, "day/clip.mov", &path).await;

    let output = fixture.run(&["upload", "day", "s3://bucket/"]).await;
    let count = |start: &str| output.err.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!((count("skipped  "), count("failed  ")), (LINKS, UNREADABLE));
    assert!(
        output.code == Some(1) && output.err.contains("1 done, 130 failed"),
        "{:?}",
        output.code
    );
}
