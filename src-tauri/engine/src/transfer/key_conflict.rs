//! Whether a key is taken, before the first byte, before the last, and when the server refuses to write over it; and what
//! the user wanted then. Knows no sending.

use super::{integrity, question};
use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::capabilities::Support;
use crate::model::history::Event;
use crate::model::key_conflict::SameBytes;
use crate::model::part_plan::{Plan, check_key};
use crate::model::upload::{self, IfExists, Target};
use crate::persistence::journal::Entry;
use crate::s3::{Object, Seen, WriteCondition};
use crate::transfer::active::ActiveUpload;
use crate::transfer::job::{Transfer, Worker};

impl Transfer<'_> {
    /// Looks whether the key is taken, where that matters. May change the key (keep both).
    pub(super) async fn may_write(&self) -> Result<bool> {
        let entry = self.upload.entry();
        if entry.if_exists == IfExists::Replace {
            return Ok(true);
        }
        self.upload.goes_unlooked(false);
        let mut target = entry.target.clone();
        let mut number = 1;
        loop {
            let there = match Box::pin(
                self.worker().with_retries(&self.job.s3, || self.job.s3.look(&target)),
            )
            .await?
            {
                Seen::Free => {
                    // the object that was to be replaced is gone, and no other may be
                    self.upload.edit(|entry| entry.question = None);
                    break;
                }
                Seen::Taken(there) => Some(*there),
                // the server has said so
                Seen::Hidden if self.upload.is_taken(&target.key) => None,
                Seen::Hidden => {
                    self.write_unlooked(&target).await?;
                    break;
                }
            };
            if let Some(there) = &there {
                if self.job.plan == Plan::Single
                    && let Some(since) = entry.requested_at.first()
                    && self.is_ours(there, *since).await?
                {
                    self.shared.record(self.upload.id, &Event::ResponseLost);
                    return Ok(false);
                }
                if entry.etag.is_some() && entry.etag == there.kept.etag {
                    // ours, of a state that the file has left since
                    break;
                }
                if entry.replaceable().is_some_and(|shown| question::is_shown(shown, there)) {
                    break;
                }
            }
            match (entry.if_exists, there) {
                (IfExists::Replace, _) => break,
                (IfExists::KeepBoth, _) => {
                    number += 1;
                    target.key = upload::beside(&entry.target.key, number);
                    check_key(&target.key)?;
                }
                (IfExists::SkipSame, Some(there)) if there.size != self.job.fingerprint.size => {
                    break;
                }
                (IfExists::Skip | IfExists::SkipSame, Some(there)) => {
                    self.shared.record(self.upload.id, &Event::Skipped);
                    let file = &self.job.fingerprint;
                    let bytes = match there.size == file.size {
                        true => SameBytes::Unknown,
                        false => SameBytes::Differ,
                    };
                    let now = self.shared.wall_clock();
                    let existing = question::beside(now, Some(&there), file, bytes);
                    integrity::skipped(self.upload, there, existing);
                    return Ok(false);
                }
                (IfExists::Ask | IfExists::Fail, Some(Object { size, .. })) => {
                    let Target { bucket, key, .. } = target;
                    let reason = Reason::KeyTaken { bucket, key, size };
                    return Err(Fault::because(FaultKind::Exists, reason));
                }
                (_, None) => {
                    let Target { bucket, key, .. } = target;
                    return Err(Fault::because(
                        FaultKind::Exists,
                        Reason::KeyTakenUnseen { bucket, key },
                    ));
                }
            }
        }
        if target != entry.target {
            self.shared.record(self.upload.id, &Event::KeptBoth { key: target.key.clone() });
            self.upload.edit(|entry| entry.target = target);
        }
        Ok(true)
    }

    /// These keys may not look: the server itself has to see to it that nothing is written over. Fails where it does not.
    async fn write_unlooked(&self, target: &Target) -> Result<()> {
        let holds = |capabilities: &crate::model::capabilities::Capabilities| match self.job.plan {
            Plan::Single => capabilities.conditional_put,
            Plan::Multipart { .. } => capabilities.conditional_complete,
        };
        let mut said = holds(&self.job.capabilities);
        if said == Support::Unknown {
            // a small file too: much depends on it
            let found =
                Box::pin(self.worker().known_capabilities(&self.job.s3, false, u64::MAX)).await?;
            self.upload.goes_by(Some(&found));
            said = holds(&found);
        }
        if !said.is_yes() {
            let Target { bucket, key, .. } = target.clone();
            return Err(Fault::because(FaultKind::Denied, Reason::MayNotLook { bucket, key }));
        }
        self.upload.goes_unlooked(true);
        Ok(())
    }

    /// Checks that no object has the key that must not be replaced, if the server may not check it itself.
    ///
    /// # Errors
    /// `Exists`, as the server itself would say (412).
    pub(super) async fn check_free(&self) -> Result<()> {
        let entry = self.upload.entry();
        let replaceable = entry.replaceable();
        if replaceable.is_none() && !must_be_absent(self.upload, &entry) {
            return Ok(());
        }
        match self.object_at_key().await? {
            Some(there) if replaceable.is_some_and(|shown| question::is_shown(shown, &there)) => {
                Ok(())
            }
            Some(_) => Err(refused(self.upload)),
            None => {
                self.upload.edit(|entry| entry.question = None);
                Ok(())
            }
        }
    }

    /// Whether an object that came to the key meanwhile is somebody else's, and may not be written over.
    pub(super) fn may_not_overwrite(&self) -> bool {
        let entry = self.upload.entry();
        entry.replaceable().is_some() || must_be_absent(self.upload, &entry)
    }

    /// The object at the key; none, too, where these keys may not look.
    pub(super) async fn object_at_key(&self) -> Result<Option<Object>> {
        let target = self.upload.read(|entry| entry.target.clone());
        Ok(match self.worker().with_retries(&self.job.s3, || self.job.s3.look(&target)).await? {
            Seen::Taken(there) => Some(*there),
            Seen::Free | Seen::Hidden => None,
        })
    }
}

/// What the server itself is to check, so that no object is written over that came after the look: that there is none, or
/// that it is still the one that the user was shown.
pub(super) fn condition(upload: &ActiveUpload, entry: &Entry, takes: Support) -> WriteCondition {
    if takes.is_no() {
        return WriteCondition::Unconditional;
    }
    if must_be_absent(upload, entry) {
        return WriteCondition::Absent;
    }
    match entry.replaceable().and_then(|shown| shown.etag.clone()) {
        Some(etag) => WriteCondition::Matches(etag),
        None => WriteCondition::Unconditional,
    }
}

/// The condition to try next if a PUT that was to replace one object is refused for another reason than that object: it is
/// gone, or the server does not support the condition.
pub(super) fn other_condition(
    upload: &ActiveUpload,
    condition: &WriteCondition,
    fault: &Fault,
) -> Option<WriteCondition> {
    if !matches!(condition, WriteCondition::Matches(_)) {
        return None;
    }
    if fault.is_code("NoSuchKey") {
        upload.edit(|entry| entry.question = None);
        return Some(WriteCondition::Absent);
    }
    fault.is_of_an_option().then_some(WriteCondition::Unconditional)
}

/// No other object may be written over.
pub(super) fn must_be_absent(upload: &ActiveUpload, entry: &Entry) -> bool {
    let not_over = match entry.if_exists {
        IfExists::Ask | IfExists::Fail | IfExists::KeepBoth | IfExists::Skip => true,
        // what is there could not be compared
        IfExists::SkipSame => upload.is_unlooked(),
        IfExists::Replace => false,
    };
    not_over && entry.etag.is_none() && entry.replaceable().is_none()
}

impl Worker<'_> {
    /// An object came to the key while this one was on its way to it, or was there and could not be seen. Answers whether
    /// that ends it.
    pub(super) async fn key_was_taken(self, fault: Fault) -> Result<bool> {
        let entry = self.upload.entry();
        match entry.if_exists {
            // another name; parts belong to their key, and go again
            IfExists::KeepBoth => {
                self.upload.found_taken(&entry.target.key);
                if entry.upload_id.is_some() {
                    self.abort_on_server().await?;
                    self.forget_stored();
                }
                Ok(false)
            }
            IfExists::Skip => {
                self.skip().await?;
                Ok(true)
            }
            IfExists::SkipSame if self.upload.is_unlooked() => {
                let s3 = self.shared.s3(&entry.target.connection).await?.at(&entry.target.bucket);
                match self.with_retries(&s3, || s3.look(&entry.target)).await? {
                    Seen::Taken(there) if there.size == entry.size => {
                        self.skip().await?;
                        Ok(true)
                    }
                    Seen::Taken(_) => {
                        self.upload.goes_unlooked(false);
                        Ok(false)
                    }
                    Seen::Free => Ok(false),
                    Seen::Hidden => Err(overtaken(self.upload, fault)),
                }
            }
            _ => Err(overtaken(self.upload, fault)),
        }
    }

    pub(super) async fn skip(self) -> Result<()> {
        if self.upload.read(|entry| entry.upload_id.is_some()) {
            self.abort_on_server().await?;
            self.forget_stored();
        }
        self.shared.record(self.upload.id, &Event::Skipped);
        Ok(())
    }
}

fn overtaken(upload: &ActiveUpload, mut fault: Fault) -> Fault {
    fault.say(taken_meanwhile(upload));
    fault
}

fn taken_meanwhile(upload: &ActiveUpload) -> Reason {
    let Target { bucket, key, .. } = upload.read(|entry| entry.target.clone());
    match upload.is_unlooked() {
        true => Reason::KeyTakenUnseen { bucket, key },
        false => Reason::KeyTakenMeanwhile { bucket, key },
    }
}

/// As a server says it that looks for itself.
pub(super) fn refused(upload: &ActiveUpload) -> Fault {
    Fault::precondition_failed(taken_meanwhile(upload))
}
