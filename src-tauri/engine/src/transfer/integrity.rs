//! The comparison without which nothing is called done: what the server tells against what was summed here, down the
//! ladder, and never more claimed than was compared. Knows no sending.

use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::capabilities::Support;
use crate::model::checksum::{self, ChecksumMode, Digests, Whole};
use crate::model::key_conflict::{ExistingObject, Question};
use crate::model::part_table::{PartState, Stored};
use crate::model::proof::{Compared, Proof};
use crate::s3::body::Hasher;
use crate::s3::{Kept, Object};
use crate::transfer::active::ActiveUpload;
use crate::transfer::job::{Job, Transfer};
use crate::transfer::provenance;
use std::collections::HashMap;

/// What the server's words come to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Proved(Proof),
    Contradicted,
    /// It tells nothing that was summed here.
    NotReported,
}

/// What an object was made of, as far as it is known here.
pub(super) struct Expected {
    pub(super) mode: ChecksumMode,
    pub(super) whole: Whole,
    /// Each part was compared with a checksum when it arrived.
    pub(super) verified: bool,
    /// ETags of this server and this object can be MD5s.
    pub(super) md5_etags: Support,
}

impl Expected {
    pub(super) fn of(transfer: &Transfer<'_>) -> Self {
        let entry = transfer.upload.entry();
        let (whole, verified) = transfer.upload.parts(|parts| {
            (
                Whole::of_parts(entry.checksum_mode, parts),
                parts.stored().all(|(_, stored)| stored.verified),
            )
        });
        Self { mode: entry.checksum_mode, whole, verified, md5_etags: transfer.md5_etags() }
    }

    /// Down the ladder. A word that contradicts is never passed over for a lower one that agrees.
    pub(super) fn judge(&self, kept: &Kept) -> Comparison {
        if let Some(reported) = &kept.reported.crc64nvme {
            let ours = checksum::text64(self.whole.crc64);
            return self.comparison(
                *reported == ours,
                ChecksumMode::Crc64Nvme,
                &ours,
                Compared::WholeObject,
            );
        }
        if let Some(reported) = kept.reported.for_mode(self.mode) {
            // told with "-N" it is of the parts' sums, whatever was asked for
            let (mode, compared) = match (self.mode, reported.contains('-')) {
                (ChecksumMode::Md5, true) => (ChecksumMode::Crc32cComposite, Compared::Composite),
                (ChecksumMode::Md5, false) => (ChecksumMode::Crc32c, Compared::WholeObject),
                (ChecksumMode::Crc32c, true) => {
                    (ChecksumMode::Crc32cComposite, Compared::Composite)
                }
                (ChecksumMode::Crc32, true) => (ChecksumMode::Crc32Composite, Compared::Composite),
                (mode, composite) if composite => (mode, Compared::Composite),
                (ChecksumMode::Crc32cComposite, _) => (ChecksumMode::Crc32c, Compared::WholeObject),
                (ChecksumMode::Crc32Composite, _) => (ChecksumMode::Crc32, Compared::WholeObject),
                (mode, _) => (mode, Compared::WholeObject),
            };
            if let Some(ours) = self.whole.text(mode) {
                return self.comparison(reported == ours, mode, &ours, compared);
            }
        }
        // an ETag made of the parts' ETags says which parts these are; what is in them, whoever vouched for each
        match (&self.whole.etag, &kept.etag) {
            (Some(ours), Some(reported))
                if self.verified
                    && !kept.opaque
                    && !self.md5_etags.is_no()
                    && checksum::looks_like_composite(reported) =>
            {
                let same = checksum::same_etag(ours, reported);
                // some make it otherwise: a difference says something only where it is known how
                match same || self.md5_etags.is_yes() {
                    true => self.comparison(same, ChecksumMode::Md5, ours, Compared::Etag),
                    false => Comparison::NotReported,
                }
            }
            _ => Comparison::NotReported,
        }
    }

    /// Whether the object's ETag is made of the ETags that the server gave the parts, which says whose it is.
    fn is_made_of_parts(&self, kept: &Kept) -> bool {
        match (&self.whole.etag, &kept.etag) {
            (Some(ours), Some(reported)) => {
                checksum::looks_like_composite(reported) && checksum::same_etag(ours, reported)
            }
            _ => false,
        }
    }

    fn comparison(
        &self,
        same: bool,
        mode: ChecksumMode,
        value: &str,
        compared: Compared,
    ) -> Comparison {
        if !same {
            return Comparison::Contradicted;
        }
        let kind = if compared == Compared::WholeObject { "FULL_OBJECT" } else { "COMPOSITE" };
        Comparison::Proved(Proof {
            algorithm: mode.algorithm().into(),
            kind: kind.into(),
            value: value.into(),
            compared,
            parts: self.parts(),
        })
    }

    fn parts(&self) -> Option<String> {
        self.verified.then(|| self.mode.algorithm().to_owned())
    }
}

impl Transfer<'_> {
    /// An ETag is no MD5 where the server makes it otherwise, or keeps the bytes under another key than its own.
    pub(super) fn md5_etags(&self) -> Support {
        let options = self.upload.read(|entry| entry.options.clone());
        let encrypted = options.encryption.is_some_and(|how| how != "AES256");
        if encrypted || options.customer_key.is_some() {
            Support::No
        } else {
            self.job.capabilities.etag_md5
        }
    }

    /// Is the object there, with our size and sum? Then it was us.
    pub(super) async fn was_completed(&self) -> Result<bool> {
        let entry = self.upload.entry();
        // what was never completed is nowhere, whatever is at the key
        if !entry.complete_requested {
            return Ok(false);
        }
        let Some(object) =
            self.worker().with_retries(&self.job.s3, || self.job.s3.head(&entry.target)).await?
        else {
            return Ok(false);
        };
        let since = entry.created_at.unwrap_or(0);
        if object.size != self.job.fingerprint.size
            || !provenance::can_be_ours(self.shared, &entry, &object, since)
        {
            return Ok(false);
        }
        if !self.upload.parts(|parts| parts.all_stored()) {
            self.sum_the_rest().await?;
        }
        let expected = Expected::of(self);
        let proof = match expected.judge(&object.kept) {
            Comparison::Proved(proof) => proof,
            // it is made of the parts that were sent, and what is in them nobody vouches for
            Comparison::NotReported if expected.is_made_of_parts(&object.kept) => {
                size_only(expected.parts())
            }
            Comparison::Contradicted | Comparison::NotReported => return Ok(false),
        };
        keep(self.upload, object.kept, proof);
        Ok(true)
    }

    /// A process that died may have taken its knowledge of parts with it: what the journal does not tell is read from the
    /// file again, which is cheaper than to send it again.
    async fn sum_the_rest(&self) -> Result<()> {
        let mode = self.upload.read(|entry| entry.checksum_mode);
        let known: HashMap<_, _> =
            self.shared.journal.parts(self.upload.id).await?.into_iter().collect();
        for number in 1..=self.job.plan.parts() {
            let stored = match known.get(&number) {
                Some(stored) => stored.clone(),
                None => {
                    let range = self.job.plan.range(number, self.job.fingerprint.size);
                    let digests = self.job.sums_of(range, Hasher::new(mode, true)).await?;
                    let etag = checksum::to_hex(&digests.md5.unwrap_or_default());
                    Stored { etag, crc64: digests.crc64, crc32: digests.crc32, verified: true }
                }
            };
            self.upload.parts(|parts| parts.set(number, PartState::Stored(stored)));
        }
        Ok(())
    }

    /// Is the object that is there this file, sent in one PUT? Then it is done.
    pub(super) async fn object_is_this_file(&self, there: &Object) -> Result<bool> {
        if there.size != self.job.fingerprint.size {
            return Ok(false);
        }
        let mode = self.job.capabilities.checksum_mode;
        let digests =
            self.job.sums_of(0..self.job.fingerprint.size, Hasher::new(mode, true)).await?;
        let Comparison::Proved(proof) =
            judge_single(mode, &digests, &there.kept, !self.md5_etags().is_no())
        else {
            return Ok(false);
        };
        let Digests { crc64, crc32, .. } = digests;
        let stored = Stored { etag: String::new(), crc64, crc32, verified: true };
        self.upload.parts(|parts| parts.set(1, PartState::Stored(stored)));
        keep(self.upload, there.kept.clone(), proof);
        Ok(true)
    }

    /// The finished object against what was sent, and kept as its proof.
    pub(super) async fn compare_object(&self, mut kept: Kept) -> Result<()> {
        let expected = Expected::of(self);
        let mut comparison = expected.judge(&kept);
        // Complete's answer may say little (one server's ETag is empty there): the object itself says the rest
        if !matches!(&comparison, Comparison::Proved(proof) if proof.compared == Compared::WholeObject)
        {
            let target = self.upload.read(|entry| entry.target.clone());
            let object = match self
                .worker()
                .with_retries(&self.job.s3, || self.job.s3.head(&target))
                .await
            {
                // keys that may write and not look: what Complete itself told must do
                Err(fault) if fault.kind == FaultKind::Denied => {
                    let proof = match comparison {
                        Comparison::Proved(proof) => proof,
                        _ => return Err(fault),
                    };
                    keep(self.upload, kept, proof);
                    return Ok(());
                }
                object => object?,
            };
            let Some(object) = object else {
                return Err(parts_fault(Reason::NoObject));
            };
            if object.size != self.job.fingerprint.size {
                return Err(parts_fault(other_size(&object, &self.job)));
            }
            comparison = match (comparison, expected.judge(&object.kept)) {
                (Comparison::Contradicted, _) | (_, Comparison::Contradicted) => {
                    Comparison::Contradicted
                }
                (before, Comparison::NotReported) => before,
                (_, proved) => proved,
            };
            kept = Kept {
                version_id: kept.version_id.or(object.kept.version_id.clone()),
                ..object.kept
            };
        }
        let proof = match comparison {
            Comparison::Proved(proof) => proof,
            Comparison::NotReported => size_only(expected.parts()),
            Comparison::Contradicted => return Err(parts_fault(Reason::OtherObject)),
        };
        keep(self.upload, kept, proof);
        Ok(())
    }

    /// The single PUT's answer against the sums of what was sent.
    pub(super) async fn compare_single(&self, mut digests: Digests, kept: Kept) -> Result<()> {
        let mode = self.job.capabilities.checksum_mode;
        let md5_etags = !self.md5_etags().is_no();
        // a server without the newer checksums: its ETag is the MD5, or says nothing
        let tells_md5 = !kept.opaque
            && kept.reported.agrees(&digests, mode).is_none()
            && kept.etag.as_deref().is_some_and(checksum::looks_like_md5);
        if tells_md5 && md5_etags && digests.md5.is_none() {
            digests.md5 =
                self.job.sums_of(0..self.job.fingerprint.size, Hasher::new(mode, true)).await?.md5;
        }
        let other_bytes = || Fault::because(FaultKind::Checksum, Reason::OtherBytes);
        let target = self.upload.read(|entry| entry.target.clone());
        let proof = match judge_single(mode, &digests, &kept, md5_etags) {
            Comparison::Proved(proof) => proof,
            Comparison::Contradicted => return Err(other_bytes()),
            Comparison::NotReported => {
                match self.worker().with_retries(&self.job.s3, || self.job.s3.head(&target)).await?
                {
                    Some(object) if object.size == self.job.fingerprint.size => {
                        match judge_single(mode, &digests, &object.kept, md5_etags) {
                            Comparison::Proved(proof) => proof,
                            Comparison::Contradicted => return Err(other_bytes()),
                            Comparison::NotReported => {
                                let checked = self.job.capabilities.checks_parts.is_yes();
                                size_only(checked.then(|| mode.algorithm().to_owned()))
                            }
                        }
                    }
                    object => {
                        let reason = object
                            .map_or(Reason::NoObject, |object| other_size(&object, &self.job));
                        return Err(Fault::because(FaultKind::Checksum, reason));
                    }
                }
            }
        };
        keep(self.upload, kept, proof);
        Ok(())
    }
}

fn judge_single(mode: ChecksumMode, digests: &Digests, kept: &Kept, md5_etags: bool) -> Comparison {
    let proof = |mode: ChecksumMode, value: String, compared| {
        let parts = Some(mode.algorithm().to_owned());
        let (algorithm, kind) = (mode.algorithm().into(), "FULL_OBJECT".into());
        Comparison::Proved(Proof { algorithm, kind, value, compared, parts })
    };
    match (kept.reported.agrees(digests, mode), &kept.etag, digests.md5) {
        (Some(true), ..) => {
            let mode = match (kept.reported.crc64nvme.is_some(), mode) {
                (true, _) => ChecksumMode::Crc64Nvme,
                (false, ChecksumMode::Md5) => ChecksumMode::Crc32c,
                (false, mode) => mode,
            };
            proof(mode, digests.text(mode).unwrap_or_default(), Compared::WholeObject)
        }
        (Some(false), ..) => Comparison::Contradicted,
        (None, Some(etag), Some(md5))
            if md5_etags && !kept.opaque && checksum::looks_like_md5(etag) =>
        {
            match checksum::etag_is_md5(etag, md5) {
                true => proof(ChecksumMode::Md5, etag.trim_matches('"').to_owned(), Compared::Etag),
                false => Comparison::Contradicted,
            }
        }
        _ => Comparison::NotReported,
    }
}

/// Nothing was sent: what is there is shown beside the file, as far as the look at the key told.
pub(super) fn skipped(upload: &ActiveUpload, there: Object, existing: ExistingObject) {
    upload.edit(|entry| {
        entry.etag = there.kept.etag;
        entry.version_id = there.kept.version_id;
        entry.proof = None;
        entry.question = Some(Question { existing, answer: None });
    });
}

fn keep(upload: &ActiveUpload, kept: Kept, proof: Proof) {
    upload.edit(|entry| {
        entry.etag = kept.etag;
        entry.version_id = kept.version_id;
        entry.proof = Some(proof);
    });
}

fn size_only(parts: Option<String>) -> Proof {
    Proof {
        algorithm: "none".into(),
        kind: "SIZE".into(),
        value: String::new(),
        compared: Compared::Size,
        parts,
    }
}

/// A fault after which the parts on the server are of no use.
pub(super) fn parts_fault(reason: Reason) -> Fault {
    Fault::because(FaultKind::Checksum, reason).with_useless_parts()
}

fn other_size(object: &Object, job: &Job) -> Reason {
    Reason::OtherSize { object: object.size, file: job.fingerprint.size }
}

#[cfg(test)]
mod tests;
