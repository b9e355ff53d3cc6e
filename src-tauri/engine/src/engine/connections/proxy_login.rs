//! The proxy of a connection's form. Its address is saved with the connection; user name and password go where the secret key
//! goes, and are never sent to another proxy than the one that they were typed for.

use super::ConnectionForm;
use crate::engine::Engine;
use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::connection::Connection;
use crate::model::proxy::{Proxy, ProxyAddress, ProxyLogin};

impl ConnectionForm {
    /// The proxy as it is saved, and the login that was typed: in its own fields, or in the address.
    ///
    /// # Errors
    /// `WrongPlace` where the address cannot be used.
    pub(super) fn proxy(&self) -> Result<(Proxy, Option<ProxyLogin>)> {
        let Proxy::Url { url, login } = &self.proxy else { return Ok((self.proxy.clone(), None)) };
        let (address, in_address) = ProxyAddress::read(url)?;
        let user = self.proxy_user.as_deref().map(str::trim).filter(|user| !user.is_empty());
        let typed = user.map(|user| ProxyLogin {
            user: user.to_owned(),
            password: self.proxy_password.clone().unwrap_or_else(|| "".into()),
        });
        let typed = typed.or(in_address);
        let login = *login || typed.is_some();
        Ok((Proxy::Url { url: address.url(), login }, typed))
    }
}

impl Engine {
    /// User name and password for the proxy of a connection, for this session.
    pub fn set_proxy_login(&self, connection: &str, login: ProxyLogin) {
        self.shared.secrets.keep_proxy_login_for_session(connection, login);
        self.shared.forget_client(connection);
    }

    /// Whether a login was saved for this proxy of the connection.
    pub(super) fn has_login(&self, connection: &Connection) -> bool {
        let known = self.shared.settings.connection(&connection.id);
        let is_wanted = matches!(connection.proxy, Proxy::Url { login: true, .. });
        is_wanted && known.is_some_and(|known| known.proxy == connection.proxy)
    }

    /// The login that was typed for a proxy, or else the one that was saved for it.
    ///
    /// # Errors
    /// `Keychain`.
    pub(crate) async fn login_of(
        &self,
        connection: &Connection,
        typed: Option<ProxyLogin>,
    ) -> Result<Option<ProxyLogin>> {
        match typed {
            None if self.has_login(connection) => {
                self.shared.secrets.proxy_login(&connection.id).await
            }
            typed => Ok(typed),
        }
    }

    /// Keeps a login that was typed, before its connection is saved.
    ///
    /// # Errors
    /// `Credentials` where one is wanted and none is there, `Keychain`.
    pub(super) async fn keep_proxy_login(
        &self,
        connection: &Connection,
        login: Option<ProxyLogin>,
        remember: bool,
    ) -> Result<()> {
        let Proxy::Url { url, login: is_wanted } = &connection.proxy else { return Ok(()) };
        match login {
            Some(login) if remember => {
                self.shared.secrets.keep_proxy_login(&connection.id, login).await
            }
            Some(login) => {
                self.shared.secrets.keep_proxy_login_for_session(&connection.id, login);
                Ok(())
            }
            None if *is_wanted && !self.has_login(connection) => {
                let proxy = ProxyAddress::read(url)?.0.to_string();
                Err(Fault::because(FaultKind::Credentials, Reason::ProxyNeedsLogin { proxy }))
            }
            None => Ok(()),
        }
    }

    /// Takes a login out of the keychain that its connection has no more. Where that cannot be opened, which may be why, it is
    /// not waited for.
    pub(super) async fn drop_proxy_login(&self, connection: &str) {
        if let Err(fault) = self.shared.secrets.forget_proxy_login(connection).await {
            tracing::warn!(%fault, "an old proxy password may still be in the keychain");
        }
    }
}
