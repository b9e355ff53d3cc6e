//! Bad input: a clear fault each, and nothing left behind.

use crate::fixture::{Fixture, PART};
use std::net::TcpListener;
use windlass_engine::{
    Detail, Engine, EngineConfig, FaultKind, NewUpload, Secret, Settings, Sign, Status,
};
use windlass_tests::{Act, Proxy, Server, When};

async fn failed(fixture: &Fixture, upload: NewUpload) -> Detail {
    let id = fixture.engine.queue(vec![upload]).await.unwrap()[0];
    let detail = fixture.ended(id).await;
    assert_eq!(detail.row.status, Status::Failed);
    fixture.assert_clean().await;
    detail
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_none() {
    let fixture = Fixture::on(Server::practice().await).await;
    let missing = fixture.folder.path().join("missing");
    let refused = fixture.engine.queue(vec![fixture.upload(&missing, "k")]).await.unwrap_err();
    assert_eq!(refused.kind, FaultKind::SourceMissing);
    assert!(refused.detail.contains("not found"), "{refused}");
    let refused =
        fixture.engine.queue(vec![fixture.upload(fixture.folder.path(), "k")]).await.unwrap_err();
    assert!(refused.detail.contains("folder"), "{refused}");

    // queued behind another, and gone before its turn
    let proxy = Proxy::to(&fixture.server.endpoint);
    proxy.on(When::put_object(), 1, Act::Hold);
    let mut connection = fixture.connection();
    connection.endpoint = Some(proxy.endpoint().into());
    fixture.engine.set_session_connection(connection, fixture.secret()).unwrap();
    let one = Settings { uploads_at_once: 1, connections: Some(1), ..fixture.engine.settings() };
    fixture.engine.save_settings(one).unwrap();
    let first = fixture.queue(&fixture.file("first", 1, 10), "first").await;
    proxy.until_held(1).await;
    let path = fixture.file("soon-gone", 1, 3 * PART);
    let second = fixture.queue(&path, "second").await;
    std::fs::remove_file(&path).unwrap();
    proxy.release();
    assert_eq!(fixture.ended(first).await.row.status, Status::Done);
    assert_eq!(fixture.ended(second).await.row.fault.unwrap().kind, FaultKind::SourceMissing);
    fixture.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_s3_does_not_take() {
    let fixture = Fixture::on(Server::practice().await).await;
    let path = fixture.file("f", 1, 10);
    for key in [String::new(), "k".repeat(1025), "ü".repeat(513)] {
        let refused = fixture.engine.queue(vec![fixture.upload(&path, &key)]).await.unwrap_err();
        assert_eq!(refused.kind, FaultKind::Unsupported, "{} bytes", key.len());
    }
    fixture.hauled(&path, &"k".repeat(1024)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_is_not_there() {
    for server in Server::all().await {
        let fixture = Fixture::on(server).await;
        for size in [10, 3 * PART] {
            let path = fixture.file("f", 1, size);
            let mut upload = fixture.upload(&path, "k");
            upload.target.bucket = "nobody-made-this-bucket".into();
            let fault = failed(&fixture, upload).await.row.fault.unwrap();
            assert_eq!(
                (fault.kind, fault.code.as_deref()),
                (FaultKind::WrongPlace, Some("NoSuchBucket"))
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_are_wrong() {
    // LocalStack does not check signatures
    for server in [Server::practice().await, Server::ceph().await] {
        let fixture = Fixture::on(server).await;
        let path = fixture.file("f", 1, 3 * PART);
        let wrong = Secret { secret_access_key: "wrong".into(), session_token: None };
        fixture.engine.set_session_connection(fixture.connection(), wrong).unwrap();
        let fault = failed(&fixture, fixture.upload(&path, "k")).await.row.fault.unwrap();
        assert_eq!((fault.kind, fault.status), (FaultKind::Credentials, Some(403)), "{fault}");

        let mut nobody = fixture.connection();
        nobody.sign = Sign::Keys { access_key_id: "NOBODYSKEY".into() };
        fixture.engine.set_session_connection(nobody, fixture.secret()).unwrap();
        let fault = failed(&fixture, fixture.upload(&path, "k")).await.row.fault.unwrap();
        assert_eq!(fault.kind, FaultKind::Credentials, "{fault}");
    }
}

/// A web server that knows nothing of S3.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_s3() {
    use std::io::{Read, Write};
    for answer in ["200 OK", "404 Not Found"] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let _ = stream.read(&mut [0; 4096]);
                let page = "<html><body>Welcome to nginx!</body></html>";
                let head = format!(
                    "HTTP/1.1 {answer}\r\ncontent-type: text/html\r\nconnection: close\r\n"
                );
                let _ = stream.write_all(
                    format!("{head}content-length: {}\r\n\r\n{page}", page.len()).as_bytes(),
                );
            }
        });
        let fixture = Fixture::on(Server::practice().await).await;
        let mut connection = fixture.connection();
        connection.endpoint = Some(address);
        fixture.engine.set_session_connection(connection, fixture.secret()).unwrap();
        let path = fixture.file("f", 1, 3 * PART);
        let fault = failed(&fixture, fixture.upload(&path, "k")).await.row.fault.unwrap();
        assert_eq!(fault.kind, FaultKind::WrongPlace, "{answer}: {fault}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_nobody_reaches_ends_in_words_where_patience_is_bounded() {
    let folder = windlass_tests::place::scratch();
    let fixture = Fixture::on(Server::practice().await).await;
    let patience = Some(std::time::Duration::from_secs(1));
    let engine = Engine::open(&EngineConfig { folder: folder.path().into(), patience }).unwrap();
    let mut connection = fixture.connection();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    connection.endpoint = Some(format!("http://{free}"));
    engine.set_session_connection(connection, fixture.secret()).unwrap();
    engine.start();
    let path = fixture.file("f", 1, 10);
    let fixture = Fixture { engine, ..fixture };
    let id = fixture.queue(&path, "k").await;
    let fault = fixture.ended(id).await.row.fault.unwrap();
    assert_eq!(fault.kind, FaultKind::Offline, "{fault}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_engine_a_folder() {
    let fixture = Fixture::on(Server::practice().await).await;
    let second =
        Engine::open(&EngineConfig { folder: fixture.folder.path().join("state"), patience: None });
    let Err(fault) = second else { panic!("two engines over one journal") };
    assert_eq!(fault.kind, FaultKind::Storage);
    assert!(fault.detail.contains("another Windlass"), "{fault}");
}

/// No secret in anything the engine writes.
#[tokio::test(flavor = "multi_thread")]
async fn secrets_are_nowhere_on_the_disk() {
    let fixture = Fixture::on(Server::practice().await).await;
    let path = fixture.file("f", 1, 2 * PART);
    fixture.hauled(&path, "k").await;
    fixture.engine.close().await;
    let secret = &fixture.server.secret_access_key;
    for entry in std::fs::read_dir(fixture.folder.path().join("state")).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()));
    }
}
