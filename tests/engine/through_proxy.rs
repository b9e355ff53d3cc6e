//! Uploads through proxies that others wrote. Their logs say what they were asked for.

use crate::fixture::{Fixture, PART};
use crate::trust::{over_tls, self_signed};
use std::path::Path;
use windlass_engine::{
    Check, CheckRequest, CheckStep, Connection, ConnectionForm, EndpointOptions, Options, Passed,
    Proxy, ProxyLogin, Reason, Sign,
};
use windlass_tests::{ForwardProxy, Server, servers::free_port};

const USER: &str = "ada";
const PASSWORD: &str = "hush-hush-7Q";

fn login(password: &str) -> Option<ProxyLogin> {
    Some(ProxyLogin { user: USER.into(), password: password.into() })
}

/// A fixture whose connection goes through this proxy; over TLS where it says so, to a server with a certificate of its own.
async fn fixture(proxy: &str, login: Option<ProxyLogin>, over: Scheme) -> Fixture {
    let fixture = Fixture::on(Server::practice().await).await;
    let mut connection = fixture.connection();
    if over == Scheme::Https {
        let cert = self_signed("127.0.0.1");
        connection.endpoint = Some(over_tls(&fixture.server.endpoint, &cert.0, &cert.1).await);
        connection.ca_bundle = Some(pem(&fixture, &cert.0));
    }
    connection.proxy = Proxy::Url { url: proxy.into(), login: false };
    fixture.engine.set_session_connection(connection, fixture.secret()).unwrap();
    if let Some(login) = login {
        fixture.engine.set_proxy_login("test", login);
    }
    fixture
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Http,
    Https,
}

fn pem(fixture: &Fixture, cert: &rcgen::Certificate) -> String {
    let path = fixture.folder.path().join("trusted.pem");
    std::fs::write(&path, cert.pem()).unwrap();
    path.to_str().unwrap().to_owned()
}

/// One PUT and one in parts arrive.
async fn assert_uploads(fixture: &Fixture) {
    fixture.hauled(&fixture.file("small", 1, 1000), "small").await;
    fixture.hauled(&fixture.file("large", 2, 3 * PART), "large").await;
}

/// The password is in no file below this folder.
fn assert_secret(folder: &Path) {
    let mut files = 0;
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let bytes = std::fs::read(&path).unwrap();
            for secret in [PASSWORD.as_bytes(), b"YWRhOmh1c2gtaHVzaC03UQ=="] {
                let has = bytes.windows(secret.len()).any(|window| window == secret);
                assert!(!has, "{}", path.display());
            }
        }
    }
    assert!(files > 1, "nothing was looked at");
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_requests_are_handed_to_the_proxy_whole() {
    for secret in [None, Some((USER, PASSWORD))] {
        let proxy = ForwardProxy::http(secret, None);
        let url = format!("http://{}", proxy.address);
        let login = secret.and_then(|(_, password)| login(password));
        let fixture = fixture(&url, login, Scheme::Http).await;
        assert_uploads(&fixture).await;
        let put = format!("PUT {}/{}/", fixture.server.endpoint, fixture.bucket);
        assert!(proxy.count(&put) >= 4, "{}", proxy.log());
        assert_eq!(proxy.count("CONNECT 1"), 0, "{}", proxy.log());
        assert_secret(fixture.folder.path());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_over_tls_is_spoken_to_through_a_tunnel() {
    for secret in [None, Some((USER, PASSWORD))] {
        let proxy = ForwardProxy::http(secret, None);
        let url = format!("http://{}", proxy.address);
        let login = secret.and_then(|(_, password)| login(password));
        let fixture = fixture(&url, login, Scheme::Https).await;
        assert_uploads(&fixture).await;
        let endpoint = fixture.engine.connections()[0].endpoint.clone().unwrap();
        let tunnel = format!("CONNECT {} ", endpoint.trim_start_matches("https://"));
        assert!(proxy.count(&tunnel) >= 1, "{}", proxy.log());
        assert_eq!(proxy.count("PUT "), 0, "{}", proxy.log());
        assert_secret(fixture.folder.path());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_is_reached_over_tls_itself() {
    let proxy = ForwardProxy::http(Some((USER, PASSWORD)), None);
    let cert = self_signed("127.0.0.1");
    let front = over_tls(&format!("http://{}", proxy.address), &cert.0, &cert.1).await;
    let fixture = fixture(&front, login(PASSWORD), Scheme::Http).await;
    let ca_bundle = Some(pem(&fixture, &cert.0));
    let plain = Connection { ca_bundle, ..fixture.engine.connections().remove(0) };
    fixture.engine.set_session_connection(plain.clone(), fixture.secret()).unwrap();
    assert_uploads(&fixture).await;
    assert!(proxy.count("PUT http://") >= 4, "{}", proxy.log());

    // the same certificate, so that one bundle is enough
    let endpoint = Some(over_tls(&fixture.server.endpoint, &cert.0, &cert.1).await);
    let over = Connection { endpoint, ..plain };
    fixture.engine.set_session_connection(over, fixture.secret()).unwrap();
    fixture.hauled(&fixture.file("other", 3, 2 * PART), "other").await;
    assert!(proxy.count("CONNECT 127.0.0.1:") >= 1, "{}", proxy.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socks5_proxy_carries_both() {
    for (scheme, secret) in [("socks5", None), ("socks5h", Some((USER, PASSWORD)))] {
        for over in [Scheme::Http, Scheme::Https] {
            let proxy = ForwardProxy::socks(secret);
            let url = format!("{scheme}://{}", proxy.address);
            let login = secret.and_then(|(_, password)| login(password));
            let fixture = fixture(&url, login, over).await;
            assert_uploads(&fixture).await;
            let endpoint = fixture.engine.connections()[0].endpoint.clone().unwrap();
            let (_, server) = endpoint.split_once("://").unwrap();
            assert!(proxy.count(&format!("connected to {server}")) >= 1, "{}", proxy.log());
            assert_secret(fixture.folder.path());
        }
    }
}

/// The first line of a connection test, as the form's *Test* asks for it.
async fn check(fixture: &Fixture, proxy: &str, secret: Option<&str>) -> Check {
    let connection = fixture.engine.connections().remove(0);
    let Sign::Keys { access_key_id } = connection.sign else { panic!() };
    let form = ConnectionForm {
        id: None,
        name: "Test".into(),
        preset: connection.preset,
        endpoint: connection.endpoint,
        region: connection.region,
        path_style: true,
        sign: Sign::Keys { access_key_id },
        role: None,
        secret_access_key: Some(fixture.secret().secret_access_key),
        session_token: None,
        bucket: Some(fixture.bucket.clone()),
        prefix: String::new(),
        ca_bundle: connection.ca_bundle,
        proxy: Proxy::Url { url: proxy.into(), login: secret.is_some() },
        proxy_user: secret.map(|_| USER.into()),
        proxy_password: secret.map(Into::into),
        endpoint_options: EndpointOptions::default(),
        stored: Options::default(),
        if_exists: None,
        remember: false,
    };
    fixture.engine.check(CheckRequest { form, step: CheckStep::Reached }).await
}

async fn reason(fixture: &Fixture, proxy: &str, secret: Option<&str>) -> Reason {
    let check = check(fixture, proxy, secret).await;
    assert_eq!(check.outcome, Passed::Failed, "{check:?}");
    assert!(!format!("{check:?}").contains(PASSWORD), "{check:?}");
    check.fault.unwrap().reason.get().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_connection_test_names_the_proxy_that_it_went_through() {
    let http = ForwardProxy::http(Some((USER, PASSWORD)), None);
    let socks = ForwardProxy::socks(None);
    for over in [Scheme::Http, Scheme::Https] {
        let fixture = fixture("none:1", None, over).await;
        for (proxy, scheme, secret) in [(&http, "http", Some(PASSWORD)), (&socks, "socks5", None)] {
            let check = check(&fixture, &format!("{scheme}://{}", proxy.address), secret).await;
            let said = check.said.as_ref().map(ToString::to_string).unwrap_or_default();
            assert_eq!(
                said,
                format!("The server responds, through the proxy {}", proxy.address),
                "{check:?}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_proxy_does_not_do_is_said_with_its_name() {
    let closed = format!("127.0.0.1:{}", free_port());
    let asks = ForwardProxy::http(Some((USER, PASSWORD)), Some(1));
    let socks = ForwardProxy::socks(Some((USER, PASSWORD)));
    for over in [Scheme::Http, Scheme::Https] {
        let fixture = fixture("none:1", None, over).await;
        for scheme in ["http", "socks5"] {
            let down = reason(&fixture, &format!("{scheme}://{closed}"), None).await;
            let is_it = matches!(&down, Reason::ProxyDown { proxy, .. } if *proxy == closed);
            assert!(is_it, "{over:?} {down:?}");
        }
        for (scheme, with) in [("http", &asks), ("socks5", &socks)] {
            let url = format!("{scheme}://{}", with.address);
            let proxy = with.address.clone();
            let needs = reason(&fixture, &url, None).await;
            assert_eq!(needs, Reason::ProxyNeedsLogin { proxy: proxy.clone() }, "{over:?}");
            let wrong = reason(&fixture, &url, Some("wrong")).await;
            assert_eq!(wrong, Reason::ProxyLoginRejected { proxy }, "{over:?}");
        }
    }
    // no tunnel but to port 1
    let fixture = fixture("none:1", None, Scheme::Https).await;
    let refused = reason(&fixture, &format!("http://{}", asks.address), Some(PASSWORD)).await;
    let proxy_is = |proxy: &str| proxy == asks.address;
    let is_refusal = matches!(&refused, Reason::ProxyRefused { proxy, status: Some(403), .. } if proxy_is(proxy));
    assert!(is_refusal, "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_a_proxy_cannot_reach_is_told_from_a_proxy_that_is_down() {
    let http = ForwardProxy::http(None, None);
    let socks = ForwardProxy::socks(None);
    for scheme in ["http", "https"] {
        let fixture = fixture("none:1", None, Scheme::Http).await;
        let endpoint = Some(format!("{scheme}://127.0.0.1:{}", free_port()));
        let nobody = Connection { endpoint, ..fixture.engine.connections().remove(0) };
        fixture.engine.set_session_connection(nobody, fixture.secret()).unwrap();
        for (kind, proxy) in [("http", &http), ("socks5", &socks)] {
            let said = reason(&fixture, &format!("{kind}://{}", proxy.address), None).await;
            let is_it = matches!(
                &said,
                Reason::ProxyNotThrough { proxy: named, .. } if *named == proxy.address
            );
            assert!(is_it, "{scheme} through {kind}: {said:?}");
        }
    }
}
