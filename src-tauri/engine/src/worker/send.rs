//! Sends the bytes: one PUT, or parts over the shared connections. Knows no phases.

use super::prepare::{ask, content_type};
use super::{Job, prove};
use crate::active::Active;
use crate::body::{Feed, Flow, RangeBody, Sums};
use crate::fault::{Fault, FaultKind, Outcome};
use crate::part::{PartNumber, PartState, Stored};
use crate::retry::{self, Next};
use crate::s3::Kept;
use crate::upload::IfExists;
use crate::world::World;
use std::fs::File;
use std::ops::Range;
use std::sync::Arc;
use tokio::task::JoinSet;

fn feed(world: &World, active: &Active, job: &Job, md5: bool) -> Feed {
    Feed {
        file: job.file.clone(),
        pool: world.pool.clone(),
        throttle: world.throttle.clone(),
        outgoing: active.outgoing.clone(),
        md5,
    }
}

/// The whole file in one request, its checksum in the header.
pub(super) async fn single(world: &Arc<World>, active: &Arc<Active>, job: &Job) -> Outcome<()> {
    let entry = active.entry();
    let size = job.fingerprint.size;
    let sum = sum_of(&job.file, 0..size).await?;
    let content_type = content_type(&entry);
    let mut attempt = 1;
    if entry.if_exists != IfExists::Replace {
        // noted before: after a kill, the object that is there by then may be this one
        ask(world, active).await?;
    }
    loop {
        let lane = world.lanes.lane(active.id, &active.order).await;
        let flow = active.begin(1, attempt);
        let body = RangeBody::new(feed(world, active, job, false), flow.clone(), 0..size);
        let sent = job
            .s3
            .put(&entry.target, &entry.options, &content_type, sum, (body, &flow, size))
            .await;
        drop(lane);
        let outcome = match sent {
            Ok(kept) => {
                sent_as_summed(&flow, Some(sum))?;
                super::unchanged(active, job)?;
                prove::single(world, active, job, sum, kept).await
            }
            Err(fault) => Err(fault),
        };
        match outcome {
            Ok(()) => {
                world.reached(active);
                active.end(1, PartState::Stored(Stored { etag: String::new(), crc64: sum }));
                return Ok(());
            }
            Err(fault) => {
                active.end(1, PartState::Pending);
                active.edit(|entry| entry.retries += 1);
                match retry::after(&fault, attempt, rand::random()) {
                    Next::Stop => return Err(fault),
                    Next::WaitForNetwork => world.until_reached(active, &job.s3, fault).await?,
                    Next::Again(wait) => {
                        world.refused(active, &fault);
                        attempt += 1;
                        tokio::time::sleep(wait).await;
                    }
                }
            }
        }
    }
}

/// The checksum that goes ahead of the bytes, in the header. The second read, for sending, finds them in the page cache.
async fn sum_of(file: &Arc<File>, range: Range<u64>) -> Outcome<u64> {
    let file = file.clone();
    let summed =
        tokio::task::spawn_blocking(move || crate::body::sums_of(&file, range, false)).await;
    match summed.map_err(|_| Fault::new(FaultKind::Bug, "summing the file ended early"))? {
        Ok(sums) => Ok(sums.crc64),
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            Err(Fault::new(FaultKind::SourceChanged, "the file became shorter while it was sent"))
        }
        Err(error) => {
            Err(Fault::new(FaultKind::SourceMissing, format!("reading the file failed: {error}")))
        }
    }
}

/// What left is what was summed before: the file stood still in between.
fn sent_as_summed(flow: &Flow, sum: Option<u64>) -> Outcome<Sums> {
    match flow.ended() {
        Some(Ok(sums)) if sum.is_none_or(|sum| sum == sums.crc64) => Ok(sums),
        Some(Ok(_)) => {
            Err(Fault::new(FaultKind::SourceChanged, "the file was changed while it was sent"))
        }
        Some(Err(fault)) => Err(fault),
        None => Err(Fault::new(FaultKind::Server, "the server answered before it had all bytes")),
    }
}

struct Tried {
    number: PartNumber,
    attempt: u16,
    outcome: Outcome<Stored>,
}

/// Sends what is not stored. False where the multipart upload is gone on the server.
pub(super) async fn parts(world: &Arc<World>, active: &Arc<Active>, job: &Job) -> Outcome<bool> {
    let entry = active.entry();
    let Some(upload_id) = entry.upload_id.clone() else {
        return Err(Fault::new(FaultKind::Bug, "parts without an UploadId"));
    };
    let mut tries: JoinSet<Tried> = JoinSet::new();
    loop {
        if active.parts(|parts| parts.all_stored()) {
            return Ok(true);
        }
        let now = world.now();
        let (next, wakes_at) = active.parts(|parts| (parts.next(now), parts.wakes_at()));
        let tried = tokio::select! {
            biased;
            Some(tried) = tries.join_next(), if !tries.is_empty() => Some(tried),
            lane = world.lanes.lane(active.id, &active.order), if next.is_some() => {
                let Some((number, attempt)) = next else { continue };
                let flow = active.begin(number, attempt);
                let range = job.plan.range(number, job.fingerprint.size);
                let (length, summed) = (range.end - range.start, range.clone());
                let body = RangeBody::new(feed(world, active, job, !entry.sums), flow.clone(), range);
                let (s3, target, upload_id) = (job.s3.clone(), entry.target.clone(), upload_id.clone());
                let (file, sums) = (job.file.clone(), entry.sums);
                tries.spawn(async move {
                    let sending = async {
                        let sum = if sums { Some(sum_of(&file, summed).await?) } else { None };
                        let kept = s3.part(&target, &upload_id, number, sum, (body, &flow, length)).await;
                        // a part damaged because the file changed under it is the file's fault
                        let sums = match kept {
                            Ok(_) => sent_as_summed(&flow, sum),
                            Err(ref fault) if fault.kind == FaultKind::Checksum => sent_as_summed(&flow, sum),
                            Err(fault) => return Err(fault),
                        }?;
                        believed(kept?, sums)
                    };
                    let outcome = sending.await;
                    drop(lane);
                    Tried { number, attempt, outcome }
                });
                None
            }
            () = world.until(wakes_at.unwrap_or_default()), if next.is_none() && wakes_at.is_some() => None,
        };
        let Some(tried) = tried else { continue };
        let Tried { number, attempt, outcome } =
            tried.map_err(|_| Fault::new(FaultKind::Bug, "a part's sender ended early"))?;
        let fault = match outcome {
            Ok(stored) => {
                world.journal.part_stored(active.id, number, &stored);
                active.end(number, PartState::Stored(stored));
                world.reached(active);
                world.touch();
                continue;
            }
            Err(fault) if fault.is_code("NoSuchUpload") => return Ok(false),
            Err(fault) => fault.on_part(number),
        };
        active.edit(|entry| entry.retries += 1);
        tracing::info!(id = active.id, number, attempt, kind = ?fault.kind, detail = %fault.detail, "a part failed");
        match retry::after(&fault, attempt, rand::random()) {
            Next::Stop => return Err(fault),
            Next::Again(wait) => {
                world.refused(active, &fault);
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

/// A part is stored when the server said so and, where it said what it stored, that is what we sent.
fn believed(kept: Kept, sums: Sums) -> Outcome<Stored> {
    let etag = kept.etag.unwrap_or_default();
    let same = match (kept.crc64, sums.md5) {
        (Some(crc64), _) => crc64 == sums.crc64,
        (None, Some(md5)) => !prove::looks_like_md5(&etag) || prove::etag_is_md5(&etag, md5),
        (None, None) => true,
    };
    if same {
        return Ok(Stored { etag, crc64: sums.crc64 });
    }
    Err(Fault::new(FaultKind::Checksum, "the server stored other bytes than were sent"))
}
