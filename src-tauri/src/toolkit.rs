//! What the web view of Linux leaves to GTK: whether the desktop asks for high contrast, and a tooltip that stays although
//! its element lies under a dialog. WebKitGTK tells its page nothing of GTK's HighContrast themes, which is what GNOME's
//! setting of that name chooses, and asks for another tooltip only once the pointer moves. The web views of other systems
//! need no help. The only file that names GTK.

use tauri::AppHandle;
#[cfg(target_os = "linux")]
use tauri::Manager;

/// Asks GTK, which answers in the main thread only.
#[cfg(target_os = "linux")]
pub(crate) async fn asks_for_contrast(app: &AppHandle) -> bool {
    use gtk::prelude::GtkSettingsExt;
    let (answer, answered) = tokio::sync::oneshot::channel();
    let asked = app.run_on_main_thread(move || {
        let theme = gtk::Settings::default().and_then(|settings| settings.gtk_theme_name());
        let _ = answer.send(theme.is_some_and(|theme| is_high_contrast(&theme)));
    });
    asked.is_ok() && answered.await.unwrap_or(false)
}

#[cfg(not(target_os = "linux"))]
pub(crate) async fn asks_for_contrast(_app: &AppHandle) -> bool {
    false
}

/// Hides the tooltip that is shown, or is about to be.
#[cfg(target_os = "linux")]
pub(crate) fn hide_tooltip(app: &AppHandle) {
    use gtk::prelude::WidgetExt;
    for window in app.webview_windows().values() {
        if let Err(error) = window.with_webview(|view| view.inner().set_tooltip_text(None)) {
            tracing::debug!(%error, "a tooltip stays");
        }
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn hide_tooltip(_app: &AppHandle) {}

/// By the theme's name: `HighContrast`, `HighContrastInverse`, `ContrastHighInverse` (MATE).
#[cfg(target_os = "linux")]
fn is_high_contrast(theme: &str) -> bool {
    theme.contains("HighContrast") || theme.contains("ContrastHigh")
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::is_high_contrast;

    #[test]
    fn themes_of_high_contrast_are_known_by_their_names() {
        for theme in ["HighContrast", "HighContrastInverse", "ContrastHighInverse"] {
            assert!(is_high_contrast(theme), "{theme}");
        }
        assert!(!is_high_contrast("Adwaita-dark"));
    }
}
