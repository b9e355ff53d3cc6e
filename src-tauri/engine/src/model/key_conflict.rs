//! An object that is already at an upload's key: what is known of it, how it compares with the file, and the user's
//! answer. An answer is about the object that was shown, never about another one that replaced it.

use serde::{Deserialize, Serialize};

/// The object at an upload's key beside the file that would be sent. Times in ms since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct ExistingObject {
    /// When the user was asked about it, or the upload was skipped because of it.
    pub asked_at: u64,
    /// `None` if these keys may not read it.
    pub size: Option<u64>,
    pub modified_at: Option<u64>,
    pub etag: Option<String>,
    pub file_size: u64,
    pub file_modified_at: Option<u64>,
    pub bytes: SameBytes,
}

/// Whether an object has a file's bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "are", rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum SameBytes {
    /// By this checksum, which the server reports.
    Same {
        algorithm: String,
    },
    Differ,
    /// The server reports no checksum that can be compared.
    Unknown,
}

/// What a user can answer about one object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Answer {
    Replace,
    Skip,
}

/// A question about the object at a key, answered or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Question {
    pub(crate) existing: ExistingObject,
    pub(crate) answer: Option<Answer>,
}
