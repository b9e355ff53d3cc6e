//! A connection's client: endpoint, region, keys, certificate authorities. Knows the SDK, not what is sent.

use super::length::EmptyLength;
use crate::fault::{Fault, FaultKind, Outcome, Why};
use crate::secrets::Secret;
use crate::settings::{Connection, Sign};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{
    BehaviorVersion, Builder, Credentials, Region, RequestChecksumCalculation,
    ResponseChecksumValidation, SharedHttpClient, StalledStreamProtectionConfig,
};
use aws_smithy_http_client::tls::{TlsContext, TrustStore};

/// The client, and who signs for it; none where nothing is signed.
pub(super) async fn client(
    connection: &Connection,
    secret: Option<Secret>,
) -> Outcome<(Client, Option<SharedCredentialsProvider>)> {
    let http = http_client(connection)?;
    let region = Some(connection.region.trim()).filter(|region| !region.is_empty());
    let mut signs = None;
    let mut builder = match &connection.sign {
        Sign::Keys { access_key_id } => {
            let Some(secret) = secret else {
                let connection = connection.name.clone();
                return Err(Fault::because(
                    FaultKind::Credentials,
                    Why::SecretNotHere { connection },
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
                chain = chain.profile_name(profile);
            }
            if let Some(region) = region {
                chain = chain.region(Region::new(region.to_owned()));
            }
            let found = chain.load().await;
            signs = found.credentials_provider();
            let builder = Builder::from(&found);
            // as the AWS tools do: a bucket that lives elsewhere says so
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
        // ours: retries by kind of fault, stalls by progress, checksums by what the server is known to take
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::disabled())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
        .build();
    Ok((Client::from_conf(config), signs))
}

fn endpoint_url(endpoint: &str) -> Outcome<String> {
    let endpoint = endpoint.trim().trim_end_matches('/');
    let rest = endpoint.strip_prefix("https://").or_else(|| endpoint.strip_prefix("http://"));
    match rest {
        Some(host) if !host.is_empty() && !host.contains(['{', '}', ' ']) => {
            // the SDK writes the bucket right behind a path (<https://github.com/awslabs/aws-sdk-rust/issues/1387>)
            let slash = if host.contains('/') { "/" } else { "" };
            Ok(format!("{endpoint}{slash}"))
        }
        _ => {
            let why = Why::NoAddress { endpoint: endpoint.to_owned() };
            Err(Fault::because(FaultKind::WrongPlace, why))
        }
    }
}

fn http_client(connection: &Connection) -> Outcome<SharedHttpClient> {
    let mut trusted = TrustStore::default();
    let useless = |cause: Option<String>| {
        let path = connection.ca_bundle.clone().unwrap_or_default();
        Fault::because(FaultKind::WrongPlace, Why::Certificates { path, cause })
    };
    let plain = connection.endpoint.as_deref().is_some_and(|at| at.trim().starts_with("http://"));
    let own_keys = matches!(connection.sign, Sign::Keys { .. } | Sign::Nothing);
    // a profile may need https for SSO even where the endpoint is plain
    let bundle = connection.ca_bundle.as_ref().filter(|_| !plain || !own_keys);
    if let Some(path) = bundle {
        let pem = std::fs::read(path).map_err(|error| useless(Some(error.to_string())))?;
        if !pem.windows(11).any(|bytes| bytes == b"-----BEGIN ") {
            return Err(useless(None));
        }
        trusted = trusted.with_pem_certificate(pem);
    }
    let tls = TlsContext::builder().with_trust_store(trusted).build();
    let tls = tls.map_err(|error| useless(Some(super::faults::deepest(&error))))?;
    Ok(super::line::line(tls))
}

/// Names of the profiles in the AWS configuration, in order; none where there is none, or it cannot be read.
pub async fn profiles() -> Vec<String> {
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
    use crate::settings::SignedIn;
    use crate::upload::Options;
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
            signed_in: SignedIn::Session,
            asked: None,
            stored: Options::default(),
        }
    }

    /// Where a request for an object goes.
    async fn address(connection: &Connection, bucket: &str, key: &str) -> String {
        let secret = Secret { secret_access_key: "SK".into(), session_token: None };
        let (client, _) = client(connection, Some(secret)).await.unwrap();
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

    #[test]
    fn endpoints_are_addresses() {
        assert_eq!(endpoint_url(" http://127.0.0.1:9000/ ").unwrap(), "http://127.0.0.1:9000");
        for bad in
            ["", "https://", "s3.example.com", "https://s3.{region}.wasabisys.com", "http://a b"]
        {
            assert_eq!(endpoint_url(bad).unwrap_err().kind, FaultKind::WrongPlace, "{bad}");
        }
    }
}
