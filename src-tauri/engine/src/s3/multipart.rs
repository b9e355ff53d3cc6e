//! The calls of a multipart upload: begin, part, complete, abort, list. Knows nothing of when or why.

use super::{ANSWER_LIMIT, Kept, S3, crc64, crc64_text, metadata, tagging};
use crate::body::{Flow, RangeBody};
use crate::fault::{Fault, Outcome};
use crate::part::PartNumber;
use crate::upload::{Options, Target};
use aws_sdk_s3::primitives::{ByteStream, SdkBody};
use aws_sdk_s3::types::{
    ChecksumAlgorithm, ChecksumType, CompletedMultipartUpload, CompletedPart, ServerSideEncryption,
    StorageClass,
};
use std::sync::Arc;
use std::time::Duration;

/// Complete may take minutes: AWS sends white space meanwhile.
const COMPLETE_LIMIT: Duration = Duration::from_secs(900);

/// A multipart upload that was begun.
#[derive(Clone, Debug)]
pub(crate) struct Begun {
    pub(crate) upload_id: String,
    /// The server said that it sums CRC64NVME.
    pub(crate) sums: bool,
}

/// A part as ListParts tells it.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(crate) number: PartNumber,
    pub(crate) size: u64,
    pub(crate) etag: String,
    pub(crate) crc64: Option<u64>,
}

/// A multipart upload as the server lists it.
#[derive(Clone, Debug)]
pub(crate) struct Unfinished {
    pub(crate) upload_id: String,
    /// ms since 1970 by the server's clock
    pub(crate) initiated: Option<i64>,
    /// Who began it, in the server's words.
    pub(crate) initiator: Option<String>,
    /// It sums CRC64NVME.
    pub(crate) sums: bool,
}

impl S3 {
    pub(crate) async fn begin(
        &self,
        target: &Target,
        options: &Options,
        content_type: &str,
    ) -> Outcome<Begun> {
        let request = self
            .client
            .create_multipart_upload()
            .bucket(&target.bucket)
            .key(&target.key)
            .content_type(content_type)
            // named here, or a strict server refuses it at Complete
            .checksum_algorithm(ChecksumAlgorithm::Crc64Nvme)
            .checksum_type(ChecksumType::FullObject)
            .set_storage_class(options.storage_class.as_deref().map(StorageClass::from))
            .set_server_side_encryption(
                options.encryption.as_deref().map(ServerSideEncryption::from),
            )
            .set_ssekms_key_id(options.kms_key_id.clone())
            .set_tagging(tagging(options))
            .set_metadata(metadata(options));
        let answer = self.within(ANSWER_LIMIT, request.send()).await?;
        let upload_id = answer
            .upload_id()
            .filter(|id| !id.is_empty())
            .ok_or_else(|| self.not_s3("an UploadId"))?;
        Ok(Begun {
            upload_id: upload_id.to_owned(),
            sums: answer.checksum_algorithm() == Some(&ChecksumAlgorithm::Crc64Nvme),
        })
    }

    pub(crate) async fn part(
        &self,
        target: &Target,
        upload_id: &str,
        number: PartNumber,
        sum: Option<u64>,
        (body, flow, length): (RangeBody, &Arc<Flow>, u64),
    ) -> Outcome<Kept> {
        let request = self
            .client
            .upload_part()
            .bucket(&target.bucket)
            .key(&target.key)
            .upload_id(upload_id)
            .part_number(i32::from(number))
            .content_length(length.cast_signed())
            // an upload that was begun with an algorithm is refused parts without it
            .set_checksum_crc64_nvme(sum.map(crc64_text))
            .body(ByteStream::new(SdkBody::from_body_1_x(body)))
            .customize()
            // a SHA-256 of every byte costs as much as the whole rest; the part's sum is compared instead
            .disable_payload_signing();
        let answer = self.while_moving(flow, request.send()).await.map_err(gone)?;
        let etag = answer.e_tag().map(ToOwned::to_owned).ok_or_else(|| self.not_s3("an ETag"))?;
        Ok(Kept {
            etag: Some(etag),
            version_id: None,
            crc64: answer.checksum_crc64_nvme().and_then(crc64),
        })
    }

    /// `sum` is the whole object's CRC64NVME, given where the server sums it.
    pub(crate) async fn complete(
        &self,
        target: &Target,
        upload_id: &str,
        parts: Vec<(PartNumber, String)>,
        sum: Option<(u64, u64)>,
    ) -> Outcome<Kept> {
        let parts = parts.into_iter().map(|(number, etag)| {
            CompletedPart::builder().part_number(i32::from(number)).e_tag(etag).build()
        });
        let mut request = self
            .client
            .complete_multipart_upload()
            .bucket(&target.bucket)
            .key(&target.key)
            .upload_id(upload_id)
            .multipart_upload(
                CompletedMultipartUpload::builder().set_parts(Some(parts.collect())).build(),
            );
        if let Some((sum, size)) = sum {
            request = request
                .checksum_type(ChecksumType::FullObject)
                .checksum_crc64_nvme(crc64_text(sum))
                .mpu_object_size(size.cast_signed());
        }
        let answer = self.within(COMPLETE_LIMIT, request.send()).await.map_err(gone)?;
        Ok(Kept {
            etag: answer.e_tag().map(ToOwned::to_owned),
            version_id: answer.version_id().map(ToOwned::to_owned),
            crc64: answer.checksum_crc64_nvme().and_then(crc64),
        })
    }

    /// True where nothing of it is left: it was aborted, or was not there.
    pub(crate) async fn abort(&self, target: &Target, upload_id: &str) -> Outcome<bool> {
        let request = self
            .client
            .abort_multipart_upload()
            .bucket(&target.bucket)
            .key(&target.key)
            .upload_id(upload_id);
        match self.within(ANSWER_LIMIT, request.send()).await.map_err(gone) {
            Ok(_) => {}
            Err(fault) if fault.is_code("NoSuchUpload") => return Ok(true),
            Err(fault) => return Err(fault),
        }
        // parts that were in flight can land after the abort: only ListParts tells that all is gone
        match self.list_parts(target, upload_id).await {
            Ok(_) => Ok(false),
            Err(fault) if fault.is_code("NoSuchUpload") => Ok(true),
            Err(fault) => Err(fault),
        }
    }

    /// The unfinished multipart uploads of exactly this key.
    pub(crate) async fn unfinished_at(&self, target: &Target) -> Outcome<Vec<Unfinished>> {
        let mut found = Vec::new();
        let mut marker: (Option<String>, Option<String>) = (None, None);
        loop {
            let request = self
                .client
                .list_multipart_uploads()
                .bucket(&target.bucket)
                .prefix(&target.key)
                .set_key_marker(marker.0.clone())
                .set_upload_id_marker(marker.1.clone());
            let page = self.within(ANSWER_LIMIT, request.send()).await?;
            for upload in page.uploads() {
                if upload.key() != Some(&target.key) {
                    continue;
                }
                let Some(upload_id) = upload.upload_id() else { continue };
                found.push(Unfinished {
                    upload_id: upload_id.to_owned(),
                    initiated: upload.initiated().and_then(|at| at.to_millis().ok()),
                    initiator: upload.initiator().and_then(|who| who.id()).map(ToOwned::to_owned),
                    sums: upload.checksum_algorithm() == Some(&ChecksumAlgorithm::Crc64Nvme),
                });
            }
            let next = (
                page.next_key_marker().map(ToOwned::to_owned),
                page.next_upload_id_marker().map(ToOwned::to_owned),
            );
            // lists go by key: what comes after this one only begins like it
            let beyond = next.0.as_ref().is_none_or(|key| *key != target.key);
            if page.is_truncated() != Some(true) || beyond || next == marker {
                return Ok(found);
            }
            marker = next;
        }
    }

    /// All pages.
    pub(crate) async fn list_parts(
        &self,
        target: &Target,
        upload_id: &str,
    ) -> Outcome<Vec<Listed>> {
        let mut listed = Vec::new();
        let mut marker: Option<String> = None;
        loop {
            let request = self
                .client
                .list_parts()
                .bucket(&target.bucket)
                .key(&target.key)
                .upload_id(upload_id)
                .set_part_number_marker(marker.clone());
            let page = self.within(ANSWER_LIMIT, request.send()).await.map_err(gone)?;
            for part in page.parts() {
                let number =
                    part.part_number().and_then(|number| PartNumber::try_from(number).ok());
                let size = part.size().and_then(|size| u64::try_from(size).ok());
                if let (Some(number), Some(size), Some(etag)) = (number, size, part.e_tag()) {
                    let crc64 = part.checksum_crc64_nvme().and_then(crc64);
                    listed.push(Listed { number, size, etag: etag.to_owned(), crc64 });
                }
            }
            let next = page.next_part_number_marker().map(ToOwned::to_owned);
            // a server whose pages repeat would be asked for ever
            if page.is_truncated() != Some(true) || next.is_none() || next == marker {
                return Ok(listed);
            }
            marker = next;
        }
    }
}

/// Ceph calls a multipart upload that is gone a missing key.
fn gone(mut fault: Fault) -> Fault {
    if fault.is_code("NoSuchKey") {
        fault.code = Some("NoSuchUpload".into());
    }
    fault
}
