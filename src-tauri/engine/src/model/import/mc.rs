//! The MinIO client's `config.json`: an address and keys for each alias.
//! <https://min.io/docs/minio/linux/reference/minio-mc.html>

use super::{Candidate, Parsed, WhyNot};
use crate::model::connection::Sign;
use crate::model::secret::{Secret, SecretString, trimmed};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Config {
    /// `hosts` before version 10.
    #[serde(alias = "hosts")]
    aliases: BTreeMap<String, Alias>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Alias {
    url: String,
    #[serde(default)]
    access_key: String,
    secret_key: Option<SecretString>,
    session_token: Option<SecretString>,
    #[serde(default)]
    api: String,
    /// `auto`, `on` or `off`; `path` and `dns` in older files.
    #[serde(default, alias = "lookup")]
    path: String,
}

/// What stands for the keys of the aliases that a new file comes with.
const PLACEHOLDER: &str = "YOUR-ACCESS-KEY-HERE";

pub(super) fn read(text: &str) -> Result<Vec<Parsed>, WhyNot> {
    let config: Config = serde_json::from_str(text).map_err(|_| WhyNot::Malformed)?;
    Ok(config.aliases.into_iter().map(|(name, alias)| read_alias(name, alias)).collect())
}

fn read_alias(name: String, alias: Alias) -> Parsed {
    if alias.access_key == PLACEHOLDER {
        return Err((name, WhyNot::NoKeys));
    }
    if alias.api.eq_ignore_ascii_case("S3v2") {
        return Err((name, WhyNot::SignatureV2));
    }
    let mut candidate = Candidate::new(&name, Sign::Nothing);
    if !alias.access_key.is_empty() {
        candidate.sign = Sign::Keys { access_key_id: alias.access_key };
        let secret = alias.secret_key.as_ref().and_then(trimmed);
        candidate.secret = secret.map(|secret_access_key| Secret {
            secret_access_key,
            session_token: alias.session_token.as_ref().and_then(trimmed),
        });
    }
    candidate.endpoint = Some(alias.url);
    candidate.path_style = match alias.path.as_str() {
        "on" | "path" => Some(true),
        "off" | "dns" => Some(false),
        _ => None,
    };
    Ok(candidate)
}
