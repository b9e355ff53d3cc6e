//! TLS at the lowest cost that rustls allows: records are decrypted in place, and those of a body are dropped.

use rustls::{
    CipherSuite, ServerConfig,
    server::UnbufferedServerConnection,
    unbuffered::{ConnectionState, EncodeError, EncryptError, UnbufferedStatus},
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use std::{
    io::{self, Read, Write},
    net::TcpStream,
    path::Path,
    sync::Arc,
};

/// Room for what has come and is not decrypted: sixteen records of the largest size.
const ROOM: usize = 256 << 10;

pub(super) fn config(cert: &Path, key: &Path) -> Result<Arc<ServerConfig>, String> {
    let told = |what: &Path| {
        let what = what.display().to_string();
        move |e: &dyn std::fmt::Display| format!("{what}: {e}")
    };
    let certs = CertificateDer::pem_file_iter(cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|e| told(cert)(&e))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(|e| told(key)(&e))?;
    let mut provider = rustls::crypto::aws_lc_rs::default_provider();
    // S3's endpoints take AES-128-GCM first
    provider.cipher_suites.sort_by_key(|suite| match suite.suite() {
        CipherSuite::TLS13_AES_128_GCM_SHA256 => 0,
        CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 => 1,
        _ => 2,
    });
    let mut config = ServerConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(certs, key))
        .map_err(|e| e.to_string())?;
    config.ignore_client_order = true;
    Ok(Arc::new(config))
}

pub(super) struct Tls {
    session: UnbufferedServerConnection,
    /// encrypted, `from..to` of it
    incoming: Vec<u8>,
    from: usize,
    to: usize,
    outgoing: Vec<u8>,
}

/// What one look at the session came to.
enum Step {
    /// there was plain text, or it may be written
    Traffic,
    /// nothing goes on before more comes
    Starved,
    Again,
    Ended,
}

fn bad(why: impl std::fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why.to_string())
}

impl Tls {
    pub(super) fn new(config: Arc<ServerConfig>) -> io::Result<Self> {
        let session = UnbufferedServerConnection::new(config).map_err(bad)?;
        Ok(Self { session, incoming: vec![0; ROOM], from: 0, to: 0, outgoing: Vec::new() })
    }

    /// Reads until there is plain text and appends it to `plain`, but drops up to `skip` bytes of it; says how many it
    /// dropped. `came` is told how many encrypted bytes were read, at most `most` at once.
    pub(super) fn read(
        &mut self,
        stream: &mut TcpStream,
        plain: &mut Vec<u8>,
        skip: u64,
        most: usize,
        came: &mut dyn FnMut(usize),
    ) -> io::Result<u64> {
        let (before, mut dropped) = (plain.len(), 0);
        loop {
            let step = self.step(stream, plain, skip, &mut dropped, None)?;
            match step {
                Step::Traffic | Step::Ended if dropped > 0 || plain.len() > before => {
                    return Ok(dropped);
                }
                Step::Ended => return Err(io::ErrorKind::UnexpectedEof.into()),
                Step::Again => {}
                Step::Traffic | Step::Starved => {
                    let n = self.receive(stream, most)?;
                    came(n);
                }
            }
        }
    }

    /// Encrypts and sends all of `bytes`; what comes meanwhile is appended to `plain`.
    pub(super) fn write(
        &mut self,
        stream: &mut TcpStream,
        plain: &mut Vec<u8>,
        bytes: &[u8],
    ) -> io::Result<()> {
        let mut dropped = 0;
        loop {
            match self.step(stream, plain, 0, &mut dropped, Some(bytes))? {
                Step::Traffic => return Ok(()),
                Step::Again => {}
                Step::Starved | Step::Ended => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
        }
    }

    fn receive(&mut self, stream: &mut TcpStream, most: usize) -> io::Result<usize> {
        self.incoming.copy_within(self.from..self.to, 0);
        (self.from, self.to) = (0, self.to - self.from);
        if self.to == self.incoming.len() {
            self.incoming.resize(self.to * 2, 0);
        }
        let end = self.incoming.len().min(self.to + most);
        let n = stream.read(&mut self.incoming[self.to..end])?;
        if n == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.to += n;
        Ok(n)
    }

    fn step(
        &mut self,
        stream: &mut TcpStream,
        plain: &mut Vec<u8>,
        skip: u64,
        dropped: &mut u64,
        write: Option<&[u8]>,
    ) -> io::Result<Step> {
        let UnbufferedStatus { mut discard, state, .. } =
            self.session.process_tls_records(&mut self.incoming[self.from..self.to]);
        let step = match state.map_err(bad)? {
            ConnectionState::ReadTraffic(mut traffic) => {
                while let Some(record) = traffic.next_record() {
                    let record = record.map_err(bad)?;
                    discard += record.discard;
                    let drop = usize::try_from(skip - *dropped).unwrap_or(usize::MAX);
                    let drop = drop.min(record.payload.len());
                    *dropped += drop as u64;
                    plain.extend_from_slice(&record.payload[drop..]);
                }
                Step::Again
            }
            ConnectionState::EncodeTlsData(mut data) => {
                let mut room = vec![0; 4 << 10];
                let n = match data.encode(&mut room) {
                    Err(EncodeError::InsufficientSize(needs)) => {
                        room.resize(needs.required_size, 0);
                        data.encode(&mut room)
                    }
                    other => other,
                };
                self.outgoing.extend_from_slice(&room[..n.map_err(bad)?]);
                Step::Again
            }
            ConnectionState::TransmitTlsData(data) => {
                stream.write_all(&self.outgoing)?;
                self.outgoing.clear();
                data.done();
                Step::Again
            }
            ConnectionState::BlockedHandshake => Step::Starved,
            ConnectionState::WriteTraffic(mut traffic) => {
                if let Some(bytes) = write {
                    // a record's head and seal are some thirty bytes
                    let mut room = vec![0; bytes.len() + 1024];
                    let n = match traffic.encrypt(bytes, &mut room) {
                        Err(EncryptError::InsufficientSize(needs)) => {
                            room.resize(needs.required_size, 0);
                            traffic.encrypt(bytes, &mut room)
                        }
                        other => other,
                    };
                    stream.write_all(&room[..n.map_err(bad)?])?;
                }
                Step::Traffic
            }
            ConnectionState::PeerClosed | ConnectionState::Closed => Step::Ended,
            _ => return Err(bad("a state of TLS that is not known here")),
        };
        self.from += discard;
        Ok(step)
    }
}
