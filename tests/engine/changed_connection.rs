//! A connection that is edited while uploads use it: they go on by what it is now, and nothing is left where it led before.

use crate::fixture::{Fixture, PART};
use windlass_engine::{ConnectionForm, Detail, EndpointOptions, Id, Options, Proxy as Way, Status};
use windlass_tests::{Act, Proxy, ReferenceClient, Server, When};

/// The fixture's connection as its form has it.
fn form(fixture: &Fixture) -> ConnectionForm {
    let of = fixture.connection();
    ConnectionForm {
        id: Some(of.id),
        name: of.name,
        preset: of.preset,
        endpoint: of.endpoint,
        region: of.region,
        path_style: true,
        sign: of.sign,
        role: None,
        secret_access_key: None,
        session_token: None,
        bucket: None,
        prefix: String::new(),
        ca_bundle: None,
        proxy: Way::default(),
        proxy_user: None,
        proxy_password: None,
        endpoint_options: EndpointOptions::default(),
        stored: Options::default(),
        if_exists: None,
        remember: false,
    }
}

/// Six parts, of which all are stored but the fourth, which the proxy holds.
async fn held(proxy: &Proxy, server: Server) -> (Fixture, Id) {
    proxy.on(When::part(4), 1, Act::Hold);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let path = fixture.file("film", 4, 6 * PART);
    let id = fixture.queue(&path, "film").await;
    fixture.until(id, |detail| detail.row.parts_stored == 5).await;
    assert_eq!(fixture.engine.uploads_of("test").await.unwrap(), 1);
    (fixture, id)
}

fn is_done(detail: &Detail) -> bool {
    detail.row.status == Status::Done
}

#[tokio::test(flavor = "multi_thread")]
async fn at_another_server_they_begin_anew_and_leave_nothing_at_the_first() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let (fixture, id) = held(&proxy, server).await;
    let other = Server::practice().await;
    let there = ReferenceClient::new(&other);
    there.create_bucket(&fixture.bucket).await;

    let changed = ConnectionForm {
        endpoint: Some(other.endpoint.clone()),
        sign: windlass_engine::Sign::Keys { access_key_id: other.access_key_id.clone() },
        secret_access_key: Some(other.secret_access_key.as_str().into()),
        ..form(&fixture)
    };
    fixture.engine.save_connection(changed).await.unwrap();
    fixture.until(id, is_done).await;
    there.assert_same(&fixture.bucket, "film", &fixture.folder.path().join("film")).await;
    let receipt = fixture.engine.receipt(id).await.unwrap();
    assert_eq!(receipt.endpoint.as_deref(), Some(other.endpoint.as_str()));
    assert_eq!(receipt.resumed, 0);

    proxy.clear();
    proxy.release();
    for _ in 0..1_000 {
        if fixture.reference.uploads(&fixture.bucket).await.is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    fixture.assert_clean().await;
    assert_eq!(fixture.reference.keys(&fixture.bucket, "").await, [] as [&str; 0]);
    assert_eq!(there.uploads(&fixture.bucket).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn by_another_address_of_the_same_server_no_stored_part_is_sent_again() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let (fixture, id) = held(&proxy, server).await;
    fixture.engine.save_connection(form(&fixture)).await.unwrap();
    let detail = fixture.until(id, is_done).await;
    assert_eq!(detail.resumed, 5 * PART);
    proxy.clear();
    proxy.release();
    fixture.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_other_keys_no_stored_part_is_sent_again() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let (fixture, id) = held(&proxy, server).await;
    let same = ConnectionForm { endpoint: Some(proxy.endpoint().into()), ..form(&fixture) };
    // another name is nothing that an upload has to know
    let named = ConnectionForm { name: "Another".into(), ..same.clone() };
    fixture.engine.save_connection(named).await.unwrap();
    assert!(fixture.engine.detail(id).await.unwrap().row.in_flight > 0);
    let secret_access_key = Some(fixture.secret().secret_access_key);
    let typed = ConnectionForm { secret_access_key, ..same };
    fixture.engine.save_connection(typed).await.unwrap();
    let detail = fixture.until(id, is_done).await;
    assert_eq!(detail.resumed, 5 * PART);
    for number in [1, 2, 3, 5, 6] {
        assert_eq!(proxy.count(&When::part(number)), 1, "part {number}");
    }
    assert_eq!(proxy.count(&When::part(4)), 2);
    proxy.release();
    fixture.assert_clean().await;
}
