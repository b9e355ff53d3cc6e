//! The shell's own commands: quitting, tray, menu, notifications, the file manager.

use super::Answer;
use crate::menu::MenuBar;
use crate::native::Notification;
use crate::tray::TrayWords;
use crate::{Shell, menu, native, toolkit};
use serde::{Deserialize, Serialize};
use tauri::{AppHandle, State};
use windlass_engine::{Fault, FaultKind, Id};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub(crate) struct About {
    version: String,
    os: String,
    data_folder: String,
    log_folder: String,
}

/// What to show in the system's file manager.
#[derive(Deserialize)]
#[serde(tag = "what", rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub(crate) enum Reveal {
    /// An upload's file.
    Upload { id: Id },
    /// The folder of the journal and the settings.
    Data,
}

/// The user's answer when closing the window would pause uploads.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub(crate) enum Leave {
    /// Like the button that closes the window.
    Ask,
    Stay,
    Tray,
    Quit,
    /// Puts the computer to sleep; Windlass keeps running.
    Sleep,
}

pub(crate) async fn about(shell: State<'_, Shell>, arg: ()) -> Answer<About> {
    let () = arg;
    Ok(About {
        version: env!("CARGO_PKG_VERSION").into(),
        os: std::env::consts::OS.into(),
        data_folder: shell.folder.display().to_string(),
        log_folder: shell.logs.display().to_string(),
    })
}

pub(crate) async fn high_contrast(shell: State<'_, Shell>, arg: ()) -> Answer<bool> {
    let () = arg;
    Ok(toolkit::asks_for_contrast(&shell.app).await)
}

pub(crate) async fn hide_tooltip(shell: State<'_, Shell>, arg: ()) -> Answer<()> {
    let () = arg;
    toolkit::hide_tooltip(&shell.app);
    Ok(())
}

pub(crate) async fn notify(shell: State<'_, Shell>, arg: Notification) -> Answer<()> {
    native::notify(&shell.app, &arg);
    Ok(())
}

pub(crate) async fn reveal(shell: State<'_, Shell>, arg: Reveal) -> Answer<()> {
    let path = match arg {
        Reveal::Upload { id } => shell.engine.detail(id).await?.row.path.into(),
        Reveal::Data => shell.folder.clone(),
    };
    native::reveal(path).await
}

pub(crate) async fn leave(shell: State<'_, Shell>, arg: Leave) -> Answer<()> {
    match arg {
        Leave::Ask => crate::ask_to_quit(&shell.app),
        Leave::Stay => crate::stay(&shell.app),
        Leave::Tray => crate::to_tray(&shell.app),
        Leave::Quit => crate::quit(&shell.app),
        Leave::Sleep => native::sleep().await?,
    }
    Ok(())
}

pub(crate) async fn set_menu(shell: State<'_, Shell>, arg: MenuBar) -> Answer<()> {
    on_main(&shell.app, move |app| menu::set(app, &arg)).await
}

pub(crate) async fn toggle_menu(shell: State<'_, Shell>, arg: ()) -> Answer<()> {
    let () = arg;
    on_main(&shell.app, menu::toggle).await
}

pub(crate) async fn set_tray(shell: State<'_, Shell>, arg: TrayWords) -> Answer<()> {
    let tray = shell.tray.clone();
    drop(tauri::async_runtime::spawn_blocking(move || tray.say(arg)));
    Ok(())
}

/// Menus can only be changed on the window's thread.
async fn on_main(
    app: &AppHandle,
    work: impl FnOnce(&AppHandle) -> tauri::Result<()> + Send + 'static,
) -> Answer<()> {
    let failed =
        |reason: String| Fault::new(FaultKind::Bug, format!("the menu cannot be made: {reason}"));
    let (told, done) = tokio::sync::oneshot::channel();
    let own = app.clone();
    app.run_on_main_thread(move || {
        let _ = told.send(work(&own));
    })
    .map_err(|error| failed(error.to_string()))?;
    match done.await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(failed(error.to_string())),
        Err(_) => Err(failed("the window is gone".into())),
    }
}
