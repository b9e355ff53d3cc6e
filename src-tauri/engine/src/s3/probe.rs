//! Probes a server's capabilities with a scratch upload of one kilobyte.
//!
//! If a finished object could not be deleted again (credentials without permission to delete, a bucket with versioning),
//! nothing is completed, and the capabilities that only a finished object shows stay unknown.

use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::capabilities::{Capabilities, Support};
use crate::model::checksum::{self, ChecksumMode, Digests, Whole};
use crate::model::object_options::Options;
use crate::model::part_table::Stored;
use crate::model::upload::Target;
use crate::s3::body::{Hasher, Trailer};
use crate::s3::{ChecksumPlacement, Finish, Kept, S3};

/// Large enough to tell checksums apart, and the framing of a trailer from the data.
const SCRATCH: &[u8; 1024] = &[b'w'; 1024];

/// The modes that are tried at CreateMultipartUpload, in order. A server without checksum types answers the third with
/// a composite checksum; one that rejects FULL_OBJECT is tried without it.
const ASKED_FOR: [ChecksumMode; 5] = [
    ChecksumMode::Crc64Nvme,
    ChecksumMode::Crc32c,
    ChecksumMode::Crc32,
    ChecksumMode::Crc32cComposite,
    ChecksumMode::Md5,
];

/// Probes the server, and deletes everything it created. `base` has what cannot be probed: limits, days, part sizes.
///
/// # Errors
/// S3's, if the server cannot be reached or these credentials may not upload.
pub(crate) async fn ask(s3: &S3, target: &Target, base: Capabilities) -> Result<Capabilities> {
    // only what can be deleted again is created
    let may_make = matches!(s3.keeps_versions(&target.bucket).await, Ok(false))
        && s3.delete(target).await.is_ok();
    let mut refused = false;
    let mut last = None;
    for checksum_mode in ASKED_FOR {
        if checksum_mode == ChecksumMode::Crc32cComposite && !refused {
            continue;
        }
        let created = match s3
            .create_upload(target, &Options::default(), "application/octet-stream", checksum_mode)
            .await
        {
            Ok(created) => created,
            Err(fault) if is_refusal(&fault) => {
                refused = true;
                continue;
            }
            Err(fault) => return Err(fault),
        };
        let probe = Probe {
            s3,
            target,
            upload_id: &created.upload_id,
            checksum_mode: created.checksum_mode,
        };
        let usable =
            created.checksum_mode != ChecksumMode::Md5 || checksum_mode == ChecksumMode::Md5;
        let found = if usable { probe.ask(base.clone(), may_make).await } else { Ok(None) };
        let cleaned = probe.clean(may_make).await;
        let found = found?;
        cleaned?;
        if found.is_some() {
            last = found;
            break;
        }
    }
    last.ok_or_else(|| Fault::because(FaultKind::Unsupported, Reason::NoMultipart))
}

struct Probe<'a> {
    s3: &'a S3,
    target: &'a Target,
    upload_id: &'a str,
    checksum_mode: ChecksumMode,
}

impl Probe<'_> {
    /// `None` if the server rejects a part in this mode.
    async fn ask(&self, base: Capabilities, may_make: bool) -> Result<Option<Capabilities>> {
        let checksum_mode = self.checksum_mode;
        let digests = sums_with(self.checksum_mode, SCRATCH);
        let part = |placement| self.s3.small_part(self.target, self.upload_id, placement, SCRATCH);
        let wrong = is_taken(
            part(ChecksumPlacement::Header(
                checksum_mode,
                sums_with(self.checksum_mode, b"other bytes"),
            ))
            .await,
        )?;
        let right = part(ChecksumPlacement::Header(checksum_mode, digests)).await;
        if is_taken(right.as_ref().map(|_| ()).map_err(Clone::clone))?.is_no() {
            return Ok(None);
        }
        let etag = right?.etag.unwrap_or_default();
        let mut found = Capabilities {
            checksum_mode,
            checks_parts: not(wrong),
            etag_md5: Support::from_bool(checksum::etag_is_md5(
                &etag,
                digests.md5.unwrap_or_default(),
            )),
            trailers: Support::No,
            ..base
        };
        found.trailers = self.trailers(part, &etag).await?;
        let listed = match self.s3.list_parts(self.target, self.upload_id).await {
            Ok(listed) => listed,
            Err(fault) if is_no(&fault) => vec![],
            Err(fault) => return Err(fault),
        };
        found.lists_parts = Support::from_bool(listed.iter().any(|part| part.number == 1));
        found.lists_uploads = match self.s3.unfinished_at(self.target).await {
            Ok(listed) => {
                Support::from_bool(listed.iter().any(|one| one.upload_id == self.upload_id))
            }
            Err(fault) if is_no(&fault) => Support::No,
            Err(fault) => return Err(fault),
        };
        if may_make {
            self.finished(&mut found, &etag).await?;
        }
        Ok(Some(found))
    }

    /// Whether a trailing checksum is accepted, and none of its framing is stored in the part.
    async fn trailers<F>(
        &self,
        part: impl Fn(ChecksumPlacement) -> F,
        etag: &str,
    ) -> Result<Support>
    where
        F: Future<Output = Result<Kept>>,
    {
        let Some(trailer) = Trailer::for_mode(self.checksum_mode) else { return Ok(Support::No) };
        let taken = match part(ChecksumPlacement::Trailer(trailer)).await {
            Ok(kept) => {
                let whole = self.s3.list_parts(self.target, self.upload_id).await;
                let whole = whole.is_ok_and(|listed| {
                    listed.iter().any(|part| part.number == 1 && part.size == SCRATCH.len() as u64)
                });
                let reported = kept
                    .reported
                    .agrees(&sums_with(self.checksum_mode, SCRATCH), self.checksum_mode)
                    == Some(true);
                whole && (reported || kept.etag.as_deref() == Some(etag))
            }
            // some report a wrong signature, some just close the connection; the next request shows whether the server
            // is there at all
            Err(_) => false,
        };
        if !taken {
            // whatever it stored of it must not be in the completed object
            part(ChecksumPlacement::Header(
                self.checksum_mode,
                sums_with(self.checksum_mode, SCRATCH),
            ))
            .await?;
        }
        Ok(Support::from_bool(taken))
    }

    /// Probes what only an object can show.
    async fn finished(&self, found: &mut Capabilities, etag: &str) -> Result<()> {
        let checksum_mode = self.checksum_mode;
        let Digests { crc64, crc32, .. } = sums_with(checksum_mode, SCRATCH);
        let stored = Stored { etag: etag.to_owned(), crc64, crc32, verified: true };
        let whole = Whole::combine(checksum_mode, std::iter::once((SCRATCH.len() as u64, &stored)));
        let each = sums_with(checksum_mode, SCRATCH)
            .text(checksum_mode)
            .filter(|_| checksum_mode.is_composite());
        let plain = Finish {
            checksum_mode,
            parts: vec![(1, etag.to_owned(), each)],
            sum: None,
            size: None,
            if_absent: false,
        };
        let complete = |finish: Finish| async move {
            is_taken(self.s3.complete(self.target, self.upload_id, &finish).await)
        };
        let mut made = Support::No;
        if checksum_mode != ChecksumMode::Md5 && !checksum_mode.is_composite() {
            let other = sums_with(checksum_mode, b"other bytes").text(checksum_mode);
            made = complete(Finish { sum: other, ..plain.clone() }).await?;
            found.checks_whole = not(made);
        } else {
            found.checks_whole = Support::No;
        }
        if made.is_no() && checksum_mode != ChecksumMode::Md5 {
            let sum = whole.text(checksum_mode).filter(|_| !checksum_mode.is_composite());
            let size = Some(SCRATCH.len() as u64);
            made = complete(Finish { sum, size, ..plain.clone() }).await?;
            found.object_size = made;
            if made.is_no() {
                // the checksum itself was rejected, right or wrong
                found.checks_whole = Support::No;
            }
        }
        if made.is_no() {
            complete(plain).await?;
        }
        match self.s3.head(self.target).await {
            Ok(None) => return Ok(()),
            Ok(Some(object)) => {
                found.reports_checksum =
                    Support::from_bool(object.kept.reported.for_mode(checksum_mode).is_some());
                if let (Some(ours), Some(reported)) = (&whole.etag, &object.kept.etag) {
                    let composite = checksum::same_etag(ours, reported);
                    found.etag_md5 = Support::from_bool(found.etag_md5.is_yes() && composite);
                }
            }
            // credentials that may write but not read: the rest does not depend on it
            Err(fault) if fault.kind == FaultKind::Denied => {}
            Err(fault) => return Err(fault),
        }
        // of a kilobyte, so that a server that returns the object itself does no harm
        let makeup = self.s3.makeup(self.target, None).await;
        found.attributes = Support::from_bool(makeup.is_ok_and(|makeup| makeup.size.is_some()));
        found.conditional_put = is_held(self.s3.put_if_absent(self.target).await)?;
        found.conditional_complete = self.conditional_complete().await?;
        Ok(())
    }

    /// A second upload of the key, which has an object by now.
    async fn conditional_complete(&self) -> Result<Support> {
        let created = self
            .s3
            .create_upload(
                self.target,
                &Options::default(),
                "application/octet-stream",
                self.checksum_mode,
            )
            .await?;
        let probe = Probe { upload_id: &created.upload_id, ..*self };
        let completed = async {
            let placement = ChecksumPlacement::Header(
                self.checksum_mode,
                sums_with(self.checksum_mode, SCRATCH),
            );
            let kept = self.s3.small_part(self.target, probe.upload_id, placement, SCRATCH).await?;
            let each = sums_with(self.checksum_mode, SCRATCH)
                .text(self.checksum_mode)
                .filter(|_| self.checksum_mode.is_composite());
            let finish = Finish {
                checksum_mode: self.checksum_mode,
                parts: vec![(1, kept.etag.unwrap_or_default(), each)],
                sum: None,
                size: None,
                if_absent: true,
            };
            self.s3.complete(self.target, probe.upload_id, &finish).await
        };
        let said = is_held(completed.await);
        let aborted = self.s3.abort(self.target, probe.upload_id).await;
        aborted.map_err(|fault| self.left(fault))?;
        said
    }

    /// Nothing of it is left.
    async fn clean(&self, may_make: bool) -> Result<()> {
        let aborted = self.s3.abort(self.target, self.upload_id).await;
        if may_make {
            self.s3.delete(self.target).await.map_err(|fault| self.left(fault))?;
        }
        aborted.map(|_| ()).map_err(|fault| self.left(fault))
    }

    /// These credentials cannot delete it next time, either; an unreachable server is tried again.
    fn left(&self, fault: Fault) -> Fault {
        if fault.kind == FaultKind::Denied { left(fault, self.target) } else { fault }
    }
}

/// Accepted or rejected. `None` if the server cannot be asked now.
fn is_taken<T>(answer: Result<T>) -> Result<Support> {
    match answer {
        Ok(_) => Ok(Support::Yes),
        Err(fault) if is_no(&fault) => Ok(Support::No),
        Err(fault) => Err(fault),
    }
}

/// Whether a false condition was enforced. One that is rejected as unknown was not.
fn is_held<T>(answer: Result<T>) -> Result<Support> {
    match answer {
        Err(fault) if fault.kind == FaultKind::Exists => Ok(Support::Yes),
        answer => is_taken(answer).map(|_| Support::No),
    }
}

fn is_no(fault: &Fault) -> bool {
    let said = matches!(
        fault.kind,
        FaultKind::Unsupported | FaultKind::Checksum | FaultKind::Exists | FaultKind::Denied
    );
    said || fault.is_code("InvalidPart") || fault.status == Some(501)
}

fn not(said: Support) -> Support {
    Support::from_bool(said.is_no())
}

/// The mode's checksum, and an MD5.
fn sums_with(checksum_mode: ChecksumMode, bytes: &[u8]) -> Digests {
    let mut hasher = Hasher::new(checksum_mode, true);
    hasher.update(bytes);
    hasher.digests()
}

/// Whether the content of the request was rejected, so that the server may accept something else.
pub(crate) fn is_refusal(fault: &Fault) -> bool {
    fault.kind == FaultKind::Unsupported
        && matches!(fault.status, Some(400 | 405 | 411 | 415 | 501))
        && !matches!(fault.reason.get(), Some(Reason::StoreFull { .. }))
}

/// A scratch object or upload that could not be deleted. The fault names it.
pub(crate) fn left(mut fault: Fault, target: &Target) -> Fault {
    fault.say(Reason::LeftByTrying { uri: format!("s3://{}/{}", target.bucket, target.key) });
    fault
}
