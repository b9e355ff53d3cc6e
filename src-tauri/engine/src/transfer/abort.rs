//! Aborts an upload on its server, until nothing of it is left there.

use crate::fault::{FaultKind, Result};
use crate::model::upload::Transition;
use crate::scheduling::retry::{self, Attempts, Next};
use crate::transfer::job::Worker;
use std::sync::atomic::Ordering;

impl Worker<'_> {
    /// Cancels an upload that is no longer sent. While that can be undone, nothing is aborted on the server: the engine
    /// takes the upload up again when the time is over. One request that was sent completely is not left alone for so long,
    /// because its object may arrive at any moment.
    pub(super) fn begin_abort(self) {
        let upload = self.upload;
        let may_arrive = upload.was_handed_over() && upload.read(|entry| entry.upload_id.is_none());
        {
            let undo_list = self.shared.undo_list();
            upload.edit(|entry| entry.undoable = !may_arrive && undo_list.holds(entry.id));
        }
        upload.on(Transition::Abort, &self.shared.journal);
    }

    /// Aborts on the server until nothing is left. Waits for the network as long as it takes.
    pub(super) async fn abort_on_server(self) -> Result<()> {
        let entry = self.upload.entry();
        if !entry.may_be_on_the_server() || entry.adopted {
            return Ok(());
        }
        // The journal knows of it before the server does: a process that dies in between would start what was cancelled
        // from the beginning. A disk that takes nothing keeps nobody from cancelling.
        let _ = self.shared.journal.settle().await;
        let s3 = self.shared.s3(&entry.target.connection).await?.at(&entry.target.bucket);
        // without it there is nothing to encrypt, and what is stored can be taken off all the same
        let customer_key = self.shared.customer_key(&entry.target.connection, &entry.options).await;
        let s3 = s3.with_customer_key(customer_key.unwrap_or_default());
        let upload_id = &match entry.upload_id {
            Some(upload_id) => upload_id,
            None => self.stand_in(&s3).await?,
        };
        let (mut times, mut attempts) = (0, Attempts::default());
        loop {
            match s3.abort(&entry.target, upload_id).await {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                // no bucket, no upload in it
                Err(fault) if fault.is_code("NoSuchBucket") => return Ok(()),
                // it is asked for as long as it fails
                Err(fault) if matches!(fault.kind, FaultKind::Server | FaultKind::Throttled) => {
                    self.upload.offline.store(false, Ordering::Relaxed);
                }
                Err(fault) => match attempts.after(&fault, 0.0) {
                    Next::Stop => return Err(fault),
                    Next::WaitForNetwork => self.upload.offline.store(true, Ordering::Relaxed),
                    // one whose clock was refused is signed by the server's own the next time
                    Next::Again(_) => self.upload.offline.store(false, Ordering::Relaxed),
                },
            }
            times += 1;
            tokio::time::sleep(retry::poll_interval(times)).await;
        }
    }
}
