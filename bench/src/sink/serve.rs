//! The requests of one connection, one after the other: head, body, response.

use super::{
    FailWith, Sink, answer,
    answer::Answer,
    body::{self, Want},
    connection::Connection,
    head::Head,
    sums::Hasher,
};
use std::{io, thread};

pub(super) fn requests(sink: &Sink, connection: &mut Connection) -> io::Result<()> {
    while let Some(head) = connection.head()? {
        if sink.options.log {
            eprintln!("{}", String::from_utf8_lossy(&head).trim_end());
        }
        let head = Head::parse(&head);
        if !head.is_control() {
            sink.stats.touch();
        }
        let close = head.header_has("connection", "close");
        let answer = request(sink, connection, &head)?;
        connection.send(&answer.bytes(&head, close))?;
        if !head.is_control() {
            sink.stats.touch();
        }
        if close {
            break;
        }
    }
    Ok(())
}

fn request(sink: &Sink, connection: &mut Connection, head: &Head) -> io::Result<Answer> {
    let uploading = head.is_part() || head.is_object();
    let _in_flight = uploading.then(|| sink.stats.uploading());
    let mut fails = false;
    if uploading {
        *sink.stats.counts().styles.entry(style(head)).or_default() += 1;
        count_again(sink, head);
        fails = sink.options.fail_rate > 0.0 && sink.stats.draw() < sink.options.fail_rate;
    }
    if fails {
        sink.stats.counts().injected += 1;
    }
    if fails && sink.options.fail_with == FailWith::Reset {
        // half of it first: the client is in the middle of its body
        connection.discard(head.length().unwrap_or_default() / 2)?;
        connection.break_off()?;
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let refused = uploading && sink.options.no_trailers && head.payload().ends_with("-TRAILER");
    let waits = head.header_has("expect", "100-continue");
    if waits && refused {
        // the client has not begun with its body, and will not
        return Ok(answer::no_trailers());
    }
    if waits {
        connection.send(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    let want = if refused {
        Want::Nothing
    } else if uploading && sink.options.verify {
        Want::Sums(Hasher::for_request(head))
    } else if uploading {
        Want::Nothing
    } else {
        Want::Text(Vec::new())
    };
    let body = body::read(connection, head, want).inspect_err(|_| {
        if uploading {
            sink.stats.counts().torn += 1;
        }
    })?;
    if !head.is_control() && !sink.options.latency.is_zero() {
        thread::sleep(sink.options.latency);
    }
    if refused {
        return Ok(answer::no_trailers());
    }
    if fails {
        return Ok(answer::slow_down());
    }
    Ok(answer::to(sink, head, &body))
}

/// A part, or a key that no part has, whose body comes a second time.
fn count_again(sink: &Sink, head: &Head) {
    let upload = head.query("uploadId").map_or_else(|| head.object_name(), str::to_string);
    let number = head.query("partNumber").and_then(|n| n.parse().ok()).unwrap_or(0);
    if !sink.store.held().begun.insert((upload, number)) {
        *sink.stats.counts().again.entry(head.object_name()).or_default() += 1;
    }
}

/// How the body is signed and summed, for the table.
fn style(head: &Head) -> String {
    let mut style = match head.payload() {
        "" if head.header_has("authorization", "aws ") => "signature 2".to_string(),
        "" => "no payload hash".to_string(),
        hash if hash.len() == 64 => "SHA-256 of the payload".to_string(),
        named => named.to_string(),
    };
    for algorithm in super::sums::ALL {
        if head.header(algorithm.header()).is_some() {
            style = format!("{style} + {} header", algorithm.name());
        }
    }
    if let Some(trailer) = head.header("x-amz-trailer") {
        style = format!("{style} + {} trailer", trailer.trim_start_matches("x-amz-checksum-"));
    }
    if head.header("content-md5").is_some() {
        style.push_str(" + MD5");
    }
    style
}
