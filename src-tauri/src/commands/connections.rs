//! The commands about connections: to list, save, test and forget them.

use super::Answer;
use crate::Shell;
use tauri::State;
use windlass_engine::{
    Check, CheckRequest, Connection, ConnectionForm, Preset, ProbeCapabilities, ServerCapabilities,
};

pub(super) async fn connections(shell: State<'_, Shell>, arg: ()) -> Answer<Vec<Connection>> {
    let () = arg;
    Ok(shell.engine.connections())
}

pub(super) async fn presets(shell: State<'_, Shell>, arg: ()) -> Answer<Vec<Preset>> {
    let ((), _) = (arg, shell);
    Ok(windlass_engine::presets())
}

pub(super) async fn save_connection(
    shell: State<'_, Shell>,
    arg: ConnectionForm,
) -> Answer<Connection> {
    shell.engine.save_connection(arg).await
}

pub(super) async fn forget_connection(shell: State<'_, Shell>, arg: String) -> Answer<()> {
    shell.engine.forget_connection(&arg).await
}

pub(super) async fn check(shell: State<'_, Shell>, arg: CheckRequest) -> Answer<Check> {
    Ok(shell.engine.check(arg).await)
}

pub(super) async fn capabilities(
    shell: State<'_, Shell>,
    arg: String,
) -> Answer<ServerCapabilities> {
    shell.engine.capabilities(&arg)
}

pub(super) async fn probe_capabilities(
    shell: State<'_, Shell>,
    arg: ProbeCapabilities,
) -> Answer<ServerCapabilities> {
    shell.engine.probe_capabilities(&arg).await
}

pub(super) async fn unreadable_profiles(shell: State<'_, Shell>, arg: ()) -> Answer<Vec<String>> {
    let () = arg;
    Ok(shell.engine.unreadable_profiles())
}

pub(super) async fn profiles(shell: State<'_, Shell>, arg: ()) -> Answer<Vec<String>> {
    let () = arg;
    Ok(shell.engine.profiles().await)
}
