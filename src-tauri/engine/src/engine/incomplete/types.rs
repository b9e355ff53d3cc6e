//! Multipart uploads that stand unfinished on a server: the shapes of what is asked and answered about them. The folder has
//! the look itself, how a stored one was cut, and the rule that cleans up; knows no window and no terminal.

use crate::fault::{Fault, Result};
use crate::model::upload::{Id, IfExists};
use crate::persistence::journal;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Asks for the unfinished uploads of one bucket.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct LookUnfinished {
    pub connection: String,
    pub bucket: String,
    /// Keys that begin so; empty is the whole bucket.
    pub prefix: String,
}

/// Asks how a look stands, and for some of what it found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct UnfinishedQuery {
    pub id: u32,
    pub offset: u32,
    /// 1,000 at most.
    pub limit: u32,
}

/// How a look stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Unfinished {
    pub running: bool,
    /// Those that were asked for, in the server's order: by key, then by age.
    pub uploads: Vec<UnfinishedUpload>,
    /// All that were found so far and still stand.
    pub count: u32,
    /// What is stored of those whose parts are known.
    pub bytes: u64,
    /// So many of them have told their parts, or why they do not.
    pub sized: u32,
    /// The bucket has more than are remembered here.
    pub more: bool,
    /// What ended the look early.
    pub fault: Option<Fault>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct UnfinishedUpload {
    pub key: String,
    pub upload_id: String,
    /// ms since 1970, by the server's clock.
    pub initiated: Option<u64>,
    /// Who began it: a name where the server tells one, an id otherwise.
    pub initiator: Option<String>,
    pub storage_class: Option<String>,
    /// Stored parts and their bytes; none while they are not known yet, or where `fault` tells why not.
    pub parts: Option<u32>,
    pub bytes: Option<u64>,
    /// The upload of our own list that holds it.
    pub ours: Option<Id>,
    /// Why its parts are not known.
    pub fault: Option<Fault>,
}

/// One unfinished upload by its names.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct UnfinishedName {
    pub key: String,
    pub upload_id: String,
}

/// To be taken off the server. One that an upload of our list holds cancels that upload.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Discard {
    pub connection: String,
    pub bucket: String,
    pub uploads: Vec<UnfinishedName>,
}

/// What came of it: the others are gone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Discarded {
    pub gone: u32,
    pub faults: Vec<NotDiscarded>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct NotDiscarded {
    pub key: String,
    pub upload_id: String,
    pub fault: Fault,
}

/// To be gone on with, from a local file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Adopt {
    pub connection: String,
    pub bucket: String,
    pub key: String,
    pub upload_id: String,
    pub path: String,
    /// What is done where the key has an object.
    pub if_exists: IfExists,
    /// The MD5 of the user's own key that it was begun with (SSE-C), where it was.
    pub customer_key: Option<String>,
}

/// A bucket by its connection.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct BucketOf {
    pub connection: String,
    pub bucket: String,
}

/// What a bucket's lifecycle rules do about unfinished uploads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct CleanupRule {
    /// The server has such rules at all.
    pub supported: bool,
    /// Days after which it takes unfinished uploads of the whole bucket off, by whatever rule; none: never.
    pub days: Option<u32>,
    /// By the rule that Windlass writes.
    pub ours: bool,
    /// What other rules do about them.
    pub others: Vec<OtherRule>,
}

/// A rule that is not ours and takes unfinished uploads off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct OtherRule {
    pub name: String,
    pub days: u32,
    /// Of keys that begin so; empty is the whole bucket.
    pub prefix: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct SetCleanup {
    pub connection: String,
    pub bucket: String,
    /// None: our rule is taken away.
    pub days: Option<u32>,
}

/// What the list of a folder is to go on with, which may be another process's: each bucket, and the upload's names.
///
/// # Errors
/// `Storage`, where its journal cannot be read.
pub fn held_in(folder: &Path) -> Result<Vec<(String, UnfinishedName)>> {
    let held = journal::held_in(&folder.join("journal.sqlite"))?;
    let named = |(bucket, key, upload_id)| (bucket, UnfinishedName { key, upload_id });
    Ok(held.into_iter().map(named).collect())
}
