//! Reads response headers that the SDK drops: the checksum header of Google's store, and the server's clock.

use crate::model::lock::locked;
use aws_sdk_s3::config::interceptors::BeforeDeserializationInterceptorContextRef;
use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_s3::error::BoxError;
use aws_sdk_s3::primitives::{DateTime, DateTimeFormat};
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use aws_smithy_runtime_api::http::Headers;
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[derive(Clone, Debug, Default)]
struct Read {
    crc32c: Option<String>,
    date: Option<DateTime>,
}

/// Interceptors that keep a header of the response, to be read after it.
#[derive(Clone, Debug, Default)]
pub(super) struct ReportedHeaders(Arc<Mutex<Read>>);

impl ReportedHeaders {
    fn read(&self) -> Read {
        locked(&self.0).clone()
    }

    /// <https://cloud.google.com/storage/docs/xml-api/reference-headers#xgooghash>
    pub(super) fn crc32c(&self) -> Option<String> {
        self.read().crc32c
    }

    /// How long ago a time was, by the server's own clock.
    pub(super) fn age(&self, of: Option<&DateTime>) -> Option<Duration> {
        let age = self.read().date?.secs() - of?.secs();
        Some(Duration::from_secs(u64::try_from(age).unwrap_or(0)))
    }
}

/// A time in ms since 1970; `None` if it is earlier.
pub(super) fn milliseconds(time: &DateTime) -> Option<u64> {
    time.to_millis().ok().and_then(|time| u64::try_from(time).ok())
}

/// A response's Date: the server's clock.
pub(super) fn date(headers: &Headers) -> Option<DateTime> {
    headers.get("date").and_then(|date| DateTime::from_str(date, DateTimeFormat::HttpDate).ok())
}

#[dyn_dispatch_hint]
impl Intercept for ReportedHeaders {
    fn name(&self) -> &'static str {
        "ReportedHeaders"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let headers = context.response().headers();
        let hashes = headers.get_all("x-goog-hash").flat_map(|hashes| hashes.split(','));
        let crc32c = |hash: &str| hash.trim().strip_prefix("crc32c=").map(ToOwned::to_owned);
        let date = date(headers);
        *locked(&self.0) = Read { crc32c: hashes.into_iter().find_map(crc32c), date };
        Ok(())
    }
}
