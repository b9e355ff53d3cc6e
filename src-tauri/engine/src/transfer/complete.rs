//! CompleteMultipartUpload, until it is answered one way or the other. Knows what is given with it; `prove` judges what
//! comes back.

use super::job::Job;
use super::{PassOutcome, integrity, key_conflict};
use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::capabilities::Support;
use crate::model::checksum::{ChecksumMode, Digests};
use crate::model::history::{Because, Event};
use crate::s3::Finish;
use crate::scheduling::retry::{self, Next};
use crate::transfer::active::ActiveUpload;
use crate::transfer::job;
use crate::transfer::shared::Shared;
use std::sync::Arc;

pub(super) async fn complete(
    shared: &Arc<Shared>,
    upload: &Arc<ActiveUpload>,
    job: &Job,
) -> Result<PassOutcome> {
    let entry = upload.entry();
    let upload_id = entry.upload_id.clone().unwrap_or_default();
    let whole = finish(upload, job);
    let mut fewer = with_less(&whole, job.capabilities.conditional_complete).into_iter();
    let mut finish = whole.clone();
    if !job.capabilities.conditional_complete.is_yes() {
        // the server may not look for itself
        key_conflict::check_free(shared, upload, job).await?;
    }
    if !entry.complete_requested {
        // noted before: only then an object that is there can be this one
        upload.edit(|entry| entry.complete_requested = true);
        upload.save(&shared.journal).await?;
    }
    // all parts on the disk before: should the answer be lost with this process, they tell whose object is there
    if let Err(fault) = shared.journal.settle().await {
        tracing::warn!(%fault, "the parts are not in the journal; the file would be read again");
    }
    let (mut attempt, mut apart) = (1, 0);
    loop {
        let fault = match job.s3.complete(&entry.target, &upload_id, &finish).await {
            Ok(kept) => {
                learned(shared, &entry.target.connection, &whole, &finish);
                return integrity::compare(shared, upload, job, kept)
                    .await
                    .map(|()| PassOutcome::Done);
            }
            // can mean that an earlier call had succeeded and its answer was lost
            Err(fault) if fault.is_code("NoSuchUpload") => {
                let done = integrity::was_completed(shared, upload, job).await?;
                return Ok(if done { PassOutcome::Done } else { PassOutcome::Gone });
            }
            // somebody was first; or an earlier call of ours, whose answer was lost
            Err(fault) if fault.kind == FaultKind::Exists => {
                let ours = match integrity::was_completed(shared, upload, job).await {
                    // keys that may not look: the server's word is all there is
                    Err(denied) if denied.kind == FaultKind::Denied => false,
                    ours => ours?,
                };
                return if ours { Ok(PassOutcome::Done) } else { Err(fault) };
            }
            // it says 200 and not what came of it: the object does
            Err(fault)
                if matches!(fault.reason.get(), Some(Reason::CutShort { .. }))
                    && integrity::was_completed(shared, upload, job).await? =>
            {
                return Ok(PassOutcome::Done);
            }
            // Ceph wants all that was ever sent
            Err(fault)
                if fault.is_code("InvalidPart") && has_more(upload, job, &upload_id).await =>
            {
                let because = Because::KeepsParts;
                shared.record(upload.id, &Event::Restarted { because });
                return Ok(PassOutcome::Useless);
            }
            // another client sent a part again, or a late try of ours came after the one that counts: a part is no
            // reason to give up all of them
            Err(fault) if fault.kind == FaultKind::Checksum || fault.is_code("InvalidPart") => {
                return match upload.is_refused_again(fault.part) {
                    // the parts are what was sent, and the whole is not: nothing tells which of them is wrong
                    true if fault.kind == FaultKind::Checksum => {
                        Err(fault.with_code(job::WORTHLESS))
                    }
                    true => Err(fault),
                    false => {
                        let refused = fault.part.into_iter().collect::<Vec<_>>();
                        shared.journal.drop_parts(upload.id, refused);
                        Ok(PassOutcome::Refused)
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
        upload.edit(|entry| entry.retries += 1);
        let tries = retry::tries(&fault, attempt, &mut apart);
        match retry::after(&fault, tries, rand::random()) {
            Next::Stop => return Err(fault),
            Next::WaitForNetwork => shared.until_reached(upload, &job.s3, fault).await?,
            Next::Again(wait) => {
                shared.refused(upload, &fault);
                attempt += 1;
                tokio::time::sleep(wait).await;
            }
        }
    }
}

/// The same with less: without checksum and size, without the condition where nobody knows it, without either.
fn with_less(whole: &Finish, conditional: Support) -> Vec<Finish> {
    let plain = |finish: &Finish| Finish { sum: None, size: None, ..finish.clone() };
    let mut less = Vec::new();
    if whole.has_extras() {
        less.push(plain(whole));
    }
    if whole.if_absent && conditional == Support::Unknown {
        let over = Finish { if_absent: false, ..whole.clone() };
        if whole.has_extras() {
            less.push(over.clone());
        }
        less.push(plain(&over));
    }
    less
}

/// What was left out when it was taken is what it does not take.
fn learned(shared: &Shared, connection: &str, whole: &Finish, taken: &Finish) {
    let (extras, condition) =
        (whole.has_extras() && !taken.has_extras(), whole.if_absent && !taken.if_absent);
    if !extras && !condition {
        return;
    }
    shared.learn(connection, |capabilities| {
        if extras {
            (capabilities.checks_whole, capabilities.object_size) = (Support::No, Support::No);
        }
        if condition {
            capabilities.conditional_complete = Support::No;
        }
    });
}

/// Parts are stored that the file, which became smaller, has none for any more.
async fn has_more(upload: &ActiveUpload, job: &Job, upload_id: &str) -> bool {
    let listed = job.s3.list_parts(&upload.read(|entry| entry.target.clone()), upload_id).await;
    listed.is_ok_and(|listed| listed.iter().any(|part| part.number > job.plan.parts()))
}

/// The list of parts, with all that lets the server check it.
fn finish(upload: &ActiveUpload, job: &Job) -> Finish {
    let checksum_mode = upload.read(|entry| entry.checksum_mode);
    let whole = integrity::Expected::of(upload, job).whole;
    let parts = upload.parts(|parts| {
        let part = |(number, stored): (_, &crate::model::part_table::Stored)| {
            let digests = Digests { crc64: stored.crc64, crc32: stored.crc32, md5: None };
            (
                number,
                stored.etag.clone(),
                digests.text(checksum_mode).filter(|_| checksum_mode.is_composite()),
            )
        };
        parts.stored().map(part).collect()
    });
    let sums_whole = checksum_mode != ChecksumMode::Md5
        && !checksum_mode.is_composite()
        && !job.capabilities.checks_whole.is_no();
    // a server that knows no checksums has not heard of the size either
    let sized = checksum_mode != ChecksumMode::Md5 && !job.capabilities.object_size.is_no();
    Finish {
        checksum_mode,
        parts,
        sum: whole.text(checksum_mode).filter(|_| sums_whole),
        size: sized.then_some(job.fingerprint.size),
        if_absent: key_conflict::only_where_absent(
            upload,
            &upload.entry(),
            job.capabilities.conditional_complete,
        ),
    }
}

fn is_about_extras(fault: &Fault) -> bool {
    fault.kind == FaultKind::Unsupported && matches!(fault.status, Some(400 | 501))
}
