//! Sends the bytes: one PUT, or parts over the shared connections. Knows no phases.

use super::begin::{ask, content_type};
use super::job::Job;
use super::{arrived, file_changes, integrity, key_conflict, prepare};
use crate::fault::{Fault, FaultKind, Outcome, Why};
use crate::model::checksum::{self, Rung, Sums};
use crate::model::history::Deed;
use crate::model::part_plan::Plan;
use crate::model::part_table::{PartNumber, PartState, Stored};
use crate::model::upload::IfExists;
use crate::s3::body::{Feed, Flow, RangeBody, Summing, Trailer};
use crate::s3::{Kept, Seal, Seen};
use crate::scheduling::connection_pool::Lane;
use crate::scheduling::retry::{self, Next};
use crate::transfer::active::Active;
use crate::transfer::job;
use crate::transfer::shared::World;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Between two looks at whether the file is still the same.
const WATCH: Duration = Duration::from_secs(1);

fn feed(world: &World, active: &Active, job: &Job, rung: Rung) -> Feed {
    Feed {
        file: job.file.clone(),
        pool: world.pool.clone(),
        throttle: world.throttle.clone(),
        outgoing: active.outgoing.clone(),
        rung,
    }
}

/// The whole file in one request, its checksum in the header. Fails with `SourceChanged` where it is not the file's any
/// more.
pub(super) async fn single(world: &Arc<World>, active: &Arc<Active>, job: &Job) -> Outcome<()> {
    let entry = active.entry();
    let size = job.fingerprint.size;
    let rung = job.manners.rung;
    let sums = job::sums_of(job, 0..size, Summing::new(rung, false)).await?;
    let content_type = content_type(&entry);
    let (mut attempt, mut apart, mut again) = (1, 0, false);
    let if_absent = key_conflict::only_where_absent(active, &entry, job.manners.conditional_put);
    Box::pin(job.s3.asks_to_encrypt(&entry.target, &entry.options)).await?;
    if entry.if_exists != IfExists::Replace {
        // noted before: after a kill, the object that is there by then may be this one
        ask(world, active).await?;
    }
    loop {
        // one that was not answered, of this run or one before
        let asked = active.read(|entry| entry.asked.clone());
        let asked_before = asked.len() > 1 || again;
        let since = asked.first().copied().unwrap_or_default();
        if again
            && key_conflict::must_be_absent(active, &entry)
            && !job.manners.conditional_put.is_yes()
        {
            // the server may not look for itself, and the look before is of another time
            match key_conflict::there(world, active, job).await? {
                Some(there) if arrived::is_ours(world, active, job, &there, since).await? => {
                    world.note(active.id, &Deed::HadArrived);
                    return Ok(());
                }
                Some(_) => return Err(key_conflict::refused(active)),
                None => {}
            }
        }
        again = true;
        active.may_start().await;
        let lane = world.lanes.lane(&active.connection, active.id, &active.order, size).await;
        let flow = active.begin(1, attempt, lane.progress.clone());
        // summed once: an MD5 costs more than all the rest
        let feed = feed(world, active, job, Rung::Crc64Nvme);
        let body = RangeBody::new(feed, flow.clone(), 0..size, None);
        let seal = (Seal::Header(rung, sums), if_absent);
        let sent = job
            .s3
            .put(&entry.target, &entry.options, &content_type, seal, (body, &flow, size))
            .await;
        match sent.is_ok() {
            true => lane.succeeded(),
            false => drop(lane),
        }
        let outcome = match (sent_as_summed(&flow, Some(sums), &sent), sent) {
            // somebody was first; or an earlier try of ours, whose answer was lost
            (_, Err(fault)) if fault.kind == FaultKind::Exists => {
                match world.patient(active, &job.s3, || job.s3.look(&entry.target)).await? {
                    Seen::Taken(there)
                        if asked_before
                            && arrived::is_ours(world, active, job, &there, since).await? =>
                    {
                        Ok(())
                    }
                    _ => Err(fault),
                }
            }
            (Err(fault), _) | (_, Err(fault)) => Err(fault),
            (Ok(sums), Ok(kept)) => integrity::single(world, active, job, sums, kept).await,
        };
        match outcome {
            Ok(()) => {
                world.reached(active);
                let Sums { crc64, crc32, .. } = sums;
                let stored = Stored { etag: String::new(), crc64, crc32, vouched: true };
                active.end(1, PartState::Stored(stored));
                return Ok(());
            }
            Err(fault) => {
                active.end(1, PartState::Pending);
                active.edit(|entry| entry.retries += 1);
                let tries = retry::tries(&fault, attempt, &mut apart);
                match retry::after(&fault, tries, rand::random()) {
                    Next::Stop => return Err(fault),
                    Next::WaitForNetwork => world.until_reached(active, &job.s3, fault).await?,
                    Next::Again(wait) => {
                        world.refused(active, &fault);
                        tell_again(world, active, None, attempt, &fault);
                        attempt += 1;
                        tokio::time::sleep(wait).await;
                    }
                }
            }
        }
    }
}

/// What left, once it all did. Where it is not what was summed before, the file was changed in between, whatever the
/// server made of it.
fn sent_as_summed<T>(flow: &Flow, before: Option<Sums>, sent: &Outcome<T>) -> Outcome<Sums> {
    match (flow.ended(), before) {
        (Some(Ok(left)), Some(before)) if left.crc64 != before.crc64 => {
            Err(Fault::because(FaultKind::SourceChanged, Why::ChangedWhileSent))
        }
        (Some(Ok(left)), before) => Ok(before.unwrap_or(left)),
        (Some(Err(fault)), _) => Err(fault),
        (None, _) => match sent {
            Ok(_) => Err(Fault::because(FaultKind::Server, Why::AnsweredEarly)),
            Err(fault) => Err(fault.clone()),
        },
    }
}

/// So many lines of one run tell that something goes again: a server that fails for an hour must not fill the journal.
const TOLD: u32 = 60;

/// In the history, at the first failure and then at every doubling.
fn tell_again(world: &World, active: &Active, part: Option<PartNumber>, times: u16, fault: &Fault) {
    if !times.is_power_of_two() {
        return;
    }
    match active.tells_again() {
        ..TOLD => {
            let fault = fault.clone();
            world.note(active.id, &Deed::SentAgain { part, times, fault });
        }
        TOLD => world.note(active.id, &Deed::MoreSentAgain),
        _ => {}
    }
}

struct Tried {
    number: PartNumber,
    attempt: u16,
    outcome: Outcome<Stored>,
}

/// How sending the parts of an upload ended.
pub(super) enum Sent {
    AllStored,
    /// The multipart upload is gone on the server.
    Gone,
    /// The line is a fast one: in larger parts, before the first is kept.
    Larger(Plan),
}

/// Sends what is not stored. Fails with `SourceChanged` where the file cannot be read as it was.
pub(super) async fn parts(world: &Arc<World>, active: &Arc<Active>, job: &Job) -> Outcome<Sent> {
    let entry = active.entry();
    let Some(upload_id) = entry.upload_id.clone() else {
        return Err(Fault::new(FaultKind::Bug, "parts without an UploadId"));
    };
    let rung = entry.rung;
    let trailer = Trailer::of(rung).filter(|_| job.manners.trailers.is_yes());
    let md5_etags = !integrity::md5_etags(active, job).is_no();
    // that it checks what goes ahead says nothing of what follows: there its own word is needed
    let checks_parts = job.manners.checks_parts.is_yes() && trailer.is_none();
    let mut apart: HashMap<PartNumber, u16> = HashMap::new();
    let (mut watched, mut noted) = (Instant::now(), false);
    let mut tries: JoinSet<Tried> = JoinSet::new();
    // parts of one upload are of one size; until the first is kept, that may still be another
    let mut may_be_larger = may_be_larger(world, active, job);
    let mut larger: Option<(Plan, Instant)> = None;
    loop {
        match larger {
            Some((plan, _)) if tries.is_empty() => return Ok(Sent::Larger(plan)),
            // another part hangs: not worth the wait, and it could arrive later under a number that is used anew
            Some((_, since)) if since.elapsed() >= WATCH => larger = None,
            _ => {}
        }
        if active.parts(|parts| parts.all_stored()) {
            return Ok(Sent::AllStored);
        }
        if !noted && watched.elapsed() >= WATCH {
            watched = Instant::now();
            // the rest is sent all the same: most of it stays as it is, and what does not is found at the end
            if file_changes::is_unchanged(active, job).await.is_ok_and(|unchanged| !unchanged) {
                noted = true;
                world.note(active.id, &Deed::BeingChanged);
            }
        }
        let now = world.now();
        let (next, wakes_at) = active.parts(|parts| (parts.next(now), parts.wakes_at()));
        let tried = tokio::select! {
            biased;
            Some(tried) = tries.join_next(), if !tries.is_empty() => Some(tried),
            lane = next_lane(world, active, next.map(|(number, _)| job.part(number))), if next.is_some() && larger.is_none() => {
                let Some((number, attempt)) = next else { continue };
                let flow = active.begin(number, attempt, lane.progress.clone());
                let range = job.part(number);
                let (length, summed) = (range.end - range.start, range.clone());
                // an MD5 goes ahead, and is not made twice
                let leaving = if trailer.is_some() { rung } else { Rung::Crc64Nvme };
                let body = RangeBody::new(feed(world, active, job, leaving), flow.clone(), range, trailer);
                let (job, target, upload_id) = (job.clone(), entry.target.clone(), upload_id.clone());
                tries.spawn(async move {
                    let sending = async {
                        let (before, seal) = match trailer {
                            Some(trailer) => (None, Seal::Trailer(trailer)),
                            None => {
                                let sums = job::sums_of(&job, summed, Summing::new(rung, false)).await?;
                                (Some(sums), Seal::Header(rung, sums))
                            }
                        };
                        let kept = job.s3.part(&target, &upload_id, number, seal, (body, &flow, length)).await;
                        let sums = sent_as_summed(&flow, before, &kept)?;
                        believed(kept?, sums, rung, (md5_etags, checks_parts))
                    };
                    let outcome = sending.await;
                    match outcome.is_ok() {
                        true => lane.succeeded(),
                        false => drop(lane),
                    }
                    Tried { number, attempt, outcome }
                });
                None
            }
            () = tokio::time::sleep(WATCH), if larger.is_some() => None,
            () = world.until(wakes_at.unwrap_or_default()), if next.is_none() && wakes_at.is_some() => None,
        };
        let Some(tried) = tried else { continue };
        let Tried { number, attempt, outcome } =
            tried.map_err(|_| Fault::new(FaultKind::Bug, "a part's sender ended early"))?;
        let fault = match outcome {
            Ok(_) if larger.is_some() => {
                active.end(number, PartState::Pending);
                continue;
            }
            Ok(stored) => {
                larger = active
                    .age(number)
                    .filter(|_| std::mem::take(&mut may_be_larger))
                    .and_then(|age| larger_than(world, job, number, age))
                    .map(|plan| (plan, Instant::now()));
                if larger.is_some() {
                    active.end(number, PartState::Pending);
                    continue;
                }
                world.journal.part_stored(active.id, number, &stored);
                active.end(number, PartState::Stored(stored));
                world.reached(active);
                world.touch();
                continue;
            }
            Err(fault) if fault.is_code("NoSuchUpload") => return Ok(Sent::Gone),
            Err(fault) if fault.kind == FaultKind::SourceChanged => return Err(fault),
            Err(fault) => fault.on_part(number),
        };
        active.edit(|entry| entry.retries += 1);
        tracing::info!(id = active.id, number, attempt, kind = ?fault.kind, detail = %fault.detail, "a part failed");
        let counted = retry::tries(&fault, attempt, apart.entry(number).or_default());
        match retry::after(&fault, counted, rand::random()) {
            Next::Stop => return Err(fault),
            Next::Again(wait) => {
                world.refused(active, &fault);
                tell_again(world, active, Some(number), attempt, &fault);
                active.end(number, PartState::Backoff { attempt, until: world.now() + wait });
            }
            Next::WaitForNetwork => {
                // not counted: the part did nothing wrong
                active.end(number, PartState::Backoff { attempt: attempt - 1, until: world.now() });
                world.until_reached(active, &job.s3, fault).await?;
            }
        }
        world.touch();
    }
}

/// Waits until another part may be sent.
async fn next_lane(world: &World, active: &Active, range: Option<Range<u64>>) -> Lane {
    active.may_start().await;
    let size = range.map_or(0, |range| range.end - range.start);
    world.lanes.lane(&active.connection, active.id, &active.order, size).await
}

/// Nothing is stored, and nothing was known of the line when the part size was chosen.
fn may_be_larger(world: &World, active: &Active, job: &Job) -> bool {
    active.read(|entry| entry.wanted_part_size.is_none() && !entry.adopted)
        && prepare::rate(world, active).is_none()
        && active.parts(|parts| parts.tally().stored_parts) == 0
        && job.plan.parts() > 1
}

/// The plan for a line over which the first part was stored in so short a time; none where that makes little difference.
fn larger_than(world: &World, job: &Job, number: PartNumber, age: Duration) -> Option<Plan> {
    let range = job.part(number);
    let millis = u64::try_from(age.as_millis()).unwrap_or(u64::MAX).max(1);
    let rate = (range.end - range.start).saturating_mul(1000) / millis;
    let rate = rate.min(world.lowest_limit().unwrap_or(u64::MAX));
    let plan = Plan::suited(job.fingerprint.size, rate);
    (plan.parts() > 1 && plan.parts() < job.plan.parts() / 2).then_some(plan)
}

/// A part is stored when the server said so and, where it said what it stored, that is what we sent.
fn believed(
    kept: Kept,
    sums: Sums,
    rung: Rung,
    (md5_etags, checks_parts): (bool, bool),
) -> Outcome<Stored> {
    let etag = kept.etag.unwrap_or_default();
    let by_etag = || match sums.md5 {
        Some(md5) if md5_etags && !kept.opaque && checksum::looks_like_md5(&etag) => {
            Some(checksum::etag_is_md5(&etag, md5))
        }
        _ => None,
    };
    let agrees = kept.told.agrees(&sums, rung).or_else(by_etag);
    if agrees == Some(false) {
        return Err(Fault::because(FaultKind::Checksum, Why::OtherBytes));
    }
    let vouched = agrees.is_some() || checks_parts;
    Ok(Stored { etag, crc64: sums.crc64, crc32: sums.crc32, vouched })
}
