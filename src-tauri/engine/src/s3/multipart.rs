//! The calls of a multipart upload: begin, part, complete, abort, list. Knows nothing of when or why.

use super::seal::Framing;
use super::{ANSWER_LIMIT, Kept, S3, Seal, metadata, tagging};
use crate::body::{Flow, RangeBody};
use crate::fault::{Fault, FaultKind, Outcome};
use crate::part::PartNumber;
use crate::sum::{Rung, Told};
use crate::upload::{Options, Target};
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::upload_part::{UploadPartError, UploadPartOutput};
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
    /// What the server said that it sums; the last rung where it said nothing.
    pub(crate) rung: Rung,
}

/// What is given with Complete.
#[derive(Clone, Debug)]
pub(crate) struct Finish {
    pub(crate) rung: Rung,
    /// With the sums that are theirs on a composite rung.
    pub(crate) parts: Vec<(PartNumber, String, Option<String>)>,
    /// The whole object's, and its bytes, where the server takes them.
    pub(crate) sum: Option<String>,
    pub(crate) size: Option<u64>,
    /// Only where no object has the key.
    pub(crate) if_absent: bool,
}

impl Finish {
    pub(crate) fn has_extras(&self) -> bool {
        self.sum.is_some() || self.size.is_some()
    }
}

/// A part as ListParts tells it.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(crate) number: PartNumber,
    pub(crate) size: u64,
    pub(crate) etag: String,
    pub(crate) told: Told,
}

/// A multipart upload as the server lists it.
#[derive(Clone, Debug)]
pub(crate) struct Unfinished {
    pub(crate) upload_id: String,
    /// ms since 1970 by the server's clock
    pub(crate) initiated: Option<i64>,
    /// Who began it, in the server's words.
    pub(crate) initiator: Option<String>,
    /// What it was begun with.
    pub(crate) rung: Rung,
}

impl S3 {
    pub(crate) async fn begin(
        &self,
        target: &Target,
        options: &Options,
        content_type: &str,
        rung: Rung,
    ) -> Outcome<Begun> {
        let request = self
            .client
            .create_multipart_upload()
            .bucket(&target.bucket)
            .key(&target.key)
            .content_type(content_type)
            // named here, or a strict server refuses it at Complete
            .set_checksum_algorithm(algorithm(rung))
            .set_checksum_type(kind(rung))
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
            rung: rung_of(answer.checksum_algorithm(), answer.checksum_type()),
        })
    }

    pub(crate) async fn part(
        &self,
        target: &Target,
        upload_id: &str,
        number: PartNumber,
        seal: Seal,
        (body, flow, length): (RangeBody, &Arc<Flow>, u64),
    ) -> Outcome<Kept> {
        let body = ByteStream::new(SdkBody::from_body_1_x(body));
        let sent = self.upload((target, upload_id, number), seal, body, length);
        let answer = self.while_moving(flow, sent).await.map_err(gone)?;
        let etag = answer.e_tag().map(ToOwned::to_owned).ok_or_else(|| self.not_s3("an ETag"))?;
        Ok(Kept { etag: Some(etag), version_id: None, told: told!(answer) })
    }

    /// UploadPart; `length` in bytes of the file.
    pub(super) async fn upload(
        &self,
        (target, upload_id, number): (&Target, &str, PartNumber),
        seal: Seal,
        body: ByteStream,
        length: u64,
    ) -> Result<UploadPartOutput, SdkError<UploadPartError, HttpResponse>> {
        let sum = |rung| seal.header(rung);
        let request = self
            .client
            .upload_part()
            .bucket(&target.bucket)
            .key(&target.key)
            .upload_id(upload_id)
            .part_number(i32::from(number))
            .content_length(length.cast_signed())
            // an upload that was begun with an algorithm is refused parts without it
            .set_checksum_crc64_nvme(sum(Rung::Crc64Nvme))
            .set_checksum_crc32_c(sum(Rung::Crc32c))
            .set_checksum_crc32(sum(Rung::Crc32))
            .set_content_md5(sum(Rung::Md5))
            .body(body)
            .customize()
            // a SHA-256 of every byte costs as much as the whole rest; the part's sum is compared instead
            .disable_payload_signing()
            .interceptor(Framing { trailer: seal.trailer(), length });
        request.send().await
    }

    pub(crate) async fn complete(
        &self,
        target: &Target,
        upload_id: &str,
        finish: &Finish,
    ) -> Outcome<Kept> {
        let rung = finish.rung;
        let parts = finish.parts.iter().map(|(number, etag, sum)| {
            let part = CompletedPart::builder().part_number(i32::from(*number)).e_tag(etag);
            match rung {
                Rung::Crc32cComposite => part.set_checksum_crc32_c(sum.clone()),
                Rung::Crc32Composite => part.set_checksum_crc32(sum.clone()),
                _ => part,
            }
            .build()
        });
        let mut request = self
            .client
            .complete_multipart_upload()
            .bucket(&target.bucket)
            .key(&target.key)
            .upload_id(upload_id)
            .set_mpu_object_size(finish.size.map(u64::cast_signed))
            .set_if_none_match(finish.if_absent.then(|| "*".to_owned()))
            .multipart_upload(
                CompletedMultipartUpload::builder().set_parts(Some(parts.collect())).build(),
            );
        if let Some(sum) = finish.sum.clone() {
            request = request.set_checksum_type(kind(rung));
            request = match rung {
                Rung::Crc64Nvme => request.checksum_crc64_nvme(sum),
                Rung::Crc32c | Rung::Crc32cComposite => request.checksum_crc32_c(sum),
                Rung::Crc32 | Rung::Crc32Composite => request.checksum_crc32(sum),
                Rung::Md5 => request,
            };
        }
        let answer = self.within(COMPLETE_LIMIT, request.send()).await.map_err(gone)?;
        Ok(Kept {
            etag: answer.e_tag().map(ToOwned::to_owned),
            version_id: answer.version_id().map(ToOwned::to_owned),
            told: told!(answer),
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
            // these keys may abort and not look
            Err(fault) if fault.kind == FaultKind::Denied => Ok(true),
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
                    rung: rung_of(upload.checksum_algorithm(), upload.checksum_type()),
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
                    listed.push(Listed { number, size, etag: etag.to_owned(), told: told!(part) });
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

fn algorithm(rung: Rung) -> Option<ChecksumAlgorithm> {
    match rung {
        Rung::Crc64Nvme => Some(ChecksumAlgorithm::Crc64Nvme),
        Rung::Crc32c | Rung::Crc32cComposite => Some(ChecksumAlgorithm::Crc32C),
        Rung::Crc32 | Rung::Crc32Composite => Some(ChecksumAlgorithm::Crc32),
        Rung::Md5 => None,
    }
}

fn kind(rung: Rung) -> Option<ChecksumType> {
    match rung {
        Rung::Crc64Nvme | Rung::Crc32c | Rung::Crc32 => Some(ChecksumType::FullObject),
        Rung::Crc32cComposite | Rung::Crc32Composite => Some(ChecksumType::Composite),
        Rung::Md5 => None,
    }
}

fn rung_of(named: Option<&ChecksumAlgorithm>, of_type: Option<&ChecksumType>) -> Rung {
    // without a type, these two are of the parts' sums
    let whole = of_type == Some(&ChecksumType::FullObject);
    match named {
        Some(ChecksumAlgorithm::Crc64Nvme) => Rung::Crc64Nvme,
        Some(ChecksumAlgorithm::Crc32C) if whole => Rung::Crc32c,
        Some(ChecksumAlgorithm::Crc32C) => Rung::Crc32cComposite,
        Some(ChecksumAlgorithm::Crc32) if whole => Rung::Crc32,
        Some(ChecksumAlgorithm::Crc32) => Rung::Crc32Composite,
        _ => Rung::Md5,
    }
}

/// Ceph calls a multipart upload that is gone a missing key.
fn gone(mut fault: Fault) -> Fault {
    if fault.is_code("NoSuchKey") {
        fault.code = Some("NoSuchUpload".into());
    }
    fault
}
