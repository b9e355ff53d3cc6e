//! A connection of the floor, plain or in TLS, and the one head that it sends.

use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use rustls_pki_types::{CertificateDer, ServerName, pem::PemObject};
use std::{
    io::{self, Read, Write},
    net::TcpStream,
    path::Path,
    sync::Arc,
};

pub(super) struct Server {
    /// host and port
    address: String,
    tls: Option<Arc<ClientConfig>>,
}

pub(super) enum Wire {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
}

impl Server {
    pub(super) fn new(url: &str, ca: Option<&Path>) -> Result<Self, String> {
        if let Some(address) = url.strip_prefix("http://") {
            return Ok(Self { address: address.into(), tls: None });
        }
        let address = url.strip_prefix("https://").ok_or(format!("{url} is no http address"))?;
        let ca = ca.ok_or("https wants --ca FILE")?;
        let mut roots = RootCertStore::empty();
        let certs =
            CertificateDer::pem_file_iter(ca).map_err(|e| format!("{}: {e}", ca.display()))?;
        for cert in certs {
            roots.add(cert.map_err(|e| e.to_string())?).map_err(|e| e.to_string())?;
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|e| e.to_string())?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { address: address.into(), tls: Some(Arc::new(config)) })
    }

    pub(super) fn connect(&self) -> io::Result<Wire> {
        let stream = TcpStream::connect(&self.address)?;
        stream.set_nodelay(true)?;
        let Some(config) = &self.tls else { return Ok(Wire::Plain(stream)) };
        let host = self.address.rsplit_once(':').map_or(self.address.as_str(), |(host, _)| host);
        let name = ServerName::try_from(host.to_string()).map_err(io::Error::other)?;
        let mut session = ClientConnection::new(config.clone(), name).map_err(io::Error::other)?;
        // a whole piece is encrypted before the first byte of it is sent
        session.set_buffer_limit(Some(super::PIECE + (64 << 10)));
        Ok(Wire::Tls(Box::new(StreamOwned::new(session, stream))))
    }

    pub(super) fn head(&self, key: &str, length: u64) -> String {
        format!(
            "PUT /b/{key} HTTP/1.1\r\nHost: {}\r\nx-amz-content-sha256: UNSIGNED-PAYLOAD\r\nContent-Length: {length}\r\n\r\n",
            self.address
        )
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.write(bytes),
            Self::Tls(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(stream) => stream.flush(),
            Self::Tls(stream) => stream.flush(),
        }
    }
}

impl Read for Wire {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.read(bytes),
            Self::Tls(stream) => stream.read(bytes),
        }
    }
}

/// Reads an answer without a body; anything but 200 is an error.
pub(super) fn answered(from: &mut impl Read) -> io::Result<()> {
    let mut answer = Vec::new();
    let mut some = [0; 4096];
    while !answer.windows(4).any(|end| end == b"\r\n\r\n") {
        let n = from.read(&mut some)?;
        if n == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        answer.extend_from_slice(&some[..n]);
    }
    if answer.starts_with(b"HTTP/1.1 200") {
        return Ok(());
    }
    Err(io::Error::other(String::from_utf8_lossy(&answer).into_owned()))
}
