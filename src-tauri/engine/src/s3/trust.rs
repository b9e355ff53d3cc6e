//! Trusts certificates that the user names, authorities or a server's own. The SDK's client accepts authorities alone: a
//! self-signed certificate of `openssl req -x509` is rejected there, and accepted by curl and the AWS tools.

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::{Client, connect};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore};
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

/// The certificates of a PEM file, and the TLS configuration that uses them.
#[derive(Clone, Debug)]
pub(super) struct Trusted(Arc<ClientConfig>);

impl Trusted {
    /// Trusts these certificates in addition to the system's. `None` if the file has none.
    ///
    /// # Errors
    /// If one cannot be parsed.
    pub(super) fn from_pem(pem: &[u8]) -> Result<Option<Self>, Box<dyn Error>> {
        let given = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>()?;
        if given.is_empty() {
            return Ok(None);
        }
        let mut roots = RootCertStore::empty();
        for one in &given {
            roots.add(one.clone())?;
        }
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let webpki = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone());
        let verifier = Verifier { webpki: webpki.build()?, given };
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        Ok(Some(Self(Arc::new(config))))
    }

    /// A TLS configuration that trusts them.
    pub(super) fn connector(&self, limit: Duration) -> SharedHttpConnector {
        let mut tcp = connect::HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(limit));
        let https = HttpsConnectorBuilder::new()
            .with_tls_config(ClientConfig::clone(&self.0))
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        let client =
            Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(https);
        SharedHttpConnector::new(Https(client))
    }
}

#[derive(Clone, Debug)]
struct Https(Client<HttpsConnector<connect::HttpConnector>, SdkBody>);

impl HttpConnector for Https {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let client = self.0.clone();
        HttpConnectorFuture::new(async move {
            let request =
                request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
            let answer =
                client.request(request).await.map_err(|error| ConnectorError::io(error.into()))?;
            HttpResponse::try_from(answer.map(SdkBody::from_body_1_x))
                .map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

/// Verifies like webpki, except that certificates that were given are trusted themselves.
#[derive(Debug)]
struct Verifier {
    webpki: Arc<WebPkiServerVerifier>,
    given: Vec<CertificateDer<'static>>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let judged =
            self.webpki.verify_server_cert(end_entity, intermediates, name, ocsp_response, now);
        match judged {
            // for a certificate that is trusted itself, neither its use nor its issuer counts, but its name and dates
            // do
            Err(rustls::Error::InvalidCertificate(
                CertificateError::Other(_) | CertificateError::UnknownIssuer,
            )) if self.given.iter().any(|given| given == end_entity) => {
                rustls::client::verify_server_name(
                    &ParsedCertificate::try_from(end_entity)?,
                    name,
                )?;
                Ok(ServerCertVerified::assertion())
            }
            judged => judged,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.webpki.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.webpki.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        self.webpki.supported_verify_schemes()
    }
}
