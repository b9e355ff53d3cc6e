//! Objects of a single request: put, copy, head, tag, delete.

use std::sync::Arc;

use http::StatusCode;
use s3s::dto::{
    CopyObjectInput, CopyObjectOutput, CopyObjectResult, CopySource, DeleteObjectInput,
    DeleteObjectsInput, DeleteObjectsOutput, DeletedObject, Error, GetObjectTaggingInput,
    GetObjectTaggingOutput, MetadataDirective, PutObjectInput, PutObjectOutput,
    PutObjectTaggingInput, TaggingDirective,
};
use s3s::{S3Error, S3Request, S3Result, s3_error};

use crate::answer::{etag, now, on_disk, refused, time};
use crate::attributes::{Attributes, attributes_of, show_encryption, tags_from};
use crate::blobs::{Blobs, Part};
use crate::bucket::{Bucket, Object, ObjectRecord};
use crate::conditions::{WriteIf, source_if};
use crate::disk::Disk;
use crate::incoming::{LARGEST, Received, receive, too_large};
use crate::object_checksum::{Kind, ObjectChecksum};
use crate::offered::check_offered;
use crate::request_checksums::RequestChecksums;
use crate::sums::{Algorithm, show_sums};

pub(crate) async fn put(
    disk: &Disk,
    request: S3Request<PutObjectInput>,
) -> S3Result<PutObjectOutput> {
    let S3Request { mut input, headers, trailing_headers, .. } = request;
    let bucket = disk.bucket(&input.bucket)?;
    check_offered!(input);
    let attributes = attributes_of!(input)?;
    let condition =
        WriteIf { matches: input.if_match.take(), none_matches: input.if_none_match.take() };
    // checked now to avoid sending the body, and again when the object is stored
    condition.check(bucket.index().objects.get(&input.key).map(|there| there.validators()))?;
    let claimed = RequestChecksums::from_headers(&headers)?;
    if claimed.length.is_some_and(|length| length > LARGEST) {
        return Err(too_large());
    }
    let checksum = whole(claimed.algorithm());
    let received = receive(bucket.bytes(), input.body.take(), [checksum.algorithm]).await?;
    claimed.hold(received.size, received.md5, &received.sums, trailing_headers.as_ref())?;

    let key = input.key;
    let object =
        on_disk(move || keep(&bucket, key, received, checksum, attributes, &condition)).await?;
    let mut output = PutObjectOutput { e_tag: etag(&object.record.etag), ..Default::default() };
    output.checksum_type = checksum.kind.shown();
    show_sums!(output, &object.record.sums());
    show_encryption!(output, object.record.attributes);
    Ok(output)
}

/// The checksum of an object of a single request: of the whole object, with any algorithm.
fn whole(named: Option<Algorithm>) -> ObjectChecksum {
    ObjectChecksum {
        algorithm: named.unwrap_or(Algorithm::Crc64Nvme),
        kind: Kind::FullObject,
        named: named.is_some(),
    }
}

fn keep(
    bucket: &Bucket,
    key: String,
    received: Received,
    checksum: ObjectChecksum,
    attributes: Attributes,
    condition: &WriteIf,
) -> S3Result<Arc<Object>> {
    let Received { fresh, size, md5, sums } = received;
    let stored = now();
    let part =
        Part { number: 1, file: fresh.name(), size, etag: attributes.etag(md5), sums, stored };
    let record = ObjectRecord {
        key,
        etag: part.etag.clone(),
        size,
        modified: stored,
        checksum,
        checksum_value: part.sums.get(&checksum.algorithm).cloned().unwrap_or_default(),
        upload_id: None,
        attributes,
    };
    let blobs = Blobs::new(&bucket.bytes(), vec![part]);
    bucket.put(Object { record, blobs }, Some(fresh), condition)
}

pub(crate) async fn copy(disk: &Disk, input: CopyObjectInput) -> S3Result<CopyObjectOutput> {
    let source = source_of(disk, &input.copy_source)?;
    source_if!(input).check_source(source.validators())?;
    if source.record.size > LARGEST {
        return Err(copy_too_large());
    }
    let bucket = disk.bucket(&input.bucket)?;
    check_offered!(input);
    let asked = attributes_of!(input)?;
    let replaces = directive(input.metadata_directive.as_ref().map(MetadataDirective::as_str))?;
    let retags = directive(input.tagging_directive.as_ref().map(TaggingDirective::as_str))?;
    let changes = replaces
        || asked.storage_class.is_some()
        || asked.encryption.is_some()
        || asked.redirect.is_some();
    if !changes && is_itself(&input) {
        return Err(s3_error!(
            InvalidRequest,
            "This copy request is illegal because it is trying to copy an object to itself without changing the \
             object's metadata, storage class, website redirect location or encryption attributes."
        ));
    }
    let attributes = copied(&source.record.attributes, asked, replaces, retags);
    let algorithm = match &input.checksum_algorithm {
        Some(name) => Algorithm::named(name.as_str())?,
        None => source.record.checksum.algorithm,
    };
    let checksum = ObjectChecksum { named: source.record.checksum.named, ..whole(Some(algorithm)) };
    let bytes = source.blobs.read(0..source.record.size);
    let received = receive(bucket.bytes(), Some(bytes), [algorithm]).await?;

    let object = on_disk(move || {
        keep(&bucket, input.key, received, checksum, attributes, &WriteIf::default())
    })
    .await?;
    let mut result = CopyObjectResult {
        e_tag: etag(&object.record.etag),
        last_modified: Some(time(object.record.modified)),
        checksum_type: checksum.kind.shown(),
        ..Default::default()
    };
    show_sums!(result, &object.record.sums());
    let mut output = CopyObjectOutput { copy_object_result: Some(result), ..Default::default() };
    show_encryption!(output, object.record.attributes);
    Ok(output)
}

/// The source of a copy.
pub(crate) fn source_of(disk: &Disk, source: &CopySource) -> S3Result<Arc<Object>> {
    let CopySource::Bucket { bucket, key, version_id } = source else {
        return Err(s3_error!(NotImplemented, "The practice store has no access points."));
    };
    check_version(version_id.as_deref())?;
    let object = disk.bucket(bucket)?.object(key)?;
    if object.record.attributes.archived() {
        return Err(refused(
            "ObjectNotInActiveTierError",
            StatusCode::FORBIDDEN,
            "The source object of the COPY operation is not in the active tier.",
        ));
    }
    Ok(object)
}

pub(crate) fn copy_too_large() -> S3Error {
    s3_error!(
        InvalidRequest,
        "The specified copy source is larger than the maximum allowable size for a copy source: {}",
        LARGEST
    )
}

/// Whether the request's own values replace the source's.
fn directive(asked: Option<&str>) -> S3Result<bool> {
    match asked {
        None | Some("COPY") => Ok(false),
        Some("REPLACE") => Ok(true),
        Some(_) => Err(s3_error!(InvalidArgument, "Unknown metadata directive.")),
    }
}

fn is_itself(input: &CopyObjectInput) -> bool {
    match &input.copy_source {
        CopySource::Bucket { bucket, key, .. } => **bucket == *input.bucket && **key == *input.key,
        _ => false,
    }
}

/// Storage class, encryption and redirect are never copied: they are the request's or the default.
fn copied(source: &Attributes, asked: Attributes, replaces: bool, retags: bool) -> Attributes {
    let tags = if retags { asked.tags.clone() } else { source.tags.clone() };
    if replaces {
        return Attributes { tags, ..asked };
    }
    Attributes {
        tags,
        storage_class: asked.storage_class,
        encryption: asked.encryption,
        kms_key: asked.kms_key,
        redirect: asked.redirect,
        ..source.clone()
    }
}

pub(crate) async fn delete(disk: &Disk, input: DeleteObjectInput) -> S3Result<()> {
    check_version(input.version_id.as_deref())?;
    let bucket = disk.bucket(&input.bucket)?;
    let condition = WriteIf { matches: input.if_match, none_matches: None };
    on_disk(move || bucket.delete(&input.key, &condition)).await
}

pub(crate) async fn delete_many(
    disk: &Disk,
    input: DeleteObjectsInput,
) -> S3Result<DeleteObjectsOutput> {
    let bucket = disk.bucket(&input.bucket)?;
    let quiet = input.delete.quiet.unwrap_or(false);
    let objects = input.delete.objects;
    if objects.is_empty() || objects.len() > 1000 {
        return Err(s3_error!(MalformedXML, "A request deletes 1 to 1,000 objects."));
    }
    on_disk(move || {
        let mut deleted = Vec::new();
        let mut errors = Vec::new();
        for object in objects {
            let condition = WriteIf {
                matches: object.e_tag.map(s3s::dto::ETagCondition::ETag),
                none_matches: None,
            };
            match bucket.delete(&object.key, &condition) {
                Ok(()) => {
                    deleted.push(DeletedObject { key: Some(object.key), ..Default::default() })
                }
                Err(error) => errors.push(Error {
                    code: Some(error.code().as_str().to_owned()),
                    key: Some(object.key),
                    message: error.message().map(str::to_owned),
                    version_id: None,
                }),
            }
        }
        Ok(DeleteObjectsOutput {
            deleted: (!quiet).then_some(deleted),
            errors: (!errors.is_empty()).then_some(errors),
            ..Default::default()
        })
    })
    .await
}

pub(crate) fn tagging(
    disk: &Disk,
    input: &GetObjectTaggingInput,
) -> S3Result<GetObjectTaggingOutput> {
    check_version(input.version_id.as_deref())?;
    let object = disk.bucket(&input.bucket)?.object(&input.key)?;
    Ok(GetObjectTaggingOutput { tag_set: object.record.attributes.tag_set(), version_id: None })
}

pub(crate) async fn tag(disk: &Disk, input: PutObjectTaggingInput) -> S3Result<()> {
    let tags = tags_from(input.tagging.tag_set)?;
    let bucket = disk.bucket(&input.bucket)?;
    on_disk(move || bucket.amend(&input.key, |record| record.attributes.tags = tags)).await
}

pub(crate) async fn untag(disk: &Disk, bucket: &str, key: String) -> S3Result<()> {
    let bucket = disk.bucket(bucket)?;
    on_disk(move || bucket.amend(&key, |record| record.attributes.tags.clear())).await
}

/// The practice store keeps no versions: every object has the version that S3 calls null.
pub(crate) fn check_version(version: Option<&str>) -> S3Result<()> {
    match version {
        None | Some("null") => Ok(()),
        Some(_) => Err(s3_error!(InvalidArgument, "Invalid version id specified")),
    }
}
