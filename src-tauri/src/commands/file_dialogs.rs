//! The commands that open the system's dialogs. One short body each; what they answer is the person's choice.

use super::Answer;
use crate::{Shell, dialogs};
use serde::Deserialize;
use tauri::State;
use windlass_engine::{Id, SaveReceipt};

/// What is chosen, and the dialog's title.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub(crate) struct Pick {
    folders: bool,
    title: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub(crate) struct PickCaBundle {
    title: String,
    /// The name of the file type.
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub(crate) struct SaveReceiptAs {
    id: Id,
    title: String,
    /// The suggested file name.
    name: String,
}

pub(super) async fn pick(shell: State<'_, Shell>, arg: Pick) -> Answer<Option<Vec<String>>> {
    let chosen = dialogs::open(&shell.app, &arg.title, arg.folders).await;
    Ok(chosen.map(|paths| shell.file_tokens.tokens(paths)))
}

pub(super) async fn pick_ca_bundle(
    shell: State<'_, Shell>,
    arg: PickCaBundle,
) -> Answer<Option<String>> {
    let chosen = dialogs::certificates(&shell.app, &arg.title, &arg.name).await;
    Ok(chosen.map(|path| path.to_string_lossy().into_owned()))
}

pub(super) async fn save_receipt(
    shell: State<'_, Shell>,
    arg: SaveReceiptAs,
) -> Answer<Option<String>> {
    // checked first, so that no dialog opens for nothing
    shell.engine.receipt(arg.id).await?;
    let Some(path) = dialogs::save(&shell.app, &arg.title, &arg.name).await else {
        return Ok(None);
    };
    let path = path.to_string_lossy().into_owned();
    shell.engine.save_receipt(SaveReceipt { id: arg.id, path: path.clone() }).await?;
    Ok(Some(path))
}
