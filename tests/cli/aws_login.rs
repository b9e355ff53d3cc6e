//! Profiles of `aws login` are signed in by that program. A stand-in for it says how it was run.

use crate::fixture::{Fixture, Running, ended, text};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;
use std::time::Duration;

/// The configuration has the profile, and the program of this name on PATH does this. It writes its arguments to a file.
fn with_aws(fixture: &Fixture, script: Option<&str>, words: &[&str]) -> Command {
    let bin = fixture.path("bin");
    std::fs::create_dir_all(&bin).unwrap();
    if let Some(script) = script {
        let asked = text(&fixture.path("asked"));
        let program = format!("#!/bin/sh\nprintf '%s|' \"$@\" >> '{asked}'\n{script}\n");
        std::fs::write(bin.join("aws"), program).unwrap();
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(bin.join("aws"), mode).unwrap();
    }
    let config = fixture.path("config");
    let session = "arn:aws:iam::111111111111:user/ada";
    let profile = format!("[profile console]\nlogin_session = {session}\nregion = us-east-1\n");
    std::fs::write(&config, profile).unwrap();
    let mut command = fixture.command(words);
    command
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY")
        .env("AWS_CONFIG_FILE", config)
        .env("PATH", format!("{}:/usr/bin:/bin", bin.display()));
    command
}

fn asked(fixture: &Fixture) -> String {
    std::fs::read_to_string(fixture.path("asked")).unwrap_or_default()
}

const LOGIN: [&str; 3] = ["login", "--profile", "console"];

#[tokio::test(flavor = "multi_thread")]
async fn the_aws_cli_is_run_for_its_profile_and_its_words_are_not_among_the_events() {
    let fixture = Fixture::new().await;
    let says = "echo 'Opening your browser'; exit 0";
    let output = ended(with_aws(&fixture, Some(says), &[&LOGIN[..], &["--json"]].concat())).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    assert_eq!(asked(&fixture), "login|--profile|console|");
    assert!(output.err.contains("Running: aws login --profile console"), "{output:?}");
    assert!(output.err.contains("Opening your browser") && output.out.is_empty(), "{output:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_wrong_with_the_aws_cli_is_said() {
    let fixture = Fixture::new().await;
    let output =
        ended(with_aws(&fixture, Some("echo 'no such command' >&2; exit 252"), &LOGIN)).await;
    assert_eq!(output.code, Some(1), "{output:?}");
    assert!(output.err.contains("no such command"), "{output:?}");

    std::fs::remove_file(fixture.path("bin/aws")).unwrap();
    let output = ended(with_aws(&fixture, None, &LOGIN)).await;
    assert_eq!(output.code, Some(1), "{output:?}");
    let advice = "It needs version 2 of the AWS CLI.";
    assert!(output.err.contains("console") && output.err.contains(advice), "{output:?}");
    // an upload runs no program, and says which one to run
    fixture.file("small", 1, 10);
    let upload = ["upload", "small", "s3://bucket/", "--profile", "console"];
    let output = ended(with_aws(&fixture, None, &upload)).await;
    assert_eq!(output.code, Some(1), "{output:?}");
    assert!(output.err.contains("aws login --profile console"), "{output:?}");
}

/// Somebody stops it: the program that it started ends too.
#[tokio::test(flavor = "multi_thread")]
async fn an_interrupt_ends_the_aws_cli() {
    let fixture = Fixture::new().await;
    let pid = fixture.path("pid");
    let waits = format!("echo $$ > '{0}.new'; mv '{0}.new' '{0}'; exec sleep 600", text(&pid));
    let running = Running::start(with_aws(&fixture, Some(&waits), &LOGIN));
    let number = tokio::time::timeout(Duration::from_secs(60), async {
        loop {
            match std::fs::read_to_string(&pid) {
                Ok(number) => return number.trim().to_owned(),
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    });
    let number = number.await.unwrap();
    running.signal("INT");
    let output = running.ended().await;
    assert_eq!(output.code, Some(130), "{output:?}");
    assert!(!std::path::Path::new(&format!("/proc/{number}")).exists());
}
