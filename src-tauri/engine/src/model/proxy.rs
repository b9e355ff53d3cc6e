//! The way to a server: through a proxy, or without one. A password is wiped from memory when it is dropped, and shown by no
//! `Debug`.

use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::secret::{ExposeSecret, SecretString};
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Which proxy a connection goes through.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Proxy {
    /// The one of the environment (`HTTPS_PROXY` and its kin), else the system's.
    #[default]
    System,
    /// None, whatever the environment and the system say.
    Direct,
    /// This one.
    Url {
        /// Without user name and password, except in a form, where it is as it was typed.
        url: String,
        /// It wants a user name and a password, which are kept as the secret key is.
        login: bool,
    },
}

/// An address as it was typed may hold a password.
impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System => f.write_str("System"),
            Self::Direct => f.write_str("Direct"),
            Self::Url { url, login } => {
                let url = url.rsplit_once('@').map_or(&url[..], |(_, place)| place);
                f.debug_struct("Url").field("url", &url).field("login", login).finish()
            }
        }
    }
}

impl Proxy {
    /// Whether a user name and a password are kept for it.
    pub(crate) fn has_login(&self) -> bool {
        matches!(self, Self::Url { login: true, .. })
    }
}

/// How a proxy is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyScheme {
    Http,
    Https,
    /// Host names are looked up by this computer.
    Socks5,
    /// Host names are looked up by the proxy.
    Socks5h,
}

/// Where a proxy is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProxyAddress {
    pub scheme: ProxyScheme,
    /// An IPv6 address without its brackets.
    pub host: String,
    pub port: u16,
}

/// User name and password for a proxy.
#[derive(Clone)]
pub struct ProxyLogin {
    pub user: String,
    pub password: SecretString,
}

impl PartialEq for ProxyLogin {
    fn eq(&self, other: &Self) -> bool {
        self.user == other.user && self.password.expose_secret() == other.password.expose_secret()
    }
}

impl Eq for ProxyLogin {}

impl fmt::Debug for ProxyLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProxyLogin")
    }
}

impl ProxyScheme {
    fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
            Self::Socks5 => "socks5",
            Self::Socks5h => "socks5h",
        }
    }

    /// As curl has it: <https://curl.se/docs/manpage.html#-x>
    fn default_port(self) -> u16 {
        if self == Self::Https { 443 } else { 1080 }
    }

    /// Whether requests are sent to it, and not only bytes.
    pub fn is_http(self) -> bool {
        matches!(self, Self::Http | Self::Https)
    }
}

/// Host and port, as faults and the connection test name a proxy.
impl fmt::Display for ProxyAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(f, "[{}]:{}", self.host, self.port),
            false => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

impl ProxyAddress {
    /// The address with its scheme; it has no user name and no password.
    pub fn url(&self) -> String {
        format!("{}://{self}", self.scheme.name())
    }

    /// Reads `http://user:password@host:port` as curl does: without a scheme it is http, user name and password are
    /// percent-encoded.
    ///
    /// # Errors
    /// `WrongPlace`. It does not repeat the text, which may hold a password.
    pub fn read(text: &str) -> Result<(Self, Option<ProxyLogin>)> {
        parts(text.trim()).ok_or_else(|| invalid(None))
    }
}

/// A proxy's address that cannot be used: that of a connection, or of an environment variable.
pub(crate) fn invalid(variable: Option<&str>) -> Fault {
    let variable = variable.map(ToOwned::to_owned);
    Fault::because(FaultKind::WrongPlace, Reason::NotAProxy { variable })
}

fn parts(text: &str) -> Option<(ProxyAddress, Option<ProxyLogin>)> {
    let (scheme, rest) = match text.split_once("://") {
        None => (ProxyScheme::Http, text),
        Some((scheme, rest)) => {
            let scheme = match scheme.to_ascii_lowercase().as_str() {
                "http" => ProxyScheme::Http,
                "https" => ProxyScheme::Https,
                "socks5" => ProxyScheme::Socks5,
                "socks5h" => ProxyScheme::Socks5h,
                _ => return None,
            };
            (scheme, rest)
        }
    };
    // an @ in a password that nobody encoded: what is behind the last one is the host
    let (login, place) = match rest.rsplit_once('@') {
        Some((login, place)) => (Some(login), place),
        None => (None, rest),
    };
    let place = place.strip_suffix('/').unwrap_or(place);
    let (host, port) = match place.strip_prefix('[') {
        Some(bracketed) => {
            let (host, port) = bracketed.split_once(']')?;
            let is_address = |c: char| c.is_ascii_hexdigit() || matches!(c, ':' | '.');
            if !host.contains("::") && host.matches(':').count() != 7
                || !host.chars().all(is_address)
            {
                return None;
            }
            (host, port.strip_prefix(':').or(port.is_empty().then_some("")))
        }
        None => match place.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, Some("")),
        },
    };
    let port = match port? {
        "" => scheme.default_port(),
        port => port.parse().ok().filter(|port| *port > 0)?,
    };
    let is_host = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
    if host.is_empty() || !host.chars().all(is_host) {
        return None;
    }
    let login = match login {
        Some(login) if !login.is_empty() => {
            let (user, password) = login.split_once(':').unwrap_or((login, ""));
            let decoded =
                |text| percent_decode_str(text).decode_utf8().ok().map(|text| text.into_owned());
            Some(ProxyLogin { user: decoded(user)?, password: decoded(password)?.into() })
        }
        _ => None,
    };
    Some((ProxyAddress { scheme, host: host.to_owned(), port }, login))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_curl_reads_it() {
        let table = [
            ("proxy.example", "http://proxy.example:1080", None),
            ("proxy.example:3128", "http://proxy.example:3128", None),
            (" HTTP://proxy.example:3128/ ", "http://proxy.example:3128", None),
            ("https://proxy.example", "https://proxy.example:443", None),
            ("socks5://10.0.0.1", "socks5://10.0.0.1:1080", None),
            ("socks5h://[::1]:9050", "socks5h://[::1]:9050", None),
            ("http://[::1]", "http://[::1]:1080", None),
            ("http://u:p@h:1", "http://h:1", Some(("u", "p"))),
            ("u:p%40%3A%2F@h:1", "http://h:1", Some(("u", "p@:/"))),
            ("http://u:p@q@h:1", "http://h:1", Some(("u", "p@q"))),
            ("http://u@h:1", "http://h:1", Some(("u", ""))),
            ("http://@h:1", "http://h:1", None),
        ];
        for (text, url, login) in table {
            let (address, found) = ProxyAddress::read(text).unwrap();
            assert_eq!(address.url(), url, "{text}");
            let found = found.as_ref().map(|one| (&one.user[..], one.password.expose_secret()));
            assert_eq!(found, login, "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_not_repeated() {
        for text in [
            "",
            "http://",
            "http://u:secret@",
            "http://h:secret",
            "h:0",
            "h:99999",
            "socks4://u:secret@h:1",
            "ftp://u:secret@h",
            "http://h/secret",
            "http://a b",
            "http://[::1",
            "http://[secret]:1",
        ] {
            let fault = ProxyAddress::read(text).unwrap_err();
            assert_eq!(fault.kind, FaultKind::WrongPlace, "{text}");
            assert!(!format!("{fault:?}").contains("secret"), "{fault:?}");
        }
    }

    #[test]
    fn a_login_is_shown_nowhere() {
        let (address, login) = ProxyAddress::read("http://user:secret@h:1").unwrap();
        let shown = format!("{address:?} {address} {login:?}");
        assert!(!shown.contains("secret") && !shown.contains("user"), "{shown}");
        let typed = Proxy::Url { url: "http://user:sec@ret@h:1".into(), login: false };
        assert_eq!(format!("{typed:?}"), r#"Url { url: "h:1", login: false }"#);
    }
}
