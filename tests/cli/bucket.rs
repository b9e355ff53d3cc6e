//! Buckets created and listed from the terminal, like `aws s3 mb` and `aws s3 ls`.

use crate::fixture::{BUCKET, Fixture, answering};
use serde_json::json;
use windlass_tests::Server;

/// The two lines of the article: make the bucket, upload to it.
#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_is_made_and_uploaded_to() {
    let fixture = Fixture::new().await;
    let made =
        fixture.run(&["bucket", "create", "s3://test-3224-random", "--region", "us-east-1"]).await;
    assert_eq!(made.code, Some(0), "{made:?}");
    assert_eq!(made.out, "s3://test-3224-random is ready.\n");
    assert_eq!(fixture.reference.buckets().await, [BUCKET, "test-3224-random"]);
    let path = fixture.file("app.msi", 1, 10);
    let line = ["--file", "app.msi", "--bucket", "test-3224-random", "--key", "app.msi"];
    let output = fixture.run(&[&["upload"], &line[..], &["--chunk_size", "6"]].concat()).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    fixture.reference.assert_same("test-3224-random", "app.msi", &path).await;

    let again = fixture.run(&["bucket", "create", "s3://test-3224-random/", "--json"]).await;
    assert_eq!(again.code, Some(0), "one that is there and ours stays: {again:?}");
    assert_eq!(again.only("bucket"), json!({ "event": "bucket", "bucket": "test-3224-random" }));
    fixture.reference.assert_same("test-3224-random", "app.msi", &path).await;
    fixture.assert_no_secret(&[&made, &output, &again]);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_buckets_are_listed() {
    let fixture = Fixture::new().await;
    fixture.reference.create_bucket("another").await;
    let output = fixture.run(&["bucket", "list"]).await;
    assert_eq!((output.code, output.out.as_str()), (Some(0), "s3://another\ns3://bucket\n"));
    let output = fixture.run(&["bucket", "list", "--json"]).await;
    let names: Vec<_> = output.events().iter().map(|event| event["bucket"].clone()).collect();
    assert_eq!(
        (output.code, names),
        (Some(0), vec![json!("another"), json!(BUCKET)]),
        "{output:?}"
    );
}

/// Accounts may have more buckets than fit on a page; this server repeats its last page forever.
#[tokio::test(flavor = "multi_thread")]
async fn buckets_of_all_pages_are_listed_and_a_page_that_comes_again_ends_the_list() {
    let address = answering(|head| {
        let name = if head.contains("continuation-token=") { "two" } else { "one" };
        let page = format!(
            "<ListAllMyBucketsResult><Buckets><Bucket><Name>{name}</Name></Bucket></Buckets>\
             <ContinuationToken>next</ContinuationToken></ListAllMyBucketsResult>"
        );
        ("200 OK", page)
    });
    let fixture = Fixture::new().await;
    let output = fixture.run(&["bucket", "list", "--endpoint-url", &address]).await;
    assert_eq!((output.code, output.out.as_str()), (Some(0), "s3://one\ns3://two\n"), "{output:?}");
}

/// A server with AWS's rules refuses a bucket outside us-east-1 whose region is not named.
#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_is_made_in_the_region_that_is_named() {
    let server = Server::localstack().await;
    let fixture = Fixture::on_server(server);
    let name = format!("far-{}", std::process::id());
    let place = format!("s3://{name}");
    let output = fixture.run(&["bucket", "create", &place, "--region", "eu-west-1"]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    let place_of =
        fixture.reference.client.get_bucket_location().bucket(&name).send().await.unwrap();
    let region = place_of.location_constraint().map(|region| region.as_str().to_owned());
    assert_eq!(region.as_deref(), Some("eu-west-1"));
    let output = fixture.run(&["bucket", "create", &place, "--region", "eu-west-1"]).await;
    assert_eq!(output.code, Some(0), "there already, and ours: {output:?}");
    let output = fixture.run(&["bucket", "create", &place, "--region", "us-west-2"]).await;
    assert!(
        output.code == Some(1) && output.err.contains("eu-west-1"),
        "ours, elsewhere: {output:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_in_the_way_of_a_bucket_is_said_with_what_to_do() {
    let fixture = Fixture::new().await;
    let output = fixture.run(&["bucket", "create", "s3://A_B", "--json"]).await;
    assert_eq!(output.code, Some(1), "{output:?}");
    assert_eq!(output.only("notCreated")["bucket"], "A_B");
    assert!(output.err.contains("3 to 63 characters"), "{output:?}");

    let output = fixture.run(&["bucket", "list", "--no-sign-request", "--json"]).await;
    assert_eq!(output.code, Some(1), "{output:?}");
    assert_eq!(output.only("notListed")["fault"]["kind"], "denied");
    assert!(output.err.contains("s3:ListAllMyBuckets"), "{output:?}");

    let output = fixture.run(&["bucket", "create", "s3://far", "--region", "eu-west-1"]).await;
    assert!(output.code == Some(1) && output.err.contains("--region"), "{output:?}");
    assert_eq!(fixture.reference.buckets().await, [BUCKET]);

    let lines: [&[&str]; 4] = [
        &["bucket"],
        &["bucket", "create"],
        &["bucket", "create", "far"],
        &["bucket", "create", "s3://far/prefix"],
    ];
    for line in lines {
        let output = fixture.run(line).await;
        assert_eq!((output.code, output.out.as_str()), (Some(2), ""), "{line:?}: {output:?}");
    }
}
