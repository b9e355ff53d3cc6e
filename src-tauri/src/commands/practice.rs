//! The commands of the practice store. One short body each.

use super::Answer;
use crate::Shell;
use crate::practice::PracticeUsage;
use tauri::State;
use windlass_engine::Connection;

pub(crate) async fn open_practice(shell: State<'_, Shell>, arg: ()) -> Answer<Connection> {
    let () = arg;
    shell.practice.open(&shell.engine).await
}

pub(crate) async fn practice_usage(shell: State<'_, Shell>, arg: ()) -> Answer<PracticeUsage> {
    let () = arg;
    shell.practice.usage(&shell.engine).await
}

pub(crate) async fn empty_practice(shell: State<'_, Shell>, arg: ()) -> Answer<()> {
    let () = arg;
    shell.practice.empty(&shell.engine).await
}
