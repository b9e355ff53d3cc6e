//! Builds the client of a connection: endpoint, region, credentials, proxy and certificate authorities.

use super::configured::Configured;
use super::http_client::http_client;
use super::keys::{self, Signer};
use super::lasting::Lasting;
use super::length::EmptyLength;
use super::proxy::Proxies;
use super::roles::Sessions;
use super::services::of_services;
use super::trust::{Tls, Trusted};
use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::connection::{Connection, Sign};
use crate::model::proxy::{ProxyLogin, ProxyScheme};
use crate::model::secret::{ExposeSecret, Secret};
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{
    BehaviorVersion, Builder, Credentials, IdentityCache, Region, RequestChecksumCalculation,
    ResponseChecksumValidation, SharedHttpClient, StalledStreamProtectionConfig,
};
use aws_types::SdkConfig;
use std::sync::Arc;

/// A client, and what is known of it.
pub(super) struct Connected {
    pub(super) client: Client,
    /// The credentials provider. `None` if requests are not signed.
    pub(super) keys: Option<Arc<Lasting>>,
    /// Who gives them out.
    pub(super) signer: Option<Signer>,
    /// The connection as it is used.
    pub(super) used: Connection,
    /// Host and port of the proxy on the way to the server.
    pub(super) proxy: Option<String>,
}

/// Builds the client, and completes the connection.
///
/// # Errors
/// `Credentials` if there are none; `WrongPlace` if the endpoint, the proxy or the certificates cannot be used.
pub(super) async fn client(
    connection: &Connection,
    secret: Option<Secret>,
    proxy_login: Option<ProxyLogin>,
    sessions: &Sessions,
) -> Result<Connected> {
    let configured = match &connection.sign {
        Sign::Profile { profile } => Configured::read(Some(profile)).await,
        Sign::Environment => Configured::read(None).await,
        Sign::Keys { .. } | Sign::IdentityCenter { .. } | Sign::Nothing => Configured::default(),
    };
    let connection = &configured.apply(connection);
    connection.check_endpoint_options()?;
    let (http, proxies) = http(connection, proxy_login)?;
    let region = Some(connection.region.trim()).filter(|region| !region.is_empty());
    let plain = || Builder::new().behavior_version(BehaviorVersion::latest());
    let (mut builder, signer) = match &connection.sign {
        Sign::Keys { access_key_id } => {
            let Some(secret) = secret else {
                let connection = connection.name.clone();
                return Err(Fault::because(
                    FaultKind::Credentials,
                    Reason::SecretNotHere { connection },
                ));
            };
            let keys = Credentials::new(
                access_key_id,
                secret.secret_access_key.expose_secret(),
                secret.session_token.map(|token| token.expose_secret().to_owned()),
                None,
                "windlass-connection",
            );
            let keys = SharedCredentialsProvider::new(keys);
            (plain(), Some(Signer::new(keys, access_key_id.clone())))
        }
        Sign::IdentityCenter { .. } => (plain(), keys::of_identity_center(connection, &http)),
        Sign::Nothing => (plain().allow_no_auth(), None),
        Sign::Profile { .. } | Sign::Environment => {
            let mut chain =
                aws_config::defaults(BehaviorVersion::latest()).http_client(of_services(&http));
            let mut from = "environment".to_owned();
            if let Sign::Profile { profile } = &connection.sign {
                chain = chain.profile_name(profile);
                from.clone_from(profile);
            }
            if let Some(region) = region {
                chain = chain.region(Region::new(region.to_owned()));
            }
            let ours = keys::of_configuration(connection, &http, sessions).await?;
            if let Some(signer) = &ours {
                chain = chain.credentials_provider(signer.provider.clone());
            }
            let found = chain.load().await;
            let by_the_sdk = || Some(Signer::of_the_sdk(found.credentials_provider()?, from));
            let signer = ours.or_else(by_the_sdk);
            let builder = of_the_sdk(&found, &configured, connection.endpoint.is_some());
            // as in the AWS tools: a bucket in another region says so
            match found.region() {
                Some(_) => (builder, signer),
                None => (builder.region(Region::new("us-east-1")), signer),
            }
        }
    };
    let signer = match signer {
        Some(signer) => Some(keys::with_role(signer, connection, &http, sessions).await),
        None => None,
    };
    let keys = signer.as_ref().map(|signer| {
        let renews = keys::renews(connection) || !signer.assumed.is_empty();
        Arc::new(Lasting::new(signer.provider.clone(), renews))
    });
    if let Some(keys) = &keys {
        let keys: Arc<dyn ProvideCredentials> = Arc::clone(keys) as _;
        builder = builder.credentials_provider(SharedCredentialsProvider::new(keys));
    }
    if let Some(region) = region {
        builder = builder.region(Region::new(region.to_owned()));
    } else if !matches!(connection.sign, Sign::Profile { .. } | Sign::Environment) {
        builder = builder.region(Region::new("us-east-1"));
    }
    if let Some(endpoint) = &connection.endpoint {
        builder = builder.endpoint_url(endpoint_url(endpoint)?);
    }
    let options = connection.endpoint_options;
    // what the AWS configuration says of them holds where the connection does not
    if options.dual_stack {
        builder = builder.use_dual_stack(true);
    }
    if options.fips {
        builder = builder.use_fips(true);
    }
    let accelerate = options.accelerate || configured.accelerate && connection.endpoint.is_none();
    let config = builder
        .http_client(http)
        .accelerate(accelerate)
        .identity_cache(IdentityCache::no_cache())
        .interceptor(EmptyLength)
        .force_path_style(connection.path_style)
        // Windlass does these itself: retries by kind of fault, timeouts by progress, checksums by the server's
        // capabilities
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::disabled())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
        .build();
    let mut used = connection.clone();
    if let Some(region) = config.region() {
        used.region = region.to_string();
    }
    let amazon = || format!("https://s3.{}.amazonaws.com", used.region);
    let server = used.endpoint.clone().unwrap_or_else(amazon).trim().parse().ok();
    let proxy = server.and_then(|server| proxies.to(&server)).map(|via| via.address.to_string());
    Ok(Connected { client: Client::from_conf(config), keys, signer, used, proxy })
}

/// The SDK's view of the AWS configuration. Windlass chooses the endpoint.
fn of_the_sdk(found: &SdkConfig, configured: &Configured, has_endpoint: bool) -> Builder {
    let mut builder = Builder::from(found);
    builder.set_endpoint_url(None);
    // an explicit endpoint is used as it is; FIPS is a rule, which such an endpoint cannot follow
    let dual_stack = found.use_dual_stack().unwrap_or(false) || configured.dual_stack;
    builder.set_use_dual_stack(Some(dual_stack && !has_endpoint));
    builder
}

fn endpoint_url(endpoint: &str) -> Result<String> {
    let endpoint = endpoint.trim().trim_end_matches('/');
    let rest = endpoint.strip_prefix("https://").or_else(|| endpoint.strip_prefix("http://"));
    match rest {
        Some(host) if !host.is_empty() && !host.contains(['{', '}', ' ']) && is_address(host) => {
            // the SDK appends the bucket to a path without a slash
            // (<https://github.com/awslabs/aws-sdk-rust/issues/1387>)
            let slash = if host.contains('/') { "/" } else { "" };
            Ok(format!("{endpoint}{slash}"))
        }
        _ => {
            let reason = Reason::NoAddress { endpoint: endpoint.to_owned() };
            Err(Fault::because(FaultKind::WrongPlace, reason))
        }
    }
}

/// Checks an endpoint: a query or a fragment is not allowed, and ports end at 65535.
fn is_address(rest: &str) -> bool {
    let host = rest.split('/').next().unwrap_or(rest);
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    // after an IPv6 address, which contains colons
    let port = host.rsplit_once(']').map_or(host, |(_, port)| port).split_once(':');
    !rest.contains(['?', '#'])
        && port.is_none_or(|(_, port)| port.parse::<u16>().is_ok_and(|port| port > 0))
}

/// The HTTP client of a connection, for its server and for the services that give out credentials, and its proxies.
///
/// # Errors
/// `WrongPlace` if the proxy or the certificates cannot be used.
pub(super) fn http(
    connection: &Connection,
    login: Option<ProxyLogin>,
) -> Result<(SharedHttpClient, Arc<Proxies>)> {
    let proxies = Arc::new(Proxies::of(connection, login)?);
    let tls = tls(connection, &proxies)?;
    Ok((http_client(proxies.clone(), tls), proxies))
}

/// What TLS of this connection trusts.
fn tls(connection: &Connection, proxies: &Proxies) -> Result<Tls> {
    let useless = |cause: Option<String>| {
        let path = connection.ca_bundle.clone().unwrap_or_default();
        Fault::because(FaultKind::WrongPlace, Reason::Certificates { path, cause })
    };
    let server = connection.endpoint.as_deref().filter(|at| at.trim().starts_with("http://"));
    let has_plain_proxy = |server: &str| {
        let via = server.trim().parse().ok().and_then(|server| proxies.to(&server));
        via.is_none_or(|via| via.address.scheme != ProxyScheme::Https)
    };
    let own_keys = matches!(connection.sign, Sign::Keys { .. } | Sign::Nothing);
    // a profile or a role may need https for SSO or STS even if the endpoint is plain
    let never_used = own_keys && connection.role.is_none() && server.is_some_and(has_plain_proxy);
    let Some(path) = connection.ca_bundle.as_ref().filter(|_| !never_used) else {
        return Ok(Tls::default());
    };
    let pem = std::fs::read(path).map_err(|error| useless(Some(error.to_string())))?;
    match Trusted::from_pem(&pem) {
        Ok(Some(trusted)) => Ok(Tls::trusting(Some(trusted))),
        Ok(None) => Err(useless(None)),
        Err(error) => Err(useless(Some(error.to_string()))),
    }
}

/// The names of the profiles in the AWS configuration, in order. Empty if there are none, or it cannot be read.
pub(crate) async fn profiles() -> Vec<String> {
    use aws_types::os_shim_internal::{Env, Fs};
    let files = aws_runtime::env_config::file::EnvConfigFiles::default();
    match aws_config::profile::load(&Fs::real(), &Env::real(), &files, None).await {
        Ok(set) => {
            let mut names: Vec<String> = set.profiles().map(ToOwned::to_owned).collect();
            names.sort();
            names
        }
        Err(error) => {
            tracing::warn!(%error, "the AWS configuration cannot be read");
            vec![]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::connection::{EndpointOptions, SignedIn};
    use crate::model::object_options::Options;
    use crate::model::proxy::Proxy;
    use aws_sdk_s3::presigning::PresigningConfig;
    use std::time::Duration;

    fn to(endpoint: &str, path_style: bool) -> Connection {
        Connection {
            id: "1".into(),
            name: "n".into(),
            preset: "other".into(),
            endpoint: Some(endpoint.into()),
            region: "eu-west-1".into(),
            path_style,
            sign: Sign::Keys { access_key_id: "AK".into() },
            bucket: None,
            prefix: String::new(),
            ca_bundle: None,
            proxy: Proxy::default(),
            endpoint_options: EndpointOptions::default(),
            practice: false,
            settled: false,
            role: None,
            signed_in: SignedIn::Session,
            probed: None,
            stored: Options::default(),
            if_exists: None,
        }
    }

    /// The endpoint of a request for an object.
    async fn address(connection: &Connection, bucket: &str, key: &str) -> String {
        let secret = Secret { secret_access_key: "SK".into(), session_token: None };
        let sessions = Sessions::default();
        let client = client(connection, Some(secret), None, &sessions).await.unwrap().client;
        let signed = client.get_object().bucket(bucket).key(key);
        let config = PresigningConfig::expires_in(Duration::from_secs(9)).unwrap();
        let signed = signed.presigned(config).await.unwrap();
        signed.uri().split('?').next().unwrap().to_owned()
    }

    #[tokio::test]
    async fn an_endpoint_s_path_stands_before_the_bucket() {
        let table = [
            (
                "https://x.example/storage/v1/s3",
                true,
                "https://x.example/storage/v1/s3/bkt/a%20b/c",
            ),
            (
                "https://x.example/storage/v1/s3/",
                true,
                "https://x.example/storage/v1/s3/bkt/a%20b/c",
            ),
            ("https://x.example/s3//", true, "https://x.example/s3/bkt/a%20b/c"),
            ("https://x.example", true, "https://x.example/bkt/a%20b/c"),
            ("https://x.example/", true, "https://x.example/bkt/a%20b/c"),
            ("https://x.example/s3", false, "https://bkt.x.example/s3/a%20b/c"),
            ("https://x.example/s3/", false, "https://bkt.x.example/s3/a%20b/c"),
            ("https://x.example", false, "https://bkt.x.example/a%20b/c"),
        ];
        for (endpoint, path_style, want) in table {
            assert_eq!(
                address(&to(endpoint, path_style), "bkt", "a b/c").await,
                want,
                "{endpoint}"
            );
        }
    }

    #[tokio::test]
    async fn an_access_point_is_reached_by_its_arn_in_its_own_region() {
        let amazon = Connection { endpoint: None, ..to("", false) };
        let point = "arn:aws:s3:us-west-2:123456789012:accesspoint/films";
        let at = "https://films-123456789012.s3-accesspoint.us-west-2.amazonaws.com/a/b";
        assert_eq!(address(&amazon, point, "a/b").await, at);
    }

    #[tokio::test]
    async fn a_slash_at_the_beginning_is_part_of_the_key() {
        for path_style in [true, false] {
            let at = address(&to("https://x.example/s3", path_style), "bkt", "/abs//k").await;
            assert!(at.ends_with("//abs//k"), "{at}");
        }
    }

    #[tokio::test]
    async fn dual_stack_and_fips_of_the_aws_configuration_are_obeyed() {
        async fn host(found: &SdkConfig, nested: bool, endpoint: Option<&str>) -> String {
            let configured = Configured { dual_stack: nested, ..Configured::default() };
            let mut builder = of_the_sdk(found, &configured, endpoint.is_some());
            builder.set_endpoint_url(endpoint.map(ToOwned::to_owned));
            let keys = Credentials::for_tests();
            let client = Client::from_conf(builder.credentials_provider(keys).build());
            let config = PresigningConfig::expires_in(Duration::from_secs(9)).unwrap();
            match client.get_object().bucket("bkt").key("k").presigned(config).await {
                Ok(signed) => signed.uri().split('/').nth(2).unwrap().to_owned(),
                Err(error) => super::super::faults::deepest(&error),
            }
        }
        let sdk = |dual_stack, fips| {
            SdkConfig::builder()
                .behavior_version(BehaviorVersion::latest())
                .region(Region::new("us-west-2"))
                .use_dual_stack(dual_stack)
                .use_fips(fips)
                .endpoint_url("http://of-another-shell")
                .build()
        };
        let (plain, dual, fips) = (sdk(false, false), sdk(true, false), sdk(false, true));
        let ours = Some("http://ours.example");
        assert_eq!(host(&plain, false, None).await, "bkt.s3.us-west-2.amazonaws.com");
        assert_eq!(host(&dual, false, None).await, "bkt.s3.dualstack.us-west-2.amazonaws.com");
        assert_eq!(host(&plain, true, None).await, "bkt.s3.dualstack.us-west-2.amazonaws.com");
        assert_eq!(host(&fips, false, None).await, "bkt.s3-fips.us-west-2.amazonaws.com");
        // an explicit endpoint is used as it is, and never counts as a FIPS endpoint
        assert_eq!(host(&dual, true, ours).await, "bkt.ours.example");
        let refused = host(&fips, false, ours).await;
        assert!(refused.contains("FIPS"), "{refused}");
    }

    #[tokio::test]
    async fn dual_stack_fips_and_acceleration_of_a_connection_choose_amazon_s_endpoint() {
        let options = |dual_stack, fips, accelerate| Connection {
            endpoint: None,
            endpoint_options: EndpointOptions { dual_stack, fips, accelerate },
            ..to("", false)
        };
        let table = [
            (options(true, false, false), "bkt.s3.dualstack.eu-west-1.amazonaws.com"),
            (options(false, true, false), "bkt.s3-fips.eu-west-1.amazonaws.com"),
            (options(true, true, false), "bkt.s3-fips.dualstack.eu-west-1.amazonaws.com"),
            (options(false, false, true), "bkt.s3-accelerate.amazonaws.com"),
            (options(true, false, true), "bkt.s3-accelerate.dualstack.amazonaws.com"),
        ];
        for (connection, host) in table {
            let at = address(&connection, "bkt", "k").await;
            assert_eq!(at, format!("https://{host}/k"));
        }
        let by_path = Connection { path_style: true, ..options(false, false, true) };
        let elsewhere = options(true, false, false);
        let elsewhere = Connection { endpoint: Some("https://x.example".into()), ..elsewhere };
        for connection in [by_path, options(false, true, true), elsewhere] {
            let secret = Secret { secret_access_key: "SK".into(), session_token: None };
            let fault =
                client(&connection, Some(secret), None, &Sessions::default()).await.err().unwrap();
            assert_eq!(fault.kind, FaultKind::WrongPlace, "{fault}");
        }
    }

    #[test]
    fn endpoints_are_addresses() {
        assert_eq!(endpoint_url(" http://127.0.0.1:9000/ ").unwrap(), "http://127.0.0.1:9000");
        assert_eq!(endpoint_url("http://[::1]:9000").unwrap(), "http://[::1]:9000");
        assert_eq!(endpoint_url("http://[::1]").unwrap(), "http://[::1]");
        for bad in [
            "",
            "https://",
            "s3.example.com",
            "https://s3.{region}.wasabisys.com",
            "http://a b",
            "http://h:99999",
            "http://h:",
            "http://[::1]:0",
            "https://h?x=1",
            "https://h/#a",
        ] {
            assert_eq!(endpoint_url(bad).unwrap_err().kind, FaultKind::WrongPlace, "{bad}");
        }
    }
}
