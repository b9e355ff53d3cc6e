//! Whether a server can be reached, and the one way in which a request is asked until it is answered. Knows no request's
//! contents.

use crate::fault::duration_text::seconds;
use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::connection::{Connection, SignedIn};
use crate::model::history::Event;
use crate::model::waiting::BlockedOn;
use crate::s3::S3;
use crate::scheduling::retry::{self, Attempts, Next};
use crate::transfer::job::Worker;
use crate::transfer::shared::Shared;
use std::sync::atomic::Ordering;
use std::time::Duration;

impl Shared {
    /// Has this connection led to an S3 server before? A saved one is taken to have.
    fn is_known(&self, id: &str) -> bool {
        let saved = |connection: Connection| connection.signed_in != SignedIn::Session;
        self.settings.connection(id).is_some_and(saved) || self.answering.has_answered(id)
    }
}

/// How long a terminal waits at least for somebody to sign in: that takes a browser, and a phone.
const SIGN_IN_PATIENCE: Duration = Duration::from_secs(15 * 60);

impl Worker<'_> {
    /// Something arrived at the server, or was answered by it.
    pub(super) fn reached(self) {
        if let Some(since) = self.upload.reached() {
            let gone = self.shared.now().saturating_sub(since);
            self.shared.record(self.upload.id, &Event::Reconnected { seconds: seconds(gone) });
        }
        self.shared.answering.answered(&self.upload.connection);
    }

    /// Asks until it is answered: waits for the network, and a while for a server that fails.
    pub(super) async fn with_retries<T, F>(self, s3: &S3, ask: impl Fn() -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let mut attempts = Attempts::default();
        loop {
            match ask().await {
                Ok(answer) => {
                    self.reached();
                    return Ok(answer);
                }
                Err(fault) => self.wait_to_retry(s3, fault, &mut attempts, |_, _| {}).await?,
            }
        }
    }

    /// Waits until a request that failed may be sent again; `tell` is called if it failed by itself, and not for want of a
    /// network. Fails with `fault` if it is not to be sent again.
    pub(super) async fn wait_to_retry(
        self,
        s3: &S3,
        fault: Fault,
        attempts: &mut Attempts,
        tell: impl FnOnce(u16, &Fault),
    ) -> Result<()> {
        match attempts.after(&fault, rand::random()) {
            Next::Stop => Err(fault),
            Next::WaitForNetwork => self.until_reached(s3, fault).await,
            Next::Again(wait) => {
                self.refused(&fault);
                tell(attempts.made(), &fault);
                tokio::time::sleep(wait).await;
                Ok(())
            }
        }
    }

    /// Counts a request that failed and is sent again. Credentials that expired are nobody's failure.
    pub(super) fn count_retry(self, fault: &Fault) {
        if fault.kind != FaultKind::SignIn {
            self.upload.edit(|entry| entry.retries += 1);
        }
    }

    /// A server that asks for less gets less, from all uploads.
    pub(super) fn refused(self, fault: &Fault) {
        self.upload.waits_for(BlockedOn::Again { fault: fault.clone() });
        if fault.kind == FaultKind::Throttled {
            self.shared.connection_pool.throttled(
                &self.upload.connection,
                self.shared.now(),
                fault.wish(),
            );
        }
    }

    /// Knocks until the server answers anything at all. Fails with `fault` where patience ends first.
    pub(super) async fn until_reached(self, s3: &S3, fault: Fault) -> Result<()> {
        if fault.stranger && !self.shared.is_known(&self.upload.connection) {
            // never was an S3 server there: the address is wrong
            return Err(fault);
        }
        let untrusted = matches!(
            fault.reason.get(),
            Some(Reason::UnknownIssuer { .. } | Reason::BadCertificate { .. })
        );
        if untrusted
            && self.shared.patience.is_some()
            && !self.shared.answering.has_answered(&self.upload.connection)
        {
            // at a terminal, where nobody waits for it: it does not go away
            return Err(fault);
        }
        let bucket = self.upload.read(|entry| entry.target.bucket.clone());
        // the same ones would be refused with the next part, after all of its bytes
        let expired = fault.has_expired();
        let patience = self.shared.patience.map(|patience| match fault.kind {
            FaultKind::SignIn => patience.max(SIGN_IN_PATIENCE),
            _ => patience,
        });
        let since = self.shared.lost(self.upload, &fault);
        let mut times = 0;
        let reached = loop {
            if patience.is_some_and(|patience| self.shared.now().saturating_sub(since) > patience) {
                break Err(fault);
            }
            times += 1;
            tokio::time::sleep(retry::poll_interval(times)).await;
            let answered = match expired {
                true => s3.poll_renewed(&bucket).await,
                false => s3.poll(&bucket).await,
            };
            match answered {
                Ok(()) => break Ok(()),
                // it may be another reason by now: a network that is back, and wants a sign-in
                Err(fault) => self.upload.waits_for(BlockedOn::OutOfReach { fault }),
            }
            self.shared.mark_changed();
        };
        self.upload.offline.store(false, Ordering::Relaxed);
        self.shared.mark_changed();
        reached
    }
}
