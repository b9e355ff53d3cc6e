//! Going on with a multipart upload that somebody began: how it was cut and begun, and the file queued for it. Its worker holds
//! the parts against the file; nothing is sent here.

use super::holder;
use crate::engine::incomplete::types::Adopt;
use crate::engine::incomplete::{part_layout, scan};
use crate::engine::{Added, Engine};
use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::checksum::ChecksumMode;
use crate::model::history::Event;
use crate::model::object_options::Options;
use crate::model::part_plan::{Plan, check_key};
use crate::model::upload::Target;
use crate::persistence::journal::NewEntry;
use crate::persistence::journal::adoption::Held;
use crate::persistence::lists;
use crate::s3::body::{Hasher, sums_of};
use crate::s3::{CreatedWith, Listed, PartsOf, S3};
use crate::system::local_file::{self, Source};
use crate::system::paths::absolute;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

impl Engine {
    /// Queues a file to go on with an unfinished upload. Every part that is stored is compared with the file before a byte
    /// is sent; where none is the file's, the upload fails and what is on the server stays as it is.
    ///
    /// # Errors
    /// `Unsupported`, where it cannot be gone on with, or is in the list already; `SourceMissing`; as S3 says.
    pub async fn adopt(&self, adopt: Adopt) -> Result<Added> {
        let Adopt { connection, bucket, key, upload_id, path, if_exists, customer_key } = adopt;
        check_key(&key)?;
        self.check_free(&bucket, &key, &upload_id).await?;
        let path = absolute(Path::new(&path));
        let (file, fingerprint) = Source::open(&path).await?;
        let own = Options { customer_key, ..Options::default() };
        self.check_stored(&connection, &own).await?;
        let s3 = self.shared.s3(&connection).await?.at(&bucket);
        let s3 = s3.with_customer_key(self.shared.customer_key(&connection, &own).await?);
        let target = Target { connection, bucket, key };
        let there = scan::again(|| s3.parts_of(&target, &upload_id)).await.map_err(gone)?;
        let created_with = created_with(&s3, &target, &upload_id, &there).await?;
        let checksum_mode = match created_with {
            CreatedWith::ChecksumMode(checksum_mode) => checksum_mode,
            CreatedWith::Other(algorithm) => {
                return Err(Fault::because(
                    FaultKind::Unsupported,
                    Reason::OtherSums { algorithm },
                ));
            }
        };
        let stored: Vec<part_layout::Stored> =
            there.parts.iter().map(|part| (part.number, part.size)).collect();
        let plans = part_layout::plans_of(&stored, fingerprint.size)?;
        let plan = match (&plans[..], &there.parts[..]) {
            ([], _) => {
                let limits = self.shared.capabilities(&target.connection).capabilities.limits;
                let wanted = self.shared.settings.settings().part_size;
                let planned = Plan::within(fingerprint.size, wanted, &limits)?;
                part_layout::plan_for(planned, fingerprint.size)?
            }
            ([first, other], [part]) => {
                let (part, size) = (part.clone(), fingerprint.size);
                match part_is_at(file, part, first.range(stored[0].0, size), checksum_mode).await? {
                    true => *first,
                    false => *other,
                }
            }
            ([first, ..], _) => *first,
        };
        let storage_class = there.storage_class.filter(|class| class != "STANDARD");
        let new = NewEntry {
            name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            path,
            fingerprint,
            if_exists,
            options: Options { storage_class, ..own },
            wanted_part_size: None,
            added_at: self.shared.wall_clock(),
            target: target.clone(),
        };
        let id = {
            let _hands = self.hands.lock().await;
            // once more: two may have been asked for at one moment
            self.check_free(&target.bucket, &target.key, &upload_id).await?;
            self.shared.journal.adopt(new, Held { upload_id, plan, checksum_mode }).await?
        };
        let parts = u16::try_from(stored.len()).unwrap_or(u16::MAX);
        let bytes = stored.iter().map(|(_, size)| size).sum();
        self.shared.record(id, &Event::Adopted { parts, bytes });
        self.shared.mark_changed();
        self.shared.wake.notify_one();
        Ok(Added { count: 1, ids: vec![id] })
    }

    async fn check_free(&self, bucket: &str, key: &str, upload_id: &str) -> Result<()> {
        let holders = self.shared.journal.holders(bucket, vec![upload_id.to_owned()]).await?;
        match holder(&holders, key, upload_id) {
            Some(_) => Err(Fault::because(FaultKind::Unsupported, Reason::HeldAlready)),
            None => match self.shared.held_elsewhere(bucket).await.get(upload_id) {
                Some(folder) => Err(lists::held(folder)),
                None => Ok(()),
            },
        }
    }
}

fn gone(mut fault: Fault) -> Fault {
    if fault.is_code("NoSuchUpload") {
        fault.kind = FaultKind::Unsupported;
        fault.say(Reason::UnfinishedGone);
    }
    fault
}

/// By whichever list tells it; by the parts' own sums where neither does.
async fn created_with(
    s3: &S3,
    target: &Target,
    upload_id: &str,
    there: &PartsOf,
) -> Result<CreatedWith> {
    let untold = CreatedWith::ChecksumMode(ChecksumMode::Md5);
    if there.created_with != untold {
        return Ok(there.created_with.clone());
    }
    let listed = match scan::again(|| s3.unfinished_at(target)).await {
        Ok(listed) => listed.into_iter().find(|one| one.upload_id == upload_id),
        Err(fault) if matches!(fault.kind, FaultKind::Denied | FaultKind::Unsupported) => None,
        Err(fault) => return Err(fault),
    };
    if let Some(listed) = listed.filter(|listed| listed.created_with != untold) {
        return Ok(listed.created_with);
    }
    let all = |checksum_mode| {
        there.parts.iter().all(|part| part.reported.for_mode(checksum_mode).is_some())
    };
    let reported =
        [ChecksumMode::Crc64Nvme, ChecksumMode::Crc32cComposite, ChecksumMode::Crc32Composite];
    let by_parts =
        reported.into_iter().find(|checksum_mode| !there.parts.is_empty() && all(*checksum_mode));
    Ok(by_parts.map_or(untold, CreatedWith::ChecksumMode))
}

/// Does the file have this part's bytes there?
async fn part_is_at(
    file: Source,
    part: Listed,
    range: Range<u64>,
    checksum_mode: ChecksumMode,
) -> Result<bool> {
    let digests = sums_of(&Arc::new(file), range, Hasher::new(checksum_mode, true)).await?;
    let digests = digests.map_err(|error| local_file::reading_failed(&error))?;
    Ok(part.reported.holds(&part.etag, &digests, checksum_mode) == Some(true))
}
