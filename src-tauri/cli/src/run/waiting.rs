//! Why an upload does not move.

use windlass_engine::{BlockedOn, Detail, Event, Fault, Row};

/// The latest fault in an upload's history.
pub(super) fn waiting_for(detail: &Detail) -> Option<String> {
    let mut reported = detail.history.iter().rev().map(|line| &line.what);
    reported.find(|what| matches!(what, Event::Waiting { .. })).map(Event::to_string)
}

/// The fault that an upload is being retried after.
pub(super) fn failing(row: &Row) -> Option<&Fault> {
    match &row.waits {
        Some(BlockedOn::Again { fault }) => Some(fault),
        _ => None,
    }
}
