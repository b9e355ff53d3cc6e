//! One or more of each [`Event`] and [`BlockedOn`].

use crate::fault::{Fault, FaultKind};
use crate::model::history::{Because, Event};
use crate::model::upload::IfExists;
use crate::model::waiting::BlockedOn;

/// In the server's own words, which both sides leave as they are.
fn fault() -> Fault {
    Fault::new(FaultKind::Offline, "No route (NoRoute)")
}

pub(super) fn samples() -> Vec<Event> {
    let resent = |part, times| Event::Resent { part, times, fault: fault() };
    let restarted = |because| Event::Restarted { because };
    let changed = |again, more| Event::Changed { again, more };
    let mut events = vec![
        Event::Queued,
        Event::Started,
        Event::Resumed,
        Event::Paused,
        Event::Cancelled,
        Event::Failed { fault: fault() },
        Event::Waiting { fault: fault() },
        Event::Reconnected { seconds: 24 },
        Event::Slept { seconds: 7500 },
        resent(Some(7), 1),
        resent(Some(1007), 4),
        resent(None, 1),
        resent(None, 4),
        Event::MoreResent,
        Event::FoundStored { stored: 3, parts: 9, bytes: 50_000_000 },
        Event::FoundStored { stored: 1, parts: 1, bytes: 1 },
        Event::FoundIncomplete,
        Event::Adopted { parts: 1, bytes: 999 },
        Event::Adopted { parts: 3, bytes: 41_230_000_000 },
        Event::Released,
        restarted(Because::Gone),
        restarted(Because::Outgrown),
        restarted(Because::KeepsParts),
        Event::BeingChanged,
        changed(0, 0),
        changed(0, 1),
        changed(0, 2),
        changed(1, 1),
        changed(3, 4),
        Event::Copied,
        Event::KeyTaken,
        Event::Answered { answer: IfExists::Replace },
        Event::Answered { answer: IfExists::KeepBoth },
        Event::Answered { answer: IfExists::Skip },
        Event::Answered { answer: IfExists::SkipSame },
        Event::KeptBoth { key: "films/a (2).mov".into() },
        Event::Skipped,
        Event::ResponseLost,
        Event::Probed,
        Event::ProbeFailed { fault: fault() },
        Event::ProbedAgain,
        Event::AbortedEmpty,
        Event::MayBeLeftBehind,
        Event::Text { text: "As an older version wrote it".into() },
    ];
    events.extend(super::findings::proofs().into_iter().map(|proof| Event::Done { proof }));
    events
}

pub(super) fn blocked() -> Vec<BlockedOn> {
    vec![
        BlockedOn::OutOfReach { fault: fault() },
        BlockedOn::Again { fault: fault() },
        BlockedOn::Still,
        BlockedOn::Comparing { part: 2, parts: 9000 },
        BlockedOn::Copying,
        BlockedOn::Asking,
    ]
}
