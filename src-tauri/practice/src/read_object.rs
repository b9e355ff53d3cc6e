//! Reading an object: GetObject, HeadObject, GetObjectAttributes; all of it, a range or a part.

use std::ops::Range;

use http::StatusCode;
use s3s::dto::{
    Checksum, GetObjectAttributesInput, GetObjectAttributesOutput, GetObjectAttributesParts,
    GetObjectInput, GetObjectOutput, HeadObjectInput, HeadObjectOutput, ObjectPart, StorageClass,
};
use s3s::{S3Error, S3Result, s3_error};

use crate::answer::{count, etag, refused, signed, time};
use crate::attributes::show_attributes;
use crate::blobs::Part;
use crate::bucket::{Object, ObjectRecord};
use crate::conditions::read_if;
use crate::disk::Disk;
use crate::object::check_version;
use crate::page::limit;
use crate::sums::{Digests, show_sums};

impl ObjectRecord {
    pub(crate) fn sums(&self) -> Digests {
        Digests::from([(self.checksum.algorithm, self.checksum_value.clone())])
    }
}

/// The bytes of an object that a request asks for.
struct ReadObject<'a> {
    window: Range<u64>,
    part: Option<&'a Part>,
    partial: bool,
    size: u64,
}

impl<'a> ReadObject<'a> {
    fn resolve(
        object: &'a Object,
        range: Option<s3s::dto::Range>,
        part: Option<i32>,
    ) -> S3Result<Self> {
        let size = object.record.size;
        match (range, part) {
            (Some(_), Some(_)) => Err(s3_error!(
                InvalidRequest,
                "Cannot specify both Range header and partNumber query parameter"
            )),
            (Some(range), None) => {
                let window = range.check(size).map_err(|_| {
                    s3_error!(InvalidRange, "The requested range is not satisfiable")
                })?;
                Ok(Self { window, part: None, partial: true, size })
            }
            (None, Some(number)) => {
                let place =
                    u16::try_from(number).ok().and_then(|number| object.blobs.place_of(number));
                let (part, window) = place.ok_or_else(no_such_part)?;
                Ok(Self { window, part: Some(part), partial: object.blobs.parts().len() > 1, size })
            }
            (None, None) => Ok(Self { window: 0..size, part: None, partial: false, size }),
        }
    }

    fn length(&self) -> i64 {
        signed(self.window.end - self.window.start)
    }

    fn content_range(&self) -> Option<String> {
        let last = self.window.end.max(self.window.start + 1) - 1;
        self.partial.then(|| format!("bytes {}-{last}/{}", self.window.start, self.size))
    }

    fn parts_count(&self, object: &Object) -> Option<i32> {
        self.part
            .filter(|_| object.record.upload_id.is_some())
            .map(|_| count(object.blobs.parts().len()))
    }

    /// The checksum of what is returned, and its type if that is the whole object. A range has none.
    fn sums(&self, object: &Object) -> (Digests, Option<s3s::dto::ChecksumType>) {
        let record = &object.record;
        match self.part {
            Some(part) if self.partial && record.checksum.named => {
                let shown = part
                    .sums
                    .iter()
                    .filter(|(algorithm, _)| **algorithm == record.checksum.algorithm);
                (shown.map(|(algorithm, value)| (*algorithm, value.clone())).collect(), None)
            }
            _ if self.partial => (Digests::new(), None),
            _ => (record.sums(), record.checksum.kind.shown()),
        }
    }
}

fn no_such_part() -> S3Error {
    refused(
        "InvalidPartNumber",
        StatusCode::RANGE_NOT_SATISFIABLE,
        "The requested partnumber is not satisfiable",
    )
}

pub(crate) fn get(disk: &Disk, input: &GetObjectInput) -> S3Result<GetObjectOutput> {
    check_version(input.version_id.as_deref())?;
    let object = disk.bucket(&input.bucket)?.object(&input.key)?;
    read_if!(input).check(object.validators())?;
    if object.record.attributes.archived() {
        return Err(s3_error!(
            InvalidObjectState,
            "The operation is not valid for the object's storage class"
        ));
    }
    let read = ReadObject::resolve(&object, input.range, input.part_number)?;
    let tags = object.record.attributes.tags.len();
    let mut output = GetObjectOutput {
        body: Some(object.blobs.read(read.window.clone())),
        content_length: Some(read.length()),
        content_range: read.content_range(),
        parts_count: read.parts_count(&object),
        e_tag: etag(&object.record.etag),
        last_modified: Some(time(object.record.modified)),
        accept_ranges: Some("bytes".to_owned()),
        tag_count: (tags > 0).then(|| count(tags)),
        ..Default::default()
    };
    show_attributes!(output, &object.record.attributes);
    if input.checksum_mode.is_some() {
        let (sums, kind) = read.sums(&object);
        show_sums!(output, &sums);
        output.checksum_type = kind;
    }
    Ok(output)
}

pub(crate) fn head(disk: &Disk, input: &HeadObjectInput) -> S3Result<HeadObjectOutput> {
    check_version(input.version_id.as_deref())?;
    let object = disk.bucket(&input.bucket)?.object(&input.key)?;
    read_if!(input).check(object.validators())?;
    let read = ReadObject::resolve(&object, input.range, input.part_number)?;
    let mut output = HeadObjectOutput {
        content_length: Some(read.length()),
        content_range: read.content_range(),
        parts_count: read.parts_count(&object),
        e_tag: etag(&object.record.etag),
        last_modified: Some(time(object.record.modified)),
        accept_ranges: Some("bytes".to_owned()),
        ..Default::default()
    };
    show_attributes!(output, &object.record.attributes);
    if input.checksum_mode.is_some() {
        let (sums, kind) = read.sums(&object);
        show_sums!(output, &sums);
        output.checksum_type = kind;
    }
    Ok(output)
}

pub(crate) fn attributes(
    disk: &Disk,
    input: &GetObjectAttributesInput,
) -> S3Result<GetObjectAttributesOutput> {
    check_version(input.version_id.as_deref())?;
    let object = disk.bucket(&input.bucket)?.object(&input.key)?;
    let record = &object.record;
    // s3s returns a header's list as one item
    let asked = |name: &str| {
        input
            .object_attributes
            .iter()
            .any(|list| list.as_str().split(',').any(|asked| asked.trim() == name))
    };
    let mut output = GetObjectAttributesOutput {
        last_modified: Some(time(record.modified)),
        ..Default::default()
    };
    if asked("ETag") {
        output.e_tag = etag(&record.etag);
    }
    if asked("ObjectSize") {
        output.object_size = Some(signed(record.size));
    }
    if asked("StorageClass") {
        output.storage_class = Some(StorageClass::from(record.attributes.storage_class()));
    }
    if asked("Checksum") {
        let mut checksum =
            Checksum { checksum_type: record.checksum.kind.shown(), ..Default::default() };
        show_sums!(checksum, &record.sums());
        output.checksum = Some(checksum);
    }
    if asked("ObjectParts") && record.upload_id.is_some() {
        output.object_parts = Some(parts_of(&object, input)?);
    }
    Ok(output)
}

/// S3 lists the parts themselves only if the upload was created with a checksum algorithm.
fn parts_of(
    object: &Object,
    input: &GetObjectAttributesInput,
) -> S3Result<GetObjectAttributesParts> {
    let all = object.blobs.parts();
    let checksum = object.record.checksum;
    let mut output = GetObjectAttributesParts {
        total_parts_count: Some(count(all.len())),
        ..Default::default()
    };
    if !checksum.named {
        return Ok(output);
    }
    let marker = input.part_number_marker.unwrap_or(0);
    let limit = limit(input.max_parts)?;
    let mut rest = all.iter().filter(|part| i32::from(part.number) > marker);
    let shown: Vec<&Part> = rest.by_ref().take(limit).collect();
    output.is_truncated = Some(limit > 0 && rest.next().is_some());
    output.part_number_marker = Some(marker);
    output.next_part_number_marker = Some(shown.last().map_or(marker, |part| part.number.into()));
    output.max_parts = Some(count(limit));
    output.parts = Some(
        shown
            .into_iter()
            .map(|part| {
                let mut shown = ObjectPart {
                    part_number: Some(part.number.into()),
                    size: Some(signed(part.size)),
                    ..Default::default()
                };
                show_sums!(shown, &part.sums);
                shown
            })
            .collect(),
    );
    Ok(output)
}
