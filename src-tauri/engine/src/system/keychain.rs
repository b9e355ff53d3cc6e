//! The OS keychain, and secrets kept for this session only. The only file that names `keyring`; nothing of it is written
//! anywhere else. What is kept for the session is wiped when it is forgotten.

mod proxy_login;

use crate::fault::{Fault, FaultKind, Locked, Reason, Result};
use crate::model::customer_key::CustomerKey;
use crate::model::lock::locked;
use crate::model::proxy::ProxyLogin;
use crate::model::secret::{ExposeSecret, Secret, SecretString, is_full, pieces};
use keyring::Entry;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

/// The name of Windlass's entries in the keychain.
const SERVICE: &str = "Windlass";
/// UTF-16 code units in one entry. Windows keeps 2,560 bytes, which are 1,280 of them (`CRED_MAX_CREDENTIAL_BLOB_SIZE`);
/// what is longer is split on every system.
const LONGEST: usize = 1000;

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
            set(|number| key_entry(&user, number), &secret.secret_access_key)?;
            set(|number| token_entry(&user, number), &secret.session_token.unwrap_or_default())
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
            let key = joined(|number| key_entry(&user, number))?;
            let Some(secret_access_key) = key else { return Ok(None) };
            let session_token = joined(|number| token_entry(&user, number))?;
            Ok(Some(Secret { secret_access_key, session_token }))
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
            forget_from(|number| key_entry(&user, number), 0)?;
            forget_from(|number| token_entry(&user, number), 0)
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
            let entry = entry(&customer_key_entry(&kept.md5))?;
            entry.set_password(kept.text.expose_secret()).map_err(|e| refused(&e))
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

/// The entry of a piece of a secret access key; nearly all are in the first.
fn key_entry(user: &str, number: usize) -> String {
    match number {
        0 => user.to_owned(),
        _ => format!("{user}/secret/{number}"),
    }
}

/// The entry of a piece of a session token.
fn token_entry(user: &str, number: usize) -> String {
    format!("{user}/token/{number}")
}

/// Into as many entries as its length needs; a longer text from before does not show through.
fn set(name: impl Fn(usize) -> String, text: &SecretString) -> Result<()> {
    let mut written = 0;
    for piece in pieces(text.expose_secret(), LONGEST) {
        entry(&name(written))?.set_password(piece).map_err(|e| refused(&e))?;
        written += 1;
    }
    forget_from(name, written)
}

/// The text of its entries; None where there is no first one.
fn joined(name: impl Fn(usize) -> String) -> Result<Option<SecretString>> {
    let mut found: Vec<SecretString> = Vec::new();
    while found.last().is_none_or(|last| is_full(last.expose_secret(), LONGEST)) {
        match read(&name(found.len()))? {
            Some(piece) => found.push(piece),
            None => break,
        }
    }
    let length = found.iter().map(|piece| piece.expose_secret().len()).sum();
    // never grown: a text that moves leaves a copy behind
    let mut text = String::with_capacity(length);
    found.iter().for_each(|piece| text.push_str(piece.expose_secret()));
    Ok((!found.is_empty()).then(|| text.into()))
}

/// Pieces that are not there do not show that none is behind them: an entry may have been refused, or removed by hand.
const GAP: usize = 4;

fn forget_from(name: impl Fn(usize) -> String, first: usize) -> Result<()> {
    let mut absent = 0;
    for number in first.. {
        match entry(&name(number))?.delete_credential() {
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

fn read(user: &str) -> Result<Option<SecretString>> {
    match entry(user)?.get_password() {
        Ok(secret) => Ok(Some(secret.into())),
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
