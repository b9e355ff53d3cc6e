//! From the engine to the window: one small nudge while something changes, and none when nothing does; and to the
//! desktop: the progress on its taskbar, and that it stays awake.

use crate::native::{Wakefulness, show_progress};
use std::time::Duration;
use tauri::{AppHandle, Emitter, Manager};
use windlass_engine::{Engine, Totals};

/// At most five events per second while the window is visible, and one in two seconds while it is not.
const SEEN: Duration = Duration::from_millis(200);
const UNSEEN: Duration = Duration::from_secs(2);

pub(crate) fn start(app: AppHandle, engine: Engine) {
    let wakefulness = Wakefulness::default();
    let mut shown = None;
    tauri::async_runtime::spawn(async move {
        let mut changes = engine.changes();
        while changes.changed().await.is_ok() {
            match engine.totals().await {
                Ok(totals) => {
                    // uploads to an unreachable server may wait for days
                    let sends = totals.active > 0 && !totals.offline;
                    wakefulness.set(sends && engine.settings().keep_awake);
                    let percent = percent(&totals);
                    if percent != shown {
                        show_progress(&app, percent);
                        shown = percent;
                    }
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

/// The progress of all active and waiting uploads, or `None` if there are none.
fn percent(totals: &Totals) -> Option<u64> {
    let sent = totals.stored_bytes + totals.in_flight_bytes;
    (totals.active > 0).then(|| (sent * 100 / totals.total_bytes.max(1)).min(99))
}
