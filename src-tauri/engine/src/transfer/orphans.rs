//! Multipart uploads on the server whose UploadId is in no journal: asked for with an answer that was never seen, or begun
//! by a journal that is lost. Knows how to tell ours from other people's; sends no bytes.

use super::adopt::Compared;
use crate::fault::{FaultKind, Result};
use crate::model::checksum::ChecksumMode;
use crate::model::history::Event;
use crate::model::part_plan::{MAX_PART, MAX_PARTS, MIN_PART, Plan};
use crate::s3::{Listed, S3, Unfinished};
use crate::transfer::job::{Job, Transfer, Worker};
use std::time::Duration;

/// Servers tell the time of a beginning by the second, and begin as late as we wait for an answer.
const EARLIER: Duration = Duration::from_secs(5);
const LATER: Duration = Duration::from_secs(65);
/// A journal that began anew looks for what the old one had begun for so long: most servers end such uploads after days.
const LOOKED_FOR: Duration = Duration::from_secs(60 * 24 * 3600);

impl Worker<'_> {
    /// Takes off what was begun for this key with an answer that nobody saw. `ours` is the one that was begun instead: by it
    /// the server's clock is known, and who the server thinks we are.
    pub(super) async fn sweep(self, s3: &S3, ours: &str) -> Result<()> {
        let entry = self.upload.entry();
        let Some((answered, lost)) = entry.requested_at.split_last() else { return Ok(()) };
        let target = &entry.target;
        let listed = match self.with_retries(s3, || s3.unfinished_at(target)).await {
            Ok(listed) => listed,
            Err(fault) if matches!(fault.kind, FaultKind::Denied | FaultKind::Unsupported) => {
                self.shared.record(self.upload.id, &Event::MayBeLeftBehind);
                vec![]
            }
            Err(fault) => return Err(fault),
        };
        let nobody = listed.iter().all(|one| one.initiator.is_none());
        if nobody && listed.iter().any(|one| one.upload_id != ours) {
            self.shared.record(self.upload.id, &Event::MayBeLeftBehind);
        }
        let known = self.shared.journal.upload_ids(target).await?;
        let elsewhere = self.shared.held_elsewhere(&target.bucket).await;
        for one in lost_ones(&listed, ours, *answered, lost) {
            // what has parts is somebody's work: ours had no time to get any
            let untouched = !known.contains(&one.upload_id)
                && !elsewhere.contains_key(&one.upload_id)
                && s3.list_parts(target, &one.upload_id).await.is_ok_and(|parts| parts.is_empty());
            if untouched && s3.abort(target, &one.upload_id).await.is_ok() {
                self.shared.record(self.upload.id, &Event::AbortedEmpty);
            }
        }
        self.upload.edit(|entry| entry.requested_at.clear());
        self.upload.save(&self.shared.journal).await
    }

    /// For an upload that is cancelled before the answer to its beginning was seen: begins one more, takes off by it what
    /// was lost, and answers its UploadId, to be aborted in turn.
    pub(super) async fn stand_in(self, s3: &S3) -> Result<String> {
        let created = self.create_upload(s3).await?;
        self.sweep(s3, &created).await?;
        Ok(created)
    }
}

/// Of the same person, and begun when we asked: `answered` and `lost` are times by our clock (ms).
fn lost_ones<'a>(
    listed: &'a [Unfinished],
    ours: &str,
    answered: u64,
    lost: &[u64],
) -> Vec<&'a Unfinished> {
    let own = listed.iter().find(|one| one.upload_id == ours);
    let Some((own, began)) = own.and_then(|own| Some((own, own.initiated?))) else { return vec![] };
    let ahead = began - answered.cast_signed();
    let ms = |time: Duration| i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
    let was_asked = |one: &&Unfinished| {
        one.initiated.is_some_and(|at| {
            lost.iter().any(|asked| {
                let asked = asked.cast_signed() + ahead;
                (asked - ms(EARLIER)..=asked + ms(LATER)).contains(&at)
            })
        })
    };
    listed
        .iter()
        // where nobody is named, everybody is the same
        .filter(|one| {
            one.upload_id != ours && own.initiator.is_some() && one.initiator == own.initiator
        })
        .filter(was_asked)
        .collect()
}

/// An upload of this key that a lost journal had begun, with parts that are this file's: gone on with.
pub(super) struct Found {
    pub(super) upload_id: String,
    pub(super) plan: Plan,
    pub(super) checksum_mode: ChecksumMode,
}

impl Transfer<'_> {
    /// Looks for one, where this journal took the place of a damaged one.
    pub(super) async fn found_again(&self) -> Result<Option<Found>> {
        let age = |at: u64| Duration::from_millis(self.shared.wall_clock().saturating_sub(at));
        if self.shared.journal.recreated_at().await?.is_none_or(|at| age(at) > LOOKED_FOR) {
            return Ok(None);
        }
        let (target, s3) = (self.upload.read(|entry| entry.target.clone()), &self.job.s3);
        let listed = match self.worker().with_retries(s3, || s3.unfinished_at(&target)).await {
            Ok(listed) => listed,
            Err(fault) if matches!(fault.kind, FaultKind::Denied | FaultKind::Unsupported) => {
                return Ok(None);
            }
            Err(fault) => return Err(fault),
        };
        let known = self.shared.journal.upload_ids(&target).await?;
        for one in listed {
            if known.contains(&one.upload_id) {
                continue;
            }
            let Ok(parts) = s3.list_parts(&target, &one.upload_id).await else { continue };
            let Some(plan) = plan_of(&parts, self.job.fingerprint.size) else { continue };
            let as_planned = self.with_job(Job { plan, ..self.job.clone() });
            self.upload.edit(|entry| entry.checksum_mode = one.checksum_mode());
            let (mut ours, mut compared) = (true, Compared::default());
            for part in &parts {
                ours =
                    ours && as_planned.adopted_part(part.clone(), &mut compared).await?.is_some();
            }
            if ours && compared.is_this_file() {
                let checksum_mode = one.checksum_mode();
                return Ok(Some(Found { upload_id: one.upload_id, plan, checksum_mode }));
            }
        }
        Ok(None)
    }
}

/// The plan by which a file of this size was cut into parts of these sizes; none where it was not.
fn plan_of(parts: &[Listed], size: u64) -> Option<Plan> {
    let part_size = parts.iter().map(|part| part.size).max()?;
    if !(MIN_PART..=MAX_PART).contains(&part_size) || part_size >= size {
        return None;
    }
    let count = size.div_ceil(part_size);
    let plan = Plan::Multipart { part_size, parts: u16::try_from(count).ok()? };
    let fits = |part: &Listed| {
        let range = plan.range(part.number, size);
        (1..=plan.parts()).contains(&part.number) && range.end - range.start == part.size
    };
    (count <= u64::from(MAX_PARTS) && parts.iter().all(fits)).then_some(plan)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::checksum::ReportedChecksums;
    use crate::model::part_plan::MIB;
    use crate::s3::CreatedWith;

    fn unfinished(upload_id: &str, initiated: i64, initiator: &str) -> Unfinished {
        Unfinished {
            upload_id: upload_id.into(),
            initiated: Some(initiated),
            initiator: Some(initiator.into()),
            whose: None,
            storage_class: None,
            key: "k".into(),
            created_with: CreatedWith::ChecksumMode(ChecksumMode::Crc64Nvme),
        }
    }

    #[test]
    fn only_what_we_asked_for_ourselves_is_taken_for_lost() {
        // the server's clock is a minute ahead
        let ahead = 60_000;
        let listed = [
            unfinished("ours", 500_000 + ahead, "me"),
            unfinished("lost", 101_000 + ahead, "me"),
            unfinished("before", 90_000 + ahead, "me"),
            unfinished("between", 300_000 + ahead, "me"),
            unfinished("a colleague's", 101_000 + ahead, "she"),
        ];
        let lost = |asked: &[u64]| -> Vec<String> {
            let found = lost_ones(&listed, "ours", 500_000, asked);
            found.iter().map(|one| one.upload_id.clone()).collect()
        };
        assert_eq!(lost(&[100_000]), ["lost"]);
        assert!(lost(&[]).is_empty());
        let nobody = |one: &Unfinished| Unfinished { initiator: None, ..one.clone() };
        let unnamed: Vec<_> = listed.iter().map(nobody).collect();
        assert!(lost_ones(&unnamed, "ours", 500_000, &[100_000]).is_empty(), "anybody's");
        assert!(
            lost_ones(&listed[1..], "ours", 500_000, &[100_000]).is_empty(),
            "no clock to go by"
        );
    }

    #[test]
    fn a_plan_is_read_off_its_parts() {
        let part = |number, size| Listed {
            number,
            size,
            etag: String::new(),
            reported: ReportedChecksums::default(),
        };
        let size = 21 * MIB;
        let plan = Plan::Multipart { part_size: 5 * MIB, parts: 5 };
        assert_eq!(plan_of(&[part(2, 5 * MIB)], size), Some(plan));
        assert_eq!(plan_of(&[part(1, 5 * MIB), part(5, MIB)], size), Some(plan));
        assert_eq!(plan_of(&[part(1, 5 * MIB), part(4, MIB)], size), None);
        assert_eq!(plan_of(&[part(6, 5 * MIB)], size), None);
        assert_eq!(plan_of(&[part(5, MIB)], size), None);
        assert_eq!(plan_of(&[], size), None);
    }
}
