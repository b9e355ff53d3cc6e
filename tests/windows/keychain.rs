//! Keys in Windows' credential store.

use crate::fixture::{BUCKET, Fixture, RunOutput, ended};
use serde_json::json;

/// A run with the keys of a connection, and no others.
async fn run(fixture: &Fixture, words: &[&str]) -> RunOutput {
    let mut command = fixture.command(words);
    command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    ended(command).await
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_kept_in_the_credential_store_and_nowhere_else() {
    let fixture = Fixture::new().await;
    // where rclone has it on Windows
    let rclone = fixture.machine.wine.user().join("AppData/Roaming/rclone/rclone.conf");
    std::fs::create_dir_all(rclone.parent().unwrap()).unwrap();
    let server = &fixture.server;
    let config = format!(
        "[work]\ntype = s3\nprovider = Minio\naccess_key_id = {}\nsecret_access_key = {}\nendpoint = {}\n",
        server.access_key_id, server.secret_access_key, server.endpoint
    );
    std::fs::write(&rclone, config).unwrap();
    let imported = run(&fixture, &["connections", "import", "--all", "--json"]).await;
    assert_eq!(imported.code, Some(0), "{imported:?}");
    assert_eq!(imported.only("imported")["signedIn"], json!("keychain"), "{imported:?}");
    std::fs::remove_file(&rclone).unwrap();

    let path = fixture.file("cut.mov", 1, 10);
    let sent =
        run(&fixture, &["upload", "cut.mov", "s3://bucket/a/", "--connection", "work"]).await;
    assert_eq!(sent.code, Some(0), "{sent:?}");
    fixture.reference.assert_same(BUCKET, "a/cut.mov", &path).await;
    let listed = run(&fixture, &["connections", "list"]).await;
    assert!(listed.out.starts_with("work  (") && !listed.out.contains("missing"), "{listed:?}");
    fixture.assert_no_secret(&[&imported, &sent, &listed]);
    let stored = fixture.machine.wine.registry(r"HKCU\Software\Wine\Credential Manager");
    assert!(stored.to_lowercase().contains("windlass"), "{stored}");
}
