//! How a body's checksum goes with it: in a header before, or behind the bytes in a trailer. Knows headers; sums nothing.

use crate::body::Trailer;
use crate::sum::{Rung, Sums};
use aws_runtime::auth::PayloadSigningOverride;
use aws_sdk_s3::config::interceptors::{
    BeforeDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
};
use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_s3::error::BoxError;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use std::sync::{Arc, Mutex, PoisonError};

/// What a body's bytes are held against when they arrive.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Seal {
    /// Summed before, in the header of this rung.
    Header(Rung, Sums),
    /// Summed while they leave.
    Trailer(Trailer),
}

impl Seal {
    /// The header's value for this algorithm, where it is the one that goes ahead.
    pub(super) fn header(self, of: Rung) -> Option<String> {
        match self {
            Self::Header(rung, sums) if rung.algorithm() == of.algorithm() => sums.text(rung),
            _ => None,
        }
    }

    pub(super) fn trailer(self) -> Option<Trailer> {
        match self {
            Self::Trailer(trailer) => Some(trailer),
            Self::Header(..) => None,
        }
    }
}

/// Reads the checksum that Google's store tells of every object in a header of its own: a CRC-32C.
/// <https://cloud.google.com/storage/docs/xml-api/reference-headers#xgooghash>
#[derive(Clone, Debug, Default)]
pub(super) struct GoogleHash(Arc<Mutex<Option<String>>>);

impl GoogleHash {
    pub(super) fn crc32c(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[dyn_dispatch_hint]
impl Intercept for GoogleHash {
    fn name(&self) -> &'static str {
        "GoogleHash"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let told = context.response().headers().get_all("x-goog-hash");
        let found = told
            .flat_map(|hashes| hashes.split(','))
            .find_map(|hash| hash.trim().strip_prefix("crc32c=").map(ToOwned::to_owned));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = found;
        Ok(())
    }
}

/// Tells the server of the framing that the body has (see `body::Trailer`), and leaves the bytes unsigned.
#[derive(Debug)]
pub(super) struct Framing {
    pub(super) trailer: Option<Trailer>,
    /// Bytes of the file.
    pub(super) length: u64,
}

#[dyn_dispatch_hint]
impl Intercept for Framing {
    fn name(&self) -> &'static str {
        "Framing"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Some(trailer) = self.trailer else { return Ok(()) };
        let headers = context.request_mut().headers_mut();
        headers.insert("content-encoding", "aws-chunked");
        headers.insert("x-amz-trailer", trailer.name);
        headers.insert("x-amz-decoded-content-length", self.length.to_string());
        headers.insert("content-length", trailer.framed(self.length).to_string());
        bag.interceptor_state().store_put(PayloadSigningOverride::StreamingUnsignedPayloadTrailer);
        Ok(())
    }
}
