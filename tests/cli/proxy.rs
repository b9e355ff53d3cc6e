//! The terminal program behind a proxy: named by a flag or by the environment, with a password that is written nowhere.

use crate::fixture::{BUCKET, Fixture, PART, RunOutput, Running, ended, text};
use windlass_tests::proxy::Seen;
use windlass_tests::servers::free_port;
use windlass_tests::{Act, ForwardProxy, When};

const USER: &str = "ada";
const PASSWORD: &str = "hush-hush-7Q";

fn url(proxy: &ForwardProxy) -> String {
    format!("http://{USER}:{PASSWORD}@{}", proxy.address)
}

/// The same server by an address that does not say that it is this computer.
fn elsewhere(fixture: &Fixture) -> String {
    fixture.server.endpoint.replace("127.0.0.1", "0.0.0.0")
}

/// A run with these variables and no other of their kind.
async fn run(fixture: &Fixture, env: &[(&str, &str)], words: &[&str]) -> RunOutput {
    let mut command = fixture.command(words);
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    ended({
        command.envs(env.iter().copied());
        command
    })
    .await
}

/// The password is in nothing that was said or written.
fn assert_no_password(fixture: &Fixture, outputs: &[&RunOutput]) {
    let secrets = [PASSWORD.as_bytes(), b"YWRhOmh1c2gtaHVzaC03UQ==".as_slice()];
    let has = |bytes: &[u8]| {
        secrets.iter().any(|secret| bytes.windows(secret.len()).any(|window| window == *secret))
    };
    for output in outputs {
        assert!(!has(output.out.as_bytes()) && !has(output.err.as_bytes()), "{output:?}");
    }
    let mut folders = vec![fixture.home.path().to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => assert!(!has(&std::fs::read(&path).unwrap()), "{}", path.display()),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flag_names_the_proxy_and_its_password_is_written_nowhere() {
    let fixture = Fixture::new().await;
    let proxy = ForwardProxy::http(Some((USER, PASSWORD)), None);
    let file = fixture.file("f", 1, 2 * PART);
    let to = format!("s3://{BUCKET}/k");
    let state = fixture.state();
    let words = [
        "upload",
        &text(&file),
        &to,
        "--json",
        "--state",
        &state,
        "--part-size",
        "5MiB",
        "--proxy",
        &url(&proxy),
    ];
    let output = run(&fixture, &[], &words).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    fixture.reference.assert_same(BUCKET, "k", &file).await;
    let put = format!("PUT {}/", fixture.server.endpoint);
    assert!(proxy.count(&put) >= 2, "{}", proxy.log());
    assert_no_password(&fixture, &[&output]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_environment_names_the_proxy_as_for_curl() {
    let fixture = Fixture::new().await;
    let proxy = ForwardProxy::http(Some((USER, PASSWORD)), None);
    let file = text(&fixture.file("f", 1, 1000));
    let to = format!("s3://{BUCKET}/k");
    let (at, by) = (elsewhere(&fixture), url(&proxy));
    let words = ["upload", &file, &to, "--endpoint-url", &at];
    let asked = |env: &'static [(&str, &str)]| {
        let env: Vec<(&str, &str)> = env
            .iter()
            .map(|(name, value)| (*name, if *value == "P" { &by[..] } else { *value }))
            .collect();
        let (fixture, proxy) = (&fixture, &proxy);
        async move {
            let before = proxy.count("PUT http://0.0.0.0");
            let output = run(fixture, &env, &words).await;
            assert_eq!(output.code, Some(0), "{env:?} {output:?}");
            assert_no_password(fixture, &[&output]);
            proxy.count("PUT http://0.0.0.0") - before
        }
    };
    assert_eq!(asked(&[("http_proxy", "P")]).await, 1);
    assert_eq!(asked(&[("ALL_PROXY", "P")]).await, 1);
    assert_eq!(asked(&[]).await, 0);
    assert_eq!(asked(&[("HTTP_PROXY", "P")]).await, 0);
    assert_eq!(asked(&[("https_proxy", "P")]).await, 0);
    assert_eq!(asked(&[("http_proxy", "P"), ("NO_PROXY", "0.0.0.0/8")]).await, 0);
    assert_eq!(asked(&[("http_proxy", "P"), ("no_proxy", "example.com,0.0.0.0")]).await, 0);
    assert_eq!(asked(&[("all_proxy", "P"), ("NO_PROXY", "*")]).await, 0);
    assert_eq!(asked(&[("all_proxy", "P"), ("NO_PROXY", "0.0.0.0:1")]).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_proxy_at_all_and_this_computer_itself_are_reached_directly() {
    let fixture = Fixture::new().await;
    let file = text(&fixture.file("f", 1, 1000));
    let to = format!("s3://{BUCKET}/k");
    let nobody = format!("http://127.0.0.1:{}", free_port());
    let env = [("http_proxy", &nobody[..])];
    // by 127.0.0.1, which the environment has no say in
    let output = run(&fixture, &env, &["upload", &file, &to]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    let at = elsewhere(&fixture);
    let words = ["upload", &file, &to, "--endpoint-url", &at, "--proxy", "none"];
    let output = run(&fixture, &env, &words).await;
    assert_eq!(output.code, Some(0), "{output:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_proxy_is_said_with_what_to_do() {
    let fixture = Fixture::new().await;
    let asks = ForwardProxy::http(Some((USER, PASSWORD)), None);
    let file = text(&fixture.file("f", 1, 1000));
    let to = format!("s3://{BUCKET}/k");
    let wrong = format!("http://{USER}:wrong@{}", asks.address);
    let none = format!("http://{}", asks.address);
    let not_one = format!("socks4://{USER}:{PASSWORD}@{}", asks.address);
    for (proxy, said, advice) in [
        (&wrong, "rejected the user name or password", "percent-encoded"),
        (&none, "requires a user name and password", "USER:PASSWORD@HOST:PORT"),
        (&not_one, "proxy's address is not valid", "--proxy none"),
    ] {
        let output = run(&fixture, &[], &["upload", &file, &to, "--proxy", proxy]).await;
        assert_eq!(output.code, Some(1), "{output:?}");
        let is_said = output.err.to_lowercase().contains(said) && output.err.contains(advice);
        assert!(is_said, "{output:?}");
        if proxy != &not_one {
            assert!(output.err.contains(&asks.address), "{output:?}");
        }
        assert_no_password(&fixture, &[&output]);
    }
    let env = [("ALL_PROXY", &not_one[..])];
    let at = elsewhere(&fixture);
    let output = run(&fixture, &env, &["bucket", "list", "--endpoint-url", &at]).await;
    assert!(output.err.contains("ALL_PROXY"), "{output:?}");
    assert_no_password(&fixture, &[&output]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_upload_resumes_through_the_proxy_whose_password_is_given_again() {
    // the one that plays tricks stands at the server
    let (fixture, server) = Fixture::behind_proxy().await;
    let proxy = ForwardProxy::http(Some((USER, PASSWORD)), None);
    let big = fixture.file("big", 1, 4 * PART);
    server.on(When::part(3), 1, Act::Hold);
    let (state, by) = (fixture.state(), url(&proxy));
    let to = format!("s3://{BUCKET}/big");
    let words = [
        "upload",
        &text(&big),
        &to,
        "--part-size",
        "5MiB",
        "--connections",
        "2",
        "--json",
        "--state",
        &state,
        "--proxy",
        &by,
    ];
    let running = Running::start(fixture.command(&words));
    server.until_held(1).await;
    let is_stored = |seen: &&Seen| When::any_part().fits(seen) && seen.status == Some(200);
    server.until(|seen| seen.iter().filter(is_stored).count() >= 3).await;
    running.signal("KILL");
    let killed = running.ended().await;
    server.clear();

    // without the password it is kept, and says what it lacks
    let without = run(&fixture, &[], &["resume", "--state", &state, "--json"]).await;
    assert_eq!(without.code, Some(1), "{without:?}");
    assert!(without.err.contains("user name and password"), "{without:?}");
    let before = server.count(&When::any_part());
    let words = ["resume", "--state", &state, "--json", "--proxy", &by];
    let output = run(&fixture, &[], &words).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    assert!(server.count(&When::any_part()) - before <= 2, "stored parts are not sent again");
    fixture.reference.assert_same(BUCKET, "big", &big).await;
    fixture.assert_clean().await;
    assert_no_password(&fixture, &[&killed, &without, &output]);
}
