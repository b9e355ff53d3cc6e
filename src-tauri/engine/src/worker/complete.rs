//! CompleteMultipartUpload, until it is answered one way or the other. Knows what is given with it; `prove` judges what
//! comes back.

use super::{Ended, Job, prepare, prove};
use crate::active::Active;
use crate::fault::{Fault, FaultKind, Outcome};
use crate::provider::Said;
use crate::retry::{self, Next};
use crate::s3::Finish;
use crate::sum::{Rung, Sums};
use crate::world::World;
use std::sync::Arc;

pub(super) async fn complete(
    world: &Arc<World>,
    active: &Arc<Active>,
    job: &Job,
) -> Outcome<Ended> {
    let entry = active.entry();
    let upload_id = entry.upload_id.clone().unwrap_or_default();
    let mut finish = finish(active, job);
    // all parts on the disk before: should the answer be lost with this process, they tell whose object is there
    if let Err(fault) = world.journal.settle().await {
        tracing::warn!(%fault, "the parts are not in the journal; the file would be read again");
    }
    let mut attempt = 1;
    loop {
        let fault = match job.s3.complete(&entry.target, &upload_id, &finish).await {
            Ok(kept) => {
                return prove::compare(world, active, job, kept).await.map(|()| Ended::Done);
            }
            // can mean that an earlier call had succeeded and its answer was lost
            Err(fault) if fault.is_code("NoSuchUpload") => {
                let done = prove::was_completed(world, active, job).await?;
                return Ok(if done { Ended::Done } else { Ended::Gone });
            }
            // somebody was first; or an earlier call of ours, whose answer was lost
            Err(fault) if fault.kind == FaultKind::Exists => {
                let ours = prove::was_completed(world, active, job).await?;
                return if ours { Ok(Ended::Done) } else { Err(fault) };
            }
            // Ceph wants all that was ever sent
            Err(fault)
                if fault.is_code("InvalidPart") && has_more(active, job, &upload_id).await =>
            {
                world.note(
                    active.id,
                    "This server does not let parts be dropped: begun again for the smaller file",
                );
                return Ok(Ended::OtherManners);
            }
            Err(mut fault) if fault.kind == FaultKind::Checksum || fault.is_code("InvalidPart") => {
                fault.code = Some(prepare::WORTHLESS.into());
                return Err(fault);
            }
            // nobody knew whether this server takes the condition: it does not, and the last look must do
            Err(fault)
                if is_about_extras(&fault)
                    && finish.if_absent
                    && job.manners.conditional_complete == Said::Unasked =>
            {
                finish.if_absent = false;
                world.learn(&entry.target.connection, |manners| {
                    manners.conditional_complete = Said::No;
                });
                let target = &entry.target;
                if world.patient(active, &job.s3, || job.s3.head(target)).await?.is_some() {
                    let detail = format!("{} has an object named {}", target.bucket, target.key);
                    return Err(Fault::new(FaultKind::Exists, detail));
                }
                continue;
            }
            // some servers call it malformed where a checksum, or the size, is given with it
            Err(fault) if is_about_extras(&fault) && finish.has_extras() => {
                finish = Finish { sum: None, size: None, ..finish };
                world.learn(&entry.target.connection, |manners| {
                    (manners.checks_whole, manners.object_size) = (Said::No, Said::No);
                });
                continue;
            }
            Err(fault) => fault,
        };
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

/// Parts are stored that the file, which became smaller, has none for any more.
async fn has_more(active: &Active, job: &Job, upload_id: &str) -> bool {
    let listed = job.s3.list_parts(&active.entry().target, upload_id).await;
    listed.is_ok_and(|listed| listed.iter().any(|part| part.number > job.plan.parts()))
}

/// The list of parts, with all that lets the server check it.
fn finish(active: &Active, job: &Job) -> Finish {
    let rung = active.entry().rung;
    let whole = prove::Made::of(active, job).whole;
    let parts = active.parts(|parts| {
        let part = |(number, stored): (_, &crate::part::Stored)| {
            let sums = Sums { crc64: stored.crc64, crc32: stored.crc32, md5: None };
            (number, stored.etag.clone(), sums.text(rung).filter(|_| rung.is_composite()))
        };
        parts.stored().map(part).collect()
    });
    let sums_whole = rung != Rung::Md5 && !rung.is_composite() && !job.manners.checks_whole.is_no();
    // a server that knows no checksums has not heard of the size either
    let sized = rung != Rung::Md5 && !job.manners.object_size.is_no();
    Finish {
        rung,
        parts,
        sum: whole.text(rung).filter(|_| sums_whole),
        size: sized.then_some(job.fingerprint.size),
        if_absent: prepare::only_where_absent(&active.entry(), job.manners.conditional_complete),
    }
}

fn is_about_extras(fault: &Fault) -> bool {
    fault.kind == FaultKind::Unsupported && matches!(fault.status, Some(400 | 501))
}
