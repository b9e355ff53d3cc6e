//! How still the file of an upload keeps, as far as this run has seen. Knows no file.

use crate::model::lock::locked;
use crate::system::local_file::Fingerprint;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Invariant: what was waited and how often it was compared only grow, and an id that was found unsteady stays so until
/// the run ends.
#[derive(Default)]
pub(crate) struct FileStability {
    /// How long it was waited for a file that changes, and how often it had changed when it was compared.
    unstable: Mutex<(Duration, u32)>,
    /// The file's id was another while its bytes were the same: it says nothing on that file system.
    id_unsteady: AtomicBool,
}

impl FileStability {
    /// It was waited for the file so much longer: how long in all.
    pub(crate) fn waited(&self, more: Duration) -> Duration {
        let mut unstable = locked(&self.unstable);
        unstable.0 += more;
        unstable.0
    }

    /// The file is compared once more: how often by now.
    pub(crate) fn another_round(&self) -> u32 {
        let mut unstable = locked(&self.unstable);
        unstable.1 += 1;
        unstable.1
    }

    /// Is it the file that it was?
    pub(crate) fn is_same(&self, one: &Fingerprint, other: &Fingerprint) -> bool {
        one.is_same(other) || (self.id_unsteady.load(Ordering::Relaxed) && one.is_like(other))
    }

    pub(crate) fn pass_over_id(&self) {
        self.id_unsteady.store(true, Ordering::Relaxed);
    }
}
