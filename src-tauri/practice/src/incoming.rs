//! Receives a body into a file, hashing it on the way, in constant memory.

use std::fs::{self, File};
use std::io::{self, IoSlice, Write as _};
use std::path::{Path, PathBuf};

use futures::StreamExt as _;
use hyper::body::Bytes;
use s3s::dto::StreamingBlob;
use s3s::{S3Error, S3Result, s3_error};
use tokio::sync::mpsc;

use crate::answer::{disk_failed, refused};
use crate::private;
use crate::sums::{Algorithm, Digests, Hashes};

/// S3's largest part, and the largest object of a single PUT: 5 GiB.
pub(crate) const LARGEST: u64 = 5 << 30;

/// Size of a batch for the writing thread: waking it costs nothing compared with hashing this much.
const BATCH: usize = 256 * 1024;

/// Batches that may wait for the writing thread. With the one being filled and the one being written, they limit a
/// part's memory to about one mebibyte.
const WAITING: usize = 2;

/// A file of bytes that no record names yet. It is removed when it is dropped without `keep`.
pub(crate) struct Fresh {
    path: PathBuf,
    file: File,
    kept: bool,
}

impl Fresh {
    fn create(folder: &Path) -> io::Result<Self> {
        let path = folder.join(uuid::Uuid::new_v4().simple().to_string());
        let file = private::file(&path, true)?;
        Ok(Self { path, file, kept: false })
    }

    /// Syncs the bytes to disk; the file's name is synced with its folder.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    pub(crate) fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Called once a record names the file.
    pub(crate) fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        if !self.kept {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A body that was received completely.
pub(crate) struct Received {
    pub(crate) fresh: Fresh,
    pub(crate) size: u64,
    pub(crate) md5: [u8; 16],
    pub(crate) sums: Digests,
}

/// Receives a body. Each body has a thread that hashes and writes, so that concurrent parts are hashed in parallel: MD5
/// is the most expensive step, and cannot be split within a part.
pub(crate) async fn receive(
    folder: PathBuf,
    body: Option<StreamingBlob>,
    wanted: impl IntoIterator<Item = Algorithm>,
) -> S3Result<Received> {
    let hashes = Hashes::new(wanted);
    let (batches, written) = mpsc::channel(WAITING);
    let writer = tokio::task::spawn_blocking(move || write_down(&folder, written, hashes));
    let fed = feed(body, batches).await;
    let received = writer.await.map_err(S3Error::internal_error)?;
    fed?;
    received.map_err(disk_failed)
}

async fn feed(body: Option<StreamingBlob>, batches: mpsc::Sender<Vec<Bytes>>) -> S3Result<()> {
    let Some(mut body) = body else { return Ok(()) };
    let mut batch = Vec::new();
    let mut held = 0;
    let mut total = 0;
    while let Some(bytes) = body.next().await {
        let bytes = bytes.map_err(|error| broken(&*error))?;
        held += bytes.len();
        total += bytes.len() as u64;
        if total > LARGEST {
            return Err(too_large());
        }
        batch.push(bytes);
        if held >= BATCH {
            held = 0;
            if batches.send(std::mem::take(&mut batch)).await.is_err() {
                // the writer stopped early, and its result says why
                return Ok(());
            }
        }
    }
    if !batch.is_empty() {
        let _ = batches.send(batch).await;
    }
    Ok(())
}

fn write_down(
    folder: &Path,
    mut batches: mpsc::Receiver<Vec<Bytes>>,
    mut hashes: Hashes,
) -> io::Result<Received> {
    let mut fresh = Fresh::create(folder)?;
    let mut size = 0;
    while let Some(batch) = batches.blocking_recv() {
        for bytes in &batch {
            hashes.update(bytes);
            size += bytes.len() as u64;
        }
        write_batch(&mut fresh.file, &batch)?;
    }
    let (md5, sums) = hashes.finish();
    Ok(Received { fresh, size, md5, sums })
}

fn write_batch(file: &mut File, batch: &[Bytes]) -> io::Result<()> {
    let mut slices: Vec<IoSlice<'_>> = batch.iter().map(|bytes| IoSlice::new(bytes)).collect();
    let mut rest = slices.as_mut_slice();
    // leading empty slices would look like a file that accepts no more
    IoSlice::advance_slices(&mut rest, 0);
    while !rest.is_empty() {
        match file.write_vectored(rest) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => IoSlice::advance_slices(&mut rest, written),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

pub(crate) fn too_large() -> S3Error {
    s3_error!(EntityTooLarge, "Your proposed upload exceeds the maximum allowed size.")
}

/// Why a body's stream failed, as an S3 error. The types of s3s's stream errors are private, so they can only be told
/// apart by their text.
fn broken(error: &(dyn std::error::Error + Send + Sync)) -> S3Error {
    let text = error.to_string();
    if text.contains("SignatureMismatch") {
        return s3_error!(SignatureDoesNotMatch, "A chunk's signature does not match.");
    }
    if text.contains("Sha256Mismatch") {
        return refused(
            "XAmzContentSHA256Mismatch",
            http::StatusCode::BAD_REQUEST,
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
        );
    }
    s3_error!(IncompleteBody, "The request's body broke off: {}", text)
}
