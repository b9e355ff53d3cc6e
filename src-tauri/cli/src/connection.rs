//! Which server, and who signs: from flags, environment, or the app's own connections. Never sees a secret.

use crate::flags::Server;
use crate::state;
use serde::Deserialize;
use std::path::Path;
use windlass_engine::fault::Outcome;
use windlass_engine::receipt::Receipt;
use windlass_engine::settings::{Connection, Sign, SignedIn};
use windlass_engine::upload::Options;
use windlass_engine::{Fault, FaultKind};

/// The id of the connection that was made from flags; one a slot.
pub(crate) const FROM_FLAGS: &str = "terminal";

/// # Errors
/// `WrongPlace` or `Credentials`, where the app has no such connection or it cannot be used from here.
pub(crate) fn chosen(flags: &Server) -> Outcome<Connection> {
    match &flags.connection {
        Some(name) => of_the_app(name, &state::app_folder()?),
        None => Ok(from(flags, env)),
    }
}

/// The same of a receipt's server, where no flag names another: what the environment names is nothing to it.
///
/// # Errors
/// As for `chosen`.
pub(crate) fn of_receipt(flags: &Server, receipt: &Receipt) -> Outcome<Connection> {
    let region = Some(receipt.region.clone()).filter(|region| !region.is_empty());
    let flags = Server {
        endpoint_url: flags.endpoint_url.clone().or_else(|| receipt.endpoint.clone()),
        region: flags.region.clone().or(region),
        ..flags.clone()
    };
    match &flags.connection {
        Some(_) => chosen(&flags),
        None => {
            Ok(from(&flags, |name| env(name).filter(|_| !name.starts_with("AWS_ENDPOINT_URL"))))
        }
    }
}

fn env(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn from(flags: &Server, env: impl Fn(&str) -> Option<String>) -> Connection {
    let ignored = env("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
        .is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let of_env = || {
        if ignored { None } else { env("AWS_ENDPOINT_URL_S3").or_else(|| env("AWS_ENDPOINT_URL")) }
    };
    // noted, not left to the SDK: `resume` may run in another shell
    let endpoint = flags.endpoint_url.clone().or_else(of_env);
    let region =
        flags.region.clone().or_else(|| env("AWS_REGION")).or_else(|| env("AWS_DEFAULT_REGION"));
    let region = match (region, &endpoint, &flags.profile) {
        (Some(region), _, _) => region,
        // a profile may name its own
        (None, Some(_), None) => "us-east-1".into(),
        (None, _, _) => String::new(),
    };
    let ca_bundle = flags.ca_bundle.clone().or_else(|| env("AWS_CA_BUNDLE").map(Into::into));
    let ca_bundle = ca_bundle.map(|path| std::path::absolute(&path).unwrap_or(path));
    Connection {
        id: FROM_FLAGS.into(),
        name: "the terminal".into(),
        preset: "other".into(),
        path_style: flags
            .path_style
            .unwrap_or_else(|| endpoint.as_deref().is_some_and(|url| !is_amazon(url))),
        endpoint,
        region,
        sign: match (&flags.profile, flags.no_sign_request) {
            (Some(profile), _) => Sign::Profile { profile: profile.clone() },
            (None, true) => Sign::Nothing,
            (None, false) => Sign::Environment,
        },
        bucket: None,
        prefix: String::new(),
        ca_bundle: ca_bundle.map(|path| path.to_string_lossy().into_owned()),
        practice: false,
        signed_in: SignedIn::NotNeeded,
        asked: None,
        stored: Options::default(),
    }
}

fn is_amazon(endpoint: &str) -> bool {
    let host = endpoint.split_once("://").map_or(endpoint, |(_, rest)| rest);
    let host = host.split(['/', ':']).next().unwrap_or_default();
    host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn")
}

/// As much of the app's settings as matters here.
#[derive(Default, Deserialize)]
struct Kept {
    #[serde(default)]
    connections: Vec<Connection>,
}

/// Read from its file and not through an engine, which the app may be running.
fn app_connections(folder: &Path) -> Outcome<Vec<Connection>> {
    let path = folder.join("settings.json");
    let unreadable = |why: String| {
        Fault::new(FaultKind::Storage, format!("{} cannot be read: {why}", path.display()))
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

fn of_the_app(name: &str, folder: &Path) -> Outcome<Connection> {
    let connections = app_connections(folder)?;
    let by_id = connections.iter().find(|connection| connection.id == name);
    let named: Vec<&Connection> =
        connections.iter().filter(|connection| connection.name == name).collect();
    let connection = match (by_id, &named[..]) {
        (Some(connection), _) => connection.clone(),
        (None, [connection]) => (*connection).clone(),
        (None, []) => {
            let names: Vec<String> =
                connections.iter().map(|other| format!("\"{}\"", other.name)).collect();
            let there = match &names[..] {
                [] => "it has none yet".to_owned(),
                names => format!("it has {}", names.join(", ")),
            };
            return Err(Fault::new(
                FaultKind::WrongPlace,
                format!("the app has no connection named \"{name}\": {there}"),
            ));
        }
        (None, several) => {
            let ids: Vec<&str> = several.iter().map(|connection| connection.id.as_str()).collect();
            return Err(Fault::new(
                FaultKind::WrongPlace,
                format!(
                    "the app has several connections named \"{name}\"; give an id: {}",
                    ids.join(", ")
                ),
            ));
        }
    };
    usable(connection)
}

fn usable(connection: Connection) -> Outcome<Connection> {
    if connection.practice {
        return Err(Fault::new(
            FaultKind::WrongPlace,
            "the app's practice store runs only with the app, and its keys are the app's alone; \
             `windlass-cli practice` runs one for the terminal",
        ));
    }
    if matches!(connection.sign, Sign::Keys { .. }) && connection.signed_in != SignedIn::Keychain {
        return Err(Fault::new(
            FaultKind::Credentials,
            format!(
                "the secret of \"{}\" is not in the keychain: the app had it for its session only; sign in there again, \
                 and let it be remembered",
                connection.name
            ),
        ));
    }
    Ok(connection)
}

/// The connection as the app has it now, where it came from there: its address or key may have changed since.
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
        let words =
            ["windlass-cli", "upload", "f", "s3://b/"].into_iter().chain(line.split_whitespace());
        let Command::Upload(flags) = Flags::try_parse_from(words).unwrap().command else {
            panic!()
        };
        from(&flags.server, |name| {
            env.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned())
        })
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
        let connection =
            made("--endpoint-url http://127.0.0.1:9", &[("AWS_ENDPOINT_URL", "http://other")]);
        assert_eq!(connection.endpoint.as_deref(), Some("http://127.0.0.1:9"));
        assert_eq!((connection.region.as_str(), connection.path_style), ("us-east-1", true));
        let connection = made(
            "--path-style=false",
            &[("AWS_ENDPOINT_URL_S3", "http://s3"), ("AWS_ENDPOINT_URL", "x")],
        );
        assert_eq!(
            (connection.endpoint.as_deref(), connection.path_style),
            (Some("http://s3"), false)
        );
        let ignoring =
            [("AWS_ENDPOINT_URL", "http://s3"), ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")];
        assert_eq!(made("", &ignoring).endpoint, None);
        assert!(!made("--endpoint-url https://s3.eu-west-1.amazonaws.com", &[]).path_style);
        assert_eq!(made("--endpoint-url http://h --profile p", &[]).region, "");
    }

    #[test]
    fn a_connection_of_the_app_is_found_by_name_or_id() {
        let folder = tempfile::tempdir().unwrap();
        let none = of_the_app("Work", folder.path()).unwrap_err();
        assert!(none.detail.contains("none yet"), "{none}");

        let mut work = made("", &[]);
        (work.id, work.name) = ("7".into(), "Work".into());
        work.sign = Sign::Keys { access_key_id: "AK".into() };
        work.signed_in = SignedIn::Keychain;
        let session = Connection {
            id: "8".into(),
            name: "Once".into(),
            signed_in: SignedIn::Session,
            asked: None,
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
