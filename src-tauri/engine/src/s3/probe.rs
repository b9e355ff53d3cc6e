//! The questions themselves, by a scratch upload of a kilobyte. Knows S3's calls and what their answers mean; keeps nothing.
//!
//! Where what is made could not be taken away again (keys that may not delete, a bucket that keeps versions), nothing is
//! completed, and what only a finished object can tell stays unasked.

use crate::fault::{Fault, FaultKind, Outcome, Why};
use crate::model::capabilities::{Manners, Said};
use crate::model::checksum::{self, Rung, Sums, Whole};
use crate::model::object_options::Options;
use crate::model::part_table::Stored;
use crate::model::upload::Target;
use crate::s3::body::{Summing, Trailer};
use crate::s3::{Finish, Kept, S3, Seal};

/// Enough to tell one checksum from another, and the framing of a trailer from the bytes.
const SCRATCH: &[u8; 1024] = &[b'w'; 1024];

/// What is asked for at Create, in order. A server from before types were told answers the third with a composite sum;
/// one that refuses the word FULL_OBJECT is asked without it.
const ASKED_FOR: [Rung; 5] =
    [Rung::Crc64Nvme, Rung::Crc32c, Rung::Crc32, Rung::Crc32cComposite, Rung::Md5];

/// Asks, and takes off all it made. `base` holds what cannot be asked: limits, days, part sizes.
///
/// # Errors
/// As S3 says, where the server cannot be reached, or these keys may not upload.
pub(crate) async fn ask(s3: &S3, target: &Target, base: Manners) -> Outcome<Manners> {
    // only what can be taken away again is made
    let may_make = matches!(s3.keeps_versions(&target.bucket).await, Ok(false))
        && s3.delete(target).await.is_ok();
    let mut refused = false;
    let mut last = None;
    for rung in ASKED_FOR {
        if rung == Rung::Crc32cComposite && !refused {
            continue;
        }
        let begun =
            match s3.begin(target, &Options::default(), "application/octet-stream", rung).await {
                Ok(begun) => begun,
                Err(fault) if is_refusal(&fault) => {
                    refused = true;
                    continue;
                }
                Err(fault) => return Err(fault),
            };
        let probe = Probe { s3, target, upload_id: &begun.upload_id, rung: begun.rung };
        let usable = begun.rung != Rung::Md5 || rung == Rung::Md5;
        let found = if usable { probe.ask(base.clone(), may_make).await } else { Ok(None) };
        let cleaned = probe.clean(may_make).await;
        let found = found?;
        cleaned?;
        if found.is_some() {
            last = found;
            break;
        }
    }
    last.ok_or_else(|| Fault::because(FaultKind::Unsupported, Why::NoMultipart))
}

struct Probe<'a> {
    s3: &'a S3,
    target: &'a Target,
    upload_id: &'a str,
    rung: Rung,
}

impl Probe<'_> {
    /// None where a part is not taken on this rung.
    async fn ask(&self, base: Manners, may_make: bool) -> Outcome<Option<Manners>> {
        let rung = self.rung;
        let sums = sums_with(self.rung, SCRATCH);
        let part = |seal| self.s3.small_part(self.target, self.upload_id, seal, SCRATCH);
        let wrong = is_taken(part(Seal::Header(rung, sums_with(self.rung, b"other bytes"))).await)?;
        let right = part(Seal::Header(rung, sums)).await;
        if is_taken(right.as_ref().map(|_| ()).map_err(Clone::clone))?.is_no() {
            return Ok(None);
        }
        let etag = right?.etag.unwrap_or_default();
        let mut found = Manners {
            rung,
            checks_parts: not(wrong),
            etag_md5: Said::of(checksum::etag_is_md5(&etag, sums.md5.unwrap_or_default())),
            trailers: Said::No,
            ..base
        };
        found.trailers = self.trailers(part, &etag).await?;
        let listed = match self.s3.list_parts(self.target, self.upload_id).await {
            Ok(listed) => listed,
            Err(fault) if is_no(&fault) => vec![],
            Err(fault) => return Err(fault),
        };
        found.lists_parts = Said::of(listed.iter().any(|part| part.number == 1));
        found.lists_uploads = match self.s3.unfinished_at(self.target).await {
            Ok(listed) => Said::of(listed.iter().any(|one| one.upload_id == self.upload_id)),
            Err(fault) if is_no(&fault) => Said::No,
            Err(fault) => return Err(fault),
        };
        if may_make {
            self.finished(&mut found, &etag).await?;
        }
        Ok(Some(found))
    }

    /// Does the checksum behind the bytes arrive, and nothing of its framing in the part?
    async fn trailers<F>(&self, part: impl Fn(Seal) -> F, etag: &str) -> Outcome<Said>
    where
        F: Future<Output = Outcome<Kept>>,
    {
        let Some(trailer) = Trailer::of(self.rung) else { return Ok(Said::No) };
        let taken = match part(Seal::Trailer(trailer)).await {
            Ok(kept) => {
                let whole = self.s3.list_parts(self.target, self.upload_id).await;
                let whole = whole.is_ok_and(|listed| {
                    listed.iter().any(|part| part.number == 1 && part.size == SCRATCH.len() as u64)
                });
                let told =
                    kept.told.agrees(&sums_with(self.rung, SCRATCH), self.rung) == Some(true);
                whole && (told || kept.etag.as_deref() == Some(etag))
            }
            // some call it a wrong signature, some just hang up; whether the server is there at all the next one tells
            Err(_) => false,
        };
        if !taken {
            // whatever it stored of it must not be there when the upload is completed
            part(Seal::Header(self.rung, sums_with(self.rung, SCRATCH))).await?;
        }
        Ok(Said::of(taken))
    }

    /// What only an object can tell.
    async fn finished(&self, found: &mut Manners, etag: &str) -> Outcome<()> {
        let rung = self.rung;
        let Sums { crc64, crc32, .. } = sums_with(rung, SCRATCH);
        let stored = Stored { etag: etag.to_owned(), crc64, crc32, vouched: true };
        let whole = Whole::of(rung, std::iter::once((SCRATCH.len() as u64, &stored)));
        let each = sums_with(rung, SCRATCH).text(rung).filter(|_| rung.is_composite());
        let plain = Finish {
            rung,
            parts: vec![(1, etag.to_owned(), each)],
            sum: None,
            size: None,
            if_absent: false,
        };
        let complete = |finish: Finish| async move {
            is_taken(self.s3.complete(self.target, self.upload_id, &finish).await)
        };
        let mut made = Said::No;
        if rung != Rung::Md5 && !rung.is_composite() {
            let other = sums_with(rung, b"other bytes").text(rung);
            made = complete(Finish { sum: other, ..plain.clone() }).await?;
            found.checks_whole = not(made);
        } else {
            found.checks_whole = Said::No;
        }
        if made.is_no() && rung != Rung::Md5 {
            let sum = whole.text(rung).filter(|_| !rung.is_composite());
            let size = Some(SCRATCH.len() as u64);
            made = complete(Finish { sum, size, ..plain.clone() }).await?;
            found.object_size = made;
            if made.is_no() {
                // it was the checksum itself that was refused, right or wrong
                found.checks_whole = Said::No;
            }
        }
        if made.is_no() {
            complete(plain).await?;
        }
        match self.s3.head(self.target).await {
            Ok(None) => return Ok(()),
            Ok(Some(object)) => {
                found.gives_back = Said::of(object.kept.told.of(rung).is_some());
                if let (Some(ours), Some(told)) = (&whole.etag, &object.kept.etag) {
                    let composite = checksum::same_etag(ours, told);
                    found.etag_md5 = Said::of(found.etag_md5.is_yes() && composite);
                }
            }
            // keys that may put and not look: the rest does not depend on it
            Err(fault) if fault.kind == FaultKind::Denied => {}
            Err(fault) => return Err(fault),
        }
        // of a kilobyte, so that a server which answers with the object itself does no harm
        let makeup = self.s3.makeup(self.target, None).await;
        found.attributes = Said::of(makeup.is_ok_and(|makeup| makeup.size.is_some()));
        found.conditional_put = is_held(self.s3.put_if_absent(self.target).await)?;
        found.conditional_complete = self.conditional_complete().await?;
        Ok(())
    }

    /// A second upload of the key that has an object by now.
    async fn conditional_complete(&self) -> Outcome<Said> {
        let begun = self
            .s3
            .begin(self.target, &Options::default(), "application/octet-stream", self.rung)
            .await?;
        let probe = Probe { upload_id: &begun.upload_id, ..*self };
        let completed = async {
            let seal = Seal::Header(self.rung, sums_with(self.rung, SCRATCH));
            let kept = self.s3.small_part(self.target, probe.upload_id, seal, SCRATCH).await?;
            let each =
                sums_with(self.rung, SCRATCH).text(self.rung).filter(|_| self.rung.is_composite());
            let finish = Finish {
                rung: self.rung,
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

    /// Nothing is left of it.
    async fn clean(&self, may_make: bool) -> Outcome<()> {
        let aborted = self.s3.abort(self.target, self.upload_id).await;
        if may_make {
            self.s3.delete(self.target).await.map_err(|fault| self.left(fault))?;
        }
        aborted.map(|_| ()).map_err(|fault| self.left(fault))
    }

    /// These keys will not take it away the next time either; a server that is out of reach is asked again.
    fn left(&self, fault: Fault) -> Fault {
        if fault.kind == FaultKind::Denied { left(fault, self.target) } else { fault }
    }
}

/// Taken, or refused; a server that cannot be asked just now is neither.
fn is_taken<T>(answer: Outcome<T>) -> Outcome<Said> {
    match answer {
        Ok(_) => Ok(Said::Yes),
        Err(fault) if is_no(&fault) => Ok(Said::No),
        Err(fault) => Err(fault),
    }
}

/// Was a condition held that does not hold? One that is refused as unknown was not.
fn is_held<T>(answer: Outcome<T>) -> Outcome<Said> {
    match answer {
        Err(fault) if fault.kind == FaultKind::Exists => Ok(Said::Yes),
        answer => is_taken(answer).map(|_| Said::No),
    }
}

fn is_no(fault: &Fault) -> bool {
    let said = matches!(
        fault.kind,
        FaultKind::Unsupported | FaultKind::Checksum | FaultKind::Exists | FaultKind::Denied
    );
    said || fault.is_code("InvalidPart") || fault.status == Some(501)
}

fn not(said: Said) -> Said {
    Said::of(said.is_no())
}

/// The rung's, and an MD5.
fn sums_with(rung: Rung, bytes: &[u8]) -> Sums {
    let mut summing = Summing::new(rung, true);
    summing.update(bytes);
    summing.sums()
}

/// Was it refused for what it carried? Then the server may take something else.
pub(crate) fn is_refusal(fault: &Fault) -> bool {
    fault.kind == FaultKind::Unsupported
        && matches!(fault.status, Some(400 | 405 | 411 | 415 | 501))
        && !matches!(fault.why.get(), Some(Why::StoreFull { .. }))
}

/// What was made at this key to try something, and is there still: the fault says so.
pub(crate) fn left(mut fault: Fault, target: &Target) -> Fault {
    fault.say(Why::LeftByTrying { uri: format!("s3://{}/{}", target.bucket, target.key) });
    fault
}
