//! Builds the client of a connection: endpoint, region, credentials and certificate authorities.

use super::configured::Configured;
use super::length::EmptyLength;
use super::trust::Trusted;
use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::connection::{Connection, Sign};
use crate::system::keychain::Secret;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{
    BehaviorVersion, Builder, Credentials, Region, RequestChecksumCalculation,
    ResponseChecksumValidation, SharedHttpClient, StalledStreamProtectionConfig,
};
use aws_types::SdkConfig;

/// The client, its credentials provider (`None` if requests are not signed), and the completed connection.
pub(super) async fn client(
    connection: &Connection,
    secret: Option<Secret>,
) -> Result<(Client, Option<SharedCredentialsProvider>, Connection)> {
    let configured = match &connection.sign {
        Sign::Profile { profile } => Configured::read(Some(profile)).await,
        Sign::Environment => Configured::read(None).await,
        Sign::Keys { .. } | Sign::Nothing => Configured::default(),
    };
    let connection = &configured.apply(connection);
    let http = http_client(connection)?;
    let region = Some(connection.region.trim()).filter(|region| !region.is_empty());
    let mut signs = None;
    let mut builder = match &connection.sign {
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
                secret.secret_access_key,
                secret.session_token,
                None,
                "windlass-connection",
            );
            let keys = SharedCredentialsProvider::new(keys);
            signs = Some(keys.clone());
            Builder::new().behavior_version(BehaviorVersion::latest()).credentials_provider(keys)
        }
        Sign::Nothing => Builder::new().behavior_version(BehaviorVersion::latest()).allow_no_auth(),
        Sign::Profile { .. } | Sign::Environment => {
            let mut chain =
                aws_config::defaults(BehaviorVersion::latest()).http_client(http.clone());
            if let Sign::Profile { profile } = &connection.sign {
                if profile != "default" && !profiles().await.contains(profile) {
                    let reason = Reason::NoProfile { profile: profile.clone() };
                    return Err(Fault::because(FaultKind::Credentials, reason));
                }
                chain = chain.profile_name(profile);
            }
            if let Some(region) = region {
                chain = chain.region(Region::new(region.to_owned()));
            }
            let found = chain.load().await;
            signs = found.credentials_provider();
            let builder = of_the_sdk(&found, &configured, connection.endpoint.is_some());
            // as in the AWS tools: a bucket in another region says so
            if found.region().is_some() {
                builder
            } else {
                builder.region(Region::new("us-east-1"))
            }
        }
    };
    if let Some(region) = region {
        builder = builder.region(Region::new(region.to_owned()));
    } else if matches!(connection.sign, Sign::Keys { .. } | Sign::Nothing) {
        builder = builder.region(Region::new("us-east-1"));
    }
    if let Some(endpoint) = &connection.endpoint {
        builder = builder.endpoint_url(endpoint_url(endpoint)?);
    }
    let config = builder
        .http_client(http)
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
    Ok((Client::from_conf(config), signs, used))
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

fn http_client(connection: &Connection) -> Result<SharedHttpClient> {
    let mut trusted = None;
    let useless = |cause: Option<String>| {
        let path = connection.ca_bundle.clone().unwrap_or_default();
        Fault::because(FaultKind::WrongPlace, Reason::Certificates { path, cause })
    };
    let plain = connection.endpoint.as_deref().is_some_and(|at| at.trim().starts_with("http://"));
    let own_customer_keys = matches!(connection.sign, Sign::Keys { .. } | Sign::Nothing);
    // a profile may need https for SSO even if the endpoint is plain
    let bundle = connection.ca_bundle.as_ref().filter(|_| !plain || !own_customer_keys);
    if let Some(path) = bundle {
        let pem = std::fs::read(path).map_err(|error| useless(Some(error.to_string())))?;
        trusted = Trusted::from_pem(&pem).map_err(|error| useless(Some(error.to_string())))?;
        if trusted.is_none() {
            return Err(useless(None));
        }
    }
    Ok(super::http_client::line(trusted))
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
    use crate::model::connection::SignedIn;
    use crate::model::object_options::Options;
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
            practice: false,
            settled: false,
            signed_in: SignedIn::Session,
            probed: None,
            stored: Options::default(),
        }
    }

    /// The endpoint of a request for an object.
    async fn address(connection: &Connection, bucket: &str, key: &str) -> String {
        let secret = Secret { secret_access_key: "SK".into(), session_token: None };
        let (client, ..) = client(connection, Some(secret)).await.unwrap();
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
