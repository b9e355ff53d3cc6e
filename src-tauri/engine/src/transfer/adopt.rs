//! An unfinished upload of the server that a file is to go on with: until one of its stored parts turned out to be the
//! file's, nothing is sent to it, and nothing takes it off. Knows no requests.

use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::checksum::{self, Digests};
use crate::model::history::Event;
use crate::model::waiting::BlockedOn;
use crate::persistence::journal::Entry;
use crate::transfer::active::ActiveUpload;
use crate::transfer::job::{Transfer, Worker};

/// Stored parts, as they are compared with the file.
#[derive(Default)]
pub(super) struct Compared {
    pub(super) listed: u32,
    /// Of which nothing is told to compare.
    untold: u32,
    /// That are the file's, those of nothing but zeros left out: every disk image has them.
    same: u32,
    differ: u32,
    /// What so many bytes of zeros are summed to.
    zeros: Option<(u64, u64)>,
}

impl Compared {
    /// What the server tells of a part of `size` bytes agrees with the file's sums, or not; none where it tells nothing.
    pub(super) fn saw(&mut self, agrees: Option<bool>, digests: &Digests, size: u64) {
        match agrees {
            None => self.untold += 1,
            Some(false) => self.differ += 1,
            Some(true) => {
                let zeros = self.zeros.filter(|(of, _)| *of == size);
                let (_, zeros) = *self
                    .zeros
                    .insert(zeros.unwrap_or_else(|| (size, checksum::crc64_of_zeros(size))));
                self.same += u32::from(digests.crc64 != zeros);
            }
        }
    }

    /// Some part proves that it is this file's, and no more of them say that it is another's.
    pub(super) fn is_this_file(&self) -> bool {
        self.same > 0 && self.differ <= self.same
    }

    /// Reading the file takes its time, and is shown.
    pub(super) fn goes_on(&self, transfer: &Transfer<'_>) {
        let parts = transfer.job.plan.parts().into();
        transfer.upload.waits_for(BlockedOn::Comparing { part: self.listed.min(parts), parts });
        if self.listed % 16 == 1 {
            transfer.shared.mark_changed();
        }
    }
}

/// Is it the file's? From then on it is an upload like any other. One without parts is anybody's.
pub(super) fn judge(upload: &ActiveUpload, compared: &Compared) -> Result<()> {
    let entry = upload.entry();
    if !entry.adopted {
        return Ok(());
    }
    if !compared.is_this_file() && compared.listed > 0 {
        let reason = match compared.untold == compared.listed {
            true => Reason::NotComparable,
            false => Reason::OtherFile { parts: compared.listed },
        };
        return Err(Fault::because(FaultKind::Unsupported, reason));
    }
    upload.edit(|entry| entry.adopted = false);
    Ok(())
}

/// The file became one that the parts cannot be of.
pub(super) fn other_file(entry: &Entry) -> Fault {
    let parts = entry.plan.map_or(0, |plan| plan.parts().into());
    Fault::because(FaultKind::Unsupported, Reason::OtherFile { parts })
}

impl Worker<'_> {
    /// It goes without what is on the server, which stays as it is.
    pub(super) fn leave_adopted(self) {
        self.shared.record(self.upload.id, &Event::Released);
        self.forget_stored();
    }

    /// Somebody finished it, or took it off. A further try is another upload, and the user's to ask for.
    pub(super) async fn adopted_is_gone(self) -> Fault {
        self.forget_stored();
        self.upload.edit(|entry| entry.plan = None);
        if let Err(fault) = self.upload.save(&self.shared.journal).await {
            return fault;
        }
        Fault::because(FaultKind::Unsupported, Reason::UnfinishedGone)
    }
}
