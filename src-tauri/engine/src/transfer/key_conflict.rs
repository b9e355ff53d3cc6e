//! Whether a key is taken, before the first byte, before the last, and when the server refuses to write over it; and what
//! the user wanted then. Knows no sending.

use super::abort::take_off;
use super::job::{Job, forget_stored};
use super::{arrived, integrity};
use crate::fault::{Fault, FaultKind, Outcome, Why};
use crate::model::capabilities::Said;
use crate::model::history::Deed;
use crate::model::part_plan::{Plan, check_key};
use crate::model::upload::{self, IfExists, Target};
use crate::persistence::journal::Entry;
use crate::s3::{Object, Seen};
use crate::transfer::active::Active;
use crate::transfer::capabilities;
use crate::transfer::shared::World;
use std::sync::Arc;

/// Looks whether the key is taken, where that matters. May change the key (keep both).
pub(super) async fn may_write(
    world: &Arc<World>,
    active: &Arc<Active>,
    job: &Job,
) -> Outcome<bool> {
    let entry = active.entry();
    if entry.if_exists == IfExists::Replace {
        return Ok(true);
    }
    active.goes_unlooked(false);
    let mut target = entry.target.clone();
    let mut number = 1;
    loop {
        let there = match Box::pin(world.patient(active, &job.s3, || job.s3.look(&target))).await? {
            Seen::Free => break,
            Seen::Taken(there) => Some(*there),
            // the server has said so
            Seen::Hidden if active.is_taken(&target.key) => None,
            Seen::Hidden => {
                unlooked(world, active, job, &target).await?;
                break;
            }
        };
        if let Some(there) = &there {
            if job.plan == Plan::Single
                && let Some(since) = entry.asked.first()
                && arrived::is_ours(world, active, job, there, *since).await?
            {
                world.note(active.id, &Deed::HadArrived);
                return Ok(false);
            }
            if entry.etag.is_some() && entry.etag == there.kept.etag {
                // ours, of a state that the file has left since
                break;
            }
        }
        match (entry.if_exists, there) {
            (IfExists::Replace, _) => break,
            (IfExists::KeepBoth, _) => {
                number += 1;
                target.key = upload::beside(&entry.target.key, number);
                check_key(&target.key)?;
            }
            (IfExists::SkipSame, Some(there)) if there.size != job.fingerprint.size => break,
            (IfExists::Skip | IfExists::SkipSame, Some(there)) => {
                world.note(active.id, &Deed::Skipped);
                integrity::skipped(active, there);
                return Ok(false);
            }
            (IfExists::Ask | IfExists::Fail, Some(Object { size, .. })) => {
                let Target { bucket, key, .. } = target;
                let why = Why::KeyTaken { bucket, key, size };
                return Err(Fault::because(FaultKind::Exists, why));
            }
            (_, None) => {
                let Target { bucket, key, .. } = target;
                return Err(Fault::because(FaultKind::Exists, Why::KeyTakenUnseen { bucket, key }));
            }
        }
    }
    if target != entry.target {
        world.note(active.id, &Deed::KeptBeside { key: target.key.clone() });
        active.edit(|entry| entry.target = target);
    }
    Ok(true)
}

/// These keys may not look: the server itself has to see to it that nothing is written over. Fails where it does not.
async fn unlooked(
    world: &Arc<World>,
    active: &Arc<Active>,
    job: &Job,
    target: &Target,
) -> Outcome<()> {
    let holds = |manners: &crate::model::capabilities::Manners| match job.plan {
        Plan::Single => manners.conditional_put,
        Plan::Multipart { .. } => manners.conditional_complete,
    };
    let mut said = holds(&job.manners);
    if said == Said::Unasked {
        // a small file too: much depends on it
        let found = Box::pin(capabilities::known(world, active, &job.s3, false, u64::MAX)).await?;
        active.goes_by(Some(&found));
        said = holds(&found);
    }
    if !said.is_yes() {
        let Target { bucket, key, .. } = target.clone();
        return Err(Fault::because(FaultKind::Denied, Why::MayNotLook { bucket, key }));
    }
    active.goes_unlooked(true);
    Ok(())
}

/// The server itself is to see that no object is written over that came after the look: where nothing may be, and where
/// what may be there is not an earlier state of this very file.
pub(super) fn only_where_absent(active: &Active, entry: &Entry, takes: Said) -> bool {
    must_be_absent(active, entry) && !takes.is_no()
}

/// No other object may be written over.
pub(super) fn must_be_absent(active: &Active, entry: &Entry) -> bool {
    let not_over = match entry.if_exists {
        IfExists::Ask | IfExists::Fail | IfExists::KeepBoth | IfExists::Skip => true,
        // what is there could not be compared
        IfExists::SkipSame => active.is_unlooked(),
        IfExists::Replace => false,
    };
    not_over && entry.etag.is_none()
}

/// An object came to the key while this one was on its way to it, or was there and could not be seen. Answers whether
/// that ends it.
pub(super) async fn taken(world: &Arc<World>, active: &Active, fault: Fault) -> Outcome<bool> {
    let entry = active.entry();
    match entry.if_exists {
        // another name; parts belong to their key, and go again
        IfExists::KeepBoth => {
            active.found_taken(&entry.target.key);
            if entry.upload_id.is_some() {
                take_off(world, active).await?;
                forget_stored(world, active);
            }
            Ok(false)
        }
        IfExists::Skip => {
            skip(world, active).await?;
            Ok(true)
        }
        IfExists::SkipSame if active.is_unlooked() => {
            let s3 = world.s3(&entry.target.connection).await?.at(&entry.target.bucket);
            match world.patient(active, &s3, || s3.look(&entry.target)).await? {
                Seen::Taken(there) if there.size == entry.size => {
                    skip(world, active).await?;
                    Ok(true)
                }
                Seen::Taken(_) => {
                    active.goes_unlooked(false);
                    Ok(false)
                }
                Seen::Free => Ok(false),
                Seen::Hidden => Err(overtaken(active, fault)),
            }
        }
        _ => Err(overtaken(active, fault)),
    }
}

async fn skip(world: &Arc<World>, active: &Active) -> Outcome<()> {
    if active.read(|entry| entry.upload_id.is_some()) {
        take_off(world, active).await?;
        forget_stored(world, active);
    }
    world.note(active.id, &Deed::Skipped);
    Ok(())
}

fn overtaken(active: &Active, mut fault: Fault) -> Fault {
    fault.say(taken_meanwhile(active));
    fault
}

fn taken_meanwhile(active: &Active) -> Why {
    let Target { bucket, key, .. } = active.read(|entry| entry.target.clone());
    match active.is_unlooked() {
        true => Why::KeyTakenUnseen { bucket, key },
        false => Why::KeyTakenMeanwhile { bucket, key },
    }
}

/// As a server says it that looks for itself.
pub(super) fn refused(active: &Active) -> Fault {
    let mut fault = Fault::because(FaultKind::Exists, taken_meanwhile(active));
    fault.status = Some(412);
    fault
}

/// Where the server may not look for itself, and where much is still to be sent: is another object at the key that is not
/// to be written over?
///
/// # Errors
/// `Exists`, as the server itself would say (412).
pub(super) async fn check_free(world: &Arc<World>, active: &Arc<Active>, job: &Job) -> Outcome<()> {
    if !must_be_absent(active, &active.entry()) {
        return Ok(());
    }
    match there(world, active, job).await? {
        Some(_) => Err(refused(active)),
        None => Ok(()),
    }
}

/// The object at the key; none, too, where these keys may not look.
pub(super) async fn there(
    world: &Arc<World>,
    active: &Active,
    job: &Job,
) -> Outcome<Option<Object>> {
    let target = active.read(|entry| entry.target.clone());
    Ok(match world.patient(active, &job.s3, || job.s3.look(&target)).await? {
        Seen::Taken(there) => Some(*there),
        Seen::Free | Seen::Hidden => None,
    })
}
