//! Limits and low priority in the window: what it shows of the limit, and which of its threads run at low priority.

use crate::steps::session_with;
use std::time::{Duration, Instant};
use windlass_tests::threads::{Thread, threads};
use windlass_tests::{App, Launch};

/// Chosen in the settings it holds at once, for the engine's threads alone: what draws the window stays as it was.
#[tokio::test(flavor = "multi_thread")]
async fn low_priority_and_hours_are_set_in_the_window() {
    let app = App::start(Launch::new().again(session_with(r#"{"limit":3000000}"#))).await;
    app.until("status-limit", |text| text == "limited to 3 MB/s").await;
    app.click("nav-settings").await;
    let usual =
        |threads: &[Thread]| threads.iter().find(|one| one.number == app.pid()).unwrap().nice;
    let before = threads(app.pid());
    let own = |threads: &[Thread]| -> Vec<Thread> {
        threads.iter().filter(|one| one.works()).cloned().collect()
    };
    assert!(own(&before).iter().all(|one| one.nice == usual(&before)), "{before:?}");

    app.click("low-priority").await;
    let began = Instant::now();
    let after = loop {
        let now = threads(app.pid());
        if own(&now).iter().all(|one| one.nice == usual(&before).max(15)) {
            break now;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "{now:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert!(own(&after).len() > 4, "{after:?}");
    assert_eq!(usual(&after), usual(&before));
    for process in app.web_view() {
        // those beside its first thread have priorities of their own
        let first = threads(process).into_iter().find(|one| one.number == process);
        assert_eq!(first.unwrap().nice, usual(&before), "what draws the window");
    }

    app.click("hours-add").await;
    app.until("status-limit", |text| text.contains(" MB/s until ")).await;
    app.shot("40-limits-by-the-clock").await;
    app.close().await;
}
