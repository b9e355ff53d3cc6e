//! A short run of `cargo xtask soak`: killed at random and resumed, with nothing lost or sent twice.

#[tokio::test(flavor = "multi_thread")]
async fn six_kills_at_random_lose_nothing() {
    let seed = rand::random();
    let summary = windlass_tests::soak::soak(6, seed, &mut |_| ()).await;
    let summary = summary.unwrap_or_else(|reason| panic!("with seed {seed}: {reason}"));
    assert!(summary.kills >= 6 && summary.uploads > 0, "{summary:?}");
}
