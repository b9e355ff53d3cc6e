//! The sink's responses. Checksums that a client sent are returned as AWS does; with `verify`, computed ones are.

use super::{
    Sink,
    body::Body,
    control,
    head::Head,
    lists::{self, escaped},
    store::{Object, Part, Upload},
    sums::{self, ALL, Algorithm, Sum},
};
use base64::{Engine, prelude::BASE64_STANDARD};

/// No MD5: it would cost more than everything else together, and S3's ETag is none either where objects are encrypted.
/// Who sends one gets it back, for rclone compares.
const ETAG: &str = "0123456789abcdef0123456789abcdef";
const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
pub(super) const NS: &str = "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";

pub(super) struct Answer {
    status: u16,
    headers: String,
    body: String,
    /// of a HEAD, whose body is not sent
    length: Option<u64>,
}

impl Answer {
    pub(super) fn new(status: u16, headers: String, body: String) -> Self {
        Self { status, headers, body, length: None }
    }

    pub(super) fn empty(status: u16) -> Self {
        Self::new(status, String::new(), String::new())
    }

    pub(super) fn xml(body: &str) -> Self {
        Self::new(200, "Content-Type: application/xml\r\n".into(), format!("{XML}{body}"))
    }

    pub(super) fn json(value: &serde_json::Value) -> Self {
        Self::new(200, "Content-Type: application/json\r\n".into(), value.to_string())
    }

    pub(super) fn error(status: u16, code: &str) -> Self {
        let body = format!(
            "{XML}<Error><Code>{code}</Code><Message>{code}</Message><RequestId>1</RequestId></Error>"
        );
        Self::new(status, "Content-Type: application/xml\r\n".into(), body)
    }

    pub(super) fn bytes(&self, head: &Head, close: bool) -> Vec<u8> {
        let reason = match self.status {
            200 => "OK",
            204 => "No Content",
            404 => "Not Found",
            503 => "Slow Down",
            _ => "Other",
        };
        let mut text = format!(
            "HTTP/1.1 {} {reason}\r\nServer: sink\r\nDate: Wed, 01 Jan 2025 00:00:00 GMT\r\nx-amz-request-id: 1\r\n{}",
            self.status, self.headers
        );
        if self.status != 204 {
            let length = self.length.unwrap_or(self.body.len() as u64);
            text.push_str(&format!("Content-Length: {length}\r\n"));
        }
        if close {
            text.push_str("Connection: close\r\n");
        }
        text.push_str("\r\n");
        if !head.is("HEAD") {
            text.push_str(&self.body);
        }
        text.into_bytes()
    }
}

pub(super) fn no_trailers() -> Answer {
    Answer::error(501, "NotImplemented")
}

pub(super) fn slow_down() -> Answer {
    Answer::error(503, "SlowDown")
}

pub(super) fn to(sink: &Sink, head: &Head, body: &Body) -> Answer {
    if head.is_control() {
        return control::to(sink, head);
    }
    let (kind, answer) = if head.is_part() {
        ("UploadPart", part(sink, head, body))
    } else if head.is_object() {
        ("PutObject", object(sink, head, body))
    } else if head.key.is_empty() {
        lists::of_bucket(sink, head)
    } else {
        of_key(sink, head, body)
    };
    sink.stats.kind(kind);
    answer
}

/// The sum of a body that is answered and kept; `Err` where it is not what was claimed.
fn proven(sink: &Sink, head: &Head, body: &Body) -> Result<Option<Sum>, Answer> {
    let claimed = sums::claimed(head, &body.trailers);
    sink.stats.counts().body_bytes += body.size;
    let computed = |algorithm| body.sums.iter().copied().find(|sum| sum.algorithm == algorithm);
    let Some(claimed) = claimed else { return Ok(computed(Algorithm::Crc64Nvme)) };
    match computed(claimed.algorithm) {
        None => Ok(Some(claimed)),
        Some(sum) => right(sink, sum == claimed).map(|()| Some(sum)),
    }
}

fn etag(head: &Head) -> String {
    let md5 = head.header("content-md5").and_then(|text| BASE64_STANDARD.decode(text).ok());
    md5.map_or(ETAG.into(), |md5| md5.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn right(sink: &Sink, is: bool) -> Result<(), Answer> {
    let mut counts = sink.stats.counts();
    *(if is { &mut counts.sums_right } else { &mut counts.sums_wrong }) += 1;
    if is { Ok(()) } else { Err(Answer::error(400, "BadDigest")) }
}

fn part(sink: &Sink, head: &Head, body: &Body) -> Answer {
    let sum = match proven(sink, head, body) {
        Ok(sum) => sum,
        Err(answer) => return answer,
    };
    let mut held = sink.store.held();
    let number = head.query("partNumber").and_then(|n| n.parse().ok());
    let upload = held.uploads.get_mut(head.query("uploadId").unwrap_or_default());
    let (Some(upload), Some(number)) = (upload, number) else {
        return Answer::error(404, "NoSuchUpload");
    };
    upload.parts.insert(number, Part { size: body.size, etag: etag(head), sum });
    let sum = sum.map(Sum::header_line).unwrap_or_default();
    Answer::new(200, format!("ETag: \"{}\"\r\n{sum}", etag(head)), String::new())
}

fn object(sink: &Sink, head: &Head, body: &Body) -> Answer {
    if taken(sink, head) {
        return Answer::error(412, "PreconditionFailed");
    }
    let sum = match proven(sink, head, body) {
        Ok(sum) => sum,
        Err(answer) => return answer,
    };
    let said = sums::claimed(head, &body.trailers);
    whole(sink, said.map(|sum| format!("{} of its only request", sum.algorithm.name())));
    let object = Object { size: body.size, etag: etag(head), sum, at: sink.stats.at() };
    sink.store.held().objects.insert(head.object_name(), object);
    let sum = sum.map(|sum| sum.header_line() + "x-amz-checksum-type: FULL_OBJECT\r\n");
    Answer::new(
        200,
        format!("ETag: \"{}\"\r\n{}", etag(head), sum.unwrap_or_default()),
        String::new(),
    )
}

fn taken(sink: &Sink, head: &Head) -> bool {
    head.header("if-none-match") == Some("*")
        && sink.store.held().objects.contains_key(&head.object_name())
}

fn whole(sink: &Sink, said: Option<String>) {
    let said = said.unwrap_or_else(|| "none".into());
    *sink.stats.counts().whole.entry(said).or_default() += 1;
}

fn create(sink: &Sink, head: &Head) -> Answer {
    let upload = Upload {
        object: head.object_name(),
        algorithm: head.header("x-amz-checksum-algorithm").and_then(Algorithm::named),
        full_object: head.header_has("x-amz-checksum-type", "full_object"),
        ..Upload::default()
    };
    let named = upload.algorithm.map(|algorithm| {
        let kind = if upload.full_object { "FULL_OBJECT" } else { "COMPOSITE" };
        let name = algorithm.name();
        format!("x-amz-checksum-algorithm: {name}\r\nx-amz-checksum-type: {kind}\r\n")
    });
    let id = sink.store.held().create(upload);
    let mut answer = Answer::xml(&format!(
        "<InitiateMultipartUploadResult {NS}><Bucket>{}</Bucket><Key>{}</Key><UploadId>{id}</UploadId></InitiateMultipartUploadResult>",
        escaped(&head.bucket),
        escaped(&head.key)
    ));
    answer.headers.push_str(&named.unwrap_or_default());
    answer
}

fn complete(sink: &Sink, head: &Head, body: &Body) -> Answer {
    let id = head.query("uploadId").unwrap_or_default();
    let Some(upload) = sink.store.held().uploads.get(id).cloned() else {
        return Answer::error(404, "NoSuchUpload");
    };
    if taken(sink, head) {
        return Answer::error(412, "PreconditionFailed");
    }
    let listed: Vec<u32> = numbers(&body.text);
    if listed != upload.parts.keys().copied().collect::<Vec<_>>() {
        return Answer::error(400, "InvalidPart");
    }
    let full = upload.full_object || upload.algorithm != Some(Algorithm::Crc32);
    let combined = upload.combined().filter(|_| full);
    let claimed = ALL.into_iter().find_map(|a| Sum::parse(a, head.header(a.header())?));
    let same = claimed.zip(combined).filter(|(one, other)| one.algorithm == other.algorithm);
    if let Some((claimed, combined)) = same
        && let Err(answer) = right(sink, claimed == combined)
    {
        return answer;
    }
    let named = upload.algorithm.map(Algorithm::name);
    whole(
        sink,
        match (claimed, named, upload.full_object) {
            (Some(claimed), ..) => Some(format!("{} given at Complete", claimed.algorithm.name())),
            (None, Some(name), true) => Some(format!("{name} of the parts, FULL_OBJECT")),
            (None, Some(name), false) => Some(format!("{name} of the parts")),
            (None, None, _) => None,
        },
    );
    let sum = combined.or(claimed.filter(|_| full));
    let etag = format!("{ETAG}-{}", listed.len());
    let object = Object { size: upload.size(), etag: etag.clone(), sum, at: sink.stats.at() };
    let mut held = sink.store.held();
    held.uploads.remove(id);
    held.objects.insert(upload.object, object);
    let sum = sum.map(|sum| {
        let (name, text) = (sum.algorithm.name(), sum.text());
        format!("<Checksum{name}>{text}</Checksum{name}><ChecksumType>FULL_OBJECT</ChecksumType>")
    });
    Answer::xml(&format!(
        "<CompleteMultipartUploadResult {NS}><Bucket>{}</Bucket><Key>{}</Key><ETag>\"{etag}\"</ETag>{}</CompleteMultipartUploadResult>",
        escaped(&head.bucket),
        escaped(&head.key),
        sum.unwrap_or_default()
    ))
}

/// The parts that a Complete names.
fn numbers(xml: &str) -> Vec<u32> {
    let number = |text: &str| text.split('<').next().and_then(|n| n.trim().parse().ok());
    xml.split("<PartNumber>").skip(1).filter_map(number).collect()
}

fn of_key(sink: &Sink, head: &Head, body: &Body) -> (&'static str, Answer) {
    let upload = head.query("uploadId");
    match head.method.as_str() {
        "POST" if head.query("uploads").is_some() => ("CreateMultipartUpload", create(sink, head)),
        "POST" if upload.is_some() => ("CompleteMultipartUpload", complete(sink, head, body)),
        "GET" if upload.is_some() => ("ListParts", lists::parts(sink, upload.unwrap_or_default())),
        "DELETE" => match upload {
            Some(id) => {
                sink.store.held().uploads.remove(id);
                ("AbortMultipartUpload", Answer::empty(204))
            }
            None => {
                sink.store.held().objects.remove(&head.object_name());
                ("DeleteObject", Answer::empty(204))
            }
        },
        "HEAD" => match sink.store.held().objects.get(&head.object_name()) {
            Some(object) => ("HeadObject", of_object(head, object)),
            None => ("HeadObject", Answer::empty(404)),
        },
        // nothing is kept that could be sent back
        _ => ("Other", Answer::error(404, "NoSuchKey")),
    }
}

fn of_object(head: &Head, object: &Object) -> Answer {
    let mut headers = format!(
        "ETag: \"{}\"\r\nLast-Modified: Wed, 01 Jan 2025 00:00:00 GMT\r\nAccept-Ranges: bytes\r\n",
        object.etag
    );
    if let Some(sum) = object.sum.filter(|_| head.header_has("x-amz-checksum-mode", "enabled")) {
        headers.push_str(&sum.header_line());
        headers.push_str("x-amz-checksum-type: FULL_OBJECT\r\n");
    }
    Answer { length: Some(object.size), ..Answer::new(200, headers, String::new()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_that_complete_names() {
        let xml = "<CompleteMultipartUpload><Part><ETag>x</ETag><PartNumber>1</PartNumber></Part>\
            <Part><PartNumber>12</PartNumber></Part></CompleteMultipartUpload>";
        assert_eq!(numbers(xml), [1, 12]);
    }

    #[test]
    fn an_answer_to_head_says_the_length_of_what_it_does_not_send() {
        let head = Head::parse(b"HEAD /b/k HTTP/1.1\r\n\r\n");
        let object = Object { size: 5, etag: "e".into(), sum: None, at: 0.0 };
        let text = String::from_utf8(of_object(&head, &object).bytes(&head, false)).unwrap();
        assert!(text.contains("Content-Length: 5\r\n") && text.ends_with("\r\n\r\n"), "{text}");
    }
}
