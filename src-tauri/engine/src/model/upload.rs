//! An upload's state, and `Phase::on`, the only function that changes its phase.

use crate::fault::Fault;
use serde::{Deserialize, Serialize};

/// An upload's ID in the journal. S3's UploadId is something else.
pub type Id = u32;

/// The destination of an upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// A connection's ID.
    pub connection: String,
    pub bucket: String,
    pub key: String,
}

/// What the user wants. Kept apart from the phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Intent {
    Run,
    Pause,
    Abort,
}

/// The phase of an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Not started, or interrupted and to be resumed.
    Waiting,
    /// The file is checked, the plan made, and the multipart upload created or reconciled.
    Preparing,
    Sending,
    Completing,
    /// Another object has its key, and the user is asked what to do. Nothing is sent until then.
    NeedsAnswer,
    Done,
    Failed(Fault),
    /// The multipart upload is being aborted.
    Aborting,
    /// Cancelled by the user, with nothing left on the server.
    Aborted,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transition {
    /// A transfer started it.
    Start,
    Prepared,
    AllStored,
    /// Stored parts were missing or wrong: prepare again.
    Reconcile,
    Completed,
    /// Another object has its key, and the user is asked.
    Asked,
    Answered,
    Failed(Fault),
    /// The transfer was stopped, or died.
    Released,
    Abort,
    AbortDone,
    /// The user undid the cancelling in time, and its parts are still on the server.
    AbortUndone,
    /// The user retries a failed or cancelled upload.
    Again,
}

impl Phase {
    /// The phase after a transition, or `None` if it is not allowed in this phase.
    #[must_use]
    pub fn on(&self, event: Transition) -> Option<Self> {
        use Phase::{
            Aborted, Aborting, Completing, Done, Failed, NeedsAnswer, Preparing, Sending, Waiting,
        };
        match (self, event) {
            (Waiting, Transition::Start) | (Sending | Completing, Transition::Reconcile) => {
                Some(Preparing)
            }
            (Preparing, Transition::Prepared) => Some(Sending),
            (Sending, Transition::AllStored) => Some(Completing),
            // preparing may find the object already there: skipped, or completed by a request whose response was lost;
            // a cancelled upload may have been completed, too
            (Preparing | Sending | Completing | Aborting, Transition::Completed) => Some(Done),
            (Preparing | Sending | Completing, Transition::Asked) => Some(NeedsAnswer),
            (NeedsAnswer, Transition::Answered) => Some(Waiting),
            (Waiting | Preparing | Sending | Completing | Aborting, Transition::Failed(fault)) => {
                Some(Failed(fault))
            }
            (Preparing | Sending | Completing, Transition::Released) => Some(Waiting),
            (Aborting, Transition::Released) => Some(Aborting),
            (
                Waiting | Preparing | Sending | Completing | NeedsAnswer | Failed(_) | Aborting,
                Transition::Abort,
            ) => Some(Aborting),
            (Aborting, Transition::AbortDone) => Some(Aborted),
            (Aborting, Transition::AbortUndone) => Some(Waiting),
            (Failed(_) | Aborted, Transition::Again) => Some(Waiting),
            _ => None,
        }
    }

    /// Whether a transfer is driving it.
    pub fn is_active(&self) -> bool {
        matches!(self, Self::Preparing | Self::Sending | Self::Completing | Self::Aborting)
    }

    /// Whether nothing more happens unless the user acts.
    pub fn is_ended(&self) -> bool {
        matches!(self, Self::NeedsAnswer | Self::Done | Self::Failed(_) | Self::Aborted)
    }
}

/// What to do if the key exists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum IfExists {
    /// Wait for the user's answer, and send nothing until then.
    #[default]
    Ask,
    Replace,
    /// Upload as "name (2).ext".
    KeepBoth,
    Skip,
    /// Skip if the size is the same, otherwise replace.
    SkipSame,
    /// Fail.
    Fail,
}

/// What to do if the file keeps changing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum IfChanging {
    /// Wait for the time in the settings, then stop with a fault; the user decides in the row.
    #[default]
    Ask,
    /// Wait until it is stable.
    Wait,
    /// Send a local copy of its current version.
    Copy,
}

/// The key of a file under a prefix, with forward slashes on every system. S3 keeps every slash of a prefix, including
/// the first.
pub fn key_under(prefix: &str, relative: &str) -> String {
    if prefix.is_empty() || prefix.ends_with('/') {
        format!("{prefix}{relative}")
    } else {
        format!("{prefix}/{relative}")
    }
}

/// The n-th alternative to an existing key: "clip (2).mov" for "clip.mov".
pub(crate) fn beside(key: &str, n: u32) -> String {
    let (folder, name) = key.rsplit_once('/').map_or(("", key), |(folder, name)| (folder, name));
    let slash = if folder.is_empty() { "" } else { "/" };
    match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() => format!("{folder}{slash}{stem} ({n}).{ending}"),
        _ => format!("{folder}{slash}{name} ({n})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::FaultKind;
    use proptest::prelude::*;

    fn fault() -> Fault {
        Fault::new(FaultKind::Server, "x")
    }

    fn phases() -> Vec<Phase> {
        use Phase::{
            Aborted, Aborting, Completing, Done, Failed, NeedsAnswer, Preparing, Sending, Waiting,
        };
        vec![
            Waiting,
            Preparing,
            Sending,
            Completing,
            NeedsAnswer,
            Done,
            Failed(fault()),
            Aborting,
            Aborted,
        ]
    }

    fn events() -> Vec<Transition> {
        use Transition::{
            Abort, AbortDone, AbortUndone, Again, AllStored, Answered, Asked, Completed, Failed,
            Prepared, Reconcile, Released, Start,
        };
        vec![
            Start,
            Prepared,
            AllStored,
            Reconcile,
            Completed,
            Failed(fault()),
            Released,
            Abort,
            AbortDone,
            AbortUndone,
            Again,
            Asked,
            Answered,
        ]
    }

    /// Rows are phases, columns are transitions in the order of `events`; `.` is not allowed.
    #[test]
    fn every_phase_on_every_event() {
        let table = [
            ("Waiting", "P . . . . F . X . . . . ."),
            ("Preparing", ". S . . D F W X . . . Q ."),
            ("Sending", ". . C P D F W X . . . Q ."),
            ("Completing", ". . . P D F W X . . . Q ."),
            ("NeedsAnswer", ". . . . . . . X . . . . W"),
            ("Done", ". . . . . . . . . . . . ."),
            ("Failed", ". . . . . . . X . . W . ."),
            ("Aborting", ". . . . D F X X A W . . ."),
            ("Aborted", ". . . . . . . . . . W . ."),
        ];
        for (phase, (name, row)) in phases().into_iter().zip(table) {
            for (event, want) in events().into_iter().zip(row.split(' ')) {
                let got = match phase.on(event.clone()) {
                    None => ".",
                    Some(Phase::Waiting) => "W",
                    Some(Phase::Preparing) => "P",
                    Some(Phase::Sending) => "S",
                    Some(Phase::Completing) => "C",
                    Some(Phase::NeedsAnswer) => "Q",
                    Some(Phase::Done) => "D",
                    Some(Phase::Failed(_)) => "F",
                    Some(Phase::Aborting) => "X",
                    Some(Phase::Aborted) => "A",
                };
                assert_eq!(got, want, "{name} on {event:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn done_is_for_good_and_aborting_never_sends_again(script in proptest::collection::vec(0usize..13, 0..60)) {
            let mut phase = Phase::Waiting;
            for step in script {
                let before = phase.clone();
                if let Some(next) = phase.on(events()[step].clone()) {
                    phase = next;
                }
                if before == Phase::Done {
                    prop_assert_eq!(&phase, &Phase::Done);
                }
                if before == Phase::Aborting {
                    // done, if it had been completed before it could be cancelled
                    prop_assert!(!matches!(phase, Phase::Sending | Phase::Preparing | Phase::Completing));
                }
            }
        }
    }

    #[test]
    fn keys_under_prefixes_and_beside_others() {
        assert_eq!(key_under("", "a.mov"), "a.mov");
        assert_eq!(key_under("2026/", "day 1/a.mov"), "2026/day 1/a.mov");
        // a leading slash is part of a key
        assert_eq!(key_under("/abs/", "a.mov"), "/abs/a.mov");
        assert_eq!(beside("2026/clip.tar.gz", 2), "2026/clip.tar (2).gz");
        assert_eq!(beside(".profile", 3), ".profile (3)");
        assert_eq!(beside("x/name", 2), "x/name (2)");
    }
}
