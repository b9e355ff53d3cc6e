//! A proxy as it is typed. What is wrong with it is said without the text, which may hold a password.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;
use windlass_engine::{ExposeSecret, Proxy, ProxyAddress, ProxyLogin, Result, SecretString};

/// The text of `--proxy`, shown by no `Debug`.
#[derive(Clone)]
pub(crate) struct ProxyFlag(SecretString);

impl fmt::Debug for ProxyFlag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProxyFlag")
    }
}

/// clap repeats a value that it refuses: it is read later.
impl FromStr for ProxyFlag {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.trim().into()))
    }
}

impl ProxyFlag {
    /// The proxy as it may be written down, and its user name and password.
    ///
    /// # Errors
    /// `WrongPlace` where the address cannot be used.
    pub(crate) fn read(&self) -> Result<(Proxy, Option<ProxyLogin>)> {
        // as curl's --proxy ""
        let text = self.0.expose_secret();
        if text.is_empty() || text == "none" {
            return Ok((Proxy::Direct, None));
        }
        let (address, login) = ProxyAddress::read(text)?;
        Ok((Proxy::Url { url: address.url(), login: false }, login))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_taken_out_of_the_address() {
        let read = |text: &str| text.parse::<ProxyFlag>().unwrap().read();
        let (proxy, login) = read("http://u:hush@h:3128").unwrap();
        assert_eq!(proxy, Proxy::Url { url: "http://h:3128".into(), login: false });
        assert_eq!(login.unwrap().password.expose_secret(), "hush");
        assert_eq!(read("none").unwrap(), (Proxy::Direct, None));
        assert_eq!(read("").unwrap(), (Proxy::Direct, None));
        assert!(!format!("{:?}", read("http://u:hush@h:x").unwrap_err()).contains("hush"));
    }
}
