//! The settings, and what the engine tells that nobody asked for.

use super::Answer;
use crate::Shell;
use tauri::State;
use windlass_engine::{Notice, NoticeKind, Settings};

pub(crate) async fn settings(shell: State<'_, Shell>, arg: ()) -> Answer<Settings> {
    let () = arg;
    Ok(shell.engine.settings())
}

pub(crate) async fn save_settings(shell: State<'_, Shell>, arg: Settings) -> Answer<Settings> {
    shell.engine.save_settings(arg)
}

pub(crate) async fn notices(shell: State<'_, Shell>, arg: ()) -> Answer<Vec<Notice>> {
    let () = arg;
    Ok(shell.engine.notices())
}

pub(crate) async fn dismiss_notice(shell: State<'_, Shell>, arg: NoticeKind) -> Answer<()> {
    shell.engine.dismiss_notice(arg);
    Ok(())
}
