//! Panics and the report about them.

use super::Answer;
use crate::diagnostics::panics::{self, Panicked};
use crate::diagnostics::report::Report;
use crate::{Shell, dialogs};
use serde::Deserialize;
use tauri::State;
use windlass_engine::{Fault, FaultKind};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub(crate) struct SaveReport {
    /// Include the names of files, buckets, keys and servers.
    names: bool,
    /// The dialog's title.
    title: String,
    /// The suggested file name.
    name: String,
}

pub(super) async fn panicked(shell: State<'_, Shell>, arg: ()) -> Answer<Option<Panicked>> {
    let ((), _) = (arg, shell);
    Ok(panics::last())
}

pub(super) async fn dismiss_panic(shell: State<'_, Shell>, arg: ()) -> Answer<()> {
    let ((), _) = (arg, shell);
    panics::dismiss();
    Ok(())
}

pub(super) async fn save_report(
    shell: State<'_, Shell>,
    arg: SaveReport,
) -> Answer<Option<String>> {
    let Some(path) = dialogs::save(&shell.app, &arg.title, &arg.name).await else {
        return Ok(None);
    };
    let report = Report::collect(&shell.engine, &shell.logs).await?;
    let told = path.to_string_lossy().into_owned();
    let written = tauri::async_runtime::spawn_blocking(move || report.save(&path, arg.names));
    match written.await {
        Ok(saved) => saved.map(|()| Some(told)),
        Err(error) => {
            Err(Fault::new(FaultKind::Bug, format!("the report was not written: {error}")))
        }
    }
}
