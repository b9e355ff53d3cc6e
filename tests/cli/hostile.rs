//! Control characters in names, keys and server messages are escaped and never sent to the terminal. `Running::ended` checks
//! the output of every test of this program.

use crate::fixture::{BUCKET, Fixture, answering, text};
use windlass_engine::APP_ID;

/// Clears the screen, colours what comes after, goes to another line, turns the letters round.
const NAME: &str = "a\u{1b}[2Jb\u{9b}31m\u{7f}c\rd\ndone  e\u{202e}f";

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn control_characters_of_names_never_reach_a_terminal() {
    let fixture = Fixture::new().await;
    let path = fixture.file(NAME, 1, 10);
    let folder = format!("folder {NAME}");
    fixture.file(&format!("{folder}/{NAME}"), 2, 10);
    std::os::unix::fs::symlink("nowhere", fixture.path(&folder).join(format!("link {NAME}")))
        .unwrap();

    for json in [&[][..], &["--json"]] {
        let run = async |line: &[&str], code: i32| {
            let output = fixture.run(&[line, json].concat()).await;
            assert_eq!(output.code, Some(code), "{line:?}: {output:?}");
            output
        };
        let output = run(&["upload", NAME, "s3://bucket/"], 0).await;
        fixture.reference.assert_same(BUCKET, NAME, &path).await;
        if json.is_empty() {
            assert!(
                output.out.contains(r"a\u{1b}[2Jb\u{9b}31m\u{7f}c\rd\ndone  e\u{202e}f"),
                "{output:?}"
            );
            assert_eq!(output.out.lines().count(), 1, "a name made up a line: {output:?}");
        } else {
            assert_eq!(output.only("done")["key"], NAME);
        }
        run(&["upload", &folder, "s3://bucket/"], 0).await;
        run(&["upload", "missing\u{1b}[2J", "s3://bucket/"], 1).await;
        run(&["upload", NAME, &folder, "missing\u{1b}[2J", "s3://bucket/"], 1).await;
        run(&["upload", NAME, "s3://bucket/", "--if-exists", "fail"], 1).await;
        run(&["upload", NAME, "s3://bucket/", "--if-exists", "skip"], 0).await;
        run(&["verify", &format!("s3://bucket/{NAME}")], 0).await;
        run(&["verify", &format!("s3://bucket/not there {NAME}")], 1).await;
        run(&["upload", NAME, "s3://bucket/", "--connection", "\u{1b}[2J"], 1).await;
    }
    // what was typed and is wrong
    let output = fixture.run(&["upload", NAME, "s3://bucket/", "--part-size", "\u{1b}[2J"]).await;
    assert!(output.code == Some(2) && output.err.contains("not a size"), "{output:?}");
    for line in [&["\u{1b}[2J"][..], &["upload", NAME, "\u{1b}[2J"], &["verify", "\u{1b}[2J"]] {
        assert_eq!(fixture.run(line).await.code, Some(2), "{line:?}");
    }
    let output = fixture.run(&["resume", "--state", "\u{1b}[2J"]).await;
    assert_eq!(output.code, Some(1), "{output:?}");
}

/// In error messages, bucket names and incomplete multipart uploads.
#[tokio::test(flavor = "multi_thread")]
async fn control_characters_of_servers_never_reach_a_terminal() {
    let address = answering(|head| {
        let bad = "&#27;[2J\u{9b}31m&#10;\u{202e}";
        match head.split(' ').nth(1).unwrap_or_default() {
            path if path.starts_with("/?") || path == "/" => {
                let bucket = format!("<Bucket><Name>b{bad}</Name></Bucket>");
                let body = format!("<Buckets>{bucket}</Buckets>");
                ("200 OK", format!("<ListAllMyBucketsResult>{body}</ListAllMyBucketsResult>"))
            }
            path if path.contains("uploads") && head.starts_with("GET") => {
                let initiator = format!("<Initiator><DisplayName>i{bad}</DisplayName></Initiator>");
                let upload = format!(
                    "<Upload><Key>k{bad}</Key><UploadId>u{bad}</UploadId>{initiator}</Upload>"
                );
                let root = "ListMultipartUploadsResult";
                ("200 OK", format!("<{root}><IsTruncated>false</IsTruncated>{upload}</{root}>"))
            }
            _ => {
                let body = format!("<Code>Mischief</Code><Message>no{bad}</Message>");
                ("403 Forbidden", format!("<Error>{body}</Error>"))
            }
        }
    });
    let fixture = Fixture::new().await;
    let path = text(&fixture.file("f", 1, 10));
    for json in [&[][..], &["--json"]] {
        let run = async |line: &[&str]| {
            fixture.run(&[line, &["--endpoint-url", &address], json].concat()).await
        };
        let output = run(&["bucket", "list"]).await;
        assert!(output.code == Some(0) && output.out.contains("[2J"), "{output:?}");
        let output = run(&["unfinished", "list", "s3://bucket"]).await;
        assert!(output.code == Some(0) && output.out.contains("[2J"), "{output:?}");
        let output = run(&["upload", &path, "s3://bucket/"]).await;
        assert!(output.code == Some(1) && output.err.contains("[2J"), "{output:?}");
        let output = run(&["bucket", "create", "s3://other"]).await;
        assert!(output.code == Some(1) && output.err.contains("[2J"), "{output:?}");
    }
}

/// What was uploaded, from where and to where: the journal, its log, the settings, the practice store.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_may_read_what_is_kept() {
    use std::os::unix::fs::PermissionsExt as _;
    let fixture = Fixture::new().await;
    fixture.file("f", 1, 10);
    for line in [
        &["upload", "f", "s3://bucket/"][..],
        &["upload", "f", "s3://bucket/", "--state", "state/of/it"],
    ] {
        assert_eq!(fixture.run(line).await.code, Some(0));
    }
    let mut practice = fixture.start(&["practice", "--json"]);
    practice.first_line().await;

    let data = fixture.path("home/.local/share").join(APP_ID);
    let (mut paths, mut seen) = (vec![data, fixture.path("state")], 0);
    while let Some(path) = paths.pop() {
        let metadata = path.metadata().unwrap();
        let closed = if metadata.is_dir() { 0o700 } else { 0o600 };
        let mode = metadata.permissions().mode() & 0o777;
        assert_eq!(format!("{mode:o}"), format!("{closed:o}"), "{}", path.display());
        if metadata.is_dir() {
            paths.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        }
        seen += 1;
    }
    assert!(seen > 15, "{seen}");
    practice.signal("TERM");
    practice.ended().await;

    // as an older one made it
    let slot = fixture.path("state/of/it/1");
    for path in [slot.clone(), slot.join("journal.sqlite"), slot.join("settings.json")] {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let output = fixture.run(&["upload", "f", "s3://bucket/", "--state", "state/of/it"]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    for path in [slot.clone(), slot.join("journal.sqlite"), slot.join("settings.json")] {
        let mode = path.metadata().unwrap().permissions().mode() & 0o077;
        assert_eq!(format!("{mode:o}"), "0", "{}", path.display());
    }
}
