//! Turns errors of the SDK into faults.

mod transport;

use super::unread::element;
use crate::fault::{Fault, FaultKind, Reason};
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::create_session::CreateSessionError;
use aws_smithy_runtime_api::client::dns::ResolveDnsError;
use aws_smithy_runtime_api::client::result::ConnectorError;
use std::error::Error;

/// Turns an SDK error into a fault. `place` is the server's name for messages.
pub(super) fn fault<E>(error: &SdkError<E, HttpResponse>, place: &str) -> Fault
where
    E: ProvideErrorMetadata + Error + 'static,
{
    match error {
        SdkError::TimeoutError(_) => {
            Fault::because(FaultKind::Offline, Reason::NoAnswer { place: place.into() })
        }
        SdkError::DispatchFailure(failure) => {
            if let Some(fault) = credentials(error) {
                return fault;
            }
            if let Some(fault) = session(error, place) {
                return fault;
            }
            if let Some(fault) = transport::fault(error, place) {
                return fault;
            }
            let cause =
                failure.as_connector_error().map_or_else(String::new, |error| deepest(error));
            if failure.is_user() {
                return Fault::because(FaultKind::Unsupported, Reason::BadRequest { cause });
            }
            Fault::because(FaultKind::Offline, Reason::Unreachable { place: place.into(), cause })
        }
        SdkError::ConstructionFailure(_) => {
            credentials(error).or_else(|| session(error, place)).unwrap_or_else(|| {
                Fault::because(FaultKind::Unsupported, Reason::BadRequest { cause: deepest(error) })
            })
        }
        SdkError::ResponseError(response) => {
            let raw = response.raw();
            let status = raw.status().as_u16();
            let fault = of_status(status, place, raw);
            elsewhere(with_status(fault, status), raw)
        }
        SdkError::ServiceError(context) => {
            let raw = context.raw();
            let status = raw.status().as_u16();
            let said = context.err().meta();
            let mut fault = match said.code() {
                Some(code) => of_code(code, status, said.message().unwrap_or_default(), place),
                None => of_status(status, place, raw),
            };
            if let Some(code) = said.code() {
                fault.code = Some(code.to_owned());
            }
            fault.part = raw.body().bytes().and_then(part_named);
            fault.request_id = raw.headers().get("x-amz-request-id").map(ToOwned::to_owned);
            fault.retry_after = raw.headers().get("retry-after").and_then(wish);
            if fault.kind == FaultKind::Clock
                && let Some(seconds) = raw.headers().get("date").and_then(ahead)
            {
                fault.say(match seconds.abs() > SAME {
                    true => Reason::Clock { place: place.into(), seconds },
                    false => Reason::ClockAgrees { place: place.into() },
                });
            }
            elsewhere(with_status(fault, status), raw)
        }
        _ => Fault::new(FaultKind::Bug, deepest(error)),
    }
}

/// What a `credential_process` writes to its standard error may have secrets in it, and is the user's to read there.
fn without_stderr(mut said: String) -> String {
    if let Some(at) = said.find(" Stderr:") {
        said.truncate(at);
    }
    said
}

/// Whether the rejection names the bucket's region: in a header, or in the text if only the signature is for another
/// region. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/Redirects.html>
fn elsewhere(mut fault: Fault, raw: &HttpResponse) -> Fault {
    if fault.kind != FaultKind::WrongPlace || !matches!(fault.status, Some(301 | 307 | 400)) {
        return fault;
    }
    let reported = raw.headers().get("x-amz-bucket-region").map(ToOwned::to_owned);
    let text = || element(&String::from_utf8_lossy(raw.body().bytes()?), "Region");
    if let Some(region) = reported.or_else(text) {
        // S3 responded, with or without a code
        fault.stranger = false;
        fault.say(Reason::WrongRegion { region });
    }
    fault
}

/// A rejected S3 Express session, which precedes the request itself.
fn session(error: &(dyn Error + 'static), place: &str) -> Option<Fault> {
    std::iter::successors(Some(error), |&error| error.source())
        .skip(1)
        .find_map(|cause| cause.downcast_ref::<SdkError<CreateSessionError, HttpResponse>>())
        .map(|refused| fault(refused, place))
}

fn with_status(mut fault: Fault, status: u16) -> Fault {
    fault.status = Some(status);
    fault
}

/// Codes of a store that is full or over its quota. S3 has none, so each server has its own.
const FULL: [&str; 9] = [
    "XMinioStorageFull",
    "XMinioAdminBucketQuotaExceeded",
    "QuotaExceeded",
    "BucketQuotaExceeded",
    "InsufficientStorage",
    "InsufficientCapacity",
    "NotEnoughSpace",
    "StorageCapExceeded",
    "CapExceeded",
];

fn of_code(code: &str, status: u16, message: &str, place: &str) -> Fault {
    if status == 507 || FULL.contains(&code) {
        let said = Some(if message.is_empty() { code } else { message }.to_owned());
        return Fault::because(
            FaultKind::Unsupported,
            Reason::StoreFull { place: place.into(), said },
        );
    }
    if status == 413 {
        return too_large(place);
    }
    let kind = match code {
        "SlowDown"
        | "ServiceUnavailable"
        | "RequestLimitExceeded"
        | "Throttling"
        | "ThrottlingException"
        | "TooManyRequests" => FaultKind::Throttled,
        "RequestTimeTooSkewed" => FaultKind::Clock,
        "InvalidAccessKeyId"
        | "SignatureDoesNotMatch"
        | "ExpiredToken"
        | "ExpiredTokenException"
        | "InvalidToken"
        | "TokenRefreshRequired"
        | "InvalidSecurity"
        | "NotSignedUp"
        | "UnrecognizedClientException" => FaultKind::Credentials,
        "NoSuchBucket"
        | "PermanentRedirect"
        | "TemporaryRedirect"
        | "Redirect"
        | "AuthorizationHeaderMalformed"
        | "IllegalLocationConstraintException"
        | "InvalidBucketName" => FaultKind::WrongPlace,
        "AccessDenied" | "AllAccessDisabled" | "AccountProblem" | "MethodNotAllowed"
        | "Forbidden" => FaultKind::Denied,
        "BadDigest"
        | "InvalidDigest"
        | "XAmzContentSHA256Mismatch"
        // the framing of a trailer was damaged on the way
        | "InvalidChunkSizeError"
        | "MalformedTrailerError"
        | "XAmzContentChecksumMismatch" => FaultKind::Checksum,
        "PreconditionFailed" => FaultKind::Exists,
        "RequestTimeout" | "IncompleteBody" => FaultKind::Offline,
        // two conflicting writes (409): S3 says to retry, and then knows which was first
        "NoSuchUpload"
        | "InvalidPart"
        | "InternalError"
        | "OperationAborted"
        | "ConditionalRequestConflict" => FaultKind::Server,
        _ if status == 429 => FaultKind::Throttled,
        _ if status >= 500 && status != 501 => FaultKind::Server,
        _ if status == 401 || status == 403 => FaultKind::Denied,
        _ => FaultKind::Unsupported,
    };
    let text = if message.is_empty() { code.to_owned() } else { format!("{message} ({code})") };
    Fault::because(kind, Reason::Says { place: place.into(), text })
}

/// A response without an error code: a HEAD, which has no body, or not an S3 server.
fn part_named(body: &[u8]) -> Option<u16> {
    let (_, after) = std::str::from_utf8(body).ok()?.split_once("<PartNumber>")?;
    after.split_once('<')?.0.trim().parse().ok()
}

fn of_status(status: u16, place: &str, raw: &HttpResponse) -> Fault {
    match status {
        // neither a page nor a response: truncated, garbled or empty
        200..300 if !is_page(raw) => {
            Fault::because(FaultKind::Server, Reason::CutShort { place: place.into() })
        }
        429 => slow_down(place),
        413 => too_large(place),
        507 => {
            let reason = Reason::StoreFull { place: place.into(), said: None };
            Fault::because(FaultKind::Unsupported, reason)
        }
        // a gateway's response, because S3 itself has a code for everything; 503 too, unless it is a HEAD
        502 | 504 => gateway(place, status),
        503 if is_page(raw) => gateway(place, status),
        503 => slow_down(place),
        401 | 403 if !is_page(raw) => {
            Fault::because(FaultKind::Denied, Reason::Refused { place: place.into(), status })
        }
        500.. => {
            Fault::because(FaultKind::Server, Reason::ServerFailed { place: place.into(), status })
        }
        _ => not_s3(place, status, raw),
    }
}

/// It goes away by itself, and is not caused by the request.
fn gateway(place: &str, status: u16) -> Fault {
    Fault::because(FaultKind::Offline, Reason::Gateway { place: place.into(), status })
}

/// Usually a proxy's limit: S3 has a code of its own for a part that is too large, with status 400.
fn too_large(place: &str) -> Fault {
    Fault::because(FaultKind::Unsupported, Reason::TooLargeForIt { place: place.into() })
}

fn slow_down(place: &str) -> Fault {
    Fault::because(FaultKind::Throttled, Reason::SlowDown { place: place.into() })
}

/// A page for people, which no S3 server returns.
fn is_page(raw: &HttpResponse) -> bool {
    raw.headers().get("content-type").is_some_and(|kind| kind.starts_with("text/html"))
        && raw.headers().get("x-amz-request-id").is_none()
}

fn not_s3(place: &str, status: u16, raw: &HttpResponse) -> Fault {
    let reason = Reason::NotS3 { place: place.into(), status: Some(status), missing: None };
    if raw.headers().get("x-amz-request-id").is_some() {
        return Fault::because(FaultKind::WrongPlace, reason);
    }
    Fault::by_stranger(reason)
}

/// Tolerance in seconds: the time that a response takes, and the resolution of a Date.
const SAME: i64 = 60;

/// By how many seconds this computer's clock is ahead of the server's Date. The SDK signs later requests by the
/// server's clock.
fn ahead(date: &str) -> Option<i64> {
    let there = httpdate::parse_http_date(date).ok()?;
    match std::time::SystemTime::now().duration_since(there) {
        Ok(ahead) => i64::try_from(ahead.as_secs()).ok(),
        Err(behind) => i64::try_from(behind.duration().as_secs()).ok().map(|seconds| -seconds),
    }
}

/// Retry-After in ms: seconds, or a date (RFC 9110, 10.2.3).
fn wish(text: &str) -> Option<u64> {
    if let Ok(seconds) = text.trim().parse::<u64>() {
        return seconds.checked_mul(1000);
    }
    let at = httpdate::parse_http_date(text.trim()).ok()?;
    let wait = at.duration_since(std::time::SystemTime::now()).unwrap_or_default();
    u64::try_from(wait.as_millis()).ok()
}

/// Why there are no credentials, as a fault: it goes up through the SDK's errors as their cause.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct NoKeys(Box<Fault>);

impl From<Fault> for CredentialsError {
    fn from(fault: Fault) -> Self {
        Self::provider_error(NoKeys(Box::new(fault)))
    }
}

/// A fault of the credential chain, wherever it is among the causes.
pub(super) fn credentials(error: &(dyn Error + 'static)) -> Option<Fault> {
    let causes = || std::iter::successors(Some(error), |&error| error.source());
    if !causes().any(<dyn Error>::is::<CredentialsError>) {
        return None;
    }
    if let Some(NoKeys(fault)) = causes().find_map(|cause| cause.downcast_ref()) {
        return Some(Fault::clone(fault));
    }
    if let Some(fault) = causes().find_map(transport::not_the_service) {
        return Some(fault);
    }
    // whoever gives out the keys is out of reach, and they are not to blame
    let unreached = causes().any(is_unreached);
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(refused) = error.downcast_ref::<CredentialsError>() {
            let reason = match refused {
                CredentialsError::CredentialsNotLoaded(_) => Reason::NoKeys,
                CredentialsError::InvalidConfiguration(_) => {
                    Reason::AwsConfiguration { cause: deepest(refused) }
                }
                CredentialsError::ProviderTimedOut(_) => Reason::KeysNotGiven { cause: None },
                _ => Reason::KeysNotGiven { cause: Some(without_stderr(deepest(refused))) },
            };
            let kind = if unreached { FaultKind::Offline } else { FaultKind::Credentials };
            return Some(Fault::because(kind, reason));
        }
        cause = error.source();
    }
    None
}

/// Whether there is no network, or no response in time.
pub(super) fn is_unreached(error: &(dyn Error + 'static)) -> bool {
    let broken = error.downcast_ref::<ConnectorError>();
    broken.is_some_and(|error| error.is_io() || error.is_timeout())
        || error.is::<ResolveDnsError>()
        || matches!(error.downcast_ref(), Some(CredentialsError::ProviderTimedOut(_)))
}

/// The innermost cause is the most precise: "connection refused", not "dispatch failure".
pub(super) fn deepest(error: &(dyn Error + 'static)) -> String {
    let mut error = error;
    while let Some(cause) = error.source() {
        error = cause;
    }
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_s3::primitives::SdkBody;

    #[test]
    fn codes_become_what_is_done_about_them() {
        let table = [
            ("SlowDown", 503, FaultKind::Throttled),
            ("InternalError", 500, FaultKind::Server),
            ("SignatureDoesNotMatch", 403, FaultKind::Credentials),
            ("AccessDenied", 403, FaultKind::Denied),
            ("NoSuchBucket", 404, FaultKind::WrongPlace),
            ("BadDigest", 400, FaultKind::Checksum),
            ("RequestTimeTooSkewed", 403, FaultKind::Clock),
            ("PreconditionFailed", 412, FaultKind::Exists),
            ("ConditionalRequestConflict", 409, FaultKind::Server),
            ("NotImplemented", 501, FaultKind::Unsupported),
            ("EntityTooLarge", 400, FaultKind::Unsupported),
            ("Whatever", 502, FaultKind::Server),
            ("Whatever", 403, FaultKind::Denied),
        ];
        for (code, status, kind) in table {
            assert_eq!(of_code(code, status, "", "s").kind, kind, "{code} {status}");
        }
    }

    #[test]
    fn who_answers_without_a_code_is_told_apart() {
        let answer = |status: u16, headers: &[(&'static str, &'static str)]| {
            let mut raw = HttpResponse::new(status.try_into().unwrap(), SdkBody::empty());
            for (name, value) in headers {
                raw.headers_mut().insert(*name, *value);
            }
            of_status(status, "s", &raw)
        };
        let page = ("content-type", "text/html; charset=utf-8");
        let s3 = ("x-amz-request-id", "1");
        assert_eq!(answer(500, &[]).kind, FaultKind::Server);
        assert_eq!(answer(502, &[page]).kind, FaultKind::Offline);
        assert_eq!(answer(503, &[page]).kind, FaultKind::Offline);
        assert_eq!(answer(503, &[s3]).kind, FaultKind::Throttled);
        assert_eq!(answer(403, &[]).kind, FaultKind::Denied);
        assert!(answer(403, &[page]).stranger);
        assert!(answer(302, &[]).stranger);
        assert!(!answer(400, &[s3]).stranger);
    }

    #[test]
    fn a_wish_is_seconds_or_a_date() {
        assert_eq!(wish("7"), Some(7000));
        assert_eq!(wish("Wed, 21 Oct 2015 07:28:00 GMT"), Some(0));
        let soon = std::time::SystemTime::now() + std::time::Duration::from_secs(60);
        assert!((50_000..=60_000).contains(&wish(&httpdate::fmt_http_date(soon)).unwrap()));
        assert_eq!(wish("soon"), None);
    }
}
