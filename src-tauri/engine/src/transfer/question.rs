//! The question about an object that has an upload's key: what it is, and whether it has the file's bytes. Nothing is sent
//! between the question and its answer, and no place in the queue is taken.

use super::job::{Worker, place};
use super::same_bytes;
use crate::fault::{FaultKind, Result};
use crate::model::history::Event;
use crate::model::key_conflict::{ExistingObject, Question, SameBytes};
use crate::model::part_plan::Plan;
use crate::model::upload::{IfExists, Intent, Phase, Transition};
use crate::model::waiting::BlockedOn;
use crate::persistence::journal::Entry;
use crate::s3::{Object, S3, Seen};
use crate::system::local_file::{Fingerprint, Source};
use std::sync::Arc;

/// How an upload ended that did not fail.
pub(super) enum Ending {
    Done,
    NeedsAnswer(Box<ExistingObject>),
}

/// A key can be taken and then free again; a server that keeps contradicting itself is a failure.
const ROUNDS: u32 = 5;

impl Worker<'_> {
    /// Runs an upload to its end, or to the question about another object at its key.
    pub(super) async fn run_or_ask(self) -> Result<Ending> {
        let upload = self.upload;
        if upload.read(|entry| entry.is_to_be_skipped()) {
            self.skip().await?;
            upload.edit(|entry| {
                let shown = entry.question.as_ref().map(|question| &question.existing);
                entry.etag = shown.and_then(|shown| shown.etag.clone());
                (entry.version_id, entry.proof) = (None, None);
            });
            return Ok(Ending::Done);
        }
        let mut rounds = 0;
        loop {
            rounds += 1;
            let asked = upload.read(asks);
            let fault = match self.run().await {
                Ok(()) => return Ok(Ending::Done),
                Err(fault) if asked && fault.kind == FaultKind::Exists => fault,
                Err(fault) => return Err(fault),
            };
            upload.drop_send_progress();
            // unless it was answered meanwhile, for all of its drop
            if upload.read(asks)
                && let Some(existing) = Box::pin(self.existing()).await?
            {
                return Ok(Ending::NeedsAnswer(Box::new(existing)));
            }
            if rounds >= ROUNDS {
                return Err(fault);
            }
            if upload.phase() != Phase::Preparing {
                upload.on(Transition::Reconcile, &self.shared.journal);
            }
        }
    }

    /// Leaves the upload to the user, unless they cancelled it or answered for all of its drop in the meantime.
    pub(super) fn ask(self, existing: ExistingObject) {
        let Self { shared, upload } = self;
        let asked = upload.on_if(Transition::Asked, &shared.journal, |entry| {
            let is_open = asks(entry) && entry.intent != Intent::Abort;
            if is_open {
                entry.question = Some(Question { existing, answer: None });
            }
            is_open
        });
        match asked {
            true => shared.record(upload.id, &Event::KeyTaken),
            false if upload.intent() == Intent::Abort => self.begin_abort(),
            false => upload.on(Transition::Released, &shared.journal),
        }
    }

    /// The object at the key, or `None` if there is none any more.
    async fn existing(self) -> Result<Option<ExistingObject>> {
        let Self { shared, upload } = self;
        let entry = upload.entry();
        let s3 = shared.s3(&entry.target.connection).await?.at(&entry.target.bucket);
        let customer_key = shared.customer_key(&entry.target.connection, &entry.options).await?;
        let s3 = s3.with_customer_key(customer_key);
        let there = match self.with_retries(&s3, || s3.look(&entry.target)).await? {
            Seen::Free => return Ok(None),
            Seen::Hidden => None,
            Seen::Taken(there) => Some(*there),
        };
        // a file that cannot be read any more is reported when it is to be sent
        let file = Source::open(&place(&entry)).await.ok();
        let (file, now) = file.map(|(file, now)| (Arc::new(file), now)).unzip();
        let bytes = match (&there, &file, &now) {
            (Some(there), Some(file), Some(now)) => self.compared(&s3, file, now, there).await,
            _ => SameBytes::Unknown,
        };
        upload.goes_on();
        let now = now.unwrap_or_else(|| entry.fingerprint());
        Ok(Some(beside(shared.wall_clock(), there.as_ref(), &now, bytes)))
    }

    /// Whether the object has the file's bytes, as far as the server reports. Reading a large file takes time, and is shown.
    async fn compared(
        self,
        s3: &S3,
        file: &Arc<Source>,
        fingerprint: &Fingerprint,
        there: &Object,
    ) -> SameBytes {
        let Self { shared, upload } = self;
        if there.size != fingerprint.size {
            return SameBytes::Differ;
        }
        let (target, plan) = upload.read(|entry| (entry.target.clone(), entry.plan));
        let capabilities = shared.capabilities(&target.connection).capabilities;
        let parts: u32 = plan.map_or(1, Plan::parts).into();
        let read = |at: u64| {
            let done = at.saturating_mul(parts.into()) / fingerprint.size.max(1);
            let part = u32::try_from(done).unwrap_or(parts).clamp(1, parts);
            upload.waits_for(BlockedOn::Comparing { part, parts });
            shared.mark_changed();
        };
        let compared =
            same_bytes::compare(s3, &capabilities, &target, file, fingerprint.size, there, &read);
        match compared.await {
            Ok(same_bytes::Outcome::Same { algorithm, .. }) => {
                SameBytes::Same { algorithm: algorithm.to_owned() }
            }
            Ok(same_bytes::Outcome::Differ { .. }) => SameBytes::Differ,
            Ok(same_bytes::Outcome::NotReported | same_bytes::Outcome::UnknownParts) | Err(_) => {
                SameBytes::Unknown
            }
        }
    }
}

fn asks(entry: &Entry) -> bool {
    entry.if_exists == IfExists::Ask
}

/// An object beside the file that would have its key, at a time in ms since 1970.
pub(super) fn beside(
    at: u64,
    there: Option<&Object>,
    file: &Fingerprint,
    bytes: SameBytes,
) -> ExistingObject {
    let file_modified_at = u64::try_from(file.modified_ns / 1_000_000);
    ExistingObject {
        asked_at: at,
        size: there.map(|there| there.size),
        modified_at: there.and_then(|there| there.modified_at),
        etag: there.and_then(|there| there.kept.etag.clone()),
        file_size: file.size,
        file_modified_at: file_modified_at.ok().filter(|at| *at > 0),
        bytes,
    }
}

/// Whether it is still the object that the user was shown.
pub(super) fn is_shown(shown: &ExistingObject, there: &Object) -> bool {
    let same = match (&shown.etag, &there.kept.etag) {
        (Some(shown), Some(there)) => shown == there,
        _ => shown.modified_at.is_some() && shown.modified_at == there.modified_at,
    };
    same && shown.size == Some(there.size)
}
