//! Signing in: IAM Identity Center and MFA codes. Uploads that waited for it resume by themselves.

use crate::engine::Engine;
use crate::engine::connections::{ConnectionForm, new_id};
use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::connection::Connection;
use crate::model::lock::locked;
use crate::model::proxy::ProxyLogin;
use crate::model::secret::{ExposeSecret as _, SecretString};
use crate::s3::sign_in::{self, Account, SignIn, SignInBy, SignInPage};
use crate::system::keychain::Secrets;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

/// The sign-ins in progress, by number.
#[derive(Clone, Default)]
pub(crate) struct SignIns(Arc<Mutex<HashMap<u32, UnderWay>>>);

struct UnderWay {
    page: SignInPage,
    /// `None` while `finish_sign_in` waits for it.
    sign_in: Option<SignIn>,
    cancelled: watch::Sender<bool>,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct BeginSignIn {
    pub form: ConnectionForm,
    pub by: SignInBy,
}

/// A sign-in in progress, and the page to open for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct SignInBegun {
    pub number: u32,
    pub page: SignInPage,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct RolesOf {
    pub form: ConnectionForm,
    pub account_id: String,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct EnterMfaCode {
    pub form: ConnectionForm,
    #[cfg_attr(feature = "wire", ts(type = "string"))]
    pub code: SecretString,
}

/// The login that the app saved in the keychain for the proxy of a connection, for a program without an engine. `None` if the
/// connection has none.
///
/// # Errors
/// `Keychain`.
pub async fn saved_proxy_login(connection: &Connection) -> Result<Option<ProxyLogin>> {
    match connection.proxy.has_login() {
        true => Secrets::default().proxy_login(&connection.id).await,
        false => Ok(None),
    }
}

fn id_of(form: &ConnectionForm) -> String {
    form.id.clone().unwrap_or_else(new_id)
}

impl Engine {
    /// What the user has to do before a connection has credentials: sign in, or enter an MFA code. `None` if nothing.
    ///
    /// # Errors
    /// As for connecting.
    pub async fn sign_in_needed(&self, connection: &str) -> Result<Option<Fault>> {
        let s3 = self.shared.s3(connection).await?;
        Ok(Box::pin(s3.sign_in_needed()).await)
    }

    /// Starts the session of a connection with an MFA code. The session is kept in memory until it expires; the code is not
    /// kept.
    ///
    /// # Errors
    /// `Credentials` if the code is malformed or rejected, or no code is needed; `Offline`.
    pub async fn enter_mfa_code(&self, connection: &str, code: &str) -> Result<()> {
        let s3 = self.shared.s3(connection).await?;
        Box::pin(s3.enter_mfa_code(code)).await?;
        self.signed_in();
        Ok(())
    }

    /// Does the same for a connection as its form describes it.
    ///
    /// # Errors
    /// As for `enter_mfa_code`.
    pub async fn enter_mfa_code_of_form(&self, given: &EnterMfaCode) -> Result<()> {
        let (connection, login) = given.form.connection(id_of(&given.form))?;
        let s3 = self.client(&given.form, &connection, login).await?;
        Box::pin(s3.enter_mfa_code(given.code.expose_secret())).await?;
        self.signed_in();
        Ok(())
    }

    /// Asks IAM Identity Center for a page to sign in on.
    ///
    /// # Errors
    /// As for [`SignIn::begin`].
    pub async fn begin_sign_in(&self, wanted: &BeginSignIn) -> Result<SignInBegun> {
        let (connection, login) = self.to_sign_in(&wanted.form).await?;
        let sign_in = Box::pin(SignIn::begin(&connection, login, wanted.by)).await?;
        let page = sign_in.page().clone();
        // never used again, so that the end of one is not taken for another's
        let number = rand::random();
        let cancelled = watch::Sender::new(false);
        locked(&self.sign_ins.0)
            .insert(number, UnderWay { page: page.clone(), sign_in: Some(sign_in), cancelled });
        Ok(SignInBegun { number, page })
    }

    /// The page of a sign-in in progress. `None` if there is no such sign-in.
    pub fn sign_in_page(&self, number: u32) -> Option<SignInPage> {
        let under_way = locked(&self.sign_ins.0);
        under_way.get(&number).map(|one| one.page.clone())
    }

    /// Waits until the user has signed in. Returns when the sign-in expires, in seconds since 1970. Uploads that waited for it
    /// resume.
    ///
    /// # Errors
    /// As for [`SignIn::finish`]; `Credentials` if it was cancelled.
    pub async fn finish_sign_in(&self, number: u32) -> Result<i64> {
        let taken = locked(&self.sign_ins.0)
            .get_mut(&number)
            .and_then(|one| Some((one.sign_in.take()?, one.cancelled.subscribe())));
        let cancelled = || Fault::because(FaultKind::Credentials, Reason::SignInTimedOut);
        let (sign_in, mut stop) = taken.ok_or_else(cancelled)?;
        let ended = tokio::select! {
            ended = Box::pin(sign_in.finish()) => ended,
            _ = stop.wait_for(|stop| *stop) => Err(cancelled()),
        };
        locked(&self.sign_ins.0).remove(&number);
        if ended.is_ok() {
            self.signed_in();
        }
        ended
    }

    /// Cancels a sign-in, and closes its page on loopback.
    pub fn cancel_sign_in(&self, number: u32) {
        if let Some(one) = locked(&self.sign_ins.0).remove(&number) {
            one.cancelled.send_replace(true);
        }
    }

    /// The accounts that the signed-in user may choose from.
    ///
    /// # Errors
    /// `SignIn` if the user is not signed in.
    pub async fn sso_accounts(&self, form: &ConnectionForm) -> Result<Vec<Account>> {
        let (connection, login) = self.to_sign_in(form).await?;
        Box::pin(sign_in::accounts(&connection, login)).await
    }

    /// The roles in an account.
    ///
    /// # Errors
    /// As for `sso_accounts`.
    pub async fn sso_roles(&self, of: &RolesOf) -> Result<Vec<String>> {
        let (connection, login) = self.to_sign_in(&of.form).await?;
        Box::pin(sign_in::roles(&connection, login, &of.account_id)).await
    }

    /// The connection of a form, and the login of its proxy. A sign-in uses the same proxy as an upload.
    async fn to_sign_in(&self, form: &ConnectionForm) -> Result<(Connection, Option<ProxyLogin>)> {
        let (connection, typed) = form.connection(id_of(form))?;
        let login = self.login_of(&connection, typed).await?;
        Ok((connection, login))
    }

    /// The user has signed in: uploads that wait try again, whichever connection they use.
    pub fn signed_in(&self) {
        for connection in self.shared.settings.connections() {
            self.shared.forget_client(&connection.id);
        }
        self.shared.mark_changed();
    }
}
