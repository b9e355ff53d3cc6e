//! User names and passwords for proxies: in the keychain by the connection's id, or in memory for this session.

use super::{Secrets, absent_is_fine, blocking, entry, read, refused};
use crate::fault::Result;
use crate::model::lock::locked;
use crate::model::proxy::ProxyLogin;
use crate::model::secret::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

impl Secrets {
    pub(crate) fn keep_proxy_login_for_session(&self, connection: &str, login: ProxyLogin) {
        locked(&self.proxy_logins).insert(connection.to_owned(), login);
    }

    /// Into the keychain; the session's copy, if there was one, goes.
    pub(crate) async fn keep_proxy_login(&self, connection: &str, login: ProxyLogin) -> Result<()> {
        let user = proxy_entry(connection);
        let both = (&login.user[..], login.password.expose_secret());
        let text = Zeroizing::new(serde_json::to_string(&both).unwrap_or_default());
        blocking(move || entry(&user)?.set_password(&text).map_err(|error| refused(&error)))
            .await?;
        locked(&self.proxy_logins).remove(connection);
        Ok(())
    }

    pub(crate) fn proxy_login_of_session(&self, connection: &str) -> Option<ProxyLogin> {
        locked(&self.proxy_logins).get(connection).cloned()
    }

    /// None where neither the session nor the keychain has one.
    pub(crate) async fn proxy_login(&self, connection: &str) -> Result<Option<ProxyLogin>> {
        if let Some(login) = self.proxy_login_of_session(connection) {
            return Ok(Some(login));
        }
        let user = proxy_entry(connection);
        let kept = blocking(move || read(&user)).await?;
        // an entry that somebody wrote over is none
        let kept = kept.and_then(|text| {
            serde_json::from_str::<(String, SecretString)>(text.expose_secret()).ok()
        });
        Ok(kept.map(|(user, password)| ProxyLogin { user, password }))
    }

    /// Out of the session, and out of the keychain where it may be there.
    pub(crate) async fn forget_proxy_login(&self, connection: &str) -> Result<()> {
        locked(&self.proxy_logins).remove(connection);
        let user = proxy_entry(connection);
        blocking(move || absent_is_fine(entry(&user)?.delete_credential())).await
    }
}

fn proxy_entry(connection: &str) -> String {
    format!("{connection}/proxy")
}
