//! What the window and the terminal are shown: rows, pages, details, totals. Shapes only, no I/O.

use crate::fault::Fault;
use crate::model::history::History;
use crate::model::key_conflict::ExistingObject;
use crate::model::proof::{LastVerification, Proof};
use crate::model::status::Status;
use crate::model::upload::{Id, IfChanging, IfExists};
use crate::model::waiting::BlockedOn;
use crate::scheduling::bandwidth_schedule::WallTime;
use crate::scheduling::deadline::Deadline;
use serde::{Deserialize, Serialize};

/// Counts by view, and the whole queue's progress. Also the payload of the `progress` event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Totals {
    pub revision: u64,
    pub all: u32,
    pub active: u32,
    /// Waiting for their turn; paused ones are counted apart.
    pub waiting: u32,
    pub paused: u32,
    /// Waiting for an answer about the object that has their key.
    pub needs_answer: u32,
    pub failed: u32,
    pub done: u32,
    /// Not uploaded, because the key exists.
    pub skipped: u32,
    pub cancelled: u32,
    /// Bytes stored of what is under way, waiting or paused.
    pub stored_bytes: u64,
    pub total_bytes: u64,
    /// Bytes sent of parts not yet stored: an interruption would cost them.
    pub in_flight_bytes: u64,
    /// Bytes a second.
    pub rate: u64,
    pub seconds_left: Option<u64>,
    /// Requests in flight that carry bytes.
    pub connections: u32,
    /// Some server cannot be reached just now.
    pub offline: bool,
    /// Uploads that wait until the user has signed in, or entered an MFA code.
    pub sign_in: u32,
    /// Bytes a second that are allowed just now; none is full speed.
    pub limit: Option<u64>,
    /// When the clock changes that.
    pub limit_until: Option<WallTime>,
    /// Notices that stand; another number means that they are to be asked for.
    pub notices: u32,
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
    /// The object that has its key: the user is asked about it, or it is why the upload was skipped.
    pub existing: Option<ExistingObject>,
    /// What was compared, once it is done.
    pub proof: Option<Proof>,
    /// What came of the last time that it was verified again, after it was done.
    pub verification: Option<LastVerification>,
    /// What it waits for where it is under way and does not move.
    pub waits: Option<BlockedOn>,
    /// It was cancelled a moment ago, and can be restored with the parts that are stored.
    pub can_undo: bool,
}

/// One upload whole. Times in ms since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Detail {
    pub row: Row,
    /// How many uploads of its drop need an answer; 0 if it needs none itself.
    pub need_answer: u32,
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
    /// What will end before it does, at the rate that it has.
    pub deadline: Option<Deadline>,
    /// Bytes of each second, oldest first, at most 600; of an upload that has ended, of its last.
    pub throughput: Vec<u64>,
}

/// The user's answer about an object that exists already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct AnswerExists {
    pub ids: Vec<Id>,
    pub answer: IfExists,
    /// Also for every upload that was added together with one of these and needs an answer, or will need one.
    #[serde(default)]
    pub all_of_drop: bool,
    /// Only if the questions were asked until then (ms since 1970), so that the user has seen them; null for any.
    #[serde(default)]
    pub asked_until: Option<u64>,
}

/// The answer to a file that does not keep still (fault kind SourceChanged, code `Changing`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct AnswerChanging {
    pub ids: Vec<Id>,
    pub answer: IfChanging,
}
