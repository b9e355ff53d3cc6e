//! Unusual starts: a second one beside the first, and one with a damaged journal.

use crate::steps::{DATA, session_with, until_status};
use std::process::Stdio;
use std::time::Duration;
use windlass_tests::child_process::{self, Last};
use windlass_tests::{App, Launch, files, place};

const SLOW: &str = r#"{"limit":2000000,"connections":2,"partSize":5242880}"#;

/// The first one's upload goes on, and the terminal beside them has a journal of its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_leaves_the_first_one_alone() {
    let folder = place::scratch();
    let file = folder.path().join("long.mov");
    files::write(&file, 1, 60 << 20);
    let launch = Launch::new().again(session_with(SLOW)).env("WINDLASS_OPEN_PRACTICE", "1");
    let app = App::start(launch).await;
    app.drag(&[&file]).await;
    app.until("sheet-plan", |text| text.contains("parts")).await;
    app.click("sheet-start").await;
    until_status(&app, 0, &["sending"]).await;

    let state = app.session().data().join(DATA);
    let env = app.session().env().to_vec();
    let run = |program: &str, words: &[&str]| {
        let mut command = child_process::command(place::program(program), Last::Kill);
        command.args(words).envs(env.clone()).stdin(Stdio::null()).stdout(Stdio::null());
        command.env("WINDLASS_OPEN_PRACTICE", "1").stderr(Stdio::null());
        let mut child = child_process::spawn(command).unwrap();
        async move {
            let ended = tokio::task::spawn_blocking(move || child.wait());
            let ended = tokio::time::timeout(Duration::from_secs(60), ended).await;
            ended.unwrap_or_else(|_| panic!("it goes on running")).unwrap().unwrap()
        }
    };
    assert!(run("windlass", &[]).await.success(), "the second start ends by itself");
    until_status(&app, 0, &["sending"]).await;

    // told to use the app's own folder, it finds nothing of its own there, and touches nothing
    assert!(run("windlass-cli", &["resume", "--state", state.to_str().unwrap()]).await.success());
    until_status(&app, 0, &["sending"]).await;
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_journal_is_told_in_the_window() {
    let session = session_with(SLOW);
    let state = session.data().join(DATA);
    std::fs::create_dir_all(&state).unwrap();
    std::fs::write(state.join("journal.sqlite"), "no journal any more").unwrap();
    let app = App::start(Launch::new().again(session).env("WINDLASS_OPEN_PRACTICE", "1")).await;
    let reported = app.until("notice-journalAside", |text| text.contains("damaged")).await;
    assert!(reported.contains("journal.damaged.sqlite"), "{reported}");
    app.shot("20-journal-damaged").await;
    let aside = std::fs::read_to_string(state.join("journal.damaged.sqlite")).unwrap();
    assert_eq!(aside, "no journal any more");
    app.script("document.querySelector('[data-testid=notice-journalAside] button').click()").await;
    app.gone("notice-journalAside").await;
    app.close().await;
}
