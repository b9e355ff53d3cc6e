//! What the AWS configuration (its files, and environment variables of the same meaning) says of S3: where it is, how a
//! bucket is named there, which certificates are trusted. The environment goes before a profile, and what a service is
//! told before what all are told. Who signs is the SDK's to read.
//! <https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html>

use crate::model::connection::Connection;
use aws_config::profile::ProfileSet;
use aws_runtime::env_config::EnvConfigValue;
use aws_types::os_shim_internal::{Env, Fs};

/// The S3 settings of the AWS configuration. `None` where nothing is set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Configured {
    /// `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, or `endpoint_url` of the services section or the profile.
    pub endpoint: Option<String>,
    /// `addressing_style` in the profile's `s3` section: path or virtual. `None` is auto.
    pub path_style: Option<bool>,
    /// `AWS_CA_BUNDLE`, or the profile's `ca_bundle`.
    pub ca_bundle: Option<String>,
    /// The profile's region.
    pub region: Option<String>,
    /// `use_dualstack_endpoint` in the profile's `s3` section. The SDK reads that of the profile itself.
    pub dual_stack: bool,
    /// `use_accelerate_endpoint` of the profile's `s3`.
    pub accelerate: bool,
}

impl Configured {
    /// Reads the configuration of a profile, or of the default one.
    pub async fn read(profile: Option<&str>) -> Self {
        Self::read_from(profile, &Env::real(), &Fs::real()).await
    }

    async fn read_from(profile: Option<&str>, env: &Env, fs: &Fs) -> Self {
        let files = aws_runtime::env_config::file::EnvConfigFiles::default();
        let profile = profile.map(|name| name.to_owned().into());
        let set = match aws_config::profile::load(fs, env, &files, profile).await {
            Ok(set) => set,
            Err(error) => {
                tracing::warn!(%error, "the AWS configuration cannot be read");
                ProfileSet::default()
            }
        };
        let said = |value: EnvConfigValue<'_>| {
            let value = value.load(env, Some(&set)).map(|(value, _)| value.trim().to_owned());
            value.filter(|value| !value.is_empty())
        };
        let is_true = |value: &String| value.eq_ignore_ascii_case("true");
        let ignores = EnvConfigValue::new()
            .env("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
            .profile("ignore_configured_endpoint_urls");
        let ignores = said(ignores).is_some_and(|value| is_true(&value));
        let endpoint =
            EnvConfigValue::new().env("AWS_ENDPOINT_URL").profile("endpoint_url").service_id("S3");
        let of_s3 = set.get("s3").unwrap_or_default();
        Self {
            endpoint: said(endpoint).filter(|_| !ignores),
            path_style: sub_property(of_s3, "addressing_style").and_then(|style| {
                match style.to_ascii_lowercase().as_str() {
                    "path" => Some(true),
                    "virtual" => Some(false),
                    _ => None,
                }
            }),
            ca_bundle: said(EnvConfigValue::new().env("AWS_CA_BUNDLE").profile("ca_bundle")),
            region: set.get("region").map(|region| region.trim().to_owned()),
            dual_stack: sub_property(of_s3, "use_dualstack_endpoint")
                .is_some_and(|value| is_true(&value)),
            accelerate: sub_property(of_s3, "use_accelerate_endpoint")
                .is_some_and(|value| is_true(&value)),
        }
    }

    /// The connection, completed with the AWS configuration.
    #[must_use]
    pub fn apply(&self, connection: &Connection) -> Connection {
        let mut used = connection.clone();
        if connection.settled {
            return used;
        }
        if connection.asks_the_aws_configuration() {
            used.endpoint.clone_from(&self.endpoint);
            used.path_style |= self.is_path_style(used.endpoint.as_deref());
            if used.endpoint.as_deref().is_some_and(|endpoint| !is_amazon(endpoint)) {
                // nothing is known of a server that the configuration names
                used.preset = "other".into();
            }
        }
        used.ca_bundle = used.ca_bundle.or_else(|| self.ca_bundle.clone());
        used
    }

    /// Whether the bucket goes in the path, by the configuration: the default is path style, except for Amazon S3.
    pub fn is_path_style(&self, endpoint: Option<&str>) -> bool {
        self.path_style.unwrap_or_else(|| endpoint.is_some_and(|endpoint| !is_amazon(endpoint)))
    }
}

/// Whether the endpoint is one of Amazon's own.
pub(super) fn is_amazon(endpoint: &str) -> bool {
    let host = endpoint.split_once("://").map_or(endpoint, |(_, rest)| rest);
    let host = host.split(['/', ':']).next().unwrap_or_default();
    host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn")
}

/// The value of a nested property.
fn sub_property(lines: &str, name: &str) -> Option<String> {
    let mut pairs = lines.lines().filter_map(|line| line.split_once('='));
    let (_, value) = pairs.find(|(key, _)| key.trim().eq_ignore_ascii_case(name))?;
    Some(value.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::connection::{EndpointOptions, Sign, SignedIn};
    use crate::model::object_options::Options;
    use crate::model::proxy::Proxy;

    const CONFIG: &str = "
[default]
region = eu-north-1
endpoint_url = http://of-default
[profile service]
region = eu-west-3
endpoint_url = http://of-profile
services = ours
ca_bundle = /etc/ours.pem
s3 =
  max_concurrent_requests = 20
  addressing_style = virtual
[profile plain]
s3 =
    addressing_style = path
    use_dualstack_endpoint = true
    use_accelerate_endpoint = false
[profile fast]
s3 =
    use_accelerate_endpoint = true
[profile deaf]
ignore_configured_endpoint_urls = true
endpoint_url = http://of-profile
[services ours]
s3 =
  endpoint_url = http://of-service/path
dynamodb =
  endpoint_url = http://of-another
";

    async fn read(profile: Option<&str>, env: &[(&str, &str)]) -> Configured {
        let files = [("AWS_CONFIG_FILE", "/config"), ("AWS_SHARED_CREDENTIALS_FILE", "/none")];
        let env: Vec<_> = env.iter().copied().chain(files).collect();
        Configured::read_from(
            profile,
            &Env::from_slice(&env),
            &Fs::from_slice(&[("/config", CONFIG)]),
        )
        .await
    }

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[tokio::test]
    async fn the_aws_configuration_s_own_words_are_read() {
        let default = read(None, &[]).await;
        assert_eq!(default.endpoint, text("http://of-default"));
        assert_eq!((default.path_style, default.region), (None, text("eu-north-1")));
        let service = Configured {
            endpoint: text("http://of-service/path"),
            path_style: Some(false),
            ca_bundle: text("/etc/ours.pem"),
            region: text("eu-west-3"),
            dual_stack: false,
            accelerate: false,
        };
        assert_eq!(read(Some("service"), &[]).await, service);
        assert_eq!(read(None, &[("AWS_PROFILE", "service")]).await, service);
        let plain = read(Some("plain"), &[]).await;
        let want = Configured { path_style: Some(true), dual_stack: true, ..Configured::default() };
        assert_eq!(plain, want);
        let want = Configured { accelerate: true, ..Configured::default() };
        assert_eq!(read(Some("fast"), &[]).await, want);
        assert_eq!(read(Some("deaf"), &[]).await, Configured::default());
        assert_eq!(read(Some("nobody"), &[]).await, Configured::default());
    }

    #[tokio::test]
    async fn the_environment_goes_before_a_profile() {
        let of = |env: &'static [(&str, &str)]| read(Some("service"), env);
        let both = [("AWS_ENDPOINT_URL", "http://all"), ("AWS_ENDPOINT_URL_S3", "http://s3")];
        assert_eq!(read(Some("service"), &both).await.endpoint, text("http://s3"));
        assert_eq!(of(&[("AWS_ENDPOINT_URL", "http://all")]).await.endpoint, text("http://all"));
        assert_eq!(of(&[("AWS_CA_BUNDLE", "/its.pem")]).await.ca_bundle, text("/its.pem"));
        let ignoring =
            [("AWS_ENDPOINT_URL", "http://all"), ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "True")];
        assert_eq!(read(Some("service"), &ignoring).await.endpoint, None);
    }

    #[test]
    fn a_server_that_is_not_amazon_s_has_the_bucket_in_the_path() {
        let default = Configured::default();
        assert!(default.is_path_style(Some("http://127.0.0.1:9")));
        assert!(!default.is_path_style(Some("https://s3.eu-west-1.amazonaws.com/")));
        assert!(!default.is_path_style(None));
        let styled = |path_style| Configured { path_style: Some(path_style), ..default.clone() };
        assert!(!styled(false).is_path_style(Some("http://127.0.0.1:9")));
        assert!(styled(true).is_path_style(None));
    }

    fn by_environment() -> Connection {
        Connection {
            id: "1".into(),
            name: "n".into(),
            preset: "aws".into(),
            endpoint: None,
            region: String::new(),
            path_style: false,
            sign: Sign::Environment,
            bucket: None,
            prefix: String::new(),
            ca_bundle: None,
            proxy: Proxy::default(),
            endpoint_options: EndpointOptions::default(),
            practice: false,
            settled: false,
            role: None,
            signed_in: SignedIn::NotNeeded,
            probed: None,
            stored: Options::default(),
            if_exists: None,
        }
    }

    #[test]
    fn a_connection_goes_before_the_aws_configuration() {
        let configured = Configured {
            endpoint: text("http://configured"),
            ca_bundle: text("/configured.pem"),
            ..Configured::default()
        };
        let open = configured.apply(&by_environment());
        assert_eq!((open.endpoint, open.path_style), (text("http://configured"), true));
        assert_eq!((open.ca_bundle, &open.preset[..]), (text("/configured.pem"), "other"));
        let own = Connection {
            endpoint: text("http://own"),
            ca_bundle: text("/own.pem"),
            ..by_environment()
        };
        assert_eq!(configured.apply(&own), own);
        let settled = Connection { settled: true, ..by_environment() };
        assert_eq!(configured.apply(&settled), settled);
    }
}
