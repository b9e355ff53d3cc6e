//! Imitates other servers: the headers they ignore, omit or reject, and the form of their ETags.

use super::{
    http::Head,
    rule::{self, Act, Seen, When},
};

/// What a server is like, for as long as it is played. Those that fit a request are all played to it.
///
/// A client's signature covers every `x-amz-*` header and most others, and the hash of the body. So `Deaf` and
/// `VeiledEtags`, which change what was signed, can be played only in front of a server that checks neither, as
/// LocalStack; the practice store and Ceph answer SignatureDoesNotMatch. `Mute` and `Refuses` go with every server.
#[derive(Clone, Debug)]
pub enum ServerQuirk {
    /// Never heard of these: neither the server nor the client gets them from the other. What a chunked body has as
    /// its trailers passes on as it is.
    Deaf(Words),
    /// Hears these, but does not answer with them.
    Mute(Words),
    /// Its ETags are no MD5s: every 32 hexadecimal digits of one reach the client as letters that are none, and turn
    /// back in `If-Match` and in CompleteMultipartUpload.
    VeiledEtags,
    /// Answers with one header more.
    Says { header: String, value: String },
    /// Its answers in XML begin with white space.
    Spaced,
    /// Its answers in XML have nothing in them.
    Blank,
    /// Answers every request that carries this header with an error. The name may end in `*`.
    Refuses { header: String, status: u16, code: String, message: String },
}

/// Names that may end in `*`, which stands for all that begin so.
#[derive(Clone, Debug, Default)]
pub struct Words {
    pub headers: Vec<String>,
    /// In the XML of answers, and of CompleteMultipartUpload.
    pub elements: Vec<String>,
}

impl ServerQuirk {
    pub fn deaf(headers: &[&str]) -> ServerQuirk {
        ServerQuirk::Deaf(Words::headers(headers))
    }

    /// From before S3 had them.
    pub fn deaf_to_checksums() -> ServerQuirk {
        ServerQuirk::Deaf(Words::checksums(&["x-amz-checksum-*", "x-amz-sdk-checksum-algorithm"]))
    }

    pub fn mute(headers: &[&str]) -> ServerQuirk {
        ServerQuirk::Mute(Words::headers(headers))
    }

    /// Checks them, and keeps them to itself.
    pub fn mute_checksums() -> ServerQuirk {
        ServerQuirk::Mute(Words::checksums(&["x-amz-checksum-*"]))
    }

    pub fn says(header: &str, value: &str) -> ServerQuirk {
        ServerQuirk::Says { header: header.into(), value: value.into() }
    }

    pub fn refuses(header: &str, status: u16, code: &str, message: &str) -> ServerQuirk {
        let (header, code, message) = (header.into(), code.into(), message.into());
        ServerQuirk::Refuses { header, status, code, message }
    }
}

impl Words {
    fn headers(names: &[&str]) -> Words {
        Words { headers: names.iter().map(|name| (*name).into()).collect(), ..Words::default() }
    }

    fn checksums(headers: &[&str]) -> Words {
        Words { elements: vec!["Checksum*".into()], ..Words::headers(headers) }
    }
}

/// All that is played to one request.
pub(super) struct Guise {
    quirks: Vec<ServerQuirk>,
    /// Whether the request is CompleteMultipartUpload, the one whose body is read.
    completes: bool,
}

impl Guise {
    pub(super) fn for_request(plays: &[(When, ServerQuirk)], request: &Seen) -> Guise {
        let fit = plays.iter().filter(|(when, _)| when.fits(request));
        Guise {
            quirks: fit.map(|(_, quirk)| quirk.clone()).collect(),
            completes: When::complete().fits(request),
        }
    }

    /// What is answered to a request that the server will not take.
    pub(super) fn refusal(&self, request: &Seen) -> Option<Act> {
        self.quirks.iter().find_map(|quirk| match quirk {
            ServerQuirk::Refuses { header, status, code, message } => {
                request.header(header).map(|_| Act::say(*status, code, message))
            }
            _ => None,
        })
    }

    /// A request's head as the server gets it.
    pub(super) fn heard(&self, head: &Head) -> Head {
        let etag = |name: &str| self.veiled() && name.eq_ignore_ascii_case("if-match");
        head.edited(|name, value| {
            let heard = !self.unheard().any(|words| any(&words.headers, name));
            heard.then(|| if etag(name) { unveiled(value) } else { value.into() })
        })
    }

    /// An answer's head as the client gets it.
    pub(super) fn said(&self, head: &Head) -> Head {
        let etag = |name: &str| self.veiled() && name.eq_ignore_ascii_case("etag");
        let edited = head.edited(|name, value| {
            let said = !self.unsaid().any(|words| any(&words.headers, name));
            said.then(|| if etag(name) { veiled(value) } else { value.into() })
        });
        self.quirks.iter().fold(edited, |head, quirk| match quirk {
            ServerQuirk::Says { header, value } => head.with(header, value),
            _ => head,
        })
    }

    /// Whether the server gets another body in place of the request's.
    pub(super) fn rereads(&self) -> bool {
        self.completes && (self.veiled() || self.unheard().any(|words| !words.elements.is_empty()))
    }

    pub(super) fn reread(&self, body: Vec<u8>) -> Vec<u8> {
        changed(body, self.unheard(), self.veiled().then_some(unveiled))
    }

    /// Whether the client gets another body in place of the answer's.
    pub(super) fn retells(&self, head: &Head) -> bool {
        head.header("content-type").is_some_and(|kind| kind.to_lowercase().contains("xml"))
            && (self.veiled()
                || self.unreadable().is_some()
                || self.unsaid().any(|words| !words.elements.is_empty()))
    }

    pub(super) fn retold(&self, body: Vec<u8>) -> Vec<u8> {
        match self.unreadable() {
            Some(ServerQuirk::Blank) => return Vec::new(),
            Some(_) => return [b"\n  ".to_vec(), body].concat(),
            None => {}
        }
        changed(body, self.unsaid(), self.veiled().then_some(veiled))
    }

    fn unreadable(&self) -> Option<&ServerQuirk> {
        self.quirks.iter().find(|quirk| matches!(quirk, ServerQuirk::Spaced | ServerQuirk::Blank))
    }

    fn veiled(&self) -> bool {
        self.quirks.iter().any(|quirk| matches!(quirk, ServerQuirk::VeiledEtags))
    }

    fn unheard(&self) -> impl Iterator<Item = &Words> {
        self.quirks.iter().filter_map(|quirk| match quirk {
            ServerQuirk::Deaf(words) => Some(words),
            _ => None,
        })
    }

    fn unsaid(&self) -> impl Iterator<Item = &Words> {
        self.quirks.iter().filter_map(|quirk| match quirk {
            ServerQuirk::Deaf(words) | ServerQuirk::Mute(words) => Some(words),
            _ => None,
        })
    }
}

fn any(asked: &[String], name: &str) -> bool {
    asked.iter().any(|asked| rule::named(asked, name))
}

/// What is no text stays as it is.
fn changed<'a>(
    body: Vec<u8>,
    without: impl Iterator<Item = &'a Words>,
    etag: Option<fn(&str) -> String>,
) -> Vec<u8> {
    let mut text = match String::from_utf8(body) {
        Ok(text) => text,
        Err(other) => return other.into_bytes(),
    };
    for words in without {
        text = without_elements(&text, &words.elements);
    }
    match etag {
        Some(etag) => with_etags(&text, etag).into_bytes(),
        None => text.into_bytes(),
    }
}

fn without_elements(xml: &str, asked: &[String]) -> String {
    let (mut kept, mut rest) = (String::new(), xml);
    while let Some(at) = rest.find('<') {
        let (before, here) = rest.split_at(at);
        kept += before;
        rest = match element_name(here).filter(|name| any(asked, name)) {
            Some(name) => after_element(here, name),
            None => {
                kept.push('<');
                &here[1..]
            }
        };
    }
    kept + rest
}

/// Of the tag that begins here; empty for an end tag.
fn element_name(xml: &str) -> Option<&str> {
    xml.get(1..)?.split(|c: char| !c.is_ascii_alphanumeric()).next()
}

/// What follows the element that begins here. One that never ends goes up to the end.
fn after_element<'a>(xml: &'a str, name: &str) -> &'a str {
    let (tag, rest) = xml.split_once('>').unwrap_or((xml, ""));
    if tag.ends_with('/') {
        return rest;
    }
    rest.split_once(&format!("</{name}>")).map_or("", |(_, after)| after)
}

fn with_etags(xml: &str, etag: fn(&str) -> String) -> String {
    const OPEN: &str = "<ETag>";
    let mut pieces = xml.split(OPEN);
    let mut text = pieces.next().unwrap_or_default().to_string();
    for piece in pieces {
        let end = piece.find('<').unwrap_or(0);
        text += &format!("{OPEN}{}{}", etag(&piece[..end]), &piece[end..]);
    }
    text
}

const DIGITS: &str = "0123456789abcdef";
const LETTERS: &str = "ghijklmnopqrstuv";

fn veiled(etag: &str) -> String {
    turned(etag, DIGITS, LETTERS)
}

fn unveiled(etag: &str) -> String {
    turned(etag, LETTERS, DIGITS)
}

/// Every word of 32 characters that are all of the one alphabet, in the other.
fn turned(etag: &str, from: &str, to: &str) -> String {
    let gap = |c: char| !c.is_ascii_alphanumeric();
    let turned = |piece: &str| -> String {
        let (word, gap) = piece.split_at(piece.trim_end_matches(gap).len());
        let places: Option<Vec<usize>> = word.chars().map(|c| from.find(c)).collect();
        match places.filter(|places| places.len() == 32) {
            Some(places) => places.into_iter().map(|at| &to[at..=at]).chain([gap]).collect(),
            None => piece.into(),
        }
    };
    etag.split_inclusive(gap).map(turned).collect()
}
