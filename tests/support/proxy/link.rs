//! One client's connection and its connection to the server, request by request.

use super::{
    Shared,
    http::{self, Body, Head, Pass},
    made,
    rule::{self, Act, Seen},
    server_quirks::Guise,
};
use std::{
    future::pending,
    io,
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    time::{sleep, timeout},
};

const BUFFER: usize = 64 * 1024;

struct Side {
    read: BufReader<OwnedReadHalf>,
    write: OwnedWriteHalf,
}

impl Side {
    fn new(stream: TcpStream) -> io::Result<Side> {
        stream.set_nodelay(true)?;
        let (read, write) = stream.into_split();
        Ok(Side { read: BufReader::with_capacity(BUFFER, read), write })
    }

    /// Closes, but not in the face of a client that still sends: it would lose the answer.
    async fn close(mut self) -> io::Result<()> {
        self.write.shutdown().await?;
        let _ = timeout(
            Duration::from_secs(1),
            tokio::io::copy(&mut self.read, &mut tokio::io::sink()),
        )
        .await;
        Ok(())
    }
}

/// One request after the other. Returns when either side ends, or a fault ended it.
pub(super) async fn run(client: TcpStream, shared: &Shared) -> io::Result<()> {
    let mut client = Side::new(client)?;
    let mut server: Option<Side> = None;
    while let Some(head) = Head::read(&mut client.read).await? {
        let count = Arc::new(AtomicU64::new(0));
        let seen = Seen { headers: head.headers().into(), ..rule::seen(&head.first_line) };
        let method = seen.method.clone();
        let (number, act, guise) = shared.arrived(seen, count.clone());
        let mut pass = Pass { count, ..Pass::default() };
        let made = act.as_ref().and_then(|act| made::answer(act, &method));
        match &act {
            Some(act @ (Act::Answer { .. } | Act::Say { .. } | Act::Page { .. } | Act::Xml(_))) => {
                // a client that asks before it sends gets its answer before it does
                let asks = head.header("expect").is_some();
                if !asks {
                    pass.body(head.request_body(), &mut client.read, &mut tokio::io::sink())
                        .await?;
                }
                client.write.write_all(&made.unwrap_or_default()).await?;
                shared.answered(number, made::status(act));
                shared.passed(number);
                if asks || head.ends_connection() {
                    return client.close().await;
                }
                continue;
            }
            Some(Act::CloseAfter(0)) => return Ok(()),
            Some(Act::StallAfter(0)) => pending().await,
            Some(Act::CloseAfter(bytes) | Act::StallAfter(bytes)) => pass.limit = Some(*bytes),
            // the server may have ended an idle connection meanwhile: the request goes over a new one
            Some(Act::Delay(time)) => {
                sleep(*time).await;
                server = None;
            }
            Some(Act::Hold) => {
                shared.hold().await;
                server = None;
            }
            Some(Act::Slow(rate)) => pass.bytes_per_second = Some(*rate),
            Some(Act::Flip(at)) => pass.flip = Some(*at),
            Some(Act::DropAnswer | Act::HoldAnswer | Act::LateAnswer(_) | Act::CutAnswer(_))
            | None => {}
        }

        let (head, instead) = heard(&guise, head, &mut client).await?;
        let beside = match &mut server {
            Some(server) => server,
            none => none.insert(Side::new(TcpStream::connect(shared.server).await?)?),
        };
        beside.write.write_all(&head.raw).await?;
        let reported = |status| shared.answered(number, status);
        let mut from = (&instead[..]).chain(&mut client.read);
        let up = pass.body(head.request_body(), &mut from, &mut beside.write);
        let mut kept = Vec::new();
        let whole = Pass::default();
        let down = Down { method: &method, guise: &guise, read: &mut beside.read };
        let result = match act {
            Some(Act::DropAnswer | Act::HoldAnswer | Act::LateAnswer(_)) => {
                exchange(up, down.answer(&mut kept, &whole, reported)).await?
            }
            Some(Act::CutAnswer(bytes)) => {
                let cut = Pass { limit: Some(bytes), ..Pass::default() };
                exchange(up, down.answer(&mut client.write, &cut, reported)).await?
            }
            _ => exchange(up, down.answer(&mut client.write, &whole, reported)).await?,
        };
        match (&result, &act) {
            (Exchange::Cut, Some(Act::StallAfter(_))) => pending().await,
            (Exchange::Cut, _) | (_, Some(Act::DropAnswer)) => return Ok(()),
            (_, Some(Act::CutAnswer(_))) => return client.close().await,
            (_, Some(Act::HoldAnswer)) => {
                shared.hold().await;
                client.write.write_all(&kept).await?;
            }
            (_, Some(Act::LateAnswer(time))) => {
                sleep(*time).await;
                client.write.write_all(&kept).await?;
            }
            _ => {}
        }
        shared.passed(number);
        match result {
            Exchange::Answered { ends: false } if !head.ends_connection() => {}
            _ => return client.close().await,
        }
    }
    Ok(())
}

enum Exchange {
    /// In turn; `ends`: the server says that the connection does.
    Answered { ends: bool },
    /// Before the whole body was sent: what follows on the connection is not a request.
    Early,
    /// The body was cut at its limit.
    Cut,
}

/// Body up and answer down at once: a server may answer before it has read all, or ask for the body by a 100.
async fn exchange(
    up: impl Future<Output = io::Result<bool>>,
    down: impl Future<Output = io::Result<bool>>,
) -> io::Result<Exchange> {
    tokio::pin!(up, down);
    tokio::select! {
        // an answer that is there as soon as the body is gone is not early
        biased;
        passed = &mut up => match passed {
            Ok(true) => Ok(Exchange::Answered { ends: down.await? }),
            Ok(false) => Ok(Exchange::Cut),
            // the server reads no more; it may have said why
            Err(e) if e.kind() == io::ErrorKind::BrokenPipe => {
                timeout(Duration::from_secs(2), down).await.map_err(|_| e)??;
                Ok(Exchange::Early)
            }
            Err(e) => Err(e),
        },
        answered = &mut down => answered.map(|_| Exchange::Early),
    }
}

/// The request as the server is to get it: its head, and what it gets in place of the body, if anything.
async fn heard(guise: &Guise, head: Head, client: &mut Side) -> io::Result<(Head, Vec<u8>)> {
    let sent = guise.heard(&head);
    if !guise.rereads() {
        return Ok((sent, Vec::new()));
    }
    if head.header("expect").is_some() {
        client.write.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
    }
    let body = http::contents(head.request_body(), &mut client.read).await?;
    let body = guise.reread(body);
    Ok((sent.with_length(body.len()), body))
}

/// The way of an answer.
struct Down<'a> {
    method: &'a str,
    guise: &'a Guise,
    read: &'a mut BufReader<OwnedReadHalf>,
}

impl Down<'_> {
    /// Passes the answer down, with what comes before it. Whether it says that the connection ends.
    async fn answer(
        self,
        to: &mut (impl AsyncWrite + Unpin),
        pass: &Pass,
        reported: impl Fn(u16),
    ) -> io::Result<bool> {
        loop {
            let head = Head::read(self.read).await?.ok_or(io::ErrorKind::UnexpectedEof)?;
            let mut head = self.guise.said(&head);
            let framed = head.response_body(self.method);
            let (mut body, mut instead) = (framed, Vec::new());
            if framed != Body::Length(0) && self.guise.retells(&head) {
                instead = self.guise.retold(http::contents(framed, self.read).await?);
                head = head.with_length(instead.len());
                body = head.response_body(self.method);
            }
            to.write_all(&head.raw).await?;
            to.flush().await?;
            if head.status() >= 200 {
                reported(head.status());
                pass.body(body, &mut (&instead[..]).chain(self.read), to).await?;
                return Ok(head.ends_connection() || framed == Body::UntilEnd);
            }
        }
    }
}
