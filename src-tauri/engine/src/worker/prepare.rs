//! Before the first byte: the file looked at, the plan made, the key's being free, the multipart upload begun or gone on
//! with. Knows no sending.

use super::{Job, lost, prove, same_etag};
use crate::active::Active;
use crate::fault::{Fault, FaultKind, Outcome};
use crate::part::{PartState, Parts, Stored};
use crate::plan::{Plan, check_key};
use crate::s3::{Listed, S3};
use crate::source::{self, Fingerprint};
use crate::upload::{self, IfExists};
use crate::world::World;
use std::collections::HashMap;
use std::sync::Arc;

/// None where there is nothing to send: the key is taken and to be left alone.
pub(super) async fn prepare(world: &Arc<World>, active: &Arc<Active>) -> Outcome<Option<Job>> {
    let entry = active.entry();
    let (file, fingerprint) = source::open(&entry.path)?;
    check_key(&entry.target.key)?;
    let begun = entry.upload_id.is_some();
    let planned =
        Fingerprint { size: entry.size, modified_ns: entry.modified_ns, file_id: entry.file_id };
    if begun && fingerprint != planned {
        return Err(Fault::new(
            FaultKind::SourceChanged,
            "the file is not the one whose parts were sent; what was stored was taken off the server",
        ));
    }
    let plan = match entry.plan {
        Some(plan) if begun => plan,
        _ => Plan::of(fingerprint.size, entry.wanted_part_size)?,
    };
    active.edit(|entry| {
        entry.size = fingerprint.size;
        entry.modified_ns = fingerprint.modified_ns;
        entry.file_id = fingerprint.file_id;
        entry.plan = Some(plan);
    });
    active.set_parts(Parts::new(plan, fingerprint.size));
    let s3 = world.s3(&entry.target.connection).await?;
    let mut job = Job { s3, file: Arc::new(file), fingerprint, plan };
    if !begun && !may_write(world, active, &job).await? {
        return Ok(None);
    }
    if let Plan::Multipart { .. } = plan {
        if !begun && let Some(found) = lost::found_again(world, active, &job).await? {
            job.plan = found.plan;
            active.edit(|entry| {
                entry.plan = Some(found.plan);
                entry.sums = found.sums;
                entry.upload_id = Some(found.upload_id);
            });
            active.save(&world.journal).await?;
            world.note(
                active.id,
                "Found again on the server: an unfinished upload with parts of this file",
            );
        }
        let upload_id = match active.entry().upload_id {
            Some(upload_id) if reconcile(world, active, &job, &upload_id).await? => upload_id,
            Some(_) => {
                if prove::was_completed(world, active, &job).await? {
                    return Ok(None);
                }
                world.note(active.id, GONE);
                world.journal.forget_parts(active.id);
                begun_anew(world, active, &job).await?
            }
            None => begun_anew(world, active, &job).await?,
        };
        lost::sweep(world, active, &job.s3, &upload_id).await?;
    }
    Ok(Some(job))
}

/// In the history of an upload whose parts somebody took off the server.
pub(super) const GONE: &str = "The unfinished upload was gone on the server; begun again";

/// Looks whether the key is taken, where that matters. May change the key (keep both).
async fn may_write(world: &Arc<World>, active: &Arc<Active>, job: &Job) -> Outcome<bool> {
    let entry = active.entry();
    if entry.if_exists == IfExists::Replace {
        return Ok(true);
    }
    let mut target = entry.target.clone();
    let mut number = 1;
    while let Some(there) = world.patient(active, &job.s3, || job.s3.head(&target)).await? {
        if job.plan == Plan::Single
            && !entry.asked.is_empty()
            && prove::is_this(active, job, &there).await?
        {
            world.note(active.id, "It had arrived: only the answer was lost");
            return Ok(false);
        }
        match entry.if_exists {
            IfExists::Replace => break,
            IfExists::KeepBoth => {
                number += 1;
                target.key = upload::beside(&entry.target.key, number);
                check_key(&target.key)?;
            }
            IfExists::SkipSame if there.size != job.fingerprint.size => break,
            IfExists::Skip | IfExists::SkipSame => {
                world.note(active.id, "Skipped: the bucket has an object with this key");
                prove::skipped(active, there);
                return Ok(false);
            }
            IfExists::Ask | IfExists::Fail => {
                let detail = format!(
                    "{} has an object named {} already ({} bytes)",
                    target.bucket, target.key, there.size
                );
                return Err(Fault::new(FaultKind::Exists, detail));
            }
        }
    }
    if target != entry.target {
        active.edit(|entry| entry.target = target);
    }
    Ok(true)
}

async fn begun_anew(world: &Arc<World>, active: &Active, job: &Job) -> Outcome<String> {
    active.set_parts(Parts::new(job.plan, job.fingerprint.size));
    active.edit(|entry| entry.resumed = 0);
    begin(world, active, &job.s3).await
}

/// A new multipart upload, its UploadId in the journal before a byte goes out.
pub(super) async fn begin(world: &Arc<World>, active: &Active, s3: &S3) -> Outcome<String> {
    let entry = active.entry();
    let content_type = content_type(&entry);
    let begin = || async {
        // noted before: an answer that is lost leaves an upload on the server that is found by its time
        ask(world, active).await?;
        let begun = s3.begin(&entry.target, &entry.options, &content_type).await;
        if begun.as_ref().is_err_and(|fault| fault.status.is_some_and(|status| status / 100 == 4)) {
            // refused, not lost
            active.edit(|entry| entry.asked.truncate(entry.asked.len().saturating_sub(1)));
        }
        begun
    };
    let begun = world.patient(active, s3, begin).await?;
    active.edit(|entry| {
        entry.upload_id = Some(begun.upload_id.clone());
        entry.sums = begun.sums;
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

/// Takes over the parts that server and journal, or server and file, agree on. False where the upload is gone.
async fn reconcile(
    world: &Arc<World>,
    active: &Arc<Active>,
    job: &Job,
    upload_id: &str,
) -> Outcome<bool> {
    let entry = active.entry();
    let listed =
        world.patient(active, &job.s3, || job.s3.list_parts(&entry.target, upload_id)).await;
    let listed = match listed {
        Ok(listed) => listed,
        Err(fault) if fault.is_code("NoSuchUpload") => return Ok(false),
        Err(fault) => return Err(fault),
    };
    let known: HashMap<_, _> = world.journal.parts(active.id).await?.into_iter().collect();
    let mut parts = Parts::new(job.plan, job.fingerprint.size);
    let mut resumed = 0;
    for part in listed {
        if part.number == 0
            || part.number > job.plan.parts()
            || parts.bytes(part.number) != part.size
        {
            continue;
        }
        let stored = match known.get(&part.number) {
            Some(stored) if same_etag(&stored.etag, &part.etag) => Some(stored.clone()),
            _ => adopted(job, part.clone()).await,
        };
        if let Some(stored) = stored {
            if !known.contains_key(&part.number) {
                world.journal.part_stored(active.id, part.number, &stored);
            }
            resumed += part.size;
            parts.set(part.number, PartState::Stored(stored));
        }
    }
    active.set_parts(parts);
    active.edit(|entry| entry.resumed = resumed);
    if resumed > 0 {
        let tally = active.tally();
        world.note(
            active.id,
            &format!("Went on: {} of {} parts were stored", tally.stored_parts, tally.parts),
        );
    }
    Ok(true)
}

/// A part that the server has and the journal does not know: believed only where its checksum is that of our bytes.
pub(super) async fn adopted(job: &Job, part: Listed) -> Option<Stored> {
    let range = job.plan.range(part.number, job.fingerprint.size);
    let sums = prove::sums_of(job, range).await.ok()?;
    let same = match part.crc64 {
        Some(crc64) => crc64 == sums.crc64,
        None => prove::etag_is_md5(&part.etag, sums.md5?),
    };
    same.then_some(Stored { etag: part.etag, crc64: sums.crc64 })
}

pub(super) fn content_type(entry: &crate::journal::Entry) -> String {
    match &entry.options.content_type {
        Some(given) => given.clone(),
        None => mime_guess::from_path(&entry.path)
            .first_raw()
            .unwrap_or("application/octet-stream")
            .to_owned(),
    }
}
