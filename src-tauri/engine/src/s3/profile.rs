//! Where the keys of a profile come from, and which roles are assumed with them, as the AWS configuration says it. Reads no
//! network. The SDK's own reader of profiles leaves out `mfa_serial` and `duration_seconds`, and does not say whose sign-in
//! has ended. <https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html>

use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::sign_in::{IdentityCenter, Role};
use aws_config::profile::{Profile, ProfileSet};
use aws_credential_types::Credentials;
use aws_types::os_shim_internal::{Env, Fs};

/// What a token of IAM Identity Center is for, where nobody says otherwise: listing accounts and roles, and their keys.
pub(super) const ACCOUNT_ACCESS: &str = "sso:account:access";

/// An instance of IAM Identity Center, and what a sign-in asks it for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Instance {
    pub(super) center: IdentityCenter,
    /// Empty for a profile from before there were sessions, whose token cannot be refreshed.
    pub(super) scopes: Vec<String>,
}

/// Who has the first keys.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Base {
    /// The profile of this name, which the SDK reads.
    Profile(String),
    IdentityCenter {
        profile: String,
        instance: Instance,
    },
    /// `aws login`
    Login {
        profile: String,
    },
    Keys(Credentials),
    Environment,
    Ec2,
    Ecs,
}

/// The first keys, and the roles that are assumed from there on, each with the keys of the one before.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Chain {
    pub(super) base: Base,
    pub(super) roles: Vec<Role>,
}

/// The AWS configuration, with this profile selected, or the one of the environment.
///
/// # Errors
/// `Credentials` where a file of it cannot be read.
pub(super) async fn load(profile: Option<&str>) -> Result<ProfileSet> {
    let files = aws_runtime::env_config::file::EnvConfigFiles::default();
    let profile = profile.map(|name| name.to_owned().into());
    let set = aws_config::profile::load(&Fs::real(), &Env::real(), &files, profile).await;
    set.map_err(|error| wrong(error.to_string()))
}

fn wrong(cause: String) -> Fault {
    Fault::because(FaultKind::Credentials, Reason::AwsConfiguration { cause })
}

/// # Errors
/// `Credentials` where the profile, or one that it leads to, cannot be used.
pub(super) fn chain(set: &ProfileSet) -> Result<Chain> {
    let mut roles = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    let mut name = set.selected_profile();
    let base = loop {
        let Some(profile) = set.get_profile(name) else {
            return Err(Fault::because(
                FaultKind::Credentials,
                Reason::NoProfile { profile: name.to_owned() },
            ));
        };
        // as in the AWS tools, keys of a source profile go before what else it says
        if !seen.is_empty()
            && let Some(keys) = keys(profile)
        {
            break Base::Keys(keys);
        }
        if seen.contains(&name) {
            let circle = seen.join(", ");
            return Err(wrong(format!("source_profile leads in a circle: {circle}, {name}")));
        }
        seen.push(name);
        let assumes = value(profile, "web_identity_token_file").is_none();
        let Some(role) = role(profile)?.filter(|_| assumes) else { break base(set, profile)? };
        roles.push(role);
        match (value(profile, "source_profile"), value(profile, "credential_source")) {
            (Some(_), Some(_)) => {
                return Err(wrong(format!(
                    "the profile \"{name}\" has both source_profile and credential_source"
                )));
            }
            (None, None) => {
                return Err(wrong(format!(
                    "the profile \"{name}\" has a role_arn, but neither source_profile nor credential_source"
                )));
            }
            (Some(source), None) if source == name => match keys(profile) {
                Some(keys) => break Base::Keys(keys),
                None => {
                    return Err(wrong(format!(
                        "the profile \"{name}\" is its own source_profile, and has no keys"
                    )));
                }
            },
            (Some(source), None) => name = source,
            (None, Some(source)) => break named(name, source)?,
        }
    };
    roles.reverse();
    Ok(Chain { base, roles })
}

fn named(profile: &str, source: &str) -> Result<Base> {
    match source.to_ascii_lowercase().as_str() {
        "environment" => Ok(Base::Environment),
        "ec2instancemetadata" => Ok(Base::Ec2),
        "ecscontainer" => Ok(Base::Ecs),
        _ => Err(wrong(format!(
            "the profile \"{profile}\" has the credential_source \"{source}\"; it can be Environment, \
             Ec2InstanceMetadata or EcsContainer"
        ))),
    }
}

fn base(set: &ProfileSet, profile: &Profile) -> Result<Base> {
    let name = profile.name().to_owned();
    if value(profile, "credential_source").is_some()
        || value(profile, "web_identity_token_file").is_some()
    {
        return Ok(Base::Profile(name));
    }
    if let Some(instance) = instance_of(set, profile)? {
        return Ok(Base::IdentityCenter { profile: name, instance });
    }
    Ok(match value(profile, "login_session") {
        Some(_) => Base::Login { profile: name },
        None => Base::Profile(name),
    })
}

/// The instance that the selected profile signs in with, itself or by way of its source profiles.
///
/// # Errors
/// `Credentials` where the profile has none, or not all of one.
pub(super) fn instance(set: &ProfileSet) -> Result<Instance> {
    let profile = set.selected_profile();
    if let Some(Ok(Some(instance))) = set.get_profile(profile).map(|own| instance_of(set, own)) {
        // a profile can be there for its sign-in alone
        return Ok(instance);
    }
    match chain(set)?.base {
        Base::IdentityCenter { instance, .. } => Ok(instance),
        Base::Login { profile } => {
            Err(Fault::because(FaultKind::SignIn, Reason::LoginNeeded { profile }))
        }
        _ => Err(Fault::because(
            FaultKind::Credentials,
            Reason::NoIdentityCenter { profile: profile.to_owned() },
        )),
    }
}

/// None where the profile does not use IAM Identity Center.
fn instance_of(set: &ProfileSet, profile: &Profile) -> Result<Option<Instance>> {
    let missing = |section: &str, what: &str| wrong(format!("[{section}] has no {what}"));
    if let Some(session) = value(profile, "sso_session") {
        let section = format!("sso-session {session}");
        let Some(found) = set.sso_session(session) else {
            let name = profile.name();
            return Err(wrong(format!(
                "the profile \"{name}\" names [{section}], which is missing"
            )));
        };
        let needed = |what: &str| {
            let found = found.get(what).map(str::trim).filter(|value| !value.is_empty());
            found.map(ToOwned::to_owned).ok_or_else(|| missing(&section, what))
        };
        let center = IdentityCenter {
            start_url: needed("sso_start_url")?,
            sso_region: needed("sso_region")?,
            session_name: Some(session.to_owned()),
        };
        return Ok(Some(Instance { scopes: scopes(set, session), center }));
    }
    let Some(start_url) = value(profile, "sso_start_url") else { return Ok(None) };
    let section = format!("profile {}", profile.name());
    let region = value(profile, "sso_region").ok_or_else(|| missing(&section, "sso_region"))?;
    let center = IdentityCenter {
        start_url: start_url.to_owned(),
        sso_region: region.to_owned(),
        session_name: None,
    };
    Ok(Some(Instance { center, scopes: vec![] }))
}

/// What a sign-in under this session's name asks for.
pub(super) fn scopes(set: &ProfileSet, session: &str) -> Vec<String> {
    let named = set.sso_session(session).and_then(|found| found.get("sso_registration_scopes"));
    let named = named.unwrap_or_default().split(',').map(str::trim);
    let mut scopes: Vec<String> =
        named.filter(|scope| !scope.is_empty()).map(ToOwned::to_owned).collect();
    if scopes.is_empty() {
        scopes.push(ACCOUNT_ACCESS.to_owned());
    }
    scopes
}

fn role(profile: &Profile) -> Result<Option<Role>> {
    let text = |name| value(profile, name).map(ToOwned::to_owned);
    let Some(role_arn) = text("role_arn") else { return Ok(None) };
    let duration = value(profile, "duration_seconds").map(|seconds| {
        seconds.parse().map_err(|_| {
            let name = profile.name();
            wrong(format!(
                "the profile \"{name}\" has the duration_seconds \"{seconds}\", which is no number"
            ))
        })
    });
    Ok(Some(Role {
        role_arn: Some(role_arn),
        role_session_name: text("role_session_name"),
        external_id: text("external_id"),
        duration_seconds: duration.transpose()?,
        mfa_serial: text("mfa_serial"),
    }))
}

fn keys(profile: &Profile) -> Option<Credentials> {
    let id = value(profile, "aws_access_key_id")?;
    let secret = value(profile, "aws_secret_access_key")?;
    let token = value(profile, "aws_session_token").map(ToOwned::to_owned);
    Some(Credentials::new(id, secret, token, None, "windlass-profile"))
}

/// Whether the selected profile has credentials that another program may change.
pub(super) fn has_keys(set: &ProfileSet) -> bool {
    let own = set.get_profile(set.selected_profile());
    own.is_some_and(|own| keys(own).is_some() || value(own, "credential_process").is_some())
}

fn value<'a>(profile: &'a Profile, name: &str) -> Option<&'a str> {
    profile.get(name).map(str::trim).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = "
[profile base]
aws_access_key_id = AKIABASE
aws_secret_access_key = secret
[profile role]
role_arn = arn:aws:iam::1:role/upload
source_profile = base
external_id = ours
role_session_name = ada
duration_seconds = 3600
mfa_serial = arn:aws:iam::1:mfa/ada
[profile second]
role_arn = arn:aws:iam::2:role/other
source_profile = role
[profile itself]
role_arn = arn:aws:iam::1:role/upload
source_profile = itself
aws_access_key_id = AKIASELF
aws_secret_access_key = secret
[profile machine]
role_arn = arn:aws:iam::1:role/upload
credential_source = Ec2InstanceMetadata
[profile round]
role_arn = arn:aws:iam::1:role/upload
source_profile = trip
[profile trip]
role_arn = arn:aws:iam::1:role/upload
source_profile = round
[profile alone]
role_arn = arn:aws:iam::1:role/upload
[profile lost]
role_arn = arn:aws:iam::1:role/upload
source_profile = nobody
[profile long]
role_arn = arn:aws:iam::1:role/upload
source_profile = base
duration_seconds = an hour
[profile web]
role_arn = arn:aws:iam::1:role/upload
web_identity_token_file = /token
[sso-session ours]
sso_start_url = https://ours.awsapps.com/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access, codewhisperer:completions
[sso-session half]
sso_start_url = https://ours.awsapps.com/start
[profile sso]
sso_session = ours
sso_account_id = 1
sso_role_name = Upload
[profile token]
sso_session = ours
[profile by-sso]
role_arn = arn:aws:iam::2:role/other
source_profile = sso
[profile legacy]
sso_start_url = https://old.awsapps.com/start
sso_region = us-east-1
sso_account_id = 1
sso_role_name = Upload
[profile no-session]
sso_session = missing
[profile no-region]
sso_session = half
[profile console]
login_session = arn:aws:iam::1:user/ada
";

    async fn set(profile: &str) -> ProfileSet {
        let files = aws_runtime::env_config::file::EnvConfigFiles::default();
        let env = [("AWS_CONFIG_FILE", "/config"), ("AWS_SHARED_CREDENTIALS_FILE", "/none")];
        let fs = Fs::from_slice(&[("/config", CONFIG)]);
        let profile = Some(profile.to_owned().into());
        aws_config::profile::load(&fs, &Env::from_slice(&env), &files, profile).await.unwrap()
    }

    fn arns(chain: &Chain) -> Vec<&str> {
        chain.roles.iter().map(|role| role.role_arn.as_deref().unwrap()).collect()
    }

    #[tokio::test]
    async fn roles_are_assumed_from_the_keys_outwards() {
        let second = chain(&set("second").await).unwrap();
        let Base::Keys(keys) = &second.base else { panic!("{second:?}") };
        assert_eq!(keys.access_key_id(), "AKIABASE");
        assert_eq!(arns(&second), ["arn:aws:iam::1:role/upload", "arn:aws:iam::2:role/other"]);
        let first = &second.roles[0];
        assert_eq!(first.mfa_serial.as_deref(), Some("arn:aws:iam::1:mfa/ada"));
        assert_eq!(first.duration_seconds, Some(3600));
        assert_eq!(first.external_id.as_deref(), Some("ours"));
        assert_eq!(first.role_session_name.as_deref(), Some("ada"));

        let itself = chain(&set("itself").await).unwrap();
        assert!(matches!(&itself.base, Base::Keys(keys) if keys.access_key_id() == "AKIASELF"));
        assert_eq!(arns(&itself), ["arn:aws:iam::1:role/upload"]);
        assert_eq!(chain(&set("machine").await).unwrap().base, Base::Ec2);
        let left_to_the_sdk =
            |name: &str| Chain { base: Base::Profile(name.into()), roles: vec![] };
        assert_eq!(chain(&set("base").await).unwrap(), left_to_the_sdk("base"));
        assert_eq!(chain(&set("web").await).unwrap(), left_to_the_sdk("web"));
    }

    #[tokio::test]
    async fn who_signs_in_is_found_through_source_profiles() {
        let ours = Instance {
            center: IdentityCenter {
                start_url: "https://ours.awsapps.com/start".into(),
                sso_region: "eu-west-1".into(),
                session_name: Some("ours".into()),
            },
            scopes: vec!["sso:account:access".into(), "codewhisperer:completions".into()],
        };
        for name in ["sso", "by-sso", "token"] {
            assert_eq!(instance(&set(name).await).unwrap(), ours, "{name}");
        }
        let legacy = instance(&set("legacy").await).unwrap();
        assert_eq!(legacy.center.cache_key(), "https://old.awsapps.com/start");
        assert!(legacy.scopes.is_empty());
        let console = instance(&set("console").await).unwrap_err();
        assert_eq!(console.kind, FaultKind::SignIn, "{console}");
        let none = instance(&set("base").await).unwrap_err();
        assert!(matches!(none.reason.get(), Some(Reason::NoIdentityCenter { .. })), "{none}");
    }

    #[tokio::test]
    async fn what_cannot_be_used_is_said_by_its_name() {
        for (name, says) in [
            ("round", "round, trip, round"),
            ("alone", "neither source_profile nor credential_source"),
            ("lost", "\"nobody\""),
            ("long", "an hour"),
            ("no-session", "[sso-session missing]"),
            ("no-region", "[sso-session half] has no sso_region"),
        ] {
            let fault = chain(&set(name).await).unwrap_err();
            assert!(fault.kind == FaultKind::Credentials && fault.detail.contains(says), "{fault}");
        }
    }
}
