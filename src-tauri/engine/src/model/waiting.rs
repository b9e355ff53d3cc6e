//! What an upload is waiting for, as kinds with values, and the English words of each, for the terminal. The window says the
//! same (`ui/src/i18n/en/history.ts`); `ui/src/lib/wire/sentences.json` holds the two together.

use crate::fault::number_text::grouped;
use crate::fault::{Fault, FaultKind};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why an active upload is not making progress.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum BlockedOn {
    /// The server cannot be reached.
    OutOfReach { fault: Fault },
    /// The server throttled the request, or failed; it is retried.
    Again { fault: Fault },
    /// The file is being changed.
    Still,
    /// The stored parts are being compared with the file, which changed: this many so far.
    Comparing { part: u32, parts: u32 },
    /// The file is being copied, to send a single version of it.
    Copying,
    /// The server's capabilities are being probed.
    Asking,
}

impl BlockedOn {
    /// Whether the user has to sign in first. Credentials that have expired are renewed without the user, if they can be.
    pub(crate) fn needs_sign_in(&self) -> bool {
        match self {
            Self::OutOfReach { fault } => fault.kind == FaultKind::SignIn && !fault.has_expired(),
            Self::Again { .. }
            | Self::Still
            | Self::Comparing { .. }
            | Self::Copying
            | Self::Asking => false,
        }
    }
}

impl fmt::Display for BlockedOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfReach { fault } | Self::Again { fault } => fault.fmt(f),
            Self::Still => {
                f.write_str("the file is being changed; it will be compared once it is stable")
            }
            Self::Comparing { part, parts } => {
                write!(f, "comparing with the file: part {} of {}", grouped(*part), grouped(*parts))
            }
            Self::Copying => f.write_str("copying the file, to upload a single version of it"),
            Self::Asking => f.write_str("probing the server's capabilities"),
        }
    }
}
