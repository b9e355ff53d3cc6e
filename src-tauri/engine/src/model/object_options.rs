//! Options of an object (storage class, encryption, metadata, locks), and the checks that S3 would make.

use crate::fault::{Fault, FaultKind, InvalidOption, Reason, Result};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use unicode_normalization::char::is_combining_mark;

/// Who can remove a lock early: users with a special permission (governance), or nobody (compliance).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum LockMode {
    Governance,
    Compliance,
}

/// S3 Object Lock: the object can be neither overwritten nor deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct ObjectLock {
    pub mode: LockMode,
    /// Counted from the start of the upload.
    pub days: u32,
}

/// S3's canned ACLs.
pub(crate) const ACLS: [&str; 7] = [
    "private",
    "public-read",
    "public-read-write",
    "authenticated-read",
    "aws-exec-read",
    "bucket-owner-read",
    "bucket-owner-full-control",
];

/// S3's maximum, 100 years.
const LONGEST_LOCK: u32 = 36_500;
const MOST_TAGS: usize = 10;
/// Of names and values together.
const METADATA_LIMIT: usize = 2 * 1024;
/// The base64 length of 16 bytes.
const MD5_TEXT: usize = 24;

/// Checks the options.
///
/// # Errors
/// `Unsupported`, with what S3 would reject.
pub(crate) fn check(options: &Options) -> Result<()> {
    let texts = [
        ("x-amz-storage-class", &options.storage_class),
        ("x-amz-server-side-encryption", &options.encryption),
        ("x-amz-server-side-encryption-aws-kms-key-id", &options.kms_key_id),
        ("Content-Type", &options.content_type),
        ("Cache-Control", &options.cache_control),
        ("Content-Disposition", &options.content_disposition),
    ];
    for (name, text) in texts {
        let text = text.as_deref().unwrap_or_default();
        header(name, text)?;
        match name {
            "Content-Disposition" => disposition(text).map(|_| ())?,
            _ => ascii(name, text)?,
        }
    }
    if let Some(acl) = &options.acl
        && !ACLS.contains(&acl.as_str())
    {
        return wrong(InvalidOption::Acl { acl: shown(acl) });
    }
    if let Some(ObjectLock { days, .. }) = options.lock
        && !(1..=LONGEST_LOCK).contains(&days)
    {
        return wrong(InvalidOption::LockDays { days });
    }
    encryption(options)?;
    tags(&options.tags)?;
    metadata(&options.metadata)
}

fn encryption(options: &Options) -> Result<()> {
    let with_kms = options.encryption.as_deref().is_some_and(|how| how.starts_with("aws:kms"));
    if options.kms_key_id.is_some() && !with_kms {
        return wrong(InvalidOption::KmsKeyAlone);
    }
    let Some(name) = &options.customer_key else { return Ok(()) };
    if options.encryption.is_some() {
        return wrong(InvalidOption::TwoEncryptions);
    }
    if name.len() != MD5_TEXT || !name.ends_with("==") {
        let detail = "a key of the user's own is named by the MD5 of its bytes, in base64";
        return Err(Fault::new(FaultKind::Unsupported, detail));
    }
    Ok(())
}

fn tags(tags: &[(String, String)]) -> Result<()> {
    if tags.len() > MOST_TAGS {
        return wrong(InvalidOption::Tags { count: tags.len() as u64 });
    }
    let mut seen = HashSet::new();
    for (key, value) in tags {
        let name = shown(key);
        if !(1..=128).contains(&key.chars().count()) || key.chars().any(char::is_control) {
            return wrong(InvalidOption::TagName { name });
        }
        if value.chars().count() > 256 || value.chars().any(char::is_control) {
            return wrong(InvalidOption::TagValue { name });
        }
        if let Some(character) = key.chars().chain(value.chars()).find(|c| !goes_in_a_tag(*c)) {
            return wrong(InvalidOption::TagCharacter { name, character: character.to_string() });
        }
        if key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:")) {
            return wrong(InvalidOption::TagReserved { name });
        }
        if !seen.insert(key) {
            return wrong(InvalidOption::TagTwice { name });
        }
    }
    Ok(())
}

/// Letters, digits, spaces and some symbols. S3 does not count combining marks as letters.
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_S3Tag.html>
fn goes_in_a_tag(c: char) -> bool {
    let is_letter = c.is_alphabetic() && !is_combining_mark(c);
    is_letter || c.is_numeric() || c.is_whitespace() || "+-=._:/@".contains(c)
}

/// Metadata is sent in HTTP headers, whose names allow only these characters.
fn metadata(metadata: &[(String, String)]) -> Result<()> {
    let mut seen = HashSet::new();
    let mut bytes = 0;
    for (key, value) in metadata {
        let name = shown(key);
        if key.is_empty() || !key.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) {
            return wrong(InvalidOption::MetadataName { name });
        }
        header(&format!("x-amz-meta-{key}"), value)?;
        ascii(&format!("x-amz-meta-{key}"), value)?;
        if !seen.insert(key.to_ascii_lowercase()) {
            return wrong(InvalidOption::MetadataTwice { name });
        }
        bytes += key.len() + value.len();
    }
    match bytes > METADATA_LIMIT {
        true => wrong(InvalidOption::MetadataSize { bytes: bytes as u64 }),
        false => Ok(()),
    }
}

/// A line break would start another header.
fn header(name: &str, value: &str) -> Result<()> {
    match value.chars().any(char::is_control) {
        true => wrong(InvalidOption::Characters { header: name.to_owned() }),
        false => Ok(()),
    }
}

/// Headers have no encoding for characters beyond ASCII: the signature would not match.
fn ascii(name: &str, value: &str) -> Result<()> {
    match value.is_ascii() {
        true => Ok(()),
        false => wrong(InvalidOption::NotAscii { header: name.to_owned() }),
    }
}

/// The value without characters that would break the message about it.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).take(128).collect()
}

fn wrong(wrong: InvalidOption) -> Result<()> {
    Err(Fault::because(FaultKind::Unsupported, Reason::Stored { wrong }))
}

/// Over plain http, anybody on the way could read the key. A server on this computer is allowed.
///
/// # Errors
/// `Unsupported`, if a customer key must not be sent to this endpoint.
pub(crate) fn check_way(options: &Options, endpoint: Option<&str>) -> Result<()> {
    let endpoint = endpoint.unwrap_or("https://").trim();
    let plain = endpoint.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://"));
    if options.customer_key.is_none() || !plain || is_loopback(&endpoint[7..]) {
        return Ok(());
    }
    wrong(InvalidOption::KeyNeedsHttps { endpoint: endpoint.to_owned() })
}

fn is_loopback(address: &str) -> bool {
    let host = address.split('/').next().unwrap_or_default();
    let host = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, _)) => host,
        None => host.split(':').next().unwrap_or_default(),
    };
    host.eq_ignore_ascii_case("localhost")
        || host.to_ascii_lowercase().ends_with(".localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A Content-Disposition with which browsers save the object under this name.
pub(crate) fn as_download(name: &str) -> String {
    format!("attachment; {}; {}", plain_name(name), encoded_name(name))
}

/// The Content-Disposition as it is sent: a file name beyond ASCII is sent in both forms of RFC 6266.
/// <https://www.rfc-editor.org/rfc/rfc6266#section-4.3>
///
/// # Errors
/// `Unsupported`, if anything else in it is beyond ASCII.
pub(crate) fn disposition(typed: &str) -> Result<String> {
    if typed.is_ascii() {
        return Ok(typed.to_owned());
    }
    let parameters = parameters(typed);
    let is_named = |parameter: &str, wanted: &str| {
        let name = parameter.split('=').next().unwrap_or_default();
        name.trim().eq_ignore_ascii_case(wanted)
    };
    let has_encoded = parameters.iter().any(|one| is_named(one, "filename*"));
    let mut sent = Vec::new();
    for parameter in &parameters {
        match parameter.split_once('=') {
            Some((_, value)) if !parameter.is_ascii() && is_named(parameter, "filename") => {
                let name = unquoted(value.trim());
                sent.push(plain_name(&name));
                if !has_encoded {
                    sent.push(encoded_name(&name));
                }
            }
            _ => {
                ascii("Content-Disposition", parameter)?;
                sent.push((*parameter).to_owned());
            }
        }
    }
    Ok(sent.join("; "))
}

/// Splits at semicolons outside of quotes.
fn parameters(typed: &str) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    let parted = typed.split(move |c| {
        let is_escaped = std::mem::take(&mut escaped);
        escaped = quoted && c == '\\' && !is_escaped;
        quoted ^= c == '"' && !is_escaped;
        c == ';' && !quoted
    });
    parted.map(str::trim).filter(|parameter| !parameter.is_empty()).collect()
}

fn unquoted(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"') else { return value.to_owned() };
    let mut characters = inner.strip_suffix('"').unwrap_or(inner).chars();
    let mut name = String::new();
    while let Some(c) = characters.next() {
        name.extend(if c == '\\' { characters.next() } else { Some(c) });
    }
    name
}

fn plain_name(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_graphic() && c != '"' && c != '\\' || c == ' ' { c } else { '_' })
        .collect();
    format!("filename=\"{plain}\"")
}

fn encoded_name(name: &str) -> String {
    let all: String = name
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect();
    format!("filename*=UTF-8''{all}")
}

/// The options of an object, sent with its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Options {
    pub storage_class: Option<String>,
    /// `AES256` or `aws:kms`.
    pub encryption: Option<String>,
    pub kms_key_id: Option<String>,
    /// `None` if it is guessed from the file's name.
    pub content_type: Option<String>,
    pub tags: Vec<(String, String)>,
    pub metadata: Vec<(String, String)>,
    pub cache_control: Option<String>,
    pub content_disposition: Option<String>,
    /// One of S3's canned ACLs.
    pub acl: Option<String>,
    pub lock: Option<ObjectLock>,
    pub legal_hold: bool,
    /// The base64 MD5 of the customer key (SSE-C) that it is encrypted with; never the key.
    pub customer_key: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(change: impl FnOnce(&mut Options)) -> Option<String> {
        let mut options = Options::default();
        change(&mut options);
        let fault = check(&options).err()?;
        assert_eq!(fault.kind, FaultKind::Unsupported);
        Some(fault.detail)
    }

    fn lock(days: u32) -> Option<ObjectLock> {
        Some(ObjectLock { mode: LockMode::Governance, days })
    }

    #[test]
    fn what_s3_takes_is_taken() {
        let all = |options: &mut Options| {
            options.storage_class = Some("STANDARD_IA".into());
            options.encryption = Some("aws:kms".into());
            options.kms_key_id = Some("alias/films".into());
            options.content_type = Some("text/html; charset=utf-8".into());
            options.cache_control = Some("public, max-age=3600".into());
            options.content_disposition = Some("attachment; filename=\"Größe.mov\"".into());
            options.acl = Some("bucket-owner-full-control".into());
            options.lock = lock(36_500);
            options.legal_hold = true;
            options.tags = (0..9).map(|n| (format!("größe {n}"), "ü".repeat(256))).collect();
            options.tags.push(("+-=._:/@".into(), "日本 ½\u{a0}x".into()));
            options.metadata = vec![("x-Y_1.z".into(), "a b".into())];
        };
        assert_eq!(with(all), None);
        assert_eq!(with(|options| options.lock = lock(1)), None);
        assert_eq!(with(|o| o.customer_key = Some("1B2M2Y8AsgTpgAmY7PhCfg==".into())), None);
        assert_eq!(with(|o| o.metadata = vec![("k".into(), "v".repeat(2047))]), None);
    }

    #[test]
    fn what_s3_refuses_is_named() {
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let table: [(&str, Option<String>); 24] = [
            ("ACL", with(|o| o.acl = Some("everybody".into()))),
            ("days", with(|o| o.lock = lock(0))),
            ("days", with(|o| o.lock = lock(36_501))),
            ("KMS key", with(|o| o.kms_key_id = Some("k".into()))),
            (
                "KMS key",
                with(|o| {
                    (o.encryption, o.kms_key_id) = (Some("AES256".into()), Some("k".into()));
                }),
            ),
            (
                "not both",
                with(|o| {
                    o.encryption = Some("AES256".into());
                    o.customer_key = Some("1B2M2Y8AsgTpgAmY7PhCfg==".into());
                }),
            ),
            ("MD5", with(|o| o.customer_key = Some("the key itself".into()))),
            ("Cache-Control", with(|o| o.cache_control = Some("a\r\nx-amz-acl: b".into()))),
            ("Content-Disposition", with(|o| o.content_disposition = Some("a\tb".into()))),
            ("10 tags", with(|o| o.tags = (0..11).map(|n| pair(&n.to_string(), "")).collect())),
            (
                "the tag \"a\" is given twice",
                with(|o| o.tags = vec![pair("a", "1"), pair("a", "2")]),
            ),
            ("1 to 128", with(|o| o.tags = vec![pair("", "1")])),
            ("\"&\"", with(|o| o.tags = vec![pair("r&d", "1")])),
            ("\"🎬\"", with(|o| o.tags = vec![pair("film", "🎬")])),
            ("\"\u{308}\"", with(|o| o.tags = vec![pair("u\u{308}", "1")])),
            ("\"*\"", with(|o| o.tags = vec![pair("a", "1*")])),
            ("aws:", with(|o| o.tags = vec![pair("AWS:x", "1")])),
            ("ASCII", with(|o| o.metadata = vec![pair("a", "ü")])),
            ("ASCII", with(|o| o.cache_control = Some("größe".into()))),
            ("ASCII", with(|o| o.content_disposition = Some("größe; filename=a".into()))),
            ("letters", with(|o| o.metadata = vec![pair("a:b", "1")])),
            ("is given twice", with(|o| o.metadata = vec![pair("a", "1"), pair("A", "2")])),
            ("control", with(|o| o.metadata = vec![pair("a", "1\n2")])),
            ("2,048", with(|o| o.metadata = vec![pair("k", &"v".repeat(2048))])),
        ];
        for (said, detail) in table {
            let detail = detail.unwrap_or_default();
            assert!(detail.contains(said), "{said}: {detail}");
        }
    }

    #[test]
    fn a_key_of_one_s_own_goes_only_where_nobody_listens() {
        let own = Options { customer_key: Some("x".into()), ..Options::default() };
        let goes = |options: &Options, endpoint: Option<&str>| check_way(options, endpoint).is_ok();
        for endpoint in [
            None,
            Some("https://s3.example.com"),
            Some("http://127.0.0.1:9000"),
            Some("http://[::1]:9000/"),
            Some("http://localhost"),
            Some("HTTP://S3.localhost:1"),
        ] {
            assert!(goes(&own, endpoint), "{endpoint:?}");
        }
        for endpoint in
            ["http://s3.example.com", "http://127.0.0.1.example.com", "http://10.0.0.1:9"]
        {
            assert!(!goes(&own, Some(endpoint)), "{endpoint}");
            assert!(goes(&Options::default(), Some(endpoint)), "{endpoint}");
        }
    }

    #[test]
    fn old_rows_read() {
        let row = r#"{"storageClass":"STANDARD_IA","tags":[["a","b"]]}"#;
        let options: Options = serde_json::from_str(row).unwrap();
        assert_eq!(options.storage_class.as_deref(), Some("STANDARD_IA"));
        assert_eq!((options.lock, options.legal_hold, options.customer_key), (None, false, None));
    }
}
