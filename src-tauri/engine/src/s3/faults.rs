//! From what the SDK says to a Fault. Knows S3's error codes; matches on codes and statuses, never on message text.

use crate::fault::{Fault, FaultKind};
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use std::error::Error;

/// `place` names the server, for the words.
pub(super) fn fault<E>(error: &SdkError<E, HttpResponse>, place: &str) -> Fault
where
    E: ProvideErrorMetadata + Error + 'static,
{
    match error {
        SdkError::TimeoutError(_) => {
            Fault::new(FaultKind::Offline, format!("{place} did not answer in time"))
        }
        SdkError::DispatchFailure(failure) => {
            if let Some(fault) = credentials(error) {
                return fault;
            }
            let why = failure.as_connector_error().map_or_else(String::new, |error| deepest(error));
            if failure.is_user() {
                return Fault::new(
                    FaultKind::Unsupported,
                    format!("the request could not be made: {why}"),
                );
            }
            Fault::new(FaultKind::Offline, format!("{place} cannot be reached: {why}"))
        }
        SdkError::ConstructionFailure(_) => credentials(error).unwrap_or_else(|| {
            Fault::new(
                FaultKind::Unsupported,
                format!("the request could not be made: {}", deepest(error)),
            )
        }),
        SdkError::ResponseError(response) => {
            let status = response.raw().status().as_u16();
            with_status(not_s3(place, status), status)
        }
        SdkError::ServiceError(context) => {
            let raw = context.raw();
            let status = raw.status().as_u16();
            let said = context.err().meta();
            let mut fault = match said.code() {
                Some(code) => of_code(code, status, said.message().unwrap_or_default(), place),
                None => of_status(status, place),
            };
            fault.code = said.code().map(ToOwned::to_owned);
            fault.request_id = raw.headers().get("x-amz-request-id").map(ToOwned::to_owned);
            fault.retry_after = raw
                .headers()
                .get("retry-after")
                .and_then(|s| s.parse::<u64>().ok())
                .map(|s| s * 1000);
            if let Some(region) = raw.headers().get("x-amz-bucket-region")
                && fault.kind == FaultKind::WrongPlace
            {
                fault.detail = format!("the bucket lives in the region {region}");
            }
            with_status(fault, status)
        }
        _ => Fault::new(FaultKind::Bug, deepest(error)),
    }
}

fn with_status(mut fault: Fault, status: u16) -> Fault {
    fault.status = Some(status);
    fault
}

fn of_code(code: &str, status: u16, message: &str, place: &str) -> Fault {
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
        | "XAmzContentChecksumMismatch" => FaultKind::Checksum,
        "PreconditionFailed" | "ConditionalRequestConflict" => FaultKind::Exists,
        "RequestTimeout" | "IncompleteBody" => FaultKind::Offline,
        "NoSuchUpload" | "InvalidPart" | "InternalError" | "OperationAborted" => FaultKind::Server,
        _ if status == 429 => FaultKind::Throttled,
        _ if status >= 500 && status != 501 => FaultKind::Server,
        _ if status == 401 || status == 403 => FaultKind::Denied,
        _ => FaultKind::Unsupported,
    };
    let said = if message.is_empty() { code.to_owned() } else { format!("{message} ({code})") };
    Fault::new(kind, format!("{place} says: {said}"))
}

/// An answer without an error code: a HEAD, which has no body, or somebody who does not speak S3.
fn of_status(status: u16, place: &str) -> Fault {
    match status {
        429 => Fault::new(FaultKind::Throttled, format!("{place} asks for patience")),
        401 | 403 => Fault::new(FaultKind::Denied, format!("{place} refused (HTTP {status})")),
        500.. => Fault::new(FaultKind::Server, format!("{place} failed (HTTP {status})")),
        _ => not_s3(place, status),
    }
}

fn not_s3(place: &str, status: u16) -> Fault {
    let detail = format!(
        "{place} answers HTTP {status} and not as an S3 server does; is this the endpoint's address?"
    );
    Fault::new(FaultKind::WrongPlace, detail)
}

/// A fault of the credential chain, wherever in the chain of causes it is.
fn credentials(error: &(dyn Error + 'static)) -> Option<Fault> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(refused) = error.downcast_ref::<CredentialsError>() {
            let detail = match refused {
                CredentialsError::CredentialsNotLoaded(_) => {
                    "no keys were found for this connection: neither in the environment nor in the profile".to_owned()
                }
                CredentialsError::InvalidConfiguration(_) => {
                    format!("the AWS configuration cannot be used: {}", deepest(refused))
                }
                CredentialsError::ProviderTimedOut(_) => "the place that gives out the keys did not answer".to_owned(),
                _ => format!("the keys could not be had: {}", deepest(refused)),
            };
            return Some(Fault::new(FaultKind::Credentials, detail));
        }
        cause = error.source();
    }
    None
}

/// The innermost cause says most: "connection refused", not "dispatch failure".
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
            ("NotImplemented", 501, FaultKind::Unsupported),
            ("EntityTooLarge", 400, FaultKind::Unsupported),
            ("Whatever", 502, FaultKind::Server),
            ("Whatever", 403, FaultKind::Denied),
        ];
        for (code, status, kind) in table {
            assert_eq!(of_code(code, status, "", "s").kind, kind, "{code} {status}");
        }
        assert_eq!(of_status(404, "s").kind, FaultKind::WrongPlace);
        assert_eq!(of_status(502, "s").kind, FaultKind::Server);
    }
}
