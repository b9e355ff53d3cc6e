//! Which proxy a request goes through: the connection's own, that of the environment as curl reads it, or the system's.
//! <https://curl.se/docs/manpage.html#ENVIRONMENT>
//!
//! One thing is not curl's: a proxy of the environment or the system is not used for this computer itself (localhost,
//! 127.0.0.0/8, ::1), where a server would be looked for on the proxy's computer. Browsers and Go programs do the same. A
//! proxy that the connection names is used for it too. Link-local addresses, which have keys for machines in a cloud, are
//! never asked through a proxy.

use crate::fault::Result;
use crate::model::connection::Connection;
use crate::model::proxy::{Proxy, ProxyAddress, ProxyLogin, invalid};
use crate::model::secret::ExposeSecret;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hyper::header::HeaderValue;
use hyper::{StatusCode, Uri};
use hyper_util::client::proxy::matcher::Matcher;
use std::collections::BTreeMap;
use std::net::IpAddr;
use zeroize::Zeroizing;

/// A proxy, with what it is signed in to with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Via {
    pub(super) address: ProxyAddress,
    pub(super) login: Option<ProxyLogin>,
}

/// What was wrong between here and a proxy, or between it and the server.
#[derive(Debug, thiserror::Error)]
#[error("the proxy {proxy} failed: {how:?}")]
pub(super) struct ProxyError {
    /// Its host and port.
    pub(super) proxy: String,
    pub(super) how: ProxyFailure,
}

/// What a proxy did not do.
#[derive(Debug)]
pub(super) enum ProxyFailure {
    /// It cannot be reached.
    Down { cause: String },
    /// It is not willing to connect to this server.
    Refused { status: Option<u16> },
    /// It wants a user name and a password, or others than were given.
    Login { given: bool },
    /// It did not get through to the server.
    NotThrough { cause: String },
}

impl Via {
    pub(super) fn failed(&self, how: ProxyFailure) -> ProxyError {
        ProxyError { proxy: self.address.to_string(), how }
    }

    /// What an answer of the proxy itself, and not of the server, means.
    pub(super) fn refused(&self, status: StatusCode) -> ProxyError {
        self.failed(match status {
            // tinyproxy says 401 of a password that is wrong
            StatusCode::PROXY_AUTHENTICATION_REQUIRED | StatusCode::UNAUTHORIZED => {
                ProxyFailure::Login { given: self.login.is_some() }
            }
            status if status.is_server_error() => {
                ProxyFailure::NotThrough { cause: format!("HTTP {}", status.as_u16()) }
            }
            status => ProxyFailure::Refused { status: Some(status.as_u16()) },
        })
    }

    /// For `Proxy-Authorization`: RFC 7617.
    pub(super) fn authorization(&self) -> Option<HeaderValue> {
        let ProxyLogin { user, password } = self.login.as_ref()?;
        let text = Zeroizing::new(format!("{user}:{}", password.expose_secret()));
        let text =
            Zeroizing::new(format!("Basic {}", *Zeroizing::new(BASE64_STANDARD.encode(&*text))));
        let mut value = HeaderValue::from_str(&text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

/// The proxies of a connection.
#[derive(Debug, Default)]
pub(super) struct Proxies {
    /// For addresses that begin with http.
    http: Option<Via>,
    /// For addresses that begin with https.
    https: Option<Via>,
    except: NoProxy,
    /// The system's settings, where the environment says nothing.
    system: Option<Matcher>,
    /// This computer itself is reached through the proxy too.
    loopback: bool,
}

impl Proxies {
    /// # Errors
    /// `WrongPlace` where the address of one cannot be used.
    pub(super) fn of(connection: &Connection, login: Option<ProxyLogin>) -> Result<Self> {
        match &connection.proxy {
            // the practice store is in this process
            _ if connection.practice => Ok(Self::default()),
            Proxy::Direct => Ok(Self::default()),
            Proxy::System => Self::of_environment(|name| std::env::var(name).ok()),
            Proxy::Url { url, .. } => {
                let (address, _) = ProxyAddress::read(url)?;
                let via = Some(Via { address, login });
                Ok(Self { http: via.clone(), https: via, loopback: true, ..Self::default() })
            }
        }
    }

    fn of_environment(env: impl Fn(&str) -> Option<String>) -> Result<Self> {
        // one that is set to nothing is as one that is not set
        let first = |names: &[&'static str]| {
            let set = |name: &&'static str| Some((*name, env(name)?));
            names.iter().filter_map(set).find(|(_, value)| !value.trim().is_empty())
        };
        let read = |found: Option<(&str, String)>| match found {
            Some((name, value)) => {
                let (address, login) =
                    ProxyAddress::read(&value).map_err(|_| invalid(Some(name)))?;
                Ok(Some(Via { address, login }))
            }
            None => Ok(None),
        };
        let all = || first(&["all_proxy", "ALL_PROXY"]);
        // not HTTP_PROXY: whoever sends a request to a CGI program sets that one. Windows does not tell it from the other
        let http = first(&["http_proxy"]).or_else(all);
        let https = first(&["https_proxy", "HTTPS_PROXY"]).or_else(all);
        // here it counts: whoever sets one to nothing wants no proxy of the system either
        let named =
            ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
        let is_silent = named.iter().all(|name| env(name).is_none());
        let except = first(&["no_proxy", "NO_PROXY"]).map(|(_, list)| NoProxy::read(&list));
        let has_settings = cfg!(any(target_os = "macos", windows));
        Ok(Self {
            http: read(http)?,
            https: read(https)?,
            except: except.unwrap_or_default(),
            system: (is_silent && has_settings).then(Matcher::from_system),
            loopback: false,
        })
    }

    /// The proxy on the way to this address; none where it is reached without one.
    pub(super) fn to(&self, uri: &Uri) -> Option<Via> {
        let host = uri.host()?;
        let is_https = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if is_https { 443 } else { 80 });
        if is_link_local(host) || is_loopback(host) && !self.loopback {
            return None;
        }
        if self.except.has(host, port, uri) {
            return None;
        }
        if let Some(system) = &self.system {
            let found = system.intercept(uri)?;
            let (address, _) = ProxyAddress::read(&found.uri().to_string()).ok()?;
            return Some(Via { address, login: None });
        }
        if is_https { self.https.clone() } else { self.http.clone() }
    }

    /// The proxy that requests to this address are handed to, and not only their bytes.
    pub(super) fn forwarding(&self, uri: &Uri) -> Option<Via> {
        let is_plain = uri.scheme_str() == Some("http");
        self.to(uri).filter(|via| is_plain && via.address.scheme.is_http())
    }
}

/// `NO_PROXY`: names with all that is below them, addresses, networks (10.0.0.0/8), each with a port or without; `*` for all.
#[derive(Debug, Default)]
struct NoProxy {
    all: bool,
    /// What holds for every port.
    any: Option<Matcher>,
    /// What holds for one port.
    on_port: BTreeMap<u16, Matcher>,
}

impl NoProxy {
    fn read(list: &str) -> Self {
        let mut all = false;
        let (mut any, mut on_port) = (vec![], BTreeMap::<u16, Vec<&str>>::new());
        let entries = list.split(|c: char| c == ',' || c.is_whitespace());
        for entry in entries.map(|entry| entry.trim_end_matches('.')) {
            // *.example.com is written by many, and .example.com is meant
            let entry = entry.strip_prefix('*').filter(|rest| !rest.is_empty()).unwrap_or(entry);
            match with_port(entry) {
                _ if entry == "*" => all = true,
                ("", _) => {}
                (host, None) => any.push(host),
                (host, Some(port)) => on_port.entry(port).or_default().push(host),
            }
        }
        let matcher = |hosts: Vec<&str>| {
            Matcher::builder().all("http://proxy.invalid").no(hosts.join(",")).build()
        };
        Self {
            all,
            any: (!any.is_empty()).then(|| matcher(any)),
            on_port: on_port.into_iter().map(|(port, hosts)| (port, matcher(hosts))).collect(),
        }
    }

    fn has(&self, host: &str, port: u16, uri: &Uri) -> bool {
        // the matcher compares as it is written
        let bare = Uri::builder()
            .scheme("http")
            .authority(host.trim_end_matches('.'))
            .path_and_query("/")
            .build();
        let uri = bare.as_ref().unwrap_or(uri);
        let excepts = |matcher: &Matcher| matcher.intercept(uri).is_none();
        self.all
            || self.any.as_ref().is_some_and(excepts)
            || self.on_port.get(&port).is_some_and(excepts)
    }
}

/// An entry of `NO_PROXY`, with its port where it names one. An IPv6 address has colons of its own.
fn with_port(entry: &str) -> (&str, Option<u16>) {
    if let Some((host, port)) = entry.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (host, port.strip_prefix(':').and_then(|port| port.parse().ok()));
    }
    match entry.split_once(':') {
        Some((host, port)) if !port.contains(':') => match port.parse() {
            Ok(port) => (host, Some(port)),
            Err(_) => (entry, None),
        },
        _ => (entry, None),
    }
}

fn address(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

fn is_loopback(host: &str) -> bool {
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost"
        || name.ends_with(".localhost")
        || address(host).is_some_and(|address| address.to_canonical().is_loopback())
}

fn is_link_local(host: &str) -> bool {
    match address(host) {
        Some(IpAddr::V4(address)) => address.is_link_local(),
        // the metadata service of EC2 has one of its own
        Some(IpAddr::V6(address)) => {
            address.is_unicast_link_local() || address.segments()[..2] == [0xfd00, 0xec2]
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::FaultKind;

    fn of(env: &[(&str, &str)]) -> Result<Proxies> {
        Proxies::of_environment(|name| {
            env.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned())
        })
    }

    fn to(env: &[(&str, &str)], uri: &str) -> Option<String> {
        let via = of(env).unwrap().to(&uri.parse().unwrap());
        via.map(|via| via.address.url())
    }

    const S3: &str = "https://bkt.s3.eu-west-1.amazonaws.com/k";
    const PLAIN: &str = "http://s3.example.com:9000/b/k";

    #[test]
    fn the_environment_is_read_as_curl_reads_it() {
        let proxy = |port: u16| Some(format!("http://p:{port}"));
        assert_eq!(to(&[("https_proxy", "p:1")], S3), proxy(1));
        assert_eq!(to(&[("HTTPS_PROXY", "p:2")], S3), proxy(2));
        assert_eq!(to(&[("https_proxy", "p:1"), ("HTTPS_PROXY", "p:2")], S3), proxy(1));
        assert_eq!(to(&[("https_proxy", "p:1"), ("all_proxy", "p:3")], S3), proxy(1));
        assert_eq!(to(&[("ALL_PROXY", "p:3")], S3), proxy(3));
        assert_eq!(to(&[("ALL_PROXY", "p:3")], PLAIN), proxy(3));
        assert_eq!(to(&[("http_proxy", "p:4")], PLAIN), proxy(4));
        assert_eq!(to(&[("http_proxy", "p:4")], S3), None);
        assert_eq!(to(&[("https_proxy", "p:1")], PLAIN), None);
        assert_eq!(to(&[("HTTP_PROXY", "p:4")], PLAIN), None);
        assert_eq!(to(&[("https_proxy", "")], S3), None);
        assert_eq!(to(&[("https_proxy", ""), ("HTTPS_PROXY", "p:2")], S3), proxy(2));
        assert_eq!(to(&[("https_proxy", ""), ("ALL_PROXY", "p:3")], S3), proxy(3));
        assert_eq!(to(&[("http_proxy", ""), ("all_proxy", "p:3")], PLAIN), proxy(3));
        let own = [("all_proxy", "p:3"), ("no_proxy", ""), ("NO_PROXY", "amazonaws.com")];
        assert_eq!(to(&own, S3), None);
    }

    #[test]
    fn no_proxy_has_names_networks_and_ports() {
        let table = [
            ("*", S3, false),
            ("amazonaws.com", S3, false),
            (".amazonaws.com", S3, false),
            ("*.amazonaws.com", S3, false),
            ("AMAZONAWS.com.", S3, false),
            ("naws.com", S3, true),
            ("amazonaws.com:443", S3, false),
            ("amazonaws.com:8443", S3, true),
            ("other.org s3.example.com", PLAIN, false),
            ("other.org,s3.example.com:9000", PLAIN, false),
            ("s3.example.com:9001", PLAIN, true),
            ("10.0.0.0/8", "https://10.1.2.3/b", false),
            ("10.0.0.0/8", "https://11.1.2.3/b", true),
            ("10.1.2.3:9000", "http://10.1.2.3:9000/b", false),
            ("10.1.2.3:9000", "http://10.1.2.3:9001/b", true),
            ("*", "https://10.1.2.3/b", false),
            ("2001:db8::/32", "https://[2001:db8::1]/b", false),
            ("[2001:db8::1]:443", "https://[2001:db8::1]/b", false),
            ("[2001:db8::1]:444", "https://[2001:db8::1]/b", true),
            ("s3.example.com", "http://s3.example.com./b", false),
            ("", S3, true),
        ];
        for (list, uri, proxied) in table {
            for name in ["no_proxy", "NO_PROXY"] {
                let found = to(&[("all_proxy", "p:1"), (name, list)], uri);
                assert_eq!(found.is_some(), proxied, "{list} {uri}");
            }
        }
    }

    #[test]
    fn this_computer_and_its_link_are_reached_without_one() {
        for uri in [
            "http://localhost:9000/",
            "http://s3.localhost:9000/",
            "http://127.0.0.1:9000/",
            "https://[::1]:9000/",
            "http://169.254.169.254/latest/meta-data/",
            "http://[fd00:ec2::254]/latest",
        ] {
            assert_eq!(to(&[("all_proxy", "p:1")], uri), None, "{uri}");
        }
    }

    #[test]
    fn a_variable_that_is_no_address_is_named_and_not_repeated() {
        for name in ["https_proxy", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"] {
            let fault = of(&[(name, "socks4://u:hush@p:1")]).unwrap_err();
            assert_eq!(fault.kind, FaultKind::WrongPlace);
            assert!(fault.detail.contains(name) && !fault.detail.contains("hush"), "{fault}");
        }
    }

    #[test]
    fn only_plain_requests_are_handed_to_a_proxy_that_speaks_http() {
        let forwards = |proxy: &str, uri: &str| {
            of(&[("all_proxy", proxy)]).unwrap().forwarding(&uri.parse().unwrap()).is_some()
        };
        assert!(forwards("http://p:1", PLAIN) && forwards("https://p:1", PLAIN));
        assert!(!forwards("http://p:1", S3));
        assert!(!forwards("socks5://p:1", PLAIN));
    }
}
