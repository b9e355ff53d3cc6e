//! What happened to an upload, as kinds with values: its history, and the English sentence of each, for the terminal and the
//! log. The window says the same (`ui/src/i18n/en/history.ts`); `ui/src/lib/wire/sentences.json` holds the two together.

use crate::fault::Fault;
use crate::fault::duration_text::lasted;
use crate::fault::number_text::{counted, decimal, grouped};
use crate::model::proof::Proof;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One line of an upload's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "did", rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Event {
    Queued,
    Started,
    /// Taken up again, after a pause, a fault, or a start of Windlass.
    Resumed,
    Paused,
    /// Nothing of it is left on the server.
    Cancelled,
    Failed {
        fault: Fault,
    },
    /// The server is out of reach.
    Waiting {
        fault: Fault,
    },
    /// So long nothing had arrived.
    WentOn {
        seconds: u64,
    },
    /// The computer did, and the connections are new ones.
    Slept {
        seconds: u64,
    },
    /// A part, or the one PUT where there is none, goes again: its so many-th failure.
    SentAgain {
        part: Option<u16>,
        times: u16,
        fault: Fault,
    },
    /// More of those than are told one by one.
    MoreSentAgain,
    /// Parts that an earlier run had sent.
    FoundStored {
        stored: u16,
        parts: u16,
        bytes: u64,
    },
    /// An unfinished upload on the server, with parts of this file.
    FoundAgain,
    /// An unfinished upload on the server, by the user's wish; so many parts were stored.
    Adopted {
        parts: u16,
        bytes: u64,
    },
    /// It was not this file's, or is not to be: what is on the server was left as it was.
    LeftThere,
    BegunAgain {
        because: Because,
    },
    /// The file is, while it is sent.
    BeingChanged,
    /// The file did: so many parts differ and go again, so many are to go in all.
    Changed {
        again: u32,
        more: u32,
    },
    /// One state of a file that keeps changing is sent.
    Copied,
    /// The key was taken.
    KeptBeside {
        key: String,
    },
    /// The key was taken, and left alone.
    Skipped,
    /// Only the answer was lost.
    HadArrived,
    /// What the server takes.
    Asked,
    /// What it takes could not be found out.
    NotAsked {
        fault: Fault,
    },
    /// It refused what it used to take.
    AskedAgain,
    /// An empty upload whose beginning was not answered.
    TookOff,
    /// The same, where these keys may not look for it.
    MayBeLeft,
    Done {
        proof: Proof,
    },
    /// A line of an older journal.
    Said {
        text: String,
    },
}

/// Why an upload began from its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Because {
    /// What was stored is gone on the server.
    Gone,
    /// The file is too long for its parts, or empty.
    Outgrown,
    /// The file became smaller, and the server wants all parts that were ever sent.
    KeepsParts,
}

impl Event {
    /// Of the journal's text, which was a sentence before it was this.
    pub(crate) fn from_journal(text: String) -> Self {
        serde_json::from_str(&text).unwrap_or(Self::Said { text })
    }

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
            Self::WentOn { seconds } => {
                write!(f, "Resumed after {} without the server", lasted(*seconds))
            }
            Self::Slept { seconds } => {
                write!(f, "This computer slept for {}; reconnected", lasted(*seconds))
            }
            Self::SentAgain { part, times, fault } => {
                match part {
                    Some(number) => write!(f, "Resending part {}", grouped(*number))?,
                    None => f.write_str("Resending the file")?,
                }
                match times {
                    0 | 1 => write!(f, ": {fault}"),
                    times => write!(f, " after {} attempts: {fault}", grouped(*times)),
                }
            }
            Self::MoreSentAgain => {
                f.write_str("More parts are being resent; only the first are listed here")
            }
            Self::FoundStored { stored, parts, bytes } => {
                let (stored, parts) = (grouped(*stored), counted(*parts, "part"));
                write!(f, "Resumed: {stored} of {parts} already stored, {}", decimal(*bytes))
            }
            Self::FoundAgain => f.write_str(
                "Found an incomplete multipart upload with parts of this file on the server",
            ),
            Self::Adopted { parts, bytes } => {
                let (parts, amount) = (counted(*parts, "stored part"), decimal(*bytes));
                write!(f, "Adopted an incomplete multipart upload with {parts}, {amount}")
            }
            Self::LeftThere => f.write_str(
                "Released; the incomplete multipart upload on the server was left unchanged",
            ),
            Self::BegunAgain { because } => because.fmt(f),
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
            Self::KeptBeside { key } => {
                write!(f, "The key already existed: both objects are kept, this one as {key}")
            }
            Self::Skipped => f.write_str("Skipped: the bucket already contains an object with this key"),
            Self::HadArrived => f.write_str("Everything had arrived; only the response was lost"),
            Self::Asked => f.write_str("Probed the server's capabilities"),
            Self::NotAsked { fault } => {
                write!(f, "The server's capabilities could not be probed: {fault}")
            }
            Self::AskedAgain => {
                f.write_str("The server rejected what it used to support: probed it again")
            }
            Self::TookOff => {
                f.write_str("Aborted an empty multipart upload left behind by a lost response")
            }
            Self::MayBeLeft => f.write_str(
                "A response was lost, and the server does not say which multipart upload it created: an empty one may be \
                 left behind",
            ),
            Self::Done { proof } => write!(f, "Done, {proof}"),
            Self::Said { text } => f.write_str(text),
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
    /// ms since 1970
    pub at: u64,
    pub what: Event,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_an_older_journal_is_told_as_it_is() {
        for text in ["Waiting: no route", "\"quoted\"", "", "{\"did\":\"somethingNewer\"}"] {
            assert_eq!(Event::from_journal(text.into()), Event::Said { text: text.into() });
        }
    }
}
