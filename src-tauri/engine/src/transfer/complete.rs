//! CompleteMultipartUpload, until it is answered one way or the other. Knows what is given with it; `prove` judges what
//! comes back.

use super::{PassOutcome, integrity, key_conflict};
use crate::fault::{FaultKind, Result};
use crate::model::capabilities::Support;
use crate::model::checksum::{ChecksumMode, Digests};
use crate::model::history::{Because, Event};
use crate::s3::{Finish, WriteCondition};
use crate::scheduling::retry::Attempts;
use crate::transfer::job::Transfer;
use crate::transfer::shared::Shared;

impl Transfer<'_> {
    pub(super) async fn complete(&self) -> Result<PassOutcome> {
        let entry = self.upload.entry();
        let upload_id = entry.upload_id.clone().unwrap_or_default();
        let whole = self.complete_request();
        let mut fewer = with_less(&whole, self.job.capabilities.conditional_complete).into_iter();
        let mut finish = whole.clone();
        let mut attempts = Attempts::default();
        // a server that looks for itself is believed the first time; an object that is there later may be this one
        let mut looks_itself =
            self.job.capabilities.conditional_complete.is_yes() && entry.replaceable().is_none();
        loop {
            if !looks_itself && self.is_completed_or_free().await? {
                return Ok(PassOutcome::Done);
            }
            looks_itself = false;
            self.note_complete_requested().await?;
            let fault = match self.job.s3.complete(&entry.target, &upload_id, &finish).await {
                Ok(kept) => {
                    learned(self.shared, &entry.target.connection, &whole, &finish);
                    return self.compare_object(kept).await.map(|()| PassOutcome::Done);
                }
                // the object that it was to replace is gone, and its parts are not
                Err(fault)
                    if fault.is_code("NoSuchUpload")
                        && matches!(finish.condition, WriteCondition::Matches(_))
                        && self.job.s3.list_parts(&entry.target, &upload_id).await.is_ok() =>
                {
                    self.upload.edit(|entry| entry.question = None);
                    finish.condition = WriteCondition::Absent;
                    continue;
                }
                // can mean that an earlier call had succeeded and its answer was lost
                Err(fault) if fault.is_code("NoSuchUpload") => {
                    let done = self.was_completed().await?;
                    return Ok(if done { PassOutcome::Done } else { PassOutcome::Gone });
                }
                // somebody was first; or an earlier call of ours, whose answer was lost
                Err(fault) if fault.kind == FaultKind::Exists => {
                    let ours = match self.was_completed().await {
                        // keys that may not look: the server's word is all there is
                        Err(denied) if denied.kind == FaultKind::Denied => false,
                        ours => ours?,
                    };
                    return if ours { Ok(PassOutcome::Done) } else { Err(fault) };
                }
                // it says 200 and not what came of it: the object does
                Err(fault) if fault.is_unread() && self.was_completed().await? => {
                    return Ok(PassOutcome::Done);
                }
                // Ceph wants all that was ever sent
                Err(fault) if fault.is_code("InvalidPart") && self.has_more(&upload_id).await => {
                    let because = Because::KeepsParts;
                    self.shared.record(self.upload.id, &Event::Restarted { because });
                    return Ok(PassOutcome::Useless);
                }
                // S3 takes no If-Match for an upload that is older than the object: looked at again, it goes without
                Err(fault)
                    if fault.is_code("ConditionalRequestConflict")
                        && matches!(finish.condition, WriteCondition::Matches(_))
                        && attempts.made() > 0 =>
                {
                    finish.condition = WriteCondition::Unconditional;
                    continue;
                }
                // another client sent a part again, or a late try of ours came after the one that counts: a part is no
                // reason to give up all of them
                Err(fault) if fault.kind == FaultKind::Checksum || fault.is_code("InvalidPart") => {
                    return match self.upload.is_refused_again(fault.part) {
                        // the parts are what was sent, and the whole is not: nothing tells which of them is wrong
                        true if fault.kind == FaultKind::Checksum => {
                            Err(fault.with_useless_parts())
                        }
                        true => Err(fault),
                        false => {
                            let refused = fault.part.into_iter().collect::<Vec<_>>();
                            self.shared.journal.drop_parts(self.upload.id, refused);
                            Ok(PassOutcome::Refused)
                        }
                    };
                }
                // some call it malformed where a checksum, the size, or a condition is given with it: which, the next tells
                Err(fault) if fault.is_of_an_option() => match fewer.next() {
                    Some(less) => {
                        finish = less;
                        continue;
                    }
                    None => return Err(fault),
                },
                Err(fault) => fault,
            };
            self.worker().count_retry(&fault);
            let worker = self.worker();
            worker.wait_to_retry(&self.job.s3, fault, &mut attempts, |_, _| {}).await?;
        }
    }

    /// Before an attempt: whether the object is there already, by an attempt whose answer was lost.
    ///
    /// # Errors
    /// `Exists` if another object is there that must not be replaced.
    async fn is_completed_or_free(&self) -> Result<bool> {
        if !self.may_not_overwrite() {
            return Ok(false);
        }
        match self.was_completed().await {
            // keys that may not look: the server's word is all there is
            Err(fault) if fault.kind == FaultKind::Denied => Ok(false),
            Ok(false) => self.check_free().await.map(|()| false),
            completed => completed,
        }
    }

    /// On disk before the request: only then an object that is there can be this upload's, and should the answer be lost
    /// with this process, the parts tell whose it is.
    async fn note_complete_requested(&self) -> Result<()> {
        if !self.upload.read(|entry| entry.complete_requested) {
            self.upload.edit(|entry| entry.complete_requested = true);
            self.upload.save(&self.shared.journal).await?;
        }
        if let Err(fault) = self.shared.journal.settle().await {
            tracing::warn!(%fault, "the parts are not in the journal; the file would be read again");
        }
        Ok(())
    }

    /// Parts are stored that the file, which became smaller, has none for any more.
    async fn has_more(&self, upload_id: &str) -> bool {
        let listed = self
            .job
            .s3
            .list_parts(&self.upload.read(|entry| entry.target.clone()), upload_id)
            .await;
        listed.is_ok_and(|listed| listed.iter().any(|part| part.number > self.job.plan.parts()))
    }

    /// The list of parts, with all that lets the server check it.
    fn complete_request(&self) -> Finish {
        let checksum_mode = self.upload.read(|entry| entry.checksum_mode);
        let whole = integrity::Expected::of(self).whole;
        let parts = self.upload.parts(|parts| {
            let part = |(number, stored): (_, &crate::model::part_table::Stored)| {
                let digests = Digests { crc64: stored.crc64, crc32: stored.crc32, md5: None };
                (
                    number,
                    stored.etag.clone(),
                    digests.text(checksum_mode).filter(|_| checksum_mode.is_composite()),
                )
            };
            parts.stored().map(part).collect()
        });
        let sums_whole = checksum_mode != ChecksumMode::Md5
            && !checksum_mode.is_composite()
            && !self.job.capabilities.checks_whole.is_no();
        // a server that knows no checksums has not heard of the size either
        let sized =
            checksum_mode != ChecksumMode::Md5 && !self.job.capabilities.object_size.is_no();
        Finish {
            checksum_mode,
            parts,
            sum: whole.text(checksum_mode).filter(|_| sums_whole),
            size: sized.then_some(self.job.fingerprint.size),
            condition: key_conflict::condition(
                self.upload,
                &self.upload.entry(),
                self.job.capabilities.conditional_complete,
            ),
        }
    }
}

/// The same with less: without checksum and size, without the condition where nobody knows it, without either.
fn with_less(whole: &Finish, conditional: Support) -> Vec<Finish> {
    let plain = |finish: &Finish| Finish { sum: None, size: None, ..finish.clone() };
    let mut less = Vec::new();
    if whole.has_extras() {
        less.push(plain(whole));
    }
    // that the server supports one of the two conditions does not say that it supports the other; the object was looked at
    let may_go = match whole.condition {
        WriteCondition::Unconditional => false,
        WriteCondition::Absent => conditional == Support::Unknown,
        WriteCondition::Matches(_) => true,
    };
    if may_go {
        let over = Finish { condition: WriteCondition::Unconditional, ..whole.clone() };
        if whole.has_extras() {
            less.push(over.clone());
        }
        less.push(plain(&over));
    }
    less
}

/// What was left out when it was taken is what it does not take.
fn learned(shared: &Shared, connection: &str, whole: &Finish, taken: &Finish) {
    let extras = whole.has_extras() && !taken.has_extras();
    let condition =
        whole.condition == WriteCondition::Absent && taken.condition != WriteCondition::Absent;
    if !extras && !condition {
        return;
    }
    shared.learn(connection, |capabilities| {
        if extras {
            (capabilities.checks_whole, capabilities.object_size) = (Support::No, Support::No);
        }
        if condition {
            capabilities.conditional_complete = Support::No;
        }
    });
}
