//! CreateMultipartUpload: asked for in the journal before, and its UploadId in the journal before a byte goes out.

use crate::fault::{Fault, FaultKind, Result};
use crate::persistence::journal::Entry;
use crate::s3::S3;
use crate::transfer::job::Worker;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

impl Worker<'_> {
    /// A new multipart upload, its UploadId in the journal before a byte goes out.
    pub(super) async fn create_upload(self, s3: &S3) -> Result<String> {
        let entry = self.upload.entry();
        let content_type = content_type(&entry);
        let created_at = AtomicU64::new(0);
        let unread = Unread::default();
        let create_upload = || async {
            // noted before: an answer that is lost leaves an upload on the server that is found by its time
            self.note_request().await?;
            created_at.store(self.shared.wall_clock(), Ordering::Relaxed);
            let created = s3
                .create_upload(&entry.target, &entry.options, &content_type, entry.checksum_mode)
                .await;
            if created.as_ref().is_err_and(|fault| match fault.status {
                Some(status) => status / 100 == 4,
                // without keys nothing has left
                None => matches!(fault.kind, FaultKind::Credentials | FaultKind::SignIn),
            }) {
                // refused, not lost
                self.upload.edit(|entry| {
                    entry.requested_at.truncate(entry.requested_at.len().saturating_sub(1))
                });
            }
            created.map_err(|fault| unread.judge(fault))
        };
        let created = self.with_retries(s3, create_upload).await?;
        self.upload.edit(|entry| {
            entry.upload_id = Some(created.upload_id.clone());
            entry.created_at = Some(created_at.into_inner());
            entry.complete_requested = false;
            // what it does not name, it does not know: no more is claimed than its ETags prove
            entry.checksum_mode = created.checksum_mode;
            if entry.requested_at.len() == 1 {
                entry.requested_at.clear();
            }
        });
        if let Err(fault) = self.upload.save(&self.shared.journal).await {
            // an upload that could not be noted would be left behind: off with it
            let _ = s3.abort(&entry.target, &created.upload_id).await;
            self.upload.edit(|entry| entry.upload_id = None);
            return Err(fault);
        }
        Ok(created.upload_id)
    }

    /// Notes on the disk that something is asked for now whose answer may be lost.
    pub(super) async fn note_request(self) -> Result<()> {
        let now = self.shared.wall_clock();
        self.upload.edit(|entry| {
            entry.requested_at.push(now);
            let oldest = entry.requested_at.len().saturating_sub(ASKED);
            entry.requested_at.drain(..oldest);
        });
        self.upload.save(&self.shared.journal).await
    }
}

/// Answers of one request that could not be read. A few times they may have been cut off; after that it is how this server
/// answers, and CreateMultipartUpload could each time leave an upload that nobody can tell from another's.
#[derive(Default)]
pub(super) struct Unread(AtomicU32);

impl Unread {
    const MOST: u32 = 3;

    /// As many as that are `Unsupported`.
    pub(super) fn judge(&self, fault: Fault) -> Fault {
        match fault.is_unread() && self.0.fetch_add(1, Ordering::Relaxed) + 1 >= Self::MOST {
            true => Fault { kind: FaultKind::Unsupported, ..fault },
            false => fault,
        }
    }
}

/// So many times of asking are remembered: a server that is off and on for a day must not fill the journal.
const ASKED: usize = 32;

pub(super) fn content_type(entry: &Entry) -> String {
    match &entry.options.content_type {
        Some(given) => given.clone(),
        None => mime_guess::from_path(&entry.path)
            .first_raw()
            .unwrap_or("application/octet-stream")
            .to_owned(),
    }
}
