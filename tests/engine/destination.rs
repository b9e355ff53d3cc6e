//! Choosing where uploads go: folders listed a page at a time, and buckets created.

use crate::fixture::Fixture;
use crate::probe::form;
use crate::said::{answering, error, goes_to, value};
use windlass_engine::{
    Browse, ConnectionOrForm, CreatedBucket, Fault, FaultKind, FolderPage, InvalidBucketName,
    NewBucket, Reason,
};
use windlass_tests::{Act, Proxy, Server, When};

fn below(fixture: &Fixture, prefix: &str, from: Option<String>) -> Browse {
    Browse { server: "test".into(), bucket: fixture.bucket.clone(), prefix: prefix.into(), from }
}

async fn browsed(fixture: &Fixture, prefix: &str) -> FolderPage {
    fixture.engine.browse(&below(fixture, prefix, None)).await.unwrap()
}

async fn create(fixture: &Fixture, bucket: &str) -> Result<CreatedBucket, Fault> {
    let new = NewBucket { server: "test".into(), bucket: bucket.into() };
    fixture.engine.create_bucket(&new).await
}

fn lists() -> When {
    When::method("GET").query("list-type", "2")
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_are_what_keys_share_up_to_a_slash() {
    for server in Server::all().await {
        let fixture = Fixture::on(server).await;
        for key in ["2026/", "2026/06/a", "2026/08 ü/b/c", "2026/plan", "masters/m", "top", "x//y"]
        {
            fixture.reference.put(&fixture.bucket, key, b"1".to_vec()).await;
        }
        let page = |folders: &[&str], objects| FolderPage {
            folders: folders.iter().map(|name| (*name).to_owned()).collect(),
            objects,
            next: None,
        };
        let name = fixture.server.name;
        assert_eq!(browsed(&fixture, "").await, page(&["2026", "masters", "x"], 1), "{name}");
        // the marker of the folder is no object in it
        assert_eq!(browsed(&fixture, "2026/").await, page(&["06", "08 ü"], 1), "{name}");
        assert_eq!(browsed(&fixture, "2026/08 ü/").await, page(&["b"], 0), "{name}");
        // the folder without a name is no destination
        assert_eq!(browsed(&fixture, "x/").await, page(&[], 0), "{name}");
        assert_eq!(browsed(&fixture, "not there/").await, page(&[], 0), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_a_thousand_folders_come_in_pages() {
    let fixture = Fixture::on(Server::practice().await).await;
    for at in 0..1_003 {
        fixture.reference.put(&fixture.bucket, &format!("reel-{at:04}/a"), Vec::new()).await;
    }
    let first = browsed(&fixture, "").await;
    assert_eq!((first.folders.len(), first.folders[0].as_str()), (1_000, "reel-0000"));
    let rest = fixture.engine.browse(&below(&fixture, "", first.next)).await.unwrap();
    assert_eq!(rest.folders, ["reel-1000", "reel-1001", "reel-1002"]);
    assert_eq!(rest.next, None);
}

/// A server whose pages repeat has no more of them.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_comes_again_is_the_last() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let page = "<ListBucketResult><IsTruncated>true</IsTruncated>\
                <NextContinuationToken>again</NextContinuationToken>\
                <CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes></ListBucketResult>";
    proxy.on(lists(), 2, Act::Xml(page.into()));
    let first = browsed(&fixture, "").await;
    assert_eq!((first.folders, first.next.as_deref()), (vec!["a".to_owned()], Some("again")));
    let second = fixture.engine.browse(&below(&fixture, "", first.next)).await.unwrap();
    assert_eq!(second.next, None);
}

/// 301 with the region's name, as S3 answers; then the list in that region.
#[tokio::test(flavor = "multi_thread")]
async fn folders_of_a_bucket_in_another_region_are_listed_there() {
    let address = answering(|head| {
        if !value(head, "authorization").unwrap_or_default().contains("/eu-west-9/s3/") {
            return error(301, "PermanentRedirect", "x-amz-bucket-region: eu-west-9\r\n");
        }
        let page = "<ListBucketResult><IsTruncated>false</IsTruncated>\
                    <CommonPrefixes><Prefix>far/</Prefix></CommonPrefixes></ListBucketResult>";
        format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{page}", page.len())
    });
    let fixture = Fixture::on(Server::practice().await).await;
    goes_to(&fixture, &address);
    assert_eq!(browsed(&fixture, "").await.folders, ["far"]);
}

/// Listing is a help: who may not list uploads all the same.
#[tokio::test(flavor = "multi_thread")]
async fn keys_that_may_not_list_are_told_so_and_upload_all_the_same() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    proxy.on(lists(), usize::MAX, Act::answer(403, "AccessDenied"));
    let refused = fixture.engine.browse(&below(&fixture, "", None)).await.unwrap_err();
    assert_eq!((refused.kind, refused.status), (FaultKind::Denied, Some(403)));
    fixture.hauled(&fixture.file("clip", 1, 1_000), "2026/new/clip").await;
    proxy.clear();
    assert_eq!(browsed(&fixture, "2026/").await.folders, ["new"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_not_saved_is_asked_as_well() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let fixture = Fixture::on(server).await;
    fixture.reference.put(&fixture.bucket, "2026/a", b"1".to_vec()).await;
    let saved = fixture.engine.connections().len();
    let typed = || ConnectionOrForm::Form { form: Box::new(form(&fixture, &proxy)) };
    let new = NewBucket { server: typed(), bucket: "made-from-the-form".into() };
    assert_eq!(fixture.engine.create_bucket(&new).await.unwrap(), CreatedBucket::Created);
    let buckets = fixture.engine.buckets(&typed()).await.unwrap();
    assert_eq!(buckets, [fixture.bucket.as_str(), "made-from-the-form"]);
    let page =
        fixture.engine.browse(&Browse { server: typed(), ..below(&fixture, "", None) }).await;
    assert_eq!(page.unwrap().folders, ["2026"]);
    assert_eq!(fixture.engine.connections().len(), saved, "nothing is saved by looking");
    assert!(!proxy.seen().is_empty());
}

/// Where a server has regions, one's own bucket is refused when it is created again.
#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_is_created_in_the_connection_s_region_and_known_again() {
    let fixture = Fixture::on(Server::localstack().await).await;
    let mut connection = fixture.connection();
    connection.region = "eu-west-1".into();
    fixture.engine.set_session_connection(connection, fixture.secret()).unwrap();
    let name = format!("{}-eu", fixture.bucket);
    assert_eq!(create(&fixture, &name).await.unwrap(), CreatedBucket::Created);
    assert_eq!(create(&fixture, &name).await.unwrap(), CreatedBucket::AlreadyYours);
    let place = fixture.reference.client.get_bucket_location().bucket(&name).send().await.unwrap();
    assert_eq!(place.location_constraint().map(|region| region.as_str()), Some("eu-west-1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_of_somebody_else_s_is_told_from_one_s_own() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let creates = |bucket: &str| When::method("PUT").path(bucket).without_query("partNumber");
    proxy.on(creates("others"), 1, Act::answer(409, "BucketAlreadyExists"));
    let taken = create(&fixture, "others").await.unwrap_err();
    assert_eq!(taken.reason.get(), Some(&Reason::BucketTaken { bucket: "others".into() }));
    assert_eq!(
        (taken.kind, taken.code.as_deref()),
        (FaultKind::WrongPlace, Some("BucketAlreadyExists"))
    );
    // some servers say the same of a bucket that these keys can use
    for code in ["BucketAlreadyExists", "BucketAlreadyOwnedByYou"] {
        proxy.on(creates(&fixture.bucket), 1, Act::answer(409, code));
        let made = create(&fixture, &fixture.bucket).await.unwrap();
        assert_eq!(made, CreatedBucket::AlreadyYours, "{code}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_breaks_a_rule_is_refused_before_the_server_is_asked() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let fault = create(&fixture, "My bucket").await.unwrap_err();
    let wrong = InvalidBucketName::Uppercase;
    assert_eq!(fault.reason.get(), Some(&Reason::BucketName { wrong }));
    assert_eq!(proxy.seen().len(), 0);
    // only Amazon's own servers reserve it
    assert_eq!(create(&fixture, "jordan-an").await.unwrap(), CreatedBucket::Created);
}
