//! CreateMultipartUpload: asked for in the journal before, and its UploadId in the journal before a byte goes out.

use crate::fault::{Fault, FaultKind, Outcome, Why};
use crate::persistence::journal::Entry;
use crate::s3::S3;
use crate::transfer::active::Active;
use crate::transfer::shared::World;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// A new multipart upload, its UploadId in the journal before a byte goes out.
pub(super) async fn begin(world: &Arc<World>, active: &Active, s3: &S3) -> Outcome<String> {
    let entry = active.entry();
    let content_type = content_type(&entry);
    let begun_at = AtomicU64::new(0);
    let unread = AtomicU32::new(0);
    let begin = || async {
        // noted before: an answer that is lost leaves an upload on the server that is found by its time
        ask(world, active).await?;
        begun_at.store(world.wall_clock(), Ordering::Relaxed);
        let begun = s3.begin(&entry.target, &entry.options, &content_type, entry.rung).await;
        if begun.as_ref().is_err_and(|fault| match fault.status {
            Some(status) => status / 100 == 4,
            // without keys nothing has left
            None => fault.kind == FaultKind::Credentials,
        }) {
            // refused, not lost
            active.edit(|entry| entry.asked.truncate(entry.asked.len().saturating_sub(1)));
        }
        begun.map_err(|fault| {
            let is_unread = matches!(fault.why.get(), Some(Why::CutShort { .. }));
            match is_unread && unread.fetch_add(1, Ordering::Relaxed) + 1 >= UNREAD {
                true => Fault { kind: FaultKind::Unsupported, ..fault },
                false => fault,
            }
        })
    };
    let begun = world.patient(active, s3, begin).await?;
    active.edit(|entry| {
        entry.upload_id = Some(begun.upload_id.clone());
        entry.begun_at = Some(begun_at.into_inner());
        entry.complete_asked = false;
        // what it does not name, it does not know: no more is claimed than its ETags prove
        entry.rung = begun.rung;
        if entry.asked.len() == 1 {
            entry.asked.clear();
        }
    });
    if let Err(fault) = active.save(&world.journal).await {
        // an upload that could not be noted would be left behind: off with it
        let _ = s3.abort(&entry.target, &begun.upload_id).await;
        active.edit(|entry| entry.upload_id = None);
        return Err(fault);
    }
    Ok(begun.upload_id)
}

/// Each such answer can leave an upload on the server that nobody can tell from another's.
const UNREAD: u32 = 3;

/// Notes on the disk that something is asked for now whose answer may be lost.
pub(super) async fn ask(world: &World, active: &Active) -> Outcome<()> {
    let now = world.wall_clock();
    active.edit(|entry| {
        entry.asked.push(now);
        let oldest = entry.asked.len().saturating_sub(ASKED);
        entry.asked.drain(..oldest);
    });
    active.save(&world.journal).await
}

/// So many times of asking are remembered: a server that is off and on for a day must not fill the journal.
const ASKED: usize = 32;

pub(super) fn content_type(entry: &Entry) -> String {
    match &entry.options.content_type {
        Some(given) => given.clone(),
        None => mime_guess::from_path(&entry.path)
            .first_raw()
            .unwrap_or("application/octet-stream")
            .to_owned(),
    }
}
