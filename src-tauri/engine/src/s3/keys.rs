//! The credentials of a connection: a profile, a sign-in with IAM Identity Center, a role on top of either. Reads the AWS
//! configuration.

use super::profile::{self, Base};
use super::profile_names::selected_unreadable;
use super::roles::{Assumed, Sessions};
use super::services::of_services;
use super::signed_in::BySignIn;
use super::{S3, faults};
use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::connection::{Connection, Sign};
use crate::model::sign_in::{Role, mfa_code};
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileSet};
use aws_config::provider_config::ProviderConfig;
use aws_config::sso::SsoCredentialsProvider;
use aws_config::timeout::TimeoutConfig;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_runtime::env_config::EnvConfigValue;
use aws_sdk_s3::config::{BehaviorVersion, Region, SharedHttpClient};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use aws_types::SdkConfig;
use aws_types::os_shim_internal::Env;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// The time limit of a request for credentials, retries included.
const ANSWER_LIMIT: Duration = Duration::from_secs(40);

/// A credentials provider, and the roles on the way to it.
#[derive(Clone, Debug)]
pub(super) struct Signer {
    pub(super) provider: SharedCredentialsProvider,
    /// In the order in which they are assumed.
    pub(super) assumed: Vec<Arc<Assumed>>,
    /// Whether the user has to sign in or enter an MFA code now and then.
    pub(super) needs_user: bool,
    /// The sign-in that the first credentials come from.
    pub(super) sign_in: Option<Arc<BySignIn>>,
    /// When credentials expire that are not renewed.
    pub(super) given_until: Option<SystemTime>,
    /// Names the owner of the credentials.
    from: String,
}

impl Signer {
    pub(super) fn new(provider: SharedCredentialsProvider, from: String) -> Self {
        let (assumed, sign_in) = (vec![], None);
        Self { provider, assumed, needs_user: false, sign_in, given_until: None, from }
    }

    /// The credentials of a sign-in.
    fn signed_in(sign_in: BySignIn, from: String) -> Self {
        let sign_in = Arc::new(sign_in);
        let provider: Arc<dyn ProvideCredentials> = Arc::clone(&sign_in) as _;
        let signer = Self::new(SharedCredentialsProvider::new(provider), from);
        Self { needs_user: true, sign_in: Some(sign_in), ..signer }
    }

    /// The credentials that the SDK's default chain finds.
    pub(super) fn of_the_sdk(provider: SharedCredentialsProvider, from: String) -> Self {
        // aws-vault, granted and `aws configure export-credentials` write it beside temporary keys
        let expiry = std::env::var("AWS_CREDENTIAL_EXPIRATION").ok().filter(|_| has_keys());
        let expiry = expiry.and_then(|text| DateTime::from_str(&text, Format::DateTime).ok());
        let given_until = expiry.and_then(|expiry| SystemTime::try_from(expiry).ok());
        Self { given_until, ..Self::new(provider, from) }
    }

    /// Adds a role on top.
    fn assuming(mut self, role: Role, sts: &Sts<'_>) -> Self {
        self.needs_user |= role.mfa_serial.is_some();
        let assumed =
            Assumed::new(role, self.provider, &self.from, sts.sdk, sts.endpoint, sts.sessions);
        let assumed = Arc::new(assumed);
        self.from = assumed.name().to_owned();
        let provider: Arc<dyn ProvideCredentials> = Arc::clone(&assumed) as _;
        self.provider = SharedCredentialsProvider::new(provider);
        self.assumed.push(assumed);
        self
    }
}

/// How roles are assumed, and where their sessions are kept.
struct Sts<'a> {
    sdk: &'a SdkConfig,
    endpoint: Option<&'a str>,
    sessions: &'a Sessions,
}

/// The credentials of a connection that uses the AWS configuration. `None` if the SDK's default chain does as well.
///
/// # Errors
/// `Credentials` if the profile cannot be used.
pub(super) async fn of_configuration(
    connection: &Connection,
    http: &SharedHttpClient,
    sessions: &Sessions,
) -> Result<Option<Signer>> {
    let profile = match &connection.sign {
        Sign::Profile { profile } => Some(&profile[..]),
        // keys in the environment go before profiles
        _ if has_keys() => return Ok(None),
        _ => None,
    };
    let set = match profile::load(profile).await {
        Ok(set) => set,
        // the chain says it where it matters: there may be keys without a configuration
        Err(_) if profile.is_none() => return Ok(None),
        Err(fault) => return Err(fault),
    };
    match set.get_profile(set.selected_profile()) {
        Some(_) => {}
        None if let Some(profile) = selected_unreadable(set.selected_profile()) => {
            let reason = Reason::ProfileNameNotRead { profile };
            return Err(Fault::because(FaultKind::Credentials, reason));
        }
        None if profile.is_none_or(|name| name == "default") => return Ok(None),
        None => {
            let reason = Reason::NoProfile { profile: profile.unwrap_or_default().to_owned() };
            return Err(Fault::because(FaultKind::Credentials, reason));
        }
    }
    let chain = profile::chain(&set)?;
    let is_plain = matches!(chain.base, Base::Profile(_)) && chain.roles.is_empty();
    // the chain reads the default profile once, and another program may write new keys to it
    if profile.is_none() && is_plain && !profile::has_keys(&set) {
        return Ok(None);
    }
    let sdk = sdk(Some(set.selected_profile()), region(connection, Some(&set)), http).await;
    let sts = Sts { sdk: &sdk, endpoint: None, sessions };
    let first = first(&chain.base, &sdk, http);
    Ok(Some(chain.roles.into_iter().fold(first, |signer, role| signer.assuming(role, &sts))))
}

/// Adds the connection's own role, if it has one.
pub(super) async fn with_role(
    signer: Signer,
    connection: &Connection,
    http: &SharedHttpClient,
    sessions: &Sessions,
) -> Signer {
    let Some(role) = &connection.role else { return signer };
    let profile = match &connection.sign {
        Sign::Profile { profile } => Some(&profile[..]),
        _ => None,
    };
    let by_configuration = matches!(connection.sign, Sign::Profile { .. } | Sign::Environment);
    let set = match by_configuration {
        true => profile::load(profile).await.ok(),
        false => None,
    };
    let sdk = sdk(profile, region(connection, set.as_ref()), http).await;
    let named = EnvConfigValue::new().env("AWS_ENDPOINT_URL").profile("endpoint_url");
    let named = named.service_id("STS").load(&Env::real(), set.as_ref()).is_some();
    // a server of somebody else's has its roles itself, as Ceph and MinIO do
    let own =
        connection.endpoint.as_deref().filter(|at| !named && !super::configured::is_amazon(at));
    let sts = Sts { sdk: &sdk, endpoint: own, sessions };
    signer.assuming(role.clone(), &sts)
}

/// A sign-in with IAM Identity Center without a profile. `None` for other connections.
pub(super) fn of_identity_center(
    connection: &Connection,
    http: &SharedHttpClient,
) -> Option<Signer> {
    let Sign::IdentityCenter { center, account_id, role_name } = &connection.sign else {
        return None;
    };
    let region = Region::new(center.sso_region.clone());
    let config = provider_config(region.clone(), http);
    let builder = SsoCredentialsProvider::builder()
        .account_id(account_id)
        .role_name(role_name)
        .start_url(&center.start_url)
        .region(region)
        // by a name, the SDK refreshes the token, and it makes the same file name of either
        .session_name(center.cache_key());
    let make = move || SharedCredentialsProvider::new(builder.clone().configure(&config).build());
    let from = format!("{} {account_id} {role_name}", center.cache_key());
    Some(Signer::signed_in(BySignIn::of_center(center, make), from))
}

fn first(base: &Base, sdk: &SdkConfig, http: &SharedHttpClient) -> Signer {
    // no `Debug` of keys shows their secret
    let from = format!("{base:?}");
    let region = sdk.region().cloned().unwrap_or_else(|| Region::new("us-east-1"));
    let config = provider_config(region, http);
    let of_profile = |name: &str| {
        let (name, config) = (name.to_owned(), config.clone());
        move || {
            let provider = ProfileFileCredentialsProvider::builder().profile_name(&name);
            SharedCredentialsProvider::new(provider.configure(&config).build())
        }
    };
    let provider = match base {
        Base::IdentityCenter { profile, instance } => {
            let sign_in = BySignIn::of_center(&instance.center, of_profile(profile));
            return Signer::signed_in(sign_in, from);
        }
        Base::Login { profile } => {
            return Signer::signed_in(BySignIn::of_login(profile, of_profile(profile)), from);
        }
        Base::Profile(name) => SharedCredentialsProvider::new(Anew(of_profile(name))),
        Base::Keys(keys) => SharedCredentialsProvider::new(keys.clone()),
        Base::Environment => {
            SharedCredentialsProvider::new(EnvironmentVariableCredentialsProvider::new())
        }
        Base::Ec2 => SharedCredentialsProvider::new(
            ImdsCredentialsProvider::builder().configure(&config).build(),
        ),
        Base::Ecs => SharedCredentialsProvider::new(
            EcsCredentialsProvider::builder().configure(&config).build(),
        ),
    };
    Signer::new(provider, from)
}

/// A provider that is made for each request. The SDK's own reads a profile once, and another program may write new
/// temporary keys to it.
struct Anew<F>(F);

impl<F> std::fmt::Debug for Anew<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Anew")
    }
}

impl<F: Fn() -> SharedCredentialsProvider + Send + Sync> ProvideCredentials for Anew<F> {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let provider = (self.0)();
        future::ProvideCredentials::new(async move { provider.provide_credentials().await })
    }
}

fn provider_config(region: Region, http: &SharedHttpClient) -> ProviderConfig {
    ProviderConfig::default()
        .with_region(Some(region))
        .with_http_client(of_services(http))
        .with_timeout_config(timeouts())
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder().operation_timeout(ANSWER_LIMIT).build()
}

/// The configuration for requests to AWS STS and IAM Identity Center, with the endpoints that the AWS configuration names.
pub(super) async fn sdk(
    profile: Option<&str>,
    region: String,
    http: &SharedHttpClient,
) -> SdkConfig {
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(of_services(http))
        .timeout_config(timeouts())
        .no_credentials()
        .region(Region::new(region));
    if let Some(profile) = profile {
        loader = loader.profile_name(profile);
    }
    loader.load().await
}

/// The region of AWS STS.
fn region(connection: &Connection, set: Option<&ProfileSet>) -> String {
    let env = |name| std::env::var(name).ok();
    let of_connection = Some(connection.region.clone()).filter(|region| !region.trim().is_empty());
    let of_profile = || set.and_then(|set| set.get("region")).map(ToOwned::to_owned);
    let region = of_connection
        .or_else(|| env("AWS_REGION"))
        .or_else(|| env("AWS_DEFAULT_REGION"))
        .or_else(of_profile);
    region.map(|region| region.trim().to_owned()).unwrap_or_else(|| "us-east-1".to_owned())
}

/// Whether expired credentials may be followed by others. Typed keys, and those of the environment, are not.
pub(super) fn renews(connection: &Connection) -> bool {
    match connection.sign {
        Sign::Keys { .. } | Sign::Nothing => false,
        Sign::Environment => !has_keys(),
        Sign::Profile { .. } | Sign::IdentityCenter { .. } => true,
    }
}

/// Whether the environment has keys.
fn has_keys() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    is_set("AWS_ACCESS_KEY_ID") && is_set("AWS_SECRET_ACCESS_KEY")
}

impl S3 {
    /// What the user has to do first: sign in, or enter an MFA code. `None` if there are credentials, or something else is
    /// wrong.
    pub(crate) async fn sign_in_needed(&self) -> Option<Fault> {
        let needs_user = self.signer.as_ref().is_some_and(|signer| signer.needs_user);
        let keys = self.keys.as_ref().filter(|_| needs_user)?;
        let refused = keys.provide_credentials().await.err()?;
        faults::credentials(&refused).filter(|fault| fault.kind == FaultKind::SignIn)
    }

    /// Starts the session that waits for an MFA code.
    ///
    /// # Errors
    /// `Credentials` if the code is malformed or rejected, or no code is needed; `Offline`.
    pub(crate) async fn enter_mfa_code(&self, typed: &str) -> Result<()> {
        let refused = |reason| Fault::because(FaultKind::Credentials, reason);
        let roles = self.signer.iter().flat_map(|signer| &signer.assumed);
        let Some(waiting) = roles.into_iter().find(|role| role.waits_for().is_some()) else {
            return Err(refused(Reason::NoMfaDevice));
        };
        let code = mfa_code(typed).ok_or_else(|| refused(Reason::NoMfaCode))?;
        waiting.begin(&code).await
    }
}
