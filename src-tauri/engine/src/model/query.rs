//! Which uploads a caller asks for or means: view, filter, sort and page of the queue, selection, and reordering.

use crate::model::upload::Id;
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

/// Which uploads a command is for.
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

/// Uploads moved within the queue. They keep their order among themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Reorder {
    pub ids: Vec<Id>,
    pub to: Place,
}
