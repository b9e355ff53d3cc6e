//! At a terminal, somebody is asked about a key that is taken.

use crate::fixture::{BUCKET, Fixture};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_at_a_terminal_is_asked_about_a_key_that_is_taken() {
    let fixture = Fixture::new().await;
    let state = fixture.state();
    let mut paths = Vec::new();
    for name in ["d/a.txt", "d/b.txt"] {
        paths.push(fixture.file(name, 6, 100));
        fixture.reference.put(BUCKET, name, b"old".to_vec()).await;
    }
    let ask = |path| ["upload", path, "s3://bucket/", "--state", &state, "--if-exists", "ask"];
    let output = fixture.at_terminal("k all\\n", &ask("d")).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    assert!(output.out.contains("already exists and differs from the file."), "{output:?}");
    assert_eq!(output.out.matches("[k]eep both").count(), 1, "once for all: {output:?}");
    for (path, key) in paths.iter().zip(["d/a (2).txt", "d/b (2).txt"]) {
        fixture.reference.assert_same(BUCKET, key, path).await;
    }

    let one = ["upload", "d/a.txt", "s3://bucket/d/", "--json", "--if-exists", "ask"];
    let output = fixture.at_terminal("r\\n", &one).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    let question = output.out.lines().find(|line| line.contains("needsAnswer")).unwrap();
    let question: Value = serde_json::from_str(question).unwrap();
    assert_eq!(question["existing"]["size"], 3);
    assert_eq!(question["existing"]["bytes"]["are"], "differ");
    fixture.reference.assert_same(BUCKET, "d/a.txt", &paths[0]).await;
}

/// It is kept, and `resume` asks again.
#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_nobody_answers_is_a_failure_and_waits() {
    let fixture = Fixture::new().await;
    let state = fixture.state();
    fixture.file("f.txt", 6, 100);
    fixture.reference.put(BUCKET, "f.txt", b"old".to_vec()).await;
    let words = ["upload", "f.txt", "s3://bucket", "--state", &state, "--if-exists", "ask"];
    let output = fixture.at_terminal("\\n", &words).await;
    assert_eq!(output.code, Some(1), "{output:?}");
    let resume = ["resume", "--state", &state, "--json"];
    let output = fixture.run(&resume).await;
    let failed = output.only("failed");
    assert_eq!(
        (output.code, &failed["fault"]["kind"], &failed["kept"]),
        (Some(1), &json!("exists"), &json!(true))
    );
    let output = fixture.at_terminal("s\\n", &resume[..3]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    assert_eq!(fixture.reference.get(BUCKET, "f.txt").await, b"old");
}
