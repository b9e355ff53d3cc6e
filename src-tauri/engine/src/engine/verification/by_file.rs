//! An object compared with a file without a receipt: by whatever checksum the server tells. Knows how objects are cut into
//! parts; knows no receipt.

use super::{Progress, read};
use crate::engine::verification::finding::{Against, Evidence, Held, Verdict, What};
use crate::fault::Result;
use crate::model::capabilities::Capabilities;
use crate::model::checksum::{self, ChecksumMode, Digests, ReportedChecksums, Whole};
use crate::model::part_table::Stored;
use crate::model::upload::Target;
use crate::s3::{Object, S3};
use crate::system::local_file::Source;
use std::path::Path;
use std::sync::Arc;

/// An object that nobody here has a receipt of, against a file: by whatever checksum the server tells.
pub(super) async fn verify(
    s3: &S3,
    capabilities: &Capabilities,
    target: &Target,
    path: &Path,
    object: &Object,
    progress: &Progress,
) -> Result<Verdict> {
    let (file, now) = Source::open(path).await?;
    if now.size != object.size {
        let (ours, theirs, against) = (now.size, object.size, Against::File);
        let said = Evidence::Sizes { ours, theirs, against };
        progress.found(What::Size, Held::Differs, said);
        return Ok(Verdict::Differs);
    }
    progress.found(What::Size, Held::Same, Evidence::Size { bytes: now.size });
    progress.lock().size = now.size;
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
        progress.found(What::Checksum, Held::Untold, Evidence::None);
        return Ok(Verdict::SizeOnly);
    }
    let (cuts, certain) = match composite {
        true => cuts(s3, capabilities, target, object, &theirs).await,
        false => (vec![vec![object.size]], true),
    };
    let file = Arc::new(file);
    let algorithm = Some(checksum_mode.algorithm().to_owned());
    let mut last = None;
    for sizes in cuts {
        let ours = summed_as(&file, &sizes, checksum_mode, composite, progress).await?;
        if ours == theirs {
            let said = Evidence::Value { algorithm, value: ours };
            progress.found(What::Checksum, Held::Same, said);
            return Ok(Verdict::Same);
        }
        last = Some(ours);
    }
    let (Some(ours), true) = (last, certain) else {
        progress.found(What::Checksum, Held::Untold, Evidence::NotHowLong);
        return Ok(Verdict::SizeOnly);
    };
    let said = Evidence::Values { algorithm, ours, theirs, against: Against::File };
    progress.found(What::Checksum, Held::Differs, said);
    Ok(Verdict::Differs)
}

/// The file's checksum as an object of parts of these sizes has it.
async fn summed_as(
    file: &Arc<Source>,
    sizes: &[u64],
    checksum_mode: ChecksumMode,
    composite: bool,
    progress: &Progress,
) -> Result<String> {
    let mut parts = Vec::with_capacity(sizes.len());
    let mut at = 0;
    for size in sizes {
        let digests = read(file, at..at + size, checksum_mode, progress).await?;
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

/// Part sizes that the tools people use cut by, in MiB: where the server tells no more than how many parts there are.
const USUAL: [u64; 16] = [5, 8, 10, 15, 16, 20, 25, 32, 50, 64, 100, 128, 200, 256, 512, 1024];

/// How the object may be cut, and whether that is certain.
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

/// In pieces of one size, the last of what remains.
fn cut(whole: u64, size: u64) -> Vec<u64> {
    (0..whole.div_ceil(size.max(1))).map(|n| size.min(whole - n * size)).collect()
}

/// How long each part of an object is; from its first part where the server tells no more.
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
