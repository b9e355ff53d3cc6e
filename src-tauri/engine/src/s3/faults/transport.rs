//! Classifies transport errors: a proxy, an unknown host, an untrusted certificate, or the network.

use super::deepest;
use crate::fault::{Fault, FaultKind, Reason};
use crate::s3::names::NoSuchName;
use crate::s3::proxy::{ProxyError, ProxyFailure};
use crate::s3::services::NotTheService;
use rustls::CertificateError::{
    self, ApplicationVerificationFailure, BadSignature, Other, UnknownIssuer,
};
use std::error::Error;

/// Why a request got no response, if it is more specific than the network.
pub(super) fn fault(error: &(dyn Error + 'static), place: &str) -> Option<Fault> {
    let place = || place.to_owned();
    chain(error).find_map(|cause| {
        if let Some(ProxyError { proxy, how }) = cause.downcast_ref() {
            return Some(of_proxy(proxy.clone(), how, place()));
        }
        if let Some(rustls::Error::InvalidCertificate(reason)) = cause.downcast_ref() {
            let reason = match is_untrusted(reason) {
                true => Reason::UnknownIssuer { place: place() },
                false => Reason::BadCertificate { place: place(), cause: reason.to_string() },
            };
            // the sign-in page of a network looks like this, too
            return Some(Fault::by_stranger(reason));
        }
        if let Some(fault) = not_the_service(cause) {
            return Some(fault);
        }
        cause.downcast_ref::<NoSuchName>().map(|error| {
            let reason = Reason::NoSuchHost { host: host(&place()), cause: deepest(error) };
            Fault::because(FaultKind::Offline, reason)
        })
    })
}

/// A network or a proxy answered in the place of a service that gives out credentials.
pub(super) fn not_the_service(cause: &(dyn Error + 'static)) -> Option<Fault> {
    let NotTheService { host } = cause.downcast_ref()?;
    Some(Fault::because(FaultKind::Offline, Reason::NotTheService { host: host.clone() }))
}

fn of_proxy(proxy: String, how: &ProxyFailure, place: String) -> Fault {
    match how {
        ProxyFailure::Down { cause } => {
            let cause = cause.clone();
            Fault::because(FaultKind::Offline, Reason::ProxyDown { proxy, cause })
        }
        ProxyFailure::NotThrough { cause } => {
            let cause = cause.clone();
            Fault::because(FaultKind::Offline, Reason::ProxyNotThrough { proxy, place, cause })
        }
        ProxyFailure::Refused { status } => {
            let reason = Reason::ProxyRefused { proxy, place, status: *status };
            // another network may need no proxy
            Fault { status: *status, ..Fault::by_stranger(reason) }
        }
        ProxyFailure::Login { given: false } => {
            Fault::because(FaultKind::Credentials, Reason::ProxyNeedsLogin { proxy })
        }
        ProxyFailure::Login { given: true } => {
            Fault::because(FaultKind::Credentials, Reason::ProxyLoginRejected { proxy })
        }
    }
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
