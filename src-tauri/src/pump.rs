//! From the engine to the window: one small nudge while something changes, and none when nothing does.

use std::time::Duration;
use tauri::{AppHandle, Emitter, Manager};
use windlass_engine::Engine;

/// Five nudges a second at most while the window is seen, one in two seconds while it is not.
const SEEN: Duration = Duration::from_millis(200);
const UNSEEN: Duration = Duration::from_secs(2);

pub(crate) fn start(app: AppHandle, engine: Engine) {
    tauri::async_runtime::spawn(async move {
        let mut changes = engine.changes();
        while changes.changed().await.is_ok() {
            match engine.totals().await {
                Ok(totals) => {
                    let _ = app.emit("progress", totals);
                }
                Err(fault) => tracing::error!(%fault, "the totals cannot be read"),
            }
            let seen = app.get_webview_window("main").is_some_and(|window| {
                window.is_visible().unwrap_or(true) && !window.is_minimized().unwrap_or(false)
            });
            tokio::time::sleep(if seen { SEEN } else { UNSEEN }).await;
        }
    });
}
