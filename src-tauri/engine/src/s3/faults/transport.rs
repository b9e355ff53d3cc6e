//! Classifies transport errors: an unknown host, an untrusted certificate, or the network.

use super::deepest;
use crate::fault::{Fault, FaultKind, Reason};
use aws_smithy_runtime_api::client::dns::ResolveDnsError;
use rustls::CertificateError::{
    self, ApplicationVerificationFailure, BadSignature, Other, UnknownIssuer,
};
use std::error::Error;

/// Why a request got no response, if it is more specific than the network.
pub(super) fn fault(error: &(dyn Error + 'static), place: &str) -> Option<Fault> {
    let place = || place.to_owned();
    chain(error).find_map(|cause| {
        if let Some(rustls::Error::InvalidCertificate(reason)) = cause.downcast_ref() {
            let reason = match is_untrusted(reason) {
                true => Reason::UnknownIssuer { place: place() },
                false => Reason::BadCertificate { place: place(), cause: reason.to_string() },
            };
            // the sign-in page of a network looks like this, too
            return Some(Fault::by_stranger(reason));
        }
        cause.downcast_ref::<ResolveDnsError>().map(|error| {
            let reason = Reason::NoSuchHost { host: host(&place()), cause: deepest(error) };
            Fault::because(FaultKind::Offline, reason)
        })
    })
}

/// An additional certificate authority would help.
fn is_untrusted(reason: &CertificateError) -> bool {
    matches!(reason, UnknownIssuer | BadSignature | ApplicationVerificationFailure | Other(_))
}

/// An `io::Error` does not return its inner error as its source.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| match error.downcast_ref::<std::io::Error>() {
        Some(io) => io.get_ref().map(|inner| inner as &(dyn Error + 'static)),
        None => error.source(),
    })
}

/// The host of an endpoint, as it is looked up.
fn host(endpoint: &str) -> String {
    let host = endpoint.split_once("://").map_or(endpoint, |(_, host)| host);
    host.split(['/', ':']).next().unwrap_or(host).to_owned()
}
