//! What a server takes, as it was found by asking it: when it is asked, where its answer is kept, and that nothing is left of
//! the asking. Knows no question; `provider` knows what is known without asking.

use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::capabilities::{Capabilities, Known, ServerCapabilities, Support};
use crate::model::connection::{Connection, Probed};
use crate::model::history::Event;
use crate::model::lock::locked;
use crate::model::notice::{Notice, NoticeKind};
use crate::model::part_plan::SINGLE_UP_TO;
use crate::model::provider_presets;
use crate::model::upload::Target;
use crate::model::waiting::BlockedOn;
use crate::persistence::journal::{Journal, Scratch};
use crate::s3::probe::{self, is_refusal, left};
use crate::s3::{S3, Seen};
use crate::transfer::job::Worker;
use crate::transfer::shared::Shared;
use std::time::Duration;

impl Shared {
    /// What the server of a connection takes, as far as it is known.
    pub(crate) fn capabilities(&self, connection: &str) -> ServerCapabilities {
        match self.settings.connection(connection) {
            Some(connection) => self.capabilities_of(&connection),
            None => ServerCapabilities {
                known: Known::NotProbed,
                at: None,
                capabilities: Capabilities::default(),
            },
        }
    }

    pub(crate) fn capabilities_of(&self, connection: &Connection) -> ServerCapabilities {
        let probed = connection.probed.clone().or_else(|| self.probed_of(connection));
        let connection = &self.as_used(connection);
        match (probed, provider_presets::documented(connection)) {
            (Some(Probed { at, capabilities }), _) => {
                ServerCapabilities { known: Known::Probed, at: Some(at), capabilities }
            }
            (None, Some(capabilities)) => {
                ServerCapabilities { known: Known::Documented, at: None, capabilities }
            }
            (None, None) => {
                let capabilities = provider_presets::unprobed(connection);
                ServerCapabilities { known: Known::NotProbed, at: None, capabilities }
            }
        }
    }

    /// Found out in a test of the form.
    pub(crate) fn probed_of(&self, connection: &Connection) -> Option<Probed> {
        let probed = locked(&self.probed);
        let found = probed.iter().find(|(place, _)| same_place(place, connection));
        found.map(|(_, probed)| probed.clone())
    }

    pub(crate) fn remember(&self, connection: &Connection, capabilities: Capabilities) {
        let mut probed = locked(&self.probed);
        probed.retain(|(place, _)| !same_place(place, connection));
        probed.push((connection.clone(), Probed { at: self.wall_clock(), capabilities }));
    }

    /// Asks a server, with the place noted where it is asked; takes off first what was left of an asking before. To be
    /// called with `asking` held.
    async fn ask_noted(&self, s3: &S3, near: &Target, base: Capabilities) -> Result<Capabilities> {
        for left in self.journal.scratch().await? {
            if left.target.connection == near.connection {
                self.tidy_one(s3, &self.journal, &left).await;
            }
        }
        let target = scratch(near);
        let (allowed, versions) =
            tokio::join!(may_abort(s3, &target), s3.keeps_versions(&target.bucket));
        allowed?;
        let unversioned = matches!(versions, Ok(false));
        let scratch = Scratch { target, endpoint: Some(s3.endpoint()) };
        self.journal.keep_scratch(scratch.clone()).await?;
        let found = probe::ask(s3, &scratch.target, base, unversioned).await;
        match &found {
            Ok(_) => self.journal.drop_scratch(&scratch.target.key),
            // what a server that did not answer may still make is deleted the next time
            Err(fault) if fault.kind == FaultKind::Offline => {
                let _ = tidy(s3, &scratch.target).await;
            }
            Err(_) => self.tidy_one(s3, &self.journal, &scratch).await,
        }
        found
    }

    /// Asks a server now.
    pub(crate) async fn ask(
        &self,
        s3: &S3,
        near: &Target,
        base: Capabilities,
    ) -> Result<Capabilities> {
        let _asking = self.asking(&near.connection).await;
        self.ask_noted(s3, near, base).await
    }

    /// Deletes what a process left that was killed during a probe, as its journal notes it. What is on a server that no
    /// connection leads to is left for whoever comes back to it.
    pub(crate) async fn tidy(&self, journal: &Journal) {
        let Ok(left) = journal.scratch().await else { return };
        for scratch in left {
            let tidied = async {
                if let Ok(s3) = self.s3(&scratch.target.connection).await {
                    self.tidy_one(&s3, journal, &scratch).await;
                }
            };
            // a server that does not answer is tidied another time
            let _ = tokio::time::timeout(TIDY_LIMIT, tidied).await;
        }
    }

    /// Deletes a scratch upload and its note, if this is its server.
    async fn tidy_one(&self, s3: &S3, journal: &Journal, scratch: &Scratch) {
        let target = &scratch.target;
        if !scratch.is_on(&s3.endpoint()) {
            return;
        }
        match tidy(&s3.at(&target.bucket), target).await {
            Ok(()) => {
                journal.drop_scratch(&target.key);
                self.told_left(target, None);
            }
            Err(fault) if matches!(fault.reason.get(), Some(Reason::LeftByTrying { .. })) => {
                self.told_left(target, Some(fault));
            }
            Err(fault) => tracing::info!(%fault, "a scratch upload is deleted another time"),
        }
    }

    /// What is left at a key is a notice as long as it is known to be there.
    fn told_left(&self, target: &Target, left: Option<Fault>) {
        let uri = format!("s3://{}/{}", target.bucket, target.key);
        {
            let mut notices = locked(&self.notices);
            let is_told = |notice: &Notice| {
                notice.kind == NoticeKind::ScratchLeft && notice.path.as_ref() == Some(&uri)
            };
            let was_told = notices.iter().any(is_told);
            if was_told == left.is_some() {
                return;
            }
            notices.retain(|notice| !is_told(notice));
            notices.extend(left.map(|fault| Notice {
                kind: NoticeKind::ScratchLeft,
                saved: None,
                fault: Some(fault),
                path: Some(uri),
            }));
        }
        self.mark_changed();
    }

    /// Something was found out about the server; kept with the connection.
    pub(crate) fn learn(&self, connection: &str, what: impl FnOnce(&mut Capabilities)) {
        let mut capabilities = self.capabilities(connection).capabilities;
        what(&mut capabilities);
        let Some(mut changed) = self.settings.connection(connection) else { return };
        changed.probed = Some(Probed { at: self.wall_clock(), capabilities });
        if let Err(fault) = self.settings.set_connection(changed) {
            tracing::warn!(%fault, "what a server takes could not be kept");
        }
        self.mark_changed();
    }
}

impl Worker<'_> {
    /// What is known of the server that an upload goes to; asked now, where nothing is and much depends on it.
    pub(super) async fn known_capabilities(
        self,
        s3: &S3,
        created: bool,
        size: u64,
    ) -> Result<Capabilities> {
        let target = self.upload.read(|entry| entry.target.clone());
        let known = self.shared.capabilities(&target.connection);
        // one PUT is tried and sent again, for less than a dozen questions cost
        let is_small = size <= SINGLE_UP_TO;
        if known.known != Known::NotProbed || created || is_small {
            return Ok(known.capabilities);
        }
        self.upload.waits_for(BlockedOn::Asking);
        // held for one try at a time: the network may be gone for hours
        let ask = || async {
            let _asking = self.shared.asking(&target.connection).await;
            let known = self.shared.capabilities(&target.connection);
            if known.known != Known::NotProbed {
                return Ok::<_, Fault>(known.capabilities);
            }
            let found = self.shared.ask_noted(s3, &target, known.capabilities).await?;
            self.shared.learn(&target.connection, |capabilities| *capabilities = found.clone());
            self.shared.record(self.upload.id, &Event::Probed);
            Ok(found)
        };
        for _ in 0..TRIES {
            match ask().await {
                Ok(found) => return Ok(found),
                Err(fault) if fault.kind == FaultKind::Offline => {
                    self.until_reached(s3, fault).await?;
                }
                Err(fault) => {
                    tracing::warn!(%fault, "the server could not be asked what it takes");
                    if !matches!(fault.kind, FaultKind::Server | FaultKind::Throttled) {
                        self.not_asked(fault);
                        break;
                    }
                    tokio::time::sleep(AGAIN).await;
                }
            }
        }
        // the upload itself will say what is wrong, where anything is; one that breaks on a question may take the rest
        Ok(known.capabilities)
    }

    /// The server refused what it is known to take: asked again. True where it takes something else by now than the upload
    /// went by.
    pub(super) async fn ask_again(self, fault: &Fault) -> bool {
        let target = self.upload.read(|entry| entry.target.clone());
        let Some(before) = self.upload.goes_by(None) else { return false };
        // what arrives damaged twice is damaged, unless nobody knows yet what this server's ETags are
        let unsure = fault.kind == FaultKind::Checksum
            && before.etag_md5 == Support::Unknown
            && !fault.parts_useless;
        // a body in chunks is a wrong signature to servers that do not know them
        let unsigned = before.trailers.is_yes() && fault.part.is_some() && fault.is_bad_signature();
        if !is_refusal(fault) && !unsure && !unsigned {
            return false;
        }
        let Ok(s3) = self.shared.s3(&target.connection).await else { return false };
        let s3 = s3.at(&target.bucket);
        let ask = || async {
            let _asking = self.shared.asking(&target.connection).await;
            let now = self.shared.capabilities(&target.connection).capabilities;
            if !now.ask_alike(&before) {
                // another upload has asked meanwhile
                return Ok(now);
            }
            let found = self.shared.ask_noted(&s3, &target, now).await?;
            self.shared.learn(&target.connection, |capabilities| *capabilities = found.clone());
            Ok(found)
        };
        match self.with_retries(&s3, ask).await {
            Ok(found) if !found.ask_alike(&before) => {
                self.shared.record(self.upload.id, &Event::ProbedAgain);
                true
            }
            Ok(_) => false,
            Err(fault) => {
                tracing::warn!(%fault, "the server could not be asked what it takes");
                self.not_asked(fault);
                false
            }
        }
    }

    /// Told where these keys lack a right, and something may be left; of everything else the upload itself will speak.
    fn not_asked(self, fault: Fault) {
        if fault.kind == FaultKind::Denied {
            self.shared.record(self.upload.id, &Event::ProbeFailed { fault });
        }
    }
}

/// A server that answers two askings with nothing, or with a failure of its own, is not asked a third time.
const TRIES: u32 = 2;
const AGAIN: Duration = Duration::from_secs(1);

/// A server that does not answer by then is tidied another time.
const TIDY_LIMIT: Duration = Duration::from_secs(5);

/// Nothing is left at this key, which is nobody's but ours. The fault names what these keys may not delete.
async fn tidy(s3: &S3, target: &Target) -> Result<()> {
    let refused = |fault: Fault| match fault.kind {
        FaultKind::Denied => left(fault, target),
        _ => fault,
    };
    for one in s3.unfinished_at(target).await? {
        s3.abort(target, &one.upload_id).await.map_err(refused)?;
    }
    // looked at first: to delete what is not there leaves a mark in a bucket that keeps versions
    match s3.look(target).await? {
        Seen::Taken(_) => s3.delete(target).await.map_err(refused),
        // nothing is made where a delete leaves a mark
        Seen::Hidden if matches!(s3.keeps_versions(&target.bucket).await, Ok(false)) => {
            s3.delete(target).await
        }
        Seen::Free | Seen::Hidden => Ok(()),
    }
}

/// Nothing is begun only to try, where it could not be taken away again.
///
/// # Errors
/// `Denied`, where these keys may not abort an upload.
pub(crate) async fn may_abort(s3: &S3, target: &Target) -> Result<()> {
    match s3.may_abort(target).await? {
        true => Ok(()),
        false => Err(Fault::because(FaultKind::Denied, Reason::MayNotAbort)),
    }
}

/// A key for scratch uploads beside this one: keys may be bound to a prefix.
fn scratch(near: &Target) -> Target {
    let folder =
        near.key.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    Target { key: format!("{folder}windlass-probe-{:016x}", rand::random::<u64>()), ..near.clone() }
}

/// The same place, by whatever name: what was found of one is true of the other.
pub(crate) fn same_place(one: &Connection, other: &Connection) -> bool {
    one.endpoint == other.endpoint
        && one.region == other.region
        && one.path_style == other.path_style
        && one.preset == other.preset
}
