//! Roles and MFA sessions: credentials that AWS STS issues for other credentials. An MFA code is used once and not kept; its
//! session is kept in memory until it expires. <https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html>

use super::faults;
use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::lock::locked;
use crate::model::sign_in::Role;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::types;
use aws_types::SdkConfig;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A session with less time left is not used for another request.
const NEARLY_OVER: Duration = Duration::from_secs(30);

/// Sessions that were started with an MFA code, by the name of their role.
#[derive(Clone, Default)]
pub(crate) struct Sessions(Arc<Mutex<HashMap<String, Credentials>>>);

impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sessions")
    }
}

impl Sessions {
    fn get(&self, name: &str) -> Option<Credentials> {
        let mut sessions = locked(&self.0);
        let lasting = SystemTime::now() + NEARLY_OVER;
        sessions.retain(|_, keys| keys.expiry().is_none_or(|end| end > lasting));
        sessions.get(name).cloned()
    }

    fn keep(&self, name: &str, keys: Credentials) {
        locked(&self.0).insert(name.to_owned(), keys);
    }
}

/// The credentials of a role or of an MFA session.
#[derive(Debug)]
pub(crate) struct Assumed {
    role: Role,
    sts: aws_sdk_sts::Client,
    sessions: Sessions,
    /// Distinguishes its session from others.
    name: String,
}

impl Assumed {
    /// `from` names the owner of the credentials of `source`.
    pub(super) fn new(
        role: Role,
        source: SharedCredentialsProvider,
        from: &str,
        sdk: &SdkConfig,
        endpoint: Option<&str>,
        sessions: &Sessions,
    ) -> Self {
        let mut config = aws_sdk_sts::config::Builder::from(sdk)
            .identity_cache(aws_config::identity::IdentityCache::no_cache())
            .credentials_provider(source);
        if let Some(endpoint) = endpoint {
            config = config.endpoint_url(endpoint);
        }
        let sts = aws_sdk_sts::Client::from_conf(config.build());
        let name = format!("{from} {role:?}");
        Self { role, sts, sessions: sessions.clone(), name }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The device whose code is needed first. `None` if there is no device, or the session has been started.
    pub(super) fn waits_for(&self) -> Option<&str> {
        let device = self.role.mfa_serial.as_deref();
        device.filter(|_| self.sessions.get(&self.name).is_none())
    }

    /// When the session that an MFA code started expires. `None` if there is no such session, or no code is needed.
    pub(super) fn session_ends(&self) -> Option<SystemTime> {
        self.role.mfa_serial.as_ref()?;
        self.sessions.get(&self.name)?.expiry()
    }

    /// Starts the session with a code, and keeps it.
    ///
    /// # Errors
    /// `Credentials` if the code or the role is rejected; those of the source credentials.
    pub(super) async fn begin(&self, code: &str) -> Result<()> {
        let keys = self.ask(Some(code)).await?;
        self.sessions.keep(&self.name, keys);
        Ok(())
    }

    async fn keys(&self) -> Result<Credentials, CredentialsError> {
        let Some(device) = &self.role.mfa_serial else { return Ok(self.ask(None).await?) };
        self.sessions.get(&self.name).ok_or_else(|| {
            let reason = Reason::MfaCodeNeeded { mfa_serial: device.clone() };
            Fault::because(FaultKind::SignIn, reason).into()
        })
    }

    async fn ask(&self, code: Option<&str>) -> Result<Credentials> {
        let device = self.role.mfa_serial.clone().filter(|_| code.is_some());
        let code = code.map(ToOwned::to_owned);
        let seconds = self.role.duration_seconds.and_then(|seconds| i32::try_from(seconds).ok());
        let given = match &self.role.role_arn {
            Some(role) => {
                let request = self
                    .sts
                    .assume_role()
                    .role_arn(role)
                    .role_session_name(self.session_name())
                    .set_external_id(self.role.external_id.clone())
                    .set_duration_seconds(seconds)
                    .set_serial_number(device)
                    .set_token_code(code);
                request.send().await.map(|answer| answer.credentials).map_err(|e| self.refused(&e))
            }
            None => {
                let request = self
                    .sts
                    .get_session_token()
                    .set_duration_seconds(seconds)
                    .set_serial_number(device)
                    .set_token_code(code);
                request.send().await.map(|answer| answer.credentials).map_err(|e| self.refused(&e))
            }
        }?;
        let keys = given.and_then(keys_of);
        keys.ok_or_else(|| self.not_assumed("the answer has no credentials".to_owned()))
    }

    fn session_name(&self) -> String {
        self.role.role_session_name.clone().unwrap_or_else(|| {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            format!("windlass-{}", since.as_secs())
        })
    }

    fn refused<E>(&self, error: &SdkError<E, HttpResponse>) -> Fault
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let SdkError::ServiceError(context) = error else {
            return faults::fault(error, "AWS STS");
        };
        let said = context.err().meta();
        let text = said.message().or(said.code()).unwrap_or("no reason was given");
        let mut fault = self.not_assumed(text.to_owned());
        fault.code = said.code().map(ToOwned::to_owned);
        fault.status = Some(context.raw().status().as_u16());
        fault
    }

    fn not_assumed(&self, cause: String) -> Fault {
        let role_arn = self.role.role_arn.clone();
        Fault::because(FaultKind::Credentials, Reason::NotAssumed { role_arn, cause })
    }
}

impl ProvideCredentials for Assumed {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.keys())
    }
}

fn keys_of(given: types::Credentials) -> Option<Credentials> {
    let end = SystemTime::try_from(given.expiration).ok()?;
    Some(Credentials::new(
        given.access_key_id,
        given.secret_access_key,
        Some(given.session_token),
        Some(end),
        "windlass-sts",
    ))
}
