//! The S3 client: one method per request. Only this file and its folder use the AWS SDK.

/// Collects the checksums that many of the SDK's outputs have in fields of the same names.
macro_rules! reported {
    ($answer:expr) => {
        $crate::model::checksum::ReportedChecksums {
            crc64nvme: $answer.checksum_crc64_nvme().map(ToOwned::to_owned),
            crc32c: $answer.checksum_crc32_c().map(ToOwned::to_owned),
            crc32: $answer.checksum_crc32().map(ToOwned::to_owned),
        }
    };
}
pub(crate) mod body;
mod buckets;
mod checksum_headers;
mod configured;
mod connect;
mod dial;
mod ending;
mod faults;
mod folders;
mod head;
mod headers;
mod http_client;
mod incomplete;
mod keys;
mod lasting;
mod length;
mod lifecycle;
mod look;
mod multipart;
mod names;
mod object_lock;
mod object_options;
mod pages;
mod presign;
pub(crate) mod probe;
mod profile;
mod profile_names;
mod proxy;
mod region;
mod roles;
mod scratch;
mod services;
pub(crate) mod sign_in;
mod signed_in;
mod sliced;
mod sso_token;
mod trust;
mod unread;
mod write_condition;

pub(crate) use checksum_headers::ChecksumPlacement;
pub(crate) use ending::{Ending, Then};
pub(crate) use incomplete::{CreatedWith, Listed, PartsOf, Unfinished};
pub(crate) use lifecycle::Lifecycle;
pub(crate) use look::Seen;
pub(crate) use multipart::Finish;
pub(crate) use object_lock::Locks;
pub(crate) use object_options::percent;
pub(crate) use roles::Sessions;
pub(crate) use write_condition::WriteCondition;

pub use configured::Configured;
pub(crate) use connect::profiles;
pub(crate) use profile_names::unreadable_profiles;

use crate::fault::{Fault, FaultKind, InvalidOption, Reason, Result};
use crate::model::checksum::{ChecksumMode, ReportedChecksums};
use crate::model::connection::Connection;
use crate::model::customer_key::CustomerKey;
use crate::model::object_options::Options;
use crate::model::proxy::ProxyLogin;
use crate::model::secret::Secret;
use crate::model::upload::Target;
use crate::s3::body::{Payload, SendProgress};
use aws_sdk_s3::Client;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::{ByteStream, SdkBody};
use aws_sdk_s3::types::ServerSideEncryption;
use connect::Connected;
use keys::Signer;
use lasting::Lasting;
use object_options::{as_stored, keyed};
use region::Elsewhere;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How long a request without a body may take before the server counts as unreachable.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);

/// A connection's client.
#[derive(Clone)]
pub(crate) struct S3 {
    client: Client,
    /// The server's name in faults.
    place: String,
    /// Whether it is Amazon S3, where creating a bucket outside us-east-1 needs the region in the body.
    amazon: bool,
    /// The connection, completed with the AWS configuration.
    used: Arc<Connection>,
    /// The server rejects HeadObject with checksum mode enabled.
    tells_none: Arc<AtomicBool>,
    /// The server was seen to encrypt with a customer key.
    encrypts: Arc<AtomicBool>,
    /// The credentials provider, also for links that expire with their credentials. `None` if requests are not signed.
    keys: Option<Arc<Lasting>>,
    /// Who gives these credentials out. `None` if requests are not signed.
    signer: Option<Arc<Signer>>,
    elsewhere: Elsewhere,
    /// Host and port of the proxy on the way.
    proxy: Option<String>,
    /// The customer key of the object.
    customer_key: Option<Arc<CustomerKey>>,
}

/// What a server reported about something it stored.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept {
    pub(crate) etag: Option<String>,
    pub(crate) version_id: Option<String>,
    pub(crate) reported: ReportedChecksums,
    /// Encrypted with a key other than the server's own, so that its ETag looks like an MD5 but is not one.
    pub(crate) opaque: bool,
}

/// An object as HeadObject reports it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Object {
    pub(crate) size: u64,
    pub(crate) locks: Locks,
    /// By the server's clock, if it sent a Date.
    pub(crate) age: Option<Duration>,
    /// Its Last-Modified, in ms since 1970.
    pub(crate) modified_at: Option<u64>,
    pub(crate) storage_class: Option<String>,
    pub(crate) metadata: HashMap<String, String>,
    pub(crate) kept: Kept,
}

impl S3 {
    /// Creates the client of a connection.
    ///
    /// # Errors
    /// `Credentials`, if there are none; `WrongPlace`, if the endpoint, the proxy or the certificates cannot be used.
    pub(crate) async fn connect(
        connection: &Connection,
        secret: Option<Secret>,
        proxy_login: Option<ProxyLogin>,
        sessions: &Sessions,
    ) -> Result<Self> {
        let connected = connect::client(connection, secret, proxy_login, sessions).await?;
        let Connected { client, keys, signer, used, proxy } = connected;
        let place = match &used.endpoint {
            Some(endpoint) => endpoint.trim().trim_end_matches('/').to_owned(),
            None => "Amazon S3".to_owned(),
        };
        Ok(Self {
            client,
            place,
            amazon: used.endpoint.is_none(),
            used: Arc::new(used),
            tells_none: Arc::default(),
            encrypts: Arc::default(),
            keys,
            signer: signer.map(Arc::new),
            elsewhere: Elsewhere::default(),
            proxy,
            customer_key: None,
        })
    }

    /// The connection, completed with the AWS configuration.
    pub(crate) fn used(&self) -> &Arc<Connection> {
        &self.used
    }

    /// The endpoint in notes that outlive the client: empty for Amazon S3. The practice store has another port at each
    /// start.
    pub(crate) fn endpoint(&self) -> String {
        match (&self.used.endpoint, self.used.practice) {
            (None, _) => String::new(),
            (Some(_), true) => "practice".to_owned(),
            (Some(_), false) => self.place.clone(),
        }
    }

    /// Host and port of the proxy through which the server is reached.
    pub(crate) fn proxy(&self) -> Option<&str> {
        self.proxy.as_deref()
    }

    /// The same client, for an object that is encrypted with a customer key.
    #[must_use]
    pub(crate) fn with_customer_key(&self, key: Option<CustomerKey>) -> Self {
        Self { customer_key: key.map(Arc::new), ..self.clone() }
    }

    fn fault<E>(&self, error: &SdkError<E, HttpResponse>) -> Fault
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let mut fault = faults::fault(error, &self.place);
        if fault.has_expired() && self.keys.as_ref().is_some_and(|keys| keys.have_ended()) {
            // signed and sent again with others, as soon as there are some
            fault.kind = FaultKind::SignIn;
        }
        fault
    }

    /// The SDK's futures are some 20 KB each. Callers box them, so that they do not enlarge every state of a transfer.
    async fn within<T, E>(
        &self,
        limit: Duration,
        request: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    ) -> Result<T>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        match tokio::time::timeout(limit, request).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(self.fault(&error)),
            Err(_) => Err(self.no_answer()),
        }
    }

    pub(crate) async fn put(
        &self,
        target: &Target,
        options: &Options,
        content_type: &str,
        placement: ChecksumPlacement,
        condition: &WriteCondition,
        payload: Payload,
    ) -> Result<Kept> {
        let Payload { body, send_progress, length } = payload;
        let sum = |checksum_mode| placement.header(checksum_mode);
        let request = as_stored!(self.client.put_object(), options);
        let request = keyed!(request, self.customer_key.as_deref())
            .bucket(&target.bucket)
            .key(&target.key)
            .content_type(content_type)
            .content_length(length.cast_signed())
            .set_checksum_crc64_nvme(sum(ChecksumMode::Crc64Nvme))
            .set_checksum_crc32_c(sum(ChecksumMode::Crc32c))
            .set_checksum_crc32(sum(ChecksumMode::Crc32))
            .set_content_md5(sum(ChecksumMode::Md5))
            .set_if_none_match(condition.if_none_match())
            .set_if_match(condition.if_match())
            .body(ByteStream::new(SdkBody::from_body_1_x(body)))
            .customize()
            .disable_payload_signing();
        let answer = self.while_moving(&send_progress, Box::pin(request.send())).await?;
        if answer.e_tag().is_none() {
            return Err(self.not_s3("ETag"));
        }
        self.encrypts(answer.sse_customer_algorithm())?;
        Ok(Kept {
            etag: answer.e_tag().map(ToOwned::to_owned),
            version_id: answer.version_id().map(ToOwned::to_owned),
            reported: reported!(answer),
            opaque: self.customer_key.is_some() || opaque(answer.server_side_encryption()),
        })
    }

    /// A request with a body has no timeout, only a stall timeout: a slow link is not a dead one.
    async fn while_moving<T, E>(
        &self,
        send_progress: &Arc<SendProgress>,
        request: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    ) -> Result<T>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        tokio::select! {
            answer = request => answer.map_err(|error| match send_progress.ended() {
                // the connection failed because reading the file did
                Some(Err(fault)) => fault,
                _ => self.fault(&error),
            }),
            silence = silence(send_progress) => {
                send_progress.give_up();
                let reason = Reason::Silent { place: self.place.clone(), seconds: silence.as_secs() };
                Err(Fault::because(FaultKind::Offline, reason))
            }
        }
    }

    /// Checks that the server encrypts with the customer key before a byte is sent: a server that ignores such keys
    /// would store plain bytes. It creates a multipart upload and aborts it at once, and does so only once.
    pub(crate) async fn asks_to_encrypt(&self, target: &Target, options: &Options) -> Result<()> {
        if self.customer_key.is_none() || self.encrypts.load(Ordering::Relaxed) {
            return Ok(());
        }
        let created = self
            .create_upload(target, options, "application/octet-stream", ChecksumMode::Md5)
            .await?;
        self.abort(target, &created.upload_id).await.map(|_| ())
    }

    /// A server that supports customer keys confirms them; one that does not stores the bytes without a warning.
    fn encrypts(&self, reported: Option<&str>) -> Result<()> {
        if self.customer_key.is_none() || reported.is_some() {
            self.encrypts.fetch_or(reported.is_some(), Ordering::Relaxed);
            return Ok(());
        }
        let wrong = InvalidOption::NotEncrypted { place: self.place.clone() };
        Err(Fault::because(FaultKind::Unsupported, Reason::Stored { wrong }))
    }

    /// A response lacks something that S3 always returns.
    fn not_s3(&self, what: &str) -> Fault {
        let (place, missing) = (self.place.clone(), Some(what.to_owned()));
        Fault::by_stranger(Reason::NotS3 { place, status: None, missing })
    }

    /// A response of 200 that is not a response of S3.
    fn cut_short(&self) -> Fault {
        Fault::because(FaultKind::Server, Reason::CutShort { place: self.place.clone() })
    }

    fn no_answer(&self) -> Fault {
        Fault::because(FaultKind::Offline, Reason::NoAnswer { place: self.place.clone() })
    }
}

/// Resolves when a body has not moved for so long that its connection must be dead.
async fn silence(send_progress: &SendProgress) -> Duration {
    let second = Duration::from_secs(1);
    let (mut before, mut quiet) = (send_progress.sent(), Duration::ZERO);
    loop {
        tokio::time::sleep(second).await;
        let sent = send_progress.sent();
        let moves = sent != before || send_progress.is_held();
        quiet = if moves { Duration::ZERO } else { quiet + second };
        before = sent;
        if quiet >= send_progress.silence() {
            return quiet;
        }
    }
}

/// Whether an object is encrypted with a key other than the server's own.
fn opaque(encryption: Option<&ServerSideEncryption>) -> bool {
    encryption.is_some_and(|how| how.as_str() != "AES256")
}
