//! Sends the bytes: one PUT, or parts over the shared connections. Knows no phases.

use super::begin::content_type;
use super::{key_conflict, question};
use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::checksum::{self, ChecksumMode, Digests};
use crate::model::history::Event;
use crate::model::part_plan::Plan;
use crate::model::part_table::{PartNumber, PartState, Stored};
use crate::model::upload::IfExists;
use crate::persistence::journal::Entry;
use crate::s3::body::{Feed, Hasher, Payload, RangeBody, SendProgress, Trailer};
use crate::s3::{ChecksumPlacement, Kept, Seen};
use crate::scheduling::connection_pool::ConnectionPermit;
use crate::scheduling::retry::{Attempts, Next};
use crate::transfer::job::{Transfer, Worker};
use std::collections::HashMap;
use std::ops::Range;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Between two looks at whether the file is still the same.
const WATCH: Duration = Duration::from_secs(1);

impl Transfer<'_> {
    fn feed(&self, checksum_mode: ChecksumMode) -> Feed {
        Feed {
            file: self.job.file.clone(),
            pool: self.shared.buffer_pool.clone(),
            throttle: self.shared.throttle.clone(),
            outgoing: self.upload.statistics.outgoing(),
            checksum_mode,
        }
    }

    /// The whole file in one request, its checksum in the header. Fails with `SourceChanged` where it is not the file's any
    /// more.
    pub(super) async fn send_single(&self) -> Result<()> {
        let mut looked = Instant::now();
        let entry = self.upload.entry();
        let size = self.job.fingerprint.size;
        let checksum_mode = self.job.capabilities.checksum_mode;
        let digests = self.job.sums_of(0..size, Hasher::new(checksum_mode, false)).await?;
        let content_type = content_type(&entry);
        let (mut attempts, mut again) = (Attempts::default(), false);
        let mut condition =
            key_conflict::condition(self.upload, &entry, self.job.capabilities.conditional_put);
        Box::pin(self.job.s3.asks_to_encrypt(&entry.target, &entry.options)).await?;
        if entry.if_exists != IfExists::Replace {
            // noted before: after a kill, the object that is there by then may be this one
            self.worker().note_request().await?;
        }
        loop {
            // one that was not answered, of this run or one before
            let asked = self.upload.read(|entry| entry.requested_at.clone());
            let asked_before = asked.len() > 1 || again;
            let since = asked.first().copied().unwrap_or_default();
            // the server may not look for itself, and the look before is of another time
            let looks = entry.replaceable().is_some()
                || (key_conflict::must_be_absent(self.upload, &entry)
                    && !self.job.capabilities.conditional_put.is_yes());
            if again && looks {
                if self.is_there(&entry, Some(since)).await? {
                    return Ok(());
                }
                looked = Instant::now();
            }
            again = true;
            self.upload.may_start().await;
            let permit = self
                .shared
                .connection_pool
                .acquire(&self.upload.connection, self.upload.id, &self.upload.order, size)
                .await;
            // others went first for a while
            let is_old = looks && looked.elapsed() > LOOK_HOLDS;
            if is_old && self.is_there(&entry, asked_before.then_some(since)).await? {
                return Ok(());
            }
            let send_progress =
                self.upload.start_request(1, attempts.made() + 1, permit.progress.clone());
            // summed once: an MD5 costs more than all the rest
            let feed = self.feed(ChecksumMode::Crc64Nvme);
            let body = RangeBody::new(feed, send_progress.clone(), 0..size, None);
            let placement = ChecksumPlacement::Header(checksum_mode, digests);
            let payload = Payload { body, send_progress: send_progress.clone(), length: size };
            let sent = self
                .job
                .s3
                .put(&entry.target, &entry.options, &content_type, placement, &condition, payload)
                .await;
            match sent.is_ok() {
                true => permit.succeeded(),
                false => drop(permit),
            }
            let outcome = match (sent_as_summed(&send_progress, Some(digests), &sent), sent) {
                // somebody was first; or an earlier try of ours, whose answer was lost
                (_, Err(fault)) if fault.kind == FaultKind::Exists => {
                    match self
                        .worker()
                        .with_retries(&self.job.s3, || self.job.s3.look(&entry.target))
                        .await?
                    {
                        Seen::Taken(there)
                            if asked_before && self.is_ours(&there, since).await? =>
                        {
                            Ok(())
                        }
                        _ => Err(fault),
                    }
                }
                (Err(fault), _) | (_, Err(fault)) => Err(fault),
                (Ok(digests), Ok(kept)) => self.compare_single(digests, kept).await,
            };
            match outcome {
                Ok(()) => {
                    self.worker().reached();
                    let Digests { crc64, crc32, .. } = digests;
                    let stored = Stored { etag: String::new(), crc64, crc32, verified: true };
                    self.upload.end(1, PartState::Stored(stored));
                    return Ok(());
                }
                Err(fault) => {
                    self.upload.end(1, PartState::Pending);
                    if let Some(other) =
                        key_conflict::other_condition(self.upload, &condition, &fault)
                    {
                        condition = other;
                        continue;
                    }
                    self.worker().count_retry(&fault);
                    let worker = self.worker();
                    let tell = |times, fault: &_| worker.tell_again(None, times, fault);
                    worker.wait_to_retry(&self.job.s3, fault, &mut attempts, tell).await?;
                }
            }
        }
    }

    /// Looks at the key once more: true if the object there is this upload's, asked for at `since` or later. Fails with
    /// `Exists` if it is somebody else's that may not be replaced.
    async fn is_there(&self, entry: &Entry, since: Option<u64>) -> Result<bool> {
        let Some(there) = self.object_at_key().await? else { return Ok(false) };
        if let Some(since) = since
            && self.is_ours(&there, since).await?
        {
            self.shared.record(self.upload.id, &Event::ResponseLost);
            return Ok(true);
        }
        match entry.replaceable().is_some_and(|shown| question::is_shown(shown, &there)) {
            true => Ok(false),
            false => Err(key_conflict::refused(self.upload)),
        }
    }

    /// Sends what is not stored. Fails with `SourceChanged` where the file cannot be read as it was.
    pub(super) async fn send_parts(&self) -> Result<Sent> {
        let Self { shared, upload, job } = self;
        let entry = upload.entry();
        let Some(upload_id) = entry.upload_id.clone() else {
            return Err(Fault::new(FaultKind::Bug, "parts without an UploadId"));
        };
        let checksum_mode = entry.checksum_mode;
        let trailer =
            Trailer::for_mode(checksum_mode).filter(|_| job.capabilities.trailers.is_yes());
        let md5_etags = !self.md5_etags().is_no();
        // that it checks what goes ahead says nothing of what follows: there its own word is needed
        let checks_parts = job.capabilities.checks_parts.is_yes() && trailer.is_none();
        let mut attempts: HashMap<PartNumber, Attempts> = HashMap::new();
        let (mut watched, mut noted) = (Instant::now(), false);
        let mut tries: JoinSet<Tried> = JoinSet::new();
        // parts of one upload are of one size; until the first is kept, that may still be another
        let mut may_be_larger = self.may_be_larger();
        let mut larger: Option<(Plan, Instant)> = None;
        loop {
            match larger {
                Some((plan, _)) if tries.is_empty() => return Ok(Sent::Larger(plan)),
                // another part hangs: not worth the wait, and it could arrive later under a number that is used anew
                Some((_, since)) if since.elapsed() >= WATCH => larger = None,
                _ => {}
            }
            if upload.parts(|parts| parts.all_stored()) {
                return Ok(Sent::AllStored);
            }
            if !noted && watched.elapsed() >= WATCH {
                watched = Instant::now();
                // the rest is sent all the same: most of it stays as it is, and what does not is found at the end
                if self.is_unchanged().await.is_ok_and(|unchanged| !unchanged) {
                    noted = true;
                    shared.record(upload.id, &Event::BeingChanged);
                }
            }
            let now = shared.now();
            let (next, wakes_at) = upload.parts(|parts| (parts.next(now), parts.wakes_at()));
            let tried = tokio::select! {
                biased;
                Some(tried) = tries.join_next(), if !tries.is_empty() => Some(tried),
                permit = self.worker().next_permit(next.map(|(number, _)| job.part(number))), if next.is_some() && larger.is_none() => {
                    let Some((number, attempt)) = next else { continue };
                    let send_progress = upload.start_request(number, attempt, permit.progress.clone());
                    let range = job.part(number);
                    let (length, summed) = (range.end - range.start, range.clone());
                    // an MD5 goes ahead, and is not made twice
                    let leaving = if trailer.is_some() { checksum_mode } else { ChecksumMode::Crc64Nvme };
                    let body = RangeBody::new(self.feed(leaving), send_progress.clone(), range, trailer);
                    let payload = Payload { body, send_progress: send_progress.clone(), length };
                    let (job, target, upload_id) = (job.clone(), entry.target.clone(), upload_id.clone());
                    tries.spawn(async move {
                        let sending = async {
                            let (before, placement) = match trailer {
                                Some(trailer) => (None, ChecksumPlacement::Trailer(trailer)),
                                None => {
                                    let digests = job.sums_of(summed, Hasher::new(checksum_mode, false)).await?;
                                    (Some(digests), ChecksumPlacement::Header(checksum_mode, digests))
                                }
                            };
                            let kept = job.s3.part(&target, &upload_id, number, placement, payload).await;
                            let digests = sent_as_summed(&send_progress, before, &kept)?;
                            believed(kept?, digests, checksum_mode, md5_etags, checks_parts)
                        };
                        let outcome = sending.await;
                        match outcome.is_ok() {
                            true => permit.succeeded(),
                            false => drop(permit),
                        }
                        Tried { number, attempt, outcome }
                    });
                    None
                }
                () = tokio::time::sleep(WATCH), if larger.is_some() => None,
                () = shared.until(wakes_at.unwrap_or_default()), if next.is_none() && wakes_at.is_some() => None,
            };
            let Some(tried) = tried else { continue };
            let Tried { number, attempt, outcome } =
                tried.map_err(|_| Fault::new(FaultKind::Bug, "a part's sender ended early"))?;
            let fault = match outcome {
                Ok(_) if larger.is_some() => {
                    upload.end(number, PartState::Pending);
                    continue;
                }
                Ok(stored) => {
                    larger = upload
                        .age(number)
                        .filter(|_| std::mem::take(&mut may_be_larger))
                        .and_then(|age| self.larger_than(number, age))
                        .map(|plan| (plan, Instant::now()));
                    if larger.is_some() {
                        upload.end(number, PartState::Pending);
                        continue;
                    }
                    shared.journal.part_stored(upload.id, number, &stored);
                    upload.end(number, PartState::Stored(stored));
                    self.worker().reached();
                    shared.mark_changed();
                    continue;
                }
                Err(fault) if fault.is_code("NoSuchUpload") => return Ok(Sent::Gone),
                Err(fault) if fault.kind == FaultKind::SourceChanged => return Err(fault),
                Err(fault) => fault.on_part(number),
            };
            self.worker().count_retry(&fault);
            tracing::info!(id = upload.id, number, attempt, kind = ?fault.kind, detail = %fault.detail, "a part failed");
            let attempts = attempts.entry(number).or_default();
            let next = attempts.after(&fault, rand::random());
            let attempt = attempts.made();
            match next {
                Next::Stop => return Err(fault),
                Next::Again(wait) => {
                    self.worker().refused(&fault);
                    self.worker().tell_again(Some(number), attempt, &fault);
                    upload.end(number, PartState::Backoff { attempt, until: shared.now() + wait });
                }
                Next::WaitForNetwork => {
                    upload.end(number, PartState::Backoff { attempt, until: shared.now() });
                    self.worker().until_reached(&job.s3, fault).await?;
                }
            }
            shared.mark_changed();
        }
    }

    /// Nothing is stored, and nothing was known of the line when the part size was chosen.
    fn may_be_larger(&self) -> bool {
        self.upload.read(|entry| entry.wanted_part_size.is_none() && !entry.adopted)
            && self.worker().link_rate().is_none()
            && self.upload.parts(|parts| parts.tally().stored_parts) == 0
            && self.job.plan.parts() > 1
    }

    /// The plan for a line over which the first part was stored in so short a time; none where that makes little difference.
    fn larger_than(&self, number: PartNumber, age: Duration) -> Option<Plan> {
        let range = self.job.part(number);
        let millis = u64::try_from(age.as_millis()).unwrap_or(u64::MAX).max(1);
        let rate = (range.end - range.start).saturating_mul(1000) / millis;
        let rate = rate.min(self.shared.lowest_limit().unwrap_or(u64::MAX));
        let plan = Plan::suited(self.job.fingerprint.size, rate);
        (plan.parts() > 1 && plan.parts() < self.job.plan.parts() / 2).then_some(plan)
    }
}

/// What left, once it all did. Where it is not what was summed before, the file was changed in between, whatever the
/// server made of it.
fn sent_as_summed<T>(
    send_progress: &SendProgress,
    before: Option<Digests>,
    sent: &Result<T>,
) -> Result<Digests> {
    match (send_progress.ended(), before) {
        (Some(Ok(left)), Some(before)) if left.crc64 != before.crc64 => {
            Err(Fault::because(FaultKind::SourceChanged, Reason::ChangedWhileSent))
        }
        (Some(Ok(left)), before) => Ok(before.unwrap_or(left)),
        (Some(Err(fault)), _) => Err(fault),
        (None, _) => match sent {
            Ok(_) => Err(Fault::because(FaultKind::Server, Reason::AnsweredEarly)),
            Err(fault) => Err(fault.clone()),
        },
    }
}

/// How long a look at the key is good for: one that is older is done again before a file goes out in one request.
const LOOK_HOLDS: Duration = Duration::from_secs(1);

/// So many lines of one run tell that something goes again: a server that fails for an hour must not fill the journal.
const TOLD: u32 = 60;

impl Worker<'_> {
    /// In the history, at the first failure and then at every doubling.
    fn tell_again(self, part: Option<PartNumber>, times: u16, fault: &Fault) {
        if !times.is_power_of_two() {
            return;
        }
        match self.upload.tells_again() {
            ..TOLD => {
                let fault = fault.clone();
                self.shared.record(self.upload.id, &Event::Resent { part, times, fault });
            }
            TOLD => self.shared.record(self.upload.id, &Event::MoreResent),
            _ => {}
        }
    }

    /// Waits until another part may be sent.
    async fn next_permit(self, range: Option<Range<u64>>) -> ConnectionPermit {
        self.upload.may_start().await;
        let size = range.map_or(0, |range| range.end - range.start);
        self.shared
            .connection_pool
            .acquire(&self.upload.connection, self.upload.id, &self.upload.order, size)
            .await
    }
}

struct Tried {
    number: PartNumber,
    attempt: u16,
    outcome: Result<Stored>,
}

/// How sending the parts of an upload ended.
pub(super) enum Sent {
    AllStored,
    /// The multipart upload is gone on the server.
    Gone,
    /// The line is a fast one: in larger parts, before the first is kept.
    Larger(Plan),
}

/// A part is stored when the server said so and, where it said what it stored, that is what we sent.
fn believed(
    kept: Kept,
    digests: Digests,
    checksum_mode: ChecksumMode,
    md5_etags: bool,
    checks_parts: bool,
) -> Result<Stored> {
    let etag = kept.etag.unwrap_or_default();
    let by_etag = || match digests.md5 {
        Some(md5) if md5_etags && !kept.opaque && checksum::looks_like_md5(&etag) => {
            Some(checksum::etag_is_md5(&etag, md5))
        }
        _ => None,
    };
    let agrees = kept.reported.agrees(&digests, checksum_mode).or_else(by_etag);
    if agrees == Some(false) {
        return Err(Fault::because(FaultKind::Checksum, Reason::OtherBytes));
    }
    let verified = agrees.is_some() || checks_parts;
    Ok(Stored { etag, crc64: digests.crc64, crc32: digests.crc32, verified })
}
