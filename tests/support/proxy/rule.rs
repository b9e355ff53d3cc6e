//! Rules: which requests a fault applies to, and what it is.

use std::{sync::Arc, time::Duration};

/// Shared, as whoever waits for a request looks at all of them again and again.
pub type Headers = Arc<[(String, String)]>;

/// A request that came by, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub method: String,
    pub path: String,
    pub query: Vec<(String, String)>,
    /// As the client sent them, the names in lower case.
    pub headers: Headers,
    /// Body bytes that were read from the client; for a request under way, so far. Of a body that a quirk changes,
    /// those that were passed on.
    pub body_bytes: u64,
    /// What was answered, by the server or by a rule.
    pub status: Option<u16>,
    /// The whole answer went out to the client.
    pub passed: bool,
    /// A rule fell on it, or the server that is played refused it.
    pub hit: bool,
}

impl Seen {
    /// The value of the first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(have, _)| named(name, have)).map(|(_, value)| value.as_str())
    }
}

/// Whether a name is meant: whatever its case, and by its beginning alone where what is asked for ends in `*`.
pub(super) fn named(asked: &str, name: &str) -> bool {
    match asked.strip_suffix('*') {
        Some(start) => {
            name.get(..start.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(start))
        }
        None => name.eq_ignore_ascii_case(asked),
    }
}

/// A description of requests.
#[derive(Clone, Debug, Default)]
pub struct When {
    method: Option<String>,
    path: Option<String>,
    with: Vec<(String, Option<String>)>,
    without: Vec<String>,
    headers: Vec<String>,
    without_headers: Vec<String>,
}

impl When {
    pub fn any() -> When {
        When::default()
    }

    pub fn method(method: &str) -> When {
        When { method: Some(method.into()), ..When::default() }
    }

    /// UploadPart with this number.
    pub fn part(number: u16) -> When {
        When::method("PUT").query("partNumber", &number.to_string())
    }

    /// UploadPart
    pub fn any_part() -> When {
        When::method("PUT").query_name("partNumber")
    }

    /// PutObject
    pub fn put_object() -> When {
        When::method("PUT").without_query("partNumber")
    }

    /// CreateMultipartUpload
    pub fn create() -> When {
        When::method("POST").query_name("uploads")
    }

    /// CompleteMultipartUpload
    pub fn complete() -> When {
        When::method("POST").query_name("uploadId")
    }

    /// AbortMultipartUpload
    pub fn abort() -> When {
        When::method("DELETE").query_name("uploadId")
    }

    /// ListParts
    pub fn list_parts() -> When {
        When::method("GET").query_name("uploadId")
    }

    /// HeadObject and HeadBucket
    pub fn head() -> When {
        When::method("HEAD")
    }

    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> When {
        self.with.push((name.into(), Some(value.into())));
        self
    }

    #[must_use]
    pub fn query_name(mut self, name: &str) -> When {
        self.with.push((name.into(), None));
        self
    }

    #[must_use]
    pub fn without_query(mut self, name: &str) -> When {
        self.without.push(name.into());
        self
    }

    /// That carries this header; a name that ends in `*` stands for all that begin so.
    #[must_use]
    pub fn header(mut self, name: &str) -> When {
        self.headers.push(name.into());
        self
    }

    /// That does not carry this header.
    #[must_use]
    pub fn without_header(mut self, name: &str) -> When {
        self.without_headers.push(name.into());
        self
    }

    /// Whose path, as it is sent, has this in it.
    #[must_use]
    pub fn path(mut self, piece: &str) -> When {
        self.path = Some(piece.into());
        self
    }

    pub fn fits(&self, request: &Seen) -> bool {
        let has = |name: &String, value: &Option<String>| {
            request
                .query
                .iter()
                .any(|(n, v)| n == name && value.as_ref().is_none_or(|value| v == value))
        };
        self.method.as_ref().is_none_or(|method| *method == request.method)
            && self.path.as_ref().is_none_or(|piece| request.path.contains(piece))
            && self.with.iter().all(|(name, value)| has(name, value))
            && !self.without.iter().any(|name| has(name, &None))
            && self.headers.iter().all(|name| request.header(name).is_some())
            && self.without_headers.iter().all(|name| request.header(name).is_none())
    }
}

/// What is done to a request.
#[derive(Clone, Debug)]
pub enum Act {
    /// Take the whole request, and answer in the server's place; S3's error in the body, also with status 200.
    Answer { status: u16, code: String, retry_after: Option<u32> },
    /// As `Answer`, with a message of one's own.
    Say { status: u16, code: String, message: String },
    /// Take the whole request, and answer 200 with this document.
    Xml(String),
    /// Take the whole request, and answer as a hotel's sign-in page or a proxy on the way does: HTML, nothing of S3's.
    Page { status: u16 },
    /// Pass on so many bytes of the body, then end both connections.
    CloseAfter(u64),
    /// Pass on so many bytes of the body, then neither read nor answer for good.
    StallAfter(u64),
    /// Pass the request on later.
    Delay(Duration),
    /// Pass the request on when the test says so: `Proxy::release`.
    Hold,
    /// Pass the whole request on, and end the connection in place of the answer.
    DropAnswer,
    /// Pass the whole request on, take the server's whole answer, and keep it until `Proxy::release`.
    HoldAnswer,
    /// Pass the whole request on, take the server's whole answer, and pass it on later.
    LateAnswer(Duration),
    /// Pass on the answer's head and so many bytes of its body, then end the connection.
    CutAnswer(u64),
    /// Pass the body on at so many bytes a second.
    Slow(u64),
    /// Turn over one bit of the body's byte at this place.
    Flip(u64),
}

impl Act {
    pub fn answer(status: u16, code: &str) -> Act {
        Act::Answer { status, code: code.into(), retry_after: None }
    }

    pub fn answer_retry_after(status: u16, code: &str, seconds: u32) -> Act {
        Act::Answer { status, code: code.into(), retry_after: Some(seconds) }
    }

    pub fn say(status: u16, code: &str, message: &str) -> Act {
        Act::Say { status, code: code.into(), message: message.into() }
    }

    /// S3 asks for patience.
    pub fn slow_down(retry_after: Option<u32>) -> Act {
        Act::Answer { status: 503, code: "SlowDown".into(), retry_after }
    }
}

pub(super) struct Rule {
    pub(super) when: When,
    /// So many that fit go by first, whatever another rule does to them.
    pub(super) skip: usize,
    pub(super) left: usize,
    pub(super) act: Act,
}

/// The act of the first rule that fits and is not used up; uses it once. A request that has `met` an act already uses
/// none, yet is counted.
pub(super) fn take(rules: &mut [Rule], request: &Seen, met: Option<Act>) -> Option<Act> {
    let mut act = met;
    for rule in rules.iter_mut().filter(|rule| rule.when.fits(request)) {
        if rule.skip > 0 {
            rule.skip -= 1;
        } else if act.is_none() && rule.left > 0 {
            rule.left -= 1;
            act = Some(rule.act.clone());
        }
    }
    act
}

/// A request line, read; nothing is known of the headers yet.
pub(super) fn seen(first_line: &str) -> Seen {
    let mut words = first_line.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let query = pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(n, v)| (n.into(), v.into()));
    Seen {
        method: method.into(),
        path: path.into(),
        query: query.collect(),
        headers: Headers::default(),
        body_bytes: 0,
        status: None,
        passed: false,
        hit: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_told_apart() {
        let lines = [
            ("PUT /b/k?partNumber=3&uploadId=x HTTP/1.1", When::part(3)),
            ("PUT /b/k?x-id=PutObject HTTP/1.1", When::put_object()),
            ("POST /b/k?uploads HTTP/1.1", When::create()),
            ("POST /b/k?uploadId=x HTTP/1.1", When::complete()),
            ("DELETE /b/k?uploadId=x HTTP/1.1", When::abort()),
            ("GET /b/k?uploadId=x HTTP/1.1", When::list_parts()),
            ("HEAD /b/k HTTP/1.1", When::head()),
        ];
        for (i, (line, _)) in lines.iter().enumerate() {
            for (j, (_, when)) in lines.iter().enumerate() {
                assert_eq!(when.fits(&seen(line)), i == j, "{line} {when:?}");
            }
        }
        assert!(When::any_part().fits(&seen(lines[0].0)) && !When::part(4).fits(&seen(lines[0].0)));
        assert!(
            When::any().path("/b/").fits(&seen(lines[0].0))
                && !When::any().path("/c/").fits(&seen(lines[0].0))
        );
    }

    #[test]
    fn a_rule_is_used_up() {
        let mut rules = vec![
            Rule { when: When::part(3), skip: 0, left: 2, act: Act::Hold },
            Rule { when: When::any_part(), skip: 0, left: 1, act: Act::DropAnswer },
        ];
        let request = seen("PUT /b/k?partNumber=3&uploadId=x HTTP/1.1");
        let acts: Vec<_> = (0..4).map(|_| take(&mut rules, &request, None)).collect();
        assert!(
            matches!(acts[..], [Some(Act::Hold), Some(Act::Hold), Some(Act::DropAnswer), None]),
            "{acts:?}"
        );
    }

    #[test]
    fn a_rule_for_the_third_counts_what_another_rule_took() {
        let mut rules = vec![
            Rule { when: When::part(1), skip: 0, left: 1, act: Act::Hold },
            Rule { when: When::any(), skip: 2, left: 1, act: Act::DropAnswer },
        ];
        let request = seen("PUT /b/k?partNumber=1&uploadId=x HTTP/1.1");
        let acts: Vec<_> = (0..4).map(|_| take(&mut rules, &request, None)).collect();
        assert!(
            matches!(acts[..], [Some(Act::Hold), None, Some(Act::DropAnswer), None]),
            "{acts:?}"
        );
    }
}
