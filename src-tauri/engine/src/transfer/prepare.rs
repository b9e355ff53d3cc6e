//! Before the first byte: the file looked at, the plan made, the multipart upload begun or gone on with. Knows no sending.

use super::{adopt, file_changes};
use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::history::{Because, Event};
use crate::model::part_plan::{Plan, check_key};
use crate::model::part_table::{PartNumber, PartState, Parts};
use crate::model::upload::IfChanging;
use crate::persistence::journal::Entry;
use crate::system::local_file::{Fingerprint, Opened, Source};
use crate::transfer::job::{Job, Transfer, Worker, place};
use std::sync::Arc;

impl<'a> Worker<'a> {
    /// None where there is nothing to send: the key is taken and to be left alone.
    pub(super) async fn prepare(self) -> Result<Option<Transfer<'a>>> {
        self.upload.read(|entry| check_key(&entry.target.key))?;
        let Opened { file, fingerprint, shows_writes } = Box::pin(self.opened()).await?;
        let entry = self.upload.entry();
        let s3 = Box::pin(self.shared.s3(&entry.target.connection)).await?.at(&entry.target.bucket);
        self.upload.set_sent_by(s3.used().clone());
        let customer_key =
            self.shared.customer_key(&entry.target.connection, &entry.options).await?;
        let planned = entry.fingerprint();
        let mut created = entry.upload_id.is_some();
        let mut plan = entry.plan.filter(|_| created);
        let is_same = self.upload.stability.is_same(&fingerprint, &planned);
        if let Some(before) = plan.filter(|_| !is_same) {
            plan = before.resized(fingerprint.size);
            if plan.is_none() && entry.adopted {
                return Err(adopt::other_file(&entry));
            }
            if plan.is_none() {
                self.shared
                    .record(self.upload.id, &Event::Restarted { because: Because::Outgrown });
                Box::pin(self.abort_on_server()).await?;
                self.forget_stored();
                created = false;
            }
        }
        let asked = created && !entry.adopted;
        let capabilities = Box::pin(self.known_capabilities(&s3, asked, fingerprint.size)).await?;
        self.upload.goes_by(Some(&capabilities));
        let plan = match plan {
            Some(plan) => plan,
            None => {
                let (size, wanted) = (fingerprint.size, entry.wanted_part_size);
                let plan = Plan::within(size, wanted, &capabilities.limits)?;
                let rate = self.link_rate().filter(|_| wanted.is_none());
                rate.map_or(plan, |rate| Plan::suited(size, rate))
            }
        };
        self.upload.set_parts(Parts::new(plan, fingerprint.size));
        // after the asking, which is of the server and of all that goes there
        let s3 = s3.with_customer_key(customer_key);
        let job = Job { s3, file: Arc::new(file), fingerprint, plan, capabilities, shows_writes };
        let mut transfer = Transfer { shared: self.shared, upload: self.upload, job };
        if entry.adopted {
            let key = entry.target.key;
            if !Box::pin(transfer.may_write()).await? {
                return Ok(None);
            }
            if self.upload.read(|entry| entry.target.key != key) {
                // parts belong to their key
                self.leave_adopted();
                created = false;
            }
        }
        if created && !is_same {
            // the journal keeps the old fingerprint until the parts are compared: a kill meanwhile must not hide the change
            return Box::pin(transfer.changed()).await;
        }
        transfer.planned_as();
        if !created && !Box::pin(transfer.may_write()).await? {
            return Ok(None);
        }
        if let Plan::Multipart { .. } = plan {
            if !created && let Some(found) = Box::pin(transfer.found_again()).await? {
                transfer.job.plan = found.plan;
                self.upload.edit(|entry| {
                    entry.plan = Some(found.plan);
                    entry.checksum_mode = found.checksum_mode;
                    entry.upload_id = Some(found.upload_id);
                });
                self.upload.save(&self.shared.journal).await?;
                self.shared.record(self.upload.id, &Event::FoundIncomplete);
            }
            return Box::pin(transfer.with_upload()).await;
        }
        Ok(Some(transfer))
    }

    /// Bytes a second that one connection to the server carries, as far as the limit of any hour allows it; none where
    /// nothing is known of the line: a limit alone does not say that it carries as much.
    pub(super) fn link_rate(self) -> Option<u64> {
        let link_estimate =
            self.shared.connection_pool.link_estimate(&self.upload.connection)?.rate;
        Some(link_estimate.min(self.shared.lowest_limit().unwrap_or(u64::MAX)))
    }

    /// The file, still; or the copy that stands for one that is never still.
    async fn opened(self) -> Result<Opened> {
        let entry = self.upload.entry();
        if let Some(copy) = &entry.copy {
            match Source::open(copy).await {
                Ok(copy) => return Ok(copied(copy)),
                Err(_) => self.upload.edit(|entry| entry.copy = None),
            }
        }
        let opened = file_changes::open_settled(&entry.path).await?;
        let was_sent = entry.upload_id.is_some() || self.upload.statistics.has_sent();
        if !was_sent || self.upload.stability.is_same(&opened.fingerprint, &entry.fingerprint()) {
            return Ok(opened);
        }
        if entry.if_changing == IfChanging::Copy {
            Box::pin(self.copy_source()).await?;
            return Source::open(&self.upload.read(place)).await.map(copied);
        }
        Box::pin(self.open_once_stable()).await
    }

    fn parts_are_gone(self) {
        self.shared.record(self.upload.id, &GONE);
        self.shared.journal.forget_parts(self.upload.id);
    }
}

impl Transfer<'_> {
    fn planned_as(&self) {
        self.upload.edit(|entry| {
            entry.set_fingerprint(self.job.fingerprint);
            entry.plan = Some(self.job.plan);
        });
    }

    /// With the multipart upload that was begun, or a new one.
    async fn with_upload(self) -> Result<Option<Self>> {
        match self.upload.read(|entry| entry.upload_id.clone()) {
            Some(upload_id) if self.reconcile(&upload_id).await?.is_some() => {
                // before the rest is sent, and not only after days of it
                self.check_free().await?;
            }
            Some(_) if self.upload.read(|entry| entry.adopted) => {
                return Err(self.worker().adopted_is_gone().await);
            }
            Some(_) => {
                if self.was_completed().await? {
                    return Ok(None);
                }
                self.worker().parts_are_gone();
                self.restart_upload().await?;
            }
            None => drop(self.restart_upload().await?),
        }
        Ok(Some(self))
    }

    /// The file is another than the one whose parts were sent: what is stored is compared with what it has now, and only
    /// what differs is to be sent again.
    async fn changed(self) -> Result<Option<Self>> {
        let upload_id = self.upload.read(|entry| entry.upload_id.clone()).unwrap_or_default();
        let Some(resized) = self.reconcile(&upload_id).await? else {
            if self.upload.read(|entry| entry.adopted) {
                return Err(self.worker().adopted_is_gone().await);
            }
            // completed by a call whose answer was lost, and the file only touched since
            if self.was_completed().await? {
                self.planned_as();
                return Ok(None);
            }
            self.worker().parts_are_gone();
            self.planned_as();
            self.restart_upload().await?;
            return Ok(Some(self));
        };
        let parts = self.upload.parts(|parts| parts.clone());
        let differing = self.differing(&parts).await?;
        if !self.is_unchanged().await? {
            return Err(Fault::because(FaultKind::SourceChanged, Reason::ChangedWhileSent));
        }
        self.upload.parts(|parts| {
            for number in &differing {
                parts.set(*number, PartState::Pending);
            }
        });
        let again: Vec<PartNumber> = differing.into_iter().chain(resized).collect();
        let count = u32::try_from(again.len()).unwrap_or(u32::MAX);
        if again.is_empty() && self.job.fingerprint.is_like(&self.upload.read(Entry::fingerprint)) {
            self.upload.stability.pass_over_id();
        }
        self.shared.journal.drop_parts(self.upload.id, again);
        self.planned_as();
        self.upload.edit(|entry| entry.resent += count);
        self.upload.save(&self.shared.journal).await?;
        let more = self.upload.parts(|parts| parts.tally().pending_parts).into();
        self.shared.record(self.upload.id, &Event::Changed { again: count, more });
        Ok(Some(self))
    }

    async fn restart_upload(&self) -> Result<String> {
        self.upload.set_parts(Parts::new(self.job.plan, self.job.fingerprint.size));
        self.upload.edit(|entry| entry.resumed = 0);
        self.upload.edit(|entry| entry.checksum_mode = self.job.capabilities.checksum_mode);
        self.worker().create_upload(&self.job.s3).await
    }
}

/// A copy, which nobody else writes to.
fn copied((file, fingerprint): (Source, Fingerprint)) -> Opened {
    Opened { file, fingerprint, shows_writes: true }
}

/// In the history of an upload whose parts somebody took off the server.
pub(super) const GONE: Event = Event::Restarted { because: Because::Gone };
