//! Ctrl-C, SIGTERM and what Windows has for it: the first stops the run in order, the second ends the process immediately.

use tokio::sync::watch;

/// The exit code of an interrupted program, as shells use it.
pub(crate) const INTERRUPTED: u8 = 130;

#[derive(Clone)]
pub(crate) struct StopSignal(watch::Receiver<bool>);

impl StopSignal {
    /// Starts listening, inside a runtime. The second signal ends the process immediately.
    pub(crate) fn listen() -> Self {
        let (request, stop) = watch::channel(false);
        tokio::spawn(async move {
            signal().await;
            let _ = request.send(true);
            signal().await;
            std::process::exit(INTERRUPTED.into());
        });
        Self(stop)
    }

    /// Resolves at the first signal.
    pub(crate) async fn requested(&self) {
        let mut stop = self.0.clone();
        if stop.wait_for(|requested| *requested).await.is_err() {
            // signals cannot be received here
            std::future::pending().await
        }
    }
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

/// Ctrl-C, Ctrl-Break, the terminal's window closed, and the end of the session. Windows leaves some seconds after the
/// latter two.
#[cfg(windows)]
async fn signal() {
    use tokio::signal::windows::{ctrl_break, ctrl_close, ctrl_shutdown};
    let (Ok(mut r#break), Ok(mut close), Ok(mut shutdown)) =
        (ctrl_break(), ctrl_close(), ctrl_shutdown())
    else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = r#break.recv() => {}
        _ = close.recv() => {}
        _ = shutdown.recv() => {}
    }
}
