//! The system's file dialogs. They are opened by the shell, so that paths come from the user and not from the page.

use std::path::{Path, PathBuf};
use tauri::{AppHandle, Manager};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath};
use tokio::sync::oneshot;

/// Lets the user choose files or folders, one or several. Empty if it was cancelled.
pub(crate) async fn open(app: &AppHandle, title: &str, folders: bool) -> Option<Vec<PathBuf>> {
    let (told, chosen) = oneshot::channel();
    let told = |paths: Option<Vec<FilePath>>| drop(told.send(paths));
    let dialog = dialog(app, title);
    if folders {
        dialog.pick_folders(told)
    } else {
        dialog.pick_files(told)
    }
    let paths = chosen.await.ok()??;
    Some(paths.into_iter().filter_map(|path| path.into_path().ok()).collect())
}

/// Lets the user choose a file with certificates; `name` is the name of the file type.
pub(crate) async fn certificates(app: &AppHandle, title: &str, name: &str) -> Option<PathBuf> {
    let (told, chosen) = oneshot::channel();
    dialog(app, title)
        .add_filter(name, &["pem", "crt", "cer"])
        .pick_file(move |path| drop(told.send(path)));
    chosen.await.ok()??.into_path().ok()
}

/// Lets the user choose where to save a file. Only the last component of the suggestion is used.
pub(crate) async fn save(app: &AppHandle, title: &str, suggested: &str) -> Option<PathBuf> {
    let (told, chosen) = oneshot::channel();
    dialog(app, title)
        .set_file_name(name_of(suggested))
        .save_file(move |path| drop(told.send(path)));
    chosen.await.ok()??.into_path().ok()
}

fn dialog(app: &AppHandle, title: &str) -> FileDialogBuilder<tauri::Wry> {
    let dialog = app.dialog().file().set_title(title);
    match app.get_webview_window("main") {
        Some(window) => dialog.set_parent(&window),
        None => dialog,
    }
}

fn name_of(suggested: &str) -> String {
    let bare: String = suggested.chars().filter(|c| !c.is_control()).collect();
    let bare = bare.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = Path::new(bare).file_name().map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| "receipt.json".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suggestion_is_a_name_and_leads_nowhere() {
        for (suggested, name) in [
            ("a.mov.receipt.json", "a.mov.receipt.json"),
            ("../../.bashrc", ".bashrc"),
            ("/etc/cron.d/x", "x"),
            (r"C:\Windows\x", "x"),
            ("a\n\u{1b}b", "ab"),
            ("..", "receipt.json"),
            ("", "receipt.json"),
        ] {
            assert_eq!(name_of(suggested), name, "{suggested:?}");
        }
    }
}
