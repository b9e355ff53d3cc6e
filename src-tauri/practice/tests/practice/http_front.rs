//! Authentication, and how the store starts and stops.

use std::time::Duration;

use aws_sdk_s3::presigning::PresigningConfig;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use windlass_practice::{Keys, Place, PracticeStore};

use crate::fixture::{BUCKET, Fixture, MIB, Refused, bytes, client, client_with, defaults, fault};

/// One request in so many words; the whole answer.
async fn said(store: &PracticeStore, request: &str) -> String {
    let address = store.endpoint().strip_prefix("http://").unwrap();
    let mut socket = TcpStream::connect(address).await.unwrap();
    let request = request.replace("HOST", address);
    socket.write_all(format!("{request}\r\nconnection: close\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn wrong_keys() {
    let fixture = Fixture::new().await;
    let right = fixture.store.keys();
    let with = |id: &str, secret: &str| {
        let keys = Keys { access_key_id: id.to_owned(), secret_access_key: secret.to_owned() };
        client_with(fixture.store.endpoint(), &keys, "us-east-1")
    };
    // larger than any buffer on the way: the answer arrives although nobody wanted the body
    let put = |s3: aws_sdk_s3::Client| {
        s3.put_object().bucket(BUCKET).key("k").body(bytes(16 * MIB, 1).into()).send()
    };
    let unknown = put(with("NOBODY", &right.secret_access_key)).await;
    assert_eq!(unknown.refused(), fault("InvalidAccessKeyId", 403));
    let wrong = put(with(&right.access_key_id, "wrong")).await;
    assert_eq!(wrong.refused(), fault("SignatureDoesNotMatch", 403));
    let wrong = put(defaults(&with(&right.access_key_id, "wrong"))).await;
    assert_eq!(wrong.refused(), fault("SignatureDoesNotMatch", 403));
    assert_eq!(fixture.files(), 0);
}

#[tokio::test]
async fn nobody_comes_in_without_keys() {
    let fixture = Fixture::new().await;
    fixture.put("k", b"x".to_vec()).await;
    let answer = said(&fixture.store, &format!("GET /{BUCKET}/k HTTP/1.1\r\nhost: HOST")).await;
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    assert!(answer.contains("<Code>AccessDenied</Code>"), "{answer}");
    assert!(answer.contains("x-amz-request-id: "), "{answer}");
}

#[tokio::test]
async fn a_clock_that_is_wrong() {
    let fixture = Fixture::new().await;
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={}/20200101/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-date, \
         Signature={}",
        fixture.store.keys().access_key_id,
        "0".repeat(64)
    );
    let request = format!(
        "GET /{BUCKET} HTTP/1.1\r\nhost: HOST\r\nx-amz-date: 20200101T000000Z\r\nx-amz-content-sha256: \
         UNSIGNED-PAYLOAD\r\nauthorization: {authorization}"
    );
    let answer = said(&fixture.store, &request).await;
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    assert!(answer.contains("<Code>RequestTimeTooSkewed</Code>"), "{answer}");
}

#[tokio::test]
async fn another_region_is_refused_and_the_right_one_named() {
    let fixture = Fixture::new().await;
    let s3 = client_with(fixture.store.endpoint(), fixture.store.keys(), "eu-central-1");
    let list = s3.list_objects_v2().bucket(BUCKET).send().await;
    let body = String::from_utf8(
        list.as_ref().unwrap_err().raw_response().unwrap().body().bytes().unwrap().to_vec(),
    );
    assert!(body.unwrap().contains("<Region>us-east-1</Region>"));
    assert_eq!(list.refused(), fault("AuthorizationHeaderMalformed", 400));

    let expires = PresigningConfig::expires_in(Duration::from_secs(60)).unwrap();
    let presigned = s3.get_object().bucket(BUCKET).key("k").presigned(expires).await.unwrap();
    let target = presigned.uri().strip_prefix(fixture.store.endpoint()).unwrap();
    let answer = said(&fixture.store, &format!("GET {target} HTTP/1.1\r\nhost: HOST")).await;
    assert!(answer.contains("<Code>AuthorizationQueryParametersError</Code>"), "{answer}");
}

#[tokio::test]
async fn hosts_that_stand_for_the_store() {
    let fixture = Fixture::new().await;
    fixture.put("k", b"x".to_vec()).await;
    let port = fixture.store.endpoint().rsplit_once(':').unwrap().1;
    let named = client_with(&format!("http://localhost:{port}"), fixture.store.keys(), "us-east-1");
    named.head_object().bucket(BUCKET).key("k").send().await.unwrap();
    // as when a proxy with a port of its own is between
    let answer =
        said(&fixture.store, &format!("GET /{BUCKET}/k HTTP/1.1\r\nhost: localhost:1")).await;
    assert!(answer.contains("<Code>AccessDenied</Code>"), "{answer}");
}

#[tokio::test]
async fn a_port_that_is_taken() {
    let fixture = Fixture::new().await;
    let port = fixture.store.endpoint().rsplit_once(':').unwrap().1.parse().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let place = Place { folder: folder.path().to_owned(), port, keys: Keys::generate() };
    let other = PracticeStore::start(place).await.unwrap();
    assert_ne!(other.endpoint(), fixture.store.endpoint());
    client(&other).list_buckets().send().await.unwrap();
}

#[tokio::test]
async fn stopping_lets_a_request_finish_and_frees_the_port() {
    let fixture = Fixture::new().await;
    let Fixture { folder, store, s3 } = fixture;
    let port = store.endpoint().rsplit_once(':').unwrap().1.parse().unwrap();
    let sending =
        tokio::spawn(s3.put_object().bucket(BUCKET).key("k").body(bytes(8 * MIB, 1).into()).send());
    let bytes_folder = folder.path().join(format!("bucket-{BUCKET}/bytes"));
    while std::fs::read_dir(&bytes_folder).unwrap().count() == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let keys = store.keys().clone();
    store.stop().await;
    sending.await.unwrap().unwrap();
    assert!(s3.list_buckets().send().await.is_err());
    let place = Place { folder: folder.path().to_owned(), port, keys };
    let store = PracticeStore::start(place).await.unwrap();
    assert!(store.endpoint().ends_with(&format!(":{port}")));
}

#[test]
fn a_secret_is_not_shown() {
    let keys = Keys::generate();
    let place = Place { folder: "x".into(), port: 0, keys: keys.clone() };
    assert!(!format!("{place:?}").contains(&keys.secret_access_key));
    assert!(format!("{place:?}").contains(&keys.access_key_id));
    assert_ne!(Keys::generate().secret_access_key, keys.secret_access_key);
    assert_eq!((keys.access_key_id.len(), keys.secret_access_key.len()), (20, 40));
}

/// s3s would read it into memory, to find who sends it.
#[tokio::test]
async fn a_form_is_refused_before_its_body_is_read() {
    let fixture = Fixture::new().await;
    for kind in ["multipart/form-data; boundary=b", "Multipart/Form-Data;boundary=b"] {
        let address = fixture.store.endpoint().strip_prefix("http://").unwrap();
        let mut socket = TcpStream::connect(address).await.unwrap();
        let head = format!(
            "POST /{BUCKET} HTTP/1.1\r\nhost: {address}\r\ncontent-type: {kind}\r\ncontent-length: 209715200\r\n\r\n"
        );
        // nothing of the body is sent: whoever waits for it never answers
        socket.write_all(head.as_bytes()).await.unwrap();
        let mut answer = vec![0; 4096];
        let read = tokio::time::timeout(Duration::from_secs(20), socket.read(&mut answer)).await;
        let answer =
            String::from_utf8_lossy(&answer[..read.expect("an answer").unwrap()]).into_owned();
        assert!(answer.starts_with("HTTP/1.1 501"), "{kind}: {answer}");
        assert!(answer.contains("<Code>NotImplemented</Code>"), "{kind}: {answer}");
    }
    assert_eq!(fixture.files(), 0);
}
