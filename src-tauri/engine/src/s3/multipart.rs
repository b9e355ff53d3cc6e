//! The calls of a multipart upload: create, upload part, complete, abort.

use super::checksum_headers::Framing;
use super::object_options::{as_stored, keyed};
use super::unread::Answer;
use super::{ANSWER_LIMIT, ChecksumPlacement, Kept, S3, Unfinished, WriteCondition, opaque};
use crate::fault::{Fault, Result};
use crate::model::checksum::ChecksumMode;
use crate::model::object_options::Options;
use crate::model::part_table::PartNumber;
use crate::model::upload::Target;
use crate::s3::body::Payload;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::upload_part::{UploadPartError, UploadPartOutput};
use aws_sdk_s3::primitives::{ByteStream, SdkBody};
use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumType, CompletedMultipartUpload, CompletedPart};
use std::time::Duration;

/// CompleteMultipartUpload may take minutes: AWS sends white space meanwhile.
const COMPLETE_LIMIT: Duration = Duration::from_secs(900);

/// Maximum difference in ms between the Date of a response to CreateMultipartUpload and the listed time, both by the
/// server's clock.
const YOUNG: i64 = 3_000;

/// A multipart upload that was created.
#[derive(Clone, Debug)]
pub(crate) struct CreatedUpload {
    pub(crate) upload_id: String,
    /// The checksum that the server said it will use, or MD5 if it said nothing.
    pub(crate) checksum_mode: ChecksumMode,
}

/// The arguments of CompleteMultipartUpload.
#[derive(Clone, Debug)]
pub(crate) struct Finish {
    pub(crate) checksum_mode: ChecksumMode,
    /// With their checksums, in a composite mode.
    pub(crate) parts: Vec<(PartNumber, String, Option<String>)>,
    /// The whole object's checksum and size, if the server supports them.
    pub(crate) sum: Option<String>,
    pub(crate) size: Option<u64>,
    pub(crate) condition: WriteCondition,
}

impl Finish {
    pub(crate) fn has_extras(&self) -> bool {
        self.sum.is_some() || self.size.is_some()
    }
}

impl S3 {
    pub(crate) async fn create_upload(
        &self,
        target: &Target,
        options: &Options,
        content_type: &str,
        checksum_mode: ChecksumMode,
    ) -> Result<CreatedUpload> {
        let request = as_stored!(self.client.create_multipart_upload(), options);
        let request = keyed!(request, self.customer_key.as_deref())
            .bucket(&target.bucket)
            .key(&target.key)
            .content_type(content_type)
            // named here, or a strict server rejects it at Complete
            .set_checksum_algorithm(algorithm(checksum_mode))
            .set_checksum_type(kind(checksum_mode));
        let raw = Answer::default();
        let request = request.customize().interceptor(raw.clone());
        let answer = match self.within(ANSWER_LIMIT, Box::pin(request.send())).await {
            Ok(answer) => answer,
            Err(fault) => return self.created_unread(target, &raw).await.ok_or(fault),
        };
        let Some(upload_id) = answer.upload_id().filter(|id| !id.is_empty()) else {
            let found = self.created_unread(target, &raw).await;
            return found.ok_or_else(|| self.not_s3("UploadId"));
        };
        if let Err(fault) = self.encrypts(answer.sse_customer_algorithm()) {
            // not a byte of it was sent
            let _ = self.abort(target, upload_id).await;
            return Err(fault);
        }
        Ok(CreatedUpload {
            upload_id: upload_id.to_owned(),
            checksum_mode: checksum_mode_of(answer.checksum_algorithm(), answer.checksum_type()),
        })
    }

    /// The UploadId of a CreateMultipartUpload whose response of 200 could not be parsed: after white space, or if the
    /// body was empty, the only upload of this key that is younger than the request. `None` if it cannot be determined.
    async fn created_unread(&self, target: &Target, raw: &Answer) -> Option<CreatedUpload> {
        let listed = || async { self.unfinished_at(target).await.unwrap_or_default() };
        let created = match raw.element("UploadId") {
            Some(upload_id) => listed().await.into_iter().find(|one| one.upload_id == upload_id)?,
            None if raw.is_empty() => {
                let now = raw.at()?;
                let young =
                    |one: &Unfinished| one.initiated.is_some_and(|at| (now - at).abs() < YOUNG);
                let mut young: Vec<_> = listed().await.into_iter().filter(young).collect();
                // somebody else's, created at the same moment, cannot be told apart
                let created = young.pop().filter(|_| young.is_empty())?;
                let parts = self.list_parts(target, &created.upload_id).await.ok()?;
                parts.is_empty().then_some(created)?
            }
            None => return None,
        };
        Some(CreatedUpload { checksum_mode: created.checksum_mode(), upload_id: created.upload_id })
    }

    pub(crate) async fn part(
        &self,
        target: &Target,
        upload_id: &str,
        number: PartNumber,
        placement: ChecksumPlacement,
        payload: Payload,
    ) -> Result<Kept> {
        let Payload { body, send_progress, length } = payload;
        let body = ByteStream::new(SdkBody::from_body_1_x(body));
        let sent = self.upload(target, upload_id, number, placement, body, length);
        let answer = self.while_moving(&send_progress, sent).await.map_err(gone)?;
        let etag = answer.e_tag().map(ToOwned::to_owned).ok_or_else(|| self.not_s3("ETag"))?;
        let opaque = self.customer_key.is_some() || opaque(answer.server_side_encryption());
        Ok(Kept { etag: Some(etag), version_id: None, reported: reported!(answer), opaque })
    }

    /// UploadPart. `length` is that of the file's data.
    pub(super) async fn upload(
        &self,
        target: &Target,
        upload_id: &str,
        number: PartNumber,
        placement: ChecksumPlacement,
        body: ByteStream,
        length: u64,
    ) -> Result<UploadPartOutput, SdkError<UploadPartError, HttpResponse>> {
        let sum = |checksum_mode| placement.header(checksum_mode);
        let request = keyed!(self.client.upload_part(), self.customer_key.as_deref())
            .bucket(&target.bucket)
            .key(&target.key)
            .upload_id(upload_id)
            .part_number(i32::from(number))
            .content_length(length.cast_signed())
            // an upload that was created with an algorithm rejects parts without it
            .set_checksum_crc64_nvme(sum(ChecksumMode::Crc64Nvme))
            .set_checksum_crc32_c(sum(ChecksumMode::Crc32c))
            .set_checksum_crc32(sum(ChecksumMode::Crc32))
            .set_content_md5(sum(ChecksumMode::Md5))
            .body(body)
            .customize()
            // a SHA-256 of every byte would cost as much as everything else; the part's checksum is compared instead
            .disable_payload_signing()
            .interceptor(Framing { trailer: placement.trailer(), length });
        Box::pin(request.send()).await
    }

    pub(crate) async fn complete(
        &self,
        target: &Target,
        upload_id: &str,
        finish: &Finish,
    ) -> Result<Kept> {
        let checksum_mode = finish.checksum_mode;
        let parts = finish.parts.iter().map(|(number, etag, sum)| {
            let part = CompletedPart::builder().part_number(i32::from(*number)).e_tag(etag);
            match checksum_mode {
                ChecksumMode::Crc32cComposite => part.set_checksum_crc32_c(sum.clone()),
                ChecksumMode::Crc32Composite => part.set_checksum_crc32(sum.clone()),
                _ => part,
            }
            .build()
        });
        let request = self.client.complete_multipart_upload();
        let mut request = keyed!(request, self.customer_key.as_deref())
            .bucket(&target.bucket)
            .key(&target.key)
            .upload_id(upload_id)
            .set_mpu_object_size(finish.size.map(u64::cast_signed))
            .set_if_none_match(finish.condition.if_none_match())
            .set_if_match(finish.condition.if_match())
            .multipart_upload(
                CompletedMultipartUpload::builder().set_parts(Some(parts.collect())).build(),
            );
        if let Some(sum) = finish.sum.clone() {
            request = request.set_checksum_type(kind(checksum_mode));
            request = match checksum_mode {
                ChecksumMode::Crc64Nvme => request.checksum_crc64_nvme(sum),
                ChecksumMode::Crc32c | ChecksumMode::Crc32cComposite => {
                    request.checksum_crc32_c(sum)
                }
                ChecksumMode::Crc32 | ChecksumMode::Crc32Composite => request.checksum_crc32(sum),
                ChecksumMode::Md5 => request,
            };
        }
        let raw = Answer::default();
        let request = request.customize().interceptor(raw.clone());
        let answer = self.within(COMPLETE_LIMIT, Box::pin(request.send())).await.map_err(gone)?;
        if raw.is_empty() {
            return Err(self.cut_short());
        }
        Ok(Kept {
            etag: answer.e_tag().map(ToOwned::to_owned),
            version_id: answer.version_id().map(ToOwned::to_owned),
            reported: reported!(answer),
            opaque: self.customer_key.is_some() || opaque(answer.server_side_encryption()),
        })
    }

    /// Aborts the upload. True if nothing of it is left, or it did not exist.
    pub(crate) async fn abort(&self, target: &Target, upload_id: &str) -> Result<bool> {
        let request = self
            .client
            .abort_multipart_upload()
            .bucket(&target.bucket)
            .key(&target.key)
            .upload_id(upload_id);
        match self.within(ANSWER_LIMIT, Box::pin(request.send())).await.map_err(gone) {
            Ok(_) => {}
            Err(fault) if fault.is_code("NoSuchUpload") => return Ok(true),
            Err(fault) => return Err(fault),
        }
        // parts that were in flight can arrive after the abort: only ListParts confirms that all are gone
        match self.list_parts(target, upload_id).await {
            Ok(_) => Ok(false),
            Err(fault) if fault.is_code("NoSuchUpload") => Ok(true),
            // these credentials may abort but not list
            Err(fault) if fault.is_unlisted() => Ok(true),
            Err(fault) => Err(fault),
        }
    }
}

fn algorithm(checksum_mode: ChecksumMode) -> Option<ChecksumAlgorithm> {
    match checksum_mode {
        ChecksumMode::Crc64Nvme => Some(ChecksumAlgorithm::Crc64Nvme),
        ChecksumMode::Crc32c | ChecksumMode::Crc32cComposite => Some(ChecksumAlgorithm::Crc32C),
        ChecksumMode::Crc32 | ChecksumMode::Crc32Composite => Some(ChecksumAlgorithm::Crc32),
        ChecksumMode::Md5 => None,
    }
}

fn kind(checksum_mode: ChecksumMode) -> Option<ChecksumType> {
    match checksum_mode {
        ChecksumMode::Crc64Nvme | ChecksumMode::Crc32c | ChecksumMode::Crc32 => {
            Some(ChecksumType::FullObject)
        }
        ChecksumMode::Crc32cComposite | ChecksumMode::Crc32Composite => {
            Some(ChecksumType::Composite)
        }
        ChecksumMode::Md5 => None,
    }
}

pub(super) fn checksum_mode_of(
    named: Option<&ChecksumAlgorithm>,
    of_type: Option<&ChecksumType>,
) -> ChecksumMode {
    // without a type, these two are composite
    let whole = of_type == Some(&ChecksumType::FullObject);
    match named {
        Some(ChecksumAlgorithm::Crc64Nvme) => ChecksumMode::Crc64Nvme,
        Some(ChecksumAlgorithm::Crc32C) if whole => ChecksumMode::Crc32c,
        Some(ChecksumAlgorithm::Crc32C) => ChecksumMode::Crc32cComposite,
        Some(ChecksumAlgorithm::Crc32) if whole => ChecksumMode::Crc32,
        Some(ChecksumAlgorithm::Crc32) => ChecksumMode::Crc32Composite,
        _ => ChecksumMode::Md5,
    }
}

/// Ceph reports a multipart upload that does not exist as a missing key.
pub(super) fn gone(mut fault: Fault) -> Fault {
    if fault.is_code("NoSuchKey") {
        fault.code = Some("NoSuchUpload".into());
    }
    fault
}
