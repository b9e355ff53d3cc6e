//! The connections of other programs, imported from the terminal: read as those programs write them, kept in the keychain
//! and nowhere else, and uploaded with.

use crate::fixture::{BUCKET, Fixture, RunOutput, ended};
use serde_json::{Value, json};
use std::fs::{self, File};
use std::path::PathBuf;
use windlass_engine::APP_ID;
use windlass_tests::session::{Keychain, Session};

/// A person whose rclone knows the server of this test, and whose keychain is open.
struct Person {
    fixture: Fixture,
    session: Session,
    rclone: PathBuf,
}

impl Person {
    async fn new(keychain: Keychain) -> Person {
        let fixture = Fixture::new().await;
        let rclone = fixture.path("home/.config/rclone/rclone.conf");
        fs::create_dir_all(rclone.parent().unwrap()).unwrap();
        let server = &fixture.server;
        let config = format!(
            "[work]\ntype = s3\nprovider = Minio\naccess_key_id = {}\nsecret_access_key = {}\nendpoint = {}\n\n\
             [mail]\ntype = drive\ntoken = {{\"access_token\":\"x\"}}\n",
            server.access_key_id, server.secret_access_key, server.endpoint
        );
        fs::write(&rclone, config).unwrap();
        Person { fixture, session: Session::new(keychain), rclone }
    }

    async fn run(&self, words: &[&str]) -> RunOutput {
        let mut command = self.fixture.command(words);
        for name in ["DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"] {
            command.env_remove(name);
        }
        let env = self.session.env().iter();
        command.envs(
            env.filter(|(name, _)| name.contains("DBUS") || name.contains("RUNTIME")).cloned(),
        );
        // the keys of the connection, and no others
        command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
        ended(command).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_rclone_has_is_shown_imported_and_uploaded_with() {
    let person = Person::new(Keychain::Open).await;
    let fixture = &person.fixture;
    let shown = person.run(&["connections", "import"]).await;
    assert_eq!(shown.code, Some(0), "{shown:?}");
    assert!(shown.out.starts_with("work  (rclone, http://"), "{shown:?}");
    assert!(shown.out.contains("secret in the file"), "{shown:?}");
    assert!(
        shown.err.contains("mail (rclone, ") && shown.err.contains("not S3 (drive)"),
        "{shown:?}"
    );
    let none = person.run(&["connections", "list", "--json"]).await;
    assert_eq!((none.code, none.out.as_str()), (Some(0), ""), "nothing was changed by looking");

    let imported = person.run(&["connections", "import", "--all", "--json"]).await;
    assert_eq!(imported.code, Some(0), "{imported:?}");
    let event = imported.only("imported");
    assert_eq!(event["signedIn"], "keychain");
    assert_eq!((&event["pathStyle"], &event["preset"]), (&json!(true), &json!("minio")));
    assert_eq!(imported.only("notImportable")["why"], json!({ "is": "notS3", "kind": "drive" }));

    // rclone may go, its connection stays
    fs::remove_file(&person.rclone).unwrap();
    let path = fixture.file("cut.mov", 1, 10);
    let line = ["upload", "cut.mov", "s3://bucket/a/", "--connection", "work"];
    let sent = person.run(&line).await;
    assert_eq!(sent.code, Some(0), "{sent:?}");
    fixture.reference.assert_same(BUCKET, "a/cut.mov", &path).await;
    let listed = person.run(&["connections", "list"]).await;
    assert!(listed.out.starts_with("work  (") && !listed.out.contains("missing"), "{listed:?}");
    fixture.assert_no_secret(&[&shown, &imported, &sent, &listed]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_already_is_not_imported_twice_and_a_wrong_name_is_said() {
    let person = Person::new(Keychain::Open).await;
    let first = person.run(&["connections", "import", "work"]).await;
    assert_eq!(first.code, Some(0), "{first:?}");
    let again = person.run(&["connections", "import", "--all", "--json"]).await;
    assert!(again.events().iter().all(|event| event["event"] != "imported"), "{again:?}");
    // asked for by name, it is a second one, by another name
    let second = person.run(&["connections", "import", "work", "--json"]).await;
    assert_eq!(second.only("imported")["name"], "work 2");
    for (name, says) in [("nobody", "no connection named"), ("mail", "not S3 (drive)")] {
        let wrong = person.run(&["connections", "import", name]).await;
        assert_eq!(wrong.code, Some(1), "{wrong:?}");
        assert!(wrong.err.contains(says), "{wrong:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keychain_nothing_is_kept() {
    let person = Person::new(Keychain::None).await;
    let refused = person.run(&["connections", "import", "--all", "--json"]).await;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert_eq!(refused.only("notImported")["fault"]["kind"], "keychain");
    let listed = person.run(&["connections", "list"]).await;
    assert!(listed.out.is_empty(), "{listed:?}");
    fs::remove_file(&person.rclone).unwrap();
    person.fixture.assert_no_secret(&[&refused, &listed]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_app_is_not_written_over() {
    let person = Person::new(Keychain::None).await;
    let folder = person.fixture.path("home/.local/share").join(APP_ID);
    fs::create_dir_all(&folder).unwrap();
    let lock = File::create(folder.join("windlass.lock")).unwrap();
    lock.lock().unwrap();
    let refused = person.run(&["connections", "import", "--all"]).await;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.err.contains("Windlass is running"), "{refused:?}");
    assert!(!folder.join("settings.json").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_named_file_that_cannot_be_read_says_why() {
    let person = Person::new(Keychain::None).await;
    let write = |name: &str, bytes: &[u8]| fs::write(person.fixture.path(name), bytes).unwrap();
    write("locked.conf", b"# Encrypted rclone configuration File\n\nRCLONE_ENCRYPT_V0:\nZm9v\n");
    write("film.conf", b"\0\x01\x02\xff");
    write("half.conf", b"[half\n");
    let table = [
        ("rclone", "locked.conf", "encrypted with a password"),
        ("rclone", "film.conf", "not text in UTF-8"),
        ("rclone", "half.conf", "damaged or not in the expected format"),
        ("mc", "half.conf", "damaged or not in the expected format"),
        ("cyberduck", "half.conf", "damaged or not in the expected format"),
        ("s3cmd", "nowhere", "there is no such file"),
    ];
    for (program, file, says) in table {
        let words = ["connections", "import", "--from", program, "--file", file];
        let output = person.run(&words).await;
        assert!(output.err.contains(says), "{program} {file}: {output:?}");
    }
    let wrong = person.run(&["connections", "import", "--file", "half.conf"]).await;
    assert_eq!(wrong.code, Some(2), "{wrong:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_smallest_policy_is_printed_alone() {
    let fixture = Fixture::new().await;
    let mut command = fixture.command(&["policy", "s3://media/2026/", "--tag", "team=film"]);
    command.env_remove("AWS_ENDPOINT_URL");
    let output = ended(command).await;
    assert_eq!((output.code, output.err.as_str()), (Some(0), ""), "{output:?}");
    let policy: Value = serde_json::from_str(&output.out).unwrap();
    let upload = &policy["Statement"][0];
    assert_eq!(upload["Resource"], "arn:aws:s3:::media/2026/*");
    assert!(upload["Action"].as_array().unwrap().contains(&json!("s3:PutObjectTagging")));
    let wrong = fixture.run(&["policy", "media"]).await;
    assert_eq!(wrong.code, Some(2), "{wrong:?}");
}
