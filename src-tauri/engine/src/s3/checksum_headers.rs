//! How a body's checksum is sent: in a header before it, or in a trailer after it.

use crate::model::checksum::{ChecksumMode, Digests};
use crate::s3::body::Trailer;
use aws_runtime::auth::PayloadSigningOverride;
use aws_sdk_s3::config::interceptors::BeforeTransmitInterceptorContextMut;
use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_s3::error::BoxError;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;

/// Where a body's checksum is sent.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ChecksumPlacement {
    /// Computed before, in the header of this mode.
    Header(ChecksumMode, Digests),
    /// Computed while sending, in a trailer.
    Trailer(Trailer),
}

impl ChecksumPlacement {
    /// The header's value for this algorithm, if its checksum is sent in a header.
    pub(super) fn header(self, of: ChecksumMode) -> Option<String> {
        match self {
            Self::Header(checksum_mode, digests) if checksum_mode.algorithm() == of.algorithm() => {
                digests.text(checksum_mode)
            }
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

/// Announces the framing of the body (see `body::Trailer`), and leaves the bytes unsigned.
#[derive(Debug)]
pub(super) struct Framing {
    pub(super) trailer: Option<Trailer>,
    /// Length of the file's data.
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
