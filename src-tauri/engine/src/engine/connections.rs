//! Connections as the engine offers them: saved, tested line by line, their buckets. Knows no window.

mod check;
pub(crate) mod destination;
mod in_use;
mod proxy_login;

use crate::engine::Engine;
use crate::engine::connection_check::Checked;
use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::connection::{Connection, EndpointOptions, Probed, Sign, SignedIn};
use crate::model::object_options::{self, Options};
use crate::model::policy::{SmallestPolicy, smallest_policy};
use crate::model::proxy::{Proxy, ProxyLogin};
use crate::model::secret::{Secret, SecretString, trimmed};
use crate::model::sign_in::Role;
use crate::model::upload::IfExists;
use crate::s3;
use crate::system::keychain::{self, Keychain};
use crate::transfer::capabilities;
use serde::{Deserialize, Serialize};

/// A connection as the form has it, with the secret where the user typed one.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct ConnectionForm {
    /// None for a new one.
    pub id: Option<String>,
    pub name: String,
    pub preset: String,
    pub endpoint: Option<String>,
    pub region: String,
    pub path_style: bool,
    pub sign: Sign,
    /// The role that is assumed with these keys, or the MFA device that they need.
    #[serde(default)]
    pub role: Option<Role>,
    /// None keeps the one that is saved.
    #[cfg_attr(feature = "wire", ts(type = "string | null"))]
    pub secret_access_key: Option<SecretString>,
    #[cfg_attr(feature = "wire", ts(type = "string | null"))]
    pub session_token: Option<SecretString>,
    pub bucket: Option<String>,
    pub prefix: String,
    pub ca_bundle: Option<String>,
    /// Its address may have user name and password in it, which are saved apart from it.
    pub proxy: Proxy,
    /// None keeps the login that is saved, as long as the proxy stays the same.
    pub proxy_user: Option<String>,
    #[cfg_attr(feature = "wire", ts(type = "string | null"))]
    pub proxy_password: Option<SecretString>,
    pub endpoint_options: EndpointOptions,
    /// How objects are stored where nobody says otherwise.
    pub stored: Options,
    /// What to do where a key is taken; none is the settings'.
    pub if_exists: Option<IfExists>,
    /// False: for this session only, nothing goes to the keychain.
    pub remember: bool,
}

/// One line of a connection's test, in the order they are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum CheckStep {
    Reached,
    Clock,
    SignedIn,
    Bucket,
    /// May start and abort an upload.
    MayUpload,
    /// Which checksums the server takes.
    Checksums,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct CheckRequest {
    pub form: ConnectionForm,
    pub step: CheckStep,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts", rename = "Outcome"))]
pub enum Passed {
    Passed,
    Failed,
    Skipped,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Check {
    pub step: CheckStep,
    pub outcome: Passed,
    /// Where it passed.
    pub said: Option<Checked>,
    pub fault: Option<Fault>,
    /// The region to use instead.
    pub region: Option<String>,
}

impl ConnectionForm {
    /// The smallest set of rights for uploads by this connection, as it stands in the form.
    ///
    /// # Errors
    /// `WrongPlace`, where it has no bucket.
    pub fn smallest_policy(&self) -> Result<SmallestPolicy> {
        smallest_policy(&self.connection(String::new())?.0, &self.stored)
    }

    /// The connection, and the proxy's login where one was typed.
    ///
    /// # Errors
    /// `WrongPlace` where the proxy's address cannot be used.
    pub(crate) fn connection(&self, id: String) -> Result<(Connection, Option<ProxyLogin>)> {
        let text = |text: &Option<String>| {
            text.as_ref().map(|text| text.trim().to_owned()).filter(|t| !t.is_empty())
        };
        let (proxy, login) = self.proxy()?;
        let connection = Connection {
            id,
            name: self.name.trim().to_owned(),
            preset: self.preset.clone(),
            endpoint: text(&self.endpoint),
            region: self.region.trim().to_owned(),
            path_style: self.path_style,
            sign: self.sign.clone(),
            role: self.role.as_ref().and_then(Role::trimmed).filter(|_| self.sign != Sign::Nothing),
            bucket: text(&self.bucket),
            prefix: self.prefix.trim().trim_start_matches('/').to_owned(),
            ca_bundle: text(&self.ca_bundle),
            proxy,
            endpoint_options: self.endpoint_options,
            practice: false,
            settled: false,
            signed_in: SignedIn::Missing,
            probed: None,
            stored: self.stored.clone(),
            if_exists: self.if_exists,
        };
        Ok((connection, login))
    }

    fn secret(&self) -> Option<Secret> {
        let secret_access_key = self.secret_access_key.as_ref().and_then(trimmed)?;
        let session_token = self.session_token.as_ref().and_then(trimmed);
        Some(Secret { secret_access_key, session_token })
    }
}

impl Engine {
    pub fn connections(&self) -> Vec<Connection> {
        let mut connections = self.shared.settings.connections();
        for connection in &mut connections {
            connection.signed_in = match connection.sign {
                Sign::Keys { .. } if self.shared.secrets.has_for_session(&connection.id) => {
                    SignedIn::Session
                }
                Sign::Keys { .. } if connection.signed_in == SignedIn::Keychain => {
                    SignedIn::Keychain
                }
                Sign::Keys { .. } => SignedIn::Missing,
                _ => SignedIn::NotNeeded,
            };
        }
        connections
    }

    /// # Errors
    /// `WrongPlace` where the form is not whole, `Unsupported` where S3 takes no such options, `Keychain` where the secret cannot be kept, `Storage`. Nothing is saved then.
    pub async fn save_connection(&self, form: ConnectionForm) -> Result<Connection> {
        let known = form.id.as_deref().and_then(|id| self.shared.settings.connection(id));
        let id = known.as_ref().map_or_else(new_id, |known| known.id.clone());
        let (mut connection, login) = form.connection(id)?;
        if connection.name.is_empty() {
            return Err(Fault::because(FaultKind::WrongPlace, Reason::NoName));
        }
        object_options::check(&connection.stored)?;
        connection.check_endpoint_options()?;
        let before = known.clone();
        let left = match &before {
            Some(before) => self.left_by(before, &connection).await,
            None => None,
        };
        let new_keys = form.secret().is_some() || login.is_some();
        let had_login = known.as_ref().is_some_and(|known| known.proxy.has_login());
        let was_kept = known.as_ref().is_some_and(|known| known.signed_in == SignedIn::Keychain);
        connection.signed_in = match (&connection.sign, form.secret()) {
            (Sign::Keys { access_key_id }, _) if access_key_id.trim().is_empty() => {
                return Err(Fault::because(FaultKind::Credentials, Reason::NoAccessKeyId));
            }
            (Sign::Keys { .. }, Some(secret)) if form.remember => {
                let kept = self.shared.secrets.keep(&connection.id, secret).await;
                self.all_or_nothing(&connection.id, was_kept, kept).await?;
                SignedIn::Keychain
            }
            (Sign::Keys { .. }, Some(secret)) => {
                self.shared.secrets.keep_for_session(&connection.id, secret);
                SignedIn::Session
            }
            (Sign::Keys { .. }, None) => match known {
                Some(known) if known.signed_in != SignedIn::NotNeeded => known.signed_in,
                _ => {
                    return Err(Fault::because(FaultKind::Credentials, Reason::NoSecret));
                }
            },
            _ => SignedIn::NotNeeded,
        };
        connection.probed = self.known_of(&connection);
        let typed_login = login.is_some();
        let kept = self.keep_proxy_login(&connection, login, form.remember).await;
        self.all_or_nothing(&connection.id, was_kept, kept).await?;
        let saved = self.shared.settings.set_connection(connection.clone());
        if saved.is_err() && typed_login && !had_login {
            self.drop_proxy_login(&connection.id).await;
        }
        self.all_or_nothing(&connection.id, was_kept, saved).await?;
        match connection.signed_in {
            SignedIn::Keychain | SignedIn::Missing => {}
            SignedIn::Session => self.take_out(&connection.id).await,
            SignedIn::NotNeeded => {
                self.shared.secrets.forget_for_session(&connection.id);
                self.take_out(&connection.id).await;
            }
        }
        if had_login && !connection.proxy.has_login() {
            self.drop_proxy_login(&connection.id).await;
        }
        self.shared.forget_client(&connection.id);
        if let Some(before) = before
            && (new_keys || in_use::is_used_otherwise(&before, &connection))
        {
            self.renew_uploads(&before, &connection, left);
        }
        self.shared.mark_changed();
        Ok(connection)
    }

    /// A connection that could not be saved leaves no secret in the keychain that was not there before.
    async fn all_or_nothing(&self, id: &str, was_kept: bool, done: Result<()>) -> Result<()> {
        if done.is_err() && !was_kept {
            self.take_out(id).await;
        }
        done
    }

    /// The secret is wanted in the keychain no more. Where that cannot be opened, which may be why, it is not waited for:
    /// it goes with the connection at the latest.
    async fn take_out(&self, id: &str) {
        if let Err(fault) = self.shared.secrets.forget_kept(id).await {
            tracing::warn!(%fault, "an old secret may still be in the keychain");
        }
    }

    /// What the server of this place was found to take: in the test of the form, or under the connection's old name.
    fn known_of(&self, connection: &Connection) -> Option<Probed> {
        let saved = self.shared.settings.connection(&connection.id);
        let saved = saved.filter(|saved| capabilities::same_place(saved, connection));
        self.shared.probed_of(connection).or_else(|| saved?.probed)
    }

    /// A connection whose secret lives as long as this process; the practice store's.
    ///
    /// # Errors
    /// `Storage`.
    pub fn set_session_connection(
        &self,
        mut connection: Connection,
        secret: Secret,
    ) -> Result<Connection> {
        connection.signed_in = SignedIn::Session;
        connection.probed = connection.probed.clone().or_else(|| self.known_of(&connection));
        self.shared.secrets.keep_for_session(&connection.id, secret);
        self.shared.settings.set_connection(connection.clone())?;
        self.shared.forget_client(&connection.id);
        self.shared.mark_changed();
        Ok(connection)
    }

    /// A connection as it is, under its own id: its secret is somebody else's (a profile, the environment), or in the
    /// keychain under that id already.
    ///
    /// # Errors
    /// `Storage`.
    pub fn keep_connection(&self, mut connection: Connection) -> Result<()> {
        connection.probed = connection.probed.clone().or_else(|| self.known_of(&connection));
        let id = connection.id.clone();
        self.shared.settings.set_connection(connection)?;
        self.shared.forget_client(&id);
        self.shared.mark_changed();
        Ok(())
    }

    /// # Errors
    /// `Storage`; `Keychain` where the secret could not be removed, and the connection stays then.
    pub async fn forget_connection(&self, id: &str) -> Result<()> {
        let known = self.shared.settings.connection(id);
        let has_login = known.as_ref().is_some_and(|known| known.proxy.has_login());
        match self.shared.secrets.forget(id).await {
            Err(fault) if known.is_some_and(|known| known.signed_in == SignedIn::Keychain) => {
                return Err(fault);
            }
            // nothing that is known of is in there, and there may be no keychain at all
            Err(fault) => tracing::info!(%fault, "the keychain could not be looked at"),
            Ok(()) => {}
        }
        if has_login {
            self.drop_proxy_login(id).await;
        }
        self.shared.settings.forget_connection(id)?;
        self.shared.forget_client(id);
        self.shared.mark_changed();
        Ok(())
    }

    pub async fn profiles(&self) -> Vec<String> {
        s3::profiles().await
    }

    /// Profiles that the AWS SDK leaves out for their names.
    pub fn unreadable_profiles(&self) -> Vec<String> {
        s3::unreadable_profiles()
    }

    pub async fn keychain(&self, again: bool) -> Keychain {
        keychain::keychain(again).await
    }
}

/// A name that is nobody else's: it is the keychain entry's too.
pub(super) fn new_id() -> String {
    format!("{:016x}", rand::random::<u64>())
}

#[cfg(test)]
mod tests;
