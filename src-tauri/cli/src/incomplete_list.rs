//! The incomplete multipart uploads of a bucket, and which of them belong to uploads of this computer.

use crate::output::stdio;
use crate::signals::StopSignal;
use crate::state;
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::HashSet;
use std::io::IsTerminal;
use std::path::Path;
use std::time::Duration;
use windlass_engine::{
    Engine, Fault, LookUnfinished, Result, UnfinishedName, UnfinishedQuery, UnfinishedUpload,
    held_in, lists,
};

/// Interval between two polls.
const LOOK: Duration = Duration::from_millis(100);
/// Rows per page.
const PAGE: u32 = 1_000;

/// The multipart uploads, each with whether it belongs to an upload of this computer.
pub(crate) struct IncompleteList {
    pub(crate) uploads: Vec<(UnfinishedUpload, bool)>,
    /// The bucket has more than were listed.
    pub(crate) more: bool,
}

impl IncompleteList {
    pub(crate) fn count(&self) -> u32 {
        u32::try_from(self.uploads.len()).unwrap_or(u32::MAX)
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.uploads.iter().filter_map(|(one, _)| one.bytes).sum()
    }
}

/// Lists the bucket until the scan ends or is interrupted.
///
/// # Errors
/// The fault that prevented it, or `None` if interrupted.
pub(crate) async fn scan(
    engine: &Engine,
    wanted: LookUnfinished,
    state: Option<&Path>,
    stop: &StopSignal,
) -> Result<IncompleteList, Option<Fault>> {
    let (bucket, held) = (wanted.bucket.clone(), held(&wanted.bucket, state)?);
    let id = engine.look_unfinished(wanted);
    let bar = std::io::stderr().is_terminal().then(|| {
        let bar = ProgressBar::new_spinner();
        bar.set_style(
            ProgressStyle::with_template("{spinner} {msg}")
                .unwrap_or_else(|_| ProgressStyle::default_spinner()),
        );
        bar
    });
    let ended = loop {
        let now = engine.unfinished(UnfinishedQuery { id, offset: 0, limit: 0 }).await?;
        if !now.running {
            break now;
        }
        if let Some(bar) = &bar {
            let so_far = format!("{} found, {} checked", now.count, now.sized);
            bar.set_message(format!("Scanning {}: {so_far}", stdio::plain(&bucket)));
            bar.tick();
        }
        tokio::select! {
            biased;
            () = stop.requested() => {
                engine.forget_unfinished(id);
                return Err(None);
            }
            () = tokio::time::sleep(LOOK) => {}
        }
    };
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    if let Some(fault) = ended.fault {
        return Err(Some(fault));
    }
    let mut uploads = Vec::new();
    loop {
        let offset = u32::try_from(uploads.len()).unwrap_or(u32::MAX);
        let page = engine.unfinished(UnfinishedQuery { id, offset, limit: PAGE }).await?.uploads;
        if page.is_empty() {
            break;
        }
        uploads.extend(page.into_iter().map(|one| {
            let is_held = held.contains(&name_of(&one));
            (one, is_held)
        }));
    }
    engine.forget_unfinished(id);
    Ok(IncompleteList { uploads, more: ended.more })
}

pub(crate) fn name_of(one: &UnfinishedUpload) -> UnfinishedName {
    UnfinishedName { key: one.key.clone(), upload_id: one.upload_id.clone() }
}

/// The multipart uploads of a bucket that belong to uploads of the app or of other runs. Journals that cannot be read are
/// ignored.
///
/// # Errors
/// `Storage`, if the folder of the runs cannot be read.
pub(crate) fn held(bucket: &str, state: Option<&Path>) -> Result<HashSet<UnfinishedName>> {
    let mut folders = state::slots(&state::folder(state)?)?;
    folders.extend(lists::known(&state::app_folder()?.join("lists")));
    folders.push(state::app_folder()?);
    let all = folders.iter().filter_map(|folder| held_in(folder).ok()).flatten();
    Ok(all.filter(|(of, _)| of == bucket).map(|(_, name)| name).collect())
}
