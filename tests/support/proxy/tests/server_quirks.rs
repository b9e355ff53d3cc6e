//! The servers that the proxy imitates, in front of a server with a fixed response.

use super::*;

type Reports = tokio::sync::mpsc::UnboundedReceiver<Vec<u8>>;

const MD5: &str = "9e107d9d372bb6826bd81d3542a419d6";
const VEIL: &str = "puhgntptjnirrmoimrtohtjlkiqkhptm";

/// Gives this answer to each request; to HEAD without its body. Reports what it read.
async fn server(answer: &str) -> (Proxy, Reports) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = Proxy::to(&format!("http://{}", listener.local_addr().unwrap()));
    let (report, reports) = tokio::sync::mpsc::unbounded_channel();
    let answer = answer.to_string();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (report, answer) = (report.clone(), answer.clone());
            tokio::spawn(async move {
                let (read, mut write) = stream.into_split();
                let mut read = BufReader::new(read);
                while let Ok(Some(head)) = Head::read(&mut read).await {
                    let mut got = head.raw.clone();
                    if Pass::default().body(head.request_body(), &mut read, &mut got).await.is_err()
                    {
                        return;
                    }
                    let end = head_length(answer.as_bytes());
                    let head_only = head.first_line.starts_with("HEAD");
                    let answer = if head_only { &answer[..end] } else { &answer };
                    let _ = report.send(got);
                    write.write_all(answer.as_bytes()).await.unwrap();
                }
            });
        }
    });
    (proxy, reports)
}

fn xml(headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\n{headers}Content-Type: application/xml\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn chunked(headers: &str, body: &str) -> String {
    let (one, two) = body.split_at(body.len() / 2);
    format!(
        "HTTP/1.1 200 OK\r\n{headers}Content-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n\
         {:x}\r\n{one}\r\n{:x};x=y\r\n{two}\r\n0\r\nx-sum: 1\r\n\r\n",
        one.len(),
        two.len()
    )
}

fn request(line: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("{line} HTTP/1.1\r\n{headers}Content-Length: {length}\r\n\r\n{body}").into_bytes()
}

fn head_length(message: &[u8]) -> usize {
    message.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

const COMPLETE: &str = "POST /b/k?uploadId=u";
const PART: &str = "PUT /b/k:1?partNumber=1&uploadId=u";

#[tokio::test]
async fn a_deaf_server_and_its_client_do_not_get_the_header() {
    let (proxy, mut reports) = server(&xml("X-Amz-Checksum-CRC32: a\r\nx-id: 1\r\n", "hi")).await;
    proxy.plays(When::any_part(), ServerQuirk::deaf(&["x-amz-checksum-*", "x-other"]));
    let mut client = Client::to(&proxy).await;
    let mut sent = b"PUT /x-other:1?partNumber=1 HTTP/1.1\r\nx-amz-CHECKSUM-crc32:b\r\n".to_vec();
    sent.extend(
        b"X-Odd : \xff kept\r\nx-Other: c\r\nx-other-one: d\r\nContent-Length: 2\r\n\r\nok",
    );
    let (head, body) = client.ask(&sent).await.unwrap();
    let mut want = b"PUT /x-other:1?partNumber=1 HTTP/1.1\r\n".to_vec();
    want.extend(b"X-Odd : \xff kept\r\nx-other-one: d\r\nContent-Length: 2\r\n\r\nok");
    assert_eq!(
        reports.recv().await.unwrap().escape_ascii().to_string(),
        want.escape_ascii().to_string()
    );
    assert_eq!(text(head.raw), xml("x-id: 1\r\n", "hi").replace("hi", ""));
    assert_eq!(body, b"hi");
    assert_eq!(proxy.seen()[0].header("x-amz-checksum-crc32"), Some("b"), "it was sent");

    let sent = request("PUT /b/k", "x-amz-checksum-crc32: b\r\n", "ok");
    let (head, _) = client.ask(&sent).await.unwrap();
    assert!(reports.recv().await.unwrap() == sent, "another request");
    assert_eq!(head.header("x-amz-checksum-crc32"), Some("a"));
}

#[tokio::test]
async fn a_server_deaf_to_checksums_completes_without() {
    let list = "<R><Part><ChecksumCRC32>AA==</ChecksumCRC32><ETag>e</ETag></Part></R>";
    let (proxy, mut reports) = server(&xml("", list)).await;
    proxy.plays(When::any(), ServerQuirk::deaf_to_checksums());
    let mut client = Client::to(&proxy).await;
    let want = request(COMPLETE, "", &list.replace("<ChecksumCRC32>AA==</ChecksumCRC32>", ""));
    let lengthy = request(COMPLETE, "x-amz-checksum-type: FULL_OBJECT\r\n", list);
    let size = list.len();
    let chunks = format!(
        "{COMPLETE} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n{size:x}\r\n{list}\r\n0\r\n\r\n"
    );
    for sent in [lengthy, chunks.into_bytes()] {
        let (_, body) = client.ask(&sent).await.unwrap();
        assert_eq!(text(reports.recv().await.unwrap()), text(want.clone()));
        assert_eq!(text(body), "<R><Part><ETag>e</ETag></Part></R>");
    }
    let part = request(PART, "", list);
    client.ask(&part).await.unwrap();
    assert!(reports.recv().await.unwrap() == part, "bytes of a file");
    assert_eq!(proxy.seen()[0].body_bytes, (want.len() - head_length(&want)) as u64);
}

#[tokio::test]
async fn a_client_that_asks_before_it_completes_is_told_to_go_on() {
    let (proxy, mut reports) = server(&xml("", "<R/>")).await;
    proxy.plays(When::any(), ServerQuirk::VeiledEtags);
    let mut client = Client::to(&proxy).await;
    let sent = request(COMPLETE, "Expect: 100-continue\r\n", &format!("<ETag>{VEIL}</ETag>"));
    let (head, body) = sent.split_at(head_length(&sent));
    client.0.get_mut().write_all(head).await.unwrap();
    let reported = timeout(Duration::from_secs(5), Head::read(&mut client.0)).await;
    let reported = reported.expect("nothing was said").unwrap().unwrap();
    assert_eq!(reported.status(), 100);
    assert_eq!(text(client.ask(body).await.unwrap().1), "<R/>");
    let want = request(COMPLETE, "", &format!("<ETag>{MD5}</ETag>"));
    assert_eq!(text(reports.recv().await.unwrap()), text(want));
}

#[tokio::test]
async fn a_mute_server_hears_checksums_and_tells_none() {
    let list = "<?xml version=\"1.0\"?>\n<List><ChecksumAlgorithm>CRC32C</ChecksumAlgorithm><Key>Checksum</Key>\
                <ChecksumType/><Part><ETag>\u{e9}</ETag><ChecksumCRC64NVME>A=</ChecksumCRC64NVME></Part>\
                <Checksum><ChecksumCRC32>A</ChecksumCRC32></Checksum></List>";
    let rest =
        "<?xml version=\"1.0\"?>\n<List><Key>Checksum</Key><Part><ETag>\u{e9}</ETag></Part></List>";
    for (answer, end) in
        [(xml as fn(&str, &str) -> String, ""), (chunked, "x-amz-checksum-type: t\r\n")]
    {
        let (proxy, mut reports) =
            server(&answer(&format!("x-amz-checksum-CRC32: a\r\n{end}"), list)).await;
        proxy.plays(When::any(), ServerQuirk::mute_checksums());
        let mut client = Client::to(&proxy).await;
        for line in [COMPLETE, "GET /b/k?uploadId=u"] {
            let sent = request(line, "x-amz-checksum-crc32: a\r\n", list);
            let (head, body) = client.ask(&sent).await.unwrap();
            assert!(reports.recv().await.unwrap() == sent);
            assert_eq!(head.response_body("GET"), Body::Length(rest.len() as u64));
            assert!(head.headers().iter().all(|(name, _)| !name.contains("checksum")));
            assert_eq!(text(body), rest);
        }
        assert_eq!(proxy.seen()[1].status, Some(200));
    }
}

#[tokio::test]
async fn a_mute_server_leaves_objects_and_heads_as_they_are() {
    let object = "<ChecksumCRC32>A</ChecksumCRC32>";
    let plain = xml("x-amz-checksum-crc32: a\r\n", object).replace("application/xml", "text/plain");
    let (proxy, _reports) = server(&plain).await;
    proxy.plays(When::any(), ServerQuirk::mute_checksums());
    let (head, body) = Client::to(&proxy).await.ask(&request("GET /b/k", "", "")).await.unwrap();
    assert_eq!((head.header("x-amz-checksum-crc32"), &*text(body)), (None, object));

    let (proxy, _reports) = server(&xml("x-amz-checksum-crc32: a\r\n", object)).await;
    proxy.plays(When::any(), ServerQuirk::mute_checksums());
    let mut client = Client::to(&proxy).await;
    for _ in 0..2 {
        let (head, _) = client.ask(&request("HEAD /b/k", "", "")).await.unwrap();
        assert_eq!(head.header("x-amz-checksum-crc32"), None);
        assert_eq!(head.response_body("GET"), Body::Length(object.len() as u64));
    }
}

#[tokio::test]
async fn etags_are_veiled_on_the_way_down_and_unveiled_on_the_way_up() {
    let list = |md5: &str| {
        format!(
            "<R><ETag>\"{md5}\"</ETag><ETag>&quot;{md5}-12&quot;</ETag><ETag>&#34;{md5}&#34;</ETag>\
             <ETag/><ETag></ETag><ETag>{md5}</ETag><ETag>{MD5}0</ETag><ETag>{}</ETag><Key>{MD5}</Key></R>",
            &MD5[1..]
        )
    };
    let etag = |md5: &str| format!("ETag: \"{md5}-3\"\r\nx-amz-version-id: {MD5}\r\n");
    let (proxy, mut reports) = server(&xml(&etag(MD5), &list(MD5))).await;
    proxy.plays(When::any(), ServerQuirk::VeiledEtags);
    let mut client = Client::to(&proxy).await;

    let matched = |md5: &str| format!("If-Match: \"{md5}\"\r\nx-amz-meta-md5: {VEIL}\r\n");
    let sent = |md5: &str| {
        let body = format!("<Part><ETag>&quot;{md5}&quot;</ETag><PartNumber>1</PartNumber></Part>");
        request(COMPLETE, &matched(md5), &body)
    };
    let (head, body) = client.ask(&sent(VEIL)).await.unwrap();
    assert_eq!(text(reports.recv().await.unwrap()), text(sent(MD5)));
    assert_eq!(head.header("etag"), Some(&*format!("\"{VEIL}-3\"")));
    assert_eq!(head.header("x-amz-version-id"), Some(MD5));
    assert_eq!(head.response_body(""), Body::Length(list(MD5).len() as u64), "as long as it was");
    assert_eq!(text(body), list(VEIL));

    for line in [PART, "PUT /b/k"] {
        let part = request(line, "", &format!("<ETag>{VEIL}</ETag>"));
        client.ask(&part).await.unwrap();
        assert!(reports.recv().await.unwrap() == part, "bytes of a file");
    }
}

#[tokio::test]
async fn a_refused_header_does_not_reach_the_server_and_uses_up_no_rule() {
    let (proxy, mut reports) = server(&xml("", "<R/>")).await;
    proxy.plays(
        When::any_part(),
        ServerQuirk::refuses("x-amz-checksum-*", 501, "NotImplemented", "A header you provided"),
    );
    proxy.on(When::any_part(), 1, Act::slow_down(None));
    let mut client = Client::to(&proxy).await;
    let sums = "X-Amz-Checksum-Crc32: a\r\n";
    let mut statuses = Vec::new();
    for (line, headers) in [(PART, sums), (PART, sums), (PART, ""), (PART, ""), ("PUT /b/k", sums)]
    {
        let (head, body) = client.ask(&request(line, headers, "bytes")).await.unwrap();
        if head.status() == 501 {
            let body = text(body);
            assert!(
                body.contains("<Code>NotImplemented</Code><Message>A header you provided<"),
                "{body}"
            );
        }
        statuses.push(head.status());
    }
    assert_eq!(statuses, [501, 501, 503, 200, 200]);
    for want in [request(PART, "", "bytes"), request("PUT /b/k", sums, "bytes")] {
        assert!(reports.recv().await.unwrap() == want);
    }
    assert!(reports.try_recv().is_err());
    assert_eq!(proxy.seen().iter().filter(|seen| seen.hit).count(), 3);
}

#[tokio::test]
async fn quirks_add_up_beside_rules_until_they_are_cleared() {
    let part = |md5: &str, sum: &str| format!("<P><ETag>{md5}</ETag>{sum}</P>");
    let sum = "<ChecksumCRC32>A</ChecksumCRC32>";
    let said = xml("x-one: 1\r\nx-two: 2\r\nx-three: 3\r\n", &part(MD5, sum));
    let (proxy, mut reports) = server(&said).await;
    proxy.plays(When::any(), ServerQuirk::deaf(&["x-one"]));
    proxy.plays(When::any(), ServerQuirk::deaf(&["x-two"]));
    proxy.plays(When::any(), ServerQuirk::mute(&["x-three"]));
    proxy.plays(When::any(), ServerQuirk::mute_checksums());
    proxy.plays(When::any(), ServerQuirk::VeiledEtags);
    proxy.on(When::any(), 1, Act::HoldAnswer);
    let mut client = Client::to(&proxy).await;
    let headers = "x-one: 1\r\nx-two: 2\r\nx-three: 3\r\n";
    let sent = request(COMPLETE, headers, &part(VEIL, sum));
    for _ in 0..3 {
        let held = async {
            proxy.until_held(1).await;
            proxy.release();
        };
        let asked = client.ask(&sent);
        let (head, body) = match proxy.seen().len() {
            0 => tokio::join!(asked, held).0.unwrap(),
            _ => asked.await.unwrap(),
        };
        assert_eq!(text(head.raw), xml("", &part(VEIL, "")).replace(&part(VEIL, ""), ""));
        assert_eq!(text(body), part(VEIL, ""));
        let want = request(COMPLETE, "x-three: 3\r\n", &part(MD5, sum));
        assert_eq!(text(reports.recv().await.unwrap()), text(want));
    }
    proxy.clear();
    let (head, body) = client.ask(&sent).await.unwrap();
    assert_eq!(text(head.raw) + &text(body), said);
    assert!(reports.recv().await.unwrap() == sent);
}
