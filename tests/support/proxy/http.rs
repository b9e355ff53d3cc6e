//! HTTP/1.1 on the wire: heads, and bodies by their framing.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt, AsyncWrite, AsyncWriteExt},
    time::Instant,
};

const LONGEST_HEAD: usize = 1 << 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Body {
    Length(u64),
    Chunked,
    UntilEnd,
}

/// A request's or a response's head.
pub(super) struct Head {
    /// As it came, the empty line at its end included.
    pub(super) raw: Vec<u8>,
    pub(super) first_line: String,
    headers: Vec<(String, String)>,
}

impl Head {
    /// `None` at the end of the connection.
    pub(super) async fn read(from: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Head>> {
        let mut raw = Vec::new();
        loop {
            let line = raw.len();
            if from.read_until(b'\n', &mut raw).await? == 0 {
                return if raw.is_empty() {
                    Ok(None)
                } else {
                    Err(broken("a head that ends in the middle"))
                };
            }
            if matches!(&raw[line..], b"\r\n" | b"\n") {
                break;
            }
            if raw.len() > LONGEST_HEAD {
                return Err(broken("a head without end"));
            }
        }
        Ok(Some(Head::parse(raw)))
    }

    fn parse(raw: Vec<u8>) -> Head {
        let text = String::from_utf8_lossy(&raw).into_owned();
        let mut lines = text.lines();
        let first_line = lines.next().unwrap_or_default().to_string();
        let headers = lines.filter_map(|line| line.split_once(':'));
        let headers = headers
            .map(|(name, value)| (name.trim().to_lowercase(), value.trim().to_string()))
            .collect();
        Head { raw, first_line, headers }
    }

    /// Each header line as `edit` wants what follows the colon, `None` to take the line out. The first line stays, and
    /// so does every byte of a line that is to be as it is.
    pub(super) fn edited(&self, edit: impl Fn(&str, &str) -> Option<String>) -> Head {
        let mut raw = Vec::new();
        for (at, line) in self.raw.split_inclusive(|byte| *byte == b'\n').enumerate() {
            match line.iter().position(|byte| *byte == b':').filter(|_| at > 0) {
                Some(colon) => {
                    let (name, rest) = line.split_at(colon + 1);
                    let (said, rest) =
                        (String::from_utf8_lossy(name), String::from_utf8_lossy(rest));
                    match edit(said.trim_end_matches(':').trim(), &rest) {
                        Some(same) if same == rest => raw.extend_from_slice(line),
                        Some(other) => raw.extend([name, other.as_bytes()].concat()),
                        None => {}
                    }
                }
                None => raw.extend_from_slice(line),
            }
        }
        Head::parse(raw)
    }

    /// With one header more, before the empty line.
    pub(super) fn with(self, name: &str, value: &str) -> Head {
        let mut raw = self.raw;
        let end = raw.len() - 2;
        raw.splice(end..end, format!("{name}: {value}\r\n").into_bytes());
        Head::parse(raw)
    }

    /// For a body of this length that goes out in one piece, unasked for.
    pub(super) fn with_length(&self, length: usize) -> Head {
        const FRAMING: [&str; 4] = ["content-length", "transfer-encoding", "trailer", "expect"];
        let kept = |name: &str, rest: &str| {
            let framing = FRAMING.iter().any(|one| name.eq_ignore_ascii_case(one));
            (!framing).then(|| rest.to_string())
        };
        let mut raw = self.edited(kept).raw;
        let end = if raw.ends_with(b"\r\n") { 2 } else { 1 };
        raw.truncate(raw.len() - end);
        raw.extend_from_slice(format!("Content-Length: {length}\r\n\r\n").as_bytes());
        Head::parse(raw)
    }

    /// The names in lower case.
    pub(super) fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn ends_connection(&self) -> bool {
        self.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"))
    }

    pub(super) fn request_body(&self) -> Body {
        self.framed().unwrap_or(Body::Length(0))
    }

    pub(super) fn status(&self) -> u16 {
        self.first_line.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0)
    }

    pub(super) fn response_body(&self, method: &str) -> Body {
        if method == "HEAD" || self.status() < 200 || matches!(self.status(), 204 | 304) {
            return Body::Length(0);
        }
        self.framed().unwrap_or(Body::UntilEnd)
    }

    fn framed(&self) -> Option<Body> {
        if self
            .header("transfer-encoding")
            .is_some_and(|value| value.to_lowercase().ends_with("chunked"))
        {
            return Some(Body::Chunked);
        }
        self.header("content-length").and_then(|value| value.parse().ok()).map(Body::Length)
    }
}

/// How a body is passed on.
#[derive(Default)]
pub(super) struct Pass {
    /// Body bytes that went through, framing not counted: to be read while they go.
    pub(super) count: Arc<AtomicU64>,
    /// Stop after so many.
    pub(super) limit: Option<u64>,
    pub(super) bytes_per_second: Option<u64>,
    /// Turn over one bit of the byte at this place.
    pub(super) flip: Option<u64>,
}

impl Pass {
    /// Passes a body on, in pieces. `Ok(false)` when it stopped at its limit.
    pub(super) async fn body(
        &self,
        body: Body,
        from: &mut (impl AsyncBufRead + Unpin),
        to: &mut (impl AsyncWrite + Unpin),
    ) -> io::Result<bool> {
        match body {
            Body::Length(length) => self.bytes(Some(length), from, to).await,
            Body::UntilEnd => self.bytes(None, from, to).await,
            Body::Chunked => loop {
                let line = line(from).await?;
                let size = chunk_size(&line)?;
                to.write_all(&line).await.map_err(refused)?;
                if size > 0 && !self.bytes(Some(size), from, to).await? {
                    return Ok(false);
                }
                // the line's end after a chunk; after the last one trailers, up to an empty line
                loop {
                    let line = self::line(from).await?;
                    to.write_all(&line).await.map_err(refused)?;
                    if size > 0 || matches!(&line[..], b"\r\n" | b"\n") {
                        break;
                    }
                }
                if size == 0 {
                    to.flush().await?;
                    return Ok(true);
                }
            },
        }
    }

    async fn bytes(
        &self,
        length: Option<u64>,
        from: &mut (impl AsyncBufRead + Unpin),
        to: &mut (impl AsyncWrite + Unpin),
    ) -> io::Result<bool> {
        let (start, mut passed) = (Instant::now(), 0);
        loop {
            let before = self.count.load(Ordering::Relaxed);
            let mut want = length.map_or(u64::MAX, |length| length - passed);
            if let Some(limit) = self.limit {
                let until_limit = limit.saturating_sub(before);
                if until_limit == 0 {
                    to.flush().await.map_err(refused)?;
                    return Ok(false);
                }
                want = want.min(until_limit);
            }
            if want == 0 {
                break;
            }
            if let Some(rate) = self.bytes_per_second {
                // small pieces, or a slow link would look like one that stands and jumps
                want = want.min((rate / 20).max(1));
            }
            let piece = from.fill_buf().await.map_err(|_| broken("a body that breaks off"))?;
            if piece.is_empty() {
                return if length.is_none() {
                    Ok(true)
                } else {
                    Err(broken("a body that ends in the middle"))
                };
            }
            let n = usize::try_from(want).unwrap_or(usize::MAX).min(piece.len());
            match self
                .flip
                .and_then(|at| usize::try_from(at.checked_sub(before)?).ok())
                .filter(|at| *at < n)
            {
                Some(at) => {
                    let mut damaged = piece[..n].to_vec();
                    damaged[at] ^= 1;
                    to.write_all(&damaged).await.map_err(refused)?;
                }
                None => to.write_all(&piece[..n]).await.map_err(refused)?,
            }
            from.consume(n);
            passed += n as u64;
            self.count.fetch_add(n as u64, Ordering::Relaxed);
            if let Some(rate) = self.bytes_per_second {
                let due = start + Duration::from_secs_f64(passed as f64 / rate as f64);
                to.flush().await?;
                tokio::time::sleep_until(due).await;
            }
        }
        to.flush().await?;
        Ok(true)
    }
}

/// The whole of a body, without the framing and trailers of its chunks.
pub(super) async fn contents(
    body: Body,
    from: &mut (impl AsyncBufRead + Unpin),
) -> io::Result<Vec<u8>> {
    let (pass, mut whole) = (Pass::default(), Vec::new());
    if body != Body::Chunked {
        pass.body(body, from, &mut whole).await?;
        return Ok(whole);
    }
    loop {
        let size = chunk_size(&line(from).await?)?;
        pass.bytes(Some(size), from, &mut whole).await?;
        // the line's end after a chunk; after the last one trailers, up to an empty line
        while !matches!(&line(from).await?[..], b"\r\n" | b"\n") {}
        if size == 0 {
            return Ok(whole);
        }
    }
}

fn chunk_size(line: &[u8]) -> io::Result<u64> {
    let line = String::from_utf8_lossy(line);
    let size = line.split([';', '\r', '\n']).next().unwrap_or_default();
    u64::from_str_radix(size.trim(), 16).map_err(|_| broken("a chunk without a size"))
}

async fn line(from: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    match from.read_until(b'\n', &mut line).await? {
        0 => Err(broken("a body that ends in the middle")),
        _ => Ok(line),
    }
}

fn broken(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

/// The one that is written to takes no more; told apart from a sender that breaks off.
fn refused(reason: io::Error) -> io::Error {
    io::Error::new(io::ErrorKind::BrokenPipe, reason)
}
