//! Drives one upload from Waiting to where it ends. Knows the order of things; the calls are S3's, the rules the pure half's.

mod prove;
mod send;

use crate::active::Active;
use crate::fault::{Fault, FaultKind, Outcome};
use crate::part::{Parts, Stored};
use crate::plan::{Plan, check_key};
use crate::retry;
use crate::s3::{Listed, S3};
use crate::source::{self, Fingerprint};
use crate::upload::{self, Event, IfExists, Intent, Phase};
use crate::world::World;
use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// What a worker holds once the file and the server are known.
pub(crate) struct Job {
    pub(crate) s3: S3,
    pub(crate) file: Arc<File>,
    pub(crate) fingerprint: Fingerprint,
    pub(crate) plan: Plan,
}

/// How a run ended that did not fail.
enum Ended {
    Done,
    /// What was stored is gone on the server: from the beginning.
    Gone,
}

pub(crate) async fn drive(world: Arc<World>, active: Arc<Active>) {
    if active.phase() != Phase::Aborting {
        active.on(Event::Start, &world.journal);
        active.edit(|entry| entry.started_at = entry.started_at.or(Some(world.wall_clock())));
        let ended = tokio::select! {
            biased;
            () = active.stop_asked() => None,
            ended = run(&world, &active) => Some(ended),
        };
        active.offline.store(false, Ordering::Relaxed);
        active.drop_flows();
        match ended {
            Some(Ok(())) => finish(&world, &active),
            Some(Err(fault)) => fail(&world, &active, fault).await,
            None if active.intent() == Intent::Abort => active.on(Event::Abort, &world.journal),
            None => {
                if active.intent() == Intent::Pause {
                    world.note(active.id, "Paused");
                }
                active.on(Event::LetGo, &world.journal);
            }
        }
    }
    if active.phase() == Phase::Aborting {
        match take_off(&world, &active).await {
            Ok(()) => {
                world.journal.forget_parts(active.id);
                active.set_parts(Parts::new(Plan::Single, active.entry().size));
                active.edit(|entry| {
                    entry.upload_id = None;
                    entry.plan = None;
                });
                world.note(active.id, "Cancelled; nothing of it is left on the server");
                active.on(Event::AbortDone, &world.journal);
            }
            Err(fault) => active.on(Event::Failed(fault), &world.journal),
        }
    }
}

fn finish(world: &World, active: &Active) {
    active.edit(|entry| {
        entry.finished_at = Some(world.wall_clock());
        entry.stored_bytes = entry.size;
        entry.stored_parts = entry.plan.map_or(0, Plan::parts);
    });
    active.on(Event::Completed, &world.journal);
}

async fn fail(world: &Arc<World>, active: &Active, fault: Fault) {
    tracing::warn!(id = active.id, kind = ?fault.kind, detail = %fault.detail, "an upload failed");
    // the journal knows of parts before they are reconciled; where it cannot be read, they are taken for there
    let journaled = world.journal.parts(active.id).await.map_or(1, |parts| parts.len());
    let nothing_to_keep = active.tally().stored_parts == 0 && journaled == 0;
    // parts of another state of the file, or parts that did not add up, are of no use to a later try
    let worthless = matches!(fault.kind, FaultKind::SourceChanged) || fault.is_code("Parts");
    if (nothing_to_keep || worthless) && active.entry().upload_id.is_some() {
        let short = Duration::from_secs(10);
        if let Ok(Ok(())) = tokio::time::timeout(short, take_off(world, active)).await {
            world.journal.forget_parts(active.id);
            active.set_parts(Parts::new(Plan::Single, active.entry().size));
            active.edit(|entry| entry.upload_id = None);
        }
    }
    active.edit(|entry| entry.finished_at = Some(world.wall_clock()));
    world.note(active.id, &format!("Failed: {}", fault.detail));
    active.on(Event::Failed(fault), &world.journal);
}

async fn run(world: &Arc<World>, active: &Arc<Active>) -> Outcome<()> {
    loop {
        let Some(job) = prepare(world, active).await? else { return Ok(()) };
        active.on(Event::Prepared, &world.journal);
        let ended = match job.plan {
            Plan::Single => send::single(world, active, &job).await.map(|()| Ended::Done)?,
            Plan::Multipart { .. } => {
                if send::parts(world, active, &job).await? {
                    unchanged(active, &job)?;
                    active.on(Event::AllStored, &world.journal);
                    if prove::complete(world, active, &job).await? {
                        Ended::Done
                    } else {
                        Ended::Gone
                    }
                } else {
                    Ended::Gone
                }
            }
        };
        match ended {
            Ended::Done => return Ok(()),
            Ended::Gone => {
                world.note(active.id, "The unfinished upload was gone on the server; begun again");
                world.journal.forget_parts(active.id);
                active.edit(|entry| entry.upload_id = None);
                active.on(Event::Reconcile, &world.journal);
            }
        }
    }
}

/// The file is still what was planned.
fn unchanged(active: &Active, job: &Job) -> Outcome<()> {
    let (_, now) = source::open(&active.entry().path)?;
    if now == job.fingerprint {
        return Ok(());
    }
    Err(Fault::new(
        FaultKind::SourceChanged,
        "the file was changed while it was sent; nothing half-made was kept",
    ))
}

/// None where there is nothing to send: the key is taken and to be left alone.
async fn prepare(world: &Arc<World>, active: &Arc<Active>) -> Outcome<Option<Job>> {
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
    let job = Job { s3, file: Arc::new(file), fingerprint, plan };
    if !begun && !may_write(world, active, &job).await? {
        return Ok(None);
    }
    if let Plan::Multipart { .. } = plan {
        match active.entry().upload_id {
            Some(upload_id) => {
                if !reconcile(world, active, &job, &upload_id).await? {
                    if prove::was_completed(world, active, &job).await? {
                        return Ok(None);
                    }
                    world.note(
                        active.id,
                        "The unfinished upload was gone on the server; begun again",
                    );
                    world.journal.forget_parts(active.id);
                    begin(world, active, &job).await?;
                }
            }
            None => begin(world, active, &job).await?,
        }
    }
    Ok(Some(job))
}

/// Looks whether the key is taken, where that matters. May change the key (keep both).
async fn may_write(world: &Arc<World>, active: &Arc<Active>, job: &Job) -> Outcome<bool> {
    let entry = active.entry();
    if entry.if_exists == IfExists::Replace {
        return Ok(true);
    }
    let mut target = entry.target.clone();
    let mut number = 1;
    while let Some(there) = world.patient(active, &job.s3, || job.s3.head(&target)).await? {
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

/// A new multipart upload, its UploadId in the journal before a byte goes out.
async fn begin(world: &Arc<World>, active: &Arc<Active>, job: &Job) -> Outcome<()> {
    let entry = active.entry();
    let content_type = content_type(&entry);
    let begun = world
        .patient(active, &job.s3, || job.s3.begin(&entry.target, &entry.options, &content_type))
        .await?;
    active.set_parts(Parts::new(job.plan, job.fingerprint.size));
    active.edit(|entry| {
        entry.upload_id = Some(begun.upload_id.clone());
        entry.sums = begun.sums;
        entry.resumed = 0;
    });
    if let Err(fault) = active.save(&world.journal).await {
        // an upload that could not be noted would be left behind: off with it
        let _ = job.s3.abort(&entry.target, &begun.upload_id).await;
        active.edit(|entry| entry.upload_id = None);
        return Err(fault);
    }
    Ok(())
}

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
    let known: std::collections::HashMap<_, _> =
        world.journal.parts(active.id).await?.into_iter().collect();
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
            parts.set(part.number, crate::part::PartState::Stored(stored));
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
async fn adopted(job: &Job, part: Listed) -> Option<Stored> {
    let (file, range) = (job.file.clone(), job.plan.range(part.number, job.fingerprint.size));
    let sums = tokio::task::spawn_blocking(move || crate::body::sums_of(&file, range, true))
        .await
        .ok()?
        .ok()?;
    let same = match part.crc64 {
        Some(crc64) => crc64 == sums.crc64,
        None => prove::etag_is_md5(&part.etag, sums.md5?),
    };
    same.then_some(Stored { etag: part.etag, crc64: sums.crc64 })
}

pub(crate) fn same_etag(one: &str, other: &str) -> bool {
    one.trim_matches('"').eq_ignore_ascii_case(other.trim_matches('"'))
}

pub(crate) fn content_type(entry: &crate::journal::Entry) -> String {
    match &entry.options.content_type {
        Some(given) => given.clone(),
        None => mime_guess::from_path(&entry.path)
            .first_raw()
            .unwrap_or("application/octet-stream")
            .to_owned(),
    }
}

/// Aborts on the server until nothing is left. Waits for the network as long as it takes.
async fn take_off(world: &Arc<World>, active: &Active) -> Outcome<()> {
    let entry = active.entry();
    let Some(upload_id) = &entry.upload_id else { return Ok(()) };
    let s3 = world.s3(&entry.target.connection).await?;
    let mut times = 0;
    loop {
        match s3.abort(&entry.target, upload_id).await {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(fault)
                if matches!(
                    fault.kind,
                    FaultKind::Offline | FaultKind::Server | FaultKind::Throttled
                ) =>
            {
                active.offline.store(fault.kind == FaultKind::Offline, Ordering::Relaxed);
            }
            // no bucket, no upload in it
            Err(fault) if fault.is_code("NoSuchBucket") => return Ok(()),
            Err(fault) => return Err(fault),
        }
        times += 1;
        tokio::time::sleep(retry::knock(times)).await;
    }
}
