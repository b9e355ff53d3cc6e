//! Before the first byte: the file looked at, the plan made, the multipart upload begun or gone on with. Knows no sending.

use super::abort::abort_on_server;
use super::job::{Job, forget_stored};
use super::key_conflict::{self, may_write};
use super::{adopt, file_changes, integrity, orphans};
use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::history::{Because, Event};
use crate::model::part_plan::{Plan, check_key};
use crate::model::part_table::{PartNumber, PartState, Parts};
use crate::model::upload::IfChanging;
use crate::persistence::journal::Entry;
use crate::system::local_file::{Fingerprint, Opened, Source};
use crate::transfer::active::ActiveUpload;
use crate::transfer::begin::create_upload;
use crate::transfer::job::place;
use crate::transfer::reconcile::reconcile;
use crate::transfer::shared::Shared;
use crate::transfer::{capabilities, snapshot};
use std::sync::Arc;

/// None where there is nothing to send: the key is taken and to be left alone.
pub(super) async fn prepare(
    shared: &Arc<Shared>,
    upload: &Arc<ActiveUpload>,
) -> Result<Option<Job>> {
    upload.read(|entry| check_key(&entry.target.key))?;
    let Opened { file, fingerprint, shows_writes } = Box::pin(opened(shared, upload)).await?;
    let entry = upload.entry();
    let s3 = Box::pin(shared.s3(&entry.target.connection)).await?.at(&entry.target.bucket);
    let customer_key = shared.customer_key(&entry.target.connection, &entry.options).await?;
    let planned = entry.fingerprint();
    let mut created = entry.upload_id.is_some();
    let mut plan = entry.plan.filter(|_| created);
    let is_same = upload.is_same(&fingerprint, &planned);
    if let Some(before) = plan.filter(|_| !is_same) {
        plan = before.resized(fingerprint.size);
        if plan.is_none() && entry.adopted {
            return Err(adopt::other_file(&entry));
        }
        if plan.is_none() {
            shared.record(upload.id, &Event::Restarted { because: Because::Outgrown });
            Box::pin(abort_on_server(shared, upload)).await?;
            forget_stored(shared, upload);
            created = false;
        }
    }
    let asked = created && !entry.adopted;
    let capabilities =
        Box::pin(capabilities::known(shared, upload, &s3, asked, fingerprint.size)).await?;
    upload.goes_by(Some(&capabilities));
    let plan = match plan {
        Some(plan) => plan,
        None => {
            let (size, wanted) = (fingerprint.size, entry.wanted_part_size);
            let plan = Plan::within(size, wanted, &capabilities.limits)?;
            let rate = rate(shared, upload).filter(|_| wanted.is_none());
            rate.map_or(plan, |rate| Plan::suited(size, rate))
        }
    };
    upload.set_parts(Parts::new(plan, fingerprint.size));
    // after the asking, which is of the server and of all that goes there
    let s3 = s3.with_customer_key(customer_key);
    let mut job = Job { s3, file: Arc::new(file), fingerprint, plan, capabilities, shows_writes };
    if entry.adopted {
        let key = entry.target.key;
        if !Box::pin(may_write(shared, upload, &job)).await? {
            return Ok(None);
        }
        if upload.read(|entry| entry.target.key != key) {
            // parts belong to their key
            adopt::leave(shared, upload);
            created = false;
        }
    }
    if created && !is_same {
        // the journal keeps the old fingerprint until the parts are compared: a kill meanwhile must not hide the change
        return Box::pin(changed(shared, upload, job)).await;
    }
    planned_as(upload, &job);
    if !created && !Box::pin(may_write(shared, upload, &job)).await? {
        return Ok(None);
    }
    if let Plan::Multipart { .. } = plan {
        if !created
            && let Some(found) = Box::pin(orphans::found_again(shared, upload, &job)).await?
        {
            job.plan = found.plan;
            upload.edit(|entry| {
                entry.plan = Some(found.plan);
                entry.checksum_mode = found.checksum_mode;
                entry.upload_id = Some(found.upload_id);
            });
            upload.save(&shared.journal).await?;
            shared.record(upload.id, &Event::FoundIncomplete);
        }
        return Box::pin(with_upload(shared, upload, job)).await;
    }
    Ok(Some(job))
}

/// Bytes a second that one connection to the server carries, as far as the limit of any hour allows it; none where
/// nothing is known of the line: a limit alone does not say that it carries as much.
pub(super) fn rate(shared: &Shared, upload: &ActiveUpload) -> Option<u64> {
    let link_estimate = shared.connection_pool.link_estimate(&upload.connection)?.rate;
    Some(link_estimate.min(shared.lowest_limit().unwrap_or(u64::MAX)))
}

fn planned_as(upload: &ActiveUpload, job: &Job) {
    upload.edit(|entry| {
        entry.set_fingerprint(job.fingerprint);
        entry.plan = Some(job.plan);
    });
}

/// The file, still; or the copy that stands for one that is never still.
async fn opened(shared: &Arc<Shared>, upload: &ActiveUpload) -> Result<Opened> {
    let entry = upload.entry();
    if let Some(copy) = &entry.copy {
        match Source::open(copy).await {
            Ok(copy) => return Ok(ours(copy)),
            Err(_) => upload.edit(|entry| entry.copy = None),
        }
    }
    let opened = file_changes::open_settled(&entry.path).await?;
    let was_sent = entry.upload_id.is_some() || upload.has_sent();
    if !was_sent || upload.is_same(&opened.fingerprint, &entry.fingerprint()) {
        return Ok(opened);
    }
    if entry.if_changing == IfChanging::Copy {
        Box::pin(snapshot::copied(shared, upload)).await?;
        return Source::open(&upload.read(place)).await.map(ours);
    }
    Box::pin(file_changes::open_once_stable(shared, upload)).await
}

/// A copy, which nobody else writes to.
fn ours((file, fingerprint): (Source, Fingerprint)) -> Opened {
    Opened { file, fingerprint, shows_writes: true }
}

/// With the multipart upload that was begun, or a new one.
async fn with_upload(
    shared: &Arc<Shared>,
    upload: &Arc<ActiveUpload>,
    job: Job,
) -> Result<Option<Job>> {
    match upload.read(|entry| entry.upload_id.clone()) {
        Some(upload_id) if reconcile(shared, upload, &job, &upload_id).await?.is_some() => {
            // before the rest is sent, and not only after days of it
            key_conflict::check_free(shared, upload, &job).await?;
        }
        Some(_) if upload.read(|entry| entry.adopted) => {
            return Err(adopt::is_gone(shared, upload).await);
        }
        Some(_) => {
            if integrity::was_completed(shared, upload, &job).await? {
                return Ok(None);
            }
            gone(shared, upload);
            restart_upload(shared, upload, &job).await?;
        }
        None => drop(restart_upload(shared, upload, &job).await?),
    }
    Ok(Some(job))
}

fn gone(shared: &Shared, upload: &ActiveUpload) {
    shared.record(upload.id, &GONE);
    shared.journal.forget_parts(upload.id);
}

/// The file is another than the one whose parts were sent: what is stored is compared with what it has now, and only
/// what differs is to be sent again.
async fn changed(
    shared: &Arc<Shared>,
    upload: &Arc<ActiveUpload>,
    job: Job,
) -> Result<Option<Job>> {
    let upload_id = upload.read(|entry| entry.upload_id.clone()).unwrap_or_default();
    let Some(resized) = reconcile(shared, upload, &job, &upload_id).await? else {
        if upload.read(|entry| entry.adopted) {
            return Err(adopt::is_gone(shared, upload).await);
        }
        // completed by a call whose answer was lost, and the file only touched since
        if integrity::was_completed(shared, upload, &job).await? {
            planned_as(upload, &job);
            return Ok(None);
        }
        gone(shared, upload);
        planned_as(upload, &job);
        restart_upload(shared, upload, &job).await?;
        return Ok(Some(job));
    };
    let parts = upload.parts(|parts| parts.clone());
    let differing = file_changes::differing(shared, upload, &job, &parts).await?;
    if !file_changes::is_unchanged(upload, &job).await? {
        return Err(Fault::because(FaultKind::SourceChanged, Reason::ChangedWhileSent));
    }
    upload.parts(|parts| {
        for number in &differing {
            parts.set(*number, PartState::Pending);
        }
    });
    let again: Vec<PartNumber> = differing.into_iter().chain(resized).collect();
    let count = u32::try_from(again.len()).unwrap_or(u32::MAX);
    if again.is_empty() && job.fingerprint.is_like(&upload.read(Entry::fingerprint)) {
        upload.pass_over_id();
    }
    shared.journal.drop_parts(upload.id, again);
    planned_as(upload, &job);
    upload.edit(|entry| entry.resent += count);
    upload.save(&shared.journal).await?;
    let more = upload.parts(|parts| parts.tally().pending_parts).into();
    shared.record(upload.id, &Event::Changed { again: count, more });
    Ok(Some(job))
}

/// In the history of an upload whose parts somebody took off the server.
pub(super) const GONE: Event = Event::Restarted { because: Because::Gone };

async fn restart_upload(shared: &Arc<Shared>, upload: &ActiveUpload, job: &Job) -> Result<String> {
    upload.set_parts(Parts::new(job.plan, job.fingerprint.size));
    upload.edit(|entry| entry.resumed = 0);
    upload.edit(|entry| entry.checksum_mode = job.capabilities.checksum_mode);
    create_upload(shared, upload, &job.s3).await
}
