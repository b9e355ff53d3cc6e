//! Whether this computer has the web view that the window is drawn in. Windows 11 has it; an older Windows may not.

/// Says in a message of the system's own that there is no web view. Without it, an app without a terminal would end without a
/// word.
#[cfg(windows)]
pub(crate) fn is_missing() -> bool {
    let Err(error) = tauri::webview_version() else { return false };
    tracing::error!(%error, "the WebView2 Runtime is missing");
    rfd::MessageDialog::new()
        .set_level(rfd::MessageLevel::Error)
        .set_title("Windlass")
        .set_description(
            "The window needs Microsoft's WebView2 Runtime, which was not found on this computer. Install it from \
             https://developer.microsoft.com/microsoft-edge/webview2/, then start Windlass again.\n\nThe terminal program, \
             windlass-cli, works without it.",
        )
        .show();
    true
}

/// The app would not start without it: it is linked, or part of the system.
#[cfg(not(windows))]
pub(crate) fn is_missing() -> bool {
    false
}
