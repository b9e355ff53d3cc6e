//! Ctrl-C and its kin: asked once to stop in order, twice to stop at once. Knows signals, not what they stop.

use tokio::sync::watch;

/// As shells count an interrupt.
pub(crate) const INTERRUPTED: u8 = 130;

#[derive(Clone)]
pub(crate) struct StopSignal(watch::Receiver<bool>);

impl StopSignal {
    /// Listens from now on; to be called in a runtime. The second signal ends the process where it stands.
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

    /// Ends when somebody asked.
    pub(crate) async fn requested(&self) {
        let mut stop = self.0.clone();
        if stop.wait_for(|requested| *requested).await.is_err() {
            // no signal can be heard here, and none will be
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

#[cfg(not(unix))]
async fn signal() {
    let _ = tokio::signal::ctrl_c().await;
}
