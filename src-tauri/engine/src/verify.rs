//! A finished upload verified again, at any time: the receipt against what the server tells without downloading, and
//! against the local file. Knows no queue.

mod by_file;

use crate::body::{Summing, summed};
use crate::fault::{Fault, FaultKind, Outcome};
use crate::provider::Manners;
use crate::receipt::{Finding, Held, Receipt, Verdict, Verification, What};
use crate::s3::{Object, S3};
use crate::source;
use crate::sum::{self, Rung, Sums, Told};
use crate::upload::Target;
use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Bytes of the file that are read between two looks at whether anybody still waits.
const STEP: u64 = 8 << 20;

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
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn now(&self) -> Verification {
        self.lock().clone()
    }

    fn found(&self, what: What, held: Held, said: impl Into<String>) {
        self.lock().findings.push(Finding { what, held, said: said.into() });
    }

    pub(crate) fn end(&self, outcome: Outcome<Verdict>) {
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
    manners: &Manners,
    subject: &Subject,
    progress: &Progress,
) -> Outcome<Verdict> {
    let Some(object) = s3.head(&subject.target).await? else {
        progress.found(What::Object, Held::Differs, "no object has this key");
        return Ok(Verdict::Gone);
    };
    progress.found(What::Object, Held::Same, "it is there");
    match &subject.receipt {
        Some(receipt) => {
            let verdict = by_receipt(s3, manners, subject, receipt, &object, progress).await?;
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
            by_file::verify(s3, manners, &subject.target, file, &object, progress).await
        }
    }
}

async fn by_receipt(
    s3: &S3,
    manners: &Manners,
    subject: &Subject,
    receipt: &Receipt,
    object: &Object,
    progress: &Progress,
) -> Outcome<Verdict> {
    let found = |what, held, said: String| {
        progress.found(what, held, said);
        held
    };
    let both = |one: &str, other: &str| match one == other {
        true => one.to_owned(),
        false => format!("{one} was sent, {other} is there"),
    };
    let size = found(
        What::Size,
        same(receipt.size == object.size),
        both(&counted(receipt.size), &counted(object.size)),
    );
    let checksum = match told(&object.kept.told, receipt) {
        Some((algorithm, ours, theirs)) => {
            let said = format!("{algorithm} {}", both(&ours, &theirs));
            found(What::Checksum, same(ours == theirs), said)
        }
        None => found(What::Checksum, Held::Untold, "the server tells none".into()),
    };
    let trimmed =
        |etag: &Option<String>| etag.clone().unwrap_or_default().trim_matches('"').to_owned();
    let (ours, theirs) = (trimmed(&receipt.etag), trimmed(&object.kept.etag));
    let etag = match ours.is_empty() || theirs.is_empty() {
        true => found(What::Etag, Held::Untold, "the server tells none".into()),
        false => found(What::Etag, same(ours == theirs), both(&ours, &theirs)),
    };
    if receipt.version_id.is_some() || object.kept.version_id.is_some() {
        version(s3, &subject.target, receipt, object, progress).await;
    }
    let mut parts = Held::Untold;
    if manners.attributes.is_yes() && !receipt.parts.is_empty() && etag != Held::Differs {
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
    let was_proved = receipt.checksum.compared != crate::page::Compared::Size;
    if etag == Held::Same && was_proved { Verdict::Same } else { Verdict::SizeOnly }
}

fn same(same: bool) -> Held {
    if same { Held::Same } else { Held::Differs }
}

/// The algorithm that both know, and what each says.
fn told(told: &Told, receipt: &Receipt) -> Option<(&'static str, String, String)> {
    if let Some(theirs) = &told.crc64nvme {
        return Some(("CRC64NVME", receipt.crc64nvme.clone(), theirs.clone()));
    }
    let rung = [Rung::Crc32c, Rung::Crc32]
        .into_iter()
        .find(|rung| rung.algorithm() == receipt.checksum.algorithm)?;
    let theirs = told.of(rung)?;
    // of the whole or of the parts: only like is held against like
    let alike = theirs.contains('-') == receipt.checksum.value.contains('-');
    alike.then(|| (rung.algorithm(), receipt.checksum.value.clone(), theirs.to_owned()))
}

async fn version(
    s3: &S3,
    target: &Target,
    receipt: &Receipt,
    object: &Object,
    progress: &Progress,
) {
    if receipt.version_id == object.kept.version_id {
        let said = receipt.version_id.clone().unwrap_or_default();
        return progress.found(What::Version, Held::Same, said);
    }
    let kept = match &receipt.version_id {
        Some(version) => s3.head_version(target, Some(version)).await.ok().flatten().is_some(),
        None => false,
    };
    let said = match kept {
        true => "another version is the current one; the one that was sent is still kept",
        false => "another version is the current one",
    };
    progress.found(What::Version, Held::Differs, said);
}

/// The part table, as far as the server tells it.
async fn made_of(s3: &S3, target: &Target, receipt: &Receipt, progress: &Progress) -> Held {
    let makeup = match s3.makeup(target, None).await {
        Ok(makeup) if !makeup.parts.is_empty() => makeup,
        Ok(_) => {
            progress.found(What::Parts, Held::Untold, "the server does not tell them");
            return Held::Untold;
        }
        Err(fault) => {
            progress.found(What::Parts, Held::Untold, fault.detail);
            return Held::Untold;
        }
    };
    let (mut wrong, mut summed) = (Vec::new(), 0);
    for part in &receipt.parts {
        let there = makeup.parts.iter().find(|(number, ..)| *number == part.number);
        let sum = there.and_then(|(_, _, told)| told.crc64nvme.as_ref());
        summed += usize::from(sum.is_some());
        let right = there.is_some_and(|(_, size, _)| *size == part.size)
            && sum.is_none_or(|sum| *sum == part.crc64nvme);
        if !right {
            wrong.push(part.number);
        }
    }
    let count = receipt.parts.len();
    if makeup.parts.len() != count {
        let said = format!("{count} were sent, {} are there", makeup.parts.len());
        progress.found(What::Parts, Held::Differs, said);
        return Held::Differs;
    }
    if !wrong.is_empty() {
        progress.found(What::Parts, Held::Differs, format!("other than sent: {}", numbers(&wrong)));
        return Held::Differs;
    }
    let what = if summed == count { "sizes and checksums" } else { "sizes" };
    progress.found(What::Parts, Held::Same, format!("{count} parts, by their {what}"));
    Held::Same
}

/// "41,943,040 bytes"
fn counted(bytes: u64) -> String {
    let digits = bytes.to_string();
    let comma = |(at, digit): (usize, char)| {
        let here = at > 0 && (digits.len() - at).is_multiple_of(3);
        here.then_some(',').into_iter().chain([digit])
    };
    digits.chars().enumerate().flat_map(comma).chain(" bytes".chars()).collect()
}

/// "3, 7 to 9", the first few.
fn numbers(numbers: &[u16]) -> String {
    let mut runs: Vec<Range<u16>> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some(run) if run.end == *number => run.end += 1,
            _ => runs.push(*number..number + 1),
        }
    }
    let word = |run: &Range<u16>| match run.len() {
        1 => run.start.to_string(),
        _ => format!("{} to {}", run.start, run.end - 1),
    };
    let shown: Vec<String> = runs.iter().take(8).map(word).collect();
    let more = if runs.len() > 8 { " and more" } else { "" };
    format!("{}{more}", shown.join(", "))
}

async fn file_by_receipt(path: &Path, receipt: &Receipt, progress: &Progress) -> Outcome<()> {
    let (file, now) = match source::open(path) {
        Ok(opened) => opened,
        Err(fault) => {
            progress.found(What::File, Held::Untold, fault.detail);
            return Ok(());
        }
    };
    if now.size != receipt.size {
        let said =
            format!("it has {} by now, and {} were sent", counted(now.size), counted(receipt.size));
        progress.found(What::File, Held::Differs, said);
        return Ok(());
    }
    progress.lock().size = now.size;
    let file = Arc::new(file);
    let mut at = 0;
    let mut differ = Vec::new();
    let whole = [(0, receipt.size, &receipt.crc64nvme)];
    let table = receipt.parts.iter().map(|part| (part.number, part.size, &part.crc64nvme));
    let table: Vec<_> = if receipt.parts.is_empty() { whole.to_vec() } else { table.collect() };
    for (number, size, ours) in &table {
        let sums = read(&file, at..at + size, Rung::Crc64Nvme, progress).await?;
        at += size;
        if sum::text64(sums.crc64) != **ours {
            differ.push(*number);
        }
    }
    match (differ.is_empty(), receipt.parts.is_empty()) {
        (true, _) => progress.found(What::File, Held::Same, "every byte is what was sent"),
        (false, true) => progress.found(What::File, Held::Differs, "it has changed since"),
        (false, false) => {
            let said = format!("it has changed since, in part {}", numbers(&differ));
            progress.found(What::File, Held::Differs, said);
        }
    }
    Ok(())
}

async fn read(
    file: &Arc<File>,
    range: Range<u64>,
    rung: Rung,
    progress: &Progress,
) -> Outcome<Sums> {
    let mut summing = Summing::new(rung, false);
    let mut at = range.start;
    while at < range.end {
        let (file, step) = (file.clone(), at..(at + STEP).min(range.end));
        at = step.end;
        let read = tokio::task::spawn_blocking(move || summed(&file, step, summing)).await;
        let read = read.map_err(|_| Fault::new(FaultKind::Bug, "reading the file ended early"))?;
        summing = read.map_err(|error| {
            Fault::new(FaultKind::SourceMissing, format!("reading the file failed: {error}"))
        })?;
        progress.lock().read = at;
    }
    Ok(summing.sums())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_told_in_thousands() {
        assert_eq!(counted(0), "0 bytes");
        assert_eq!(counted(999), "999 bytes");
        assert_eq!(counted(41_943_040), "41,943,040 bytes");
    }

    #[test]
    fn numbers_are_told_in_runs() {
        assert_eq!(numbers(&[3, 7, 8, 9]), "3, 7 to 9");
        let many: Vec<u16> = (1..40).step_by(2).collect();
        assert!(numbers(&many).ends_with("and more"));
    }
}
