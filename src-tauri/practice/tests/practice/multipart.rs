//! Multipart uploads from Create to Complete or Abort.

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{
    ChecksumAlgorithm, ChecksumMode, ChecksumType, CompletedPart, ObjectAttributes, StorageClass,
};

use crate::fixture::{BUCKET, Fixture, MIB, Refused, bytes, completed, crc64, defaults, fault};

/// The smallest part that may be followed by another.
const PART: usize = 5 * MIB;

fn whole() -> Vec<u8> {
    bytes(PART + 100_000, 7)
}

/// An upload of two parts that is not completed yet.
async fn two_parts(fixture: &Fixture, key: &str) -> (String, Vec<CompletedPart>) {
    let upload = fixture.create(key).await;
    let first = fixture.part(key, &upload, 1, whole()[..PART].to_vec()).await;
    let second = fixture.part(key, &upload, 2, whole()[PART..].to_vec()).await;
    (upload, vec![first, second])
}

#[tokio::test]
async fn the_whole_objects_sum_is_compared() {
    let fixture = Fixture::new().await;
    let (upload, parts) = two_parts(&fixture, "k").await;
    let complete = |sum: &str| {
        let complete =
            fixture.s3.complete_multipart_upload().bucket(BUCKET).key("k").upload_id(&upload);
        let complete = complete.multipart_upload(completed(parts.clone()));
        complete.checksum_crc64_nvme(sum).checksum_type(ChecksumType::FullObject).send()
    };
    assert_eq!(complete(&crc64(b"other")).await.refused(), fault("BadDigest", 400));
    // the upload is still there
    let done = complete(&crc64(&whole())).await.unwrap();
    assert_eq!(done.checksum_crc64_nvme.unwrap(), crc64(&whole()));
    assert_eq!(done.checksum_type.unwrap(), ChecksumType::FullObject);
    assert!(done.e_tag.unwrap().ends_with("-2\""));

    let head =
        fixture.s3.head_object().bucket(BUCKET).key("k").checksum_mode(ChecksumMode::Enabled);
    let head = head.send().await.unwrap();
    assert_eq!(head.checksum_crc64_nvme.unwrap(), crc64(&whole()));
    assert_eq!(head.content_length.unwrap(), i64::try_from(whole().len()).unwrap());
    assert_eq!(fixture.get("k").await, whole());
    assert_eq!(complete(&crc64(&whole())).await.refused(), fault("NoSuchUpload", 404));
}

#[tokio::test]
async fn parts_carry_the_sum_that_the_upload_named() {
    let fixture = Fixture::new().await;
    let upload = fixture.create("k").await;
    let part =
        || fixture.s3.upload_part().bucket(BUCKET).key("k").upload_id(&upload).part_number(1);
    let answer = part().body(b"hello".to_vec().into()).send().await.unwrap();
    assert_eq!(answer.checksum_crc64_nvme.unwrap(), crc64(b"hello"));
    let listed =
        fixture.s3.list_parts().bucket(BUCKET).key("k").upload_id(&upload).send().await.unwrap();
    assert_eq!(listed.checksum_algorithm.clone().unwrap(), ChecksumAlgorithm::Crc64Nvme);
    assert_eq!(listed.parts()[0].checksum_crc64_nvme().unwrap(), crc64(b"hello"));
    assert_eq!(listed.parts()[0].e_tag(), answer.e_tag.as_deref());

    let wrong =
        part().body(b"hello".to_vec().into()).checksum_crc64_nvme(crc64(b"hullo")).send().await;
    assert_eq!(wrong.refused(), fault("BadDigest", 400));
    let other = part()
        .body(b"hello".to_vec().into())
        .checksum_algorithm(ChecksumAlgorithm::Crc32)
        .send()
        .await;
    assert_eq!(other.refused(), fault("InvalidRequest", 400));
}

#[tokio::test]
async fn an_upload_that_names_no_algorithm() {
    let fixture = Fixture::new().await;
    let s3 = defaults(&fixture.s3);
    let create = fixture.s3.create_multipart_upload().bucket(BUCKET).key("k").send().await.unwrap();
    assert!(create.checksum_algorithm.is_none());
    let upload = create.upload_id.unwrap();
    let part = s3.upload_part().bucket(BUCKET).key("k").upload_id(&upload).part_number(1);
    let part = part.body(b"hello".to_vec().into()).send().await.unwrap();
    assert!(part.checksum_crc32.is_some());
    let complete = |crc32: Option<String>| {
        let part = CompletedPart::builder()
            .part_number(1)
            .e_tag(part.e_tag.clone().unwrap())
            .set_checksum_crc32(crc32);
        let complete = s3.complete_multipart_upload().bucket(BUCKET).key("k").upload_id(&upload);
        complete.multipart_upload(completed(vec![part.build()])).send()
    };
    assert_eq!(complete(part.checksum_crc32.clone()).await.refused(), fault("InvalidPart", 400));
    assert_eq!(complete(None).await.unwrap().checksum_crc64_nvme.unwrap(), crc64(b"hello"));
}

#[tokio::test]
async fn a_composite_wants_its_parts_sums() {
    let fixture = Fixture::new().await;
    let create = fixture.s3.create_multipart_upload().bucket(BUCKET).key("k");
    let create = create.checksum_algorithm(ChecksumAlgorithm::Sha256).send().await.unwrap();
    assert_eq!(create.checksum_type.unwrap(), ChecksumType::Composite);
    let upload = create.upload_id.unwrap();
    let part = |s3: &Client| {
        let part = s3.upload_part().bucket(BUCKET).key("k").upload_id(&upload).part_number(1);
        part.body(b"hello".to_vec().into())
    };
    assert_eq!(part(&fixture.s3).send().await.refused(), fault("InvalidRequest", 400));
    let answer = part(&defaults(&fixture.s3))
        .checksum_algorithm(ChecksumAlgorithm::Sha256)
        .send()
        .await
        .unwrap();
    let complete = |sha256: Option<String>| {
        let part = CompletedPart::builder().part_number(1).e_tag(answer.e_tag.clone().unwrap());
        let part = part.set_checksum_sha256(sha256).build();
        let complete =
            fixture.s3.complete_multipart_upload().bucket(BUCKET).key("k").upload_id(&upload);
        complete.multipart_upload(completed(vec![part])).send()
    };
    assert_eq!(complete(None).await.refused(), fault("InvalidRequest", 400));
    let done = complete(answer.checksum_sha256.clone()).await.unwrap();
    assert!(done.checksum_sha256.unwrap().ends_with("=-1"));

    let whole = fixture.s3.create_multipart_upload().bucket(BUCKET).key("k");
    let whole = whole
        .checksum_algorithm(ChecksumAlgorithm::Sha256)
        .checksum_type(ChecksumType::FullObject)
        .send();
    assert_eq!(whole.await.refused(), fault("InvalidRequest", 400));
}

#[tokio::test]
async fn parts_sent_in_any_order_and_again() {
    let fixture = Fixture::new().await;
    let upload = fixture.create("k").await;
    let second = fixture.part("k", &upload, 2, whole()[PART..].to_vec()).await;
    let old = fixture.part("k", &upload, 1, bytes(PART, 99)).await;
    let first = fixture.part("k", &upload, 1, whole()[..PART].to_vec()).await;
    assert_eq!(fixture.files(), 2, "the part before leaves the disk");
    let complete = |parts: Vec<CompletedPart>| {
        let complete =
            fixture.s3.complete_multipart_upload().bucket(BUCKET).key("k").upload_id(&upload);
        complete.multipart_upload(completed(parts)).send()
    };
    assert_eq!(complete(vec![old, second.clone()]).await.refused(), fault("InvalidPart", 400));
    assert_eq!(
        complete(vec![second.clone(), first.clone()]).await.refused(),
        fault("InvalidPartOrder", 400)
    );
    assert_eq!(complete(vec![second.clone()]).await.refused(), fault("InternalError", 500));
    assert_eq!(complete(Vec::new()).await.refused(), fault("MalformedXML", 400));
    complete(vec![first, second]).await.unwrap();
    assert_eq!(fixture.get("k").await, whole());
}

#[tokio::test]
async fn a_part_too_small() {
    let fixture = Fixture::new().await;
    let upload = fixture.create("k").await;
    let first = fixture.part("k", &upload, 1, bytes(PART - 1, 1)).await;
    let second = fixture.part("k", &upload, 2, bytes(10, 2)).await;
    let complete =
        fixture.s3.complete_multipart_upload().bucket(BUCKET).key("k").upload_id(&upload);
    let complete = complete.multipart_upload(completed(vec![first, second])).send().await;
    assert_eq!(complete.refused(), fault("EntityTooSmall", 400));
}

#[tokio::test]
async fn an_upload_that_is_over_is_unknown() {
    let fixture = Fixture::new().await;
    let upload = fixture.create("k").await;
    fixture.part("k", &upload, 1, bytes(1000, 1)).await;
    fixture
        .s3
        .abort_multipart_upload()
        .bucket(BUCKET)
        .key("k")
        .upload_id(&upload)
        .send()
        .await
        .unwrap();
    assert_eq!(fixture.files(), 0);
    let list = fixture.s3.list_parts().bucket(BUCKET).key("k").upload_id(&upload).send().await;
    assert_eq!(list.refused(), fault("NoSuchUpload", 404));
    let abort =
        fixture.s3.abort_multipart_upload().bucket(BUCKET).key("k").upload_id(&upload).send().await;
    assert_eq!(abort.refused(), fault("NoSuchUpload", 404));
    // refused before its body is read, and the answer still arrives
    let part = fixture.s3.upload_part().bucket(BUCKET).key("k").upload_id(&upload).part_number(1);
    let part = part.body(bytes(16 * MIB, 1).into()).send().await;
    assert_eq!(part.refused(), fault("NoSuchUpload", 404));
    let part =
        fixture.s3.upload_part().bucket(BUCKET).key("k").upload_id(&upload).part_number(10_001);
    assert_eq!(
        part.body(b"x".to_vec().into()).send().await.refused(),
        fault("InvalidArgument", 400)
    );
}

#[tokio::test]
async fn complete_may_be_told_not_to_replace() {
    let fixture = Fixture::new().await;
    fixture.put("k", b"there".to_vec()).await;
    let upload = fixture.create("k").await;
    let part = fixture.part("k", &upload, 1, b"new".to_vec()).await;
    let complete = || {
        let complete =
            fixture.s3.complete_multipart_upload().bucket(BUCKET).key("k").upload_id(&upload);
        complete.multipart_upload(completed(vec![part.clone()]))
    };
    assert_eq!(
        complete().if_none_match("*").send().await.refused(),
        fault("PreconditionFailed", 412)
    );
    assert_eq!(complete().mpu_object_size(4).send().await.refused(), fault("InvalidRequest", 400));
    assert_eq!(fixture.get("k").await, b"there");
    complete().mpu_object_size(3).send().await.unwrap();
    assert_eq!(fixture.get("k").await, b"new");
}

#[tokio::test]
async fn parts_of_a_finished_object() {
    let fixture = Fixture::new().await;
    let (upload, parts) = two_parts(&fixture, "k").await;
    let complete =
        fixture.s3.complete_multipart_upload().bucket(BUCKET).key("k").upload_id(&upload);
    complete.multipart_upload(completed(parts)).send().await.unwrap();

    let head = async |number: i32| {
        fixture.s3.head_object().bucket(BUCKET).key("k").part_number(number).send().await
    };
    let second = head(2).await.unwrap();
    assert_eq!((second.content_length, second.parts_count), (Some(100_000), Some(2)));
    assert_eq!(
        second.content_range.unwrap(),
        format!("bytes {PART}-{}/{}", whole().len() - 1, whole().len())
    );
    assert_eq!(head(3).await.refused().1, 416);
    let get = fixture.s3.get_object().bucket(BUCKET).key("k").part_number(2);
    let get = get.checksum_mode(ChecksumMode::Enabled).send().await.unwrap();
    assert_eq!(get.body.collect().await.unwrap().to_vec(), whole()[PART..]);
    let across = fixture.s3.get_object().bucket(BUCKET).key("k").range(format!(
        "bytes={}-{}",
        PART - 3,
        PART + 2
    ));
    assert_eq!(
        across.send().await.unwrap().body.collect().await.unwrap().to_vec(),
        whole()[PART - 3..PART + 3]
    );

    let asked = vec![
        ObjectAttributes::ObjectParts,
        ObjectAttributes::StorageClass,
        ObjectAttributes::Checksum,
    ];
    let attributes = fixture
        .s3
        .get_object_attributes()
        .bucket(BUCKET)
        .key("k")
        .set_object_attributes(Some(asked));
    let attributes = attributes.max_parts(1).send().await.unwrap();
    assert_eq!(attributes.storage_class.unwrap(), StorageClass::Standard);
    let parts = attributes.object_parts.unwrap();
    assert_eq!((parts.total_parts_count, parts.is_truncated), (Some(2), Some(true)));
    assert_eq!(parts.parts()[0].checksum_crc64_nvme().unwrap(), crc64(&whole()[..PART]));
}

#[tokio::test]
async fn parts_copied_from_an_object() {
    let fixture = Fixture::new().await;
    fixture.put("from", whole()).await;
    let upload = fixture.create("to").await;
    let copy = |number: i32, range: String| {
        let copy = fixture
            .s3
            .upload_part_copy()
            .bucket(BUCKET)
            .key("to")
            .upload_id(&upload)
            .part_number(number);
        copy.copy_source(format!("{BUCKET}/from")).copy_source_range(range).send()
    };
    let first = copy(1, format!("bytes=0-{}", PART - 1)).await.unwrap().copy_part_result.unwrap();
    assert_eq!(first.checksum_crc64_nvme.unwrap(), crc64(&whole()[..PART]));
    let second = copy(2, format!("bytes={PART}-{}", whole().len() - 1))
        .await
        .unwrap()
        .copy_part_result
        .unwrap();
    let part = |number, etag: Option<String>| {
        CompletedPart::builder().part_number(number).set_e_tag(etag).build()
    };
    let complete =
        fixture.s3.complete_multipart_upload().bucket(BUCKET).key("to").upload_id(&upload);
    let complete =
        complete.multipart_upload(completed(vec![part(1, first.e_tag), part(2, second.e_tag)]));
    complete.checksum_crc64_nvme(crc64(&whole())).send().await.unwrap();
    assert_eq!(fixture.get("to").await, whole());
}

#[tokio::test]
async fn many_parts_at_once() {
    let fixture = Fixture::new().await;
    let upload = fixture.create("k").await;
    let mut sending = tokio::task::JoinSet::new();
    for number in 1..=8 {
        let part =
            fixture.s3.upload_part().bucket(BUCKET).key("k").upload_id(&upload).part_number(number);
        let body = ByteStream::from(bytes(PART, u64::from(number.unsigned_abs())));
        sending.spawn(async move {
            (number, part.body(body).customize().disable_payload_signing().send().await)
        });
    }
    let mut parts: Vec<_> = sending.join_all().await.into_iter().collect();
    parts.sort_by_key(|(number, _)| *number);
    let parts = parts.into_iter().map(|(number, answer)| {
        CompletedPart::builder().part_number(number).e_tag(answer.unwrap().e_tag.unwrap()).build()
    });
    let whole: Vec<u8> = (1..=8).flat_map(|seed| bytes(PART, seed)).collect();
    let complete =
        fixture.s3.complete_multipart_upload().bucket(BUCKET).key("k").upload_id(&upload);
    let complete = complete.multipart_upload(completed(parts.collect()));
    complete.checksum_crc64_nvme(crc64(&whole)).send().await.unwrap();
    assert!(fixture.get("k").await == whole);
}
