//! Faults are reported precisely, at once, and with what to do about them.

use crate::fixture::{Fixture, MIB, PART};
use aws_sdk_s3::primitives::{DateTime, DateTimeFormat};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use windlass_engine::{Detail, Fault, FaultKind, NewUpload, Reason, Status};
use windlass_tests::proxy::ServerQuirk;
use windlass_tests::{Act, Proxy, Server, When};

/// A server that answers each request by its head, once it has read the body; nothing else is of S3.
pub(crate) fn answering(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (Ok(stream), answer) = (stream, answer.clone()) else { return };
            std::thread::spawn(move || answer_all(stream, &*answer));
        }
    });
    address
}

/// Ends with the connection.
fn answer_all(mut stream: TcpStream, answer: &dyn Fn(&str) -> String) -> Option<()> {
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).ok()?;
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).ok()?;
        let length = value(&head, "content-length").and_then(|length| length.parse().ok());
        let mut body = Read::by_ref(&mut stream).take(length.unwrap_or(0));
        std::io::copy(&mut body, &mut std::io::sink()).ok()?;
        stream.write_all(answer(&head).as_bytes()).ok()?;
    }
}

pub(crate) fn value<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    let found = lines.into_iter().find(|(have, _)| have.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.trim())
}

pub(crate) fn error(status: u16, code: &str, more: &str) -> String {
    let body = format!("<Error><Code>{code}</Code><Message>no</Message></Error>");
    let length = body.len();
    format!(
        "HTTP/1.1 {status} No\r\n{more}content-type: application/xml\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

/// The fault of one upload to this address; nobody else is there.
async fn fault_at(address: &str, size: u64) -> Fault {
    let fixture = Fixture::on(Server::practice().await).await;
    goes_to(&fixture, address);
    fault_of(&fixture, size).await
}

pub(crate) fn goes_to(fixture: &Fixture, address: &str) {
    let mut connection = fixture.connection();
    connection.endpoint = Some(address.into());
    fixture.engine.set_session_connection(connection, fixture.secret()).unwrap();
}

async fn fault_of(fixture: &Fixture, size: u64) -> Fault {
    let path = fixture.file("f", 1, size);
    let id = fixture.queue(&path, "k").await;
    let failed = |detail: &Detail| detail.row.status == Status::Failed;
    fixture.until_whatever(id, failed).await.row.fault.unwrap()
}

async fn behind_proxy() -> (Fixture, Proxy) {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    (Fixture::by_way_of(server, proxy.endpoint()).await, proxy)
}

/// Accepts what is signed by a clock that is so many seconds ahead of this computer's, and no other.
fn with_a_clock_ahead(seconds: u64) -> String {
    answering(move |head| {
        let there = DateTime::from(SystemTime::now() + Duration::from_secs(seconds));
        let date = format!("date: {}\r\n", there.fmt(DateTimeFormat::HttpDate).unwrap());
        // 20261127T101112Z
        let signed = value(head, "x-amz-date").unwrap();
        let signed = format!(
            "{}-{}-{}:{}:{}",
            &signed[..4],
            &signed[4..6],
            &signed[6..11],
            &signed[11..13],
            &signed[13..]
        );
        let signed = DateTime::from_str(&signed, DateTimeFormat::DateTime).unwrap();
        if (signed.secs() - there.secs()).abs() > 300 {
            return error(403, "RequestTimeTooSkewed", &date);
        }
        let sum = value(head, "x-amz-checksum-crc64nvme").unwrap_or_default();
        format!(
            "HTTP/1.1 200 OK\r\n{date}etag: \"1\"\r\nx-amz-checksum-crc64nvme: {sum}\r\n\
             content-length: 0\r\n\r\n"
        )
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_wrong_is_measured_and_signed_by_the_servers() {
    let fixture = Fixture::on(Server::practice().await).await;
    goes_to(&fixture, &with_a_clock_ahead(7200));
    let path = fixture.file("f", 1, 1000);
    let id = fixture.queue(&path, "k").await;
    let detail = fixture.ended(id).await;
    assert_eq!(
        (detail.row.status, detail.retries),
        (Status::Done, 1),
        "{:?} {:?}",
        detail.row.fault,
        detail.history
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_stays_refused_is_told_with_its_difference() {
    let date = "date: Wed, 21 Oct 2015 07:28:00 GMT\r\n";
    let fault = fault_at(&answering(|_| error(403, "RequestTimeTooSkewed", date)), 1000).await;
    let Some(Reason::Clock { seconds, .. }) = fault.reason.get() else { panic!("{fault}") };
    assert!(fault.kind == FaultKind::Clock && *seconds > 300_000_000, "{fault}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_refusal_of_a_right_clock_is_no_reason_to_stop() {
    let (fixture, proxy) = behind_proxy().await;
    for when in [When::create(), When::part(2), When::complete(), When::put_object()] {
        proxy.on(when, 1, Act::answer(403, "RequestTimeTooSkewed"));
    }
    fixture.hauled(&fixture.file("large", 1, 3 * PART), "large").await;
    fixture.hauled(&fixture.file("small", 2, 1000), "small").await;
}

/// As nginx answers what is above its client_max_body_size.
#[tokio::test(flavor = "multi_thread")]
async fn a_limit_on_the_way_is_met_with_smaller_parts() {
    let (fixture, proxy) = behind_proxy().await;
    proxy.on(When::any_part(), 1, Act::Page { status: 413 });
    let path = fixture.file("f", 1, 40 * MIB);
    let upload = NewUpload { part_size: Some(20 * MIB), ..fixture.upload(&path, "k") };
    let id = fixture.engine.queue(vec![upload]).await.unwrap()[0];
    let detail = fixture.ended(id).await;
    assert_eq!((detail.row.status, detail.part_size), (Status::Done, Some(10 * MIB)));
    fixture.reference.assert_same(&fixture.bucket, "k", &path).await;
    fixture.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_below_the_smallest_part_is_said_and_leaves_nothing() {
    let (fixture, proxy) = behind_proxy().await;
    proxy.on(When::any_part(), usize::MAX, Act::Page { status: 413 });
    proxy.on(When::put_object(), usize::MAX, Act::Page { status: 413 });
    let fault = fault_of(&fixture, 3 * PART).await;
    assert_eq!((fault.kind, fault.status), (FaultKind::Unsupported, Some(413)));
    assert!(matches!(fault.reason.get(), Some(Reason::TooLargeForIt { .. })), "{fault}");
    fixture.assert_clean().await;
    let fault = fault_of(&fixture, 1000).await;
    assert!(matches!(fault.reason.get(), Some(Reason::TooLargeForIt { .. })), "{fault}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_store_is_said_to_be_full_at_once() {
    for (status, code) in [
        (507, "XMinioStorageFull"),
        (507, "InsufficientStorage"),
        (403, "QuotaExceeded"),
        (400, "XMinioAdminBucketQuotaExceeded"),
    ] {
        let (fixture, proxy) = behind_proxy().await;
        proxy.on(When::any_part(), usize::MAX, Act::answer(status, code));
        let fault = fault_of(&fixture, 3 * PART).await;
        assert!(matches!(fault.reason.get(), Some(Reason::StoreFull { .. })), "{code}: {fault}");
        assert_eq!(fault.kind, FaultKind::Unsupported, "{code}");
        fixture.assert_clean().await;
    }
    let (fixture, proxy) = behind_proxy().await;
    proxy.on(When::put_object(), usize::MAX, Act::Page { status: 507 });
    let fault = fault_of(&fixture, 1000).await;
    assert!(matches!(fault.reason.get(), Some(Reason::StoreFull { .. })), "{fault}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_keeps_failing_is_told_while_it_is_tried() {
    let (fixture, proxy) = behind_proxy().await;
    proxy.on(When::any_part(), usize::MAX, Act::answer(500, "InternalError"));
    let id = fixture.queue(&fixture.file("f", 1, 3 * PART), "k").await;
    let reported = |detail: &Detail| {
        let waits = detail.row.waits.as_ref().map(ToString::to_string);
        detail.row.parts_in_flight > 0 && waits.is_some_and(|waits| waits.contains("InternalError"))
    };
    fixture.until(id, reported).await;
    proxy.clear();
    fixture.until(id, |detail| detail.row.status == Status::Done).await;
}

/// Answers once it has so much of a request and, as nginx does, reads on for as long as it is sent.
fn impatient(after: u64) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            std::thread::spawn(move || {
                let mut read = Read::by_ref(&mut stream).take(after);
                std::io::copy(&mut read, &mut std::io::sink()).ok()?;
                let words = error(400, "EntityTooLarge", "connection: close\r\n");
                stream.write_all(words.as_bytes()).ok()?;
                stream.shutdown(std::net::Shutdown::Write).ok()?;
                std::io::copy(&mut stream, &mut std::io::sink()).ok()
            });
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_before_the_body_is_heard_in_its_own_words() {
    // one that closes at once resets the connection, and its answer with it where the bytes were faster
    for size in [4 * MIB, 6 * PART] {
        let fault = fault_at(&impatient(300), size).await;
        assert_eq!(fault.code.as_deref(), Some("EntityTooLarge"), "{fault}");
    }
}

/// 301 with the region's name, as S3 answers; then the request in that region.
#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_in_another_region_is_followed_there() {
    let address = answering(|head| {
        let region = "x-amz-bucket-region: eu-west-9\r\n";
        if !value(head, "authorization").unwrap_or_default().contains("/eu-west-9/s3/") {
            return error(301, "PermanentRedirect", region);
        }
        let sum = value(head, "x-amz-checksum-crc64nvme").unwrap_or_default();
        format!(
            "HTTP/1.1 200 OK\r\netag: \"1\"\r\nx-amz-checksum-crc64nvme: {sum}\r\n\
             content-length: 0\r\n\r\n"
        )
    });
    let fixture = Fixture::on(Server::practice().await).await;
    goes_to(&fixture, &address);
    for key in ["first", "second"] {
        let id = fixture.queue(&fixture.file(key, 1, 1000), key).await;
        let row = fixture.ended(id).await.row;
        assert_eq!(row.status, Status::Done, "{:?}", row.fault);
    }
}

/// What cannot be followed is said after one request more, and not tried for ever.
#[tokio::test(flavor = "multi_thread")]
async fn a_region_that_cannot_be_followed_is_named_after_a_request_or_two() {
    let refusals = [
        error(301, "PermanentRedirect", "x-amz-bucket-region: eu-west-9\r\n"),
        "HTTP/1.1 301 No\r\nx-amz-bucket-region: eu-west-9\r\ncontent-length: 0\r\n\r\n".into(),
        "HTTP/1.1 400 No\r\ncontent-type: application/xml\r\ncontent-length: 117\r\n\r\n<Error>\
         <Code>AuthorizationHeaderMalformed</Code><Message>the region is wrong</Message>\
         <Region>eu-west-9</Region></Error>      "
            .into(),
    ];
    for refusal in refusals {
        let requests = Arc::new(std::sync::atomic::AtomicU32::new(0));
        let count = requests.clone();
        let address = answering(move |_| {
            count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            refusal.clone()
        });
        let fault = fault_at(&address, 3 * PART).await;
        assert_eq!(fault.kind, FaultKind::WrongPlace, "{fault}");
        assert!(fault.detail.contains("eu-west-9"), "{fault}");
        let requests = requests.load(std::sync::atomic::Ordering::Relaxed);
        assert!(requests <= 3, "{requests} requests");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_express_session_that_is_refused_is_said_in_the_server_s_words() {
    let fault = {
        let fixture = Fixture::on(Server::practice().await).await;
        goes_to(&fixture, &answering(|_| error(403, "AccessDenied", "")));
        let fixture = Fixture { bucket: "logs--use1-az4--x-s3".into(), ..fixture };
        fault_of(&fixture, 1000).await
    };
    assert_eq!(fault.code.as_deref(), Some("AccessDenied"), "{fault}");
    assert_eq!(fault.kind, FaultKind::Denied, "{fault}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_can_be_none_is_refused_at_once() {
    for address in ["http://127.0.0.1:99999", "http://127.0.0.1:9000?x=1", "http://127.0.0.1:9/#a"]
    {
        let fault = fault_at(address, 1000).await;
        assert!(matches!(fault.reason.get(), Some(Reason::NoAddress { .. })), "{address}: {fault}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_does_not_resolve_is_called_so() {
    let fixture = Fixture::patient_for(Server::practice().await, Duration::from_secs(1)).await;
    goes_to(&fixture, "http://nobody-has-this-name.invalid");
    let fault = fault_of(&fixture, 1000).await;
    assert!(matches!(fault.reason.get(), Some(Reason::NoSuchHost { .. })), "{fault}");
}

/// Answers of 200 in which the words come after white space, or there are none.
#[tokio::test(flavor = "multi_thread")]
async fn answers_with_white_space_or_nothing_in_them_leave_nothing_behind() {
    for quirk in [ServerQuirk::Spaced, ServerQuirk::Blank] {
        let (fixture, proxy) = behind_proxy().await;
        proxy.plays(When::create(), quirk.clone());
        proxy.plays(When::complete(), quirk);
        let path = fixture.file("f", 1, 3 * PART);
        let detail = fixture.hauled(&path, "k").await;
        assert_eq!(detail.sent, detail.row.size, "nothing was sent twice");
        assert_eq!((proxy.count(&When::create()), proxy.count(&When::complete())), (1, 1));
    }
}
