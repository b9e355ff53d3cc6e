//! Signing in with IAM Identity Center, as `aws sso login` does it: in the browser, which hands a code back over loopback
//! (authorization code with PKCE), or with a device code. The token is stored where the AWS tools store it. <https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/Welcome.html>

mod callback;
mod portal;

pub use portal::{Account, accounts, roles};

use super::profile::{self, Instance};
use super::sso_token::{Token, date};
use super::{connect, faults, keys};
use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::connection::{Connection, Sign};
use crate::model::proxy::ProxyLogin;
use crate::model::secret::{ExposeSecret, SecretString};
use crate::model::sign_in::IdentityCenter;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_ssooidc::Client;
use aws_sdk_ssooidc::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
use aws_sdk_ssooidc::operation::create_token::{CreateTokenError, CreateTokenOutput};
use aws_sdk_ssooidc::operation::register_client::RegisterClientOutput;
use aws_types::SdkConfig;
use aws_types::service_config::ServiceConfigKey;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use callback::Callback;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::time::{Duration, SystemTime};
use url::Url;

/// Shown in the browser when the user is asked to allow access.
const CLIENT_NAME: &str = "Windlass";
const PUBLIC: &str = "public";
const BY_DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// As long as the AWS tools wait for the browser.
const BROWSER_LIMIT: Duration = Duration::from_secs(600);
/// The polling interval, and what is added to it after `slow_down` (RFC 8628, 3.5).
const INTERVAL: Duration = Duration::from_secs(5);

/// How the user signs in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum SignInBy {
    /// In this computer's browser. A profile without an `sso_session` uses a device code nevertheless.
    #[default]
    Browser,
    /// With a code that is entered on a page, on any device.
    DeviceCode,
}

/// The page to sign in on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct SignInPage {
    /// The address to open. It has the code filled in, if there is one.
    pub url: String,
    /// The same page without the code, short enough to type.
    pub verification_url: String,
    /// The code to enter, or to compare with the one on the page. `None` in this computer's browser.
    pub user_code: Option<String>,
    pub start_url: String,
    /// How long the page can be used.
    pub seconds: u64,
}

/// A sign-in in progress.
pub struct SignIn {
    client: Client,
    instance: Instance,
    registration: Registration,
    grant: Grant,
    page: SignInPage,
}

struct Registration {
    client_id: String,
    client_secret: SecretString,
    /// Seconds since 1970.
    expires_at: i64,
}

enum Grant {
    Browser { callback: Callback, redirect_uri: String, verifier: SecretString },
    Device { device_code: SecretString, interval: Duration },
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn").field("page", &self.page).finish_non_exhaustive()
    }
}

impl SignIn {
    /// Asks the instance of the connection, or of its profile, for a page to sign in on.
    ///
    /// # Errors
    /// `Credentials` if there is no such instance, or it rejects the request; `SignIn` for a profile of `aws login`; `Offline`.
    pub async fn begin(
        connection: &Connection,
        proxy_login: Option<ProxyLogin>,
        by: SignInBy,
    ) -> Result<Self> {
        let (instance, sdk) = instance(connection, proxy_login).await?;
        // before there were sessions there was no way but the code
        let by = if instance.scopes.is_empty() { SignInBy::DeviceCode } else { by };
        let client = Client::new(&sdk);
        match by {
            SignInBy::Browser => in_browser(client, instance, &sdk).await,
            SignInBy::DeviceCode => by_code(client, instance).await,
        }
    }

    pub fn page(&self) -> &SignInPage {
        &self.page
    }

    /// Waits until the user has signed in, and stores the token for Windlass and the AWS tools. Returns when it expires, in
    /// seconds since 1970; it is refreshed before, for as long as the instance allows.
    ///
    /// # Errors
    /// `Credentials` if it was denied or timed out; `Offline`; `Storage` if the token cannot be written.
    pub async fn finish(self) -> Result<i64> {
        let limit = Duration::from_secs(self.page.seconds);
        let given = tokio::time::timeout(limit, self.token()).await;
        let given = given.unwrap_or_else(|_| Err(credentials(Reason::SignInTimedOut)))?;
        let Some(access_token) = given.access_token else {
            return Err(self.failed("the answer has no token".to_owned()));
        };
        let expires_at = now().saturating_add(i64::from(given.expires_in));
        let token = Token {
            start_url: self.instance.center.start_url.clone(),
            region: self.instance.center.sso_region.clone(),
            access_token: access_token.into(),
            expires_at: date(expires_at),
            client_id: self.registration.client_id,
            client_secret: self.registration.client_secret,
            registration_expires_at: date(self.registration.expires_at),
            refresh_token: given.refresh_token.map(Into::into),
        };
        let center = self.instance.center;
        let written = tokio::task::spawn_blocking(move || token.write(center.cache_key())).await;
        written.map_err(|error| Fault::new(FaultKind::Bug, error.to_string()))??;
        Ok(expires_at)
    }

    async fn token(&self) -> Result<CreateTokenOutput> {
        let request = || {
            self.client
                .create_token()
                .client_id(&self.registration.client_id)
                .client_secret(self.registration.client_secret.expose_secret())
        };
        match &self.grant {
            Grant::Browser { callback, redirect_uri, verifier } => {
                let code = callback.code().await.map_err(|refused| match refused {
                    Some(cause) => self.failed(cause),
                    None => credentials(Reason::SignInDenied),
                })?;
                let request = request()
                    .grant_type("authorization_code")
                    .code(code)
                    .redirect_uri(redirect_uri)
                    .code_verifier(verifier.expose_secret());
                request.send().await.map_err(|error| self.refused(&error))
            }
            Grant::Device { device_code, interval } => {
                let mut interval = *interval;
                loop {
                    tokio::time::sleep(interval).await;
                    let asked = request()
                        .grant_type(BY_DEVICE)
                        .device_code(device_code.expose_secret())
                        .send()
                        .await;
                    let error = match asked {
                        Ok(given) => return Ok(given),
                        Err(error) => error,
                    };
                    match error.as_service_error() {
                        Some(CreateTokenError::AuthorizationPendingException(_)) => {}
                        Some(CreateTokenError::SlowDownException(_)) => interval += INTERVAL,
                        Some(CreateTokenError::ExpiredTokenException(_)) => {
                            return Err(credentials(Reason::SignInTimedOut));
                        }
                        Some(CreateTokenError::AccessDeniedException(_)) => {
                            return Err(credentials(Reason::SignInDenied));
                        }
                        // somebody is typing the code meanwhile
                        _ if self.refused(&error).kind == FaultKind::Offline => {}
                        _ => return Err(self.refused(&error)),
                    }
                }
            }
        }
    }

    fn failed(&self, cause: String) -> Fault {
        let start_url = self.instance.center.start_url.clone();
        credentials(Reason::SignInFailed { start_url, cause })
    }

    fn refused<E>(&self, error: &SdkError<E, HttpResponse>) -> Fault
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        refused(error, &self.instance.center)
    }
}

/// The instance that a connection signs in with, and how it is reached.
async fn instance(
    connection: &Connection,
    proxy_login: Option<ProxyLogin>,
) -> Result<(Instance, SdkConfig)> {
    let (instance, profile) = match &connection.sign {
        Sign::IdentityCenter { center, .. } => {
            let set = profile::load(None).await.ok();
            let session = center.session_name.as_deref().unwrap_or_default();
            let scopes = set.map(|set| profile::scopes(&set, session));
            let scopes = scopes.unwrap_or_else(|| vec![profile::ACCOUNT_ACCESS.to_owned()]);
            (Instance { center: center.clone(), scopes }, None)
        }
        Sign::Profile { profile: name } => {
            (profile::instance(&profile::load(Some(name)).await?)?, Some(name.as_str()))
        }
        Sign::Environment => (profile::instance(&profile::load(None).await?)?, None),
        Sign::Keys { .. } | Sign::Nothing => {
            let profile = connection.name.clone();
            return Err(credentials(Reason::NoIdentityCenter { profile }));
        }
    };
    let IdentityCenter { start_url, sso_region, .. } = &instance.center;
    if !is_page(start_url) {
        return Err(credentials(Reason::NoStartUrl { start_url: start_url.clone() }));
    }
    if sso_region.trim().is_empty() {
        return Err(credentials(Reason::NoSsoRegion));
    }
    let (http, _) = connect::http(connection, proxy_login)?;
    let sdk = keys::sdk(profile, sso_region.trim().to_owned(), &http).await;
    Ok((instance, sdk))
}

/// Whether it is the address of a web page.
fn is_page(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| url.has_host() && matches!(url.scheme(), "https" | "http"))
}

async fn in_browser(client: Client, instance: Instance, sdk: &SdkConfig) -> Result<SignIn> {
    let state = secret();
    let callback = Callback::listen(state.clone()).await.map_err(|error| {
        let place = "http://127.0.0.1".to_owned();
        let cause = error.to_string();
        Fault::because(FaultKind::Offline, Reason::Unreachable { place, cause })
    })?;
    let registered = client
        .register_client()
        .client_name(CLIENT_NAME)
        .client_type(PUBLIC)
        .grant_types("authorization_code")
        .grant_types("refresh_token")
        // any port of it is as good
        .redirect_uris(callback::uri(None))
        .issuer_url(&instance.center.start_url)
        .set_scopes(Some(instance.scopes.clone()))
        .send()
        .await;
    let registered = registered.map_err(|error| refused(&error, &instance.center))?;
    let registration = registration(registered, &instance.center)?;
    let (redirect_uri, verifier) = (callback::uri(Some(callback.port())), secret());
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    let mut url = authorize(sdk, &instance.center).await?;
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", &registration.client_id)
        .append_pair("redirect_uri", &redirect_uri)
        .append_pair("state", &state)
        .append_pair("code_challenge_method", "S256")
        // Amazon's own word, where OAuth has `scope`
        .append_pair("scopes", &instance.scopes.join(" "))
        .append_pair("code_challenge", &challenge);
    let page = SignInPage {
        url: url.to_string(),
        verification_url: url.into(),
        user_code: None,
        start_url: instance.center.start_url.clone(),
        seconds: BROWSER_LIMIT.as_secs(),
    };
    let grant = Grant::Browser { callback, redirect_uri, verifier: verifier.into() };
    Ok(SignIn { client, instance, registration, grant, page })
}

/// The authorization page of the instance's region.
async fn authorize(sdk: &SdkConfig, center: &IdentityCenter) -> Result<Url> {
    let key = ServiceConfigKey::builder()
        .service_id("SSO OIDC")
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build();
    let named = key.ok().and_then(|key| sdk.service_config()?.load_config(key));
    let named = named.or_else(|| sdk.endpoint_url().map(ToOwned::to_owned));
    let params = Params::builder()
        .region(sdk.region().map_or("us-east-1", AsRef::as_ref))
        .use_fips(sdk.use_fips().unwrap_or(false))
        .use_dual_stack(sdk.use_dual_stack().unwrap_or(false))
        .set_endpoint(named)
        .build();
    let failed = |cause: String| {
        credentials(Reason::SignInFailed { start_url: center.start_url.clone(), cause })
    };
    let params = params.map_err(|error| failed(error.to_string()))?;
    let resolver = DefaultResolver::new();
    let found = ResolveEndpoint::resolve_endpoint(&resolver, &params).await;
    let found = found.map_err(|error| failed(faults::deepest(&*error)))?;
    let url = format!("{}/authorize", found.url().trim_end_matches('/'));
    Url::parse(&url).map_err(|error| failed(error.to_string()))
}

async fn by_code(client: Client, instance: Instance) -> Result<SignIn> {
    let center = &instance.center;
    let registered = client
        .register_client()
        .client_name(CLIENT_NAME)
        .client_type(PUBLIC)
        .set_scopes(Some(instance.scopes.clone()).filter(|scopes| !scopes.is_empty()))
        .send()
        .await;
    let registered = registered.map_err(|error| refused(&error, center))?;
    let registration = registration(registered, center)?;
    let begun = client
        .start_device_authorization()
        .client_id(&registration.client_id)
        .client_secret(registration.client_secret.expose_secret())
        .start_url(&center.start_url)
        .send()
        .await;
    let begun = begun.map_err(|error| refused(&error, center))?;
    let (Some(device_code), Some(user_code), Some(verification_url)) =
        (begun.device_code, begun.user_code, begun.verification_uri)
    else {
        let start_url = center.start_url.clone();
        let cause = "the answer has no code".to_owned();
        return Err(credentials(Reason::SignInFailed { start_url, cause }));
    };
    let seconds = |given: i32| u64::try_from(given).ok().filter(|seconds| *seconds > 0);
    let url = begun.verification_uri_complete.unwrap_or_else(|| verification_url.clone());
    if ![&url, &verification_url].into_iter().all(|url| is_page(url)) {
        // it is opened: another scheme may start a program
        let start_url = center.start_url.clone();
        let cause = format!("\"{url}\" is not the address of a page");
        return Err(credentials(Reason::SignInFailed { start_url, cause }));
    }
    let page = SignInPage {
        url,
        verification_url,
        user_code: Some(user_code),
        start_url: center.start_url.clone(),
        seconds: seconds(begun.expires_in).unwrap_or(BROWSER_LIMIT.as_secs()),
    };
    let interval = seconds(begun.interval).map_or(INTERVAL, Duration::from_secs);
    let grant = Grant::Device { device_code: device_code.into(), interval };
    Ok(SignIn { client, instance, registration, grant, page })
}

fn registration(given: RegisterClientOutput, center: &IdentityCenter) -> Result<Registration> {
    match (given.client_id, given.client_secret) {
        (Some(client_id), Some(client_secret)) => Ok(Registration {
            client_id,
            client_secret: client_secret.into(),
            expires_at: given.client_secret_expires_at,
        }),
        _ => {
            let start_url = center.start_url.clone();
            let cause = "the answer has no client".to_owned();
            Err(credentials(Reason::SignInFailed { start_url, cause }))
        }
    }
}

/// An error response of OAuth (RFC 6749, 5.2) or of AWS.
#[derive(Deserialize)]
struct Said {
    error_description: Option<String>,
    message: Option<String>,
    error: Option<String>,
}

/// In the words of the server, where it has some.
fn refused<E>(error: &SdkError<E, HttpResponse>, center: &IdentityCenter) -> Fault
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let SdkError::ServiceError(context) = error else {
        return faults::fault(error, &center.start_url);
    };
    let body = context.raw().body().bytes().unwrap_or_default();
    let said: Option<Said> = serde_json::from_slice(body).ok();
    let code = context.err().meta().code().unwrap_or_default();
    let cause = said.and_then(|said| said.error_description.or(said.message).or(said.error));
    let cause = cause.unwrap_or_else(|| code.to_owned());
    let start_url = center.start_url.clone();
    let mut fault = credentials(Reason::SignInFailed { start_url, cause });
    fault.status = Some(context.raw().status().as_u16());
    fault
}

fn credentials(reason: Reason) -> Fault {
    Fault::because(FaultKind::Credentials, reason)
}

/// 256 bits that nobody can guess, in letters that need no escape.
fn secret() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// Seconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
