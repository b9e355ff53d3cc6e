//! The events of an upload's history, and the English sentence for each. The window has the same sentences
//! (`ui/src/i18n/en/history.ts`); `ui/src/lib/wire/sentences.json` holds the two together.

use crate::fault::Fault;
use crate::fault::duration_text::lasted;
use crate::fault::number_text::{counted, decimal, grouped};
use crate::model::proof::Proof;
use crate::model::upload::IfExists;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An event of an upload's history, written to the journal as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "did", rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Event {
    Queued,
    Started,
    /// After a pause, a fault, or a restart of Windlass.
    Resumed,
    Paused,
    /// Nothing of it is left on the server.
    Cancelled,
    Failed {
        fault: Fault,
    },
    /// The server cannot be reached.
    Waiting {
        fault: Fault,
    },
    /// The server could be reached again after this long.
    Reconnected {
        seconds: u64,
    },
    /// This computer slept for this long, and opened new connections.
    Slept {
        seconds: u64,
    },
    /// A part, or the whole file if there are no parts, is sent again after this many failures.
    Resent {
        part: Option<u16>,
        times: u16,
        fault: Fault,
    },
    /// More parts were resent than are listed.
    MoreResent,
    /// Parts were already stored by an earlier run.
    FoundStored {
        stored: u16,
        parts: u16,
        bytes: u64,
    },
    /// An incomplete multipart upload with parts of this file was found on the server.
    FoundIncomplete,
    /// The user chose to resume an incomplete multipart upload of the server, with this many stored parts.
    Adopted {
        parts: u16,
        bytes: u64,
    },
    /// An adopted multipart upload was given up, and left unchanged on the server.
    Released,
    Restarted {
        because: Because,
    },
    /// The file is being changed while it is sent.
    BeingChanged,
    /// The file changed: `again` stored parts differ, and `more` parts are left to send.
    Changed {
        again: u32,
        more: u32,
    },
    /// A copy of the current version of a file that keeps changing is sent.
    Copied,
    /// The key existed, and the user is asked what to do.
    KeyTaken,
    /// The user's answer to that question.
    Answered {
        answer: IfExists,
    },
    /// The key existed, so the object got another key.
    KeptBoth {
        key: String,
    },
    /// The key existed, and was left unchanged.
    Skipped,
    /// The object had been completed; only the response was lost.
    ResponseLost,
    /// The server's capabilities were probed.
    Probed,
    /// The server's capabilities could not be probed.
    ProbeFailed {
        fault: Fault,
    },
    /// The server rejected what it used to support, and was probed again.
    ProbedAgain,
    /// A lost response left an empty multipart upload behind, which was aborted.
    AbortedEmpty,
    /// A lost response may have left an empty multipart upload behind, which these credentials cannot find.
    MayBeLeftBehind,
    Done {
        proof: Proof,
    },
    /// Text of an older journal, before events had names.
    Text {
        text: String,
    },
}

/// Why an upload was restarted from its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Because {
    /// The multipart upload no longer exists on the server.
    Gone,
    /// The file is too large for its part size, or empty.
    Outgrown,
    /// The file became smaller, and the server does not allow parts to be left out.
    KeepsParts,
}

impl Event {
    /// Parses the journal's text. Text that is not an event is kept as it is.
    pub(crate) fn from_journal(text: String) -> Self {
        serde_json::from_str(&text).unwrap_or(Self::Text { text })
    }

    /// The event as the journal stores it.
    pub(crate) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|_| self.to_string())
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Queued => f.write_str("Queued"),
            Self::Started => f.write_str("Started"),
            Self::Resumed => f.write_str("Resumed"),
            Self::Paused => f.write_str("Paused"),
            Self::Cancelled => f.write_str("Cancelled; nothing is left on the server"),
            Self::Failed { fault } => write!(f, "Failed: {fault}"),
            Self::Waiting { fault } => write!(f, "Waiting: {fault}"),
            Self::Reconnected { seconds } => {
                write!(f, "Resumed after {} without the server", lasted(*seconds))
            }
            Self::Slept { seconds } => {
                write!(f, "This computer slept for {}; reconnected", lasted(*seconds))
            }
            Self::Resent { part, times, fault } => {
                match part {
                    Some(number) => write!(f, "Resending part {}", grouped(*number))?,
                    None => f.write_str("Resending the file")?,
                }
                match times {
                    0 | 1 => write!(f, ": {fault}"),
                    times => write!(f, " after {} attempts: {fault}", grouped(*times)),
                }
            }
            Self::MoreResent => {
                f.write_str("More parts are being resent; only the first are listed here")
            }
            Self::FoundStored { stored, parts, bytes } => {
                let (stored, parts) = (grouped(*stored), counted(*parts, "part"));
                write!(f, "Resumed: {stored} of {parts} already stored, {}", decimal(*bytes))
            }
            Self::FoundIncomplete => f.write_str(
                "Found an incomplete multipart upload with parts of this file on the server",
            ),
            Self::Adopted { parts, bytes } => {
                let (parts, amount) = (counted(*parts, "stored part"), decimal(*bytes));
                write!(f, "Adopted an incomplete multipart upload with {parts}, {amount}")
            }
            Self::Released => f.write_str(
                "Released; the incomplete multipart upload on the server was left unchanged",
            ),
            Self::Restarted { because } => because.fmt(f),
            Self::KeyTaken => f.write_str("Needs your answer: an object with this key already exists"),
            Self::Answered { answer } => f.write_str(match answer {
                IfExists::Replace => "Your answer: replace the existing object",
                IfExists::KeepBoth => "Your answer: keep both objects",
                IfExists::Skip => "Your answer: skip this file",
                IfExists::SkipSame => "Your answer: skip if the size is the same",
                IfExists::Ask | IfExists::Fail => "Your answer: none",
            }),
            Self::BeingChanged => f.write_str(
                "The file is being changed; parts that differ will be resent at the end",
            ),
            Self::Changed { again: 0, more: 0 } => f.write_str(
                "The file was modified, but its content is the same; nothing needs to be resent",
            ),
            Self::Changed { again: 0, more } => write!(
                f,
                "The file changed: no stored part differs, {} left to send",
                counted(*more, "part")
            ),
            Self::Changed { again, .. } => {
                write!(f, "The file changed: resending {}", counted(*again, "part"))
            }
            Self::Copied => {
                f.write_str("The file keeps changing: uploading a copy of its current version")
            }
            Self::KeptBoth { key } => {
                write!(f, "Name already in use, saved as {key}")
            }
            Self::Skipped => f.write_str("Skipped: the bucket already contains an object with this key"),
            Self::ResponseLost => f.write_str("Everything had arrived; only the response was lost"),
            Self::Probed => f.write_str("Probed the server's capabilities"),
            Self::ProbeFailed { fault } => {
                write!(f, "The server's capabilities could not be probed: {fault}")
            }
            Self::ProbedAgain => {
                f.write_str("The server rejected what it used to support: probed it again")
            }
            Self::AbortedEmpty => {
                f.write_str("Aborted an empty multipart upload left behind by a lost response")
            }
            Self::MayBeLeftBehind => f.write_str(
                "A response was lost, and the server does not say which multipart upload it created: an empty one may be \
                 left behind",
            ),
            Self::Done { proof } => write!(f, "Done, {proof}"),
            Self::Text { text } => f.write_str(text),
        }
    }
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gone => "Restarted: the multipart upload no longer exists on the server",
            Self::Outgrown => "Restarted: the file is now empty, or too large for its part size",
            Self::KeepsParts => {
                "Restarted for the smaller file: this server does not allow parts to be dropped"
            }
        })
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct History {
    /// When it happened, in ms since 1970.
    pub at: u64,
    pub what: Event,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_an_older_journal_is_shown_as_it_is() {
        for text in ["Waiting: no route", "\"quoted\"", "", "{\"did\":\"somethingNewer\"}"] {
            assert_eq!(Event::from_journal(text.into()), Event::Text { text: text.into() });
        }
    }
}
