//! The HTTP client under the SDK: one pool of plain connections and one of TLS connections.
//!
//! The SDK's own client reads all certificates of the system anew for each of its users (S3, STS, SSO), and before the
//! first request of all, 40 ms of processor time, where the address is http too.

use super::names::Names;
use super::trust::Trusted;
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use std::sync::OnceLock;
use std::time::Duration;

/// Longer than a slow handshake over a long distance; a server that is reachable accepts within a second.
const CONNECT_LIMIT: Duration = Duration::from_secs(15);

#[derive(Debug)]
struct Line {
    plain: Connector,
    /// Used if certificates are given in addition to the system's.
    trusted: Option<Trusted>,
    /// Created when it is first needed.
    tls: OnceLock<SharedHttpConnector>,
}

impl Line {
    fn tls(&self) -> &SharedHttpConnector {
        self.tls.get_or_init(|| match &self.trusted {
            Some(trusted) => trusted.connector(CONNECT_LIMIT),
            None => SharedHttpConnector::new(connector(TlsContext::default())),
        })
    }
}

impl HttpConnector for Line {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let is_plain = request.uri().starts_with("http:");
        if is_plain { self.plain.call(request) } else { self.tls().call(request) }
    }
}

pub(super) fn line(trusted: Option<Trusted>) -> SharedHttpClient {
    // it sends nothing over TLS, so no certificate authorities are loaded for it
    let nobody = TlsContext::builder().with_trust_store(TrustStore::empty()).build();
    let plain = connector(nobody.unwrap_or_default());
    let line = SharedHttpConnector::new(Line { plain, trusted, tls: OnceLock::new() });
    http_client_fn(move |_, _| line.clone())
}

fn connector(context: TlsContext) -> Connector {
    Connector::builder()
        .connector_settings(settings())
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .tls_context(context)
        .build_with_resolver(Names)
}

fn settings() -> HttpConnectorSettings {
    HttpConnectorSettings::builder().connect_timeout(CONNECT_LIMIT).build()
}
