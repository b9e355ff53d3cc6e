//! Which servers have answered. Knows no requests.

use crate::model::lock::locked;
use std::collections::HashSet;
use std::sync::Mutex;

/// Which connections have answered as S3 does since the engine was opened. Invariant: one that has stays known.
#[derive(Default)]
pub(in crate::transfer) struct Answering {
    answered: Mutex<HashSet<String>>,
}

impl Answering {
    pub(in crate::transfer) fn answered(&self, connection: &str) {
        let mut answered = locked(&self.answered);
        if !answered.contains(connection) {
            answered.insert(connection.to_owned());
        }
    }

    pub(in crate::transfer) fn has_answered(&self, connection: &str) -> bool {
        locked(&self.answered).contains(connection)
    }
}
