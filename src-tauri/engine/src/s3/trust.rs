//! Certificates that are trusted: the system's, and those that the user names, authorities or a server's own. The SDK's client
//! takes authorities alone: what `openssl req -x509` makes is one by its words and a server's by its use, and is refused
//! there, and taken by curl and by the AWS tools. Knows TLS; must not know what is sent.

use aws_smithy_runtime_api::box_error::BoxError;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore};
use std::sync::{Arc, LazyLock, OnceLock};

/// The system's certificates, read once: it takes 40 ms, and far longer on a Mac.
static OF_THE_SYSTEM: LazyLock<Vec<CertificateDer<'static>>> = LazyLock::new(|| {
    let found = rustls_native_certs::load_native_certs();
    if !found.errors.is_empty() {
        tracing::warn!(errors = ?found.errors, "certificates of the system could not be read");
    }
    found.certs
});

/// Certificates of a PEM file, all of them seen to be some.
#[derive(Clone, Debug)]
pub(super) struct Trusted(Vec<CertificateDer<'static>>);

impl Trusted {
    /// None where the file has no certificate.
    ///
    /// # Errors
    /// Where one cannot be read.
    pub(super) fn from_pem(pem: &[u8]) -> Result<Option<Self>, BoxError> {
        let given = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>()?;
        let mut roots = RootCertStore::empty();
        for one in &given {
            roots.add(one.clone())?;
        }
        Ok((!given.is_empty()).then_some(Self(given)))
    }
}

/// What connections over TLS need, made when the first of them is opened.
#[derive(Debug, Default)]
pub(super) struct Tls {
    /// What is trusted besides the system's own.
    trusted: Option<Trusted>,
    config: OnceLock<Arc<ClientConfig>>,
}

impl Tls {
    pub(super) fn trusting(trusted: Option<Trusted>) -> Self {
        Self { trusted, config: OnceLock::new() }
    }

    /// # Errors
    /// Where this computer trusts nobody at all, or its TLS cannot be used.
    pub(super) fn config(&self) -> Result<Arc<ClientConfig>, BoxError> {
        if let Some(config) = self.config.get() {
            return Ok(config.clone());
        }
        let made = Arc::new(self.made()?);
        Ok(self.config.get_or_init(|| made).clone())
    }

    fn made(&self) -> Result<ClientConfig, BoxError> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(OF_THE_SYSTEM.iter().cloned());
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()?;
        let Some(Trusted(given)) = &self.trusted else {
            return Ok(config.with_root_certificates(roots).with_no_client_auth());
        };
        for one in given {
            roots.add(one.clone())?;
        }
        let webpki = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider);
        let verifier = Verifier { webpki: webpki.build()?, given: given.clone() };
        Ok(config
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth())
    }
}

/// As webpki judges, but for a certificate that was given itself.
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
            // not its use, nor who signed it, counts where it is trusted for itself; its name and its time do
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
