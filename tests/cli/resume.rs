//! Interrupted at any time and resumed later: nothing is sent twice, and other runs are not touched.

use crate::fixture::{BUCKET, Fixture, PART, ended};
use crate::machine::{INTERRUPTS, KILLED};
use serde_json::json;
use windlass_tests::{Act, When};

const PARTS: u64 = 6;

/// A run that has stored some parts and hangs in others.
async fn hanging(fixture: &Fixture, proxy: &windlass_tests::Proxy) -> crate::fixture::Running {
    fixture.file("big", 1, PARTS * PART - 3);
    proxy.on(When::part(5), 1, Act::Hold);
    let words =
        ["upload", "big", "s3://bucket/", "--part-size", "5MiB", "--connections", "2", "--json"];
    let running = fixture.start(&[&words[..], &["--state", &fixture.state()]].concat());
    proxy.until_held(1).await;
    // the others are through, and their answers are here
    let settled = async {
        while proxy
            .seen()
            .iter()
            .filter(|seen| When::any_part().fits(seen) && seen.status == Some(200))
            .count()
            < 5
        {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), settled)
        .await
        .expect("the other parts");
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    running
}

async fn assert_resumes(fixture: &Fixture, proxy: &windlass_tests::Proxy) {
    // what is held stays so: let go now, it would still arrive
    proxy.clear();
    let parts = proxy.count(&When::any_part());
    let words = ["resume", "--state", &fixture.state(), "--json", "--receipts", "receipts"];
    let output = fixture.run(&words).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    let done = output.only("done");
    let receipt = fixture.machine.found(done["receipt"].as_str().unwrap());
    assert!(fixture.home.path().join(receipt).is_file());
    let resumed = done["resumed"].as_u64().unwrap();
    assert_eq!(resumed, (PARTS - 1) * PART - 3, "all but the part that was held");
    assert_eq!(proxy.count(&When::any_part()) - parts, 1, "no stored part is sent again");
    fixture.reference.assert_same(BUCKET, "big", &fixture.path("big")).await;
    fixture.assert_clean().await;
    let again = fixture.run(&["resume", "--state", &fixture.state(), "--json"]).await;
    assert_eq!((again.code, again.out.as_str()), (Some(0), ""), "{again:?}");
    fixture.assert_no_secret(&[&output, &again]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupt_keeps_what_was_sent() {
    for signal in INTERRUPTS {
        let (fixture, proxy) = Fixture::behind_proxy().await;
        let running = hanging(&fixture, &proxy).await;
        running.signal(signal);
        let output = running.ended().await;
        assert_eq!(output.code, Some(130), "{output:?}");
        assert_eq!(
            output.events().last().unwrap(),
            &json!({ "event": "interrupted", "unfinished": 1 })
        );
        assert_eq!(fixture.reference.uploads(BUCKET).await.len(), 1);
        // a run of its own does not take up what is there
        let other = fixture.file("other", 2, 10);
        let output =
            fixture.run(&["upload", "other", "s3://bucket/", "--state", &fixture.state()]).await;
        assert_eq!(output.code, Some(0), "{output:?}");
        fixture.reference.assert_same(BUCKET, "other", &other).await;
        assert!(fixture.reference.head(BUCKET, "big").await.is_none());
        assert_resumes(&fixture, &proxy).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_keeps_what_was_sent() {
    let (fixture, proxy) = Fixture::behind_proxy().await;
    let running = hanging(&fixture, &proxy).await;
    fixture.machine.kill(&running);
    assert_eq!(running.ended().await.code, KILLED);
    assert_resumes(&fixture, &proxy).await;
}

/// Keys that are missing the second time are no reason to drop what an earlier run had sent.
#[tokio::test(flavor = "multi_thread")]
async fn a_resume_without_keys_keeps_all() {
    let (fixture, proxy) = Fixture::behind_proxy().await;
    let running = hanging(&fixture, &proxy).await;
    running.signal("INT");
    running.ended().await;
    let mut command = fixture.command(&["resume", "--state", &fixture.state(), "--json"]);
    command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    let output = ended(command).await;
    let failed = output.only("failed");
    assert_eq!(
        (output.code, &failed["fault"]["kind"], &failed["kept"]),
        (Some(1), &json!("credentials"), &json!(true))
    );
    assert_resumes(&fixture, &proxy).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_at_once_do_not_meet() {
    let (fixture, proxy) = Fixture::behind_proxy().await;
    let (one, two) = (fixture.file("one", 1, 10), fixture.file("two", 2, 2 * PART));
    proxy.on(When::put_object().path("/one"), 1, Act::Hold);
    let state = fixture.state();
    let first = fixture.start(&["upload", "one", "s3://bucket/", "--state", &state]);
    proxy.until_held(1).await;
    let output = fixture.run(&["upload", "two", "s3://bucket/", "--state", &state]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    let output = fixture.run(&["resume", "--state", &state]).await;
    assert!(output.code == Some(0) && output.err.contains("still running"), "{output:?}");
    proxy.release();
    let output = first.ended().await;
    assert_eq!(output.code, Some(0), "{output:?}");
    fixture.reference.assert_same(BUCKET, "one", &one).await;
    fixture.reference.assert_same(BUCKET, "two", &two).await;
}

/// In mid-run, of many: the rest is kept, and is told line by line.
#[tokio::test(flavor = "multi_thread")]
async fn keys_that_go_bad_in_mid_run_keep_the_rest() {
    let (fixture, proxy) = Fixture::behind_proxy().await;
    for number in 0..30 {
        fixture.file(&format!("many/{number:02}"), number, 10);
    }
    proxy.on(When::put_object().path("/05"), 1, Act::answer(403, "ExpiredToken"));
    let state = fixture.state();
    let output = fixture
        .run(&["upload", "many", "s3://bucket/", "--state", &state, "--connections", "1", "--json"])
        .await;
    assert_eq!(output.code, Some(1), "{output:?}");
    let count = |kind: &str| output.events().iter().filter(|event| event["event"] == kind).count();
    assert_eq!(count("done") + count("failed"), 30, "{output:?}");
    assert!(
        output.events().iter().all(|event| event["event"] != "failed" || event["kept"] == true),
        "{output:?}"
    );
    let output = fixture.run(&["resume", "--state", &state]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    assert_eq!(fixture.reference.keys(BUCKET, "").await.len(), 30);
}
