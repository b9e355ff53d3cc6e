//! Cyberduck's and Mountain Duck's bookmarks (`.duck`) and connection profiles (`.cyberduckprofile`): property lists, one
//! connection in each bookmark, with defaults from the profile that it names. Passwords are in the keychain, and on Linux
//! in a file `credentials`. The only file that names `plist`.
//! <https://docs.cyberduck.io/cyberduck/profiles/>

use super::{Candidate, Contents, Parsed, Program, WhyNot, bucket_and_prefix};
use crate::model::connection::Sign;
use crate::model::secret::{Secret, SecretString};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Bookmark {
    protocol: String,
    /// The `Vendor` of its profile.
    provider: Option<String>,
    nickname: Option<String>,
    hostname: Option<String>,
    port: Option<String>,
    username: Option<String>,
    path: Option<String>,
    region: Option<String>,
    #[serde(default)]
    custom: BTreeMap<String, String>,
}

/// The defaults of a provider.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Profile {
    #[serde(default)]
    protocol: String,
    vendor: Option<String>,
    scheme: Option<String>,
    #[serde(rename = "Default Hostname")]
    hostname: Option<String>,
    #[serde(rename = "Default Port", alias = "Default port")]
    port: Option<String>,
    #[serde(rename = "Default Path")]
    path: Option<String>,
    /// What stands between the host and the bucket.
    context: Option<String>,
    region: Option<String>,
    #[serde(default)]
    properties: Vec<String>,
}

/// Passwords of `~/.duck/credentials`, by scheme, user, host and port.
pub(crate) type Passwords = Vec<(String, SecretString)>;

/// Of a connection that is not signed.
const ANONYMOUS: &str = "anonymous";
const PATH_STYLE: &str = "s3.bucket.virtualhost.disable";
/// The bundled profile that takes its keys from the AWS CLI; the user name is a profile's.
const AWS_CLI: &str = "s3-cli";

/// # Errors
/// `Malformed`, where it is no property list.
pub(crate) fn profile(bytes: &[u8]) -> Result<Profile, WhyNot> {
    plist::from_bytes(bytes).map_err(|_| WhyNot::Malformed)
}

/// Reads one bookmark.
pub(crate) fn read(
    file: &str,
    bytes: &[u8],
    profiles: &[Profile],
    passwords: &Passwords,
    into: &mut Contents,
) {
    match plist::from_bytes(bytes) {
        Ok(bookmark) => {
            let parsed = candidate(bookmark, profiles, passwords);
            into.take(Program::Cyberduck, file, vec![parsed]);
        }
        Err(_) => into.refuse(Program::Cyberduck, file, WhyNot::Malformed),
    }
}

fn candidate(bookmark: Bookmark, profiles: &[Profile], passwords: &Passwords) -> Parsed {
    let nothing = Profile::default();
    let profile = profiles.iter().find(|profile| {
        profile.vendor.is_some()
            && profile.vendor == bookmark.provider
            && profile.protocol == bookmark.protocol
    });
    let profile = profile.unwrap_or(&nothing);
    let text = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let host = text(&bookmark.hostname).or_else(|| text(&profile.hostname));
    let name = text(&bookmark.nickname).or_else(|| host.clone()).unwrap_or_default();
    if bookmark.protocol != "s3" {
        return Err((name, WhyNot::NotS3 { kind: bookmark.protocol }));
    }
    let Some(host) = host else { return Err((name, WhyNot::NoEndpoint)) };
    let port = text(&bookmark.port).or_else(|| text(&profile.port)).unwrap_or_default();
    let plain = bookmark.provider.as_deref() == Some("s3-http");
    let scheme = match text(&profile.scheme) {
        Some(scheme) => scheme,
        None if plain || port == "80" => "http".into(),
        None => "https".into(),
    };
    let default = if scheme == "http" { "80" } else { "443" };
    let at = match port.as_str() {
        "" | "-1" => String::new(),
        port if port == default => String::new(),
        port => format!(":{port}"),
    };
    let context = text(&profile.context).unwrap_or_default();
    let user = text(&bookmark.username);
    let mut candidate = Candidate::new(&name, Sign::Nothing);
    candidate.sign = match user {
        Some(user) if user == ANONYMOUS => Sign::Nothing,
        user if bookmark.provider.as_deref() == Some(AWS_CLI) => {
            Sign::Profile { profile: user.unwrap_or_else(|| "default".into()) }
        }
        Some(user) => {
            let port = if port.is_empty() { default } else { port.as_str() };
            let key = format!("{scheme}://{user}@{host}:{port}");
            let password = passwords.iter().find(|(at, _)| *at == key);
            candidate.secret = password.map(|(_, password)| Secret {
                secret_access_key: password.clone(),
                session_token: None,
            });
            Sign::Keys { access_key_id: user }
        }
        None => return Err((name, WhyNot::NoKeys)),
    };
    candidate.endpoint = Some(format!("{scheme}://{host}{at}/{}", context.trim_matches('/')));
    candidate.region = text(&bookmark.region).or_else(|| text(&profile.region));
    let is_path_style = |(key, value): (&str, &str)| {
        key.trim() == PATH_STYLE && value.trim().eq_ignore_ascii_case("true")
    };
    let mut of_profile = profile.properties.iter().filter_map(|line| line.split_once('='));
    let mut own = bookmark.custom.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    let path_style = of_profile.any(is_path_style) || own.any(is_path_style);
    // an address has no subdomains
    let is_number = host.parse::<std::net::IpAddr>().is_ok() || host == "localhost";
    candidate.path_style = Some(path_style || is_number);
    let path = text(&bookmark.path).or_else(|| text(&profile.path)).unwrap_or_default();
    (candidate.bucket, candidate.prefix) = bucket_and_prefix(&path);
    Ok(candidate)
}

/// The passwords of a Java properties file: `https\://USER@HOST\:443=PASSWORD`.
pub(crate) fn passwords(text: &str) -> Passwords {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with(['#', '!']));
    lines
        .filter_map(|line| {
            // an equals sign of the key is behind a backslash
            let bytes = line.as_bytes();
            let end = (0..bytes.len())
                .find(|at| bytes[*at] == b'=' && (*at == 0 || bytes[*at - 1] != b'\\'))?;
            Some((unescaped(&line[..end]), unescaped(&line[end + 1..]).into()))
        })
        .collect()
}

fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.trim().chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('u') => {
                    let code: String = letters.by_ref().take(4).collect();
                    let code = u32::from_str_radix(&code, 16).ok().and_then(char::from_u32);
                    plain.extend(code);
                }
                other => plain.extend(other),
            },
            letter => plain.push(letter),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bookmark_in_binary_form_is_read_too() {
        let sample = include_bytes!("samples/amazon.duck");
        let value: plist::Value = plist::from_bytes(sample).unwrap();
        let mut bytes = Vec::new();
        value.to_writer_binary(&mut bytes).unwrap();
        let mut contents = Contents::default();
        read("file", &bytes, &[], &Passwords::new(), &mut contents);
        assert_eq!(contents.found.len(), 1, "{contents:?}");
    }
}
