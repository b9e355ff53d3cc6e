//! What ends before an upload does: gathers what is known of credentials, rules and rates for `scheduling::deadline`.

use super::Engine;
use crate::engine::view::Row;
use crate::model::connection::Connection;
use crate::model::status::Status;
use crate::persistence::journal::Entry;
use crate::s3::{Ending, Then};
use crate::scheduling::deadline::{
    Aborts, Credentials, Deadline, Outlook, Renewal, days_by_rules, deadline,
};
use crate::system::wall_clock;
use std::time::{Duration, SystemTime};

/// Rules count in days, so that one can matter only for what is not sent within the first.
const DAY: u64 = 24 * 3600;
/// How long the upload sheet waits for the rules of a bucket.
const AHEAD_LIMIT: Duration = Duration::from_secs(3);

impl Engine {
    /// What will end before an upload does that is under way, without a look at the disk.
    pub fn deadline(&self, row: &Row) -> Option<Deadline> {
        self.deadline_of(&self.shared.active_upload(row.id)?.entry(), row)
    }

    /// What will end before the upload does. An upload that is not begun yet is measured by what its link carried before.
    pub(super) fn deadline_of(&self, entry: &Entry, row: &Row) -> Option<Deadline> {
        let is_open = !matches!(
            row.status,
            Status::Done | Status::Skipped | Status::Failed | Status::Aborted
        );
        let connection = self.shared.settings.connection(&row.connection).filter(|_| is_open)?;
        let now = self.shared.wall_clock();
        // counted from when it is created on the server
        let age = entry.started_at.filter(|_| entry.upload_id.is_some());
        let age = age.map_or(0, |at| now.saturating_sub(at) / 1000);
        let left = row.size.saturating_sub(row.stored + row.in_flight);
        let rate = if row.rate > 0 { row.rate } else { self.rate_before(&connection) };
        let target = &entry.target;
        let mut rule = None;
        if may_outlast_a_day(left, rate, age) {
            let rules = self.shared.known_abort_rules(&target.connection, &target.bucket);
            rule = rules.as_ref().and_then(|rules| days_by_rules(rules, &target.key));
            if rules.is_none() {
                let (shared, target) = (self.shared.clone(), target.clone());
                tokio::spawn(async move {
                    shared.read_abort_rules(&target.connection, &target.bucket).await;
                });
            }
        }
        deadline(&Outlook {
            left,
            rate,
            credentials: self.shared.ending(&connection.id).map(credentials),
            aborts: self.aborts(&connection, rule, age),
        })
    }

    /// What would end before files are sent that begin now: credentials before all of these bytes, or an upload before the
    /// largest file. A rule for keys that begin with more than `prefix` is not known to apply.
    pub(super) async fn deadline_ahead(
        &self,
        (id, bucket, prefix): (&str, &str, &str),
        (bytes, largest): (u64, u64),
    ) -> Option<Deadline> {
        let connection = self.shared.settings.connection(id)?;
        let rate = self.rate_before(&connection);
        let ends = self.shared.ending(id).map(credentials);
        let mut rule = None;
        if may_outlast_a_day(largest, rate, 0) && !bucket.is_empty() {
            let rules = match self.shared.known_abort_rules(id, bucket) {
                Some(rules) => rules,
                None => {
                    let reading = self.shared.read_abort_rules(id, bucket);
                    tokio::time::timeout(AHEAD_LIMIT, reading).await.unwrap_or_default()
                }
            };
            rule = days_by_rules(&rules, prefix.split('{').next().unwrap_or_default());
        }
        let aborts = self.aborts(&connection, rule, 0);
        let all = Outlook { left: bytes, rate, credentials: ends, ..Outlook::default() };
        let one = Outlook { left: largest, rate, aborts, ..Outlook::default() };
        deadline(&all).or_else(|| deadline(&one))
    }

    /// Bytes a second that the link carried before; 0 if it is not known.
    fn rate_before(&self, connection: &Connection) -> u64 {
        let link = self.shared.settings.link_estimate(&connection.id);
        link.map_or(0, |link| link.rate.saturating_mul(link.connections.into()))
    }

    /// Who aborts an upload of this age in seconds, after how many days, and in how many seconds. `rule` are the days of the
    /// bucket's own rules.
    fn aborts(
        &self,
        connection: &Connection,
        rule: Option<u16>,
        age: u64,
    ) -> Vec<(Aborts, u16, u64)> {
        let provider = self.shared.capabilities_of(connection).capabilities.aborts_after_days;
        let within = |days| (u64::from(days) * DAY).saturating_sub(age);
        let both = [(Aborts::Provider, provider), (Aborts::Rule, rule)];
        both.into_iter().filter_map(|(by, days)| Some((by, days?, within(days?)))).collect()
    }
}

/// Whether an upload of this age in seconds is more than a day old when it is complete.
fn may_outlast_a_day(left: u64, rate: u64, age: u64) -> bool {
    rate > 0 && left.div_ceil(rate).saturating_add(age) >= DAY
}

/// As seconds from now.
fn credentials(ending: Ending) -> Credentials {
    let from_now =
        |at: SystemTime| at.duration_since(SystemTime::now()).unwrap_or_default().as_secs();
    let renewal = match ending.then {
        Then::Renewed => Renewal::Always,
        Then::RenewedUntil(until) => Renewal::Until(from_now(until), wall_clock::at(until)),
        Then::SignIn => Renewal::SignIn,
        Then::Nothing => Renewal::Never,
    };
    Credentials { ends: from_now(ending.at), renewal }
}
