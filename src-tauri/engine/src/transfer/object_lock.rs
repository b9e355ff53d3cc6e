//! After the object is there: it is locked as it was asked for. A server was seen to pass over the locks of what came in
//! parts, and nobody should believe in a lock that is none. Knows no bytes.

use crate::fault::{Fault, FaultKind, InvalidOption, Reason, Result};
use crate::model::object_options::ObjectLock;
use crate::persistence::journal::Entry;
use crate::s3::Locks;
use crate::transfer::job::Worker;

impl Worker<'_> {
    /// Asks for the lock again where the server does not tell of it.
    ///
    /// # Errors
    /// As the server says why it does not lock; the object stays.
    pub(super) async fn lock_object(self) -> Result<()> {
        // nothing was sent: what is there is somebody else's
        let asked = self.upload.read(|entry| {
            entry.proof.is_some() && (entry.options.lock.is_some() || entry.options.legal_hold)
        });
        match asked {
            true => Box::pin(self.lock_it(&self.upload.entry())).await,
            false => Ok(()),
        }
    }

    async fn lock_it(self, entry: &Entry) -> Result<()> {
        let (lock, hold) = (entry.options.lock, entry.options.legal_hold);
        let customer_key =
            self.shared.customer_key(&entry.target.connection, &entry.options).await?;
        let s3 = self.shared.s3(&entry.target.connection).await?.with_customer_key(customer_key);
        let (target, version) = (&entry.target, entry.version_id.as_deref());
        let look = async || {
            let reported = self.with_retries(&s3, || s3.head_version(target, version)).await;
            // keys that may write and not look: what they may not see they can set again
            reported.ok().flatten().map(|object| object.locks).unwrap_or_default()
        };
        let reported = look().await;
        let since = entry.created_at.or(entry.started_at).unwrap_or_default() / 1000;
        if let Some(lock) = lock.filter(|lock| !holds(&reported, *lock, since)) {
            let set = self.with_retries(&s3, || s3.lock(target, version, lock)).await;
            set.map_err(not_locked)?;
            let reported = look().await;
            if reported.mode.is_some() && !holds(&reported, lock, since) {
                let cause = "the retention that the server tells is not the one that was asked for";
                return Err(not_locked(Fault::new(FaultKind::Unsupported, cause)));
            }
        }
        if hold && !reported.held {
            let hold = self.with_retries(&s3, || s3.hold(target, version)).await;
            hold.map_err(not_locked)?;
        }
        Ok(())
    }
}

/// The clocks of two computers.
const SLACK_SECONDS: i64 = 300;

/// In the mode that was asked for, and so long, counted from `since` (s since 1970).
fn holds(reported: &Locks, asked: ObjectLock, since: u64) -> bool {
    let until = since.cast_signed() + i64::from(asked.days) * 24 * 3600 - SLACK_SECONDS;
    reported.mode == Some(asked.mode) && reported.until.is_none_or(|reported| reported >= until)
}

fn not_locked(mut fault: Fault) -> Fault {
    let cause = fault.detail.clone();
    fault.say(Reason::Stored { wrong: InvalidOption::NotLocked { cause } });
    fault
}
