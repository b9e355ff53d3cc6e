//! What happened to an upload, as kinds with values: its history. Knows the English sentence of each, for the terminal and
//! the log; knows no words of a window, and no journal.

use crate::fault::Fault;
use crate::fault::duration_text::lasted;
use crate::model::proof::{Compared, Proof};
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
    pub(crate) fn of(text: String) -> Self {
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
            Self::Cancelled => f.write_str("Cancelled; nothing of it is left on the server"),
            Self::Failed { fault } => write!(f, "Failed: {fault}"),
            Self::Waiting { fault } => write!(f, "Waiting: {fault}"),
            Self::WentOn { seconds } => {
                write!(f, "Went on after {} without the server", lasted(*seconds))
            }
            Self::Slept { seconds } => {
                write!(f, "This computer slept for {}; connected anew", lasted(*seconds))
            }
            Self::SentAgain { part, times, fault } => {
                match part {
                    Some(number) => write!(f, "Part {number} is sent again")?,
                    None => f.write_str("Sent again")?,
                }
                match times {
                    0 | 1 => write!(f, ": {fault}"),
                    times => write!(f, ", after {times} tries: {fault}"),
                }
            }
            Self::MoreSentAgain => f.write_str("More is sent again; only the first is told here"),
            Self::FoundStored { stored, parts, .. } => {
                write!(f, "Went on: {stored} of {parts} parts were stored")
            }
            Self::FoundAgain => f.write_str(
                "Found again on the server: an unfinished upload with parts of this file",
            ),
            Self::Adopted { parts: 1, .. } => {
                f.write_str("Taken over from the server: an unfinished upload with 1 stored part")
            }
            Self::Adopted { parts, .. } => {
                write!(f, "Taken over from the server: an unfinished upload with {parts} stored parts")
            }
            Self::LeftThere => {
                f.write_str("Let go of; the unfinished upload is on the server as it was")
            }
            Self::BegunAgain { because } => because.fmt(f),
            Self::BeingChanged => {
                f.write_str("The file is being changed; what differs is sent again at the end")
            }
            Self::Changed { again: 0, more: 0 } => {
                f.write_str("The file was touched, and its bytes are the same: nothing is sent again")
            }
            Self::Changed { again: 0, more } => {
                write!(f, "The file changed: no part differs, {more} are still to be sent")
            }
            Self::Changed { again: 1, .. } => f.write_str("The file changed: 1 part is sent again"),
            Self::Changed { again, .. } => {
                write!(f, "The file changed: {again} parts are sent again")
            }
            Self::Copied => {
                f.write_str("The file keeps changing: sending a copy of the state it has now")
            }
            Self::KeptBeside { key } => write!(f, "The key was taken: kept beside it as {key}"),
            Self::Skipped => f.write_str("Skipped: the bucket has an object with this key"),
            Self::HadArrived => f.write_str("It had arrived: only the answer was lost"),
            Self::Asked => f.write_str("Asked the server what it takes"),
            Self::NotAsked { fault } => {
                write!(f, "What the server takes could not be found out: {fault}")
            }
            Self::AskedAgain => {
                f.write_str("The server refused what it used to take: asked it again")
            }
            Self::TookOff => f.write_str("Took off an empty upload whose beginning was not answered"),
            Self::MayBeLeft => f.write_str(
                "An answer was lost, and the server does not tell which unfinished upload is this one: an empty one may be left",
            ),
            Self::Done { proof } => match proof.compared {
                Compared::Size => f.write_str("Done; the server tells only the size"),
                _ => write!(f, "Done; compared by {}", proof.algorithm),
            },
            Self::Said { text } => f.write_str(text),
        }
    }
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gone => "The unfinished upload was gone on the server; begun again",
            Self::Outgrown => "The file outgrew its parts, or is empty now: begun again",
            Self::KeepsParts => {
                "This server does not let parts be dropped: begun again for the smaller file"
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
    use crate::fault::FaultKind;

    fn every() -> Vec<(Event, &'static str)> {
        let fault = || Fault::new(FaultKind::Offline, "no route");
        let proof = Proof {
            algorithm: "CRC64NVME".into(),
            kind: "FULL_OBJECT".into(),
            value: "x".into(),
            compared: Compared::WholeObject,
            parts: None,
        };
        vec![
            (Event::Queued, "Queued"),
            (Event::Started, "Started"),
            (Event::Resumed, "Resumed"),
            (Event::Paused, "Paused"),
            (Event::Cancelled, "Cancelled; nothing of it is left on the server"),
            (Event::Failed { fault: fault() }, "Failed: no route"),
            (Event::Waiting { fault: fault() }, "Waiting: no route"),
            (Event::WentOn { seconds: 0 }, "Went on after 1 s without the server"),
            (Event::Slept { seconds: 7500 }, "This computer slept for 2 h 5 min; connected anew"),
            (
                Event::SentAgain { part: Some(7), times: 1, fault: fault() },
                "Part 7 is sent again: no route",
            ),
            (
                Event::SentAgain { part: None, times: 4, fault: fault() },
                "Sent again, after 4 tries: no route",
            ),
            (Event::MoreSentAgain, "More is sent again; only the first is told here"),
            (
                Event::FoundStored { stored: 3, parts: 9, bytes: 1 << 40 },
                "Went on: 3 of 9 parts were stored",
            ),
            (
                Event::FoundAgain,
                "Found again on the server: an unfinished upload with parts of this file",
            ),
            (
                Event::Adopted { parts: 3, bytes: 1 << 40 },
                "Taken over from the server: an unfinished upload with 3 stored parts",
            ),
            (Event::LeftThere, "Let go of; the unfinished upload is on the server as it was"),
            (
                Event::BegunAgain { because: Because::Gone },
                "The unfinished upload was gone on the server; begun again",
            ),
            (
                Event::BeingChanged,
                "The file is being changed; what differs is sent again at the end",
            ),
            (Event::Changed { again: 3, more: 4 }, "The file changed: 3 parts are sent again"),
            (Event::Copied, "The file keeps changing: sending a copy of the state it has now"),
            (
                Event::KeptBeside { key: "a (2).mov".into() },
                "The key was taken: kept beside it as a (2).mov",
            ),
            (Event::Skipped, "Skipped: the bucket has an object with this key"),
            (Event::HadArrived, "It had arrived: only the answer was lost"),
            (Event::Asked, "Asked the server what it takes"),
            (
                Event::NotAsked { fault: fault() },
                "What the server takes could not be found out: no route",
            ),
            (Event::AskedAgain, "The server refused what it used to take: asked it again"),
            (Event::TookOff, "Took off an empty upload whose beginning was not answered"),
            (
                Event::MayBeLeft,
                "An answer was lost, and the server does not tell which unfinished upload is this one: an empty one may be left",
            ),
            (Event::Done { proof }, "Done; compared by CRC64NVME"),
            (Event::Said { text: "Went on".into() }, "Went on"),
        ]
    }

    #[test]
    fn every_deed_is_a_sentence_and_survives_the_journal() {
        for (deed, sentence) in every() {
            assert_eq!(deed.to_string(), sentence);
            assert_eq!(Event::of(deed.text()), deed);
        }
    }

    #[test]
    fn a_file_that_changed_is_told_by_what_goes_again() {
        let reported = |again, more| Event::Changed { again, more }.to_string();
        assert!(reported(0, 0).ends_with("nothing is sent again"));
        assert!(reported(0, 2).ends_with("no part differs, 2 are still to be sent"));
        assert!(reported(1, 1).ends_with("1 part is sent again"));
    }

    #[test]
    fn a_line_of_an_older_journal_is_told_as_it_is() {
        for text in ["Waiting: no route", "\"quoted\"", "", "{\"did\":\"somethingNewer\"}"] {
            assert_eq!(Event::of(text.into()), Event::Said { text: text.into() });
        }
    }
}
