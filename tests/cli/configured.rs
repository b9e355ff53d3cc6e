//! The AWS configuration: a profile that sets the endpoint and addressing.

use crate::fixture::{BUCKET, Fixture, RunOutput, ended, text};
use windlass_tests::Proxy;

/// A run with this AWS configuration, and nothing in the environment but keys.
async fn run(fixture: &Fixture, config: &str, words: &[&str]) -> RunOutput {
    let path = fixture.path("config");
    std::fs::write(&path, config).unwrap();
    let mut command = fixture.command(words);
    command.env_remove("AWS_ENDPOINT_URL").env("AWS_CONFIG_FILE", path);
    ended(command).await
}

/// The proxy by a name, at which a bucket could be named in the host as well.
fn by_name(proxy: &Proxy) -> String {
    proxy.endpoint().replace("127.0.0.1", "localhost")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_s_endpoint_is_used_with_the_bucket_in_the_path() {
    let (fixture, proxy) = Fixture::behind_proxy().await;
    let server = by_name(&proxy);
    let file = fixture.file("f", 1, 1_000);
    let configs = [
        format!("[default]\nendpoint_url = {server}\n"),
        format!("[default]\nservices = ours\n[services ours]\ns3 =\n  endpoint_url = {server}\n"),
    ];
    for (number, config) in configs.iter().enumerate() {
        let key = format!("k{number}");
        let to = format!("s3://{BUCKET}/{key}");
        let output = run(&fixture, config, &["upload", &text(&file), &to]).await;
        assert_eq!(output.code, Some(0), "{config}: {output:?}");
        fixture.reference.assert_same(BUCKET, &key, &file).await;
    }
    for seen in proxy.seen() {
        assert!(seen.path.starts_with(&format!("/{BUCKET}")), "{seen:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flag_goes_before_the_addressing_style_of_a_profile() {
    let (fixture, proxy) = Fixture::behind_proxy().await;
    let file = text(&fixture.file("f", 1, 1_000));
    let server = by_name(&proxy);
    let config =
        format!("[default]\nendpoint_url = {server}\ns3 =\n  addressing_style = virtual\n");
    let words = ["upload", &file, &format!("s3://{BUCKET}/k"), "--path-style"];
    let output = run(&fixture, &config, &words).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    for seen in proxy.seen() {
        assert!(seen.path.starts_with(&format!("/{BUCKET}")), "{seen:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_certificates_of_a_profile_are_the_ones_that_are_trusted() {
    let fixture = Fixture::new().await;
    let file = text(&fixture.file("f", 1, 1_000));
    let none = text(&fixture.path("none.pem"));
    let config = format!("[default]\nendpoint_url = https://127.0.0.1:9\nca_bundle = {none}\n");
    let output = run(&fixture, &config, &["upload", &file, &format!("s3://{BUCKET}/k")]).await;
    assert_eq!(output.code, Some(1), "{output:?}");
    assert!(output.err.contains(&none), "{output:?}");
}

/// The SDK leaves such a section out; the AWS CLI uses it.
#[tokio::test(flavor = "multi_thread")]
async fn a_profile_whose_name_the_sdk_does_not_read_says_so() {
    let fixture = Fixture::new().await;
    fixture.file("small", 1, 10);
    let config = fixture.path("config");
    std::fs::write(&config, "[profile Acme Film]\nregion = us-east-1\n").unwrap();
    let upload = ["upload", "small", "s3://bucket/"];
    for (words, selected) in [(&["--profile", "Acme Film"][..], ""), (&[], "Acme Film")] {
        let mut command = fixture.command(&[&upload[..], words].concat());
        command.env("AWS_CONFIG_FILE", &config).env("AWS_PROFILE", selected);
        command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
        let output = ended(command).await;
        assert_eq!(output.code, Some(1), "{output:?}");
        let said = "the AWS SDK does not read a profile named \"Acme Film\"";
        assert!(output.err.to_lowercase().contains(&said.to_lowercase()), "{output:?}");
    }
}
