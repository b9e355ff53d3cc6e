//! Signing in from the terminal with IAM Identity Center, in the browser and by a code. The endpoints are a stand-in's; that the
//! AWS tools can use what is left on the disk is for botocore to say.

use crate::fixture::{BUCKET, Fixture, RunOutput, ended, text};
use serde_json::Value;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;
use windlass_tests::child_process::{self, Last};
use windlass_tests::identity_center::{Gives, IdentityCenter};
use windlass_tests::{ForwardProxy, place};

pub(crate) const DEVICE: &str = "arn:aws:iam::111111111111:mfa/ada";

/// A person whose keys are given out by somebody else.
pub(crate) struct Scene {
    pub(crate) fixture: Fixture,
    pub(crate) center: IdentityCenter,
}

impl Scene {
    pub(crate) async fn new() -> Scene {
        let fixture = Fixture::new().await;
        let center = IdentityCenter::start(Gives::keys_of(&fixture.server));
        Scene { fixture, center }
    }

    /// The AWS configuration, with a session, a legacy profile and roles.
    fn configure(&self) -> PathBuf {
        let start_url = format!("{}/start", self.center.endpoint);
        let path = self.fixture.path("config");
        let config = format!(
            "[sso-session ours]\nsso_start_url = {start_url}\nsso_region = eu-west-1\n\
             sso_registration_scopes = sso:account:access\n\
             [profile work]\nsso_session = ours\nsso_account_id = 111111111111\nsso_role_name = Upload\nregion = us-east-1\n\
             [profile old]\nsso_start_url = {start_url}\nsso_region = eu-west-1\nsso_account_id = 111111111111\n\
             sso_role_name = Upload\nregion = us-east-1\n\
             [profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = base-secret\n\
             [profile mfa]\nrole_arn = arn:aws:iam::111111111111:role/upload\nsource_profile = base\nmfa_serial = {DEVICE}\n\
             external_id = ours\nrole_session_name = ada\nduration_seconds = 3600\nregion = us-east-1\n\
             [profile plain]\nregion = us-east-1\n"
        );
        std::fs::write(&path, config).unwrap();
        path
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = self.fixture.command(words);
        command
            .env_remove("AWS_ACCESS_KEY_ID")
            .env_remove("AWS_SECRET_ACCESS_KEY")
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("BROWSER")
            .env("AWS_CONFIG_FILE", self.configure())
            .envs(self.center.environment());
        command
    }

    pub(crate) async fn run(&self, words: &[&str]) -> RunOutput {
        ended(self.command(words)).await
    }

    /// With a screen, and a browser that opens the page and follows it back.
    fn with_browser(&self, words: &[&str]) -> Command {
        let bin = self.fixture.path("bin");
        std::fs::create_dir_all(&bin).unwrap();
        let browser = bin.join("xdg-open");
        let script = "#!/bin/sh\nexec /usr/bin/python3 -c 'import sys, urllib.request as u; u.urlopen(sys.argv[1])' \"$1\"\n";
        std::fs::write(&browser, script).unwrap();
        std::fs::set_permissions(&browser, std::fs::Permissions::from_mode(0o755)).unwrap();
        let mut command = self.command(words);
        let path = std::env::var("PATH").unwrap();
        command.env("DISPLAY", ":none").env("PATH", format!("{}:{path}", bin.display()));
        command
    }

    pub(crate) async fn uploads(&self, key: &str, words: &[&str]) -> RunOutput {
        let file = self.fixture.file(key, 7, 100_000);
        let (path, to) = (text(&file), format!("s3://{BUCKET}/{key}"));
        let output = self.run(&[&["upload", &path, &to], words].concat()).await;
        if output.code == Some(0) {
            self.fixture.reference.assert_same(BUCKET, key, &file).await;
        }
        output
    }

    /// The one file of the cache: its name and what is in it.
    fn cached(&self) -> (String, Value) {
        let folder = self.fixture.path("home/.aws/sso/cache");
        let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().flatten().collect();
        assert_eq!(files.len(), 1, "{files:?}");
        let file = files.remove(0);
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        let json = serde_json::from_slice(&std::fs::read(file.path()).unwrap()).unwrap();
        (file.file_name().into_string().unwrap(), json)
    }

    /// What botocore has for keys with this profile, by the token that is on the disk.
    async fn botocore(&self, profile: &str) -> String {
        let script = "import botocore.session, sys\n\
                      keys = botocore.session.Session(profile=sys.argv[1]).get_credentials().get_frozen_credentials()\n\
                      print(keys.access_key)\n";
        let python = place::servers().join("localstack/venv/bin/python");
        let mut command = child_process::command(python, Last::Kill);
        command
            .args(["-c", script, profile])
            .env("HOME", self.fixture.path("home"))
            .env("AWS_CONFIG_FILE", self.configure())
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .envs(self.center.environment())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let output = ended(command).await;
        assert_eq!(output.code, Some(0), "{output:?}");
        output.out.trim().to_owned()
    }

    /// Nothing that was given out is in what was said or written, but in the cache of the AWS tools.
    pub(crate) fn assert_no_secret(&self, outputs: &[&RunOutput]) {
        self.fixture.assert_no_secret(outputs);
        let given = self.center.tokens();
        let others =
            ["client-secret-of-", "device-code-of-", "session-token-of-", "refresh-token-"];
        let secrets: Vec<&str> = given.iter().map(String::as_str).chain(others).collect();
        let has = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes);
            secrets.iter().any(|secret| text.contains(secret))
        };
        for output in outputs {
            assert!(!has(output.out.as_bytes()) && !has(output.err.as_bytes()), "{output:?}");
        }
        let mut folders = vec![self.fixture.path("home"), self.fixture.home.path().join("state")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                match path.is_dir() {
                    true if path.ends_with("sso/cache") => {}
                    true => folders.push(path),
                    false => assert!(!has(&std::fs::read(&path).unwrap()), "{}", path.display()),
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_browser_and_botocore_is_signed_in_too() {
    let scene = Scene::new().await;
    let refused = scene.uploads("before", &["--profile", "work"]).await;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.err.contains("not signed in") && refused.err.contains("windlass-cli login"));

    let words = ["login", "--profile", "work"];
    let output = ended(scene.with_browser(&words)).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    assert!(output.err.contains("Signed in to"), "{output:?}");
    let registered: Value =
        serde_json::from_str(&scene.center.seen("/client/register")[0]).unwrap();
    assert_eq!(registered["redirectUris"], serde_json::json!(["http://127.0.0.1/oauth/callback"]));
    assert_eq!(registered["issuerUrl"], format!("{}/start", scene.center.endpoint));

    let (name, cached) = scene.cached();
    assert_eq!(name, "48537f613ab85111413f2369616ae97481429bd1.json", "sha1 of \"ours\"");
    let date = cached["expiresAt"].as_str().unwrap();
    assert!(date.len() == 20 && date.ends_with('Z'), "{date}");
    assert_eq!(scene.botocore("work").await, scene.fixture.server.access_key_id);

    let uploaded = scene.uploads("after", &["--profile", "work"]).await;
    assert_eq!(uploaded.code, Some(0), "{uploaded:?}");
    scene.assert_no_secret(&[&refused, &output, &uploaded]);
}

#[tokio::test(flavor = "multi_thread")]
async fn by_a_code_with_a_profile_from_before_sessions() {
    let scene = Scene::new().await;
    let mut command = scene.command(&["login", "--profile", "old", "--json"]);
    // whoever looks for what is wrong sees no secret either
    command.env("WINDLASS_LOG", "trace,aws_smithy_runtime=trace");
    let output = ended(command).await;
    assert!(output.code == Some(0) && output.err.contains("TRACE"), "{:?}", output.code);
    let page = output.only("signIn");
    assert_eq!(page["userCode"], "ABCD-EFGH");
    assert_eq!(page["verificationUrl"], format!("{}/device", scene.center.endpoint));
    assert!(output.only("signedIn")["expiresAt"].is_i64(), "{output:?}");
    assert_eq!(scene.center.seen("/token").len(), 2, "it is asked again until somebody confirms");
    assert_eq!(scene.botocore("old").await, scene.fixture.server.access_key_id);
    let uploaded = scene.uploads("k", &["--profile", "old"]).await;
    assert_eq!(uploaded.code, Some(0), "{uploaded:?}");
    scene.assert_no_secret(&[&output, &uploaded]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_url_alone_leads_to_accounts_and_roles() {
    let scene = Scene::new().await;
    let start_url = format!("{}/start", scene.center.endpoint);
    let center = ["--sso-start-url", &start_url, "--sso-region", "eu-west-1"];
    let lacks = scene.uploads("k", &center).await;
    assert!(lacks.code == Some(1) && lacks.err.contains("--sso-account-id"), "{lacks:?}");

    let output = scene.run(&[&["login", "--use-device-code"], &center[..]].concat()).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    assert!(output.err.contains("ABCD-EFGH"), "{output:?}");
    let lines: Vec<&str> = output.out.lines().collect();
    assert_eq!(lines, ["  1  111111111111  Upload  (Archive)", "  2  222222222222  Upload  (Zoo)"]);
    let json = scene.run(&[&["login", "--json"], &center[..]].concat()).await;
    let roles: Vec<Value> =
        json.events().into_iter().filter(|event| event["event"] == "role").collect();
    assert_eq!(roles.len(), 2, "{json:?}");
    assert_eq!(
        (&roles[0]["accountId"], &roles[0]["roleName"]),
        (&"111111111111".into(), &"Upload".into())
    );

    let role = ["--sso-account-id", "111111111111", "--sso-role-name", "Upload"];
    let uploaded = scene.uploads("k", &[&center[..], &role[..]].concat()).await;
    assert_eq!(uploaded.code, Some(0), "{uploaded:?}");
    scene.assert_no_secret(&[&lacks, &output, &json, &uploaded]);
}

/// A token that ends is refreshed without anybody; one that cannot be any more is said, and signed in for again.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_refreshed_as_long_as_the_session_lasts() {
    let scene = Scene::new().await;
    // the tools refresh five minutes and more before the end
    scene.center.change(|gives| gives.token = Duration::from_secs(60));
    let output = ended(scene.with_browser(&["login", "--profile", "work"])).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    scene.center.end_tokens();
    let before = scene.cached().1["accessToken"].clone();
    let uploaded = scene.uploads("refreshed", &["--profile", "work"]).await;
    assert_eq!(uploaded.code, Some(0), "{uploaded:?}");
    assert_ne!(scene.cached().1["accessToken"], before);

    scene.center.end_tokens();
    scene.center.change(|gives| gives.ended = true);
    let refused = scene.uploads("ended", &["--profile", "work", "--json"]).await;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.err.contains("not signed in"), "{refused:?}");
    scene.assert_no_secret(&[&output, &uploaded, &refused]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_no_in_the_browser_is_not_signed_in() {
    let scene = Scene::new().await;
    scene.center.change(|gives| gives.denies = true);
    for command in [
        scene.with_browser(&["login", "--profile", "work"]),
        scene.command(&["login", "--profile", "work", "--use-device-code"]),
    ] {
        let output = ended(command).await;
        assert_eq!(output.code, Some(1), "{output:?}");
        assert!(output.err.contains("denied in the browser"), "{output:?}");
    }
    for (words, says) in [
        (&["login", "--profile", "nobody"][..], "no profile named"),
        (&["login", "--profile", "base"], "does not use IAM Identity Center"),
        (&["login", "--sso-start-url", "example", "--sso-region", "eu-west-1"], "not a start URL"),
    ] {
        let output = scene.run(words).await;
        assert_eq!(output.code, Some(1), "{output:?}");
        assert!(output.err.contains(says), "{output:?}");
    }
    // a page is opened, and nothing else
    scene.center.change(|gives| gives.page = Some("file:///etc/passwd".into()));
    let output = scene.run(&["login", "--profile", "work", "--use-device-code"]).await;
    assert_eq!(output.code, Some(1), "{output:?}");
    assert!(output.err.contains("is not the address of a page"), "{output:?}");
    assert!(!scene.fixture.path("home/.aws/sso/cache").exists());
}

/// Keys in the environment are not the named profile's.
#[tokio::test(flavor = "multi_thread")]
async fn a_profile_that_is_named_goes_before_the_environment() {
    let scene = Scene::new().await;
    let file = text(&scene.fixture.file("k", 1, 10));
    let mut command =
        scene.command(&["upload", &file, &format!("s3://{BUCKET}/k"), "--profile", "work"]);
    command
        .env("AWS_ACCESS_KEY_ID", &scene.fixture.server.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", &scene.fixture.server.secret_access_key);
    let output = ended(command).await;
    assert!(output.code == Some(1) && output.err.contains("not signed in"), "{output:?}");
}

/// A sign-in, the keys of its role and AWS STS are reached by the proxy of the uploads, with its password.
#[tokio::test(flavor = "multi_thread")]
async fn who_gives_out_keys_is_asked_by_the_same_proxy() {
    let scene = Scene::new().await;
    let proxy = ForwardProxy::http(Some(("ada", "hush-hush-7Q")), None);
    let by = ["--proxy", &format!("http://ada:hush-hush-7Q@{}", proxy.address)];
    let login = ["login", "--profile", "work", "--use-device-code"];
    let login = scene.run(&[&login[..], &by].concat()).await;
    assert_eq!(login.code, Some(0), "{login:?}");
    let by_sign_in = scene.uploads("k", &[&["--profile", "work"][..], &by].concat()).await;
    assert_eq!(by_sign_in.code, Some(0), "{by_sign_in:?}");
    scene.center.change(|gives| gives.mfa_code = Some("123456".into()));
    let mfa = ["--profile", "mfa", "--mfa-code", "123456"];
    let by_role = scene.uploads("k2", &[&mfa[..], &by].concat()).await;
    assert_eq!(by_role.code, Some(0), "{by_role:?}");
    for (method, path) in [
        ("POST", "/client/register"),
        ("POST", "/token"),
        ("GET", "/federation/credentials"),
        ("POST", "/"),
    ] {
        let requests = proxy.count(&format!("{method} {}{path}", scene.center.endpoint));
        assert!(requests >= scene.center.seen(path).len(), "{path}: {}", proxy.log());
    }
    scene.assert_no_secret(&[&login, &by_sign_in, &by_role]);
}
