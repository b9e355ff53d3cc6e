//! Which parts are stored: what the server lists against what the journal has, or against the file.

use crate::fault::Outcome;
use crate::model::checksum::{Rung, Sums, same_etag};
use crate::model::history::Deed;
use crate::model::part_table::{PartNumber, PartState, Parts, Stored};
use crate::s3::Listed;
use crate::s3::body::Summing;
use crate::transfer::active::Active;
use crate::transfer::adopt;
use crate::transfer::job::{self, Job};
use crate::transfer::shared::World;
use std::collections::HashMap;
use std::sync::Arc;

/// Takes over the parts that server and journal, or server and file, agree on. Answers the numbers of parts that are
/// stored in another size than they have by now; none where the upload is gone.
pub(super) async fn reconcile(
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
    let sums = job::sums_of(job, range, Summing::new(rung, true)).await?;
    let holds = part.told.holds(&part.etag, &sums, rung);
    compared.saw(holds, &sums, part.size);
    let Listed { etag, .. } = part;
    let stored = Stored { etag, crc64: sums.crc64, crc32: sums.crc32, vouched: true };
    Ok(Some(stored).filter(|_| holds == Some(true)))
}
