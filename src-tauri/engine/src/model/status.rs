//! The status that a row shows, derived from intent and phase.

use crate::model::upload::{Intent, Phase};
use serde::{Deserialize, Serialize};

/// An upload's status as its row shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Status {
    Waiting,
    Preparing,
    Sending,
    /// Active, but the server cannot be reached.
    Offline,
    Completing,
    /// Another object has its key, and the user is asked what to do.
    NeedsAnswer,
    /// Paused by the user, while a part that is nearly sent is finished.
    Pausing,
    Done,
    /// Nothing was uploaded, because the key exists. Its phase is `Done`, without a proof.
    Skipped,
    Paused,
    Failed,
    Aborting,
    Aborted,
}

impl Status {
    pub fn from_phase(phase: &Phase, intent: Intent) -> Self {
        match phase {
            Phase::Waiting if intent == Intent::Pause => Self::Paused,
            Phase::Waiting => Self::Waiting,
            Phase::Preparing | Phase::Sending | Phase::Completing if intent == Intent::Pause => {
                Self::Pausing
            }
            Phase::Preparing => Self::Preparing,
            Phase::Sending => Self::Sending,
            Phase::Completing => Self::Completing,
            Phase::NeedsAnswer => Self::NeedsAnswer,
            Phase::Done => Self::Done,
            Phase::Failed(_) => Self::Failed,
            Phase::Aborting => Self::Aborting,
            Phase::Aborted => Self::Aborted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_is_pausing_until_its_bytes_have_stopped() {
        assert_eq!(Status::from_phase(&Phase::Waiting, Intent::Pause), Status::Paused);
        assert_eq!(Status::from_phase(&Phase::Waiting, Intent::Run), Status::Waiting);
        assert_eq!(Status::from_phase(&Phase::Sending, Intent::Pause), Status::Pausing);
        assert_eq!(Status::from_phase(&Phase::Aborting, Intent::Pause), Status::Aborting);
        assert_eq!(Status::from_phase(&Phase::NeedsAnswer, Intent::Pause), Status::NeedsAnswer);
        assert_eq!(Status::from_phase(&Phase::Done, Intent::Pause), Status::Done);
    }
}
