//! The OS keychain, and secrets kept for this session only. The only file that names `keyring`; nothing of it is written
//! anywhere else, and no `Debug` shows a secret.

mod proxy_login;

use crate::fault::{Fault, FaultKind, Locked, Reason, Result};
use crate::model::customer_key::CustomerKey;
use crate::model::lock::locked;
use crate::model::proxy::ProxyLogin;
use keyring::Entry;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

/// The name of Windlass's entries in the keychain.
const SERVICE: &str = "Windlass";
/// Windows allows 2,560 bytes of UTF-16 per entry. A session token can be longer, and is split.
const CHUNK: usize = 1000;

/// What signs requests, in addition to the access key ID.
#[derive(Clone)]
pub struct Secret {
    pub secret_access_key: String,
    pub session_token: Option<String>,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// Whether there is a keychain to store secrets in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Keychain {
    pub available: bool,
    /// Why not, if it is not available.
    pub fault: Option<Fault>,
}

#[derive(Clone, Default)]
pub(crate) struct Secrets {
    session: Arc<Mutex<HashMap<String, Secret>>>,
    /// Customer keys by their MD5: of this session, or read from the keychain before.
    own_customer_keys: Arc<Mutex<HashMap<String, CustomerKey>>>,
    /// Of this session, by their connection.
    proxy_logins: Arc<Mutex<HashMap<String, ProxyLogin>>>,
}

impl Secrets {
    fn session(&self) -> MutexGuard<'_, HashMap<String, Secret>> {
        locked(&self.session)
    }

    pub(crate) fn keep_for_session(&self, connection: &str, secret: Secret) {
        self.session().insert(connection.to_owned(), secret);
    }

    pub(crate) fn has_for_session(&self, connection: &str) -> bool {
        self.session().contains_key(connection)
    }

    /// Stores a secret in the keychain, and removes the session's copy.
    pub(crate) async fn keep(&self, connection: &str, secret: Secret) -> Result<()> {
        let user = connection.to_owned();
        blocking(move || {
            entry(&user)?.set_password(&secret.secret_access_key).map_err(|e| refused(&e))?;
            let token = secret.session_token.unwrap_or_default();
            let chunks = token.as_bytes().chunks(CHUNK);
            let pieces = chunks.len();
            for (number, chunk) in chunks.map(String::from_utf8_lossy).enumerate() {
                let entry = entry(&piece(&user, number))?;
                entry.set_password(&chunk).map_err(|e| refused(&e))?;
            }
            // the rest of an earlier, longer token must not remain
            forget_pieces(&user, pieces)
        })
        .await?;
        self.session().remove(connection);
        Ok(())
    }

    /// `None` if neither the session nor the keychain has one.
    pub(crate) async fn get(&self, connection: &str) -> Result<Option<Secret>> {
        if let Some(secret) = self.session().get(connection) {
            return Ok(Some(secret.clone()));
        }
        let user = connection.to_owned();
        blocking(move || {
            let Some(secret_access_key) = read(&user)? else { return Ok(None) };
            let mut token = String::new();
            for number in 0.. {
                match read(&piece(&user, number))? {
                    Some(chunk) => token.push_str(&chunk),
                    None => break,
                }
            }
            Ok(Some(Secret {
                secret_access_key,
                session_token: Some(token).filter(|token| !token.is_empty()),
            }))
        })
        .await
    }

    pub(crate) fn forget_for_session(&self, connection: &str) {
        self.session().remove(connection);
    }

    /// Removes a secret from the keychain and the session.
    pub(crate) async fn forget(&self, connection: &str) -> Result<()> {
        self.forget_for_session(connection);
        self.forget_kept(connection).await
    }

    /// Removes a secret from the keychain, with all pieces of its token.
    pub(crate) async fn forget_kept(&self, connection: &str) -> Result<()> {
        let user = connection.to_owned();
        blocking(move || {
            absent_is_fine(entry(&user)?.delete_credential())?;
            forget_pieces(&user, 0)
        })
        .await
    }
}

impl Secrets {
    fn own_customer_keys(&self) -> MutexGuard<'_, HashMap<String, CustomerKey>> {
        locked(&self.own_customer_keys)
    }

    pub(crate) fn keep_customer_key_for_session(&self, key: CustomerKey) {
        self.own_customer_keys().insert(key.md5.clone(), key);
    }

    /// Stores a customer key in the keychain and in memory.
    pub(crate) async fn keep_customer_key(&self, key: CustomerKey) -> Result<()> {
        let kept = key.clone();
        blocking(move || {
            entry(&customer_key_entry(&kept.md5))?.set_password(&kept.text).map_err(|e| refused(&e))
        })
        .await?;
        self.keep_customer_key_for_session(key);
        Ok(())
    }

    /// `None` if neither the session nor the keychain has it.
    pub(crate) async fn customer_key(&self, md5: &str) -> Result<Option<CustomerKey>> {
        if let Some(key) = self.own_customer_keys().get(md5) {
            return Ok(Some(key.clone()));
        }
        let user = customer_key_entry(md5);
        let Some(text) = blocking(move || read(&user)).await? else { return Ok(None) };
        // an entry that was overwritten is not the key with that MD5
        let key = CustomerKey::read(&text).ok().filter(|key| key.md5 == md5);
        if let Some(key) = &key {
            self.keep_customer_key_for_session(key.clone());
        }
        Ok(key)
    }

    /// The MD5s and names of the keys in memory.
    pub(crate) fn customer_keys_at_hand(&self) -> Vec<(String, String)> {
        let keys = self.own_customer_keys();
        let mut known: Vec<_> =
            keys.values().map(|key| (key.md5.clone(), key.name.clone())).collect();
        known.sort();
        known
    }

    /// Removes a customer key from memory and from the keychain.
    pub(crate) async fn forget_customer_key(&self, md5: &str, in_keychain: bool) -> Result<()> {
        if in_keychain {
            let user = customer_key_entry(md5);
            blocking(move || absent_is_fine(entry(&user)?.delete_credential())).await?;
        }
        self.own_customer_keys().remove(md5);
        Ok(())
    }
}

/// The entry of a piece of a session token.
fn piece(user: &str, number: usize) -> String {
    format!("{user}/token/{number}")
}

/// A missing piece does not mean that none follows: an entry may have been refused, or removed by hand.
const GAP: usize = 4;

fn forget_pieces(user: &str, from: usize) -> Result<()> {
    let mut absent = 0;
    for number in from.. {
        match entry(&piece(user, number))?.delete_credential() {
            Ok(()) => absent = 0,
            Err(keyring::Error::NoEntry) => absent += 1,
            Err(error) => return Err(refused(&error)),
        }
        if absent == GAP {
            break;
        }
    }
    Ok(())
}

fn customer_key_entry(md5: &str) -> String {
    format!("sse-c/{md5}")
}

/// The keychain's state as this process found it, or as it is now with `again`.
pub(crate) async fn keychain(again: bool) -> Keychain {
    let found = blocking(move || if again { look_again() } else { status() }).await;
    match found {
        Ok(()) => Keychain { available: true, fault: None },
        Err(fault) => Keychain { available: false, fault: Some(fault) },
    }
}

fn status() -> Result<()> {
    // a Secret Service may exist without a keyring in it: only a read shows that
    let probe = entry("windlass-probe")?;
    absent_is_fine(probe.get_password().map(|_| ()))
}

/// `keyring` looks for its store once per process; this looks again.
#[cfg(target_os = "linux")]
fn look_again() -> Result<()> {
    let store = zbus_secret_service_keyring_store::Store::new().map_err(|e| refused(&e))?;
    keyring_core::set_default_store(store);
    status()
}

#[cfg(not(target_os = "linux"))]
fn look_again() -> Result<()> {
    status()
}

#[cfg(target_os = "linux")]
fn entry(user: &str) -> Result<keyring_core::Entry> {
    // a store that was found later is in keyring_core, and `keyring` does not know of it
    if keyring_core::get_default_store().is_none() {
        Entry::store_status().as_ref().map_err(refused)?;
    }
    keyring_core::Entry::new(SERVICE, user).map_err(|e| refused(&e))
}

#[cfg(not(target_os = "linux"))]
fn entry(user: &str) -> Result<Entry> {
    Entry::store_status().as_ref().map_err(refused)?;
    Entry::new(SERVICE, user).map_err(|e| refused(&e))
}

fn read(user: &str) -> Result<Option<String>> {
    match entry(user)?.get_password() {
        Ok(secret) => Ok(Some(secret)),
        Err(keyring::Error::NoEntry) => Ok(None),
        Err(error) => Err(refused(&error)),
    }
}

fn absent_is_fine(outcome: keyring::Result<()>) -> Result<()> {
    match outcome {
        Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
        Err(error) => Err(refused(&error)),
    }
}

/// The message says what failed, and never contains the secret.
fn refused(error: &keyring::Error) -> Fault {
    use keyring::Error;
    refusal(match error {
        Error::NoDefaultStore | Error::PlatformFailure(_) => Locked::None,
        Error::NoStorageAccess(_) => Locked::Locked,
        Error::TooLong(..) => Locked::TooLong,
        _ => Locked::Refused,
    })
}

fn refusal(how: Locked) -> Fault {
    Fault::because(FaultKind::Keychain, Reason::Keychain { how })
}

/// A keychain may ask the user to unlock it, which blocks meanwhile.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(refusal(Locked::Silent)))
}

/// A keychain in this process's memory.
#[cfg(test)]
pub(crate) mod in_memory {
    use super::SERVICE;
    use keyring_core::{Entry, mock, set_default_store};

    pub(crate) fn begin() {
        static ONCE: std::sync::Once = std::sync::Once::new();
        ONCE.call_once(|| set_default_store(mock::Store::new().unwrap()));
    }

    pub(crate) fn has(user: &str) -> bool {
        Entry::new(SERVICE, user).unwrap().get_password().is_ok()
    }

    pub(crate) fn remove(user: &str) {
        Entry::new(SERVICE, user).unwrap().delete_credential().unwrap();
    }
}
