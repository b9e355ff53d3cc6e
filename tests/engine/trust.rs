//! Certificates: which are trusted, and the faults for those that are not.

use crate::fixture::{Fixture, PART};
use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use windlass_engine::{Detail, Fault, FaultKind, Reason, Status};
use windlass_tests::Server;

/// A self-signed certificate for this name, as `openssl req -x509` makes one: an authority's by its words.
pub(crate) fn self_signed(name: &str) -> (rcgen::Certificate, KeyPair) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    (params.self_signed(&key).unwrap(), key)
}

/// The server at `endpoint` over TLS; answers the new address.
pub(crate) async fn over_tls(endpoint: &str, cert: &rcgen::Certificate, key: &KeyPair) -> String {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}", listener.local_addr().unwrap());
    let server = endpoint.trim_start_matches("http://").to_owned();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let (acceptor, server) = (acceptor.clone(), server.clone());
            tokio::spawn(async move {
                let mut client = acceptor.accept(client).await?;
                let mut server = TcpStream::connect(server).await?;
                tokio::io::copy_bidirectional(&mut client, &mut server).await
            });
        }
    });
    address
}

/// A fixture whose connection goes to a server with this certificate, and trusts that one besides the system's.
async fn fixture(
    cert: &(rcgen::Certificate, KeyPair),
    trusts: Option<&rcgen::Certificate>,
) -> Fixture {
    let fixture = Fixture::on(Server::practice().await).await;
    let mut connection = fixture.connection();
    connection.endpoint = Some(over_tls(&fixture.server.endpoint, &cert.0, &cert.1).await);
    connection.ca_bundle = trusts.map(|trusted| {
        let path = fixture.folder.path().join("trusted.pem");
        std::fs::write(&path, trusted.pem()).unwrap();
        path.to_str().unwrap().to_owned()
    });
    fixture.engine.set_session_connection(connection, fixture.secret()).unwrap();
    fixture
}

async fn fault(fixture: &Fixture) -> Fault {
    let id = fixture.queue(&fixture.file("f", 1, 1000), "k").await;
    let failed = |detail: &Detail| detail.row.status == Status::Failed;
    fixture.until_whatever(id, failed).await.row.fault.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_self_signed_certificate_that_is_given_is_trusted() {
    let cert = self_signed("127.0.0.1");
    let fixture = fixture(&cert, Some(&cert.0)).await;
    fixture.hauled(&fixture.file("small", 1, 1000), "small").await;
    fixture.hauled(&fixture.file("large", 2, 3 * PART), "large").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_nobody_vouches_for_is_called_so_at_once() {
    let cert = self_signed("127.0.0.1");
    for trusts in [None, Some(self_signed("127.0.0.1").0)] {
        let fault = fault(&fixture(&cert, trusts.as_ref()).await).await;
        assert_eq!(fault.kind, FaultKind::WrongPlace, "{fault}");
        assert!(matches!(fault.reason.get(), Some(Reason::UnknownIssuer { .. })), "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_for_another_name_is_not_trusted_though_it_is_given() {
    let cert = self_signed("s3.example.com");
    let fault = fault(&fixture(&cert, Some(&cert.0)).await).await;
    assert!(matches!(fault.reason.get(), Some(Reason::BadCertificate { .. })), "{fault}");
}
