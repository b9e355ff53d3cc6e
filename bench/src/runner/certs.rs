//! A certificate authority for this bench alone, and the sink's certificate.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, KeyUsagePurpose};
use std::{
    fs,
    path::{Path, PathBuf},
};

#[derive(Clone, Debug)]
pub(super) struct Certs {
    /// what clients trust
    pub(super) authority: PathBuf,
    pub(super) cert: PathBuf,
    pub(super) key: PathBuf,
}

/// Made where they are not there yet.
pub(super) fn ready(folder: &Path, hosts: &[&str]) -> Result<Certs, String> {
    let folder = folder.join("tls");
    let certs = Certs {
        authority: folder.join("authority.pem"),
        cert: folder.join("server.pem"),
        key: folder.join("server.key"),
    };
    if certs.key.is_file() {
        return Ok(certs);
    }
    let (authority, cert, key) = made(hosts).map_err(|e| format!("no certificate: {e}"))?;
    let write = |path: &Path, text: String| {
        fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))
    };
    fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
    write(&certs.authority, authority)?;
    write(&certs.cert, cert)?;
    // last: its presence says that the others are there
    write(&certs.key, key)?;
    Ok(certs)
}

fn made(hosts: &[&str]) -> Result<(String, String, String), rcgen::Error> {
    let mut authority = CertificateParams::new(Vec::new())?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    authority.distinguished_name.push(rcgen::DnType::CommonName, "Windlass bench");
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;
    let key = KeyPair::generate()?;
    let names = hosts.iter().map(ToString::to_string).collect::<Vec<_>>();
    let cert = CertificateParams::new(names)?.signed_by(&key, &authority)?;
    Ok((authority.pem(), cert.pem(), key.serialize_pem()))
}
