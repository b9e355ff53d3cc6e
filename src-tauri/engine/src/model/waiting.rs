//! What keeps an upload from going on just now, as kinds with values. Knows the English words of each, for the terminal;
//! knows no words of a window, and no I/O.

use crate::fault::Fault;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Of an upload that is under way and does not move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum BlockedOn {
    /// The server cannot be reached.
    OutOfReach { fault: Fault },
    /// The server asks for patience, or failed; it is asked again.
    Again { fault: Fault },
    /// The file is being changed.
    Still,
    /// What is stored is held against the file, which changed: this many parts so far.
    Comparing { part: u32, parts: u32 },
    /// The file is copied, to send one state of it.
    Copying,
    /// The server is asked what it takes.
    Asking,
}

impl fmt::Display for BlockedOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfReach { fault } | Self::Again { fault } => fault.fmt(f),
            Self::Still => {
                f.write_str("the file is being changed; it is compared once it keeps still")
            }
            Self::Comparing { part, parts } => {
                write!(f, "comparing with the file: part {part} of {parts}")
            }
            Self::Copying => f.write_str("copying the file, to send one state of it"),
            Self::Asking => f.write_str("asking the server what it takes"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::FaultKind;

    #[test]
    fn every_kind_has_its_words() {
        let fault = || Fault::new(FaultKind::Throttled, "slow down");
        let table = [
            (BlockedOn::OutOfReach { fault: fault() }, "slow down"),
            (BlockedOn::Again { fault: fault() }, "slow down"),
            (BlockedOn::Still, "the file is being changed; it is compared once it keeps still"),
            (BlockedOn::Comparing { part: 2, parts: 9 }, "comparing with the file: part 2 of 9"),
            (BlockedOn::Copying, "copying the file, to send one state of it"),
            (BlockedOn::Asking, "asking the server what it takes"),
        ];
        for (waits, words) in table {
            assert_eq!(waits.to_string(), words);
            let json = serde_json::to_string(&waits).unwrap();
            assert_eq!(serde_json::from_str::<BlockedOn>(&json).unwrap(), waits);
        }
    }
}
