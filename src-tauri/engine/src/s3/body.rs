//! A range of a file as a request body: read in small pieces, hashed and counted as it is sent, within the bandwidth limit.

mod buffer_pool;
mod hasher;
mod throttle;
mod trailer;

use crate::model::lock::locked;
pub(crate) use buffer_pool::BufferPool;
pub(crate) use hasher::{Hasher, summed, sums_now, sums_of};
pub(crate) use throttle::Throttle;
use trailer::CHUNK;
pub(crate) use trailer::Trailer;

use crate::fault::{Fault, Result};
use crate::model::checksum::{ChecksumMode, Digests};
use crate::scheduling::in_flight::Progress;
use crate::system::local_file::{Source, ended_early, read_at, sending_failed};
use buffer_pool::{Ahead, Buffer};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use std::collections::VecDeque;
use std::fs::File;
use std::ops::Range;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use throttle::Turn;
use tokio::time::{Sleep, sleep};

/// Bytes per read. 64 to 256 KiB measured cheapest; small reads keep memory and the steps of the limit small.
const PIECE: usize = 64 * 1024;

/// Bodies up to this size are those of small files.
const NEAR: u64 = 256 * 1024;

/// A body that has not moved for this long is on a dead connection.
pub(crate) const STALL_LIMIT: Duration = Duration::from_secs(30);
/// After all bytes are handed over, the system's buffers still have to be sent, and the server has to store the part.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);
/// A shorter stall timeout, if earlier parts took only a few seconds each.
const PROVEN_LIMIT: Duration = Duration::from_secs(20);

/// How much a part that waits for older ones sends anyway, and how often, to keep its connection open.
const TRICKLE: usize = 1024;
const TRICKLE_EVERY: Duration = Duration::from_secs(5);

/// One attempt to send a part, seen from outside its body.
pub(crate) struct SendProgress {
    progress: Arc<Progress>,
    ended: Mutex<Option<Result<Digests, Fault>>>,
    began: Instant,
    /// Multiplies the stall timeout, if earlier parts were given up and the link is only slow.
    pub(crate) stretch: u32,
    /// How long recent parts took, if any has been stored.
    typical: Option<Duration>,
    given_up: AtomicBool,
    /// The next piece waits for the bandwidth limit or an older part, so the connection is not stalled.
    held: AtomicBool,
}

impl SendProgress {
    pub(crate) fn new(stretch: u32, typical: Option<Duration>, progress: Arc<Progress>) -> Self {
        Self {
            progress,
            ended: Mutex::default(),
            began: Instant::now(),
            stretch,
            typical,
            given_up: AtomicBool::new(false),
            held: AtomicBool::new(false),
        }
    }

    /// The stall timeout.
    pub(crate) fn silence(&self) -> Duration {
        let limit = if self.ended().is_some() { ANSWER_LIMIT } else { STALL_LIMIT };
        match self.typical {
            Some(typical) if self.stretch <= 1 => limit.min(PROVEN_LIMIT.max(typical * 4)),
            _ => limit * self.stretch,
        }
    }

    pub(crate) fn is_held(&self) -> bool {
        self.held.load(Ordering::Relaxed) || !self.progress.is_open()
    }

    /// The attempt was given up because it stalled.
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
        self.progress.sent()
    }

    /// Bytes still to be handed over.
    pub(crate) fn remaining(&self) -> u64 {
        self.progress.remaining()
    }

    /// Its upload is being paused, and the part would not be stored in time.
    pub(crate) fn hold(&self, held: bool) {
        self.progress.hold(held);
    }

    /// The checksums, once all is sent, or why reading stopped.
    pub(crate) fn ended(&self) -> Option<Result<Digests, Fault>> {
        locked(&self.ended).clone()
    }

    fn end(&self, how: Result<Digests, Fault>) {
        *locked(&self.ended) = Some(how);
    }
}

/// What a body needs from its surroundings.
#[derive(Clone)]
pub(crate) struct Feed {
    pub(crate) file: Arc<Source>,
    pub(crate) pool: BufferPool,
    pub(crate) throttle: Arc<Throttle>,
    /// Counts every byte that is sent for this upload, including retries.
    pub(crate) outgoing: Arc<AtomicU64>,
    /// The checksums to compute while sending. An MD5 that was sent in a header is not computed again.
    pub(crate) checksum_mode: ChecksumMode,
}

/// A buffer with a piece of the file, or why there is none.
type Read = std::io::Result<Buffer>;
/// In a mutex that is never locked, because the SDK requires a body that is Sync.
type Reading = Pin<Box<dyn Future<Output = Result<std::io::Result<VecDeque<Read>>>> + Send>>;

/// The body of a PutObject or an UploadPart.
pub(crate) struct Payload {
    pub(crate) body: RangeBody,
    /// Tells how much of it was sent.
    pub(crate) send_progress: Arc<SendProgress>,
    /// Bytes of the file's data, without checksums and framing.
    pub(crate) length: u64,
}

pub(crate) struct RangeBody {
    feed: Feed,
    send_progress: Arc<SendProgress>,
    range: Range<u64>,
    hasher: Hasher,
    trailer: Option<Trailer>,
    /// The trailer is still to be sent.
    trails: bool,
    /// Bytes of the current chunk that are still to be framed.
    in_chunk: u64,
    turn: Turn,
    /// When a little is sent even though older parts go first.
    trickles: Option<Pin<Box<Sleep>>>,
    /// The pieces that are being read, and those that were.
    reading: Option<Mutex<Reading>>,
    read: VecDeque<Read>,
    /// A nearby range was read before, so that data in memory may be asked for.
    near: bool,
    /// What to send once they are there.
    granted: Option<usize>,
    /// Read, framed and hashed, but not handed over: at a low limit, a piece is sent in steps.
    ready: Bytes,
    /// How much of that is file data.
    uncounted: u64,
    /// The pieces of this body that are in flight.
    ahead: Arc<Ahead>,
}

impl RangeBody {
    pub(crate) fn new(
        feed: Feed,
        send_progress: Arc<SendProgress>,
        range: Range<u64>,
        trailer: Option<Trailer>,
    ) -> Self {
        let hasher = Hasher::new(feed.checksum_mode, false);
        let turn = Turn::new(feed.throttle.clone());
        let (trails, ready, ahead) = (trailer.is_some(), Bytes::new(), Arc::default());
        let (uncounted, trickles, granted) = (0, None, None);
        // a small file was read a moment ago, to be hashed
        let near = range.end - range.start <= NEAR;
        let (reading, read) = (None, VecDeque::new());
        let body = Self {
            feed,
            send_progress,
            range,
            hasher,
            trailer,
            trails,
            in_chunk: 0,
            turn,
            trickles,
            reading,
            read,
            near,
            granted,
            ready,
            uncounted,
            ahead,
        };
        if body.range.is_empty() {
            // an empty body is never polled: its checksums are those of no bytes
            body.send_progress.end(Ok(body.hasher.digests()));
        }
        body
    }

    /// Gets the next piece. Data in memory is read at once. Everything else is read on a blocking thread, together with
    /// a few pieces after it, because a thread switch per piece would cost more than it saves.
    fn poll_piece(&mut self, context: &mut Context<'_>, length: usize) -> Poll<Read> {
        if self.read.is_empty() {
            if self.reading.is_none() {
                let mut buffer = self.feed.pool.take();
                let into = buffer.room(length);
                if self.near && self.feed.file.read_now(into, self.range.start) {
                    return Poll::Ready(Ok(buffer));
                }
                self.reading = Some(Mutex::new(self.read_on(buffer)));
            }
            if let Some(reading) = &mut self.reading {
                let reading = reading.get_mut().unwrap_or_else(PoisonError::into_inner);
                let read = std::task::ready!(reading.as_mut().poll(context));
                (self.reading, self.near) = (None, true);
                self.read = match read {
                    Ok(read) => read?,
                    Err(fault) => {
                        self.send_progress.end(Err(fault.clone()));
                        return Poll::Ready(Err(std::io::Error::other(fault)));
                    }
                };
            }
        }
        let next = self.read.pop_front();
        Poll::Ready(next.unwrap_or_else(|| Err(std::io::ErrorKind::UnexpectedEof.into())))
    }

    fn read_on(&self, first: Buffer) -> Reading {
        let (pool, range) = (self.feed.pool.clone(), self.range.clone());
        Box::pin(self.feed.file.clone().read(move |file, _| {
            let (mut read, mut at, mut first) = (VecDeque::new(), range.start, Some(first));
            for _ in 0..pool.ahead() {
                let length = usize::try_from(range.end - at).unwrap_or(PIECE).min(PIECE);
                if length == 0 {
                    break;
                }
                let mut buffer = first.take().unwrap_or_else(|| pool.take());
                let filled = fill(file, buffer.room(length), at);
                let failed = filled.is_err();
                read.push_back(filled.map(|()| buffer));
                if failed {
                    break;
                }
                at += length as u64;
            }
            Ok(read)
        }))
    }

    /// Frames and hashes a piece.
    fn piece(&mut self, read: Read, filled: usize) -> std::io::Result<Bytes> {
        let mut buffer = match read {
            Ok(buffer) => buffer,
            Err(error) => {
                if self.send_progress.ended().is_none() {
                    self.send_progress.end(Err(sending_failed(&error)));
                }
                return Err(error);
            }
        };
        self.hasher.update(buffer.filled(filled));
        let (mut head, mut tail) = (String::new(), "");
        if self.trailer.is_some() {
            if self.in_chunk == 0 {
                self.in_chunk = (self.range.end - self.range.start).min(CHUNK);
                head = format!("{:x}\r\n", self.in_chunk);
            }
            self.in_chunk -= filled as u64;
            if self.in_chunk == 0 {
                tail = "\r\n";
            }
        }
        let within = buffer.framed(head.as_bytes(), filled, tail.as_bytes());
        let piece = Bytes::from_owner(self.ahead.sent(&self.feed.pool, buffer, within));
        self.range.start += filled as u64;
        self.uncounted = filled as u64;
        Ok(piece)
    }

    /// How many of `wanted` bytes may be sent now, after older parts and within the bandwidth limit.
    fn poll_granted(&mut self, context: &mut Context<'_>, wanted: usize) -> Poll<usize> {
        if self.send_progress.progress.poll_open(context).is_ready() {
            self.trickles = None;
            return self.turn.poll(context, wanted);
        }
        // servers close a connection that is idle for 20 s or so
        let trickles = self.trickles.get_or_insert_with(|| Box::pin(sleep(TRICKLE_EVERY)));
        std::task::ready!(trickles.as_mut().poll(context));
        trickles.as_mut().reset(tokio::time::Instant::now() + TRICKLE_EVERY);
        Poll::Ready(wanted.min(TRICKLE))
    }

    /// The next bytes of the current piece.
    fn hand_over(&mut self, bytes: usize) -> Bytes {
        let step = self.ready.split_to(bytes.min(self.ready.len()));
        // framing counts as part of what it frames
        let all = self.ready.is_empty();
        let count = if all { self.uncounted } else { self.uncounted.min(step.len() as u64) };
        self.uncounted -= count;
        self.send_progress.progress.add(count);
        self.feed.outgoing.fetch_add(count, Ordering::Relaxed);
        if all && self.range.is_empty() {
            self.send_progress.end(Ok(self.hasher.digests()));
        }
        step
    }
}

/// Fills the buffer, or returns why it cannot be filled.
fn fill(file: &File, buffer: &mut [u8], at: u64) -> std::io::Result<()> {
    match read_at(file, buffer, at)? {
        filled if filled < buffer.len() => Err(ended_early(file, at + filled as u64)),
        _ => Ok(()),
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
            let text = trailer.map(|trailer| trailer.text(&self.hasher.digests()));
            return Poll::Ready(text.map(|text| Ok(Frame::data(text.into()))));
        }
        if self.ready.is_empty() {
            std::task::ready!(self.ahead.poll_room(&self.feed.pool, context));
        }
        let length = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
        let wanted = if self.ready.is_empty() { length } else { self.ready.len() };
        let granted = match self.granted.take() {
            Some(granted) => Poll::Ready(granted),
            None => self.poll_granted(context, wanted),
        };
        let Poll::Ready(granted) = granted else {
            self.send_progress.held.store(true, Ordering::Relaxed);
            return Poll::Pending;
        };
        if self.ready.is_empty() {
            let Poll::Ready(read) = self.poll_piece(context, length) else {
                // the disk is stalled, and not the connection
                self.send_progress.progress.set_reads(true);
                self.granted = Some(granted);
                self.send_progress.held.store(true, Ordering::Relaxed);
                return Poll::Pending;
            };
            self.send_progress.progress.set_reads(false);
            self.ready = match self.piece(read, length) {
                Ok(piece) => piece,
                Err(error) => return Poll::Ready(Some(Err(error))),
            };
        }
        self.send_progress.held.store(false, Ordering::Relaxed);
        let step = if granted == wanted { self.ready.len() } else { granted };
        Poll::Ready(Some(Ok(Frame::data(self.hand_over(step)))))
    }

    fn is_end_stream(&self) -> bool {
        self.range.is_empty() && self.ready.is_empty() && !self.trails
    }

    fn size_hint(&self) -> SizeHint {
        let left = self.range.end - self.range.start;
        let unread = match self.trailer {
            Some(trailer) if self.trails => {
                let ends = if self.in_chunk > 0 { "\r\n".len() as u64 } else { 0 };
                self.in_chunk + ends + trailer.framed(left - self.in_chunk)
            }
            _ => left,
        };
        SizeHint::with_exact(self.ready.len() as u64 + unread)
    }
}

#[cfg(test)]
mod tests;
