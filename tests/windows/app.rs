//! The app without a web view, which Wine has none of: it says what is missing, and does not end without a word.

use crate::machine::Machine;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use windlass_tests::{child_process, place};

#[tokio::test(flavor = "multi_thread")]
async fn without_a_web_view_it_is_said_what_to_install() {
    let machine = Machine::new();
    let mut command = machine.wine.command(place::windows_program("windlass"));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut app = child_process::spawn(command).unwrap();
    let stderr = BufReader::new(app.stderr.take().unwrap());
    let line = stderr.lines().map(Result::unwrap).find(|line| line.contains("WebView2"));
    assert!(line.is_some_and(|line| line.contains("is missing")), "it ended without a word");
    // a message waits for somebody to read it
    let _ = app.kill();
    let _ = app.wait();
}
