//! The lifecycle rules of buckets that abort incomplete uploads, as they were read. Knows no requests.

use crate::model::lock::locked;
use crate::model::time::EngineTime;
use crate::scheduling::deadline::AbortRule;
use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

/// How long they are taken to be as they were read. Rules are changed by people, and count in days.
const HOLD: Duration = Duration::from_secs(600);

/// A connection and a bucket.
type Place = (String, String);

/// When they were read, and the rules. No rules if these keys may not read them.
#[derive(Default)]
pub(crate) struct AbortRules(Mutex<HashMap<Place, (EngineTime, Vec<AbortRule>)>>);

impl AbortRules {
    /// `None` if they were not read, or not lately.
    pub(crate) fn known(
        &self,
        connection: &str,
        bucket: &str,
        now: EngineTime,
    ) -> Option<Vec<AbortRule>> {
        let known = locked(&self.0);
        let (at, rules) = known.get(&(connection.to_owned(), bucket.to_owned()))?;
        (now.saturating_sub(*at) < HOLD).then(|| rules.clone())
    }

    pub(crate) fn keep(
        &self,
        connection: &str,
        bucket: &str,
        now: EngineTime,
        rules: Vec<AbortRule>,
    ) {
        let place = (connection.to_owned(), bucket.to_owned());
        locked(&self.0).insert(place, (now, rules));
    }

    pub(super) fn forget(&self, connection: &str) {
        locked(&self.0).retain(|(id, _), _| id != connection);
    }
}
