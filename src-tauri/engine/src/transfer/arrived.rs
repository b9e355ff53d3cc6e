//! Whether the object that is there is this upload's: where an answer was lost, and where it was cancelled in its last
//! moment. Knows what an object must tell to be believed; sends no bytes.

use crate::fault::{FaultKind, Result};
use crate::model::part_plan::Plan;
use crate::s3::Object;
use crate::system::local_file::Source;
use crate::transfer::job::{self, Job, Transfer, Worker};
use crate::transfer::provenance::can_be_ours;
use std::sync::Arc;
use std::time::Duration;

/// So often an object that was sent whole is looked for: a server may still be at it.
const LOOKS: u32 = 3;

impl Transfer<'_> {
    /// Is the object what was sent in one request that was asked for at `since`?
    pub(super) async fn is_ours(&self, there: &Object, since: u64) -> Result<bool> {
        Ok(can_be_ours(self.shared, &self.upload.entry(), there, since)
            && self.object_is_this_file(there).await?)
    }
}

impl Worker<'_> {
    /// After a cancelled upload was taken off: is its object there all the same?
    ///
    /// # Errors
    /// As the server says, where it cannot be asked.
    pub(super) async fn arrived_in_spite(self) -> Result<bool> {
        let entry = self.upload.entry();
        let is_single = entry.plan == Some(Plan::Single);
        let is_likely = !is_single || self.upload.was_handed_over();
        let before = entry.sent > 0 || !entry.requested_at.is_empty();
        let since = match is_single {
            // of a run before this one, too, which may have been killed while it waited for the answer
            true => entry
                .started_at
                .filter(|_| is_likely || (before && !self.upload.statistics.has_sent())),
            false => entry.created_at.filter(|_| entry.complete_requested),
        };
        let (Some(since), Some(plan)) = (since, entry.plan) else { return Ok(false) };
        let s3 = self.shared.s3(&entry.target.connection).await?;
        let customer_key = self.shared.customer_key(&entry.target.connection, &entry.options).await;
        let s3 = s3.with_customer_key(customer_key.unwrap_or_default());
        for look in 1..=LOOKS {
            let looked = match is_likely {
                true => self.with_retries(&s3, || s3.head(&entry.target)).await,
                false => s3.head(&entry.target).await,
            };
            let there = match looked {
                Ok(there) => there.filter(|there| can_be_ours(self.shared, &entry, there, since)),
                // these keys may not look
                Err(fault) if fault.kind == FaultKind::Denied => return Ok(false),
                Err(fault) if is_likely => return Err(fault),
                // nothing was sent in this run: a server that is out of reach keeps nobody from cancelling
                Err(_) => return Ok(false),
            };
            if let Some(there) = there {
                let Ok((file, fingerprint)) = Source::open(&job::place(&entry)).await else {
                    return Ok(false);
                };
                let capabilities = self.shared.capabilities(&entry.target.connection).capabilities;
                let file = Arc::new(file);
                let job = Job { s3, file, fingerprint, plan, capabilities, shows_writes: true };
                let transfer = Transfer { shared: self.shared, upload: self.upload, job };
                return match is_single {
                    true => transfer.object_is_this_file(&there).await,
                    false => transfer.was_completed().await,
                };
            }
            if !is_single || !self.upload.was_handed_over() {
                break;
            }
            tokio::time::sleep(Duration::from_secs(look.into())).await;
        }
        Ok(false)
    }
}
