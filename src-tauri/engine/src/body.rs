//! A range of a file as a request's body: read by position in small pieces, summed and counted as it leaves, held to the
//! speed limit. Knows no server; holds a few pieces in memory, whatever the part's size.

mod pool;
mod summing;
mod throttle;
mod trailer;

pub(crate) use pool::Pool;
pub(crate) use summing::{Summing, summed, sums_of};
pub(crate) use throttle::Throttle;
pub(crate) use trailer::Trailer;

use crate::fault::{Fault, FaultKind, Why};
use crate::source::read_at;
use crate::sum::{Rung, Sums};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use pool::{Ahead, HEAD, TAIL};
use std::fs::File;
use std::ops::Range;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use throttle::Turn;

/// Bytes of one read. Measured cheapest from 64 to 256 KiB; small ones keep memory and the limit's steps small.
const PIECE: usize = 64 * 1024;

/// A body that has not moved for this long is on a dead connection.
pub(crate) const STALL_LIMIT: Duration = Duration::from_secs(30);
/// Once all is handed over, the system's buffers are still to be emptied, and the server has to store it.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);
/// Where parts before took a few seconds each, this is silence enough.
const PROVEN_LIMIT: Duration = Duration::from_secs(20);

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
    /// The checksums to make of the bytes as they leave: an MD5 that went ahead in a header is not made twice.
    pub(crate) rung: Rung,
}

pub(crate) struct RangeBody {
    feed: Feed,
    flow: Arc<Flow>,
    range: Range<u64>,
    summing: Summing,
    trailer: Option<Trailer>,
    /// The trailer is still to be sent.
    trails: bool,
    turn: Turn,
    /// Read, framed and summed, and still to be handed over: at a low limit a piece goes in steps.
    ready: Bytes,
    /// How much of that is the file's.
    uncounted: u64,
    /// Its pieces that are on their way.
    ahead: Arc<Ahead>,
}

impl RangeBody {
    pub(crate) fn new(
        feed: Feed,
        flow: Arc<Flow>,
        range: Range<u64>,
        trailer: Option<Trailer>,
    ) -> Self {
        let summing = Summing::new(feed.rung, false);
        let turn = Turn::new(feed.throttle.clone());
        let (trails, ready, ahead) = (trailer.is_some(), Bytes::new(), Arc::default());
        let uncounted = 0;
        let body =
            Self { feed, flow, range, summing, trailer, trails, turn, ready, uncounted, ahead };
        if body.range.is_empty() {
            // an empty body is never polled: its sums are those of nothing
            body.flow.end(Ok(body.summing.sums()));
        }
        body
    }

    fn piece(&mut self, length: usize) -> std::io::Result<Bytes> {
        let mut buffer = self.feed.pool.take();
        let into = &mut buffer[HEAD..HEAD + length];
        let filled = match read_at(&self.feed.file, into, self.range.start) {
            Ok(filled) => filled,
            Err(error) => {
                let why = Why::ReadingFailed { cause: error.to_string() };
                self.flow.end(Err(Fault::because(FaultKind::SourceMissing, why)));
                return Err(error);
            }
        };
        if filled < length {
            let fault = Fault::because(FaultKind::SourceChanged, Why::ChangedWhileSent);
            self.flow.end(Err(fault));
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        self.summing.update(&buffer[HEAD..HEAD + filled]);
        let mut within = HEAD..HEAD + filled;
        if self.trailer.is_some() {
            let head = format!("{filled:x}\r\n");
            within = HEAD - head.len()..HEAD + filled + TAIL;
            buffer[within.start..HEAD].copy_from_slice(head.as_bytes());
            buffer[HEAD + filled..within.end].copy_from_slice(b"\r\n");
        }
        let piece = Bytes::from_owner(self.ahead.sent(&self.feed.pool, buffer, within));
        self.range.start += filled as u64;
        self.uncounted = filled as u64;
        Ok(piece)
    }

    /// The next bytes of the piece that is ready.
    fn hand_over(&mut self, bytes: usize) -> Bytes {
        let step = self.ready.split_to(bytes.min(self.ready.len()));
        // framing is counted with what it frames
        let all = self.ready.is_empty();
        let count = if all { self.uncounted } else { self.uncounted.min(step.len() as u64) };
        self.uncounted -= count;
        self.flow.sent.fetch_add(count, Ordering::Relaxed);
        self.feed.outgoing.fetch_add(count, Ordering::Relaxed);
        if all && self.range.is_empty() {
            self.flow.end(Ok(self.summing.sums()));
        }
        step
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
        if left == 0 && self.ready.is_empty() {
            let trailer = self.trailer.filter(|_| std::mem::take(&mut self.trails));
            let text = trailer.map(|trailer| trailer.text(&self.summing.sums()));
            return Poll::Ready(text.map(|text| Ok(Frame::data(text.into()))));
        }
        if self.ready.is_empty() {
            std::task::ready!(self.ahead.poll_room(&self.feed.pool, context));
        }
        let length = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
        let wanted = if self.ready.is_empty() { length } else { self.ready.len() };
        let Poll::Ready(granted) = self.turn.poll(context, wanted) else {
            self.flow.held.store(true, Ordering::Relaxed);
            return Poll::Pending;
        };
        self.flow.held.store(false, Ordering::Relaxed);
        if self.ready.is_empty() {
            // Read here and not on another thread: the page cache answers at once, and a hop a piece costs more than it
            // saves. The engine runs on threads of its own, so that a slow disk holds up nobody else.
            self.ready = match self.piece(length) {
                Ok(piece) => piece,
                Err(error) => return Poll::Ready(Some(Err(error))),
            };
        }
        let step = if granted == wanted { self.ready.len() } else { granted };
        Poll::Ready(Some(Ok(Frame::data(self.hand_over(step)))))
    }

    fn is_end_stream(&self) -> bool {
        self.range.is_empty() && self.ready.is_empty() && !self.trails
    }

    fn size_hint(&self) -> SizeHint {
        let left = self.range.end - self.range.start;
        let unread = match self.trailer {
            Some(trailer) if self.trails => trailer.framed(left),
            _ => left,
        };
        SizeHint::with_exact(self.ready.len() as u64 + unread)
    }
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
            rung: Rung::Crc64Nvme,
        };
        (feed, file)
    }

    #[tokio::test]
    async fn a_range_arrives_whole_summed_and_counted() {
        let bytes: Vec<u8> = (0..300_000u32).map(|n| (n % 251) as u8).collect();
        let (feed, _file) = feed(&bytes, None);
        let flow = Arc::new(Flow::new(1, None));
        let body = RangeBody::new(feed.clone(), flow.clone(), 1_000..290_000, None);
        assert_eq!(drained(body).await.unwrap(), &bytes[1_000..290_000]);
        assert_eq!((flow.sent(), feed.outgoing.load(Ordering::Relaxed)), (289_000, 289_000));
        assert_eq!(
            flow.ended().unwrap().unwrap(),
            sums_of(&feed.file, 1_000..290_000, Summing::new(Rung::Crc64Nvme, false)).unwrap()
        );
    }

    #[tokio::test]
    async fn a_trailer_follows_the_bytes_in_chunks() {
        for length in [1, PIECE as u64, PIECE as u64 + 1, 300_000] {
            let bytes: Vec<u8> = (0..length).map(|n| u8::try_from(n % 251).unwrap()).collect();
            let (feed, _file) = feed(&bytes, None);
            let flow = Arc::new(Flow::new(1, None));
            let trailer = Trailer::of(Rung::Crc64Nvme).unwrap();
            let body = RangeBody::new(feed.clone(), flow.clone(), 0..length, Some(trailer));
            assert_eq!(body.size_hint().exact(), Some(trailer.framed(length)));
            let sent = drained(body).await.unwrap();
            assert_eq!(sent.len() as u64, trailer.framed(length), "{length}");
            let mut want = Vec::new();
            for chunk in bytes.chunks(PIECE) {
                want.extend(format!("{:x}\r\n", chunk.len()).bytes());
                want.extend(chunk);
                want.extend(b"\r\n");
            }
            let sum = crc_fast::checksum(crc_fast::CrcAlgorithm::Crc64Nvme, &bytes);
            want.extend(b"0\r\nx-amz-checksum-crc64nvme:");
            want.extend(crate::sum::text64(sum).bytes());
            want.extend(b"\r\n\r\n");
            assert!(sent == want, "{length}");
            assert_eq!((flow.sent(), flow.ended().unwrap().unwrap().crc64), (length, sum));
        }
    }

    #[tokio::test]
    async fn a_file_that_became_shorter_is_told() {
        let (feed, file) = feed(&[1; 200_000], None);
        let flow = Arc::new(Flow::new(1, None));
        let body = RangeBody::new(feed, flow.clone(), 0..200_000, None);
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
            drained(RangeBody::new(feed, flow.clone(), 0..640 * 1024, None)),
        );
        assert!(slow.await.is_err(), "640 KiB at 64 KiB/s take ten seconds");
        assert!(flow.is_held(), "which is not the connection's silence");
    }

    #[tokio::test]
    async fn at_a_low_limit_a_piece_goes_in_steps_and_is_the_same() {
        let bytes: Vec<u8> = (0..20_000u32).map(|n| (n % 251) as u8).collect();
        let (feed, _file) = feed(&bytes, Some(100_000));
        let flow = Arc::new(Flow::new(1, None));
        let trailer = Trailer::of(Rung::Crc64Nvme).unwrap();
        let mut body = RangeBody::new(feed.clone(), flow.clone(), 0..20_000, Some(trailer));
        let (mut sent, mut steps) = (Vec::new(), 0);
        while let Some(frame) =
            std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await
        {
            sent.extend_from_slice(&frame.unwrap().into_data().unwrap());
            steps += 1;
            assert_eq!(body.size_hint().exact(), Some(trailer.framed(20_000) - sent.len() as u64));
            assert!(flow.ended().is_none() || flow.sent() == 20_000);
        }
        assert!(steps > 8, "{steps}");
        let mut want = format!("{:x}\r\n", 20_000).into_bytes();
        want.extend_from_slice(&bytes);
        assert!(sent.starts_with(&want));
        assert_eq!((flow.sent(), feed.outgoing.load(Ordering::Relaxed)), (20_000, 20_000));
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
        let _body = RangeBody::new(feed, flow.clone(), 0..0, None);
        assert_eq!(flow.ended().unwrap().unwrap().crc64, 0);
    }
}
