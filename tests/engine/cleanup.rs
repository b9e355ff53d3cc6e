//! The lifecycle rule that aborts incomplete uploads, among other rules, which stay unchanged. On every kind of server.

use crate::fixture::Fixture;
use aws_sdk_s3::types::{
    AbortIncompleteMultipartUpload, BucketLifecycleConfiguration, ExpirationStatus,
    LifecycleExpiration, LifecycleRule, LifecycleRuleFilter, NoncurrentVersionExpiration, Tag,
};
use windlass_engine::{BucketOf, CleanupRule, FaultKind, OtherRule, SetCleanup};
use windlass_tests::{Act, Proxy, Server, When};

fn bucket_of(fixture: &Fixture) -> BucketOf {
    BucketOf { connection: "test".into(), bucket: fixture.bucket.clone() }
}

async fn set(fixture: &Fixture, days: Option<u32>) -> CleanupRule {
    let BucketOf { connection, bucket } = bucket_of(fixture);
    let set = fixture.engine.set_cleanup_rule(SetCleanup { connection, bucket, days }).await;
    set.unwrap_or_else(|fault| panic!("{}: {fault:?}", fixture.server.name))
}

fn rule(id: &str) -> aws_sdk_s3::types::builders::LifecycleRuleBuilder {
    LifecycleRule::builder().id(id).status(ExpirationStatus::Enabled)
}

/// Rules as people have them: by prefix, by tag, off, and of versions.
fn theirs() -> Vec<LifecycleRule> {
    let by = |prefix: &str| LifecycleRuleFilter::builder().prefix(prefix).build();
    let tag = Tag::builder().key("keep").value("no & never").build().unwrap();
    let days = |days| LifecycleExpiration::builder().days(days).build();
    let versions = NoncurrentVersionExpiration::builder().noncurrent_days(30).build();
    let abort = AbortIncompleteMultipartUpload::builder().days_after_initiation(3).build();
    [
        rule("logs <old>").filter(by("logs/")).expiration(days(9)),
        rule("by tag").filter(LifecycleRuleFilter::builder().tag(tag).build()).expiration(days(90)),
        rule("off")
            .status(ExpirationStatus::Disabled)
            .filter(by(""))
            .noncurrent_version_expiration(versions),
        rule("tmp").filter(by("tmp/")).abort_incomplete_multipart_upload(abort),
    ]
    .into_iter()
    .map(|rule| rule.build().unwrap())
    .collect()
}

async fn put(fixture: &Fixture, rules: Vec<LifecycleRule>) {
    let rules = BucketLifecycleConfiguration::builder().set_rules(Some(rules)).build().unwrap();
    let put = fixture.reference.client.put_bucket_lifecycle_configuration().bucket(&fixture.bucket);
    put.lifecycle_configuration(rules).send().await.unwrap();
}

async fn rules(fixture: &Fixture) -> Vec<LifecycleRule> {
    let get = fixture.reference.client.get_bucket_lifecycle_configuration().bucket(&fixture.bucket);
    let mut rules = get.send().await.map_or(vec![], |got| got.rules().to_vec());
    rules.sort_by_key(|rule| rule.id().map(ToOwned::to_owned));
    rules
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rules_of_others_stay() {
    for server in Server::all().await {
        let fixture = Fixture::on(server).await;
        let name = fixture.server.name;
        put(&fixture, theirs()).await;
        let before = rules(&fixture).await;
        let others = vec![OtherRule { name: "tmp".into(), days: 3, prefix: "tmp/".into() }];
        let none = CleanupRule { supported: true, days: None, ours: false, others };
        assert_eq!(fixture.engine.cleanup_rule(bucket_of(&fixture)).await.unwrap(), none, "{name}");

        for days in [7, 30] {
            let now = set(&fixture, Some(days)).await;
            assert_eq!(now, CleanupRule { days: Some(days), ours: true, ..none.clone() }, "{name}");
            let mut with = rules(&fixture).await;
            let ours = with.iter().position(|rule| rule.id() == Some("windlass-unfinished"));
            let ours = with.remove(ours.unwrap());
            let aborts = ours.abort_incomplete_multipart_upload().unwrap();
            assert_eq!(aborts.days_after_initiation(), Some(days.cast_signed()), "{name}");
            assert_eq!(*ours.status(), ExpirationStatus::Enabled, "{name}");
            assert_eq!(with, before, "{name}");
        }
        assert_eq!(set(&fixture, None).await, none, "{name}");
        assert_eq!(rules(&fixture).await, before, "{name}");
    }
}

/// S3 takes no filters beside rules from before there were any: ours is written as they are.
#[tokio::test(flavor = "multi_thread")]
async fn rules_of_the_old_form_stay() {
    // LocalStack takes none
    let servers = Server::all().await.into_iter().filter(|server| server.name != "localstack");
    for server in servers {
        let fixture = Fixture::on(server).await;
        let name = fixture.server.name;
        let days = LifecycleExpiration::builder().days(9).build();
        #[allow(deprecated)] // this is what it is about
        let old = rule("logs").prefix("logs/").expiration(days).build().unwrap();
        put(&fixture, vec![old]).await;
        let before = rules(&fixture).await;
        assert!(set(&fixture, Some(7)).await.ours, "{name}");
        let with = rules(&fixture).await;
        assert_eq!(with.len(), 2, "{name}");
        assert!(with.contains(&before[0]), "{name}: {with:?}");
        assert!(!set(&fixture, None).await.ours, "{name}");
        assert_eq!(rules(&fixture).await, before, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_without_rules_has_none_again() {
    for server in Server::all().await {
        let fixture = Fixture::on(server).await;
        let name = fixture.server.name;
        let none = CleanupRule { supported: true, ..CleanupRule::default() };
        assert_eq!(fixture.engine.cleanup_rule(bucket_of(&fixture)).await.unwrap(), none, "{name}");
        assert_eq!(set(&fixture, None).await, none, "{name}");
        let now = set(&fixture, Some(7)).await;
        assert_eq!(now, CleanupRule { days: Some(7), ours: true, ..none.clone() }, "{name}");
        assert_eq!(set(&fixture, None).await, none, "{name}");
        assert_eq!(rules(&fixture).await, [], "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_else_s_rule_for_the_whole_bucket_is_told() {
    let fixture = Fixture::on(Server::practice().await).await;
    let abort = AbortIncompleteMultipartUpload::builder().days_after_initiation(3).build();
    let whole = LifecycleRuleFilter::builder().prefix("").build();
    put(
        &fixture,
        vec![rule("tidy").filter(whole).abort_incomplete_multipart_upload(abort).build().unwrap()],
    )
    .await;
    let now = fixture.engine.cleanup_rule(bucket_of(&fixture)).await.unwrap();
    let others = vec![OtherRule { name: "tidy".into(), days: 3, prefix: String::new() }];
    assert_eq!(now, CleanupRule { supported: true, days: Some(3), ours: false, others });
}

/// A server that knows no rules says so, and one that denies them fails.
#[tokio::test(flavor = "multi_thread")]
async fn servers_without_and_keys_that_may_not() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let asked = || When::method("GET").query_name("lifecycle");
    proxy.on(asked(), 1, Act::answer(501, "NotImplemented"));
    assert_eq!(
        fixture.engine.cleanup_rule(bucket_of(&fixture)).await.unwrap(),
        CleanupRule::default()
    );
    proxy.on(asked(), 1, Act::answer(403, "AccessDenied"));
    let fault = fixture.engine.cleanup_rule(bucket_of(&fixture)).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Denied);
    let BucketOf { connection, bucket } = bucket_of(&fixture);
    let wrong = SetCleanup { connection, bucket, days: Some(0) };
    let fault = fixture.engine.set_cleanup_rule(wrong).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Unsupported);
}
