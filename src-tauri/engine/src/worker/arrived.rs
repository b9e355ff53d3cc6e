//! Whether the object that is there is this upload's: where an answer was lost, and where it was cancelled in its last
//! moment. Knows what an object must tell to be believed; sends no bytes.

use super::{Job, prepare, prove};
use crate::active::Active;
use crate::fault::{FaultKind, Outcome};
use crate::journal::Entry;
use crate::plan::Plan;
use crate::s3::Object;
use crate::source::Source;
use crate::world::World;
use std::sync::Arc;
use std::time::Duration;

/// Servers tell times by the second, and an answer takes its time.
const SLACK: Duration = Duration::from_secs(5);
/// So often an object that was sent whole is looked for: a server may still be at it.
const LOOKS: u32 = 3;

/// Can the object have come of what was asked for at `since` (ms since 1970, this computer's clock)? It is not older, and
/// it is stored as it was asked for. A multipart object has the time at which it was begun
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html>).
pub(super) fn can_be_ours(world: &World, entry: &Entry, there: &Object, since: u64) -> bool {
    let elapsed = Duration::from_millis(world.wall_clock().saturating_sub(since));
    there.age.is_none_or(|age| age <= elapsed + SLACK) && is_as_asked(entry, there)
}

/// Is the object what was sent in one request that was asked for at `since`?
pub(super) async fn is_ours(
    world: &World,
    active: &Active,
    job: &Job,
    there: &Object,
    since: u64,
) -> Outcome<bool> {
    Ok(can_be_ours(world, &active.entry(), there, since)
        && prove::is_this(active, job, there).await?)
}

/// Storage class and metadata, as far as they are told.
fn is_as_asked(entry: &Entry, there: &Object) -> bool {
    const STANDARD: &str = "STANDARD";
    let asked = entry.options.storage_class.as_deref().unwrap_or(STANDARD);
    let class = there.storage_class.as_deref();
    let is_other_class = class.is_some_and(|class| class != asked);
    let metadata = &entry.options.metadata;
    // what is no ASCII comes back encoded
    let is_plain = metadata.iter().all(|(_, value)| value.is_ascii());
    let has = |(name, value): &(String, String)| {
        let mut told = there.metadata.iter();
        told.any(|(have, of)| have.eq_ignore_ascii_case(name) && of.trim() == value.trim())
    };
    let is_same = metadata.len() == there.metadata.len() && metadata.iter().all(has);
    !is_other_class && (!is_plain || is_same)
}

/// After a cancelled upload was taken off: is its object there all the same?
///
/// # Errors
/// As the server says, where it cannot be asked.
pub(super) async fn in_spite(world: &Arc<World>, active: &Arc<Active>) -> Outcome<bool> {
    let entry = active.entry();
    let is_single = entry.plan == Some(Plan::Single);
    let is_likely = !is_single || active.was_handed_over();
    let before = entry.sent > 0 || !entry.asked.is_empty();
    let since = match is_single {
        // of a run before this one, too, which may have been killed while it waited for the answer
        true => entry.started_at.filter(|_| is_likely || (before && !active.has_sent())),
        false => entry.begun_at.filter(|_| entry.complete_asked),
    };
    let (Some(since), Some(plan)) = (since, entry.plan) else { return Ok(false) };
    let s3 = world.s3(&entry.target.connection).await?;
    let own_key = world.own_key(&entry.target.connection, &entry.options).await;
    let s3 = s3.with_own_key(own_key.unwrap_or_default());
    for look in 1..=LOOKS {
        let looked = match is_likely {
            true => world.patient(active, &s3, || s3.head(&entry.target)).await,
            false => s3.head(&entry.target).await,
        };
        let there = match looked {
            Ok(there) => there.filter(|there| can_be_ours(world, &entry, there, since)),
            // these keys may not look
            Err(fault) if fault.kind == FaultKind::Denied => return Ok(false),
            Err(fault) if is_likely => return Err(fault),
            // nothing was sent in this run: a server that is out of reach keeps nobody from cancelling
            Err(_) => return Ok(false),
        };
        if let Some(there) = there {
            let Ok((file, fingerprint)) = Source::open(&prepare::place(&entry)).await else {
                return Ok(false);
            };
            let manners = world.manners(&entry.target.connection).manners;
            let file = Arc::new(file);
            let job = Job { s3, file, fingerprint, plan, manners, shows_writes: true };
            return match is_single {
                true => prove::is_this(active, &job, &there).await,
                false => prove::was_completed(world, active, &job).await,
            };
        }
        if !is_single || !active.was_handed_over() {
            break;
        }
        tokio::time::sleep(Duration::from_secs(look.into())).await;
    }
    Ok(false)
}
