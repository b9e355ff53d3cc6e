//! Something to know that belongs to no single upload.

use crate::fault::Fault;
use serde::{Deserialize, Serialize};

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
