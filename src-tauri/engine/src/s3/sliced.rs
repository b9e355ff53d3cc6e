//! Hands TLS what it is to encrypt in short slices.
//!
//! rustls copies each slice into its record, behind a header of five bytes. The C library copies a slice of up to 2 KiB with
//! vector registers, and a longer one with `rep movsb`, which takes four times as long to such an address on some processors
//! (`cargo xtask bench primitives` shows it as +7 and +8). The records stay as long as they were.

use aws_smithy_runtime_api::box_error::BoxError;
use hyper::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};
use tower_service::Service;

/// Bytes of one slice.
const SLICE: usize = 2 * 1024;
/// As many as rustls accepts at a time: 64 KiB.
const SLICES: usize = 32;

/// A connector whose connections are written to in short slices.
#[derive(Clone, Debug)]
pub(super) struct Sliced<C>(pub(super) C);

impl<C> Service<Uri> for Sliced<C>
where
    C: Service<Uri, Error = BoxError>,
    C::Future: Send + 'static,
{
    type Response = SlicedStream<C::Response>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let connecting = self.0.call(to);
        Box::pin(async move { Ok(SlicedStream(connecting.await?)) })
    }
}

/// A connection that is written to in short slices.
#[derive(Debug)]
pub(super) struct SlicedStream<S>(S);

impl<S: Connection> Connection for SlicedStream<S> {
    fn connected(&self) -> Connected {
        self.0.connected()
    }
}

impl<S: Read + Unpin> Read for SlicedStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl<S: Write + Unpin> Write for SlicedStream<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(buf)])
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let mut slices = [IoSlice::new(&[]); SLICES];
        let short = bufs.iter().flat_map(|buf| buf.chunks(SLICE));
        let mut count = 0;
        for (slice, short) in slices.iter_mut().zip(short) {
            *slice = IoSlice::new(short);
            count += 1;
        }
        Pin::new(&mut self.0).poll_write_vectored(cx, &slices[..count])
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Waker;

    /// Takes all, and remembers how it came.
    #[derive(Default)]
    struct Kept {
        lengths: Vec<usize>,
        bytes: Vec<u8>,
    }

    impl Write for Kept {
        fn poll_write(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            _: &[u8],
        ) -> Poll<io::Result<usize>> {
            Poll::Ready(Err(io::ErrorKind::Unsupported.into()))
        }

        fn poll_write_vectored(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bufs: &[IoSlice<'_>],
        ) -> Poll<io::Result<usize>> {
            self.lengths = bufs.iter().map(|buf| buf.len()).collect();
            self.bytes = bufs.iter().flat_map(|buf| buf.to_vec()).collect();
            Poll::Ready(Ok(self.bytes.len()))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    #[test]
    fn what_is_written_comes_in_short_slices_and_in_its_order() {
        let bytes: Vec<u8> = (0..=250).cycle().take(100_000).collect();
        let mut context = Context::from_waker(Waker::noop());
        let mut stream = SlicedStream(Kept::default());
        for (lengths, taken) in [
            (&[7, SLICE, SLICE + 1, 3][..], 7 + SLICE + SLICE + 1 + 3),
            (&[0, 90_000], SLICES * SLICE),
            (&[], 0),
        ] {
            let mut at = 0;
            let bufs = lengths.iter().map(|length| {
                at += length;
                IoSlice::new(&bytes[at - length..at])
            });
            let bufs: Vec<_> = bufs.collect();
            let written = Pin::new(&mut stream).poll_write_vectored(&mut context, &bufs);
            assert!(matches!(written, Poll::Ready(Ok(written)) if written == taken));
            assert_eq!(stream.0.bytes, bytes[..taken]);
            assert!(stream.0.lengths.iter().all(|length| *length <= SLICE));
        }
    }
}
