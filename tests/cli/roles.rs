//! Roles and MFA from the terminal: the code is asked for, or given, and used once. AWS STS is a stand-in that checks codes,
//! and moto, which checks what is asked.

use crate::deadline::says;
use crate::fixture::{BUCKET, Fixture, PART, Running, text};
use crate::sign_in::{DEVICE, Scene};
use std::process::Stdio;
use std::time::Duration;
use windlass_tests::Server;
use windlass_tests::child_process::{self, Last};

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_s_role_with_mfa_takes_its_code_once() {
    let scene = Scene::new().await;
    let set = |code: &str| scene.center.change(|gives| gives.mfa_code = Some(code.into()));
    set("123456");
    let nobody = scene.uploads("k", &["--profile", "mfa"]).await;
    assert_eq!(nobody.code, Some(1), "{nobody:?}");
    assert!(nobody.err.contains(DEVICE) && nobody.err.contains("--mfa-code"), "{nobody:?}");
    assert!(scene.center.seen("/").is_empty(), "nothing is asked without a code");

    let uploaded = scene.uploads("k", &["--profile", "mfa", "--mfa-code", "123 456"]).await;
    assert_eq!(uploaded.code, Some(0), "{uploaded:?}");
    let asked = scene.center.seen("/");
    assert_eq!(asked.len(), 1, "one session for the whole run");
    for pair in [
        "Action=AssumeRole",
        "RoleArn=arn%3Aaws%3Aiam%3A%3A111111111111%3Arole%2Fupload",
        "RoleSessionName=ada",
        "ExternalId=ours",
        "DurationSeconds=3600",
        "TokenCode=123456",
    ] {
        assert!(asked[0].contains(pair), "{pair}: {asked:?}");
    }
    let again = scene.uploads("k2", &["--profile", "mfa", "--mfa-code", "123456"]).await;
    assert_eq!(again.code, Some(1), "{again:?}");
    assert!(again.err.contains("MultiFactorAuthentication failed"), "{again:?}");
    let wrong = scene.uploads("k3", &["--profile", "mfa", "--mfa-code", "12345"]).await;
    assert!(wrong.code == Some(1) && wrong.err.contains("six digits"), "{wrong:?}");
    scene.assert_no_secret(&[&nobody, &uploaded, &again, &wrong]);
}

/// At a terminal the code is asked for, on stderr, and again where it was wrong.
#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_asked_for_at_a_terminal() {
    let scene = Scene::new().await;
    scene.center.change(|gives| gives.mfa_code = Some("123456".into()));
    let file = scene.fixture.file("k", 7, 100_000);
    let words = ["upload", &text(&file), &format!("s3://{BUCKET}/k"), "--json"];
    let output = at_terminal(&scene, &words).typed("000000\n123456\n").await;
    assert_eq!(output.code, Some(0), "{output:?}");
    assert!(output.out.contains(&format!("MFA code of {DEVICE}: ")), "{output:?}");
    scene.fixture.reference.assert_same(BUCKET, "k", &file).await;
}

/// The session of the first code ends while parts are sent: the next one is asked for, and no part is sent twice.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_in_mid_run_is_followed_by_another_code() {
    let scene = Scene::new().await;
    scene.center.change(|gives| {
        (gives.mfa_code, gives.keys) = (Some("111111".into()), Duration::from_secs(3));
    });
    let file = scene.fixture.file("long", 3, 4 * PART);
    let (source, to) = (text(&file), format!("s3://{BUCKET}/long"));
    let words = ["--part-size", "5MiB", "--limit", "3MB/s", "--json"];
    let words = [&["upload", &source, &to], &words[..]].concat();
    let running = at_terminal(&scene, &words).typed("111111\n000000\n222222\n");
    let next_code = async {
        scene.center.until("/", 1).await;
        scene.center.change(|gives| {
            (gives.mfa_code, gives.keys) = (Some("222222".into()), Duration::from_secs(3600));
        });
    };
    let (output, ()) = tokio::join!(running, next_code);
    assert_eq!(output.code, Some(0), "{output:?}");
    let asked = output.out.matches(&format!("MFA code of {DEVICE}: ")).count();
    assert_eq!(asked, 3, "the second was wrong: {output:?}");
    assert!(output.out.contains(r#""resent":0"#), "{output:?}");
    scene.fixture.reference.assert_same(BUCKET, "long", &file).await;
    scene.fixture.assert_clean().await;
}

/// Nobody can be asked: what to do is said once, and the uploads wait.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_terminal_what_to_do_is_said() {
    let scene = Scene::new().await;
    scene.center.change(|gives| {
        (gives.mfa_code, gives.keys) = (Some("111111".into()), Duration::from_secs(3));
    });
    let file = scene.fixture.file("long", 3, 4 * PART);
    let (source, to) = (text(&file), format!("s3://{BUCKET}/long"));
    let words = ["--part-size", "5MiB", "--limit", "3MB/s", "--profile", "mfa"];
    let words = [&["upload", &source, &to], &words[..], &["--mfa-code", "111111"]].concat();
    says(scene.command(&words), "windlass-cli resume --mfa-code CODE").await;
    scene.center.change(|gives| {
        (gives.mfa_code, gives.keys) = (Some("222222".into()), Duration::from_secs(3600));
    });
    let output = scene.run(&["resume", "--mfa-code", "222222"]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    scene.fixture.reference.assert_same(BUCKET, "long", &file).await;
}

/// The program at a terminal of its own, with the profile that needs a code.
fn at_terminal(scene: &Scene, words: &[&str]) -> Running {
    let program = scene.command(words);
    let words: Vec<String> =
        program.get_args().map(|word| format!("'{}'", word.to_str().unwrap())).collect();
    // behind setpriv, which `command` put before it; a terminal of its own
    let line = format!("stty -onlcr -echo; exec setpriv {} --profile mfa", words.join(" "));
    let mut command = child_process::command("script", Last::Kill);
    command.args(["--quiet", "--return", "--echo", "never", "--command", &line, "/dev/null"]);
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
        .current_dir(program.get_current_dir().unwrap())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    Running::start(command)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_and_a_device_can_be_flags() {
    let scene = Scene::new().await;
    scene.center.change(|gives| gives.mfa_code = Some("123456".into()));
    let device = ["--profile", "base", "--mfa-serial", DEVICE, "--mfa-code", "123456"];
    let uploaded = scene.uploads("k", &device).await;
    assert_eq!(uploaded.code, Some(0), "{uploaded:?}");
    assert!(scene.center.seen("/")[0].contains("Action=GetSessionToken"));
    let role = ["--role-arn", "arn:aws:iam::222222222222:role/other", "--external-id", "ours"];
    let uploaded = scene.uploads("k2", &[&["--profile", "base"], &role[..]].concat()).await;
    assert_eq!(uploaded.code, Some(0), "{uploaded:?}");
    let asked = scene.center.seen("/");
    assert!(asked[1].contains("Action=AssumeRole") && asked[1].contains("ExternalId=ours"));
}

/// Somebody else's STS takes what is asked, and its keys are those that requests go out with.
#[tokio::test(flavor = "multi_thread")]
async fn moto_gives_keys_of_a_role_and_of_a_session() {
    let mut fixture = Fixture::on_server(Server::moto().await);
    let proxy = fixture.through_proxy();
    let name = format!("roles-{}", std::process::id());
    let place = format!("s3://{name}");
    let role = [
        "--role-arn",
        "arn:aws:iam::123456789012:role/upload",
        "--duration-seconds",
        "900",
        "--external-id",
        "ours",
    ];
    let mfa = ["--mfa-serial", DEVICE, "--mfa-code", "123456"];
    let create = ["bucket", "create", &place, "--region", "us-east-1"];
    let list = ["bucket", "list", "--region", "us-east-1"];
    for words in [[&create[..], &role, &mfa].concat(), [&list[..], &mfa].concat()] {
        let output = fixture.run(&words).await;
        assert_eq!(output.code, Some(0), "{output:?}");
    }
    assert!(fixture.reference.buckets().await.contains(&name));
    let signed_by: Vec<String> = proxy
        .seen()
        .iter()
        .filter(|seen| seen.header("x-amz-security-token").is_some())
        .map(|seen| seen.header("authorization").unwrap_or_default().to_owned())
        .collect();
    // moto makes keys for a role, and has the same for every session
    let [of_role, of_session] = &signed_by[..] else { panic!("{signed_by:?}") };
    assert!(of_role.contains("Credential=ASIA"), "{signed_by:?}");
    assert!(of_session.contains("Credential=AKIAIOSFODNN7EXAMPLE"), "{signed_by:?}");
}
