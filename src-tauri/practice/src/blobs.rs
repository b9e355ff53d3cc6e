//! Stored bytes: the parts of an object, and reading a range of them.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::stream;
use hyper::body::Bytes;
use s3s::dto::StreamingBlob;
use serde::{Deserialize, Serialize};

use crate::sums::Digests;

/// Size of one read from disk.
const BLOCK: u64 = 256 * 1024;

/// Bytes that came in one request. An object of a single PUT has one part, number 1.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Part {
    pub(crate) number: u16,
    /// the file's name in the bucket's folder of blobs
    pub(crate) file: String,
    pub(crate) size: u64,
    pub(crate) etag: String,
    pub(crate) sums: Digests,
    /// milliseconds since 1970
    pub(crate) stored: u64,
}

impl Part {
    pub(crate) fn remove(&self, bytes: &Path) {
        if let Err(error) = fs::remove_file(bytes.join(&self.file)) {
            tracing::warn!(file = %self.file, %error, "a part's bytes could not be removed");
        }
    }
}

/// An object's bytes. Readers share them: bytes of an object that was replaced or deleted are removed from disk when
/// the last reader is done.
#[derive(Debug)]
pub(crate) struct Blobs {
    bytes: PathBuf,
    parts: Vec<Part>,
    doomed: AtomicBool,
}

impl Blobs {
    pub(crate) fn new(bytes: &Path, parts: Vec<Part>) -> Arc<Self> {
        Arc::new(Self { bytes: bytes.to_owned(), parts, doomed: AtomicBool::new(false) })
    }

    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// No record names these bytes any more.
    pub(crate) fn doom(&self) {
        self.doomed.store(true, Ordering::Release);
    }

    /// The range of a part within the object.
    pub(crate) fn place_of(&self, number: u16) -> Option<(&Part, Range<u64>)> {
        let mut start = 0;
        for part in &self.parts {
            if part.number == number {
                return Some((part, start..start + part.size));
            }
            start += part.size;
        }
        None
    }

    pub(crate) fn read(self: &Arc<Self>, window: Range<u64>) -> StreamingBlob {
        let reader = Reader { blobs: Arc::clone(self), window, open: None };
        StreamingBlob::wrap(stream::try_unfold(reader, |mut reader| async move {
            let block = tokio::task::spawn_blocking(move || {
                let block = reader.block()?;
                Ok::<_, io::Error>(block.map(|block| (block, reader)))
            });
            block.await.map_err(io::Error::other)?
        }))
    }
}

impl Drop for Blobs {
    fn drop(&mut self) {
        if self.doomed.load(Ordering::Acquire) {
            for part in &self.parts {
                part.remove(&self.bytes);
            }
        }
    }
}

struct Reader {
    blobs: Arc<Blobs>,
    /// bytes still to be read
    window: Range<u64>,
    /// the file with the first byte, and where in the object that file ends
    open: Option<(File, u64)>,
}

impl Reader {
    fn block(&mut self) -> io::Result<Option<Bytes>> {
        if self.window.is_empty() {
            return Ok(None);
        }
        let (mut file, end) = match self.open.take() {
            Some(open) => open,
            None => self.open_next()?,
        };
        let length = BLOCK.min(end.min(self.window.end) - self.window.start);
        let mut block = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
        file.by_ref().take(length).read_to_end(&mut block)?;
        if block.len() as u64 != length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.window.start += length;
        if self.window.start < end {
            self.open = Some((file, end));
        }
        Ok(Some(block.into()))
    }

    fn open_next(&self) -> io::Result<(File, u64)> {
        let mut start = 0;
        for part in self.blobs.parts() {
            let end = start + part.size;
            if self.window.start < end {
                let mut file = File::open(self.blobs.bytes.join(&part.file))?;
                file.seek(SeekFrom::Start(self.window.start - start))?;
                return Ok((file, end));
            }
            start = end;
        }
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}
