//! Bandwidth limits and low priority from the terminal. Reads what the system reports about the program's threads.

use crate::fixture::{Fixture, PART};
use std::time::{Duration, Instant};
#[cfg(target_os = "linux")]
use windlass_tests::{Act, When, threads::threads};

/// The threads that work stand back, the one that talks to the terminal does not.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn low_priority_is_that_of_every_thread_that_works() {
    let (fixture, proxy) = Fixture::behind_proxy().await;
    fixture.file("f", 1, 3 * PART);
    for (flag, behind) in [("--low-priority", true), ("--if-exists=replace", false)] {
        proxy.on(When::part(3), 1, Act::Hold);
        let words = ["upload", "f", "s3://bucket/", "--part-size", "5MiB", flag];
        let running = fixture.start(&words);
        proxy.until_held(1).await;
        let threads = threads(running.id());
        let usual = threads.iter().find(|one| one.number == running.id()).unwrap().nice;
        let own: Vec<_> = threads.iter().filter(|one| one.works()).collect();
        assert!(own.len() > 4 && own.iter().any(|one| one.name == "journal"), "{threads:?}");
        let right = if behind { usual.max(15) } else { usual };
        assert!(own.iter().all(|one| one.nice == right), "{flag}: {threads:?}");
        proxy.release();
        let output = running.ended().await;
        assert_eq!(output.code, Some(0), "{output:?}");
    }
}

/// A limit of the clock is one, and full speed beats the usual limit.
#[tokio::test(flavor = "multi_thread")]
async fn limits_by_the_clock() {
    let fixture = Fixture::new().await;
    fixture.file("f", 2, 2 * PART);
    let slow = |words: &[&'static str]| {
        [&["upload", "f", "s3://bucket/", "--part-size", "5MiB"], words].concat()
    };
    let began = Instant::now();
    let output = fixture.run(&slow(&["--limit-hours", "00:00-24:00 3MB/s"])).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    assert!(began.elapsed() > Duration::from_secs(3), "10 MiB at 3 MB/s: {:?}", began.elapsed());
    let began = Instant::now();
    let words = ["--limit", "100kB/s", "--limit-hours", "mo-su 0:00-24:00 full"];
    let output = fixture.run(&slow(&words)).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    assert!(began.elapsed() < Duration::from_secs(60), "which take 100 s at 100 kB/s");

    let output = fixture.run(&slow(&["--limit-hours", "mo-xx 08:00-18:00 2MB/s"])).await;
    assert_eq!(output.code, Some(2), "{output:?}");
    assert!(
        output.err.contains("--limit-hours") && output.err.contains("\"xx\" is not a day"),
        "{output:?}"
    );
}
