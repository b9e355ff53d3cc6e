//! The proxy in front of a server that echoes requests.

mod server_quirks;

use super::{
    http::{Body, Head, Pass},
    *,
};
use crate::files;
use tokio::{
    io::{AsyncWriteExt, BufReader},
    time::timeout,
};

const SHORT: Duration = Duration::from_millis(300);

/// Answers each request with its own bytes, head and body; to `/chunked` in chunks. Reports what it read.
async fn echo() -> (String, tokio::sync::mpsc::UnboundedReceiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let (report, reports) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let report = report.clone();
            tokio::spawn(async move {
                let (read, mut write) = stream.into_split();
                let mut read = BufReader::new(read);
                while let Ok(Some(head)) = Head::read(&mut read).await {
                    let mut got = head.raw.clone();
                    let whole =
                        Pass::default().body(head.request_body(), &mut read, &mut got).await;
                    let _ = report.send(got.clone());
                    if whole.is_err() {
                        return;
                    }
                    let answer = if head.first_line.contains("/chunked") {
                        let mut answer =
                            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
                        for chunk in got.chunks(1000) {
                            answer.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
                            answer.extend(chunk);
                            answer.extend(b"\r\n");
                        }
                        answer.extend(b"0\r\nx-sum: 1\r\n\r\n");
                        answer
                    } else {
                        let mut answer =
                            format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", got.len())
                                .into_bytes();
                        if !head.first_line.starts_with("HEAD") {
                            answer.extend(&got);
                        }
                        answer
                    };
                    write.write_all(&answer).await.unwrap();
                }
            });
        }
    });
    (endpoint, reports)
}

/// A client that has nothing of an HTTP library in it.
struct Client(BufReader<TcpStream>);

impl Client {
    async fn to(proxy: &Proxy) -> Client {
        let address = proxy.endpoint().trim_start_matches("http://");
        Client(BufReader::new(TcpStream::connect(address).await.unwrap()))
    }

    async fn ask(&mut self, request: &[u8]) -> std::io::Result<(Head, Vec<u8>)> {
        self.0.get_mut().write_all(request).await?;
        let head = Head::read(&mut self.0).await?.ok_or(std::io::ErrorKind::UnexpectedEof)?;
        let method = if request.starts_with(b"HEAD") { "HEAD" } else { "" };
        let mut body = Vec::new();
        Pass::default().body(head.response_body(method), &mut self.0, &mut body).await?;
        Ok((head, body))
    }
}

fn put(query: &str, size: usize) -> Vec<u8> {
    let head = format!(
        "PUT /b/k{query} HTTP/1.1\r\nHost: 127.0.0.1:9\r\nx-Odd-CASE:  kept \r\nContent-Length: {size}\r\n\r\n"
    );
    let mut request = head.into_bytes();
    request.extend(files::bytes(1, size));
    request
}

#[tokio::test]
async fn bytes_pass_unchanged_on_one_connection() {
    let (endpoint, _reports) = echo().await;
    let proxy = Proxy::to(&endpoint);
    let mut client = Client::to(&proxy).await;
    for size in [0, 1, 300_000] {
        let request = put("?partNumber=1&uploadId=u", size);
        let (head, body) = client.ask(&request).await.unwrap();
        assert_eq!(head.status(), 200);
        assert!(body == request, "{size}");
    }
    let request = b"HEAD /b/k HTTP/1.1\r\nHost: h\r\n\r\n";
    let (head, body) = client.ask(request).await.unwrap();
    assert_eq!((head.response_body("GET"), body.len()), (Body::Length(request.len() as u64), 0));
    // the client may have its answer before the proxy has noted so
    proxy.until(|seen| seen.iter().all(|s| s.passed)).await;
    let seen = proxy.seen();
    assert_eq!(seen.iter().map(|s| s.body_bytes).collect::<Vec<_>>(), [0, 1, 300_000, 0]);
    assert!(seen.iter().all(|s| s.status == Some(200) && !s.hit));
    assert_eq!(proxy.body_bytes(&When::part(1)), 300_001);
}

#[tokio::test]
async fn chunks_pass_unchanged_both_ways() {
    let (endpoint, _reports) = echo().await;
    let proxy = Proxy::to(&endpoint);
    let mut client = Client::to(&proxy).await;
    let request = b"POST /chunked HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nx-t: 1\r\n\r\n";
    for _ in 0..2 {
        let (_, body) = client.ask(request).await.unwrap();
        let text = String::from_utf8(body).unwrap();
        let chunk = format!(
            "{:x}\r\n{}\r\n0\r\nx-sum: 1\r\n\r\n",
            request.len(),
            std::str::from_utf8(request).unwrap()
        );
        assert_eq!(text, chunk);
    }
    assert_eq!(proxy.seen()[0].body_bytes, 5);
}

#[tokio::test]
async fn a_rule_fires_exactly_as_often_as_it_says() {
    let (endpoint, _reports) = echo().await;
    let proxy = Proxy::to(&endpoint);
    proxy.on(When::part(3), 2, Act::slow_down(Some(7)));
    let mut client = Client::to(&proxy).await;
    let mut statuses = Vec::new();
    for number in [3, 4, 3, 3] {
        let (head, body) = client.ask(&put(&format!("?partNumber={number}"), 100)).await.unwrap();
        if head.status() == 503 {
            assert_eq!(head.header("retry-after"), Some("7"));
            assert!(String::from_utf8(body).unwrap().contains("<Code>SlowDown</Code>"));
        }
        statuses.push(head.status());
    }
    assert_eq!(statuses, [503, 200, 503, 200]);
    assert_eq!(proxy.count(&When::part(3)), 3);
    assert_eq!(proxy.seen().iter().filter(|s| s.hit).count(), 2);
}

#[tokio::test]
async fn a_connection_ends_in_the_middle_of_a_body() {
    let (endpoint, mut reports) = echo().await;
    let proxy = Proxy::to(&endpoint);
    proxy.on(When::any(), 1, Act::CloseAfter(1234));
    let request = put("", 5000);
    assert!(Client::to(&proxy).await.ask(&request).await.is_err());
    let got = reports.recv().await.unwrap();
    assert_eq!(got.len(), request.len() - 5000 + 1234);
    assert!(Client::to(&proxy).await.ask(&request).await.is_ok());
}

#[tokio::test]
async fn a_connection_that_stands_still_says_nothing() {
    let (endpoint, _reports) = echo().await;
    let proxy = Proxy::to(&endpoint);
    proxy.on(When::any(), 1, Act::StallAfter(10));
    let mut client = Client::to(&proxy).await;
    assert!(timeout(SHORT, client.ask(&put("", 5000))).await.is_err());
    assert_eq!(proxy.seen()[0].body_bytes, 10);
}

#[tokio::test]
async fn an_answer_is_lost_and_the_request_is_not() {
    let (endpoint, mut reports) = echo().await;
    let proxy = Proxy::to(&endpoint);
    proxy.on(When::any(), 1, Act::DropAnswer);
    let request = put("", 5000);
    assert!(Client::to(&proxy).await.ask(&request).await.is_err());
    assert!(reports.recv().await.unwrap() == request);
}

#[tokio::test]
async fn a_held_request_goes_on_when_released() {
    let (endpoint, mut reports) = echo().await;
    let proxy = Proxy::to(&endpoint);
    proxy.on(When::any(), 1, Act::Hold);
    let mut client = Client::to(&proxy).await;
    let request = put("", 5000);
    let (answer, ()) = tokio::join!(client.ask(&request), async {
        proxy.until_held(1).await;
        assert!(reports.try_recv().is_err());
        proxy.release();
    });
    assert!(answer.unwrap().1 == request);
}

#[tokio::test]
async fn a_held_answer_is_kept_whole_until_released() {
    let (endpoint, mut reports) = echo().await;
    let proxy = Proxy::to(&endpoint);
    proxy.on(When::any(), 1, Act::HoldAnswer);
    let mut client = Client::to(&proxy).await;
    let request = put("", 5000);
    {
        let ask = client.ask(&request);
        tokio::pin!(ask);
        tokio::select! {
            _ = &mut ask => panic!("the answer was not kept"),
            () = proxy.until_held(1) => {}
        }
        assert!(reports.recv().await.unwrap() == request, "the server has all of it");
        assert!((proxy.seen()[0].status, proxy.seen()[0].passed) == (Some(200), false));
        assert!(timeout(SHORT, &mut ask).await.is_err());
        proxy.release();
        assert!(ask.await.unwrap().1 == request);
    }
    proxy.until(|seen| seen[0].passed).await;
    assert!(client.ask(&request).await.unwrap().1 == request, "the connection goes on");
}

#[tokio::test]
async fn a_late_answer_is_of_a_request_that_was_not() {
    let (endpoint, mut reports) = echo().await;
    let proxy = Proxy::to(&endpoint);
    proxy.on(When::any(), 1, Act::LateAnswer(SHORT));
    let (mut client, request) = (Client::to(&proxy).await, put("", 5000));
    let start = tokio::time::Instant::now();
    let asked = async { (client.ask(&request).await.unwrap().1, start.elapsed()) };
    let served = async { (reports.recv().await.unwrap(), start.elapsed()) };
    let ((answer, answered_at), (got, served_at)) = tokio::join!(asked, served);
    assert!(answer == request && got == request);
    assert!(answered_at >= SHORT && served_at < answered_at, "{served_at:?} {answered_at:?}");
}

#[tokio::test]
async fn an_answer_is_cut_in_its_body() {
    let (endpoint, _reports) = echo().await;
    let proxy = Proxy::to(&endpoint);
    proxy.on(When::any(), 1, Act::CutAnswer(100));
    let mut client = Client::to(&proxy).await;
    let request = put("", 5000);
    client.0.get_mut().write_all(&request).await.unwrap();
    let head = Head::read(&mut client.0).await.unwrap().unwrap();
    assert_eq!(head.response_body("PUT"), Body::Length(request.len() as u64));
    let mut rest = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(&mut client.0, &mut rest).await.unwrap();
    assert!(rest == request[..100], "{} bytes of the body", rest.len());
    assert!(!proxy.seen()[0].passed);
}

#[tokio::test]
async fn a_page_stands_in_for_the_server() {
    let (endpoint, mut reports) = echo().await;
    let proxy = Proxy::to(&endpoint);
    let mut client = Client::to(&proxy).await;
    for status in [200, 302, 502] {
        proxy.on(When::any(), 2, Act::Page { status });
        let (head, body) = client.ask(&put("", 500)).await.unwrap();
        assert_eq!((head.status(), head.header("content-type")), (status, Some("text/html")));
        assert_eq!(head.header("location").is_some(), status == 302);
        assert!(body.starts_with(b"<!DOCTYPE html>"));
        let (head, body) = client.ask(b"HEAD /b/k HTTP/1.1\r\nHost: h\r\n\r\n").await.unwrap();
        assert_eq!((head.status(), body.len()), (status, 0));
    }
    assert!(reports.try_recv().is_err(), "nothing of it reached the server");
}

#[tokio::test]
async fn a_rule_falls_on_what_carries_a_header() {
    let (endpoint, _reports) = echo().await;
    let proxy = Proxy::to(&endpoint);
    let mut client = Client::to(&proxy).await;
    for (name, fits) in [("X-ODD-case", true), ("x-od*", true), ("x-odd", false), ("x-o", false)] {
        proxy.on(When::any_part().header(name), 1, Act::answer(400, "InvalidRequest"));
        let (head, _) = client.ask(&put("?partNumber=1", 10)).await.unwrap();
        assert_eq!(head.status() == 400, fits, "{name}");
        proxy.clear();
    }
    let seen = &proxy.seen()[0];
    assert_eq!((seen.header("x-odd-case"), seen.header("x-other")), (Some("kept"), None));
    assert_eq!(
        seen.headers.iter().map(|(n, _)| n).collect::<Vec<_>>(),
        ["host", "x-odd-case", "content-length"]
    );
}

#[tokio::test]
async fn an_error_says_what_the_test_wants() {
    let (endpoint, _reports) = echo().await;
    let proxy = Proxy::to(&endpoint);
    proxy.on(When::any(), 1, Act::say(501, "NotImplemented", "no <CRC> & no trailer"));
    let mut client = Client::to(&proxy).await;
    let (head, body) = client.ask(&put("", 10)).await.unwrap();
    let body = String::from_utf8(body).unwrap();
    assert_eq!(head.status(), 501);
    assert!(body.contains("<Code>NotImplemented</Code>"), "{body}");
    assert!(body.contains("<Message>no &lt;CRC> &amp; no trailer</Message>"), "{body}");
    assert_eq!(client.ask(&put("", 10)).await.unwrap().0.status(), 200);
}

#[tokio::test]
async fn the_nth_of_all_is_counted_from_now_on() {
    let (endpoint, _reports) = echo().await;
    let proxy = Proxy::to(&endpoint);
    let mut client = Client::to(&proxy).await;
    client.ask(&put("?partNumber=9", 1)).await.unwrap();
    proxy.on(When::part(1), 1, Act::answer(500, "InternalError"));
    proxy.on_nth(3, Act::answer_retry_after(429, "TooManyRequests", 2));
    let mut statuses = Vec::new();
    for number in 1..=4 {
        let (head, _) = client.ask(&put(&format!("?partNumber={number}"), 1)).await.unwrap();
        assert_eq!(head.header("retry-after").is_some(), number == 3);
        statuses.push(head.status());
    }
    assert_eq!(statuses, [500, 200, 429, 200]);
}

#[tokio::test]
async fn one_bit_is_turned_over() {
    let (endpoint, _reports) = echo().await;
    let proxy = Proxy::to(&endpoint);
    proxy.on(When::any(), 1, Act::Flip(4321));
    let request = put("", 5000);
    let (_, body) = Client::to(&proxy).await.ask(&request).await.unwrap();
    let head = (request.len() - 5000) as u64;
    assert_eq!(files::difference(&body[..], &request[..]), Some(head + 4321));
    assert_eq!(body.iter().zip(&request).filter(|(a, b)| a != b).count(), 1);
}

#[tokio::test]
async fn a_slow_link_takes_its_time() {
    let (endpoint, _reports) = echo().await;
    let proxy = Proxy::to(&endpoint);
    proxy.on(When::any(), 1, Act::Slow(20_000));
    let start = tokio::time::Instant::now();
    Client::to(&proxy).await.ask(&put("", 10_000)).await.unwrap();
    assert!((400..2000).contains(&start.elapsed().as_millis()), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_pulled_plug_refuses_until_it_is_back() {
    let (endpoint, _reports) = echo().await;
    let proxy = Proxy::to(&endpoint);
    let mut client = Client::to(&proxy).await;
    client.ask(&put("", 10)).await.unwrap();
    proxy.unplug();
    assert!(client.ask(&put("", 10)).await.is_err());
    let address = proxy.endpoint().trim_start_matches("http://").to_string();
    let refused = async {
        while TcpStream::connect(&address).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(5), refused).await.unwrap();
    proxy.plug();
    let back = async {
        while TcpStream::connect(&address).await.is_err() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(5), back).await.unwrap();
    assert!(Client::to(&proxy).await.ask(&put("", 10)).await.is_ok());
}
