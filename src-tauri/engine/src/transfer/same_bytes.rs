//! Whether an object has a file's bytes, by whatever checksum the server reports.

use crate::fault::Result;
use crate::model::capabilities::Capabilities;
use crate::model::checksum::{self, ChecksumMode, Digests, ReportedChecksums, Whole};
use crate::model::part_table::Stored;
use crate::model::upload::Target;
use crate::s3::body::{Hasher, summed};
use crate::s3::{Object, S3};
use crate::system::local_file::{self, Source};
use std::ops::Range;
use std::sync::Arc;

/// Called with the offset up to which the file was read.
pub(crate) type OnRead<'a> = &'a (dyn Fn(u64) + Send + Sync);

pub(crate) enum Outcome {
    Same {
        algorithm: &'static str,
        value: String,
    },
    Differ {
        algorithm: &'static str,
        ours: String,
        theirs: String,
    },
    /// The server reports no checksum of it.
    NotReported,
    /// Its checksum is made of its parts', and the server does not report how long these are.
    UnknownParts,
}

/// Reads the file, which has the object's size, unless the server reports nothing to compare.
pub(crate) async fn compare(
    s3: &S3,
    capabilities: &Capabilities,
    target: &Target,
    file: &Arc<Source>,
    size: u64,
    object: &Object,
    on_read: OnRead<'_>,
) -> Result<Outcome> {
    let checksum_mode = match &object.kept.reported {
        ReportedChecksums { crc64nvme: Some(_), .. } => ChecksumMode::Crc64Nvme,
        ReportedChecksums { crc32c: Some(_), .. } => ChecksumMode::Crc32c,
        ReportedChecksums { crc32: Some(_), .. } => ChecksumMode::Crc32,
        _ => ChecksumMode::Md5,
    };
    let etag = object.kept.etag.clone().unwrap_or_default();
    let composite =
        object.kept.reported.for_mode(checksum_mode).is_some_and(|reported| reported.contains('-'))
            || (checksum_mode == ChecksumMode::Md5 && checksum::looks_like_composite(&etag));
    let theirs =
        object.kept.reported.for_mode(checksum_mode).unwrap_or(&etag).trim_matches('"').to_owned();
    let opaque = object.kept.opaque
        || capabilities.etag_md5.is_no()
        || !(composite || checksum::looks_like_md5(&etag));
    if theirs.is_empty() || (checksum_mode == ChecksumMode::Md5 && opaque) {
        return Ok(Outcome::NotReported);
    }
    let (cuts, certain) = match composite {
        true => cuts(s3, capabilities, target, object, &theirs).await,
        false => (vec![vec![size]], true),
    };
    let algorithm = checksum_mode.algorithm();
    let mut last = None;
    for sizes in cuts {
        let ours = summed_as(file, &sizes, checksum_mode, composite, on_read).await?;
        if ours == theirs {
            return Ok(Outcome::Same { algorithm, value: ours });
        }
        last = Some(ours);
    }
    Ok(match last {
        Some(ours) if certain => Outcome::Differ { algorithm, ours, theirs },
        _ => Outcome::UnknownParts,
    })
}

/// The file's checksum as an object of parts of these sizes has it.
async fn summed_as(
    file: &Arc<Source>,
    sizes: &[u64],
    checksum_mode: ChecksumMode,
    composite: bool,
    on_read: OnRead<'_>,
) -> Result<String> {
    let mut parts = Vec::with_capacity(sizes.len());
    let mut at = 0;
    for size in sizes {
        let digests = digests_of(file, at..at + size, checksum_mode, on_read).await?;
        at += size;
        let etag = digests.md5.map(|md5| checksum::to_hex(&md5)).unwrap_or_default();
        let Digests { crc64, crc32, .. } = digests;
        parts.push((*size, Stored { etag, crc64, crc32, verified: true }));
    }
    let whole = Whole::combine(checksum_mode, parts.iter().map(|(size, stored)| (*size, stored)));
    let text = match (checksum_mode, composite) {
        (ChecksumMode::Crc32c, true) => whole.text(ChecksumMode::Crc32cComposite),
        (ChecksumMode::Crc32, true) => whole.text(ChecksumMode::Crc32Composite),
        (ChecksumMode::Md5, false) => parts.pop().map(|(_, stored)| stored.etag),
        (checksum_mode, _) => whole.text(checksum_mode),
    };
    Ok(text.unwrap_or_default())
}

/// Part sizes of common tools, in MiB: tried if the server reports only how many parts there are.
const USUAL: [u64; 16] = [5, 8, 10, 15, 16, 20, 25, 32, 50, 64, 100, 128, 200, 256, 512, 1024];

/// The part layouts that the object may have, and whether the one is certain.
async fn cuts(
    s3: &S3,
    capabilities: &Capabilities,
    target: &Target,
    object: &Object,
    reported: &str,
) -> (Vec<Vec<u64>>, bool) {
    if let Some(sizes) = part_sizes(s3, capabilities, target, object).await {
        return (vec![sizes], true);
    }
    let count = reported.rsplit_once('-').and_then(|(_, count)| count.parse::<usize>().ok());
    let mebibytes = USUAL.iter().map(|size| size << 20);
    let megabytes = USUAL.iter().map(|size| size * 1_000_000);
    let cuts = mebibytes.chain(megabytes).map(|size| cut(object.size, size));
    (cuts.filter(|cut| Some(cut.len()) == count).collect(), false)
}

/// Parts of one size, and a last one with the rest.
fn cut(whole: u64, size: u64) -> Vec<u64> {
    (0..whole.div_ceil(size.max(1))).map(|n| size.min(whole - n * size)).collect()
}

/// The size of each part of an object, from its first part if the server reports no more.
async fn part_sizes(
    s3: &S3,
    capabilities: &Capabilities,
    target: &Target,
    object: &Object,
) -> Option<Vec<u64>> {
    if capabilities.attributes.is_yes()
        && let Ok(makeup) = s3.makeup(target, None).await
        && makeup.parts.iter().map(|(_, size, _)| size).sum::<u64>() == object.size
    {
        return Some(makeup.parts.iter().map(|(_, size, _)| *size).collect());
    }
    let (first, count) = s3.first_part(target).await?;
    if object.size.div_ceil(first.max(1)) != u64::from(count) {
        return None;
    }
    let sizes = cut(object.size, first);
    (sizes.len() == count as usize).then_some(sizes)
}

/// Bytes that are read between two calls of `on_read`.
const STEP: u64 = 8 << 20;

/// The digests of a range of the file.
pub(crate) async fn digests_of(
    file: &Arc<Source>,
    range: Range<u64>,
    checksum_mode: ChecksumMode,
    on_read: OnRead<'_>,
) -> Result<Digests> {
    let mut hasher = Hasher::new(checksum_mode, false);
    let mut at = range.start;
    while at < range.end {
        let step = at..(at + STEP).min(range.end);
        at = step.end;
        let read = file.clone().read(move |file, work| summed(file, step, hasher, work)).await?;
        hasher = read.map_err(|error| local_file::reading_failed(&error))?;
        on_read(at);
    }
    Ok(hasher.digests())
}
