//! S3's lists: buckets, objects, multipart uploads, parts.

use std::ops::Bound;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use s3s::dto::{
    Bucket as BucketShown, CommonPrefix, Initiator, ListBucketsInput, ListBucketsOutput,
    ListMultipartUploadsInput, ListMultipartUploadsOutput, ListObjectsV2Input, ListObjectsV2Output,
    ListPartsInput, ListPartsOutput, MultipartUpload, Object as ObjectShown, ObjectStorageClass,
    Part as PartShown, StorageClass,
};
use s3s::{S3Result, s3_error};

use crate::answer::{count, etag, signed, time};
use crate::blobs::Part;
use crate::bucket::{Object, Upload, UploadName, no_such_upload};
use crate::disk::Disk;
use crate::http_front::REGION;
use crate::page::{Last, Query, limit};
use crate::sums::show_sums;

pub(crate) fn buckets(disk: &Disk, input: ListBucketsInput) -> S3Result<ListBucketsOutput> {
    // unlike the other lists, this one is complete unless pages are requested
    let limit = input.max_buckets.map_or(Ok(usize::MAX), |asked| limit(Some(asked)))?;
    let prefix = input.prefix.clone().unwrap_or_default();
    let after = input.continuation_token.as_deref().map(untoken).transpose()?.unwrap_or_default();
    let all = disk.buckets();
    let query = Query { prefix: &prefix, delimiter: None, told: None, limit };
    let page = query
        .page(all.iter().filter(|(name, _)| *name > after).map(|entry| (entry.0.as_str(), entry)));
    let token = page.entries.last().filter(|_| page.truncated).map(|(name, _)| token(name));
    let shown = page.entries.into_iter().map(|(name, bucket)| BucketShown {
        name: Some(name.clone()),
        creation_date: Some(time(bucket.created)),
        bucket_region: Some(REGION.to_owned()),
    });
    Ok(ListBucketsOutput {
        buckets: Some(shown.collect()),
        continuation_token: token,
        prefix: input.prefix,
        ..Default::default()
    })
}

pub(crate) fn objects(disk: &Disk, input: ListObjectsV2Input) -> S3Result<ListObjectsV2Output> {
    let bucket = disk.bucket(&input.bucket)?;
    let prefix = input.prefix.clone().unwrap_or_default();
    let token_given = input.continuation_token.as_deref().map(untoken).transpose()?;
    let after = token_given.clone().or(input.start_after.clone()).unwrap_or_default();
    let limit = limit(input.max_keys)?;
    let query = Query {
        prefix: &prefix,
        delimiter: input.delimiter.as_deref(),
        told: token_given.as_deref(),
        limit,
    };
    let page = {
        let index = bucket.index();
        let behind = index.objects.range::<String, _>((Bound::Excluded(&after), Bound::Unbounded));
        query.page(behind.map(|(key, object)| (key.as_str(), Arc::clone(object))))
    };
    let last = match &page.last {
        Some(Last::Prefix(prefix)) => Some(prefix.clone()),
        _ => page.entries.last().map(|object| object.record.key.clone()),
    };
    Ok(ListObjectsV2Output {
        name: Some(input.bucket),
        prefix: input.prefix,
        delimiter: input.delimiter,
        max_keys: Some(count(limit)),
        key_count: Some(count(page.entries.len() + page.prefixes.len())),
        is_truncated: Some(page.truncated),
        next_continuation_token: last.filter(|_| page.truncated).map(|last| token(&last)),
        continuation_token: input.continuation_token,
        start_after: input.start_after,
        contents: Some(page.entries.iter().map(|object| object_shown(object)).collect()),
        common_prefixes: Some(prefixes_shown(page.prefixes)),
        ..Default::default()
    })
}

fn object_shown(object: &Object) -> ObjectShown {
    let record = &object.record;
    ObjectShown {
        key: Some(record.key.clone()),
        size: Some(signed(record.size)),
        e_tag: etag(&record.etag),
        last_modified: Some(time(record.modified)),
        storage_class: Some(ObjectStorageClass::from(record.attributes.storage_class())),
        checksum_algorithm: Some(vec![record.checksum.algorithm.name().to_owned().into()]),
        checksum_type: record.checksum.kind.shown(),
        ..Default::default()
    }
}

fn prefixes_shown(prefixes: Vec<String>) -> Vec<CommonPrefix> {
    prefixes.into_iter().map(|prefix| CommonPrefix { prefix: Some(prefix) }).collect()
}

/// Tokens are the last name of the page, encoded because clients must not interpret them.
fn token(name: &str) -> String {
    BASE64.encode(name)
}

fn untoken(token: &str) -> S3Result<String> {
    let name = BASE64.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    name.ok_or_else(|| s3_error!(InvalidArgument, "The continuation token provided is incorrect"))
}

pub(crate) fn uploads(
    disk: &Disk,
    input: ListMultipartUploadsInput,
) -> S3Result<ListMultipartUploadsOutput> {
    let bucket = disk.bucket(&input.bucket)?;
    let prefix = input.prefix.clone().unwrap_or_default();
    let limit = limit(input.max_uploads)?;
    let query = Query {
        prefix: &prefix,
        delimiter: input.delimiter.as_deref(),
        told: input.key_marker.as_deref(),
        limit,
    };
    let after = uploads_after(input.key_marker.as_deref(), input.upload_id_marker.as_deref());
    let page = {
        let index = bucket.index();
        let behind = index.uploads.range::<UploadName, _>((after, Bound::Unbounded));
        query.page(behind.map(|((key, _), upload)| (key.as_str(), Arc::clone(upload))))
    };
    let (next_key, next_id) = match (&page.last, page.entries.last()) {
        _ if !page.truncated => (None, None),
        (Some(Last::Prefix(prefix)), _) => (Some(prefix.clone()), None),
        (_, Some(upload)) => (Some(upload.record.key.clone()), Some(upload.record.id.clone())),
        (_, None) => (None, None),
    };
    Ok(ListMultipartUploadsOutput {
        bucket: Some(input.bucket),
        prefix: input.prefix,
        delimiter: input.delimiter,
        key_marker: input.key_marker,
        upload_id_marker: input.upload_id_marker,
        max_uploads: Some(count(limit)),
        is_truncated: Some(page.truncated),
        next_key_marker: next_key,
        next_upload_id_marker: next_id,
        uploads: Some(page.entries.iter().map(|upload| upload_shown(upload)).collect()),
        common_prefixes: Some(prefixes_shown(page.prefixes)),
        ..Default::default()
    })
}

/// An ID marker counts only together with a key marker; a key marker alone skips all uploads of that key.
fn uploads_after(key: Option<&str>, id: Option<&str>) -> Bound<UploadName> {
    match (key.filter(|key| !key.is_empty()), id.filter(|id| !id.is_empty())) {
        (None, _) => Bound::Unbounded,
        (Some(key), Some(id)) => Bound::Excluded((key.to_owned(), id.to_owned())),
        // the first name that no upload of this key can have, because keys contain no NUL
        (Some(key), None) => Bound::Included((format!("{key}\0"), String::new())),
    }
}

/// The owner of everything here.
const USER: &str = "practice";

fn upload_shown(upload: &Upload) -> MultipartUpload {
    let record = &upload.record;
    MultipartUpload {
        key: Some(record.key.clone()),
        upload_id: Some(record.id.clone()),
        initiated: Some(time(record.initiated)),
        // one pair of keys signs everything here
        initiator: Some(Initiator { id: Some(USER.into()), display_name: Some(USER.into()) }),
        storage_class: Some(StorageClass::from(record.attributes.storage_class())),
        checksum_algorithm: record.checksum.shown_algorithm(),
        checksum_type: record.checksum.shown_kind(),
        ..Default::default()
    }
}

pub(crate) fn parts(disk: &Disk, input: ListPartsInput) -> S3Result<ListPartsOutput> {
    let upload = disk.bucket(&input.bucket)?.upload(&input.key, &input.upload_id)?;
    let record = &upload.record;
    let marker = input.part_number_marker.unwrap_or(0);
    let limit = limit(input.max_parts)?;
    let (shown, truncated) = {
        let parts = upload.parts();
        let parts = parts.as_ref().ok_or_else(no_such_upload)?;
        let mut rest = parts.values().filter(|part| i32::from(part.number) > marker);
        let shown: Vec<Part> = rest.by_ref().take(limit).cloned().collect();
        let truncated = limit > 0 && rest.next().is_some();
        (shown, truncated)
    };
    let next = shown.last().map_or(marker, |part| part.number.into());
    let shown = shown.into_iter().map(|part| {
        let mut shown = PartShown {
            part_number: Some(part.number.into()),
            size: Some(signed(part.size)),
            e_tag: etag(&part.etag),
            last_modified: Some(time(part.stored)),
            ..Default::default()
        };
        show_sums!(shown, &record.checksum.listed_of(&part.sums));
        shown
    });
    Ok(ListPartsOutput {
        parts: Some(shown.collect()),
        bucket: Some(input.bucket),
        key: Some(input.key),
        upload_id: Some(input.upload_id),
        part_number_marker: Some(marker),
        next_part_number_marker: Some(next),
        max_parts: Some(count(limit)),
        is_truncated: Some(truncated),
        storage_class: Some(StorageClass::from(record.attributes.storage_class())),
        checksum_algorithm: record.checksum.shown_algorithm(),
        checksum_type: record.checksum.shown_kind(),
        ..Default::default()
    })
}
