//! An upload's state, and `Phase::on`, the only function that changes its phase.

use crate::fault::Fault;
use serde::{Deserialize, Serialize};

/// An upload's number in the journal. S3's UploadId is another thing.
pub type Id = u32;

/// Where an upload goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// A connection's id.
    pub connection: String,
    pub bucket: String,
    pub key: String,
}

/// What the user wants. Kept apart from where the upload stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Intent {
    Run,
    Pause,
    Abort,
}

/// Where an upload stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nobody drives it: not begun, or let go of and to be gone on with.
    Waiting,
    /// The file is looked at, the plan made, the multipart upload created or reconciled.
    Preparing,
    Sending,
    Completing,
    Done,
    Failed(Fault),
    /// Being taken off the server.
    Aborting,
    /// The user cancelled, and nothing of it is left on the server.
    Aborted,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transition {
    /// A worker took it.
    Start,
    Prepared,
    AllStored,
    /// What was stored turned out not to be there, or not to be right: prepare again.
    Reconcile,
    Completed,
    Failed(Fault),
    /// The worker was told to stop, or died.
    Released,
    Abort,
    AbortDone,
    /// The user wants a failed or cancelled upload again.
    Again,
}

impl Phase {
    /// The phase after an event; none where the event does not fit, and nothing changes.
    #[must_use]
    pub fn on(&self, event: Transition) -> Option<Self> {
        use Phase::{Aborted, Aborting, Completing, Done, Failed, Preparing, Sending, Waiting};
        match (self, event) {
            (Waiting, Transition::Start) | (Sending | Completing, Transition::Reconcile) => {
                Some(Preparing)
            }
            (Preparing, Transition::Prepared) => Some(Sending),
            (Sending, Transition::AllStored) => Some(Completing),
            // Preparing can find the object there: skipped, or completed by a call whose answer was lost
            // and a cancelled one can have arrived all the same
            (Preparing | Sending | Completing | Aborting, Transition::Completed) => Some(Done),
            (Waiting | Preparing | Sending | Completing | Aborting, Transition::Failed(fault)) => {
                Some(Failed(fault))
            }
            (Preparing | Sending | Completing, Transition::Released) => Some(Waiting),
            (Aborting, Transition::Released) => Some(Aborting),
            (
                Waiting | Preparing | Sending | Completing | Failed(_) | Aborting,
                Transition::Abort,
            ) => Some(Aborting),
            (Aborting, Transition::AbortDone) => Some(Aborted),
            (Failed(_) | Aborted, Transition::Again) => Some(Waiting),
            _ => None,
        }
    }

    /// A worker has it.
    pub fn is_active(&self) -> bool {
        matches!(self, Self::Preparing | Self::Sending | Self::Completing | Self::Aborting)
    }

    /// Nothing more happens unless the user asks.
    pub fn is_ended(&self) -> bool {
        matches!(self, Self::Done | Self::Failed(_) | Self::Aborted)
    }
}

/// What to do where the key is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum IfExists {
    /// Stop with a fault of kind Exists; the user answers in the row.
    #[default]
    Ask,
    Replace,
    /// Upload under "name (2).ext".
    KeepBoth,
    Skip,
    /// Skip where the size is the same, replace otherwise.
    SkipSame,
    /// Fail.
    Fail,
}

/// What to do where the file does not keep still.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum IfChanging {
    /// Wait for the time that the settings tell, then stop with a fault; the user answers in the row.
    #[default]
    Ask,
    /// Wait as long as it takes.
    Wait,
    /// Send the state that it has now, from a local copy.
    Copy,
}

/// The key a file gets under a prefix: forward slashes, whatever the local system's are. To S3 every slash of a prefix
/// counts, the first too.
pub fn key_under(prefix: &str, relative: &str) -> String {
    if prefix.is_empty() || prefix.ends_with('/') {
        format!("{prefix}{relative}")
    } else {
        format!("{prefix}/{relative}")
    }
}

/// "clip (2).mov" for "clip.mov": the n-th name beside a key that is taken.
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
        use Phase::{Aborted, Aborting, Completing, Done, Failed, Preparing, Sending, Waiting};
        vec![Waiting, Preparing, Sending, Completing, Done, Failed(fault()), Aborting, Aborted]
    }

    fn events() -> Vec<Transition> {
        use Transition::{
            Abort, AbortDone, Again, AllStored, Completed, Failed, Prepared, Reconcile, Released,
            Start,
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
            Again,
        ]
    }

    /// Rows are phases, columns events in the order of `events`; `.` where nothing may change.
    #[test]
    fn every_phase_on_every_event() {
        let table = [
            ("Waiting", "P . . . . F . X . ."),
            ("Preparing", ". S . . D F W X . ."),
            ("Sending", ". . C P D F W X . ."),
            ("Completing", ". . . P D F W X . ."),
            ("Done", ". . . . . . . . . ."),
            ("Failed", ". . . . . . . X . W"),
            ("Aborting", ". . . . D F X X A ."),
            ("Aborted", ". . . . . . . . . W"),
        ];
        for (phase, (name, row)) in phases().into_iter().zip(table) {
            for (event, want) in events().into_iter().zip(row.split(' ')) {
                let got = match phase.on(event.clone()) {
                    None => ".",
                    Some(Phase::Waiting) => "W",
                    Some(Phase::Preparing) => "P",
                    Some(Phase::Sending) => "S",
                    Some(Phase::Completing) => "C",
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
        fn done_is_for_good_and_aborting_never_sends_again(script in proptest::collection::vec(0usize..10, 0..60)) {
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
                    // done, where it had arrived before it could be cancelled
                    prop_assert!(!matches!(phase, Phase::Sending | Phase::Preparing | Phase::Completing));
                }
            }
        }
    }

    #[test]
    fn keys_under_prefixes_and_beside_others() {
        assert_eq!(key_under("", "a.mov"), "a.mov");
        assert_eq!(key_under("2026/", "day 1/a.mov"), "2026/day 1/a.mov");
        // a slash at the beginning is part of a key
        assert_eq!(key_under("/abs/", "a.mov"), "/abs/a.mov");
        assert_eq!(beside("2026/clip.tar.gz", 2), "2026/clip.tar (2).gz");
        assert_eq!(beside(".profile", 3), ".profile (3)");
        assert_eq!(beside("x/name", 2), "x/name (2)");
    }
}
