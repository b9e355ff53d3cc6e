//! A local copy of a file that never keeps still, so that one state of it can be sent.

use crate::fault::{Fault, FaultKind, Result, Unstable};
use crate::model::history::Event;
use crate::model::waiting::BlockedOn;
use crate::system::local_file;
use crate::system::paths::verbatim;
use crate::transfer::file_changes::{changing, open_settled};
use crate::transfer::job::Worker;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A copy that the file did not keep still for is made so many times.
const COPIES: u32 = 3;

impl Worker<'_> {
    /// Copies the file as it is now, so that one state of it can be sent however it goes on changing. Shares the blocks where
    /// the file system can.
    pub(super) async fn copy_source(self) -> Result<()> {
        let entry = self.upload.entry();
        let copy = self.shared.copy_of(self.upload.id);
        self.upload.waits_for(BlockedOn::Copying);
        self.shared.mark_changed();
        for _ in 0..COPIES {
            let before = open_settled(&entry.path).await?.fingerprint;
            copy_file(&entry.path, &copy).await?;
            let after = local_file::fingerprint(&entry.path).await?;
            if self.upload.stability.is_same(&after, &before) && before.young().is_none() {
                self.upload.edit(|entry| entry.copy = Some(copy));
                self.upload.save(&self.shared.journal).await?;
                self.shared.record(self.upload.id, &Event::Copied);
                return Ok(());
            }
        }
        drop_copy(&copy);
        Err(changing(Unstable::WhileCopied))
    }
}

async fn copy_file(from: &Path, to: &Path) -> Result<()> {
    struct CalledOff(Arc<AtomicBool>);
    impl Drop for CalledOff {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
    let called_off = CalledOff(Arc::default());
    let (from, to, flag) = (from.to_owned(), to.to_owned(), called_off.0.clone());
    let copied = tokio::task::spawn_blocking(move || {
        let made = to.parent().map_or(Ok(()), std::fs::create_dir_all);
        // under a name of its own: one that was called off may still be copying
        let on_the_way = to.with_extension(format!("{:08x}", rand::random::<u32>()));
        let copied = made.and_then(|()| std::fs::copy(verbatim(&from), &on_the_way)).and_then(
            |_| match flag.load(Ordering::Relaxed) {
                true => Err(std::io::ErrorKind::Interrupted.into()),
                false => std::fs::rename(&on_the_way, &to),
            },
        );
        if copied.is_err() {
            drop_copy(&on_the_way);
        }
        copied
    });
    let copied = copied.await.map_err(|_| Fault::new(FaultKind::Bug, "copying ended early"))?;
    copied.map_err(|error| {
        let mut fault = changing(Unstable::NoCopy { cause: error.to_string() });
        if error.kind() == std::io::ErrorKind::NotFound {
            fault.kind = FaultKind::SourceMissing;
        }
        fault
    })
}

/// A copy that is not needed any more.
pub(crate) fn drop_copy(copy: &Path) {
    match std::fs::remove_file(copy) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            tracing::warn!(%error, copy = %copy.display(), "a copy could not be removed");
        }
        _ => {}
    }
}

/// Copies whose uploads are gone: of a process that died, or of rows that were forgotten.
pub(crate) fn drop_orphans(folder: &Path, kept: &[PathBuf]) {
    let Ok(found) = std::fs::read_dir(folder) else { return };
    for copy in found.flatten().map(|entry| entry.path()) {
        // by their names: the folder itself may be known by another path
        if !kept.iter().any(|one| one.file_name() == copy.file_name()) {
            drop_copy(&copy);
        }
    }
}
