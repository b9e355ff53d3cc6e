//! Listings and their pages, and stored bucket configurations.

use aws_sdk_s3::types::{
    AbortIncompleteMultipartUpload, BucketLifecycleConfiguration, ExpirationStatus, LifecycleRule,
    LifecycleRuleFilter,
};

use crate::fixture::{BUCKET, Fixture, Refused, bytes, fault};

#[tokio::test]
async fn parts_in_pages() {
    let fixture = Fixture::new().await;
    let upload = fixture.create("k").await;
    for number in [5, 1, 3, 10_000] {
        fixture.part("k", &upload, number, bytes(10, 1)).await;
    }
    let mut seen = Vec::new();
    let mut marker = None;
    loop {
        let list = fixture.s3.list_parts().bucket(BUCKET).key("k").upload_id(&upload).max_parts(3);
        let page = list.set_part_number_marker(marker).send().await.unwrap();
        seen.push(page.parts().iter().filter_map(|part| part.part_number()).collect::<Vec<_>>());
        if page.is_truncated != Some(true) {
            break;
        }
        marker = page.next_part_number_marker;
    }
    assert_eq!(seen, [vec![1, 3, 5], vec![10_000]]);
}

#[tokio::test]
async fn uploads_in_pages() {
    let fixture = Fixture::new().await;
    let mut begun = Vec::new();
    for key in ["b", "a", "b", "dir/1", "dir/2", "b"] {
        begun.push((key.to_owned(), fixture.create(key).await));
    }
    // by key, then by the time they began
    begun.sort_by(|a, b| a.0.cmp(&b.0));
    let mut seen = Vec::new();
    let (mut key, mut id) = (None, None);
    loop {
        let list = fixture.s3.list_multipart_uploads().bucket(BUCKET).max_uploads(2);
        let page = list.set_key_marker(key).set_upload_id_marker(id).send().await.unwrap();
        assert!(page.uploads().len() <= 2);
        for upload in page.uploads() {
            seen.push((upload.key().unwrap().to_owned(), upload.upload_id().unwrap().to_owned()));
        }
        if page.is_truncated != Some(true) {
            break;
        }
        (key, id) = (page.next_key_marker, page.next_upload_id_marker);
    }
    assert_eq!(seen, begun);

    let under =
        fixture.s3.list_multipart_uploads().bucket(BUCKET).prefix("dir/").send().await.unwrap();
    assert_eq!(under.uploads().len(), 2);
    let behind =
        fixture.s3.list_multipart_uploads().bucket(BUCKET).key_marker("b").send().await.unwrap();
    assert_eq!(behind.uploads().len(), 2, "a key's marker alone passes over all its uploads");
    let grouped =
        fixture.s3.list_multipart_uploads().bucket(BUCKET).delimiter("/").send().await.unwrap();
    assert_eq!((grouped.uploads().len(), grouped.common_prefixes().len()), (4, 1));
}

#[tokio::test]
async fn objects_in_pages() {
    let fixture = Fixture::new().await;
    for key in ["a/1", "a/2", "b", "c/1", "d"] {
        fixture.put(key, bytes(3, 1)).await;
    }
    let mut seen = Vec::new();
    let mut token = None;
    loop {
        let list = fixture.s3.list_objects_v2().bucket(BUCKET).delimiter("/").max_keys(1);
        let page = list.set_continuation_token(token).send().await.unwrap();
        seen.extend(page.contents().iter().filter_map(|object| object.key().map(str::to_owned)));
        seen.extend(
            page.common_prefixes().iter().filter_map(|prefix| prefix.prefix().map(str::to_owned)),
        );
        if page.is_truncated != Some(true) {
            break;
        }
        token = page.next_continuation_token;
    }
    assert_eq!(seen, ["a/", "b", "c/", "d"]);
    let after = fixture.s3.list_objects_v2().bucket(BUCKET).start_after("b").send().await.unwrap();
    assert_eq!(after.contents().len(), 2);
}

#[tokio::test]
async fn buckets_and_where_they_are() {
    let fixture = Fixture::new().await;
    fixture.s3.create_bucket().bucket("second").send().await.unwrap();
    fixture.s3.create_bucket().bucket("second").send().await.unwrap();
    assert!(fixture.store.create_bucket("No Name").await.is_err());
    let list = fixture.s3.list_buckets().send().await.unwrap();
    assert_eq!(
        list.buckets().iter().filter_map(|bucket| bucket.name()).collect::<Vec<_>>(),
        [BUCKET, "second"]
    );
    let head = fixture.s3.head_bucket().bucket("second").send().await.unwrap();
    assert_eq!(head.bucket_region.unwrap(), "us-east-1");
    let location = fixture.s3.get_bucket_location().bucket("second").send().await.unwrap();
    assert!(location.location_constraint.is_none_or(|region| region.as_str().is_empty()));
}

#[tokio::test]
async fn a_lifecycle_is_kept() {
    let fixture = Fixture::new().await;
    let get = || fixture.s3.get_bucket_lifecycle_configuration().bucket(BUCKET).send();
    assert_eq!(get().await.refused(), fault("NoSuchLifecycleConfiguration", 404));
    let abort = AbortIncompleteMultipartUpload::builder().days_after_initiation(7).build();
    let rule = LifecycleRule::builder()
        .status(ExpirationStatus::Enabled)
        .abort_incomplete_multipart_upload(abort);
    let rule = rule.filter(LifecycleRuleFilter::builder().prefix("x/").build()).build().unwrap();
    let lifecycle = BucketLifecycleConfiguration::builder().rules(rule).build().unwrap();
    let put = fixture.s3.put_bucket_lifecycle_configuration().bucket(BUCKET);
    put.lifecycle_configuration(lifecycle).send().await.unwrap();
    let fixture = fixture.again().await;
    let kept = fixture.s3.get_bucket_lifecycle_configuration().bucket(BUCKET).send().await.unwrap();
    let rule = &kept.rules()[0];
    assert_eq!(rule.abort_incomplete_multipart_upload().unwrap().days_after_initiation(), Some(7));
    assert_eq!(rule.filter().unwrap().prefix(), Some("x/"));
    assert!(rule.id().is_some());
    fixture.s3.delete_bucket_lifecycle().bucket(BUCKET).send().await.unwrap();
    let none = fixture.s3.get_bucket_lifecycle_configuration().bucket(BUCKET).send().await;
    assert_eq!(none.refused(), fault("NoSuchLifecycleConfiguration", 404));
}

/// XML 1.0 has no such characters; an object of that name must not hide all the others.
#[tokio::test]
async fn a_key_with_a_control_character_does_not_break_the_lists() {
    let fixture = Fixture::new().await;
    let keys = ["a", "b\u{1}\u{1b}[2J\r\n\u{7f}\u{9b}<&>\u{e9}", "c"];
    for key in keys {
        fixture.put(key, b"x".to_vec()).await;
        fixture.create(key).await;
    }
    let list = fixture.s3.list_objects_v2().bucket(BUCKET).send().await.unwrap();
    let listed: Vec<&str> = list.contents().iter().filter_map(|object| object.key()).collect();
    assert_eq!(listed, keys);
    let list = fixture.s3.list_multipart_uploads().bucket(BUCKET).send().await.unwrap();
    let listed: Vec<&str> = list.uploads().iter().filter_map(|upload| upload.key()).collect();
    assert_eq!(listed, keys);
    let upload = list.uploads()[1].upload_id().unwrap();
    let parts = fixture.s3.list_parts().bucket(BUCKET).key(keys[1]).upload_id(upload).send().await;
    assert_eq!(parts.unwrap().key(), Some(keys[1]));
    let under = fixture.s3.list_objects_v2().bucket(BUCKET).prefix("b\u{1}").delimiter("\u{1b}");
    let under = under.send().await.unwrap();
    assert_eq!(under.common_prefixes()[0].prefix(), Some("b\u{1}\u{1b}"));
}
