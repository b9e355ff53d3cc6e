//! Which parts are stored: what the server lists against what the journal has, or against the file.

use crate::fault::Result;
use crate::model::checksum::{ChecksumMode, Digests, same_etag};
use crate::model::history::Event;
use crate::model::part_table::{PartNumber, PartState, Parts, Stored};
use crate::s3::Listed;
use crate::s3::body::Hasher;
use crate::transfer::adopt;
use crate::transfer::begin::Unread;
use crate::transfer::job::{Transfer, Worker};
use std::collections::HashMap;

impl Transfer<'_> {
    /// Takes over the parts that server and journal, or server and file, agree on. Answers the numbers of parts that are
    /// stored in another size than they have by now; none where the upload is gone.
    pub(super) async fn reconcile(&self, upload_id: &str) -> Result<Option<Vec<PartNumber>>> {
        let entry = self.upload.entry();
        let unread = Unread::default();
        let list = || async {
            let listed = self.job.s3.list_parts(&entry.target, upload_id).await;
            listed.map_err(|fault| unread.judge(fault))
        };
        let listed = self.worker().with_retries(&self.job.s3, list).await;
        let listed = match listed {
            Ok(listed) => listed,
            Err(fault) if fault.is_code("NoSuchUpload") => return Ok(None),
            // what the journal has of each part is the server's own answer: Complete tells whether it still holds
            Err(fault) if (fault.is_unlisted() || fault.is_unread()) && !entry.adopted => {
                return self.as_journaled().await.map(Some);
            }
            Err(fault) => return Err(fault),
        };
        let known: HashMap<_, _> =
            self.shared.journal.parts(self.upload.id).await?.into_iter().collect();
        let mut parts = Parts::new(self.job.plan, self.job.fingerprint.size);
        let (mut resumed, mut resized) = (0, Vec::new());
        let mut compared = adopt::Compared::default();
        for part in listed {
            compared.listed += 1;
            if part.number == 0 || part.number > self.job.plan.parts() {
                continue;
            }
            if parts.bytes(part.number) != part.size {
                resized.push(part.number);
                continue;
            }
            let stored = match known.get(&part.number) {
                Some(stored) if is_still(stored, &part, entry.checksum_mode) => {
                    Some(stored.clone())
                }
                _ => {
                    compared.goes_on(self);
                    self.adopted_part(part.clone(), &mut compared).await?
                }
            };
            if let Some(stored) = stored {
                if !known.contains_key(&part.number) {
                    self.shared.journal.part_stored(self.upload.id, part.number, &stored);
                }
                resumed += part.size;
                parts.set(part.number, PartState::Stored(stored));
            }
        }
        adopt::judge(self.upload, &compared)?;
        self.upload.set_parts(parts);
        self.worker().tell_found(resumed);
        Ok(Some(resized))
    }

    /// The parts as the journal has them, where these keys may not list them, or nobody can.
    async fn as_journaled(&self) -> Result<Vec<PartNumber>> {
        let mut parts = Parts::new(self.job.plan, self.job.fingerprint.size);
        let mut resumed = 0;
        for (number, stored) in self.shared.journal.parts(self.upload.id).await? {
            if (1..=self.job.plan.parts()).contains(&number) {
                resumed += parts.bytes(number);
                parts.set(number, PartState::Stored(stored));
            }
        }
        self.upload.set_parts(parts);
        self.worker().tell_found(resumed);
        Ok(vec![])
    }

    /// A part that the server has and the journal does not know: believed only where its checksum is that of our bytes.
    pub(super) async fn adopted_part(
        &self,
        part: Listed,
        compared: &mut adopt::Compared,
    ) -> Result<Option<Stored>> {
        let checksum_mode = self.upload.read(|entry| entry.checksum_mode);
        let range = self.job.plan.range(part.number, self.job.fingerprint.size);
        let digests = self.job.sums_of(range, Hasher::new(checksum_mode, true)).await?;
        let holds = part.reported.holds(&part.etag, &digests, checksum_mode);
        compared.saw(holds, &digests, part.size);
        let Listed { etag, .. } = part;
        let stored = Stored { etag, crc64: digests.crc64, crc32: digests.crc32, verified: true };
        Ok(Some(stored).filter(|_| holds == Some(true)))
    }
}

/// Is the part on the server the one that the journal knows, as far as the server tells?
fn is_still(known: &Stored, there: &Listed, checksum_mode: ChecksumMode) -> bool {
    let digests = Digests { crc64: known.crc64, crc32: known.crc32, md5: None };
    same_etag(&known.etag, &there.etag)
        && there.reported.holds(&there.etag, &digests, checksum_mode) != Some(false)
}

impl Worker<'_> {
    fn tell_found(self, resumed: u64) {
        if !self.upload.statistics.has_sent() {
            self.upload.edit(|entry| entry.resumed = resumed);
            if resumed > 0 {
                let tally = self.upload.tally();
                let (stored, parts) = (tally.stored_parts, tally.parts);
                self.shared
                    .record(self.upload.id, &Event::FoundStored { stored, parts, bytes: resumed });
            }
        }
    }
}
