//! A range of a file as a request's body: read by position in small pieces, summed and counted as it leaves, held to the
//! speed limit. Knows no server; holds a few pieces in memory, whatever the part's size.

use crate::fault::{Fault, FaultKind};
use crate::pace::Limit;
use crate::part::Tick;
use crate::source::read_at;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use md5::{Digest as _, Md5};
use std::fs::File;
use std::ops::Range;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

/// Bytes of one read. Measured cheapest from 64 to 256 KiB; small ones keep memory and the limit's steps small.
const PIECE: usize = 64 * 1024;

/// A body that has not moved for this long is on a dead connection.
pub(crate) const STALL_LIMIT: Duration = Duration::from_secs(30);
/// Once all is handed over, the system's buffers are still to be emptied, and the server has to store it.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);
/// Where parts before took a few seconds each, this is silence enough.
const PROVEN_LIMIT: Duration = Duration::from_secs(20);

/// Buffers that have been sent and can be filled again.
#[derive(Clone, Default)]
pub(crate) struct Pool(Arc<Mutex<Vec<Vec<u8>>>>);

/// More than this many idle buffers are let go: 256 connections' worth would be 16 MiB for nothing.
const IDLE_BUFFERS: usize = 64;

impl Pool {
    fn buffers(&self) -> MutexGuard<'_, Vec<Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Vec<u8> {
        let buffer = self.buffers().pop();
        buffer.unwrap_or_else(|| vec![0; PIECE])
    }
}

struct Pooled {
    buffer: Vec<u8>,
    filled: usize,
    pool: Pool,
}

impl AsRef<[u8]> for Pooled {
    fn as_ref(&self) -> &[u8] {
        &self.buffer[..self.filled]
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        let mut buffers = self.pool.buffers();
        if buffers.len() < IDLE_BUFFERS {
            buffers.push(std::mem::take(&mut self.buffer));
        }
    }
}

/// The speed limit of all uploads together, and the clock it is measured by.
pub(crate) struct Throttle {
    limit: Mutex<Limit>,
    opened: Instant,
}

impl Throttle {
    pub(crate) fn new(limit: Option<u64>, opened: Instant) -> Self {
        Self { limit: Mutex::new(Limit::new(limit)), opened }
    }

    fn limit(&self) -> MutexGuard<'_, Limit> {
        self.limit.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set(&self, limit: Option<u64>) {
        self.limit().set(limit);
    }

    fn take(&self, bytes: usize) -> Result<(), Tick> {
        self.limit().take(self.opened.elapsed(), bytes as u64)
    }
}

/// What the bytes of a part summed up to as they left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sums {
    pub(crate) crc64: u64,
    pub(crate) md5: Option<[u8; 16]>,
}

/// One try at sending a part, seen from outside its body.
pub(crate) struct Flow {
    sent: AtomicU64,
    ended: Mutex<Option<Result<Sums, Fault>>>,
    began: Instant,
    /// How many times the usual silence is borne: more where parts before were given up and the link is only slow.
    pub(crate) stretch: u32,
    /// How long parts took lately, where one has arrived.
    usual: Option<Duration>,
    given_up: AtomicBool,
    /// The speed limit keeps its next piece back: that is no silence of the connection.
    held: AtomicBool,
}

impl Flow {
    pub(crate) fn new(stretch: u32, usual: Option<Duration>) -> Self {
        Self {
            sent: AtomicU64::new(0),
            ended: Mutex::default(),
            began: Instant::now(),
            stretch,
            usual,
            given_up: AtomicBool::new(false),
            held: AtomicBool::new(false),
        }
    }

    /// The silence after which its connection must be dead.
    pub(crate) fn silence(&self) -> Duration {
        let limit = if self.ended().is_some() { ANSWER_LIMIT } else { STALL_LIMIT };
        match self.usual {
            Some(usual) if self.stretch <= 1 => limit.min(PROVEN_LIMIT.max(usual * 4)),
            _ => limit * self.stretch,
        }
    }

    pub(crate) fn is_held(&self) -> bool {
        self.held.load(Ordering::Relaxed)
    }

    /// It was silent for too long.
    pub(crate) fn give_up(&self) {
        self.given_up.store(true, Ordering::Relaxed);
    }

    pub(crate) fn was_given_up(&self) -> bool {
        self.given_up.load(Ordering::Relaxed)
    }

    pub(crate) fn age(&self) -> Duration {
        self.began.elapsed()
    }

    /// Body bytes handed to the connection so far.
    pub(crate) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// The sums, once all is sent; or why reading stopped.
    pub(crate) fn ended(&self) -> Option<Result<Sums, Fault>> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn end(&self, how: Result<Sums, Fault>) {
        *self.ended.lock().unwrap_or_else(PoisonError::into_inner) = Some(how);
    }
}

/// What a body needs of the world.
#[derive(Clone)]
pub(crate) struct Feed {
    pub(crate) file: Arc<File>,
    pub(crate) pool: Pool,
    pub(crate) throttle: Arc<Throttle>,
    /// Every byte that leaves for this upload, tries included.
    pub(crate) outgoing: Arc<AtomicU64>,
    /// MD5 too, for a server that has no newer checksum.
    pub(crate) md5: bool,
}

pub(crate) struct RangeBody {
    feed: Feed,
    flow: Arc<Flow>,
    range: Range<u64>,
    crc64: crc_fast::Digest,
    md5: Option<Md5>,
    held: Option<Pin<Box<tokio::time::Sleep>>>,
}

impl RangeBody {
    pub(crate) fn new(feed: Feed, flow: Arc<Flow>, range: Range<u64>) -> Self {
        let crc64 = crc_fast::Digest::new(crc_fast::CrcAlgorithm::Crc64Nvme);
        let md5 = feed.md5.then(Md5::new);
        let body = Self { feed, flow, range, crc64, md5, held: None };
        if body.range.is_empty() {
            // an empty body is never polled: its sums are those of nothing
            body.flow.end(Ok(body.sums()));
        }
        body
    }

    fn sums(&self) -> Sums {
        Sums {
            crc64: self.crc64.finalize(),
            md5: self.md5.clone().map(|md5| md5.finalize().into()),
        }
    }

    fn piece(&mut self, length: usize) -> std::io::Result<Bytes> {
        let mut buffer = self.feed.pool.take();
        let filled = match read_at(&self.feed.file, &mut buffer[..length], self.range.start) {
            Ok(filled) => filled,
            Err(error) => {
                let detail =
                    format!("reading the file failed at byte {}: {error}", self.range.start);
                self.flow.end(Err(Fault::new(FaultKind::SourceMissing, detail)));
                return Err(error);
            }
        };
        if filled < length {
            let detail = "the file became shorter while it was sent";
            self.flow.end(Err(Fault::new(FaultKind::SourceChanged, detail)));
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let piece = Bytes::from_owner(Pooled { buffer, filled, pool: self.feed.pool.clone() });
        self.crc64.update(&piece);
        if let Some(md5) = &mut self.md5 {
            md5.update(&piece);
        }
        self.range.start += filled as u64;
        self.flow.sent.fetch_add(filled as u64, Ordering::Relaxed);
        self.feed.outgoing.fetch_add(filled as u64, Ordering::Relaxed);
        if self.range.is_empty() {
            self.flow.end(Ok(self.sums()));
        }
        Ok(piece)
    }
}

impl Body for RangeBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        let left = self.range.end - self.range.start;
        if left == 0 {
            return Poll::Ready(None);
        }
        let length = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
        loop {
            if let Some(held) = &mut self.held {
                std::task::ready!(held.as_mut().poll(context));
                self.held = None;
            }
            match self.feed.throttle.take(length) {
                Ok(()) => {
                    self.flow.held.store(false, Ordering::Relaxed);
                    break;
                }
                Err(until) => {
                    self.flow.held.store(true, Ordering::Relaxed);
                    let at = tokio::time::Instant::from_std(self.feed.throttle.opened + until);
                    self.held = Some(Box::pin(tokio::time::sleep_until(at)));
                }
            }
        }
        // Read here and not on another thread: the page cache answers at once, and a hop a piece costs more than it saves.
        // The engine runs on threads of its own, so that a slow disk holds up nobody else.
        Poll::Ready(Some(self.piece(length).map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.range.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.range.end - self.range.start)
    }
}

use std::future::Future as _;

/// The sum of a range without sending it.
///
/// # Errors
/// The system's own; `UnexpectedEof` where the file is shorter.
pub(crate) fn sums_of(file: &File, range: Range<u64>, with_md5: bool) -> std::io::Result<Sums> {
    let mut buffer = vec![0; PIECE];
    let mut crc64 = crc_fast::Digest::new(crc_fast::CrcAlgorithm::Crc64Nvme);
    let mut md5 = with_md5.then(Md5::new);
    let mut at = range.start;
    while at < range.end {
        let length = usize::try_from(range.end - at).unwrap_or(PIECE).min(PIECE);
        if read_at(file, &mut buffer[..length], at)? < length {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        crc64.update(&buffer[..length]);
        if let Some(md5) = &mut md5 {
            md5.update(&buffer[..length]);
        }
        at += length as u64;
    }
    Ok(Sums { crc64: crc64.finalize(), md5: md5.map(|md5| md5.finalize().into()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn drained(mut body: RangeBody) -> Result<Vec<u8>, std::io::Error> {
        let mut all = Vec::new();
        while let Some(frame) =
            std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await
        {
            all.extend_from_slice(&frame?.into_data().unwrap());
        }
        Ok(all)
    }

    fn feed(bytes: &[u8], limit: Option<u64>) -> (Feed, tempfile::NamedTempFile) {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let feed = Feed {
            file: Arc::new(file.reopen().unwrap()),
            pool: Pool::default(),
            throttle: Arc::new(Throttle::new(limit, Instant::now())),
            outgoing: Arc::default(),
            md5: true,
        };
        (feed, file)
    }

    #[tokio::test]
    async fn a_range_arrives_whole_summed_and_counted() {
        let bytes: Vec<u8> = (0..300_000u32).map(|n| (n % 251) as u8).collect();
        let (feed, _file) = feed(&bytes, None);
        let flow = Arc::new(Flow::new(1, None));
        let body = RangeBody::new(feed.clone(), flow.clone(), 1_000..290_000);
        assert_eq!(drained(body).await.unwrap(), &bytes[1_000..290_000]);
        assert_eq!((flow.sent(), feed.outgoing.load(Ordering::Relaxed)), (289_000, 289_000));
        assert_eq!(
            flow.ended().unwrap().unwrap(),
            sums_of(&feed.file, 1_000..290_000, true).unwrap()
        );
    }

    #[tokio::test]
    async fn a_file_that_became_shorter_is_told() {
        let (feed, file) = feed(&[1; 200_000], None);
        let flow = Arc::new(Flow::new(1, None));
        let body = RangeBody::new(feed, flow.clone(), 0..200_000);
        file.as_file().set_len(70_000).unwrap();
        drained(body).await.unwrap_err();
        assert_eq!(flow.ended().unwrap().unwrap_err().kind, FaultKind::SourceChanged);
    }

    #[tokio::test]
    async fn the_limit_holds_the_body_back() {
        let (feed, _file) = feed(&[1; 640 * 1024], Some(u64::MAX));
        feed.throttle.set(Some(64 * 1024));
        let flow = Arc::new(Flow::new(1, None));
        let slow = tokio::time::timeout(
            Duration::from_millis(400),
            drained(RangeBody::new(feed, flow.clone(), 0..640 * 1024)),
        );
        assert!(slow.await.is_err(), "640 KiB at 64 KiB/s take ten seconds");
        assert!(flow.is_held(), "which is not the connection's silence");
    }

    #[test]
    fn silence_is_borne_by_what_was_seen_before() {
        let seconds = Duration::from_secs;
        let silence =
            |stretch, usual: Option<u64>| Flow::new(stretch, usual.map(seconds)).silence();
        assert_eq!(silence(1, None), STALL_LIMIT);
        assert_eq!(silence(1, Some(1)), seconds(20));
        assert_eq!(silence(1, Some(6)), seconds(24));
        assert_eq!(silence(1, Some(600)), STALL_LIMIT);
        assert_eq!(silence(4, Some(1)), STALL_LIMIT * 4);
    }

    #[test]
    fn an_empty_range_has_the_sums_of_nothing() {
        let (feed, _file) = feed(&[], None);
        let flow = Arc::new(Flow::new(1, None));
        let _body = RangeBody::new(feed, flow.clone(), 0..0);
        assert_eq!(flow.ended().unwrap().unwrap().crc64, 0);
    }
}
