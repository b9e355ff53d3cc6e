//! Finds where requests begin and end in a connection's bytes, and counts those of PUT bodies.

#[derive(Default)]
pub(super) struct Requests {
    /// Of a head that is not whole yet.
    head: Vec<u8>,
    /// Of the body that is going by.
    left: u64,
    is_put: bool,
}

impl Requests {
    /// The next bytes of the connection; how many of them are bodies of PUTs.
    pub(super) fn take(&mut self, mut bytes: &[u8]) -> u64 {
        let mut bodies = 0;
        while !bytes.is_empty() {
            if self.left > 0 {
                let body = usize::try_from(self.left).map_or(bytes.len(), |n| n.min(bytes.len()));
                self.left -= body as u64;
                bodies += if self.is_put { body as u64 } else { 0 };
                bytes = &bytes[body..];
                continue;
            }
            self.head.push(bytes[0]);
            bytes = &bytes[1..];
            if self.head.ends_with(b"\r\n\r\n") {
                self.head_is_whole();
            }
        }
        bodies
    }

    /// Every request that has begun is here to its end.
    pub(super) fn is_between(&self) -> bool {
        self.left == 0 && self.head.is_empty()
    }

    fn head_is_whole(&mut self) {
        let head = String::from_utf8_lossy(&std::mem::take(&mut self.head)).to_lowercase();
        let header = |name: &str| {
            head.lines()
                .filter_map(|line| line.split_once(':'))
                .find_map(|(have, value)| (have.trim() == name).then(|| value.trim().to_string()))
        };
        self.is_put = head.starts_with("put ");
        self.left = match header("transfer-encoding") {
            // its end is not looked for: the rest of such a connection counts as body, later heads too
            Some(_) => u64::MAX,
            None => header("content-length").and_then(|n| n.parse().ok()).unwrap_or(0),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONNECTION: &[u8] = b"GET /b?uploads HTTP/1.1\r\nHost: h\r\n\r\n\
        PUT /b/k HTTP/1.1\r\nContent-Length: 10\r\n\r\n0123456789\
        POST /b/k HTTP/1.1\r\ncontent-length: 3\r\n\r\nabc\
        PUT /b/k HTTP/1.1\r\nhost: h\r\ncontent-length:4\r\n\r\n0123";

    #[test]
    fn bodies_of_puts_are_counted_however_they_come() {
        for size in [1, 2, 3, 7, 50, CONNECTION.len()] {
            let mut requests = Requests::default();
            let bodies: u64 = CONNECTION.chunks(size).map(|chunk| requests.take(chunk)).sum();
            assert_eq!(bodies, 14, "in pieces of {size}");
            assert!(requests.is_between());
        }
    }

    #[test]
    fn the_middle_of_a_request_is_told_from_its_end() {
        let mut requests = Requests::default();
        requests.take(b"PUT /b/k HTTP/1.1\r\nContent-Le");
        assert!(!requests.is_between());
        assert_eq!(requests.take(b"ngth: 2\r\n\r\n0"), 1);
        assert!(!requests.is_between());
        assert_eq!(requests.take(b"1"), 1);
        assert!(requests.is_between());
    }

    #[test]
    fn a_body_without_a_length_has_no_end() {
        let mut requests = Requests::default();
        requests.take(b"PUT /b/k HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
        assert_eq!(requests.take(b"1\r\na\r\n0\r\n\r\n"), 11);
        assert!(!requests.is_between());
    }
}
