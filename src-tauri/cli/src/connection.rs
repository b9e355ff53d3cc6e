//! Chooses the server and the credentials from flags, the environment, or the app's connections. Holds no secret.

pub(crate) mod customer_key;

use crate::flags::Server;
use crate::state;
use serde::Deserialize;
use std::path::Path;
use windlass_engine::{
    Configured, Connection, EndpointOptions, Engine, Fault, FaultKind, Options, Proxy, ProxyLogin,
    Receipt, Result, Sign, SignedIn, absolute, saved_proxy_login,
};

/// The ID of the connection that is made from flags; each slot has one.
pub(crate) const FROM_FLAGS: &str = "terminal";

/// # Errors
/// `WrongPlace` or `Credentials`, if the app has no such connection or it cannot be used in a terminal.
pub(crate) async fn chosen(flags: &Server) -> Result<Connection> {
    let connection = to_sign_in(flags).await?;
    if matches!(&connection.sign, Sign::IdentityCenter { account_id, .. } if account_id.is_empty())
    {
        return Err(Fault::new(
            FaultKind::Credentials,
            "--sso-start-url needs --sso-account-id and --sso-role-name; `windlass-cli login` with the same start URL lists \
             them",
        ));
    }
    Ok(connection)
}

/// The same, where account and role may still have to be chosen.
///
/// # Errors
/// As for `chosen`.
pub(crate) async fn to_sign_in(flags: &Server) -> Result<Connection> {
    match &flags.connection {
        Some(name) => of_the_app(name, &state::app_folder()?),
        None => from(flags, env, &Configured::read(flags.profile.as_deref()).await),
    }
}

/// The same, where nothing is sent: its secret need not be at hand.
///
/// # Errors
/// `WrongPlace`, where the app has no such connection.
pub(crate) async fn described(flags: &Server) -> Result<Connection> {
    match &flags.connection {
        Some(name) => found(name, &state::app_folder()?),
        None => chosen(flags).await,
    }
}

/// The connection for a receipt: its server, unless a flag names another. The AWS configuration does not apply.
///
/// # Errors
/// As for `chosen`.
pub(crate) async fn of_receipt(flags: &Server, receipt: &Receipt) -> Result<Connection> {
    let region = Some(receipt.region.clone()).filter(|region| !region.is_empty());
    let flags = Server {
        endpoint_url: flags.endpoint_url.clone().or_else(|| receipt.endpoint.clone()),
        region: flags.region.clone().or(region),
        ..flags.clone()
    };
    match &flags.connection {
        Some(_) => chosen(&flags).await,
        None => {
            let configured = Configured::read(flags.profile.as_deref()).await;
            from(&flags, env, &Configured { endpoint: None, ..configured })
        }
    }
}

/// Gives the engine the connection, and its proxy's user name and password for as long as it runs.
///
/// # Errors
/// `Storage`.
pub(crate) fn keep(engine: &Engine, flags: &Server, connection: &Connection) -> Result<()> {
    engine.keep_connection(connection.clone())?;
    if let Some(login) = proxy(flags)?.1 {
        engine.set_proxy_login(&connection.id, login);
    }
    Ok(())
}

/// The login of the proxy: typed, or saved by the app with its connection.
///
/// # Errors
/// `Keychain`.
pub(crate) async fn proxy_login(
    flags: &Server,
    connection: &Connection,
) -> Result<Option<ProxyLogin>> {
    match proxy(flags)?.1 {
        Some(login) => Ok(Some(login)),
        None => saved_proxy_login(connection).await,
    }
}

fn proxy(flags: &Server) -> Result<(Proxy, Option<ProxyLogin>)> {
    flags.proxy.as_ref().map_or_else(|| Ok(Default::default()), |proxy| proxy.read())
}

fn env(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn from(
    flags: &Server,
    env: impl Fn(&str) -> Option<String>,
    configured: &Configured,
) -> Result<Connection> {
    let (proxy, _) = proxy(flags)?;
    // stored, not left to the SDK: `resume` may run in another shell
    let endpoint = flags.endpoint_url.clone().or_else(|| configured.endpoint.clone());
    let region =
        flags.region.clone().or_else(|| env("AWS_REGION")).or_else(|| env("AWS_DEFAULT_REGION"));
    let region = match (region, &endpoint, &flags.profile) {
        (Some(region), _, _) => region,
        // a named profile has its own region
        (None, Some(_), None) => configured.region.clone().unwrap_or_else(|| "us-east-1".into()),
        (None, _, _) => String::new(),
    };
    let of_configuration = || configured.ca_bundle.clone().map(Into::into);
    let ca_bundle = flags.ca_bundle.clone().or_else(of_configuration);
    let ca_bundle = ca_bundle.map(|path| absolute(&path));
    Ok(Connection {
        id: FROM_FLAGS.into(),
        name: "the terminal".into(),
        preset: "other".into(),
        path_style: flags
            .path_style
            .unwrap_or_else(|| configured.is_path_style(endpoint.as_deref())),
        endpoint,
        region,
        sign: match (&flags.profile, flags.center.named(), flags.no_sign_request) {
            (Some(profile), ..) => Sign::Profile { profile: profile.clone() },
            (None, Some(center), _) => Sign::IdentityCenter {
                center,
                account_id: flags.center.sso_account_id.clone().unwrap_or_default(),
                role_name: flags.center.sso_role_name.clone().unwrap_or_default(),
            },
            (None, None, true) => Sign::Nothing,
            (None, None, false) => Sign::Environment,
        },
        bucket: None,
        prefix: String::new(),
        ca_bundle: ca_bundle.map(|path| path.to_string_lossy().into_owned()),
        proxy,
        endpoint_options: EndpointOptions {
            dual_stack: flags.dual_stack,
            fips: flags.fips,
            accelerate: flags.accelerate,
        },
        practice: false,
        settled: true,
        role: flags.role.role(),
        signed_in: SignedIn::NotNeeded,
        probed: None,
        stored: Options::default(),
        if_exists: None,
    })
}

/// The part of the app's settings that is used here.
#[derive(Default, Deserialize)]
struct Kept {
    #[serde(default)]
    connections: Vec<Connection>,
}

/// Reads a connection from the app's settings file, without opening an engine, because the app may be running.
pub(crate) fn app_connections(folder: &Path) -> Result<Vec<Connection>> {
    let path = folder.join("settings.json");
    let unreadable = |reason: String| {
        Fault::new(FaultKind::Storage, format!("{} cannot be read: {reason}", path.display()))
    };
    match std::fs::read(&path) {
        Ok(bytes) => {
            let kept: Kept =
                serde_json::from_slice(&bytes).map_err(|error| unreadable(error.to_string()))?;
            Ok(kept.connections)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(vec![]),
        Err(error) => Err(unreadable(error.to_string())),
    }
}

fn of_the_app(name: &str, folder: &Path) -> Result<Connection> {
    usable(found(name, folder)?)
}

fn found(name: &str, folder: &Path) -> Result<Connection> {
    let connections = app_connections(folder)?;
    let by_id = connections.iter().find(|connection| connection.id == name);
    let named: Vec<&Connection> =
        connections.iter().filter(|connection| connection.name == name).collect();
    match (by_id, &named[..]) {
        (Some(connection), _) => Ok(connection.clone()),
        (None, [connection]) => Ok((*connection).clone()),
        (None, []) => {
            let names: Vec<String> =
                connections.iter().map(|other| format!("\"{}\"", other.name)).collect();
            let there = match &names[..] {
                [] => "it has none".to_owned(),
                names => format!("it has {}", names.join(", ")),
            };
            Err(Fault::new(
                FaultKind::WrongPlace,
                format!("the app has no connection named \"{name}\": {there}"),
            ))
        }
        (None, several) => {
            let ids: Vec<&str> = several.iter().map(|connection| connection.id.as_str()).collect();
            Err(Fault::new(
                FaultKind::WrongPlace,
                format!(
                    "the app has several connections named \"{name}\"; use an ID: {}",
                    ids.join(", ")
                ),
            ))
        }
    }
}

fn usable(connection: Connection) -> Result<Connection> {
    if connection.practice {
        return Err(Fault::new(
            FaultKind::WrongPlace,
            "the app's practice store can be used only in the app; \
             run one for the terminal with `windlass-cli practice`",
        ));
    }
    if matches!(connection.sign, Sign::Keys { .. }) && connection.signed_in != SignedIn::Keychain {
        return Err(Fault::new(
            FaultKind::Credentials,
            format!(
                "the secret of \"{}\" is not in the keychain, because the app kept it for its session only; sign in there again, \
                 and save the secret",
                connection.name
            ),
        ));
    }
    Ok(connection)
}

/// The current settings of a connection that came from the app: its endpoint or key may have changed since.
pub(crate) fn as_it_is_now(connection: &Connection) -> Option<Connection> {
    if connection.id == FROM_FLAGS {
        return None;
    }
    let connections = app_connections(&state::app_folder().ok()?).ok()?;
    connections.into_iter().find(|other| other.id == connection.id && other != connection)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flags::{Command, Flags};
    use clap::Parser;

    fn made(line: &str, env: &[(&str, &str)]) -> Connection {
        with(line, env, &Configured::default())
    }

    fn with(line: &str, env: &[(&str, &str)], configured: &Configured) -> Connection {
        let words =
            ["windlass-cli", "upload", "f", "s3://b/"].into_iter().chain(line.split_whitespace());
        let Command::Upload(flags) = Flags::try_parse_from(words).unwrap().command else {
            panic!()
        };
        let env = |name: &str| {
            env.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned())
        };
        from(&flags.server, env, configured).unwrap()
    }

    #[test]
    fn amazon_is_left_to_the_chain() {
        let connection = made("", &[]);
        assert_eq!(
            (connection.endpoint, connection.region.as_str(), connection.path_style),
            (None, "", false)
        );
        assert_eq!(connection.sign, Sign::Environment);
        assert_eq!(made("", &[("AWS_REGION", "eu-west-1")]).region, "eu-west-1");
        assert!(made("--path-style", &[]).path_style);
    }

    #[test]
    fn another_server_has_a_region_and_path_style() {
        let other = Configured { endpoint: Some("http://other".into()), ..Configured::default() };
        let connection = with("--endpoint-url http://127.0.0.1:9", &[], &other);
        assert_eq!(connection.endpoint.as_deref(), Some("http://127.0.0.1:9"));
        assert_eq!((connection.region.as_str(), connection.path_style), ("us-east-1", true));
        let connection = with("--path-style=false", &[], &other);
        assert_eq!(
            (connection.endpoint.as_deref(), connection.path_style),
            (Some("http://other"), false)
        );
        assert!(!made("--endpoint-url https://s3.eu-west-1.amazonaws.com", &[]).path_style);
        assert_eq!(made("--endpoint-url http://h --profile p", &[]).region, "");
    }

    #[test]
    fn a_flag_goes_before_the_environment_and_that_before_a_profile() {
        let of_profile = Configured {
            endpoint: Some("http://s3".into()),
            path_style: Some(false),
            ca_bundle: Some("/of-profile.pem".into()),
            region: Some("eu-west-3".into()),
            ..Configured::default()
        };
        let connection = with("", &[], &of_profile);
        assert_eq!(
            (connection.endpoint.as_deref(), connection.region.as_str(), connection.path_style),
            (Some("http://s3"), "eu-west-3", false)
        );
        assert_eq!(connection.ca_bundle.as_deref(), Some("/of-profile.pem"));
        assert_eq!(with("", &[("AWS_REGION", "eu-west-1")], &of_profile).region, "eu-west-1");
        let line = "--path-style --ca-bundle /of-flag.pem --region eu-west-2";
        let connection = with(line, &[("AWS_REGION", "eu-west-1")], &of_profile);
        assert_eq!((connection.region.as_str(), connection.path_style), ("eu-west-2", true));
        assert_eq!(connection.ca_bundle.as_deref(), Some("/of-flag.pem"));
        let in_path = Configured { path_style: Some(true), ..Configured::default() };
        assert!(with("", &[], &in_path).path_style);
        assert!(!with("--path-style=false", &[], &in_path).path_style);
    }

    #[test]
    fn a_proxy_s_password_is_not_in_the_connection() {
        let connection = made("--proxy http://u:hush@proxy.example:3128", &[]);
        let url = "http://proxy.example:3128".to_owned();
        assert_eq!(connection.proxy, Proxy::Url { url, login: false });
        assert_eq!(made("", &[]).proxy, Proxy::System);
        assert_eq!(made("--proxy none", &[]).proxy, Proxy::Direct);
        let options = made("--dual-stack --fips", &[]).endpoint_options;
        assert_eq!((options.dual_stack, options.fips, options.accelerate), (true, true, false));
    }

    #[test]
    fn a_connection_of_the_app_is_found_by_name_or_id() {
        let folder = tempfile::tempdir().unwrap();
        let none = of_the_app("Work", folder.path()).unwrap_err();
        assert!(none.detail.contains("it has none"), "{none}");

        let mut work = made("", &[]);
        (work.id, work.name) = ("7".into(), "Work".into());
        work.sign = Sign::Keys { access_key_id: "AK".into() };
        work.signed_in = SignedIn::Keychain;
        let session = Connection {
            id: "8".into(),
            name: "Once".into(),
            signed_in: SignedIn::Session,
            probed: None,
            ..work.clone()
        };
        let practice =
            Connection { id: "9".into(), name: "Try".into(), practice: true, ..work.clone() };
        let text = serde_json::json!({ "settings": {}, "connections": [work, session, practice] })
            .to_string();
        std::fs::write(folder.path().join("settings.json"), text).unwrap();
        assert_eq!(of_the_app("Work", folder.path()).unwrap(), work);
        assert_eq!(of_the_app("7", folder.path()).unwrap(), work);
        assert!(of_the_app("work", folder.path()).unwrap_err().detail.contains("\"Work\""));
        assert_eq!(of_the_app("Once", folder.path()).unwrap_err().kind, FaultKind::Credentials);
        assert!(
            of_the_app("Try", folder.path()).unwrap_err().detail.contains("windlass-cli practice")
        );
    }
}
