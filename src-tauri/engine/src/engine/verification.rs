//! A finished upload verified again, at any time: the receipt against what the server tells without downloading, and
//! against the local file. Knows no queue.

mod by_file;
pub(crate) mod finding;

use crate::engine::verification::finding::{
    Against, Evidence, Finding, Held, Verification, What, runs,
};
use crate::fault::{Fault, FaultKind, Result};
use crate::model::capabilities::Capabilities;
use crate::model::checksum::{self, ChecksumMode, ReportedChecksums};
use crate::model::lock::locked;
use crate::model::proof::Verdict;
use crate::model::receipt::Receipt;
use crate::model::upload::Target;
use crate::s3::{Object, S3};
use crate::system::local_file::Source;
use crate::transfer::same_bytes::digests_of;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

/// A verification under way, seen from outside.
#[derive(Clone, Default)]
pub(crate) struct Progress(Arc<Mutex<Verification>>);

impl Default for Verification {
    fn default() -> Self {
        Self { running: true, read: 0, size: 0, findings: vec![], verdict: None, fault: None }
    }
}

impl Progress {
    fn lock(&self) -> MutexGuard<'_, Verification> {
        locked(&self.0)
    }

    pub(crate) fn now(&self) -> Verification {
        self.lock().clone()
    }

    fn found(&self, what: What, held: Held, said: Evidence) {
        self.lock().findings.push(Finding { what, held, said });
    }

    pub(crate) fn end(&self, outcome: Result<Verdict>) {
        let mut verification = self.lock();
        verification.running = false;
        match outcome {
            Ok(verdict) => verification.verdict = Some(verdict),
            Err(fault) => verification.fault = Some(fault),
        }
    }
}

/// What is verified: an object, by a receipt, by a file, or by both.
pub(crate) struct Subject {
    pub(crate) target: Target,
    pub(crate) receipt: Option<Receipt>,
    pub(crate) file: Option<PathBuf>,
}

/// # Errors
/// As S3 says; what merely differs is no fault.
pub(crate) async fn verify(
    s3: &S3,
    capabilities: &Capabilities,
    subject: &Subject,
    progress: &Progress,
) -> Result<Verdict> {
    let Some(object) = s3.head(&subject.target).await? else {
        progress.found(What::Object, Held::Differs, Evidence::Absent);
        return Ok(Verdict::Gone);
    };
    progress.found(What::Object, Held::Same, Evidence::There);
    match &subject.receipt {
        Some(receipt) => {
            let verdict = by_receipt(s3, capabilities, subject, receipt, &object, progress).await?;
            if let Some(file) = &subject.file {
                file_by_receipt(file, receipt, progress).await?;
            }
            Ok(verdict)
        }
        None => {
            let Some(file) = &subject.file else {
                let detail =
                    "there is no receipt of this object here; name the file to hold it against";
                return Err(Fault::new(FaultKind::Unsupported, detail));
            };
            by_file::verify(s3, capabilities, &subject.target, file, &object, progress).await
        }
    }
}

async fn by_receipt(
    s3: &S3,
    capabilities: &Capabilities,
    subject: &Subject,
    receipt: &Receipt,
    object: &Object,
    progress: &Progress,
) -> Result<Verdict> {
    let found = |what, held, said| {
        progress.found(what, held, said);
        held
    };
    let (ours, theirs) = (receipt.size, object.size);
    let size = match ours == theirs {
        true => found(What::Size, Held::Same, Evidence::Size { bytes: ours }),
        false => {
            let against = Against::Receipt;
            found(What::Size, Held::Differs, Evidence::Sizes { ours, theirs, against })
        }
    };
    let values = |what, algorithm: Option<&str>, ours: String, theirs: String| {
        let algorithm = algorithm.map(ToOwned::to_owned);
        match ours == theirs {
            true => found(what, Held::Same, Evidence::Value { algorithm, value: ours }),
            false => {
                let against = Against::Receipt;
                found(what, Held::Differs, Evidence::Values { algorithm, ours, theirs, against })
            }
        }
    };
    let checksum = match reported(&object.kept.reported, receipt) {
        Some((algorithm, ours, theirs)) => values(What::Checksum, Some(algorithm), ours, theirs),
        None => found(What::Checksum, Held::Untold, Evidence::None),
    };
    let trimmed =
        |etag: &Option<String>| etag.clone().unwrap_or_default().trim_matches('"').to_owned();
    let (ours, theirs) = (trimmed(&receipt.etag), trimmed(&object.kept.etag));
    let etag = match ours.is_empty() || theirs.is_empty() {
        true => found(What::Etag, Held::Untold, Evidence::None),
        false => values(What::Etag, None, ours, theirs),
    };
    if receipt.version_id.is_some() || object.kept.version_id.is_some() {
        version(s3, &subject.target, receipt, object, progress).await;
    }
    let mut parts = Held::Untold;
    if capabilities.attributes.is_yes() && !receipt.parts.is_empty() && etag != Held::Differs {
        parts = made_of(s3, &subject.target, receipt, progress).await;
    }
    Ok(verdict(receipt, size, checksum, etag, parts))
}

fn verdict(receipt: &Receipt, size: Held, checksum: Held, etag: Held, parts: Held) -> Verdict {
    if size == Held::Differs || checksum == Held::Differs {
        return Verdict::Differs;
    }
    if checksum == Held::Same {
        return Verdict::Same;
    }
    if etag == Held::Differs || parts == Held::Differs {
        return Verdict::Differs;
    }
    // the ETag is that of the object that was compared then
    let was_proved = receipt.checksum.compared != crate::model::proof::Compared::Size;
    if etag == Held::Same && was_proved { Verdict::Same } else { Verdict::SizeOnly }
}

/// The algorithm that both know, and what each says.
fn reported(
    reported: &ReportedChecksums,
    receipt: &Receipt,
) -> Option<(&'static str, String, String)> {
    if let Some(theirs) = &reported.crc64nvme {
        return Some(("CRC64NVME", receipt.crc64nvme.clone(), theirs.clone()));
    }
    let checksum_mode = [ChecksumMode::Crc32c, ChecksumMode::Crc32]
        .into_iter()
        .find(|checksum_mode| checksum_mode.algorithm() == receipt.checksum.algorithm)?;
    let theirs = reported.for_mode(checksum_mode)?;
    // of the whole or of the parts: only like is compared with like
    let alike = theirs.contains('-') == receipt.checksum.value.contains('-');
    alike.then(|| (checksum_mode.algorithm(), receipt.checksum.value.clone(), theirs.to_owned()))
}

async fn version(
    s3: &S3,
    target: &Target,
    receipt: &Receipt,
    object: &Object,
    progress: &Progress,
) {
    if receipt.version_id == object.kept.version_id {
        let value = receipt.version_id.clone().unwrap_or_default();
        let said = Evidence::Value { algorithm: None, value };
        return progress.found(What::Version, Held::Same, said);
    }
    let kept = match &receipt.version_id {
        Some(version) => s3.head_version(target, Some(version)).await.ok().flatten().is_some(),
        None => false,
    };
    progress.found(What::Version, Held::Differs, Evidence::OtherVersion { kept });
}

/// The part table, as far as the server tells it.
async fn made_of(s3: &S3, target: &Target, receipt: &Receipt, progress: &Progress) -> Held {
    let makeup = match s3.makeup(target, None).await {
        Ok(makeup) if !makeup.parts.is_empty() => makeup,
        Ok(_) => {
            progress.found(What::Parts, Held::Untold, Evidence::PartsUntold);
            return Held::Untold;
        }
        Err(fault) => {
            progress.found(What::Parts, Held::Untold, Evidence::Refused { fault });
            return Held::Untold;
        }
    };
    let (mut wrong, mut summed) = (Vec::new(), 0);
    for part in &receipt.parts {
        let there = makeup.parts.iter().find(|(number, ..)| *number == part.number);
        let sum = there.and_then(|(_, _, reported)| reported.crc64nvme.as_ref());
        summed += usize::from(sum.is_some());
        let right = there.is_some_and(|(_, size, _)| *size == part.size)
            && sum.is_none_or(|sum| *sum == part.crc64nvme);
        if !right {
            wrong.push(part.number);
        }
    }
    let counted = |parts: usize| u32::try_from(parts).unwrap_or(u32::MAX);
    let (sent, there) = (counted(receipt.parts.len()), counted(makeup.parts.len()));
    if there != sent {
        progress.found(What::Parts, Held::Differs, Evidence::PartCount { sent, there });
        return Held::Differs;
    }
    if !wrong.is_empty() {
        let (parts, more) = runs(&wrong);
        progress.found(What::Parts, Held::Differs, Evidence::PartsDiffer { parts, more });
        return Held::Differs;
    }
    let sums = summed == receipt.parts.len();
    progress.found(What::Parts, Held::Same, Evidence::PartsSame { parts: sent, sums });
    Held::Same
}

async fn file_by_receipt(path: &Path, receipt: &Receipt, progress: &Progress) -> Result<()> {
    let (file, now) = match Source::open(path).await {
        Ok(opened) => opened,
        Err(fault) => {
            progress.found(What::File, Held::Untold, Evidence::Refused { fault });
            return Ok(());
        }
    };
    if now.size != receipt.size {
        let said = Evidence::FileSize { now: now.size, sent: receipt.size };
        progress.found(What::File, Held::Differs, said);
        return Ok(());
    }
    progress.lock().size = now.size;
    let file = Arc::new(file);
    let (mut at, on_read) = (0, |at| progress.lock().read = at);
    let mut differ = Vec::new();
    let whole = [(0, receipt.size, &receipt.crc64nvme)];
    let table = receipt.parts.iter().map(|part| (part.number, part.size, &part.crc64nvme));
    let table: Vec<_> = if receipt.parts.is_empty() { whole.to_vec() } else { table.collect() };
    for (number, size, ours) in &table {
        let sums = digests_of(&file, at..at + size, ChecksumMode::Crc64Nvme, &on_read).await?;
        at += size;
        if checksum::text64(sums.crc64) != **ours {
            differ.push(*number);
        }
    }
    if differ.is_empty() {
        progress.found(What::File, Held::Same, Evidence::FileSame);
        return Ok(());
    }
    if receipt.parts.is_empty() {
        differ.clear();
    }
    let (parts, more) = runs(&differ);
    progress.found(What::File, Held::Differs, Evidence::FileChanged { parts, more });
    Ok(())
}
