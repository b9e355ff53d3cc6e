//! Complete, and the comparison without which nothing is called done. Knows no sending.

use super::{Job, same_etag};
use crate::active::Active;
use crate::body::Sums;
use crate::fault::{Fault, FaultKind, Outcome};
use crate::page::{Compared, Proof};
use crate::part::{PartState, Stored};
use crate::retry::{self, Next};
use crate::s3::{Kept, Object, crc64_text};
use crate::world::World;
use md5::{Digest as _, Md5};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// The whole object's CRC64NVME and its ETag as S3 makes it from the parts' MD5s.
struct Expected {
    crc64: u64,
    etag: Option<String>,
}

fn expected(active: &Active, job: &Job) -> Expected {
    active.parts(|parts| {
        let mut crc64 = 0;
        let mut md5s = Some(Md5::new());
        let mut count = 0;
        for (number, stored) in parts.stored() {
            let length = parts.bytes(number);
            crc64 = if count == 0 {
                stored.crc64
            } else {
                crc_fast::checksum_combine(
                    crc_fast::CrcAlgorithm::Crc64Nvme,
                    crc64,
                    stored.crc64,
                    length,
                )
            };
            count += 1;
            md5s = match (md5s, from_hex(&stored.etag)) {
                (Some(mut md5s), Some(md5)) => {
                    md5s.update(md5);
                    Some(md5s)
                }
                _ => None,
            };
        }
        debug_assert_eq!(count, u32::from(job.plan.parts()));
        Expected { crc64, etag: md5s.map(|md5s| format!("{}-{count}", to_hex(&md5s.finalize()))) }
    })
}

/// True once the object is there and compared; false where the multipart upload is gone and no such object is there.
pub(super) async fn complete(world: &Arc<World>, active: &Arc<Active>, job: &Job) -> Outcome<bool> {
    let entry = active.entry();
    let upload_id = entry.upload_id.clone().unwrap_or_default();
    let expected = expected(active, job);
    let list: Vec<_> = active.parts(|parts| {
        parts.stored().map(|(number, stored)| (number, stored.etag.clone())).collect()
    });
    let sum = entry.sums.then_some((expected.crc64, job.fingerprint.size));
    // all parts on the disk before: should the answer be lost with this process, they tell whose object is there
    if let Err(fault) = world.journal.settle().await {
        tracing::warn!(%fault, "the parts are not in the journal; the file would be read again");
    }
    let mut attempt = 1;
    loop {
        let fault = match job.s3.complete(&entry.target, &upload_id, list.clone(), sum).await {
            Ok(kept) => return compare(world, active, job, &expected, kept).await.map(|()| true),
            // can mean that an earlier call had succeeded and its answer was lost
            Err(fault) if fault.is_code("NoSuchUpload") => {
                return was_completed(world, active, job).await;
            }
            Err(mut fault) if fault.kind == FaultKind::Checksum || fault.is_code("InvalidPart") => {
                fault.code = Some("Parts".into());
                return Err(fault);
            }
            Err(fault) => fault,
        };
        active.edit(|entry| entry.retries += 1);
        match retry::after(&fault, attempt, rand::random()) {
            Next::Stop => return Err(fault),
            Next::WaitForNetwork => world.until_reached(active, &job.s3, fault).await?,
            Next::Again(wait) => {
                world.refused(active, &fault);
                attempt += 1;
                tokio::time::sleep(wait).await;
            }
        }
    }
}

/// Is the object there, with our size and sum? Then it was us.
pub(super) async fn was_completed(
    world: &Arc<World>,
    active: &Arc<Active>,
    job: &Job,
) -> Outcome<bool> {
    let target = active.entry().target;
    let Some(object) = world.patient(active, &job.s3, || job.s3.head(&target)).await? else {
        return Ok(false);
    };
    if object.size != job.fingerprint.size {
        return Ok(false);
    }
    if !active.parts(|parts| parts.all_stored()) {
        sum_the_rest(world, active, job).await?;
    }
    let expected = expected(active, job);
    let ours = match object.kept.crc64 {
        Some(crc64) => crc64 == expected.crc64,
        None => match (&object.kept.etag, &expected.etag) {
            (Some(etag), Some(expected)) => same_etag(etag, expected),
            _ => false,
        },
    };
    if ours {
        compare(world, active, job, &expected, object.kept).await?;
    }
    Ok(ours)
}

/// A process that died may have taken its knowledge of parts with it: what the journal does not tell is read from the
/// file again, which is cheaper than to send it again.
async fn sum_the_rest(world: &World, active: &Active, job: &Job) -> Outcome<()> {
    let known: HashMap<_, _> = world.journal.parts(active.id).await?.into_iter().collect();
    for number in 1..=job.plan.parts() {
        let stored = match known.get(&number) {
            Some(stored) => stored.clone(),
            None => {
                let sums = sums_of(job, job.plan.range(number, job.fingerprint.size)).await?;
                Stored { etag: to_hex(&sums.md5.unwrap_or_default()), crc64: sums.crc64 }
            }
        };
        active.parts(|parts| parts.set(number, PartState::Stored(stored)));
    }
    Ok(())
}

/// The CRC64NVME and MD5 of a range of the file.
pub(super) async fn sums_of(job: &Job, range: Range<u64>) -> Outcome<Sums> {
    let file = job.file.clone();
    let read = tokio::task::spawn_blocking(move || crate::body::sums_of(&file, range, true)).await;
    let read = read.map_err(|_| Fault::new(FaultKind::Bug, "summing the file ended early"))?;
    read.map_err(|error| {
        Fault::new(FaultKind::SourceMissing, format!("reading the file failed: {error}"))
    })
}

/// Is the object that is there this file, sent in one PUT? Then it is done.
pub(super) async fn is_this(active: &Active, job: &Job, there: &Object) -> Outcome<bool> {
    if there.size != job.fingerprint.size {
        return Ok(false);
    }
    let sums = sums_of(job, 0..job.fingerprint.size).await?;
    let proof = match (there.kept.crc64, &there.kept.etag, sums.md5) {
        (Some(crc64), _, _) if crc64 == sums.crc64 => whole_object(crc64),
        (None, Some(etag), Some(md5)) if etag_is_md5(etag, md5) => whole_md5(etag),
        _ => return Ok(false),
    };
    keep(active, there.kept.clone(), proof);
    Ok(true)
}

async fn compare(
    world: &Arc<World>,
    active: &Arc<Active>,
    job: &Job,
    expected: &Expected,
    mut kept: Kept,
) -> Outcome<()> {
    let target = active.entry().target;
    let says_something = |kept: &Kept| {
        kept.crc64.is_some()
            || kept.etag.as_deref().is_some_and(|etag| !etag.trim_matches('"').is_empty())
    };
    let mut size = None;
    // Complete's answer may say little (one server's ETag is empty there): the object itself says the rest
    if kept.crc64.is_none() || !says_something(&kept) {
        let object = world.patient(active, &job.s3, || job.s3.head(&target)).await?;
        let Some(object) = object else {
            return Err(parts_fault("the server completed the upload and has no such object"));
        };
        size = Some(object.size);
        kept =
            Kept { version_id: kept.version_id.or(object.kept.version_id.clone()), ..object.kept };
    }
    let proof = match (kept.crc64, &kept.etag, &expected.etag) {
        (Some(crc64), _, _) if crc64 == expected.crc64 => whole_object(crc64),
        (None, Some(etag), Some(expected)) if same_etag(etag, expected) => Proof {
            algorithm: "MD5".into(),
            kind: "COMPOSITE".into(),
            value: expected.clone(),
            compared: Compared::Etag,
        },
        // an ETag that is no MD5 (encrypted objects) proves nothing and disproves nothing
        (None, _, None) if size == Some(job.fingerprint.size) => size_only(),
        (None, Some(etag), Some(_))
            if !looks_like_composite(etag) && size == Some(job.fingerprint.size) =>
        {
            size_only()
        }
        _ => {
            return Err(parts_fault(
                "the finished object is not what was sent: the checksums differ",
            ));
        }
    };
    keep(active, kept, proof);
    Ok(())
}

/// The single PUT's answer against the sum that was sent with it.
pub(super) async fn single(
    world: &Arc<World>,
    active: &Arc<Active>,
    job: &Job,
    sum: u64,
    kept: Kept,
) -> Outcome<()> {
    if let Some(crc64) = kept.crc64 {
        if crc64 != sum {
            return Err(Fault::new(
                FaultKind::Checksum,
                "the server stored other bytes than were sent",
            ));
        }
        keep(active, kept, whole_object(crc64));
        return Ok(());
    }
    // a server without the newer checksums: its ETag is the MD5, or says nothing
    let etag = kept.etag.clone().unwrap_or_default();
    if looks_like_md5(&etag) {
        let sums = sums_of(job, 0..job.fingerprint.size).await?;
        if sums.md5.is_some_and(|md5| etag_is_md5(&etag, md5)) {
            keep(active, kept, whole_md5(&etag));
            return Ok(());
        }
        return Err(Fault::new(
            FaultKind::Checksum,
            "the server stored other bytes than were sent",
        ));
    }
    let target = active.entry().target;
    match world.patient(active, &job.s3, || job.s3.head(&target)).await? {
        Some(object) if object.size == job.fingerprint.size => {
            keep(active, kept, size_only());
            Ok(())
        }
        _ => Err(Fault::new(
            FaultKind::Checksum,
            "the object on the server has another size than the file",
        )),
    }
}

/// Nothing was sent: what is there is shown as it is.
pub(super) fn skipped(active: &Active, there: Object) {
    active.edit(|entry| {
        entry.etag = there.kept.etag;
        entry.version_id = there.kept.version_id;
    });
}

fn keep(active: &Active, kept: Kept, proof: Proof) {
    active.edit(|entry| {
        entry.etag = kept.etag;
        entry.version_id = kept.version_id;
        entry.proof = Some(proof);
    });
}

fn whole_object(crc64: u64) -> Proof {
    Proof {
        algorithm: "CRC64NVME".into(),
        kind: "FULL_OBJECT".into(),
        value: crc64_text(crc64),
        compared: Compared::WholeObject,
    }
}

fn whole_md5(etag: &str) -> Proof {
    Proof {
        algorithm: "MD5".into(),
        kind: "FULL_OBJECT".into(),
        value: etag.trim_matches('"').to_owned(),
        compared: Compared::Etag,
    }
}

fn size_only() -> Proof {
    Proof {
        algorithm: "none".into(),
        kind: "SIZE".into(),
        value: String::new(),
        compared: Compared::Size,
    }
}

/// A fault after which the parts on the server are of no use.
fn parts_fault(detail: &str) -> Fault {
    let mut fault = Fault::new(FaultKind::Checksum, detail);
    fault.code = Some("Parts".into());
    fault
}

pub(super) fn looks_like_md5(etag: &str) -> bool {
    from_hex(etag).is_some()
}

fn looks_like_composite(etag: &str) -> bool {
    let etag = etag.trim_matches('"');
    etag.split_once('-')
        .is_some_and(|(md5, count)| from_hex(md5).is_some() && count.parse::<u32>().is_ok())
}

pub(super) fn etag_is_md5(etag: &str, md5: [u8; 16]) -> bool {
    from_hex(etag) == Some(md5)
}

fn from_hex(etag: &str) -> Option<[u8; 16]> {
    let etag = etag.trim_matches('"');
    if etag.len() != 32 || !etag.is_ascii() {
        return None;
    }
    let mut md5 = [0; 16];
    for (index, byte) in md5.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&etag[2 * index..2 * index + 2], 16).ok()?;
    }
    Some(md5)
}

fn to_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn etags_that_are_md5s_are_told_from_others() {
        let md5: [u8; 16] = Md5::digest(b"").into();
        assert!(etag_is_md5("\"d41d8cd98f00b204e9800998ecf8427e\"", md5));
        assert!(!looks_like_md5("\"d41d8cd98f00b204e9800998ecf8427e-3\""));
        assert!(looks_like_composite("\"d41d8cd98f00b204e9800998ecf8427e-3\""));
        assert!(!looks_like_composite("\"opaque\""));
        assert_eq!(to_hex(&md5), "d41d8cd98f00b204e9800998ecf8427e");
    }
}
