//! The computer's clock is set while something is sent.
#![cfg(target_os = "linux")]

use crate::fixture::{Fixture, PART, Running, text};
use std::process::Command;
use std::time::Duration;
use windlass_tests::{Act, When, place};

/// Builds the library that sets the clock of the one program that it is loaded into.
fn clock_library(fixture: &Fixture) -> String {
    let library = fixture.path("stepped_clock.so");
    let source = place::script("stepped_clock.c");
    let mut compiler = Command::new("cc");
    let built = compiler.args(["-shared", "-fPIC", "-o"]).arg(&library).arg(source).status();
    assert!(built.unwrap().success());
    text(&library)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_is_no_sleep_and_sends_nothing_again() {
    let (fixture, proxy) = Fixture::behind_proxy().await;
    fixture.file("f", 1, 3 * PART);
    let stepped = fixture.path("stepped");
    proxy.on(When::part(2), 1, Act::Hold);
    let mut command = fixture.command(&["upload", "f", "s3://bucket/", "--part-size", "5MiB"]);
    command.env("LD_PRELOAD", clock_library(&fixture)).env("STEPPED_CLOCK", &stepped);
    let running = Running::start(command);
    proxy.until_held(1).await;
    // a few of the engine's looks at the clock, before and after
    tokio::time::sleep(Duration::from_secs(1)).await;
    std::fs::write(&stepped, []).unwrap();
    tokio::time::sleep(Duration::from_secs(2)).await;
    proxy.release();
    let output = running.ended().await;
    assert_eq!(output.code, Some(0), "{output:?}");
    assert_eq!(proxy.count(&When::any_part()), 3, "each part was sent once");
}
