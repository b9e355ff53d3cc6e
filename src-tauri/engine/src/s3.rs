//! The S3 calls we make, and nothing of when or why. With its folder the only file that names the SDK.

mod buckets;
mod connect;
mod faults;
mod multipart;

pub(crate) use multipart::{Listed, Unfinished};

pub use connect::profiles;

use crate::body::{Flow, RangeBody};
use crate::fault::{Fault, FaultKind, Outcome};
use crate::secrets::Secret;
use crate::settings::Connection;
use crate::upload::{Options, Target};
use aws_sdk_s3::Client;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::{ByteStream, SdkBody};
use aws_sdk_s3::types::{ChecksumMode, ServerSideEncryption, StorageClass};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use std::sync::Arc;
use std::time::Duration;

/// A request without a body of ours answers within this, or the server is taken for gone.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);

/// One connection, ready to ask.
#[derive(Clone)]
pub struct S3 {
    client: Client,
    /// The server's name in faults.
    place: String,
    /// Amazon's own, where a bucket outside us-east-1 is made with its region named.
    amazon: bool,
    region: String,
}

/// What a server said of something it stored.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept {
    pub(crate) etag: Option<String>,
    pub(crate) version_id: Option<String>,
    pub(crate) crc64: Option<u64>,
}

/// An object as HeadObject tells it.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub(crate) size: u64,
    pub(crate) kept: Kept,
}

impl S3 {
    /// # Errors
    /// `Credentials` where there are no keys; `WrongPlace` where endpoint or certificates cannot be used.
    pub async fn connect(connection: &Connection, secret: Option<Secret>) -> Outcome<Self> {
        let place = match &connection.endpoint {
            Some(endpoint) => endpoint.trim().trim_end_matches('/').to_owned(),
            None => "Amazon S3".to_owned(),
        };
        Ok(Self {
            client: connect::client(connection, secret).await?,
            place,
            amazon: connection.endpoint.is_none(),
            region: connection.region.clone(),
        })
    }

    fn fault<E>(&self, error: &SdkError<E, HttpResponse>) -> Fault
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        faults::fault(error, &self.place)
    }

    async fn within<T, E>(
        &self,
        limit: Duration,
        request: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    ) -> Outcome<T>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        match tokio::time::timeout(limit, request).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(self.fault(&error)),
            Err(_) => Err(Fault::new(
                FaultKind::Offline,
                format!("no answer in time from {}", self.place),
            )),
        }
    }

    pub(crate) async fn put(
        &self,
        target: &Target,
        options: &Options,
        content_type: &str,
        sum: u64,
        (body, flow, length): (RangeBody, &Arc<Flow>, u64),
    ) -> Outcome<Kept> {
        let request = self
            .client
            .put_object()
            .bucket(&target.bucket)
            .key(&target.key)
            .content_type(content_type)
            .content_length(length.cast_signed())
            .checksum_crc64_nvme(crc64_text(sum))
            .set_storage_class(options.storage_class.as_deref().map(StorageClass::from))
            .set_server_side_encryption(
                options.encryption.as_deref().map(ServerSideEncryption::from),
            )
            .set_ssekms_key_id(options.kms_key_id.clone())
            .set_tagging(tagging(options))
            .set_metadata(metadata(options))
            .body(ByteStream::new(SdkBody::from_body_1_x(body)))
            .customize()
            .disable_payload_signing();
        let answer = self.while_moving(flow, request.send()).await?;
        if answer.e_tag().is_none() {
            return Err(self.not_s3("an ETag"));
        }
        Ok(Kept {
            etag: answer.e_tag().map(ToOwned::to_owned),
            version_id: answer.version_id().map(ToOwned::to_owned),
            crc64: answer.checksum_crc64_nvme().and_then(crc64),
        })
    }

    /// A request with a body has no time limit, only one on silence: a slow link is no dead one.
    async fn while_moving<T, E>(
        &self,
        flow: &Arc<Flow>,
        request: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    ) -> Outcome<T>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        tokio::select! {
            answer = request => answer.map_err(|error| match flow.ended() {
                // the connection broke because reading the file did
                Some(Err(fault)) => fault,
                _ => self.fault(&error),
            }),
            silence = silence(flow) => {
                flow.give_up();
                let detail = format!("nothing has moved for {} seconds to {}", silence.as_secs(), self.place);
                Err(Fault::new(FaultKind::Offline, detail))
            }
        }
    }

    /// None where no object has this key.
    pub(crate) async fn head(&self, target: &Target) -> Outcome<Option<Object>> {
        let request = self
            .client
            .head_object()
            .bucket(&target.bucket)
            .key(&target.key)
            .checksum_mode(ChecksumMode::Enabled);
        match tokio::time::timeout(ANSWER_LIMIT, request.send()).await {
            // a page that is there for every address
            Ok(Ok(answer)) if answer.e_tag().is_none() && answer.last_modified().is_none() => {
                Err(self.not_s3("an ETag"))
            }
            Ok(Ok(answer)) => Ok(Some(Object {
                size: answer
                    .content_length()
                    .and_then(|size| u64::try_from(size).ok())
                    .unwrap_or(0),
                kept: Kept {
                    etag: answer.e_tag().map(ToOwned::to_owned),
                    version_id: answer.version_id().map(ToOwned::to_owned),
                    crc64: answer.checksum_crc64_nvme().and_then(crc64),
                },
            })),
            Ok(Err(error)) if is_not_found(&error) => Ok(None),
            Ok(Err(error)) => Err(self.fault(&error)),
            Err(_) => Err(Fault::new(
                FaultKind::Offline,
                format!("no answer in time from {}", self.place),
            )),
        }
    }

    /// Something S3 always answers was not in the answer.
    fn not_s3(&self, what: &str) -> Fault {
        Fault::stranger(format!(
            "no S3 server answers, for {what} is missing; the network may want a sign-in, or {} is not the \
             endpoint's address",
            self.place
        ))
    }
}

/// Ends when a body has not moved for so long that its connection must be dead.
async fn silence(flow: &Flow) -> Duration {
    let second = Duration::from_secs(1);
    let (mut before, mut quiet) = (flow.sent(), Duration::ZERO);
    loop {
        tokio::time::sleep(second).await;
        let sent = flow.sent();
        let moves = sent != before || flow.is_held();
        quiet = if moves { Duration::ZERO } else { quiet + second };
        before = sent;
        if quiet >= flow.silence() {
            return quiet;
        }
    }
}

fn is_not_found<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> bool {
    error.as_service_error().and_then(ProvideErrorMetadata::code) != Some("NoSuchBucket")
        && error.raw_response().is_some_and(|raw| raw.status().as_u16() == 404)
}

fn tagging(options: &Options) -> Option<String> {
    let tags: Vec<String> = options
        .tags
        .iter()
        .map(|(key, value)| format!("{}={}", percent(key), percent(value)))
        .collect();
    (!tags.is_empty()).then(|| tags.join("&"))
}

/// As the tagging header and an address want it: everything but unreserved characters as %XX.
pub(crate) fn percent(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

fn metadata(options: &Options) -> Option<std::collections::HashMap<String, String>> {
    (!options.metadata.is_empty()).then(|| options.metadata.iter().cloned().collect())
}

/// As S3 writes a CRC-64: eight bytes, high first, in base64.
pub(crate) fn crc64_text(sum: u64) -> String {
    BASE64.encode(sum.to_be_bytes())
}

fn crc64(text: &str) -> Option<u64> {
    BASE64.decode(text).ok()?.try_into().ok().map(u64::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_go_in_and_out_as_s3_writes_them() {
        // CRC-64/NVME of "123456789" is AE8B14860A799888
        assert_eq!(crc64_text(0xAE8B_1486_0A79_9888), "rosUhgp5mIg=");
        assert_eq!(crc64("rosUhgp5mIg="), Some(0xAE8B_1486_0A79_9888));
        assert_eq!(crc64("short"), None);
    }

    #[test]
    fn tags_are_escaped() {
        let options = Options { tags: vec![("a b".into(), "c&d=é".into())], ..Options::default() };
        assert_eq!(tagging(&options).unwrap(), "a%20b=c%26d%3D%C3%A9");
        assert_eq!(tagging(&Options::default()), None);
    }
}
