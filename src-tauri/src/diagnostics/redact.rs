//! Takes secrets out of text. No secret is logged on purpose; this is the net below, for what a library or a server says.

use regex_lite::Regex;
use std::sync::LazyLock;

/// What stands in place of a secret.
const REDACTED: &str = "[redacted]";

/// Each with what stays of it: the words around the secret.
static SECRETS: LazyLock<Vec<(Regex, String)>> = LazyLock::new(|| {
    let with = |pattern: &str, stays: &str| {
        Regex::new(pattern).ok().map(|found| (found, stays.replace('*', REDACTED)))
    };
    let all = [
        // the header of a signed or bearer-authorised request, to the end of its line
        with(r#"(?i)(authorization["']?\s*[:=]\s*["']?)[^"'\r\n]+"#, "${1}*"),
        // a presigned link
        with(r#"(?i)(x-amz-(?:signature|credential|security-token)=)[^&\s"']+"#, "${1}*"),
        // a user and a password in an address
        with(r"([a-zA-Z][a-zA-Z0-9+.-]*://)[^/\s:@]+:[^/\s@]+@", "${1}*@"),
        // something that is called a secret
        with(
            r#"(?i)((?:secret|password|passphrase|token|customer[-_]key)[a-z_-]*["']?\s*[:=]\s*["']?)[^\s"',;&]+"#,
            "${1}*",
        ),
        // an access key ID
        with(r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b", "*"),
    ];
    all.into_iter().flatten().collect()
});

/// The text without secrets.
pub(super) fn redacted(text: &str) -> String {
    SECRETS.iter().fold(text.to_owned(), |text, (secret, stays)| {
        secret.replace_all(&text, stays.as_str()).into_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_and_what_explains_stays() {
        assert_eq!(SECRETS.len(), 5, "each pattern compiles");
        for (text, secret) in [
            ("Authorization: AWS4-HMAC-SHA256 Credential=AK/2026, Signature=f00d", "f00d"),
            (r#"{"authorization": "Bearer eyJhbGci"}"#, "eyJhbGci"),
            ("https://b.s3.amazonaws.com/k?X-Amz-Date=1&X-Amz-Signature=beef&x-id=1", "beef"),
            ("X-Amz-Credential=AKIDEXAMPLE%2F2026", "AKIDEXAMPLE"),
            ("proxy http://ada:hunter2@proxy.example:3128 refused", "hunter2"),
            ("aws_secret_access_key = wJalrXUtnFEMI", "wJalr"),
            (r#"SecretAccessKey: "wJalrXUtnFEMI""#, "wJalr"),
            ("refresh_token=abcdef", "abcdef"),
            ("the key AKIAIOSFODNN7EXAMPLE is not known", "AKIAIOSFODNN7"),
        ] {
            let left = redacted(text);
            assert!(!left.contains(secret) && left.contains(REDACTED), "{text} -> {left}");
        }
        let kept = "PUT http://127.0.0.1:9000/b/k?partNumber=3 failed: connection reset, 10:30:11";
        assert_eq!(redacted(kept), kept);
    }
}
