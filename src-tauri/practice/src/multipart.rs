//! Multipart uploads: create, upload part, copy part, complete, abort.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{SystemTime, UNIX_EPOCH};

use http::HeaderMap;
use s3s::dto::{
    AbortMultipartUploadInput, CompleteMultipartUploadInput, CompleteMultipartUploadOutput,
    CompletedPart, CopyPartResult, CreateMultipartUploadInput, CreateMultipartUploadOutput, Range,
    UploadPartCopyInput, UploadPartCopyOutput, UploadPartInput, UploadPartOutput,
};
use s3s::{S3Request, S3Result, s3_error};

use crate::answer::{etag, now, on_disk, time};
use crate::attributes::{attributes_of, show_encryption};
use crate::blobs::Part;
use crate::bucket::{ObjectRecord, Upload, UploadRecord};
use crate::conditions::{WriteIf, source_if};
use crate::disk::Disk;
use crate::incoming::{LARGEST, Received, receive, too_large};
use crate::object::{copy_too_large, source_of};
use crate::object_checksum::{Kind, ObjectChecksum};
use crate::offered::check_offered;
use crate::request_checksums::{RequestChecksums, given_in, mismatch};
use crate::sums::{Algorithm, etag_of_parts, show_sums, sums_of};

/// The minimum size of every part but the last.
const SMALLEST_PART: u64 = 5 << 20;

pub(crate) async fn create(
    disk: &Disk,
    input: CreateMultipartUploadInput,
) -> S3Result<CreateMultipartUploadOutput> {
    let bucket = disk.bucket(&input.bucket)?;
    check_offered!(input);
    let attributes = attributes_of!(input)?;
    let algorithm = input.checksum_algorithm.as_ref().map(s3s::dto::ChecksumAlgorithm::as_str);
    let kind = input.checksum_type.as_ref().map(s3s::dto::ChecksumType::as_str);
    let checksum = ObjectChecksum::on(algorithm, kind)?;
    let upload = UploadRecord {
        key: input.key.clone(),
        id: new_id(),
        initiated: now(),
        checksum,
        attributes,
    };
    let mut output = CreateMultipartUploadOutput {
        bucket: Some(input.bucket),
        key: Some(input.key),
        upload_id: Some(upload.id.clone()),
        checksum_algorithm: checksum.shown_algorithm(),
        checksum_type: checksum.shown_kind(),
        ..Default::default()
    };
    show_encryption!(output, upload.attributes);
    on_disk(move || bucket.begin(upload)).await?;
    Ok(output)
}

/// S3 lists a key's uploads by their start, and pages through them by ID: IDs that start with the time make both orders
/// the same.
fn new_id() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{:020x}{}", since.as_nanos(), uuid::Uuid::new_v4().simple())
}

fn part_number(asked: i32) -> S3Result<u16> {
    let number = u16::try_from(asked).ok().filter(|number| (1..=10_000).contains(number));
    number.ok_or_else(|| {
        s3_error!(InvalidArgument, "Part number must be an integer between 1 and 10000, inclusive")
    })
}

pub(crate) async fn upload_part(
    disk: &Disk,
    request: S3Request<UploadPartInput>,
) -> S3Result<UploadPartOutput> {
    let S3Request { mut input, headers, trailing_headers, .. } = request;
    let number = part_number(input.part_number)?;
    let bucket = disk.bucket(&input.bucket)?;
    let upload = bucket.upload(&input.key, &input.upload_id)?;
    let checksum = upload.record.checksum;
    let claimed = RequestChecksums::from_headers(&headers)?;
    checksum.check_part(claimed.algorithm())?;
    if claimed.length.is_some_and(|length| length > LARGEST) {
        return Err(too_large());
    }
    let wanted = BTreeSet::from_iter(claimed.algorithm().into_iter().chain([checksum.algorithm]));
    let received = receive(bucket.bytes(), input.body.take(), wanted).await?;
    claimed.hold(received.size, received.md5, &received.sums, trailing_headers.as_ref())?;

    let (part, fresh) = part_of(number, received, &upload);
    let mut output = UploadPartOutput { e_tag: etag(&part.etag), ..Default::default() };
    show_sums!(output, &checksum.shown_of(&part.sums, claimed.algorithm()));
    show_encryption!(output, upload.record.attributes);
    on_disk(move || bucket.keep_part(&upload, part, fresh)).await?;
    Ok(output)
}

fn part_of(number: u16, received: Received, upload: &Upload) -> (Part, crate::incoming::Fresh) {
    let Received { fresh, size, md5, sums } = received;
    let etag = upload.record.attributes.etag(md5);
    (Part { number, file: fresh.name(), size, etag, sums, stored: now() }, fresh)
}

pub(crate) async fn upload_part_copy(
    disk: &Disk,
    input: UploadPartCopyInput,
) -> S3Result<UploadPartCopyOutput> {
    let number = part_number(input.part_number)?;
    let source = source_of(disk, &input.copy_source)?;
    source_if!(input).check_source(source.validators())?;
    let window = match &input.copy_source_range {
        None => 0..source.record.size,
        Some(text) => {
            let range = Range::parse(text).map_err(|_| {
                s3_error!(
                    InvalidArgument,
                    "The x-amz-copy-source-range value must be of the form bytes=first-last"
                )
            })?;
            range
                .check(source.record.size)
                .map_err(|_| s3_error!(InvalidRange, "The requested range is not satisfiable"))?
        }
    };
    if window.end - window.start > LARGEST {
        return Err(copy_too_large());
    }
    let bucket = disk.bucket(&input.bucket)?;
    let upload = bucket.upload(&input.key, &input.upload_id)?;
    let checksum = upload.record.checksum;
    let received =
        receive(bucket.bytes(), Some(source.blobs.read(window)), [checksum.algorithm]).await?;

    let (part, fresh) = part_of(number, received, &upload);
    let mut result = CopyPartResult {
        e_tag: etag(&part.etag),
        last_modified: Some(time(part.stored)),
        ..Default::default()
    };
    show_sums!(result, &checksum.listed_of(&part.sums));
    let mut output = UploadPartCopyOutput { copy_part_result: Some(result), ..Default::default() };
    show_encryption!(output, upload.record.attributes);
    on_disk(move || bucket.keep_part(&upload, part, fresh)).await?;
    Ok(output)
}

pub(crate) async fn abort(disk: &Disk, input: AbortMultipartUploadInput) -> S3Result<()> {
    let bucket = disk.bucket(&input.bucket)?;
    let upload = bucket.upload(&input.key, &input.upload_id)?;
    on_disk(move || bucket.abort(&upload)).await
}

pub(crate) async fn complete(
    disk: &Disk,
    request: S3Request<CompleteMultipartUploadInput>,
) -> S3Result<CompleteMultipartUploadOutput> {
    let S3Request { input, headers, .. } = request;
    let bucket = disk.bucket(&input.bucket)?;
    let upload = bucket.upload(&input.key, &input.upload_id)?;
    let order = Order::from_request(&input, &headers)?;
    let condition = WriteIf { matches: input.if_match, none_matches: input.if_none_match };
    let object = on_disk(move || {
        bucket.complete(&upload, &condition, |parts| order.assemble(&upload.record, parts))
    })
    .await?;

    let host =
        headers.get(http::header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let record = &object.record;
    let mut output = CompleteMultipartUploadOutput {
        location: Some(format!("http://{host}/{}/{}", input.bucket, input.key)),
        bucket: Some(input.bucket),
        key: Some(input.key),
        e_tag: etag(&record.etag),
        checksum_type: record.checksum.kind.shown(),
        ..Default::default()
    };
    show_sums!(output, &record.sums());
    show_encryption!(output, record.attributes);
    Ok(output)
}

/// The arguments of CompleteMultipartUpload.
struct Order {
    parts: Vec<CompletedPart>,
    /// the whole object's checksum, to be compared
    given: Option<(Algorithm, String)>,
    kind: Option<String>,
    size: Option<i64>,
}

impl Order {
    fn from_request(input: &CompleteMultipartUploadInput, headers: &HeaderMap) -> S3Result<Self> {
        let parts = input
            .multipart_upload
            .as_ref()
            .and_then(|upload| upload.parts.clone())
            .unwrap_or_default();
        if parts.is_empty() {
            return Err(s3_error!(MalformedXML, "You must specify at least one part"));
        }
        Ok(Self {
            parts,
            given: given_in(headers)?,
            kind: input.checksum_type.as_ref().map(|kind| kind.as_str().to_owned()),
            size: input.mpu_object_size,
        })
    }

    fn assemble(
        self,
        upload: &UploadRecord,
        there: &BTreeMap<u16, Part>,
    ) -> S3Result<(ObjectRecord, Vec<Part>)> {
        let checksum = upload.checksum;
        let parts = self.choose(checksum, there)?;
        if parts.iter().rev().skip(1).any(|part| part.size < SMALLEST_PART) {
            return Err(s3_error!(
                EntityTooSmall,
                "Your proposed upload is smaller than the minimum allowed size"
            ));
        }
        let size = parts.iter().map(|part| part.size).sum();
        if self.size.is_some_and(|given| u64::try_from(given).ok() != Some(size)) {
            return Err(s3_error!(
                InvalidRequest,
                "The provided 'x-amz-mp-object-size' header value does not match the size of the parts."
            ));
        }
        let checksum_value = checksum.of_parts(parts.iter().map(|part| (&part.sums, part.size)))?;
        self.compare(checksum, &checksum_value)?;
        let record = ObjectRecord {
            key: upload.key.clone(),
            etag: etag_of_parts(parts.iter().map(|part| part.etag.as_str())),
            size,
            modified: now(),
            checksum,
            checksum_value,
            upload_id: Some(upload.id.clone()),
            attributes: upload.attributes.clone(),
        };
        Ok((record, parts))
    }

    fn choose(&self, checksum: ObjectChecksum, there: &BTreeMap<u16, Part>) -> S3Result<Vec<Part>> {
        let mut chosen: Vec<Part> = Vec::with_capacity(self.parts.len());
        for asked in &self.parts {
            let number =
                asked.part_number.ok_or_else(|| s3_error!(MalformedXML, "A part has no number"))?;
            if chosen.last().is_some_and(|before| i32::from(before.number) >= number) {
                return Err(s3_error!(
                    InvalidPartOrder,
                    "The list of parts was not in ascending order. The parts list must be specified in order by part \
                     number."
                ));
            }
            let part = u16::try_from(number).ok().and_then(|number| there.get(&number));
            let same =
                |part: &&Part| asked.e_tag.as_ref().is_some_and(|etag| etag.value() == part.etag);
            let part = part.filter(same).filter(|part| agrees(checksum, asked, part));
            let part = part.ok_or_else(|| {
                s3_error!(
                    InvalidPart,
                    "One or more of the specified parts could not be found. The part may not have been uploaded, or \
                     the specified entity tag may not match the part's entity tag. (part {})",
                    number
                )
            })?;
            if checksum.named && checksum.kind == Kind::Composite && sums_of!(asked).is_empty() {
                return Err(s3_error!(
                    InvalidRequest,
                    "The upload was created using a {} checksum. The complete request must include the checksum for \
                     each part. It was missing for part {} in the request.",
                    checksum.algorithm.name().to_lowercase(),
                    number
                ));
            }
            chosen.push(part.clone());
        }
        let gapless = chosen.iter().zip(1u16..).all(|(part, number)| part.number == number);
        if checksum.named && !gapless {
            // S3 responds like this to wrong checksums and missing numbers: 500, which looks as if a retry could help
            return Err(s3_error!(
                InternalError,
                "With checksums, part numbers must be consecutive and begin with 1."
            ));
        }
        Ok(chosen)
    }

    fn compare(&self, checksum: ObjectChecksum, value: &str) -> S3Result<()> {
        if self.kind.as_ref().is_some_and(|kind| kind != checksum.kind.name()) {
            return Err(s3_error!(
                InvalidRequest,
                "The upload was created with another checksum type: {}.",
                checksum.kind.name()
            ));
        }
        let Some((algorithm, given)) = &self.given else { return Ok(()) };
        checksum.check_whole(*algorithm)?;
        // a composite checksum may be given without the number of its parts
        let digest = value.split('-').next().unwrap_or_default();
        if given != value && given != digest {
            return Err(mismatch(*algorithm));
        }
        Ok(())
    }
}

/// Whether a checksum that Complete repeats for a part is correct. An upload that was created without an algorithm
/// stores none to compare with.
fn agrees(checksum: ObjectChecksum, asked: &CompletedPart, part: &Part) -> bool {
    let listed = checksum.listed_of(&part.sums);
    sums_of!(asked).iter().all(|(algorithm, value)| listed.get(algorithm) == Some(value))
}
