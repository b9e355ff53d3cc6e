//! Before the first byte: the file looked at, the plan made, the multipart upload begun or gone on with. Knows no sending.

use super::exists::{self, may_write};
use super::{Job, adopt, forget_stored, lost, prove, still, take_off};
use crate::active::Active;
use crate::body::Summing;
use crate::deed::{Because, Deed};
use crate::fault::{Fault, FaultKind, Outcome, Why};
use crate::journal::Entry;
use crate::part::{PartNumber, PartState, Parts, Stored};
use crate::plan::{Plan, check_key};
use crate::probe;
use crate::s3::{Listed, S3};
use crate::source::{Fingerprint, Opened, Source};
use crate::sum::{Rung, Sums, same_etag};
use crate::upload::IfChanging;
use crate::world::World;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// The code of a fault after which the parts on the server are of no use.
pub(super) const WORTHLESS: &str = "Parts";

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
    let manners = Box::pin(probe::known(world, active, &s3, asked, fingerprint.size)).await?;
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
        if !begun && let Some(found) = Box::pin(lost::found_again(world, active, &job)).await? {
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

/// Where the bytes are read from.
pub(super) fn place(entry: &Entry) -> PathBuf {
    entry.copy.clone().unwrap_or_else(|| entry.path.clone())
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
    let opened = still::settled(&entry.path).await?;
    let was_sent = entry.upload_id.is_some() || active.has_sent();
    if !was_sent || active.is_same(&opened.fingerprint, &planned(&entry)) {
        return Ok(opened);
    }
    if entry.if_changing == IfChanging::Copy {
        Box::pin(still::copied(world, active)).await?;
        return Source::open(&active.read(place)).await.map(ours);
    }
    Box::pin(still::quiet(world, active)).await
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
            exists::check_free(world, active, &job).await?;
        }
        Some(_) if active.read(|entry| entry.adopted) => {
            return Err(adopt::is_gone(world, active).await);
        }
        Some(_) => {
            if prove::was_completed(world, active, &job).await? {
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
        if prove::was_completed(world, active, &job).await? {
            planned_as(active, &job);
            return Ok(None);
        }
        gone(world, active);
        planned_as(active, &job);
        begun_anew(world, active, &job).await?;
        return Ok(Some(job));
    };
    let parts = active.parts(|parts| parts.clone());
    let differing = still::differing(world, active, &job, &parts).await?;
    if !still::is_unchanged(active, &job).await? {
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

/// A new multipart upload, its UploadId in the journal before a byte goes out.
pub(super) async fn begin(world: &Arc<World>, active: &Active, s3: &S3) -> Outcome<String> {
    let entry = active.entry();
    let content_type = content_type(&entry);
    let begun_at = AtomicU64::new(0);
    let unread = AtomicU32::new(0);
    let begin = || async {
        // noted before: an answer that is lost leaves an upload on the server that is found by its time
        ask(world, active).await?;
        begun_at.store(world.wall_clock(), Ordering::Relaxed);
        let begun = s3.begin(&entry.target, &entry.options, &content_type, entry.rung).await;
        if begun.as_ref().is_err_and(|fault| match fault.status {
            Some(status) => status / 100 == 4,
            // without keys nothing has left
            None => fault.kind == FaultKind::Credentials,
        }) {
            // refused, not lost
            active.edit(|entry| entry.asked.truncate(entry.asked.len().saturating_sub(1)));
        }
        begun.map_err(|fault| {
            let is_unread = matches!(fault.why.get(), Some(Why::CutShort { .. }));
            match is_unread && unread.fetch_add(1, Ordering::Relaxed) + 1 >= UNREAD {
                true => Fault { kind: FaultKind::Unsupported, ..fault },
                false => fault,
            }
        })
    };
    let begun = world.patient(active, s3, begin).await?;
    active.edit(|entry| {
        entry.upload_id = Some(begun.upload_id.clone());
        entry.begun_at = Some(begun_at.into_inner());
        entry.complete_asked = false;
        // what it does not name, it does not know: no more is claimed than its ETags prove
        entry.rung = begun.rung;
        if entry.asked.len() == 1 {
            entry.asked.clear();
        }
    });
    if let Err(fault) = active.save(&world.journal).await {
        // an upload that could not be noted would be left behind: off with it
        let _ = s3.abort(&entry.target, &begun.upload_id).await;
        active.edit(|entry| entry.upload_id = None);
        return Err(fault);
    }
    Ok(begun.upload_id)
}

/// Each such answer can leave an upload on the server that nobody can tell from another's.
const UNREAD: u32 = 3;

/// Notes on the disk that something is asked for now whose answer may be lost.
pub(super) async fn ask(world: &World, active: &Active) -> Outcome<()> {
    let now = world.wall_clock();
    active.edit(|entry| {
        entry.asked.push(now);
        let oldest = entry.asked.len().saturating_sub(ASKED);
        entry.asked.drain(..oldest);
    });
    active.save(&world.journal).await
}

/// So many times of asking are remembered: a server that is off and on for a day must not fill the journal.
const ASKED: usize = 32;

/// Takes over the parts that server and journal, or server and file, agree on. Answers the numbers of parts that are
/// stored in another size than they have by now; none where the upload is gone.
async fn reconcile(
    world: &Arc<World>,
    active: &Arc<Active>,
    job: &Job,
    upload_id: &str,
) -> Outcome<Option<Vec<PartNumber>>> {
    let entry = active.entry();
    let listed =
        world.patient(active, &job.s3, || job.s3.list_parts(&entry.target, upload_id)).await;
    let listed = match listed {
        Ok(listed) => listed,
        Err(fault) if fault.is_code("NoSuchUpload") => return Ok(None),
        // what the journal has of each part is the server's own answer: Complete tells whether it still holds
        Err(fault) if fault.is_unlisted() && !entry.adopted => {
            return as_journaled(world, active, job).await.map(Some);
        }
        Err(fault) => return Err(fault),
    };
    let known: HashMap<_, _> = world.journal.parts(active.id).await?.into_iter().collect();
    let mut parts = Parts::new(job.plan, job.fingerprint.size);
    let (mut resumed, mut resized) = (0, Vec::new());
    let mut compared = adopt::Compared::default();
    for part in listed {
        compared.listed += 1;
        if part.number == 0 || part.number > job.plan.parts() {
            continue;
        }
        if parts.bytes(part.number) != part.size {
            resized.push(part.number);
            continue;
        }
        let stored = match known.get(&part.number) {
            Some(stored) if is_still(stored, &part, entry.rung) => Some(stored.clone()),
            _ => {
                compared.goes_on(world, active, job);
                adopted(active, job, part.clone(), &mut compared).await?
            }
        };
        if let Some(stored) = stored {
            if !known.contains_key(&part.number) {
                world.journal.part_stored(active.id, part.number, &stored);
            }
            resumed += part.size;
            parts.set(part.number, PartState::Stored(stored));
        }
    }
    adopt::judge(active, &compared)?;
    active.set_parts(parts);
    tell_found(world, active, resumed);
    Ok(Some(resized))
}

/// The parts as the journal has them, where these keys may not list them, or nobody can.
async fn as_journaled(world: &World, active: &Active, job: &Job) -> Outcome<Vec<PartNumber>> {
    let mut parts = Parts::new(job.plan, job.fingerprint.size);
    let mut resumed = 0;
    for (number, stored) in world.journal.parts(active.id).await? {
        if (1..=job.plan.parts()).contains(&number) {
            resumed += parts.bytes(number);
            parts.set(number, PartState::Stored(stored));
        }
    }
    active.set_parts(parts);
    tell_found(world, active, resumed);
    Ok(vec![])
}

/// Is the part on the server the one that the journal knows, as far as the server tells?
fn is_still(known: &Stored, there: &Listed, rung: Rung) -> bool {
    let sums = Sums { crc64: known.crc64, crc32: known.crc32, md5: None };
    same_etag(&known.etag, &there.etag) && there.told.holds(&there.etag, &sums, rung) != Some(false)
}

fn tell_found(world: &World, active: &Active, resumed: u64) {
    if !active.has_sent() {
        active.edit(|entry| entry.resumed = resumed);
        if resumed > 0 {
            let tally = active.tally();
            let (stored, parts) = (tally.stored_parts, tally.parts);
            world.note(active.id, &Deed::FoundStored { stored, parts, bytes: resumed });
        }
    }
}

/// A part that the server has and the journal does not know: believed only where its checksum is that of our bytes.
pub(super) async fn adopted(
    active: &Active,
    job: &Job,
    part: Listed,
    compared: &mut adopt::Compared,
) -> Outcome<Option<Stored>> {
    let rung = active.read(|entry| entry.rung);
    let range = job.plan.range(part.number, job.fingerprint.size);
    let sums = prove::sums_of(job, range, Summing::new(rung, true)).await?;
    let holds = part.told.holds(&part.etag, &sums, rung);
    compared.saw(holds, &sums, part.size);
    let Listed { etag, .. } = part;
    let stored = Stored { etag, crc64: sums.crc64, crc32: sums.crc32, vouched: true };
    Ok(Some(stored).filter(|_| holds == Some(true)))
}

pub(super) fn content_type(entry: &Entry) -> String {
    match &entry.options.content_type {
        Some(given) => given.clone(),
        None => mime_guess::from_path(&entry.path)
            .first_raw()
            .unwrap_or("application/octet-stream")
            .to_owned(),
    }
}
