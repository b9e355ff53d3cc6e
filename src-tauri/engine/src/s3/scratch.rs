//! The small requests that probing and verification need.

use super::object_options::keyed;
use super::{ANSWER_LIMIT, ChecksumPlacement, Kept, S3, opaque};
use crate::fault::{FaultKind, Result};
use crate::model::checksum::ReportedChecksums;
use crate::model::part_table::PartNumber;
use crate::model::upload::Target;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{BucketVersioningStatus, ObjectAttributes, ObjectPart};

/// What GetObjectAttributes reports about an object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Makeup {
    pub(crate) size: Option<u64>,
    pub(crate) reported: ReportedChecksums,
    pub(crate) parts: Vec<(PartNumber, u64, ReportedChecksums)>,
}

impl S3 {
    /// Uploads a part from memory.
    pub(crate) async fn small_part(
        &self,
        target: &Target,
        upload_id: &str,
        placement: ChecksumPlacement,
        bytes: &[u8],
    ) -> Result<Kept> {
        let body = match placement.trailer() {
            Some(trailer) => trailer.around(bytes),
            None => bytes.to_vec(),
        };
        let sent = self.upload(target, upload_id, 1, placement, body.into(), bytes.len() as u64);
        let answer = self.within(ANSWER_LIMIT, sent).await?;
        Ok(Kept {
            etag: answer.e_tag().map(ToOwned::to_owned),
            version_id: None,
            reported: reported!(answer),
            opaque: opaque(answer.server_side_encryption()),
        })
    }

    /// Creates an empty object, unless the key exists.
    pub(crate) async fn put_if_absent(&self, target: &Target) -> Result<()> {
        let request = self
            .client
            .put_object()
            .bucket(&target.bucket)
            .key(&target.key)
            .if_none_match("*")
            .body(ByteStream::from_static(b""));
        self.within(ANSWER_LIMIT, Box::pin(request.send())).await.map(|_| ())
    }

    /// Whether these credentials may abort uploads: tried with one that does not exist.
    pub(crate) async fn may_abort(&self, target: &Target) -> Result<bool> {
        let request = self.client.abort_multipart_upload().bucket(&target.bucket).key(&target.key);
        let request = request.upload_id(format!("windlass-{:032x}", rand::random::<u128>()));
        match self.within(ANSWER_LIMIT, Box::pin(request.send())).await {
            Ok(_) => Ok(true),
            Err(fault) => match (fault.kind, fault.status) {
                (FaultKind::Denied, _) => Ok(false),
                // it does not exist, in whatever words
                (FaultKind::Server | FaultKind::Unsupported, Some(400..=499 | 501)) => Ok(true),
                _ => Err(fault),
            },
        }
    }

    /// Deletes an object. Deleting one that does not exist succeeds, if these credentials may delete.
    pub(crate) async fn delete(&self, target: &Target) -> Result<()> {
        let request = self.client.delete_object().bucket(&target.bucket).key(&target.key);
        match self.within(ANSWER_LIMIT, Box::pin(request.send())).await {
            Err(fault) if fault.is_code("NoSuchKey") => Ok(()),
            answer => answer.map(|_| ()),
        }
    }

    /// Whether the bucket keeps versions, so that deleted objects stay as older versions.
    pub(crate) async fn keeps_versions(&self, bucket: &str) -> Result<bool> {
        let request = self.client.get_bucket_versioning().bucket(bucket);
        match self.within(ANSWER_LIMIT, Box::pin(request.send())).await {
            Ok(answer) => Ok(matches!(
                answer.status(),
                Some(BucketVersioningStatus::Enabled | BucketVersioningStatus::Suspended)
            )),
            // a server that does not know versions keeps none
            Err(fault) if fault.kind == FaultKind::Unsupported => Ok(false),
            Err(fault) => Err(fault),
        }
    }

    /// The parts of an object, all pages. Only for servers that are known to support it: one returned the object
    /// itself.
    pub(crate) async fn makeup(&self, target: &Target, version_id: Option<&str>) -> Result<Makeup> {
        let mut makeup = Makeup::default();
        let (mut marker, mut pages): (Option<String>, _) = (None, self.pages());
        loop {
            let request = self.client.get_object_attributes();
            let request = keyed!(request, self.customer_key.as_deref())
                .bucket(&target.bucket)
                .key(&target.key)
                .set_version_id(version_id.map(ToOwned::to_owned))
                .object_attributes(ObjectAttributes::Checksum)
                .object_attributes(ObjectAttributes::ObjectParts)
                .object_attributes(ObjectAttributes::ObjectSize)
                .set_part_number_marker(marker.clone());
            let page = self.within(ANSWER_LIMIT, Box::pin(request.send())).await?;
            makeup.size = page.object_size().and_then(|size| u64::try_from(size).ok());
            if let Some(checksum) = page.checksum() {
                makeup.reported = reported!(checksum);
            }
            let Some(parts) = page.object_parts() else { return Ok(makeup) };
            for part in parts.parts() {
                let number =
                    part.part_number().and_then(|number| PartNumber::try_from(number).ok());
                let size = part.size().and_then(|size| u64::try_from(size).ok());
                if let (Some(number), Some(size)) = (number, size) {
                    makeup.parts.push((number, size, reported!(part)));
                }
            }
            let more = parts.is_truncated() == Some(true);
            let next = parts.next_part_number_marker().filter(|_| more).map(ToOwned::to_owned);
            marker = pages.after(parts.parts().iter().map(ObjectPart::part_number), next)?;
            if marker.is_none() {
                return Ok(makeup);
            }
        }
    }
}
