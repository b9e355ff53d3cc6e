//! Reads a customer key (SSE-C) from its file into the engine's memory. It is never stored or printed.

use crate::flags::CustomerKeyFile;
use std::path::Path;
use windlass_engine::{Engine, Fault, FaultKind, NewCustomerKey, Result, SecretString};

/// Longer files are not keys, and are not read.
const LONGEST: u64 = 1024;

/// Gives the engine the key in a file, for as long as this process runs, and returns its MD5.
///
/// # Errors
/// `Credentials`, if the file cannot be read or contains no key.
pub(crate) async fn given(engine: &Engine, flags: &CustomerKeyFile) -> Result<Option<String>> {
    let Some(path) = &flags.sse_c_key_file else { return Ok(None) };
    let key = NewCustomerKey { key: read(path)?, name: String::new(), remember: false };
    let kept = engine.keep_customer_key(key).await.map_err(|fault| Fault {
        detail: format!("{}: {}", path.display(), fault.detail),
        ..fault
    })?;
    Ok(Some(kept.md5))
}

fn read(path: &Path) -> Result<SecretString> {
    let fault = |reason: String| {
        Fault::new(FaultKind::Credentials, format!("the key in {}: {reason}", path.display()))
    };
    let size = std::fs::metadata(path).map_err(|error| fault(error.to_string()))?.len();
    if size > LONGEST {
        return Err(fault(format!("the file has {size} bytes, but a key has 32")));
    }
    let bytes = std::fs::read(path).map_err(|error| fault(error.to_string()))?;
    Ok(match bytes.len() {
        // raw bytes
        32 => bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into(),
        _ => String::from_utf8_lossy(&bytes).trim().into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use windlass_engine::ExposeSecret;

    #[test]
    fn a_key_is_bytes_or_text() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let of = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            read(&path)
        };
        let base64 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        let raw: Vec<u8> = (0..32).collect();
        let hex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
        assert_eq!(of(&raw).unwrap().expose_secret(), hex);
        let text = of(format!("{base64}\n").as_bytes()).unwrap();
        assert_eq!(text.expose_secret(), base64);
        assert_eq!(of(&[b'x'; 2000]).unwrap_err().kind, FaultKind::Credentials);
        assert_eq!(read(Path::new("/nowhere")).unwrap_err().kind, FaultKind::Credentials);
    }
}
