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
use crate::s3::incomplete::Listed;
use crate::s3::multipart::CreatedUpload;
use crate::s3::{ChecksumPlacement, Finish, Kept, S3, WriteCondition};
use std::sync::OnceLock;

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

/// Probes the server, and deletes everything it created. `base` has what cannot be probed: limits, days, part sizes. Without
/// `unversioned`, nothing is completed. What does not depend on each other is asked side by side: a dozen round trips are
/// seconds on a long line.
///
/// # Errors
/// S3's, if the server cannot be reached or these credentials may not upload.
pub(crate) async fn ask(
    s3: &S3,
    target: &Target,
    base: Capabilities,
    unversioned: bool,
) -> Result<Capabilities> {
    let mut refused = false;
    let mut last = None;
    let mut may_make = None;
    for checksum_mode in ASKED_FOR {
        if checksum_mode == ChecksumMode::Crc32cComposite && !refused {
            continue;
        }
        let create = create_upload(s3, target, checksum_mode);
        let (created, deletes) = match may_make {
            Some(deletes) => (create.await, deletes),
            // only what can be deleted again is completed
            None => tokio::join!(create, async { unversioned && s3.delete(target).await.is_ok() }),
        };
        may_make = Some(deletes);
        let created = match created {
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
            second: OnceLock::new(),
            checksum_mode: created.checksum_mode,
            may_make: deletes,
        };
        let usable =
            created.checksum_mode != ChecksumMode::Md5 || checksum_mode == ChecksumMode::Md5;
        let found = if usable { probe.ask(base.clone()).await } else { Ok(None) };
        let cleaned = probe.clean().await;
        let found = found?;
        cleaned?;
        if found.is_some() {
            last = found;
            break;
        }
    }
    last.ok_or_else(|| Fault::because(FaultKind::Unsupported, Reason::NoMultipart))
}

async fn create_upload(
    s3: &S3,
    target: &Target,
    checksum_mode: ChecksumMode,
) -> Result<CreatedUpload> {
    s3.create_upload(target, &Options::default(), "application/octet-stream", checksum_mode).await
}

/// Two uploads of one key. The first gets one right part and is completed; on the second is tried what may spoil an upload.
struct Probe<'a> {
    s3: &'a S3,
    target: &'a Target,
    upload_id: &'a str,
    second: OnceLock<String>,
    checksum_mode: ChecksumMode,
    /// Whether an object may be created: it can be deleted, and the bucket keeps no versions.
    may_make: bool,
}

/// What the first upload showed.
struct First {
    found: Capabilities,
    /// Of its part.
    etag: String,
    /// Whether the key has an object by now.
    is_object: bool,
}

/// What the second upload showed.
struct Second {
    /// Whether a part was accepted with the checksum of other bytes.
    wrong: Support,
    trailed: Option<Trailed>,
    /// Of its right part, if that was sent.
    etag: Option<String>,
}

/// A part that was accepted with a trailing checksum, and none of its framing stored.
struct Trailed {
    etag: Option<String>,
    reported: bool,
}

impl Probe<'_> {
    /// `None` if the server rejects a part in this mode.
    async fn ask(&self, base: Capabilities) -> Result<Option<Capabilities>> {
        let (first, second) = tokio::join!(self.first(base), self.second());
        let Some(First { mut found, etag, is_object }) = first? else { return Ok(None) };
        let second = second?;
        found.checks_parts = not(second.wrong);
        found.trailers = Support::from_bool(
            second.trailed.is_some_and(|part| part.reported || part.etag.as_deref() == Some(&etag)),
        );
        if is_object {
            let (put, completed) = tokio::join!(
                self.s3.put_if_absent(self.target),
                self.complete_second(second.etag.unwrap_or_default())
            );
            found.conditional_put = is_held(put)?;
            found.conditional_complete = is_held(completed)?;
        }
        Ok(Some(found))
    }

    /// `None` if its part is rejected.
    async fn first(&self, base: Capabilities) -> Result<Option<First>> {
        let digests = sums_with(self.checksum_mode, SCRATCH);
        let (right, uploads) = tokio::join!(
            self.part(self.upload_id, self.header(SCRATCH)),
            self.s3.unfinished_at(self.target)
        );
        if is_taken(right.as_ref().map(|_| ()).map_err(Clone::clone))?.is_no() {
            return Ok(None);
        }
        let etag = right?.etag.unwrap_or_default();
        let mut found = Capabilities {
            checksum_mode: self.checksum_mode,
            etag_md5: Support::from_bool(checksum::etag_is_md5(
                &etag,
                digests.md5.unwrap_or_default(),
            )),
            ..base
        };
        found.lists_uploads = match uploads {
            Ok(listed) => {
                Support::from_bool(listed.iter().any(|one| one.upload_id == self.upload_id))
            }
            Err(fault) if is_no(&fault) => Support::No,
            Err(fault) => return Err(fault),
        };
        let list = || self.s3.list_parts(self.target, self.upload_id);
        let listed = match list().await {
            // it may have been cut off
            Err(fault) if fault.is_unread() => list().await,
            listed => listed,
        };
        let listed = match listed {
            Ok(listed) => listed,
            Err(fault) if is_no(&fault) || fault.is_unread() => vec![],
            Err(fault) => return Err(fault),
        };
        found.lists_parts = Support::from_bool(listed.iter().any(|part| part.number == 1));
        let is_object = self.may_make && self.finished(&mut found, &etag).await?;
        Ok(Some(First { found, etag, is_object }))
    }

    async fn second(&self) -> Result<Second> {
        let created = create_upload(self.s3, self.target, self.checksum_mode).await?;
        let upload_id = self.second.get_or_init(|| created.upload_id);
        let wrong = is_taken(self.part(upload_id, self.header(b"other bytes")).await)?;
        let trailed = self.trailed(upload_id).await;
        // it replaces whatever was stored before, and shows whether the server is there at all
        let etag = if self.may_make || trailed.is_none() {
            self.part(upload_id, self.header(SCRATCH)).await?.etag
        } else {
            None
        };
        Ok(Second { wrong, trailed, etag })
    }

    /// A part with a trailing checksum. `None` if it was not accepted as it is: some servers report a wrong signature, some
    /// just close the connection.
    async fn trailed(&self, upload_id: &str) -> Option<Trailed> {
        let trailer = Trailer::for_mode(self.checksum_mode)?;
        let kept = self.part(upload_id, ChecksumPlacement::Trailer(trailer)).await.ok()?;
        let listed = self.s3.list_parts(self.target, upload_id).await.ok()?;
        let is_whole = |part: &Listed| part.number == 1 && part.size == SCRATCH.len() as u64;
        let digests = sums_with(self.checksum_mode, SCRATCH);
        listed.iter().any(is_whole).then(|| Trailed {
            reported: kept.reported.agrees(&digests, self.checksum_mode) == Some(true),
            etag: kept.etag,
        })
    }

    async fn part(&self, upload_id: &str, placement: ChecksumPlacement) -> Result<Kept> {
        self.s3.small_part(self.target, upload_id, placement, SCRATCH).await
    }

    fn header(&self, bytes: &[u8]) -> ChecksumPlacement {
        ChecksumPlacement::Header(self.checksum_mode, sums_with(self.checksum_mode, bytes))
    }

    /// Probes what only an object can show. False if the server shows none.
    async fn finished(&self, found: &mut Capabilities, etag: &str) -> Result<bool> {
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
            condition: WriteCondition::Unconditional,
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
        // of a kilobyte, so that a server that returns the object itself does no harm
        let (head, makeup) =
            tokio::join!(self.s3.head(self.target), self.s3.makeup(self.target, None));
        found.attributes = Support::from_bool(makeup.is_ok_and(|makeup| makeup.size.is_some()));
        match head {
            Ok(None) => return Ok(false),
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
        Ok(true)
    }

    /// Completes the second upload, unless the key exists.
    async fn complete_second(&self, etag: String) -> Result<Kept> {
        let each = sums_with(self.checksum_mode, SCRATCH)
            .text(self.checksum_mode)
            .filter(|_| self.checksum_mode.is_composite());
        let finish = Finish {
            checksum_mode: self.checksum_mode,
            parts: vec![(1, etag, each)],
            sum: None,
            size: None,
            condition: WriteCondition::Absent,
        };
        let upload_id = self.second.get().map_or("", String::as_str);
        self.s3.complete(self.target, upload_id, &finish).await
    }

    /// Nothing of it is left.
    async fn clean(&self) -> Result<()> {
        let second = async {
            match self.second.get() {
                Some(upload_id) => self.s3.abort(self.target, upload_id).await.map(|_| ()),
                None => Ok(()),
            }
        };
        let object =
            async { if self.may_make { self.s3.delete(self.target).await } else { Ok(()) } };
        let (first, second, object) =
            tokio::join!(self.s3.abort(self.target, self.upload_id), second, object);
        object.and(first.map(|_| ())).and(second).map_err(|fault| self.left(fault))
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
