use super::*;
use std::sync::LazyLock;

fn at(order: u64) -> Arc<AtomicU64> {
    Arc::new(order.into())
}

fn connection_pool(fixed: Option<u32>) -> ConnectionPool {
    ConnectionPool::new(fixed, Instant::now())
}

static HERE: LazyLock<Arc<str>> = LazyLock::new(|| "here".into());

#[tokio::test]
async fn one_server_that_is_full_or_throttled_does_not_hold_up_another() {
    let connection_pool = connection_pool(Some(1));
    let _held = connection_pool.acquire(&HERE, 1, &at(1), MIN_PART).await;
    connection_pool.throttled(&HERE, EngineTime::ZERO, Some(Duration::from_secs(60)));
    let there: Arc<str> = "there".into();
    drop(connection_pool.acquire(&there, 2, &at(2), MIN_PART).await);
    assert_eq!(
        (connection_pool.idle_and_claims("here").0, connection_pool.idle_and_claims("there").0),
        (0, 1)
    );
}

#[tokio::test]
async fn never_more_than_allowed_and_every_claim_is_served() {
    let connection_pool = connection_pool(Some(2));
    let (first, second) = (
        connection_pool.acquire(&HERE, 1, &at(1), MIN_PART).await,
        connection_pool.acquire(&HERE, 1, &at(1), MIN_PART).await,
    );
    let order = at(2);
    let waiting = connection_pool.acquire(&HERE, 2, &order, MIN_PART);
    tokio::pin!(waiting);
    assert!(tokio::time::timeout(Duration::from_millis(20), &mut waiting).await.is_err());
    drop(first);
    let third = waiting.await;
    assert_eq!(connection_pool.used(), 2);
    drop((second, third));
    assert_eq!(connection_pool.used(), 0);
}

#[tokio::test]
async fn nothing_is_sent_before_the_time_a_server_named() {
    let connection_pool = connection_pool(Some(2));
    connection_pool.throttled(&HERE, EngineTime::ZERO, Some(Duration::from_secs(3)));
    connection_pool.throttled(&HERE, EngineTime::ZERO, None);
    let place = at(1);
    let waiting = connection_pool.acquire(&HERE, 1, &place, MIN_PART);
    tokio::pin!(waiting);
    connection_pool.observe(Duration::from_millis(2900), &HashMap::from([(HERE.clone(), 0)]), None);
    assert!(tokio::time::timeout(Duration::from_millis(20), &mut waiting).await.is_err());
    connection_pool.observe(Duration::from_secs(3), &HashMap::from([(HERE.clone(), 0)]), None);
    waiting.await;
}

#[tokio::test]
async fn a_claim_that_was_given_up_does_not_keep_a_lane() {
    let connection_pool = connection_pool(Some(1));
    let held = connection_pool.acquire(&HERE, 1, &at(1), MIN_PART).await;
    {
        let order = at(2);
        let given_up = connection_pool.acquire(&HERE, 2, &order, MIN_PART);
        tokio::pin!(given_up);
        assert!(tokio::time::timeout(Duration::from_millis(5), &mut given_up).await.is_err());
    }
    drop(held);
    assert_eq!(connection_pool.used(), 0);
    drop(connection_pool.acquire(&HERE, 3, &at(3), MIN_PART).await);
}

#[tokio::test]
async fn a_claim_that_waits_follows_its_upload_to_another_place() {
    let connection_pool = connection_pool(Some(1));
    let held = connection_pool.acquire(&HERE, 1, &at(1), MIN_PART).await;
    let (second, third) = (at(2), at(3));
    let (earlier, later) = (
        connection_pool.acquire(&HERE, 2, &second, MIN_PART),
        connection_pool.acquire(&HERE, 3, &third, MIN_PART),
    );
    tokio::pin!(earlier, later);
    tokio::select! {
        biased;
        _ = &mut earlier => panic!("there is one lane, and it is held"),
        _ = &mut later => panic!("there is one lane, and it is held"),
        () = std::future::ready(()) => {}
    }
    third.store(0, Ordering::Relaxed);
    drop(held);
    let permit = tokio::select! {
        biased;
        _ = &mut earlier => panic!("the other was moved before it"),
        permit = &mut later => permit,
    };
    drop(permit);
    drop(earlier.await);
}
