//! What the window and the terminal are shown: rows, pages, details, totals. Shapes only, no I/O.

use crate::deed::Deed;
use crate::fault::Fault;
use crate::hours::WallTime;
use crate::upload::{Id, IfChanging, IfExists, Intent, Phase};
use crate::waits::Waits;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum View {
    All,
    Active,
    /// Waiting or paused.
    Waiting,
    Failed,
    Done,
}

/// Intent and phase in the one word a row shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Status {
    Waiting,
    Preparing,
    Sending,
    /// Under way, and the server cannot be reached just now.
    Offline,
    Completing,
    /// Paused by the user, and a part that is nearly done is still being finished.
    Pausing,
    Done,
    Paused,
    Failed,
    Aborting,
    Aborted,
}

impl Status {
    pub fn of(phase: &Phase, intent: Intent) -> Self {
        match phase {
            Phase::Waiting if intent == Intent::Pause => Self::Paused,
            Phase::Waiting => Self::Waiting,
            Phase::Preparing | Phase::Sending | Phase::Completing if intent == Intent::Pause => {
                Self::Pausing
            }
            Phase::Preparing => Self::Preparing,
            Phase::Sending => Self::Sending,
            Phase::Completing => Self::Completing,
            Phase::Done => Self::Done,
            Phase::Failed(_) => Self::Failed,
            Phase::Aborting => Self::Aborting,
            Phase::Aborted => Self::Aborted,
        }
    }
}

/// Which uploads a command is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "which", rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Which {
    All,
    Ids { ids: Vec<Id> },
}

/// Uploads moved within the queue. They keep their order among themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Reorder {
    pub ids: Vec<Id>,
    pub to: Place,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "place", rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Place {
    First,
    Last,
    Before {
        id: Id,
    },
    /// Past the next row that this list shows: what it hides is passed over.
    Up {
        view: View,
        filter: String,
    },
    Down {
        view: View,
        filter: String,
    },
}

/// Counts by view, and the whole queue's progress. Also the payload of the `progress` event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Totals {
    pub revision: u64,
    pub all: u32,
    pub active: u32,
    /// Waiting, paused ones among them.
    pub waiting: u32,
    pub paused: u32,
    pub failed: u32,
    pub done: u32,
    /// Bytes stored of what is under way, waiting or paused.
    pub stored_bytes: u64,
    pub total_bytes: u64,
    /// Bytes a second.
    pub rate: u64,
    pub seconds_left: Option<u64>,
    /// Requests in flight that carry bytes.
    pub connections: u32,
    /// Some server cannot be reached just now.
    pub offline: bool,
    /// Bytes a second that are allowed just now; none is full speed.
    pub limit: Option<u64>,
    /// When the clock changes that.
    pub limit_until: Option<WallTime>,
    /// Notices that stand; another number means that they are to be asked for.
    pub notices: u32,
}

/// Something to know that belongs to no one upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Notice {
    pub kind: NoticeKind,
    /// Uploads that could be read out of a damaged journal.
    pub saved: Option<u32>,
    /// Why it cannot be written.
    pub fault: Option<Fault>,
    /// The file or folder that it is about.
    pub path: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum NoticeKind {
    /// The journal was damaged: it was put aside at `path`, and begun anew.
    JournalAside,
    /// The same of the settings.
    SettingsAside,
    /// The disk has no room for the journal.
    JournalFull,
}

/// The order of a list; that of the queue is the one in which uploads begin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Sort {
    #[default]
    Queue,
    Name,
    Largest,
    Newest,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct PageQuery {
    pub view: View,
    /// Part of a name or key; empty for all.
    pub filter: String,
    pub sort: Sort,
    pub offset: u32,
    pub limit: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct QueuePage {
    pub revision: u64,
    /// Rows of this view and filter in all.
    pub total: u32,
    pub rows: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Row {
    pub id: Id,
    /// The file's name.
    pub name: String,
    pub path: String,
    /// A connection's id, and its name.
    pub connection: String,
    pub connection_name: String,
    pub bucket: String,
    pub key: String,
    pub size: u64,
    pub status: Status,
    /// Bytes the server has stored.
    pub stored: u64,
    /// Bytes sent of parts not yet stored.
    pub in_flight: u64,
    pub parts: u16,
    pub parts_stored: u16,
    pub parts_in_flight: u16,
    /// Bytes a second.
    pub rate: u64,
    pub seconds_left: Option<u64>,
    pub fault: Option<Fault>,
    /// What was compared, once it is done.
    pub proof: Option<Proof>,
    /// What it waits for where it is under way and does not move.
    pub waits: Option<Waits>,
}

/// One upload whole. Times in ms since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Detail {
    pub row: Row,
    /// None: one PUT, or not planned yet.
    pub part_size: Option<u64>,
    pub added_at: u64,
    pub started_at: Option<u64>,
    pub finished_at: Option<u64>,
    /// Every body byte that left, tries included.
    pub sent: u64,
    /// Bytes found stored by an earlier run.
    pub resumed: u64,
    pub retries: u32,
    /// Parts sent again because the file changed meanwhile.
    pub resent: u32,
    /// S3's UploadId.
    pub upload_id: Option<String>,
    pub etag: Option<String>,
    pub version_id: Option<String>,
    pub checksum: Option<Proof>,
    /// `s3://bucket/key`.
    pub s3_uri: String,
    /// The object's address at its endpoint.
    pub url: String,
    pub history: Vec<History>,
    /// Bytes of each second, oldest first, at most 600; of an upload that has ended, of its last.
    pub throughput: Vec<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct History {
    /// ms since 1970
    pub at: u64,
    pub what: Deed,
}

/// What was held against what when the object was called done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Proof {
    /// `CRC64NVME`, `CRC32C`, `CRC32`, `MD5`, or `none`.
    pub algorithm: String,
    /// `FULL_OBJECT` or `COMPOSITE`, S3's words; `SIZE` where only the size could be compared.
    #[serde(rename = "type")]
    pub kind: String,
    pub value: String,
    pub compared: Compared,
    /// The algorithm by which each part was compared on its way; none where not all were.
    #[serde(default)]
    pub parts: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Compared {
    WholeObject,
    /// A checksum of the parts' checksums.
    Composite,
    /// The ETag, which on this server is an MD5 of what it stored.
    Etag,
    Size,
}

/// The answer to a fault of kind Exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct AnswerExists {
    pub ids: Vec<Id>,
    pub answer: IfExists,
}

/// The answer to a file that does not keep still (fault kind SourceChanged, code `Changing`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct AnswerChanging {
    pub ids: Vec<Id>,
    pub answer: IfChanging,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_is_pausing_until_its_bytes_have_stopped() {
        assert_eq!(Status::of(&Phase::Waiting, Intent::Pause), Status::Paused);
        assert_eq!(Status::of(&Phase::Waiting, Intent::Run), Status::Waiting);
        assert_eq!(Status::of(&Phase::Sending, Intent::Pause), Status::Pausing);
        assert_eq!(Status::of(&Phase::Aborting, Intent::Pause), Status::Aborting);
        assert_eq!(Status::of(&Phase::Done, Intent::Pause), Status::Done);
    }
}
