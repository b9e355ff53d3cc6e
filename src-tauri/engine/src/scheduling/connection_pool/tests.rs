use super::*;
use std::sync::LazyLock;

fn at(order: u64) -> Arc<AtomicU64> {
    Arc::new(order.into())
}

fn lanes(fixed: Option<u32>) -> Lanes {
    Lanes::new(fixed, Instant::now())
}

static HERE: LazyLock<Arc<str>> = LazyLock::new(|| "here".into());

#[tokio::test]
async fn one_server_that_is_full_or_throttled_does_not_hold_up_another() {
    let lanes = lanes(Some(1));
    let _held = lanes.lane(&HERE, 1, &at(1), MIN_PART).await;
    lanes.throttled(&HERE, Tick::ZERO, Some(Duration::from_secs(60)));
    let there: Arc<str> = "there".into();
    drop(lanes.lane(&there, 2, &at(2), MIN_PART).await);
    assert_eq!((lanes.idle_and_claims("here").0, lanes.idle_and_claims("there").0), (0, 1));
}

#[tokio::test]
async fn never_more_than_allowed_and_every_claim_is_served() {
    let lanes = lanes(Some(2));
    let (first, second) = (
        lanes.lane(&HERE, 1, &at(1), MIN_PART).await,
        lanes.lane(&HERE, 1, &at(1), MIN_PART).await,
    );
    let order = at(2);
    let waiting = lanes.lane(&HERE, 2, &order, MIN_PART);
    tokio::pin!(waiting);
    assert!(tokio::time::timeout(Duration::from_millis(20), &mut waiting).await.is_err());
    drop(first);
    let third = waiting.await;
    assert_eq!(lanes.used(), 2);
    drop((second, third));
    assert_eq!(lanes.used(), 0);
}

#[tokio::test]
async fn nothing_is_sent_before_the_time_a_server_named() {
    let lanes = lanes(Some(2));
    lanes.throttled(&HERE, Tick::ZERO, Some(Duration::from_secs(3)));
    lanes.throttled(&HERE, Tick::ZERO, None);
    let place = at(1);
    let waiting = lanes.lane(&HERE, 1, &place, MIN_PART);
    tokio::pin!(waiting);
    lanes.observe(Duration::from_millis(2900), &HashMap::from([(HERE.clone(), 0)]), None);
    assert!(tokio::time::timeout(Duration::from_millis(20), &mut waiting).await.is_err());
    lanes.observe(Duration::from_secs(3), &HashMap::from([(HERE.clone(), 0)]), None);
    waiting.await;
}

#[tokio::test]
async fn a_claim_that_was_given_up_does_not_keep_a_lane() {
    let lanes = lanes(Some(1));
    let held = lanes.lane(&HERE, 1, &at(1), MIN_PART).await;
    {
        let order = at(2);
        let given_up = lanes.lane(&HERE, 2, &order, MIN_PART);
        tokio::pin!(given_up);
        assert!(tokio::time::timeout(Duration::from_millis(5), &mut given_up).await.is_err());
    }
    drop(held);
    assert_eq!(lanes.used(), 0);
    drop(lanes.lane(&HERE, 3, &at(3), MIN_PART).await);
}

#[tokio::test]
async fn a_claim_that_waits_follows_its_upload_to_another_place() {
    let lanes = lanes(Some(1));
    let held = lanes.lane(&HERE, 1, &at(1), MIN_PART).await;
    let (second, third) = (at(2), at(3));
    let (earlier, later) =
        (lanes.lane(&HERE, 2, &second, MIN_PART), lanes.lane(&HERE, 3, &third, MIN_PART));
    tokio::pin!(earlier, later);
    tokio::select! {
        biased;
        _ = &mut earlier => panic!("there is one lane, and it is held"),
        _ = &mut later => panic!("there is one lane, and it is held"),
        () = std::future::ready(()) => {}
    }
    third.store(0, Ordering::Relaxed);
    drop(held);
    let lane = tokio::select! {
        biased;
        _ = &mut earlier => panic!("the other was moved before it"),
        lane = &mut later => lane,
    };
    drop(lane);
    drop(earlier.await);
}
