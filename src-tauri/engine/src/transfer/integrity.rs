//! The comparison without which nothing is called done: what the server tells against what was summed here, down the
//! ladder, and never more claimed than was compared. Knows no sending.

use super::job::Job;
use crate::fault::{Fault, FaultKind, Outcome, Why};
use crate::model::capabilities::Said;
use crate::model::checksum::{self, Rung, Sums, Whole};
use crate::model::part_table::{PartState, Stored};
use crate::model::proof::{Compared, Proof};
use crate::s3::body::Summing;
use crate::s3::{Kept, Object};
use crate::transfer::active::Active;
use crate::transfer::job::{self, sums_of};
use crate::transfer::provenance;
use crate::transfer::shared::World;
use std::collections::HashMap;
use std::sync::Arc;

/// What the server's words come to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Judged {
    Proved(Proof),
    Contradicted,
    /// It tells nothing that was summed here.
    Untold,
}

/// What an object was made of, as far as it is known here.
pub(super) struct Made {
    pub(super) rung: Rung,
    pub(super) whole: Whole,
    /// Each part was held against a checksum when it arrived.
    pub(super) vouched: bool,
    /// ETags of this server and this object can be MD5s.
    pub(super) md5_etags: Said,
}

impl Made {
    pub(super) fn of(active: &Active, job: &Job) -> Self {
        let entry = active.entry();
        let (whole, vouched) = active.parts(|parts| {
            (Whole::of_parts(entry.rung, parts), parts.stored().all(|(_, stored)| stored.vouched))
        });
        Self { rung: entry.rung, whole, vouched, md5_etags: md5_etags(active, job) }
    }

    /// Down the ladder. A word that contradicts is never passed over for a lower one that agrees.
    pub(super) fn judge(&self, kept: &Kept) -> Judged {
        if let Some(told) = &kept.told.crc64nvme {
            let ours = checksum::text64(self.whole.crc64);
            return self.judged(*told == ours, Rung::Crc64Nvme, &ours, Compared::WholeObject);
        }
        if let Some(told) = kept.told.of(self.rung) {
            // told with "-N" it is of the parts' sums, whatever was asked for
            let (rung, compared) = match (self.rung, told.contains('-')) {
                (Rung::Md5, true) => (Rung::Crc32cComposite, Compared::Composite),
                (Rung::Md5, false) => (Rung::Crc32c, Compared::WholeObject),
                (Rung::Crc32c, true) => (Rung::Crc32cComposite, Compared::Composite),
                (Rung::Crc32, true) => (Rung::Crc32Composite, Compared::Composite),
                (rung, composite) if composite => (rung, Compared::Composite),
                (Rung::Crc32cComposite, _) => (Rung::Crc32c, Compared::WholeObject),
                (Rung::Crc32Composite, _) => (Rung::Crc32, Compared::WholeObject),
                (rung, _) => (rung, Compared::WholeObject),
            };
            if let Some(ours) = self.whole.text(rung) {
                return self.judged(told == ours, rung, &ours, compared);
            }
        }
        // an ETag made of the parts' ETags says which parts these are; what is in them, whoever vouched for each
        match (&self.whole.etag, &kept.etag) {
            (Some(ours), Some(told))
                if self.vouched
                    && !kept.opaque
                    && !self.md5_etags.is_no()
                    && checksum::looks_like_composite(told) =>
            {
                let same = checksum::same_etag(ours, told);
                // some make it otherwise: a difference says something only where it is known how
                match same || self.md5_etags.is_yes() {
                    true => self.judged(same, Rung::Md5, ours, Compared::Etag),
                    false => Judged::Untold,
                }
            }
            _ => Judged::Untold,
        }
    }

    fn judged(&self, same: bool, rung: Rung, value: &str, compared: Compared) -> Judged {
        if !same {
            return Judged::Contradicted;
        }
        let kind = if compared == Compared::WholeObject { "FULL_OBJECT" } else { "COMPOSITE" };
        Judged::Proved(Proof {
            algorithm: rung.algorithm().into(),
            kind: kind.into(),
            value: value.into(),
            compared,
            parts: self.parts(),
        })
    }

    fn parts(&self) -> Option<String> {
        self.vouched.then(|| self.rung.algorithm().to_owned())
    }
}

/// An ETag is no MD5 where the server makes it otherwise, or keeps the bytes under another key than its own.
pub(super) fn md5_etags(active: &Active, job: &Job) -> Said {
    let options = active.read(|entry| entry.options.clone());
    let encrypted = options.encryption.is_some_and(|how| how != "AES256");
    if encrypted || options.customer_key.is_some() { Said::No } else { job.manners.etag_md5 }
}

/// Is the object there, with our size and sum? Then it was us.
pub(super) async fn was_completed(
    world: &Arc<World>,
    active: &Arc<Active>,
    job: &Job,
) -> Outcome<bool> {
    let entry = active.entry();
    // what was never completed is nowhere, whatever is at the key
    if !entry.complete_asked {
        return Ok(false);
    }
    let Some(object) = world.patient(active, &job.s3, || job.s3.head(&entry.target)).await? else {
        return Ok(false);
    };
    let since = entry.begun_at.unwrap_or(0);
    if object.size != job.fingerprint.size
        || !provenance::can_be_ours(world, &entry, &object, since)
    {
        return Ok(false);
    }
    if !active.parts(|parts| parts.all_stored()) {
        sum_the_rest(world, active, job).await?;
    }
    match Made::of(active, job).judge(&object.kept) {
        Judged::Proved(proof) => {
            keep(active, object.kept, proof);
            Ok(true)
        }
        Judged::Contradicted | Judged::Untold => Ok(false),
    }
}

/// A process that died may have taken its knowledge of parts with it: what the journal does not tell is read from the
/// file again, which is cheaper than to send it again.
async fn sum_the_rest(world: &World, active: &Active, job: &Job) -> Outcome<()> {
    let rung = active.read(|entry| entry.rung);
    let known: HashMap<_, _> = world.journal.parts(active.id).await?.into_iter().collect();
    for number in 1..=job.plan.parts() {
        let stored = match known.get(&number) {
            Some(stored) => stored.clone(),
            None => {
                let range = job.plan.range(number, job.fingerprint.size);
                let sums = sums_of(job, range, Summing::new(rung, true)).await?;
                let etag = checksum::to_hex(&sums.md5.unwrap_or_default());
                Stored { etag, crc64: sums.crc64, crc32: sums.crc32, vouched: true }
            }
        };
        active.parts(|parts| parts.set(number, PartState::Stored(stored)));
    }
    Ok(())
}

/// Is the object that is there this file, sent in one PUT? Then it is done.
pub(super) async fn is_this(active: &Active, job: &Job, there: &Object) -> Outcome<bool> {
    if there.size != job.fingerprint.size {
        return Ok(false);
    }
    let rung = job.manners.rung;
    let sums = sums_of(job, 0..job.fingerprint.size, Summing::new(rung, true)).await?;
    let Judged::Proved(proof) =
        judge_single(rung, &sums, &there.kept, !md5_etags(active, job).is_no())
    else {
        return Ok(false);
    };
    let Sums { crc64, crc32, .. } = sums;
    let stored = Stored { etag: String::new(), crc64, crc32, vouched: true };
    active.parts(|parts| parts.set(1, PartState::Stored(stored)));
    keep(active, there.kept.clone(), proof);
    Ok(true)
}

/// The finished object against what was sent, and kept as its proof.
pub(super) async fn compare(
    world: &Arc<World>,
    active: &Arc<Active>,
    job: &Job,
    mut kept: Kept,
) -> Outcome<()> {
    let made = Made::of(active, job);
    let mut judged = made.judge(&kept);
    // Complete's answer may say little (one server's ETag is empty there): the object itself says the rest
    if !matches!(&judged, Judged::Proved(proof) if proof.compared == Compared::WholeObject) {
        let target = active.read(|entry| entry.target.clone());
        let object = match world.patient(active, &job.s3, || job.s3.head(&target)).await {
            // keys that may write and not look: what Complete itself told must do
            Err(fault) if fault.kind == FaultKind::Denied => {
                let proof = match judged {
                    Judged::Proved(proof) => proof,
                    _ => return Err(fault),
                };
                keep(active, kept, proof);
                return Ok(());
            }
            object => object?,
        };
        let Some(object) = object else {
            return Err(parts_fault(Why::NoObject));
        };
        if object.size != job.fingerprint.size {
            return Err(parts_fault(other_size(&object, job)));
        }
        judged = match (judged, made.judge(&object.kept)) {
            (Judged::Contradicted, _) | (_, Judged::Contradicted) => Judged::Contradicted,
            (before, Judged::Untold) => before,
            (_, proved) => proved,
        };
        kept =
            Kept { version_id: kept.version_id.or(object.kept.version_id.clone()), ..object.kept };
    }
    let proof = match judged {
        Judged::Proved(proof) => proof,
        Judged::Untold => size_only(made.parts()),
        Judged::Contradicted => return Err(parts_fault(Why::OtherObject)),
    };
    keep(active, kept, proof);
    Ok(())
}

/// The single PUT's answer against the sums of what was sent.
pub(super) async fn single(
    world: &Arc<World>,
    active: &Arc<Active>,
    job: &Job,
    mut sums: Sums,
    kept: Kept,
) -> Outcome<()> {
    let rung = job.manners.rung;
    let md5_etags = !md5_etags(active, job).is_no();
    // a server without the newer checksums: its ETag is the MD5, or says nothing
    let tells_md5 = !kept.opaque
        && kept.told.agrees(&sums, rung).is_none()
        && kept.etag.as_deref().is_some_and(checksum::looks_like_md5);
    if tells_md5 && md5_etags && sums.md5.is_none() {
        sums.md5 = sums_of(job, 0..job.fingerprint.size, Summing::new(rung, true)).await?.md5;
    }
    let other_bytes = || Fault::because(FaultKind::Checksum, Why::OtherBytes);
    let target = active.read(|entry| entry.target.clone());
    let proof = match judge_single(rung, &sums, &kept, md5_etags) {
        Judged::Proved(proof) => proof,
        Judged::Contradicted => return Err(other_bytes()),
        Judged::Untold => match world.patient(active, &job.s3, || job.s3.head(&target)).await? {
            Some(object) if object.size == job.fingerprint.size => {
                match judge_single(rung, &sums, &object.kept, md5_etags) {
                    Judged::Proved(proof) => proof,
                    Judged::Contradicted => return Err(other_bytes()),
                    Judged::Untold => {
                        let checked = job.manners.checks_parts.is_yes();
                        size_only(checked.then(|| rung.algorithm().to_owned()))
                    }
                }
            }
            object => {
                let why = object.map_or(Why::NoObject, |object| other_size(&object, job));
                return Err(Fault::because(FaultKind::Checksum, why));
            }
        },
    };
    keep(active, kept, proof);
    Ok(())
}

fn judge_single(rung: Rung, sums: &Sums, kept: &Kept, md5_etags: bool) -> Judged {
    let proof = |rung: Rung, value: String, compared| {
        let parts = Some(rung.algorithm().to_owned());
        let (algorithm, kind) = (rung.algorithm().into(), "FULL_OBJECT".into());
        Judged::Proved(Proof { algorithm, kind, value, compared, parts })
    };
    match (kept.told.agrees(sums, rung), &kept.etag, sums.md5) {
        (Some(true), ..) => {
            let rung = match (kept.told.crc64nvme.is_some(), rung) {
                (true, _) => Rung::Crc64Nvme,
                (false, Rung::Md5) => Rung::Crc32c,
                (false, rung) => rung,
            };
            proof(rung, sums.text(rung).unwrap_or_default(), Compared::WholeObject)
        }
        (Some(false), ..) => Judged::Contradicted,
        (None, Some(etag), Some(md5))
            if md5_etags && !kept.opaque && checksum::looks_like_md5(etag) =>
        {
            match checksum::etag_is_md5(etag, md5) {
                true => proof(Rung::Md5, etag.trim_matches('"').to_owned(), Compared::Etag),
                false => Judged::Contradicted,
            }
        }
        _ => Judged::Untold,
    }
}

/// Nothing was sent: what is there is shown as it is.
pub(super) fn skipped(active: &Active, there: Object) {
    active.edit(|entry| {
        entry.etag = there.kept.etag;
        entry.version_id = there.kept.version_id;
        entry.proof = None;
    });
}

fn keep(active: &Active, kept: Kept, proof: Proof) {
    active.edit(|entry| {
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
pub(super) fn parts_fault(why: Why) -> Fault {
    Fault::because(FaultKind::Checksum, why).with_code(job::WORTHLESS)
}

fn other_size(object: &Object, job: &Job) -> Why {
    Why::OtherSize { object: object.size, file: job.fingerprint.size }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::checksum::Told;

    fn part(bytes: &[u8], rung: Rung) -> Stored {
        use md5::Digest as _;
        let mut summing = Summing::new(rung, true);
        summing.update(bytes);
        let sums = summing.sums();
        let etag = checksum::to_hex(&md5::Md5::digest(bytes));
        Stored { etag, crc64: sums.crc64, crc32: sums.crc32, vouched: true }
    }

    fn made(rung: Rung) -> Made {
        let parts = [part(b"first", rung), part(b"second", rung)];
        let whole = Whole::of(rung, [5, 6].into_iter().zip(&parts));
        Made { rung, whole, vouched: true, md5_etags: Said::Yes }
    }

    fn told(rung: Rung, text: &str) -> Kept {
        let text = Some(text.to_owned());
        let told = match rung.algorithm() {
            "CRC64NVME" => Told { crc64nvme: text, ..Told::default() },
            "CRC32C" => Told { crc32c: text, ..Told::default() },
            _ => Told { crc32: text, ..Told::default() },
        };
        Kept { etag: Some("\"opaque\"".into()), told, ..Kept::default() }
    }

    fn compared(judged: &Judged) -> Option<(Compared, &str)> {
        match judged {
            Judged::Proved(proof) => Some((proof.compared, proof.algorithm.as_str())),
            _ => None,
        }
    }

    #[test]
    fn each_rung_proves_what_it_says() {
        for rung in Rung::LADDER.into_iter().filter(|rung| *rung != Rung::Md5) {
            let made = made(rung);
            let right = made.whole.text(rung).unwrap();
            let want =
                if rung.is_composite() { Compared::Composite } else { Compared::WholeObject };
            assert_eq!(compared(&made.judge(&told(rung, &right))), Some((want, rung.algorithm())));
            assert_eq!(made.judge(&told(rung, "AAAAAA==")), Judged::Contradicted, "{rung:?}");
        }
    }

    /// Servers from before the type could be chosen answer the parts' sum where the whole's was asked for.
    #[test]
    fn a_composite_sum_is_never_called_the_whole_s() {
        let made = made(Rung::Crc32c);
        let composite = made.whole.text(Rung::Crc32cComposite).unwrap();
        let judged = made.judge(&told(Rung::Crc32c, &composite));
        assert_eq!(compared(&judged), Some((Compared::Composite, "CRC32C")));
    }

    #[test]
    fn an_etag_proves_only_parts_that_somebody_vouched_for() {
        let mut made = made(Rung::Md5);
        let etag = made.whole.etag.clone().unwrap();
        let kept = |etag: &str| Kept { etag: Some(format!("\"{etag}\"")), ..Kept::default() };
        assert_eq!(compared(&made.judge(&kept(&etag))), Some((Compared::Etag, "MD5")));
        assert_eq!(made.judge(&kept(&etag.replace(char::is_numeric, "0"))), Judged::Contradicted);
        assert_eq!(made.judge(&kept("opaque")), Judged::Untold);
        made.vouched = false;
        assert_eq!(made.judge(&kept(&etag)), Judged::Untold);
        made.vouched = true;
        // made otherwise, or encrypted with somebody's key: it looks like an MD5 and is none
        for said in [Said::No, Said::Unasked] {
            made.md5_etags = said;
            assert_eq!(made.judge(&kept(&etag.replace(char::is_numeric, "0"))), Judged::Untold);
        }
    }

    #[test]
    fn a_word_that_contradicts_is_not_passed_over() {
        let made = made(Rung::Crc64Nvme);
        let kept = Kept { etag: made.whole.etag.clone(), ..told(Rung::Crc64Nvme, "AAAAAAAAAAA=") };
        assert_eq!(made.judge(&kept), Judged::Contradicted);
    }

    #[test]
    fn one_put_is_judged_likewise() {
        let mut summing = Summing::new(Rung::Crc64Nvme, true);
        summing.update(b"bytes");
        let sums = summing.sums();
        let judge = |kept: Kept| judge_single(Rung::Crc64Nvme, &sums, &kept, true);
        let right = told(Rung::Crc64Nvme, &checksum::text64(sums.crc64));
        assert_eq!(compared(&judge(right)), Some((Compared::WholeObject, "CRC64NVME")));
        assert_eq!(judge(told(Rung::Crc64Nvme, "AAAAAAAAAAA=")), Judged::Contradicted);
        let etag = |etag: String| Kept { etag: Some(etag), ..Kept::default() };
        let md5 = checksum::to_hex(&sums.md5.unwrap());
        assert_eq!(compared(&judge(etag(md5))), Some((Compared::Etag, "MD5")));
        assert_eq!(judge(etag("0".repeat(32))), Judged::Contradicted);
        assert_eq!(judge(etag("opaque".into())), Judged::Untold);
    }
}
