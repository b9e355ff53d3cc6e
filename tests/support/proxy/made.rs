//! Responses that the proxy makes itself.

use super::rule::Act;

const PLAIN: &str = "made by the test's proxy";

/// What is sent in the server's place, where the act is one that answers.
pub(super) fn answer(act: &Act, method: &str) -> Option<Vec<u8>> {
    let head_only = method == "HEAD";
    match act {
        Act::Answer { status, code, retry_after } => {
            Some(error(*status, code, PLAIN, *retry_after, head_only))
        }
        Act::Say { status, code, message } => Some(error(*status, code, message, None, head_only)),
        Act::Xml(text) => Some(document(200, "OK", "", text, head_only)),
        Act::Page { status } => Some(page(*status, head_only)),
        _ => None,
    }
}

/// Of the answer that is made.
pub(super) fn status(act: &Act) -> u16 {
    match act {
        Act::Answer { status, .. } | Act::Say { status, .. } | Act::Page { status } => *status,
        _ => 200,
    }
}

/// An error as S3 tells it.
fn error(
    status: u16,
    code: &str,
    message: &str,
    retry_after: Option<u32>,
    head_only: bool,
) -> Vec<u8> {
    let message = message.replace('&', "&amp;").replace('<', "&lt;");
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code>\
         <Message>{message}</Message><RequestId>PROXY</RequestId></Error>"
    );
    let retry =
        retry_after.map(|seconds| format!("Retry-After: {seconds}\r\n")).unwrap_or_default();
    document(status, code, &retry, &text, head_only)
}

fn document(status: u16, words: &str, headers: &str, text: &str, head_only: bool) -> Vec<u8> {
    let body = if head_only { "" } else { text };
    format!(
        "HTTP/1.1 {status} {words}\r\nContent-Type: application/xml\r\nx-amz-request-id: PROXY\r\n{headers}\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// As a portal answers that wants a signature first, or a proxy that cannot go on.
fn page(status: u16, head_only: bool) -> Vec<u8> {
    let text = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head>\
                <body><form action=\"/login\">Welcome. Accept the terms to go on.</form></body></html>\n";
    let away =
        if (300..400).contains(&status) { "Location: http://login.invalid/\r\n" } else { "" };
    let body = if head_only { "" } else { text };
    format!(
        "HTTP/1.1 {status} Page\r\nContent-Type: text/html\r\n{away}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
