//! Checksums, MD5 and length that a request gives for its body, in headers or trailers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use http::HeaderMap;
use s3s::{S3Result, TrailingHeaders, s3_error};

use crate::answer::refused;
use crate::sums::{Algorithm, Digests};

/// The checksums and the length that a request gives for its body.
#[derive(Debug, Default)]
pub(crate) struct RequestChecksums {
    given: Option<(Algorithm, String)>,
    trailer: Option<Algorithm>,
    md5: Option<Vec<u8>>,
    /// of the data itself, without the framing of aws-chunked
    pub(crate) length: Option<u64>,
}

impl RequestChecksums {
    pub(crate) fn from_headers(headers: &HeaderMap) -> S3Result<Self> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let number = |name: &str| text(name).and_then(|value| value.parse().ok());
        let trailer = text("x-amz-trailer").and_then(|name| {
            Algorithm::ALL
                .into_iter()
                .find(|algorithm| name.trim().eq_ignore_ascii_case(algorithm.header()))
        });
        let claimed = Self {
            given: given_in(headers)?,
            trailer,
            md5: text("content-md5").map(md5_given).transpose()?,
            length: number("x-amz-decoded-content-length").or_else(|| number("content-length")),
        };
        if let Some(name) = text("x-amz-sdk-checksum-algorithm") {
            Algorithm::named(name)?;
            if claimed.algorithm().is_none() {
                return Err(s3_error!(
                    InvalidRequest,
                    "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer \
                     headers were found."
                ));
            }
        }
        Ok(claimed)
    }

    pub(crate) fn algorithm(&self) -> Option<Algorithm> {
        self.given.as_ref().map(|(algorithm, _)| *algorithm).or(self.trailer)
    }

    /// Called after the whole body has arrived, because trailers come last.
    pub(crate) fn hold(
        &self,
        size: u64,
        md5: [u8; 16],
        sums: &Digests,
        trailers: Option<&TrailingHeaders>,
    ) -> S3Result<()> {
        if self.length.is_some_and(|length| length != size) {
            return Err(s3_error!(IncompleteBody, "The request body is not as long as it said."));
        }
        if self.md5.as_ref().is_some_and(|given| given.as_slice() != md5) {
            return Err(s3_error!(
                BadDigest,
                "The Content-MD5 you specified did not match what we received."
            ));
        }
        let mut claimed: Vec<(Algorithm, String)> = self.given.iter().cloned().collect();
        if let Some(algorithm) = self.trailer {
            let headers = trailers.and_then(TrailingHeaders::take).unwrap_or_default();
            let (_, value) =
                given_in(&headers)?.filter(|(given, _)| *given == algorithm).ok_or_else(|| {
                    refused(
                        "MalformedTrailerError",
                        http::StatusCode::BAD_REQUEST,
                        "The trailer that the request announced did not come.",
                    )
                })?;
            claimed.push((algorithm, value));
        }
        for (algorithm, value) in &claimed {
            if sums.get(algorithm) != Some(value) {
                return Err(mismatch(*algorithm));
            }
        }
        Ok(())
    }
}

pub(crate) fn mismatch(algorithm: Algorithm) -> s3s::S3Error {
    s3_error!(
        BadDigest,
        "The {} you specified did not match the calculated checksum.",
        algorithm.name()
    )
}

/// The one checksum in these headers, if its form is valid.
pub(crate) fn given_in(headers: &HeaderMap) -> S3Result<Option<(Algorithm, String)>> {
    let mut found = None;
    for algorithm in Algorithm::ALL {
        let Some(value) = headers.get(algorithm.header()) else { continue };
        if found.is_some() {
            return Err(s3_error!(
                InvalidRequest,
                "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."
            ));
        }
        let value = value.to_str().unwrap_or_default();
        // a composite checksum is followed by "-" and the number of parts
        let digest = value.split('-').next().unwrap_or_default();
        if BASE64.decode(digest).map(|bytes| bytes.len()).ok() != Some(algorithm.bytes()) {
            return Err(s3_error!(
                InvalidRequest,
                "Value for {} header is invalid.",
                algorithm.header()
            ));
        }
        found = Some((algorithm, value.to_owned()));
    }
    Ok(found)
}

fn md5_given(value: &str) -> S3Result<Vec<u8>> {
    let bytes = BASE64.decode(value).ok().filter(|bytes| bytes.len() == 16);
    bytes.ok_or_else(|| s3_error!(InvalidDigest, "The Content-MD5 you specified is not valid."))
}
