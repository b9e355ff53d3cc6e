//! Customer keys (SSE-C): their text form, and the MD5 that identifies a key everywhere but in the keychain.

use crate::fault::{Fault, FaultKind, InvalidOption, Reason, Result};
use crate::model::secret::{ExposeSecret, SecretString};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use md5::{Digest as _, Md5};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// AES-256, the only algorithm that S3 supports.
const LENGTH: usize = 32;

/// A key as the user enters it, once.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct NewCustomerKey {
    /// 32 bytes, in base64 or as 64 hexadecimal digits.
    #[cfg_attr(feature = "wire", ts(type = "string"))]
    pub key: SecretString,
    /// The user's name for it. May be empty.
    #[serde(default)]
    pub name: String,
    /// If false, the key is used for this session only and not stored in the keychain.
    pub remember: bool,
}

/// A known key, identified by the base64 MD5 of its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct KeptKey {
    pub md5: String,
    /// The user's name for it. May be empty.
    pub name: String,
    /// If false, it is in the memory of this process only.
    pub in_keychain: bool,
}

/// The key itself in base64, and its MD5.
#[derive(Clone)]
pub(crate) struct CustomerKey {
    pub(crate) text: SecretString,
    pub(crate) md5: String,
    /// The user's name for it, if it was entered in this session. May be empty.
    pub(crate) name: String,
}

impl std::fmt::Debug for CustomerKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OwnKey({})", self.md5)
    }
}

impl CustomerKey {
    /// Parses a key.
    ///
    /// # Errors
    /// `Credentials`, if it is not 32 bytes in base64 or hexadecimal. The message contains nothing of it.
    pub(crate) fn read(text: &SecretString) -> Result<Self> {
        let text = text.expose_secret().trim();
        let bytes = match text.len() == LENGTH * 2 {
            true => of_hex(text),
            false => BASE64_STANDARD.decode(text).ok(),
        }
        .map(Zeroizing::new);
        let wrong = match bytes {
            Some(bytes) if bytes.len() == LENGTH => {
                return Ok(Self {
                    text: BASE64_STANDARD.encode(&*bytes).into(),
                    md5: BASE64_STANDARD.encode(Md5::digest(&*bytes)),
                    name: String::new(),
                });
            }
            Some(bytes) if !bytes.is_empty() => {
                InvalidOption::KeyLength { bytes: bytes.len() as u64 }
            }
            _ => InvalidOption::KeyForm,
        };
        Err(Fault::because(FaultKind::Credentials, Reason::Stored { wrong }))
    }
}

fn of_hex(text: &str) -> Option<Vec<u8>> {
    let digit =
        |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let digits: Option<Vec<u8>> = text.as_bytes().iter().map(digit).collect();
    Some(digits?.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// The fault for a key that is not available.
pub(crate) fn missing(md5: &str) -> Fault {
    let wrong = InvalidOption::KeyNotHere { md5: md5.to_owned() };
    Fault::because(FaultKind::Credentials, Reason::Stored { wrong })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_written_in_two_ways() {
        let hex = "000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1F";
        let base64 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        let (one, other) = (
            CustomerKey::read(&hex.into()).unwrap(),
            CustomerKey::read(&format!(" {base64}\n").into()).unwrap(),
        );
        assert_eq!((one.text.expose_secret(), other.text.expose_secret()), (base64, base64));
        assert_eq!(
            (one.md5.as_str(), other.md5.as_str()),
            ("tP/LI3N87DFaSk0aoqYgzg==", "tP/LI3N87DFaSk0aoqYgzg==")
        );
        assert!(!format!("{one:?}").contains("AAEC"));
    }

    #[test]
    fn what_is_no_key_is_refused_without_being_told() {
        let secret = "c2VjcmV0";
        for text in ["", secret, "c2VjcmV0 c2VjcmV0", &"g".repeat(64), &"A".repeat(43)] {
            let fault = CustomerKey::read(&text.into()).unwrap_err();
            assert_eq!(fault.kind, FaultKind::Credentials);
            assert!(fault.detail.contains("32 bytes") && !fault.detail.contains(secret), "{fault}");
        }
    }
}
