//! An unfinished upload of the server that a file is to go on with: until one of its stored parts turned out to be the
//! file's, nothing is sent to it, and nothing takes it off. Knows no requests.

use super::{Job, forget_stored};
use crate::active::Active;
use crate::deed::Deed;
use crate::fault::{Fault, FaultKind, Outcome, Why};
use crate::journal::Entry;
use crate::waits::Waits;
use crate::world::World;

/// Stored parts, as they are held against the file.
#[derive(Default)]
pub(super) struct Compared {
    pub(super) listed: u32,
    /// Of which nothing is told to compare.
    pub(super) untold: u32,
}

impl Compared {
    /// Reading the file takes its time, and is shown.
    pub(super) fn goes_on(&self, world: &World, active: &Active, job: &Job) {
        let parts = job.plan.parts().into();
        active.waits_for(Waits::Comparing { part: self.listed.min(parts), parts });
        if self.listed % 16 == 1 {
            world.touch();
        }
    }
}

/// Is it the file's? From then on it is an upload like any other. One without parts is anybody's.
pub(super) fn judge(active: &Active, compared: &Compared, same: u64) -> Outcome<()> {
    let entry = active.entry();
    if !entry.adopted {
        return Ok(());
    }
    if same == 0 && compared.listed > 0 {
        let why = match compared.untold == compared.listed {
            true => Why::NotComparable,
            false => Why::OtherFile { parts: compared.listed },
        };
        return Err(Fault::because(FaultKind::Unsupported, why));
    }
    active.edit(|entry| entry.adopted = false);
    Ok(())
}

/// The file became one that the parts cannot be of.
pub(super) fn other_file(entry: &Entry) -> Fault {
    let parts = entry.plan.map_or(0, |plan| plan.parts().into());
    Fault::because(FaultKind::Unsupported, Why::OtherFile { parts })
}

/// It goes without what is on the server, which stays as it is.
pub(super) fn leave(world: &World, active: &Active) {
    world.note(active.id, &Deed::LeftThere);
    forget_stored(world, active);
}

/// Somebody finished it, or took it off. A further try is another upload, and the user's to ask for.
pub(super) async fn is_gone(world: &World, active: &Active) -> Fault {
    forget_stored(world, active);
    active.edit(|entry| entry.plan = None);
    if let Err(fault) = active.save(&world.journal).await {
        return fault;
    }
    Fault::because(FaultKind::Unsupported, Why::UnfinishedGone)
}
