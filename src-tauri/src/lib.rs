//! The desktop shell: opens the engine, registers plugins and commands, guards quitting.

mod commands;
mod diagnostics;
mod dialogs;
mod file_tokens;
mod handed_files;
mod menu;
mod native;
mod navigation;
mod practice;
mod progress_events;
mod toolkit;
mod tray;
mod web_view;

use diagnostics::log_file::LogFile;
use diagnostics::panics;
use file_tokens::FileTokens;
use handed_files::HandedFiles;
use practice::Practice;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tauri::{AppHandle, DragDropEvent, Emitter, Manager, PhysicalPosition, RunEvent, WindowEvent};
use tauri_plugin_dialog::{DialogExt, MessageDialogKind};
use tauri_plugin_notification::NotificationExt;
use tokio::sync::Notify;
use tray::Tray;
use windlass_engine::{Engine, EngineConfig, Fault, FaultKind, OnClose, threads};

/// The state that the commands share.
pub(crate) struct Shell {
    pub(crate) app: AppHandle,
    pub(crate) engine: Engine,
    pub(crate) practice: Practice,
    /// The folder of the journal, the settings and the practice store.
    pub(crate) folder: PathBuf,
    /// The folder of the log.
    pub(crate) logs: PathBuf,
    pub(crate) tray: Arc<Tray>,
    /// Files that were dropped or chosen in a dialog.
    pub(crate) file_tokens: FileTokens,
    /// The window was told that it is closing, and has not answered.
    asking: AtomicBool,
    /// Ends an `aws login` that is running.
    pub(crate) aws_login_cancelled: Notify,
}

/// What the window is told when closing it would pause uploads.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub(crate) struct Closing {
    /// Active or waiting uploads.
    uploads: u32,
    /// There is a tray icon to hide in.
    tray: bool,
    /// Bytes sent of parts not yet stored, which would have to be resent.
    resend: u64,
}

/// Files that were dropped on the window.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub(crate) struct Dropped {
    /// A token per file, which is all that the page knows of it.
    tokens: Vec<String>,
    /// The position, in physical pixels.
    x: f64,
    y: f64,
}

/// The event that reports it.
const DROPPED: &str = "dropped";

/// The event that asks.
const CLOSING: &str = "closing";

/// Even on one processor, a thread must be free for the window's commands.
const FEWEST_THREADS: usize = 4;

/// Set in the process that is started when an app was just quitting.
const AGAIN: &str = "WINDLASS_STARTED_AGAIN";

/// Runs until the window is closed.
pub fn run() -> ExitCode {
    let log = diagnostics::start();
    if web_view::is_missing() {
        return ExitCode::FAILURE;
    }
    let threads = std::thread::available_parallelism()
        .map_or(FEWEST_THREADS, |n| n.get().max(FEWEST_THREADS));
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .on_thread_start(threads::join)
        .on_thread_unpark(threads::join)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(%error, "no threads to run on");
            return ExitCode::FAILURE;
        }
    };
    tauri::async_runtime::set(runtime.handle().clone());

    let builder = tauri::Builder::default()
        // first, as its documentation requires: a second start must not open the journal
        .manage(HandedFiles::default())
        .plugin(tauri_plugin_single_instance::init(|app, args, folder| {
            let args = args.into_iter().skip(1).map(Into::into);
            handed_files::hand(app, handed_files::files(args, Path::new(&folder)));
            show(app);
        }))
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(navigation::plugin())
        .on_menu_event(|app, event| menu::chosen(app, event.id().as_ref()))
        .invoke_handler(commands::handler())
        .setup(move |app| {
            panics::tell_window(app.handle());
            let folder = std::env::current_dir().unwrap_or_default();
            let own = std::env::args_os().skip(1);
            handed_files::hand(app.handle(), handed_files::files(own, &folder));
            navigation::open_window(app)?;
            open(app.handle(), &log);
            Ok(())
        })
        .on_window_event(|window, event| match event {
            WindowEvent::CloseRequested { api, .. } => {
                api.prevent_close();
                ask_to_quit(window.app_handle());
            }
            WindowEvent::DragDrop(DragDropEvent::Drop { paths, position }) => {
                dropped(window.app_handle(), paths, position);
            }
            _ => {}
        });
    let app = match builder.build(tauri::generate_context!()) {
        Ok(app) => app,
        Err(error) => return start_again(&error),
    };
    app.run(|app, event| match event {
        RunEvent::ExitRequested { api, code: None, .. } => {
            api.prevent_exit();
            ask_to_quit(app);
        }
        // Finder's "Open With", and files dropped on the Dock
        #[cfg(target_os = "macos")]
        RunEvent::Opened { urls } => {
            let paths = urls.iter().filter_map(|url| url.to_file_path().ok()).collect();
            handed_files::hand(app, paths);
            show(app);
        }
        _ => {}
    });
    // a read from a disk that does not respond is not waited for
    runtime.shutdown_background();
    ExitCode::SUCCESS
}

pub(crate) fn show(app: &AppHandle) {
    if let Some(window) = app.get_webview_window("main") {
        let _ = window.show();
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
}

fn dropped(app: &AppHandle, paths: &[PathBuf], at: &PhysicalPosition<f64>) {
    let Some(shell) = app.try_state::<Shell>() else { return };
    let tokens = shell.file_tokens.tokens(paths.iter().cloned());
    let _ = app.emit(DROPPED, Dropped { tokens, x: at.x, y: at.y });
}

/// Opens the engine and the practice store before the window needs them. A fault is shown in a dialog, and the app
/// ends.
fn open(app: &AppHandle, log: &LogFile) {
    match tauri::async_runtime::block_on(open_shell(app, log)) {
        Ok(shell) => {
            progress_events::start(app.clone(), shell.engine.clone());
            let (tray, app_of_tray) = (shell.tray.clone(), app.clone());
            app.manage(shell);
            drop(tauri::async_runtime::spawn_blocking(move || tray.open(&app_of_tray)));
            let own = app.clone();
            // a click on a notification brings the window back
            if let Err(error) = app.notification().on_action(move |_| show(&own)) {
                tracing::info!(%error, "clicks on notifications are not heard");
            }
        }
        Err(fault) => {
            tracing::error!(%fault, "Windlass cannot start");
            if let Some(window) = app.get_webview_window("main") {
                let _ = window.hide();
            }
            let app = app.clone();
            app.dialog()
                .message(format!("{}.", fault.detail))
                .title("Windlass cannot start")
                .kind(MessageDialogKind::Error)
                .show(move |_| app.exit(1));
        }
    }
}

async fn open_shell(app: &AppHandle, log: &LogFile) -> Result<Shell, Fault> {
    let none = |error| {
        let detail = format!("this system names no folder for the app's data: {error}");
        Fault::new(FaultKind::Storage, detail)
    };
    let folder = app.path().app_data_dir().map_err(none)?;
    let logs = app.path().app_log_dir().map_err(none)?;
    diagnostics::keep_in(&logs, log);
    let engine = Engine::open(&EngineConfig { folder: folder.clone(), patience: None })?;
    engine.keep_in_mind(&folder.join("lists"));
    let practice = Practice::new(folder.join("practice"));
    let wanted = std::env::var_os("WINDLASS_OPEN_PRACTICE").is_some();
    if wanted || practice::is_in_use(&engine) {
        // its uploads resume by themselves; if the store cannot start, their rows say so
        if let Err(fault) = practice.open(&engine).await {
            tracing::error!(%fault, "the practice store did not start");
        }
    }
    engine.start();
    let (tray, asking) = (Arc::new(Tray::default()), AtomicBool::new(false));
    let file_tokens = FileTokens::default();
    let aws_login_cancelled = Notify::new();
    let app = app.clone();
    Ok(Shell {
        app,
        engine,
        practice,
        folder,
        logs,
        tray,
        file_tokens,
        asking,
        aws_login_cancelled,
    })
}

/// Closes the window or quits: at once if nothing is active or the settings say so, otherwise the window asks. If the
/// window does not answer, closing it a second time works.
pub(crate) fn ask_to_quit(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let Some(shell) = app.try_state::<Shell>() else { return app.exit(0) };
        let (uploads, resend) = match shell.engine.totals().await {
            Ok(totals) => (totals.active + totals.waiting, totals.in_flight_bytes),
            Err(_) => (0, 0),
        };
        let (wish, tray) = (shell.engine.settings().on_close, shell.tray.is_open());
        if uploads == 0 || wish == OnClose::Quit || shell.asking.swap(true, Ordering::SeqCst) {
            return quit(&app);
        }
        if wish == OnClose::Tray && tray {
            return to_tray(&app);
        }
        show(&app);
        let _ = app.emit(CLOSING, Closing { uploads, tray, resend });
    });
}

/// The user chose to stay.
pub(crate) fn stay(app: &AppHandle) {
    if let Some(shell) = app.try_state::<Shell>() {
        shell.asking.store(false, Ordering::SeqCst);
    }
}

/// Hides the window; uploads continue.
pub(crate) fn to_tray(app: &AppHandle) {
    stay(app);
    if let Some(window) = app.get_webview_window("main") {
        let _ = window.hide();
    }
}

/// Stops every upload and quits. Stored parts are on the server, and everything else is in the journal.
pub(crate) fn quit(app: &AppHandle) {
    static QUITTING: AtomicBool = AtomicBool::new(false);
    if QUITTING.swap(true, Ordering::SeqCst) {
        return;
    }
    if let Some(window) = app.get_webview_window("main") {
        let _ = window.hide();
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Some(shell) = app.try_state::<Shell>() {
            let _ = tokio::time::timeout(Duration::from_secs(8), shell.engine.close()).await;
        }
        app.exit(0);
    });
}

/// A start while an app is just quitting cannot use its bus name, so a new process tries again a moment later.
fn start_again(error: &tauri::Error) -> ExitCode {
    tracing::error!(%error, "the window did not open");
    let times: u32 = std::env::var(AGAIN).ok().and_then(|times| times.parse().ok()).unwrap_or(0);
    if times >= 5 {
        return ExitCode::FAILURE;
    }
    std::thread::sleep(Duration::from_millis(400));
    let started = std::env::current_exe().and_then(|own| {
        let mut again = std::process::Command::new(own);
        again.args(std::env::args_os().skip(1)).env(AGAIN, (times + 1).to_string()).spawn()
    });
    if started.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
