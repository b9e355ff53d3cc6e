//! Something to know that belongs to no single upload.

use crate::fault::Fault;
use serde::{Deserialize, Serialize};

/// A message that belongs to no upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Notice {
    pub kind: NoticeKind,
    /// Number of uploads that could be read from a damaged journal.
    pub saved: Option<u32>,
    /// Why the journal cannot be written, or something cannot be deleted.
    pub fault: Option<Fault>,
    /// The file, folder or object that it is about.
    pub path: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum NoticeKind {
    /// The journal was damaged, moved to a backup at `path`, and restarted.
    JournalAside,
    /// The settings were damaged, moved to a backup at `path`, and reset.
    SettingsAside,
    /// The disk has no room for the journal.
    JournalFull,
    /// The scratch upload of a probe is left at `path`, because these keys may not delete it.
    ScratchLeft,
}
