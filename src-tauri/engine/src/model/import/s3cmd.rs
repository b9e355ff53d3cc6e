//! `.s3cfg`: one server and one pair of keys, in a section `default`.
//! <https://s3tools.org/kb/item14.htm>

use super::ini;
use super::{Candidate, Parsed, WhyNot};
use crate::model::connection::Sign;
use crate::model::object_options::Options;
use crate::model::secret::Secret;

/// Settings that are not imported, and without which an upload is another one.
const LEFT_OUT: [&str; 4] = ["acl_public", "encrypt", "proxy_host", "requester_pays"];

/// In the name of a host, the place of the bucket.
const BUCKET: &str = "%(bucket)";

pub(super) fn read(text: &str) -> Result<Vec<Parsed>, WhyNot> {
    let sections = ini::sections(text)?;
    let section = sections.iter().find(|section| section.name == "default");
    let Some(section) = section else { return Err(WhyNot::Malformed) };
    let not = |why| Ok(vec![Err(("default".to_owned(), why))]);
    if section.is_true("signature_v2") {
        return not(WhyNot::SignatureV2);
    }
    let text = |key: &str| section.get(key).filter(|value| *value != "None").map(ToOwned::to_owned);
    let mut candidate = Candidate::new("s3cmd", Sign::Environment);
    match (text("access_key"), section.get("secret_key")) {
        (Some(access_key_id), secret) => {
            candidate.sign = Sign::Keys { access_key_id };
            candidate.secret = secret.map(|secret| Secret {
                secret_access_key: secret.into(),
                session_token: section.get("access_token").map(Into::into),
            });
        }
        (None, Some(_)) => return not(WhyNot::NoKeys),
        // it then looks in the environment, and asks the machine for its role
        (None, None) => {}
    }
    let Some(host) = text("host_base") else { return not(WhyNot::NoEndpoint) };
    let scheme = if section.bool("use_https") == Some(false) { "http" } else { "https" };
    candidate.endpoint = Some(match host.contains("://") {
        true => host,
        false => format!("{scheme}://{host}"),
    });
    candidate.path_style =
        Some(text("host_bucket").is_some_and(|name| !name.to_lowercase().contains(BUCKET)));
    candidate.region = text("bucket_location").and_then(|place| match place.as_str() {
        "US" => None,
        "EU" => Some("eu-west-1".into()),
        _ => Some(place),
    });
    candidate.ca_bundle = text("ca_certs_file");
    candidate.left_out = section.set_of(&LEFT_OUT);
    if section.bool("check_ssl_certificate") == Some(false) {
        candidate.left_out.push("check_ssl_certificate".into());
    }
    let kms_key_id = text("kms_key");
    let encryption = match (&kms_key_id, section.is_true("server_side_encryption")) {
        (Some(_), _) => Some("aws:kms".to_owned()),
        (None, true) => Some("AES256".to_owned()),
        (None, false) => None,
    };
    candidate.stored = Options {
        storage_class: text("storage_class"),
        encryption,
        kms_key_id,
        ..Options::default()
    };
    Ok(vec![Ok(candidate)])
}
