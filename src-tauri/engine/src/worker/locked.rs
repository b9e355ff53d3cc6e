//! After the object is there: it is locked as it was asked for. A server was seen to pass over the locks of what came in
//! parts, and nobody should believe in a lock that is none. Knows no bytes.

use crate::active::Active;
use crate::fault::{Fault, Outcome, Why, Wrong};
use crate::journal::Entry;
use crate::world::World;
use std::sync::Arc;

/// Asks for the lock again where the server does not tell of it.
///
/// # Errors
/// As the server says why it does not lock; the object stays.
pub(super) async fn locked(world: &Arc<World>, active: &Arc<Active>) -> Outcome<()> {
    // nothing was sent: what is there is somebody else's
    let asked = active.read(|entry| {
        entry.proof.is_some() && (entry.options.lock.is_some() || entry.options.legal_hold)
    });
    match asked {
        true => Box::pin(lock_it(world, active, &active.entry())).await,
        false => Ok(()),
    }
}

async fn lock_it(world: &Arc<World>, active: &Arc<Active>, entry: &Entry) -> Outcome<()> {
    let (lock, hold) = (entry.options.lock, entry.options.legal_hold);
    let own_key = world.own_key(&entry.target.connection, &entry.options).await?;
    let s3 = world.s3(&entry.target.connection).await?.with_own_key(own_key);
    let (target, version) = (&entry.target, entry.version_id.as_deref());
    let told = world.patient(active, &s3, || s3.head_version(target, version)).await;
    // keys that may write and not look: what they may not see they can set again
    let told = told.ok().flatten().map(|object| object.locks).unwrap_or_default();
    if let Some(lock) = lock.filter(|lock| told.mode != Some(lock.mode)) {
        let lock = world.patient(active, &s3, || s3.lock(target, version, lock)).await;
        lock.map_err(not_locked)?;
    }
    if hold && !told.held {
        let hold = world.patient(active, &s3, || s3.hold(target, version)).await;
        hold.map_err(not_locked)?;
    }
    Ok(())
}

fn not_locked(mut fault: Fault) -> Fault {
    let cause = fault.detail.clone();
    fault.say(Why::Stored { wrong: Wrong::NotLocked { cause } });
    fault
}
