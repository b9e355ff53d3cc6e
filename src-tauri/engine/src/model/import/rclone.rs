//! `rclone.conf`: a section for each remote. An encrypted file is told, never guessed at.
//! <https://rclone.org/s3/>, <https://rclone.org/docs/#configuration-encryption>

use super::ini::{self, Section};
use super::{Candidate, Parsed, WhyNot};
use crate::model::connection::Sign;
use crate::model::object_options::Options;
use crate::model::provider_presets;
use crate::model::secret::Secret;

/// Settings that are not imported, and without which an upload is another's, or another one.
const LEFT_OUT: [&str; 10] = [
    "role_arn",
    "role_external_id",
    "role_session_name",
    "shared_credentials_file",
    "sse_customer_algorithm",
    "sse_customer_key",
    "sse_customer_key_base64",
    "requester_pays",
    "use_accelerate_endpoint",
    "use_dual_stack",
];

/// The first line of an encrypted file that is not a comment.
const ENCRYPTED: &str = "RCLONE_ENCRYPT_V";

pub(super) fn read(text: &str) -> Result<Vec<Parsed>, WhyNot> {
    let comment = |line: &&str| line.is_empty() || line.starts_with(['#', ';']);
    let first = text.lines().map(str::trim).find(|line| !comment(line));
    if first.is_some_and(|line| line.starts_with(ENCRYPTED)) {
        return Err(WhyNot::Encrypted);
    }
    let sections = ini::sections(text)?;
    Ok(sections.iter().filter(|section| !section.name.is_empty()).map(remote).collect())
}

fn remote(section: &Section) -> Parsed {
    let name = &section.name;
    let not = |why| Err((name.clone(), why));
    match section.get("type") {
        Some("s3") => {}
        kind => return not(WhyNot::NotS3 { kind: kind.unwrap_or("no type").to_owned() }),
    }
    if section.is_true("v2_auth") {
        return not(WhyNot::SignatureV2);
    }
    let keys = (section.get("access_key_id"), section.get("secret_access_key"));
    let mut candidate = Candidate::new(name, Sign::Nothing);
    candidate.sign = match keys {
        (Some(access_key_id), secret) => {
            candidate.secret = secret.map(|secret| Secret {
                secret_access_key: secret.into(),
                session_token: section.get("session_token").map(Into::into),
            });
            Sign::Keys { access_key_id: access_key_id.to_owned() }
        }
        (None, Some(_)) => return not(WhyNot::NoKeys),
        // without keys it does not look for any unless it is told to
        (None, None) if section.is_true("env_auth") => match section.get("profile") {
            Some(profile) => Sign::Profile { profile: profile.to_owned() },
            None => Sign::Environment,
        },
        (None, None) => Sign::Nothing,
    };
    let provider = section.get("provider").unwrap_or("AWS");
    // one that we have no preset for goes by its address
    candidate.preset = Some(provider_presets::of_rclone(provider).unwrap_or("other"));
    candidate.endpoint = section.get("endpoint").map(ToOwned::to_owned);
    let region = section.get("region").or_else(|| section.get("location_constraint"));
    // what older versions wrote where the server does not care
    candidate.region = region.filter(|region| *region != "other-v2-signature").map(Into::into);
    candidate.path_style = section.bool("force_path_style").or(match candidate.preset {
        Some("other") => Some(true),
        _ => None,
    });
    candidate.left_out = section.set_of(&LEFT_OUT);
    let text = |key: &str| section.get(key).map(ToOwned::to_owned);
    candidate.stored = Options {
        storage_class: text("storage_class"),
        encryption: text("server_side_encryption"),
        kms_key_id: text("sse_kms_key_id"),
        // its default, which many buckets refuse by now
        acl: text("acl").filter(|acl| acl != "private"),
        ..Options::default()
    };
    Ok(candidate)
}
