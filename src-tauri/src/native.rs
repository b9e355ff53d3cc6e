//! Desktop integration: staying awake, notifications, showing a file in its folder, taskbar progress, sleep.

use serde::Deserialize;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tauri::window::{ProgressBarState, ProgressBarStatus};
use tauri::{AppHandle, Manager};
use tauri_plugin_notification::NotificationExt;
use windlass_engine::{APP_ID, Fault, FaultKind};

/// Shows a notification, in the window's language.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub(crate) struct Notification {
    title: String,
    text: String,
    sound: bool,
}

pub(crate) fn notify(app: &AppHandle, told: &Notification) {
    let mut notification = app.notification().builder().title(&told.title).body(&told.text);
    if told.sound {
        notification = notification.sound("default");
    }
    // a desktop without notifications is no reason to fail
    if let Err(error) = notification.show() {
        tracing::warn!(%error, "no notification");
    }
}

/// Shows a file in the system's file manager.
///
/// # Errors
/// `SourceMissing`, if it no longer exists; `Unsupported`, if there is no file manager.
pub(crate) async fn reveal(path: PathBuf) -> Result<(), Fault> {
    if let Err(error) = path.symlink_metadata() {
        return Err(Fault::source(&path, &error));
    }
    let told = tauri::async_runtime::spawn_blocking(move || {
        tauri_plugin_opener::reveal_item_in_dir(&path).map_err(|error| error.to_string())
    });
    match told.await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(reason)) => Err(unable(format!("no file manager answered: {reason}"))),
        Err(error) => Err(unable(error.to_string())),
    }
}

/// Puts the computer to sleep.
///
/// # Errors
/// `Unsupported` where no browser answers.
pub(crate) async fn open_page(address: String) -> Result<(), Fault> {
    let opened = tauri::async_runtime::spawn_blocking(move || {
        tauri_plugin_opener::open_url(address, None::<&str>).map_err(|error| error.to_string())
    });
    match opened.await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(reason)) => Err(unable(format!("no browser answered: {reason}"))),
        Err(error) => Err(unable(error.to_string())),
    }
}

/// # Errors
/// `Unsupported`, if the system refuses.
pub(crate) async fn sleep() -> Result<(), Fault> {
    match tauri::async_runtime::spawn_blocking(system_shutdown::sleep).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(unable(format!("the system does not go to sleep: {error}"))),
        Err(error) => Err(unable(error.to_string())),
    }
}

fn unable(reason: String) -> Fault {
    Fault::new(FaultKind::Unsupported, reason)
}

/// Shows the progress of all active uploads on the taskbar or the dock, in whole percent. `None` removes it.
pub(crate) fn show_progress(app: &AppHandle, percent: Option<u64>) {
    let Some(window) = app.get_webview_window("main") else { return };
    let status =
        if percent.is_some() { ProgressBarStatus::Normal } else { ProgressBarStatus::None };
    let _ = window.set_progress_bar(ProgressBarState { status: Some(status), progress: percent });
}

/// Keeps the computer awake while it is told to.
#[derive(Clone, Default)]
pub(crate) struct Wakefulness(Arc<Mutex<Hold>>);

#[derive(Default)]
struct Hold {
    wanted: bool,
    /// Released on drop.
    held: Option<keepawake::KeepAwake>,
}

impl Wakefulness {
    /// Returns at once, because the system is asked on a separate thread, which may take a while.
    pub(crate) fn set(&self, wanted: bool) {
        {
            let mut hold = self.hold();
            if hold.wanted == wanted {
                return;
            }
            hold.wanted = wanted;
        }
        let own = self.clone();
        std::mem::drop(tauri::async_runtime::spawn_blocking(move || own.settle()));
    }

    fn settle(&self) {
        let mut hold = self.hold();
        if !hold.wanted {
            hold.held = None;
        } else if hold.held.is_none() {
            let asked = keepawake::Builder::default()
                .idle(true)
                .reason("Uploading")
                .app_name("Windlass")
                .app_reverse_domain(APP_ID)
                .create();
            match asked {
                Ok(held) => hold.held = Some(held),
                Err(error) => tracing::info!(%error, "the computer may fall asleep while sending"),
            }
        }
    }

    fn hold(&self) -> MutexGuard<'_, Hold> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
