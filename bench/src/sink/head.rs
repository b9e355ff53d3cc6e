//! Parses the head of a request: bucket, key, query and headers.

use std::collections::HashMap;

#[derive(Debug, Default)]
pub(super) struct Head {
    pub(super) method: String,
    /// as it was sent, for `/_stats` and logs
    pub(super) target: String,
    pub(super) bucket: String,
    pub(super) key: String,
    query: HashMap<String, String>,
    headers: HashMap<String, String>,
}

impl Head {
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let mut lines = text.split("\r\n");
        let mut words = lines.next().unwrap_or_default().split(' ');
        let method = words.next().unwrap_or_default().to_string();
        let target = words.next().unwrap_or("/").to_string();
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_string()))
            .collect();
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let query = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| (unescaped(name), unescaped(value)))
            .collect();
        let path = unescaped(path.trim_start_matches('/'));
        let (bucket, key) = path.split_once('/').unwrap_or((&path, ""));
        let (bucket, key) = (bucket.to_string(), key.to_string());
        Self { method, target, bucket, key, query, headers }
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    pub(super) fn header_has(&self, name: &str, word: &str) -> bool {
        self.header(name).is_some_and(|value| value.to_ascii_lowercase().contains(word))
    }

    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    pub(super) fn is(&self, method: &str) -> bool {
        self.method == method
    }

    pub(super) fn is_part(&self) -> bool {
        self.is("PUT") && self.query("partNumber").is_some()
    }

    pub(super) fn is_object(&self) -> bool {
        // `x-id` is what some SDKs add to every request, `X-Amz-*` are presigned ones
        let plain = |name: &String| name == "x-id" || name.starts_with("X-Amz");
        self.is("PUT") && !self.key.is_empty() && self.query.keys().all(plain)
    }

    /// Not S3's, but about the sink itself.
    pub(super) fn is_control(&self) -> bool {
        self.target.starts_with("/_")
    }

    pub(super) fn length(&self) -> Option<u64> {
        self.header("content-length")?.parse().ok()
    }

    /// HTTP's chunks, not S3's.
    pub(super) fn chunked(&self) -> bool {
        self.header_has("transfer-encoding", "chunked")
    }

    pub(super) fn aws_chunked(&self) -> bool {
        self.header_has("content-encoding", "aws-chunked")
            || self.payload().starts_with("STREAMING-")
    }

    /// How the body is signed: a digest, `UNSIGNED-PAYLOAD`, `STREAMING-...`.
    pub(super) fn payload(&self) -> &str {
        self.header("x-amz-content-sha256").unwrap_or_default()
    }

    pub(super) fn object_name(&self) -> String {
        format!("{}/{}", self.bucket, self.key)
    }
}

fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if first == b'%' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_and_an_object_are_told_apart() {
        let part = Head::parse(
            b"PUT /b/a%20b/%C3%A4?partNumber=7&uploadId=u%2F1 HTTP/1.1\r\nHost: h\r\nContent-Length: 12\r\n\r\n",
        );
        assert!(part.is_part() && !part.is_object());
        assert_eq!((part.bucket.as_str(), part.key.as_str()), ("b", "a b/\u{e4}"));
        assert_eq!((part.query("uploadId"), part.length()), (Some("u/1"), Some(12)));
        assert!(Head::parse(b"PUT /b/k?x-id=PutObject HTTP/1.1\r\n\r\n").is_object());
        assert!(!Head::parse(b"PUT /b/k?acl HTTP/1.1\r\n\r\n").is_object());
        assert!(!Head::parse(b"PUT /b HTTP/1.1\r\n\r\n").is_object());
    }

    #[test]
    fn a_percent_sign_that_escapes_nothing_stays() {
        assert_eq!(unescaped("100%"), "100%");
        assert_eq!(unescaped("%zz%41"), "%zzA");
    }
}
