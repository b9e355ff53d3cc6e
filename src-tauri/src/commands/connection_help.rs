//! The commands around a connection that need no server: what other programs have, where keys are made, what they have to
//! be allowed. One short body each.

use super::Answer;
use crate::{Shell, native};
use tauri::State;
use windlass_engine::{
    ConnectionForm, FoundConnections, ImportConnections, ImportFrom, ImportedConnections,
    SmallestPolicy,
};

pub(crate) async fn importable(shell: State<'_, Shell>, arg: ()) -> Answer<FoundConnections> {
    let () = arg;
    Ok(shell.engine.importable(ImportFrom::default()).await)
}

pub(crate) async fn import_connections(
    shell: State<'_, Shell>,
    arg: ImportConnections,
) -> Answer<ImportedConnections> {
    Ok(shell.engine.import(ImportFrom::default(), &arg).await)
}

pub(crate) async fn open_keys_page(shell: State<'_, Shell>, arg: String) -> Answer<()> {
    let _ = shell;
    // an address of ours alone: the page may not say where to go
    let preset = windlass_engine::presets().into_iter().find(|preset| preset.id == arg);
    match preset.and_then(|preset| preset.keys_page) {
        Some(page) => native::open_page(page).await,
        None => Ok(()),
    }
}

pub(crate) async fn smallest_policy(
    shell: State<'_, Shell>,
    arg: ConnectionForm,
) -> Answer<SmallestPolicy> {
    let _ = shell;
    arg.smallest_policy()
}

pub(crate) async fn uploads_of(shell: State<'_, Shell>, arg: String) -> Answer<u32> {
    shell.engine.uploads_of(&arg).await
}
