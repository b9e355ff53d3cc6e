//! Which uploads a caller asks for or means: view, filter, sort and page of the queue, selection, and reordering.

use crate::model::upload::Id;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum View {
    All,
    Active,
    /// Waiting for its turn.
    Waiting,
    /// Paused by the user.
    Paused,
    /// Waiting for an answer about the object that has their key.
    NeedsAnswer,
    Failed,
    /// Uploaded.
    Done,
    /// Not uploaded, because the key exists.
    Skipped,
    /// Cancelled, whether or not that can still be undone.
    Cancelled,
}

/// The order of a list. Uploads start in queue order.
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
    /// A part of the name or key. Empty for all.
    pub filter: String,
    pub sort: Sort,
    pub offset: u32,
    pub limit: u32,
}

/// The uploads that a command applies to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "which", rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Selection {
    All,
    Ids { ids: Vec<Id> },
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
    /// Past the next row that this list shows. Hidden rows are skipped.
    Up {
        view: View,
        filter: String,
    },
    Down {
        view: View,
        filter: String,
    },
}

/// Moves uploads within the queue. They keep their relative order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Reorder {
    pub ids: Vec<Id>,
    pub to: Place,
}
