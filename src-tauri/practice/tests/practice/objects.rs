//! Objects of a single request: reading back what was sent.

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{
    ChecksumAlgorithm, ChecksumMode, ChecksumType, Delete, MetadataDirective, ObjectAttributes,
    ObjectCannedAcl, ObjectIdentifier, ObjectLockLegalHoldStatus, ObjectLockMode,
    ServerSideEncryption, StorageClass, Tag, Tagging,
};

use crate::fixture::{BUCKET, Fixture, MIB, Refused, bytes, crc64, defaults, fault};

#[tokio::test]
async fn put_get_and_ranges() {
    let fixture = Fixture::new().await;
    let sent = bytes(MIB + 321, 1);
    let put = fixture.s3.put_object().bucket(BUCKET).key("a/b c+ü.bin").body(sent.clone().into());
    let put = put.send().await.unwrap();
    // S3 keeps a CRC64NVME of what came with no checksum
    assert_eq!(put.checksum_crc64_nvme.unwrap(), crc64(&sent));
    assert_eq!(fixture.get("a/b c+ü.bin").await, sent);

    let range = async |range: &str| {
        let get = fixture
            .s3
            .get_object()
            .bucket(BUCKET)
            .key("a/b c+ü.bin")
            .range(range)
            .send()
            .await
            .unwrap();
        (get.content_range.clone().unwrap(), get.body.collect().await.unwrap().to_vec())
    };
    let size = sent.len();
    assert_eq!(range("bytes=10-19").await, (format!("bytes 10-19/{size}"), sent[10..20].to_vec()));
    assert_eq!(range("bytes=-5").await.1, sent[size - 5..].to_vec());
    assert_eq!(range("bytes=1048570-").await.1, sent[1_048_570..].to_vec());
    let beyond = fixture
        .s3
        .get_object()
        .bucket(BUCKET)
        .key("a/b c+ü.bin")
        .range("bytes=2000000-")
        .send()
        .await;
    assert_eq!(beyond.refused(), fault("InvalidRange", 416));
    let none = fixture.s3.get_object().bucket(BUCKET).key("none").send().await;
    assert_eq!(none.refused(), fault("NoSuchKey", 404));
    let none = fixture.s3.get_object().bucket("none").key("none").send().await;
    assert_eq!(none.refused(), fault("NoSuchBucket", 404));
}

#[tokio::test]
async fn an_empty_object() {
    let fixture = Fixture::new().await;
    fixture.put("empty", Vec::new()).await;
    assert_eq!(fixture.get("empty").await, Vec::<u8>::new());
}

/// Said so, and not passed over: ACLs, Object Lock.
#[tokio::test]
async fn what_the_store_has_not_is_refused_in_s3_s_words() {
    let fixture = Fixture::new().await;
    let put = || fixture.s3.put_object().bucket(BUCKET).key("k").body(bytes(9, 1).into());
    let begin = || fixture.s3.create_multipart_upload().bucket(BUCKET).key("k");
    let none = fault("AccessControlListNotSupported", 400);
    assert_eq!(put().acl(ObjectCannedAcl::PublicRead).send().await.refused(), none);
    assert_eq!(begin().acl(ObjectCannedAcl::PublicRead).send().await.refused(), none);
    let none = fault("InvalidRequest", 400);
    let hold = ObjectLockLegalHoldStatus::On;
    assert_eq!(put().object_lock_legal_hold_status(hold.clone()).send().await.refused(), none);
    assert_eq!(begin().object_lock_legal_hold_status(hold).send().await.refused(), none);
    let unlocked = put().object_lock_mode(ObjectLockMode::Governance).send().await;
    assert_eq!(unlocked.refused(), none);
    assert_eq!(fixture.s3.get_object().bucket(BUCKET).key("k").send().await.refused().1, 404);

    put().acl(ObjectCannedAcl::Private).content_disposition("inline").send().await.unwrap();
    let get = || fixture.s3.get_object().bucket(BUCKET).key("k");
    assert_eq!(get().send().await.unwrap().content_disposition.unwrap(), "inline");
    let asked = get().response_content_disposition("attachment").send().await.unwrap();
    assert_eq!(asked.content_disposition.unwrap(), "attachment");
}

#[tokio::test]
async fn what_is_said_of_an_object_is_kept() {
    let fixture = Fixture::new().await;
    let put = fixture.s3.put_object().bucket(BUCKET).key("k").body(bytes(100, 1).into());
    let put = put.metadata("camera", "Größe 4").content_type("image/raw").cache_control("no-cache");
    let put = put
        .storage_class(StorageClass::StandardIa)
        .server_side_encryption(ServerSideEncryption::Aes256);
    put.tagging("project=haul&who=me%20too").send().await.unwrap();
    let fixture = fixture.again().await;

    let head =
        fixture.s3.head_object().bucket(BUCKET).key("k").checksum_mode(ChecksumMode::Enabled);
    let head = head.send().await.unwrap();
    // S3 answers what is not ASCII as mail headers do, and the SDK leaves it so
    assert_eq!(head.metadata.unwrap()["camera"], "=?UTF-8?B?R3LDtsOfZSA0?=");
    assert_eq!(head.content_type.unwrap(), "image/raw");
    assert_eq!(head.cache_control.unwrap(), "no-cache");
    assert_eq!(head.storage_class.unwrap(), StorageClass::StandardIa);
    assert_eq!(head.server_side_encryption.unwrap(), ServerSideEncryption::Aes256);
    assert_eq!(head.checksum_type.unwrap(), ChecksumType::FullObject);
    assert_eq!(head.checksum_crc64_nvme.unwrap(), crc64(&bytes(100, 1)));

    let tags = fixture.s3.get_object_tagging().bucket(BUCKET).key("k").send().await.unwrap();
    let tags: Vec<_> = tags.tag_set().iter().map(|tag| (tag.key(), tag.value())).collect();
    assert_eq!(tags, [("project", "haul"), ("who", "me too")]);
    let tagging = Tagging::builder()
        .tag_set(Tag::builder().key("a").value("b").build().unwrap())
        .build()
        .unwrap();
    fixture.s3.put_object_tagging().bucket(BUCKET).key("k").tagging(tagging).send().await.unwrap();
    let fixture = fixture.again().await;
    let tags = fixture.s3.get_object_tagging().bucket(BUCKET).key("k").send().await.unwrap();
    assert_eq!(tags.tag_set().len(), 1);
    assert_eq!(fixture.get("k").await, bytes(100, 1));
}

#[tokio::test]
async fn sums_are_compared() {
    let fixture = Fixture::new().await;
    let put = || fixture.s3.put_object().bucket(BUCKET).key("k").body(b"hello".to_vec().into());
    assert_eq!(
        put().checksum_crc64_nvme(crc64(b"hullo")).send().await.refused(),
        fault("BadDigest", 400)
    );
    assert_eq!(put().checksum_crc32("bad").send().await.refused(), fault("InvalidRequest", 400));
    assert_eq!(
        put().content_md5("1B2M2Y8AsgTpgAmY7PhCfg==").send().await.refused(),
        fault("BadDigest", 400)
    );
    assert_eq!(put().content_md5("short").send().await.refused(), fault("InvalidDigest", 400));
    assert_eq!(fixture.files(), 0);
    put().content_md5("XUFAKrxLKna5cZ2REBfFkg==").send().await.unwrap();
    // an algorithm that is named and no sum: what the SDK sends where it is told to sum only what must be
    let named = put().checksum_algorithm(ChecksumAlgorithm::Sha256).send().await;
    assert_eq!(named.refused(), fault("InvalidRequest", 400));
    let put =
        defaults(&fixture.s3).put_object().bucket(BUCKET).key("k").body(b"hello".to_vec().into());
    let put = put.checksum_algorithm(ChecksumAlgorithm::Sha256).send().await.unwrap();
    assert_eq!(put.checksum_sha256.unwrap(), "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=");
    assert_eq!(put.e_tag.unwrap(), "\"5d41402abc4b2a76b9719d911017c592\"");
}

/// A file's stream goes out as aws-chunked with its checksum behind it, signed chunk by chunk.
#[tokio::test]
async fn a_checksum_may_come_behind_the_bytes() {
    let fixture = Fixture::new().await;
    let sent = bytes(700_001, 3);
    let file = fixture.folder.path().join("file");
    std::fs::write(&file, &sent).unwrap();
    let put = defaults(&fixture.s3).put_object().bucket(BUCKET).key("k");
    let put = put.body(ByteStream::from_path(&file).await.unwrap()).send().await.unwrap();
    assert!(put.checksum_crc32.is_some());
    let get = fixture
        .s3
        .get_object()
        .bucket(BUCKET)
        .key("k")
        .checksum_mode(ChecksumMode::Enabled)
        .send()
        .await
        .unwrap();
    assert!(get.content_encoding.is_none(), "the framing is no part of the object");
    assert_eq!(get.body.collect().await.unwrap().to_vec(), sent);
}

#[tokio::test]
async fn conditional_writes() {
    let fixture = Fixture::new().await;
    let put = || fixture.s3.put_object().bucket(BUCKET).key("k").body(b"one".to_vec().into());
    assert_eq!(put().if_match("\"x\"").send().await.refused(), fault("NoSuchKey", 404));
    let first = put().if_none_match("*").send().await.unwrap().e_tag.unwrap();
    assert_eq!(put().if_none_match("*").send().await.refused(), fault("PreconditionFailed", 412));
    assert_eq!(put().if_match("\"x\"").send().await.refused(), fault("PreconditionFailed", 412));
    put().if_match(&first).send().await.unwrap();

    let get = || fixture.s3.get_object().bucket(BUCKET).key("k");
    assert_eq!(get().if_match("\"x\"").send().await.refused(), fault("PreconditionFailed", 412));
    assert_eq!(get().if_none_match(&first).send().await.refused().1, 304);
}

#[tokio::test]
async fn keys_and_metadata_have_limits() {
    let fixture = Fixture::new().await;
    fixture.put(&"k".repeat(1024), b"x".to_vec()).await;
    let long = fixture
        .s3
        .put_object()
        .bucket(BUCKET)
        .key("k".repeat(1025))
        .body(b"x".to_vec().into())
        .send()
        .await;
    assert_eq!(long.refused(), fault("KeyTooLongError", 400));
    let long =
        fixture.s3.create_multipart_upload().bucket(BUCKET).key("ü".repeat(513)).send().await;
    assert_eq!(long.refused(), fault("KeyTooLongError", 400));
    let put = || fixture.s3.put_object().bucket(BUCKET).key("k").body(b"x".to_vec().into());
    assert_eq!(
        put().metadata("m", "v".repeat(2100)).send().await.refused(),
        fault("MetadataTooLarge", 400)
    );
    assert_eq!(
        put().storage_class("COLD".into()).send().await.refused(),
        fault("InvalidStorageClass", 400)
    );
}

#[tokio::test]
async fn a_customers_key_is_refused() {
    let fixture = Fixture::new().await;
    let put = fixture.s3.put_object().bucket(BUCKET).key("k").body(b"x".to_vec().into());
    let put = put
        .sse_customer_algorithm("AES256")
        .sse_customer_key("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
    assert_eq!(put.sse_customer_key_md5("x").send().await.refused(), fault("NotImplemented", 501));
}

#[tokio::test]
async fn under_a_kms_key_the_etag_tells_nothing() {
    let fixture = Fixture::new().await;
    let put = fixture.s3.put_object().bucket(BUCKET).key("k").body(b"hello".to_vec().into());
    let put = put
        .server_side_encryption(ServerSideEncryption::AwsKms)
        .ssekms_key_id("key")
        .send()
        .await
        .unwrap();
    assert_ne!(put.e_tag.unwrap(), "\"5d41402abc4b2a76b9719d911017c592\"");
    assert_eq!(put.ssekms_key_id.unwrap(), "key");
}

#[tokio::test]
async fn an_archived_object_cannot_be_read() {
    let fixture = Fixture::new().await;
    let put = fixture.s3.put_object().bucket(BUCKET).key("k").body(b"x".to_vec().into());
    put.storage_class(StorageClass::DeepArchive).send().await.unwrap();
    let get = fixture.s3.get_object().bucket(BUCKET).key("k").send().await;
    assert_eq!(get.refused(), fault("InvalidObjectState", 403));
    fixture.s3.head_object().bucket(BUCKET).key("k").send().await.unwrap();
}

#[tokio::test]
async fn replaced_and_deleted_bytes_leave_the_disk() {
    let fixture = Fixture::new().await;
    fixture.put("a", bytes(1000, 1)).await;
    fixture.put("a", bytes(1000, 2)).await;
    fixture.put("b", bytes(1000, 3)).await;
    fixture.put("c", bytes(1000, 4)).await;
    assert_eq!(fixture.files(), 3);
    fixture.s3.delete_object().bucket(BUCKET).key("a").send().await.unwrap();
    fixture.s3.delete_object().bucket(BUCKET).key("a").send().await.unwrap();
    let named = |key: &str| ObjectIdentifier::builder().key(key).build().unwrap();
    let delete = Delete::builder().objects(named("b")).objects(named("none")).build().unwrap();
    let deleted = fixture.s3.delete_objects().bucket(BUCKET).delete(delete).send().await.unwrap();
    assert_eq!(deleted.deleted().len(), 2);
    assert_eq!(fixture.files(), 1);
    let full = fixture.s3.delete_bucket().bucket(BUCKET).send().await;
    assert_eq!(full.refused(), fault("BucketNotEmpty", 409));
    fixture.s3.delete_object().bucket(BUCKET).key("c").send().await.unwrap();
    fixture.s3.delete_bucket().bucket(BUCKET).send().await.unwrap();
    assert_eq!(fixture.s3.head_bucket().bucket(BUCKET).send().await.refused().1, 404);
}

#[tokio::test]
async fn a_copy_has_its_own_bytes() {
    let fixture = Fixture::new().await;
    let put = fixture.s3.put_object().bucket(BUCKET).key("from").body(bytes(300_000, 1).into());
    put.metadata("m", "v").send().await.unwrap();
    let copy = || fixture.s3.copy_object().bucket(BUCKET).copy_source(format!("{BUCKET}/from"));
    let copied = copy().key("to").send().await.unwrap().copy_object_result.unwrap();
    assert_eq!(copied.checksum_crc64_nvme.unwrap(), crc64(&bytes(300_000, 1)));
    assert_eq!(copy().key("from").send().await.refused(), fault("InvalidRequest", 400));
    copy().key("bare").metadata_directive(MetadataDirective::Replace).send().await.unwrap();
    fixture.s3.delete_object().bucket(BUCKET).key("from").send().await.unwrap();
    assert_eq!(fixture.get("to").await, bytes(300_000, 1));
    let metadata = async |key: &str| {
        let head = fixture.s3.head_object().bucket(BUCKET).key(key).send().await.unwrap();
        head.metadata.unwrap_or_default().len()
    };
    assert_eq!((metadata("to").await, metadata("bare").await), (1, 0));
}

#[tokio::test]
async fn attributes_of_a_plain_object() {
    let fixture = Fixture::new().await;
    fixture.put("k", bytes(5, 1)).await;
    let asked =
        [ObjectAttributes::Checksum, ObjectAttributes::ObjectSize, ObjectAttributes::ObjectParts];
    let answer = fixture.s3.get_object_attributes().bucket(BUCKET).key("k");
    let answer = answer.set_object_attributes(Some(asked.to_vec())).send().await.unwrap();
    assert_eq!(answer.object_size, Some(5));
    assert_eq!(answer.checksum.unwrap().checksum_crc64_nvme.unwrap(), crc64(&bytes(5, 1)));
    assert!(answer.object_parts.is_none());
}
