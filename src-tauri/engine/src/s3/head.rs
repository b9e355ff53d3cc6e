//! HeadObject: what is at a key.

use super::{ANSWER_LIMIT, Kept, Locks, Object, S3, headers, keyed, opaque};
use crate::fault::{Fault, FaultKind, InvalidOption, Reason, Result};
use crate::model::checksum::ReportedChecksums;
use crate::model::customer_key::CustomerKey;
use crate::model::upload::Target;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::types::ChecksumMode as RequestChecksumMode;
use std::sync::atomic::Ordering;

impl S3 {
    /// `None` if there is no object with this key.
    pub(crate) async fn head(&self, target: &Target) -> Result<Option<Object>> {
        self.head_version(target, None).await
    }

    /// The first part of an object, if the server reports parts: its size, and the number of parts.
    pub(crate) async fn first_part(&self, target: &Target) -> Option<(u64, u32)> {
        let request =
            self.client.head_object().bucket(&target.bucket).key(&target.key).part_number(1);
        let request = keyed!(request, self.customer_key.as_deref());
        let answer =
            tokio::time::timeout(ANSWER_LIMIT, Box::pin(request.send())).await.ok()?.ok()?;
        let size = u64::try_from(answer.content_length()?).ok()?;
        Some((size, u32::try_from(answer.parts_count()?).ok()?))
    }

    /// The same for one version of the object.
    pub(crate) async fn head_version(
        &self,
        target: &Target,
        version_id: Option<&str>,
    ) -> Result<Option<Object>> {
        let asks = !self.tells_none.load(Ordering::Relaxed);
        match self.headed_by_key(target, version_id, asks).await {
            // some reject checksum mode itself, and a HEAD response does not say why
            Err(fault) if asks && matches!(fault.status, Some(400 | 501)) => {
                let found = self.headed_by_key(target, version_id, false).await;
                self.tells_none.fetch_or(found.is_ok(), Ordering::Relaxed);
                found
            }
            found => found,
        }
    }

    /// With the customer key if there is one, and without it if the object cannot be read with it: it may be another
    /// object.
    async fn headed_by_key(
        &self,
        target: &Target,
        version_id: Option<&str>,
        asks: bool,
    ) -> Result<Option<Object>> {
        let key = self.customer_key.as_deref();
        let by_key = self.headed(target, version_id, asks, key).await;
        let (Some(key), Err(fault)) = (key, &by_key) else { return by_key };
        if !matches!(fault.status, Some(400 | 403)) {
            return by_key;
        }
        match self.headed(target, version_id, asks, None).await {
            Ok(found) => Ok(found),
            Err(other) if other.status == Some(400) => {
                let mut fault = Fault { kind: FaultKind::Credentials, ..fault.clone() };
                let wrong =
                    InvalidOption::OtherKey { key: target.key.clone(), md5: key.md5.clone() };
                fault.say(Reason::Stored { wrong });
                Err(fault)
            }
            Err(_) => by_key,
        }
    }

    async fn headed(
        &self,
        target: &Target,
        version_id: Option<&str>,
        asks: bool,
        key: Option<&CustomerKey>,
    ) -> Result<Option<Object>> {
        let headers = headers::ReportedHeaders::default();
        let request = keyed!(self.client.head_object(), key)
            .bucket(&target.bucket)
            .key(&target.key)
            .set_version_id(version_id.map(ToOwned::to_owned))
            .set_checksum_mode(asks.then_some(RequestChecksumMode::Enabled))
            .customize()
            .interceptor(headers.clone());
        match tokio::time::timeout(ANSWER_LIMIT, Box::pin(request.send())).await {
            // a page that is returned for every address
            Ok(Ok(answer)) if answer.e_tag().is_none() && answer.last_modified().is_none() => {
                Err(self.not_s3("ETag"))
            }
            Ok(Ok(answer)) => {
                let reported = reported!(answer);
                let by_key = opaque(answer.server_side_encryption());
                let size = answer.content_length().and_then(|size| u64::try_from(size).ok());
                Ok(Some(Object {
                    size: size.unwrap_or(0),
                    locks: Locks::from_head(&answer),
                    age: headers.age(answer.last_modified()),
                    modified_at: answer.last_modified().and_then(headers::milliseconds),
                    storage_class: answer.storage_class().map(|class| class.as_str().to_owned()),
                    metadata: answer.metadata().cloned().unwrap_or_default(),
                    kept: Kept {
                        etag: answer.e_tag().map(ToOwned::to_owned),
                        version_id: answer.version_id().map(ToOwned::to_owned),
                        reported: ReportedChecksums {
                            crc32c: reported.crc32c.or_else(|| headers.crc32c()),
                            ..reported
                        },
                        opaque: by_key || answer.sse_customer_algorithm().is_some(),
                    },
                }))
            }
            Ok(Err(error)) if is_not_found(&error) => Ok(None),
            Ok(Err(error)) => Err(self.fault(&error)),
            Err(_) => Err(self.no_answer()),
        }
    }
}

fn is_not_found<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> bool {
    error.as_service_error().and_then(ProvideErrorMetadata::code) != Some("NoSuchBucket")
        && error.raw_response().is_some_and(|raw| raw.status().as_u16() == 404)
}
