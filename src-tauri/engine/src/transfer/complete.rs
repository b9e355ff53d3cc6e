//! CompleteMultipartUpload, until it is answered one way or the other. Knows what is given with it; `prove` judges what
//! comes back.

use super::job::Job;
use super::{Ended, integrity, key_conflict};
use crate::fault::{Fault, FaultKind, Outcome, Why};
use crate::model::capabilities::Said;
use crate::model::checksum::{Rung, Sums};
use crate::model::history::{Because, Deed};
use crate::s3::Finish;
use crate::scheduling::retry::{self, Next};
use crate::transfer::active::Active;
use crate::transfer::job;
use crate::transfer::shared::World;
use std::sync::Arc;

pub(super) async fn complete(
    world: &Arc<World>,
    active: &Arc<Active>,
    job: &Job,
) -> Outcome<Ended> {
    let entry = active.entry();
    let upload_id = entry.upload_id.clone().unwrap_or_default();
    let whole = finish(active, job);
    let mut fewer = with_less(&whole, job.manners.conditional_complete).into_iter();
    let mut finish = whole.clone();
    if !job.manners.conditional_complete.is_yes() {
        // the server may not look for itself
        key_conflict::check_free(world, active, job).await?;
    }
    if !entry.complete_asked {
        // noted before: only then an object that is there can be this one
        active.edit(|entry| entry.complete_asked = true);
        active.save(&world.journal).await?;
    }
    // all parts on the disk before: should the answer be lost with this process, they tell whose object is there
    if let Err(fault) = world.journal.settle().await {
        tracing::warn!(%fault, "the parts are not in the journal; the file would be read again");
    }
    let (mut attempt, mut apart) = (1, 0);
    loop {
        let fault = match job.s3.complete(&entry.target, &upload_id, &finish).await {
            Ok(kept) => {
                learned(world, &entry.target.connection, &whole, &finish);
                return integrity::compare(world, active, job, kept).await.map(|()| Ended::Done);
            }
            // can mean that an earlier call had succeeded and its answer was lost
            Err(fault) if fault.is_code("NoSuchUpload") => {
                let done = integrity::was_completed(world, active, job).await?;
                return Ok(if done { Ended::Done } else { Ended::Gone });
            }
            // somebody was first; or an earlier call of ours, whose answer was lost
            Err(fault) if fault.kind == FaultKind::Exists => {
                let ours = match integrity::was_completed(world, active, job).await {
                    // keys that may not look: the server's word is all there is
                    Err(denied) if denied.kind == FaultKind::Denied => false,
                    ours => ours?,
                };
                return if ours { Ok(Ended::Done) } else { Err(fault) };
            }
            // it says 200 and not what came of it: the object does
            Err(fault)
                if matches!(fault.why.get(), Some(Why::CutShort { .. }))
                    && integrity::was_completed(world, active, job).await? =>
            {
                return Ok(Ended::Done);
            }
            // Ceph wants all that was ever sent
            Err(fault)
                if fault.is_code("InvalidPart") && has_more(active, job, &upload_id).await =>
            {
                let because = Because::KeepsParts;
                world.note(active.id, &Deed::BegunAgain { because });
                return Ok(Ended::Useless);
            }
            // another client sent a part again, or a late try of ours came after the one that counts: a part is no
            // reason to give up all of them
            Err(fault) if fault.kind == FaultKind::Checksum || fault.is_code("InvalidPart") => {
                return match active.is_refused_again(fault.part) {
                    // the parts are what was sent, and the whole is not: nothing tells which of them is wrong
                    true if fault.kind == FaultKind::Checksum => {
                        Err(fault.with_code(job::WORTHLESS))
                    }
                    true => Err(fault),
                    false => {
                        let refused = fault.part.into_iter().collect::<Vec<_>>();
                        world.journal.drop_parts(active.id, refused);
                        Ok(Ended::Refused)
                    }
                };
            }
            // some call it malformed where a checksum, the size, or a condition is given with it: which, the next tells
            Err(fault) if is_about_extras(&fault) => match fewer.next() {
                Some(less) => {
                    finish = less;
                    continue;
                }
                None => return Err(fault),
            },
            Err(fault) => fault,
        };
        active.edit(|entry| entry.retries += 1);
        let tries = retry::tries(&fault, attempt, &mut apart);
        match retry::after(&fault, tries, rand::random()) {
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

/// The same with less: without checksum and size, without the condition where nobody knows it, without either.
fn with_less(whole: &Finish, conditional: Said) -> Vec<Finish> {
    let plain = |finish: &Finish| Finish { sum: None, size: None, ..finish.clone() };
    let mut less = Vec::new();
    if whole.has_extras() {
        less.push(plain(whole));
    }
    if whole.if_absent && conditional == Said::Unasked {
        let over = Finish { if_absent: false, ..whole.clone() };
        if whole.has_extras() {
            less.push(over.clone());
        }
        less.push(plain(&over));
    }
    less
}

/// What was left out when it was taken is what it does not take.
fn learned(world: &World, connection: &str, whole: &Finish, taken: &Finish) {
    let (extras, condition) =
        (whole.has_extras() && !taken.has_extras(), whole.if_absent && !taken.if_absent);
    if !extras && !condition {
        return;
    }
    world.learn(connection, |manners| {
        if extras {
            (manners.checks_whole, manners.object_size) = (Said::No, Said::No);
        }
        if condition {
            manners.conditional_complete = Said::No;
        }
    });
}

/// Parts are stored that the file, which became smaller, has none for any more.
async fn has_more(active: &Active, job: &Job, upload_id: &str) -> bool {
    let listed = job.s3.list_parts(&active.read(|entry| entry.target.clone()), upload_id).await;
    listed.is_ok_and(|listed| listed.iter().any(|part| part.number > job.plan.parts()))
}

/// The list of parts, with all that lets the server check it.
fn finish(active: &Active, job: &Job) -> Finish {
    let rung = active.read(|entry| entry.rung);
    let whole = integrity::Made::of(active, job).whole;
    let parts = active.parts(|parts| {
        let part = |(number, stored): (_, &crate::model::part_table::Stored)| {
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
        if_absent: key_conflict::only_where_absent(
            active,
            &active.entry(),
            job.manners.conditional_complete,
        ),
    }
}

fn is_about_extras(fault: &Fault) -> bool {
    fault.kind == FaultKind::Unsupported && matches!(fault.status, Some(400 | 501))
}
