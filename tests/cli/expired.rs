//! Keys that end in mid-upload: renewed where they can be, waited for where somebody has to sign in. No part is sent twice
//! for it.

use crate::deadline::{says, until_said};
use crate::fixture::{BUCKET, Fixture, PART, RunOutput, Running, ended, text};
use crate::sign_in::Scene;
use std::fs::File;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;
use windlass_tests::child_process::{self, Last};
use windlass_tests::{Act, When};

/// The token ends while parts are sent: they wait, and go on once somebody has signed in, in whichever program.
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_waits_for_a_sign_in_and_goes_on() {
    let scene = Scene::new().await;
    let login = ["login", "--profile", "work", "--use-device-code"];
    let signed_in = scene.run(&login).await;
    assert_eq!(signed_in.code, Some(0), "{signed_in:?}");
    scene.center.change(|gives| gives.keys = Duration::from_secs(2));
    let file = scene.fixture.file("long", 3, 4 * PART);
    let words = ["--part-size", "5MiB", "--limit", "3MB/s", "--wait-for-network", "--json"];
    let to = format!("s3://{BUCKET}/long");
    let source = text(&file);
    let words = [&["upload", &source, &to, "--profile", "work"], &words[..]].concat();
    let running = Running::start(scene.command(&words));
    scene.center.until("/federation/credentials", 1).await;
    scene.center.end_tokens();
    // asked in vain, by the token that has ended
    scene.center.until("/federation/credentials", 2).await;

    scene.center.change(|gives| gives.keys = Duration::from_secs(3600));
    let again = scene.run(&login).await;
    assert_eq!(again.code, Some(0), "{again:?}");
    let output = running.ended().await;
    assert_eq!(output.code, Some(0), "{output:?}");
    assert_eq!(output.only("done")["resent"], 0, "no part was sent twice: {output:?}");
    scene.fixture.reference.assert_same(BUCKET, "long", &file).await;
    scene.fixture.assert_clean().await;
    scene.assert_no_secret(&[&signed_in, &again, &output]);
}

/// A hotel's page in the place of the portal is no end of the sign-in: the upload waits, and goes on once it is gone.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_the_network_does_not_end_a_sign_in() {
    let scene = Scene::new().await;
    let login = ["login", "--profile", "work", "--use-device-code"];
    assert_eq!(scene.run(&login).await.code, Some(0));
    scene.center.change(|gives| gives.keys = Duration::from_secs(2));
    let file = scene.fixture.file("long", 3, 4 * PART);
    let words = ["--part-size", "5MiB", "--limit", "3MB/s", "--wait-for-network"];
    let (source, to) = (text(&file), format!("s3://{BUCKET}/long"));
    let words = [&["upload", &source, &to, "--profile", "work"], &words[..]].concat();
    let said = "something else answered in the place of 127.0.0.1";
    let network = async {
        scene.center.until("/federation/credentials", 1).await;
        scene.center.change(|gives| gives.captive = true);
    };
    let ((mut running, _), ()) = tokio::join!(until_said(scene.command(&words), said), network);
    scene.center.change(|gives| (gives.captive, gives.keys) = (false, Duration::from_secs(3600)));
    let ended = tokio::task::spawn_blocking(move || running.wait()).await.unwrap().unwrap();
    assert_eq!(ended.code(), Some(0));
    scene.fixture.reference.assert_same(BUCKET, "long", &file).await;

    scene.center.change(|gives| gives.captive = true);
    let login = scene.run(&login).await;
    assert!(login.code == Some(1) && login.err.contains(said), "{login:?}");
}

/// Keys of a `credential_process`, which counts how often it is asked.
struct Process<'a> {
    fixture: &'a Fixture,
}

impl Process<'_> {
    /// Its keys last so long, in the words of date(1).
    fn new<'a>(fixture: &'a Fixture, lasts: &str) -> Process<'a> {
        let script = format!(
            "#!/bin/sh\necho asked >> '{}'\nprintf '{{\"Version\": 1, \"AccessKeyId\": \"{}\", \"SecretAccessKey\": \"{}\", \
             \"Expiration\": \"%s\"}}' \"$(date -u -d '+{lasts}' +%Y-%m-%dT%H:%M:%SZ)\"\n",
            fixture.path("asked").display(),
            fixture.server.access_key_id,
            fixture.server.secret_access_key
        );
        let process = fixture.path("bin/process");
        std::fs::create_dir_all(process.parent().unwrap()).unwrap();
        std::fs::write(&process, script).unwrap();
        std::fs::set_permissions(&process, std::fs::Permissions::from_mode(0o755)).unwrap();
        let config =
            format!("[profile p]\nregion = us-east-1\ncredential_process = {}\n", text(&process));
        std::fs::write(fixture.path("config"), config).unwrap();
        Process { fixture }
    }

    async fn uploads(&self, words: &[&str]) -> RunOutput {
        let file = self.fixture.file("f", 3, 4 * PART);
        let (path, to) = (text(&file), format!("s3://{BUCKET}/f"));
        let all = ["upload", &path, &to, "--profile", "p", "--part-size", "5MiB", "--json"];
        let mut command = self.fixture.command(&[&all[..], words].concat());
        command
            .env_remove("AWS_ACCESS_KEY_ID")
            .env_remove("AWS_SECRET_ACCESS_KEY")
            .env("AWS_CONFIG_FILE", self.fixture.path("config"));
        let output = ended(command).await;
        assert_eq!(output.code, Some(0), "{output:?}");
        self.fixture.reference.assert_same(BUCKET, "f", &file).await;
        self.fixture.assert_clean().await;
        output
    }

    fn asked(&self) -> usize {
        std::fs::read_to_string(self.fixture.path("asked")).unwrap().lines().count()
    }
}

fn expired() -> Act {
    Act::Answer { status: 400, code: "ExpiredToken".into(), retry_after: None }
}

/// A server that calls the keys ended before their time is asked again with others, and nobody is the worse for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_was_refused_for_its_token_is_signed_again() {
    let (fixture, proxy) = Fixture::behind_proxy().await;
    let process = Process::new(&fixture, "1 hour");
    proxy.on(When::part(2), 1, expired());
    proxy.on(When::part(4), 1, expired());
    // long enough for the keys to be those that were refused, and not younger ones
    let output = process.uploads(&["--connections", "1", "--limit", "1MB/s"]).await;
    let done = output.only("done");
    assert_eq!((&done["resent"], &done["retries"]), (&0.into(), &0.into()), "{output:?}");
    assert_eq!(process.asked(), 3, "once, and once for each refusal");
}

/// Keys that end are asked for again before they do, and not for each request.
#[tokio::test(flavor = "multi_thread")]
async fn a_credential_process_is_asked_again_when_its_keys_end() {
    let fixture = Fixture::new().await;
    let process = Process::new(&fixture, "4 seconds");
    process.uploads(&["--limit", "2MB/s"]).await;
    assert!((2..=6).contains(&process.asked()), "{}", process.asked());
}

/// What ends before a long upload does is said while there is time, for each kind of credentials that end.
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_takes_longer_than_its_credentials_is_told_of() {
    let scene = Scene::new().await;
    // a hole, which takes no room
    let file = scene.fixture.path("reel.mov");
    File::create(&file).unwrap().set_len(100_000_000_000).unwrap();
    scene.center.change(|gives| gives.registered = Duration::from_secs(86_400));
    for profile in ["work", "old"] {
        let output = scene.run(&["login", "--profile", profile, "--use-device-code"]).await;
        assert_eq!(output.code, Some(0), "{output:?}");
    }
    scene.center.change(|gives| gives.mfa_code = Some("123456".into()));
    let of = |flags: &[&str]| {
        let words = ["upload", "reel.mov", "s3://bucket/", "--limit", "100kB/s"];
        scene.command(&[&words[..], flags].concat())
    };
    let mut given = of(&[]);
    let end = child_process::command("date", Last::Kill)
        .args(["-u", "-d", "+2 hours", "+%Y-%m-%dT%H:%M:%SZ"])
        .output()
        .unwrap();
    given
        .env("AWS_ACCESS_KEY_ID", &scene.fixture.server.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", &scene.fixture.server.secret_access_key)
        .env("AWS_SESSION_TOKEN", "session-token-of-the-environment")
        .env("AWS_CREDENTIAL_EXPIRATION", String::from_utf8(end.stdout).unwrap().trim());
    tokio::join!(
        says(of(&["--profile", "work"]), "your sign-in ends in 8 h (it can be renewed until "),
        // its token cannot be refreshed
        says(of(&["--profile", "old"]), "your sign-in ends in 8 h\n"),
        says(of(&["--profile", "mfa", "--mfa-code", "123456"]), "your sign-in ends in "),
        says(given, "the temporary key ends in 2 h and cannot be renewed"),
    );
}

/// Another program writes new temporary keys to the profile while parts are sent with the old ones.
#[tokio::test(flavor = "multi_thread")]
async fn keys_that_another_program_writes_to_a_profile_are_used() {
    let (fixture, proxy) = Fixture::behind_proxy().await;
    let written = |token: &str| {
        let keys = format!(
            "[p]\naws_access_key_id = {}\naws_secret_access_key = {}\naws_session_token = {token}\n",
            fixture.server.access_key_id, fixture.server.secret_access_key
        );
        std::fs::write(fixture.path("credentials"), keys).unwrap();
    };
    written("old-token");
    proxy.on(When::part(3), 1, expired());
    let file = fixture.file("f", 3, 4 * PART);
    let (path, to) = (text(&file), format!("s3://{BUCKET}/f"));
    let words = ["upload", &path, &to, "--profile", "p", "--part-size", "5MiB", "--json"];
    let mut command =
        fixture.command(&[&words[..], &["--connections", "1", "--limit", "1MB/s"]].concat());
    command
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY")
        .env("AWS_CONFIG_FILE", fixture.path("none"))
        .env("AWS_SHARED_CREDENTIALS_FILE", fixture.path("credentials"));
    let running = Running::start(command);
    // the tokens that this part was sent with
    let part = |number: u16| -> Vec<String> {
        let of = ("partNumber".to_owned(), number.to_string());
        let seen = proxy.seen();
        let sent = seen.iter().filter(|seen| seen.query.contains(&of));
        sent.filter_map(|seen| Some(seen.header("x-amz-security-token")?.to_owned())).collect()
    };
    while part(1).is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    written("new-token");
    let output = running.ended().await;
    assert_eq!(output.code, Some(0), "{output:?}");
    assert_eq!(part(3), ["old-token", "new-token"]);
    assert_eq!(part(4), ["new-token"]);
    fixture.reference.assert_same(BUCKET, "f", &file).await;
}
