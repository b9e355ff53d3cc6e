//! An MFA session that ends during a run: its code is asked for at the terminal again. Without a terminal, what to do is said.

use super::Run;
use std::io::IsTerminal;
use tokio::sync::oneshot;
use windlass_engine::{BlockedOn, Reason, Row};

/// A code is typed wrong, or too late, now and then.
const TRIES: u32 = 3;

pub(super) struct MfaCodes {
    /// Whether somebody can be asked.
    person: bool,
    tries: u32,
    open: Option<(String, oneshot::Receiver<Option<String>>)>,
    /// Nothing more is asked until the uploads go on.
    settled: bool,
}

impl MfaCodes {
    pub(super) fn new() -> Self {
        let person = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        Self { person, tries: TRIES, open: None, settled: false }
    }

    /// Whether the terminal is being read.
    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Resolves with the connection, and what was typed. Never resolves if nothing is asked.
    pub(super) async fn answered(&mut self) -> (String, Option<String>) {
        let Some((_, answer)) = &mut self.open else { return std::future::pending().await };
        let code = answer.await.ok().flatten();
        match self.open.take() {
            Some((connection, _)) => (connection, code),
            None => std::future::pending().await,
        }
    }

    fn read(&mut self, connection: &str) {
        let (answer, answered) = oneshot::channel();
        // not on the runtime: a blocked read of the terminal cannot be cancelled and would keep it from shutting down
        std::thread::spawn(move || {
            let mut line = String::new();
            let read = std::io::stdin().read_line(&mut line).is_ok_and(|bytes| bytes > 0);
            let _ = answer.send(read.then(|| line.trim().to_owned()));
        });
        self.open = Some((connection.to_owned(), answered));
    }
}

impl Run<'_> {
    /// Asks if an upload waits for a code.
    pub(super) fn ask_for_code(&mut self, active: &[Row]) {
        let waiting = active.iter().find_map(|row| Some((row, device(row)?)));
        let Some((row, mfa_serial)) = waiting else {
            self.mfa.settled = false;
            return;
        };
        if self.mfa.settled || self.mfa.is_open() {
            return;
        }
        if !self.mfa.person || self.mfa.tries == 0 {
            self.mfa.settled = true;
            self.output.say(&format!(
                "An MFA code of {mfa_serial} is needed to continue. Press Ctrl-C, which keeps what was sent, and run \
                 `windlass-cli resume --mfa-code CODE`."
            ));
        } else if self.prompts.is_idle() {
            self.mfa.read(&row.connection);
            self.output.asks_code(mfa_serial);
        }
    }

    pub(super) async fn take_code(&mut self, (connection, code): (String, Option<String>)) {
        self.output.answered();
        let Some(code) = code else {
            self.mfa.tries = 0;
            return;
        };
        match self.engine.enter_mfa_code(&connection, &code).await {
            // the uploads look again within seconds
            Ok(()) => (self.mfa.settled, self.mfa.tries) = (true, TRIES),
            Err(fault) => {
                self.mfa.tries -= 1;
                self.output.say(&format!("{}.", fault.detail));
            }
        }
    }
}

/// The MFA device whose code an upload waits for.
fn device(row: &Row) -> Option<&str> {
    let Some(BlockedOn::OutOfReach { fault }) = &row.waits else { return None };
    match fault.reason.get() {
        Some(Reason::MfaCodeNeeded { mfa_serial }) => Some(mfa_serial),
        _ => None,
    }
}
