//! Before the first byte: the file looked at, the plan made, the multipart upload begun or gone on with. Knows no sending.

use super::abort::take_off;
use super::job::{Job, forget_stored};
use super::key_conflict::{self, may_write};
use super::{adopt, file_changes, integrity, orphans};
use crate::fault::{Fault, FaultKind, Outcome, Why};
use crate::model::history::{Because, Deed};
use crate::model::part_plan::{Plan, check_key};
use crate::model::part_table::{PartNumber, PartState, Parts};
use crate::model::upload::IfChanging;
use crate::persistence::journal::Entry;
use crate::system::local_file::{Fingerprint, Opened, Source};
use crate::transfer::active::Active;
use crate::transfer::begin::begin;
use crate::transfer::job::place;
use crate::transfer::reconcile::reconcile;
use crate::transfer::shared::World;
use crate::transfer::{capabilities, snapshot};
use std::sync::Arc;

/// None where there is nothing to send: the key is taken and to be left alone.
pub(super) async fn prepare(world: &Arc<World>, active: &Arc<Active>) -> Outcome<Option<Job>> {
    active.read(|entry| check_key(&entry.target.key))?;
    let Opened { file, fingerprint, shows_writes } = Box::pin(opened(world, active)).await?;
    let entry = active.entry();
    let s3 = Box::pin(world.s3(&entry.target.connection)).await?.at(&entry.target.bucket);
    let own_key = world.own_key(&entry.target.connection, &entry.options).await?;
    let planned = planned(&entry);
    let mut begun = entry.upload_id.is_some();
    let mut plan = entry.plan.filter(|_| begun);
    let is_same = active.is_same(&fingerprint, &planned);
    if let Some(before) = plan.filter(|_| !is_same) {
        plan = before.resized(fingerprint.size);
        if plan.is_none() && entry.adopted {
            return Err(adopt::other_file(&entry));
        }
        if plan.is_none() {
            world.note(active.id, &Deed::BegunAgain { because: Because::Outgrown });
            Box::pin(take_off(world, active)).await?;
            forget_stored(world, active);
            begun = false;
        }
    }
    let asked = begun && !entry.adopted;
    let manners =
        Box::pin(capabilities::known(world, active, &s3, asked, fingerprint.size)).await?;
    active.goes_by(Some(&manners));
    let plan = match plan {
        Some(plan) => plan,
        None => {
            let (size, wanted) = (fingerprint.size, entry.wanted_part_size);
            let plan = Plan::within(size, wanted, &manners.limits)?;
            let rate = rate(world, active).filter(|_| wanted.is_none());
            rate.map_or(plan, |rate| Plan::suited(size, rate))
        }
    };
    active.set_parts(Parts::new(plan, fingerprint.size));
    // after the asking, which is of the server and of all that goes there
    let s3 = s3.with_own_key(own_key);
    let mut job = Job { s3, file: Arc::new(file), fingerprint, plan, manners, shows_writes };
    if entry.adopted {
        let key = entry.target.key;
        if !Box::pin(may_write(world, active, &job)).await? {
            return Ok(None);
        }
        if active.read(|entry| entry.target.key != key) {
            // parts belong to their key
            adopt::leave(world, active);
            begun = false;
        }
    }
    if begun && !is_same {
        // the journal keeps the old fingerprint until the parts are compared: a kill meanwhile must not hide the change
        return Box::pin(changed(world, active, job)).await;
    }
    planned_as(active, &job);
    if !begun && !Box::pin(may_write(world, active, &job)).await? {
        return Ok(None);
    }
    if let Plan::Multipart { .. } = plan {
        if !begun && let Some(found) = Box::pin(orphans::found_again(world, active, &job)).await? {
            job.plan = found.plan;
            active.edit(|entry| {
                entry.plan = Some(found.plan);
                entry.rung = found.rung;
                entry.upload_id = Some(found.upload_id);
            });
            active.save(&world.journal).await?;
            world.note(active.id, &Deed::FoundAgain);
        }
        return Box::pin(with_upload(world, active, job)).await;
    }
    Ok(Some(job))
}

/// Bytes a second that one connection to the server carries, as far as the limit of any hour allows it; none where
/// nothing is known of the line: a limit alone does not say that it carries as much.
pub(super) fn rate(world: &World, active: &Active) -> Option<u64> {
    let carried = world.lanes.carried(&active.connection)?.rate;
    Some(carried.min(world.lowest_limit().unwrap_or(u64::MAX)))
}

fn planned(entry: &Entry) -> Fingerprint {
    let Entry { size, modified_ns, file_id, changed_ns, .. } = *entry;
    Fingerprint { size, modified_ns, file_id, changed_ns }
}

fn planned_as(active: &Active, job: &Job) {
    active.edit(|entry| {
        entry.size = job.fingerprint.size;
        entry.modified_ns = job.fingerprint.modified_ns;
        entry.file_id = job.fingerprint.file_id;
        entry.changed_ns = job.fingerprint.changed_ns;
        entry.plan = Some(job.plan);
    });
}

/// The file, still; or the copy that stands for one that is never still.
async fn opened(world: &Arc<World>, active: &Active) -> Outcome<Opened> {
    let entry = active.entry();
    if let Some(copy) = &entry.copy {
        match Source::open(copy).await {
            Ok(copy) => return Ok(ours(copy)),
            Err(_) => active.edit(|entry| entry.copy = None),
        }
    }
    let opened = file_changes::settled(&entry.path).await?;
    let was_sent = entry.upload_id.is_some() || active.has_sent();
    if !was_sent || active.is_same(&opened.fingerprint, &planned(&entry)) {
        return Ok(opened);
    }
    if entry.if_changing == IfChanging::Copy {
        Box::pin(snapshot::copied(world, active)).await?;
        return Source::open(&active.read(place)).await.map(ours);
    }
    Box::pin(file_changes::quiet(world, active)).await
}

/// A copy, which nobody else writes to.
fn ours((file, fingerprint): (Source, Fingerprint)) -> Opened {
    Opened { file, fingerprint, shows_writes: true }
}

/// With the multipart upload that was begun, or a new one.
async fn with_upload(world: &Arc<World>, active: &Arc<Active>, job: Job) -> Outcome<Option<Job>> {
    match active.read(|entry| entry.upload_id.clone()) {
        Some(upload_id) if reconcile(world, active, &job, &upload_id).await?.is_some() => {
            // before the rest is sent, and not only after days of it
            key_conflict::check_free(world, active, &job).await?;
        }
        Some(_) if active.read(|entry| entry.adopted) => {
            return Err(adopt::is_gone(world, active).await);
        }
        Some(_) => {
            if integrity::was_completed(world, active, &job).await? {
                return Ok(None);
            }
            gone(world, active);
            begun_anew(world, active, &job).await?;
        }
        None => drop(begun_anew(world, active, &job).await?),
    }
    Ok(Some(job))
}

fn gone(world: &World, active: &Active) {
    world.note(active.id, &GONE);
    world.journal.forget_parts(active.id);
}

/// The file is another than the one whose parts were sent: what is stored is held against what it has now, and only
/// what differs is to be sent again.
async fn changed(world: &Arc<World>, active: &Arc<Active>, job: Job) -> Outcome<Option<Job>> {
    let upload_id = active.read(|entry| entry.upload_id.clone()).unwrap_or_default();
    let Some(resized) = reconcile(world, active, &job, &upload_id).await? else {
        if active.read(|entry| entry.adopted) {
            return Err(adopt::is_gone(world, active).await);
        }
        // completed by a call whose answer was lost, and the file only touched since
        if integrity::was_completed(world, active, &job).await? {
            planned_as(active, &job);
            return Ok(None);
        }
        gone(world, active);
        planned_as(active, &job);
        begun_anew(world, active, &job).await?;
        return Ok(Some(job));
    };
    let parts = active.parts(|parts| parts.clone());
    let differing = file_changes::differing(world, active, &job, &parts).await?;
    if !file_changes::is_unchanged(active, &job).await? {
        return Err(Fault::because(FaultKind::SourceChanged, Why::ChangedWhileSent));
    }
    active.parts(|parts| {
        for number in &differing {
            parts.set(*number, PartState::Pending);
        }
    });
    let again: Vec<PartNumber> = differing.into_iter().chain(resized).collect();
    let count = u32::try_from(again.len()).unwrap_or(u32::MAX);
    if again.is_empty() && job.fingerprint.is_like(&active.read(planned)) {
        active.pass_over_id();
    }
    world.journal.drop_parts(active.id, again);
    planned_as(active, &job);
    active.edit(|entry| entry.resent += count);
    active.save(&world.journal).await?;
    let more = active.parts(|parts| parts.tally().pending_parts).into();
    world.note(active.id, &Deed::Changed { again: count, more });
    Ok(Some(job))
}

/// In the history of an upload whose parts somebody took off the server.
pub(super) const GONE: Deed = Deed::BegunAgain { because: Because::Gone };

async fn begun_anew(world: &Arc<World>, active: &Active, job: &Job) -> Outcome<String> {
    active.set_parts(Parts::new(job.plan, job.fingerprint.size));
    active.edit(|entry| entry.resumed = 0);
    active.edit(|entry| entry.rung = job.manners.rung);
    begin(world, active, &job.s3).await
}
