//! A request's body in any framing: its length, checksums and trailers.

use super::{
    chunks::Chunks,
    connection::Connection,
    head::Head,
    sums::{Hasher, Sum},
};
use std::io;

/// Read at once when the bytes are looked at, or when a chunk's line is awaited.
const LOOK: usize = 256 << 10;
const LINE: usize = 1 << 10;
/// Below this, data that is to be dropped is rather read along with what follows.
const WORTH_DROPPING: u64 = 4 << 10;

/// What is wanted of a body besides its end.
pub(super) enum Want {
    Nothing,
    Sums(Hasher),
    Text(Vec<u8>),
}

#[derive(Default)]
pub(super) struct Body {
    /// without the framing of chunks
    pub(super) size: u64,
    pub(super) trailers: Vec<(String, String)>,
    pub(super) sums: Vec<Sum>,
    pub(super) text: String,
}

pub(super) fn read(connection: &mut Connection, head: &Head, mut want: Want) -> io::Result<Body> {
    let mut size = 0;
    let mut trailers = Vec::new();
    let unseen = matches!(want, Want::Nothing);
    let mut see = |bytes: &[u8]| {
        size += bytes.len() as u64;
        match &mut want {
            Want::Nothing => {}
            Want::Sums(summing) => summing.update(bytes),
            Want::Text(text) => text.extend_from_slice(bytes),
        }
    };
    let mut outer = head.chunked().then(Chunks::default);
    let mut inner = head.aws_chunked().then(Chunks::default);
    let mut skipped = 0;
    match (&mut outer, &mut inner, head.length()) {
        // botocore over https: S3's chunks within HTTP's
        (Some(outer), Some(inner), _) => {
            let mut broken = None;
            chunked(connection, outer, None, false, &mut skipped, &mut |bytes| {
                broken = broken.or(inner.feed(bytes, &mut see).err());
            })?;
            if let Some(why) = broken {
                return Err(io::Error::new(io::ErrorKind::InvalidData, why));
            }
        }
        (Some(chunks), None, _) => {
            chunked(connection, chunks, None, unseen, &mut skipped, &mut see)?
        }
        (None, Some(chunks), Some(length)) => {
            chunked(connection, chunks, Some(length), unseen, &mut skipped, &mut see)?;
        }
        (None, _, Some(length)) if unseen => {
            connection.discard(length)?;
            skipped = length;
        }
        (None, _, Some(mut left)) => {
            while left > 0 {
                if connection.pending().is_empty() {
                    connection.fill(LOOK)?;
                }
                let n = connection.pending().len().min(usize::try_from(left).unwrap_or(usize::MAX));
                see(&connection.pending()[..n]);
                connection.used(n);
                left -= n as u64;
            }
        }
        (None, _, None) => {}
    }
    size += skipped;
    for chunks in [outer, inner].into_iter().flatten() {
        trailers.extend(chunks.into_trailers());
    }
    let (sums, text) = match want {
        Want::Nothing => (Vec::new(), String::new()),
        Want::Sums(summing) => (summing.ended(), String::new()),
        Want::Text(text) => (Vec::new(), String::from_utf8_lossy(&text).into_owned()),
    };
    Ok(Body { size, trailers, sums, text })
}

/// Until the last chunk, and where a length is known to its end: some leave the last empty line out.
fn chunked(
    connection: &mut Connection,
    chunks: &mut Chunks,
    length: Option<u64>,
    unseen: bool,
    skipped: &mut u64,
    see: &mut dyn FnMut(&[u8]),
) -> io::Result<()> {
    let mut left = length.unwrap_or(u64::MAX);
    while left > 0 && !chunks.ended() {
        if connection.pending().is_empty() {
            let skip = chunks.skippable().min(left);
            if unseen && skip >= WORTH_DROPPING {
                connection.discard(skip)?;
                chunks.skip(skip);
                *skipped += skip;
                left -= skip;
                continue;
            }
            connection.fill(if unseen { LINE } else { LOOK })?;
        }
        let pending = connection.pending();
        let most = pending.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let n = chunks
            .feed(&pending[..most], see)
            .map_err(|why| io::Error::new(io::ErrorKind::InvalidData, why))?;
        connection.used(n);
        left -= n as u64;
    }
    if length.is_some() { connection.discard(left) } else { Ok(()) }
}
