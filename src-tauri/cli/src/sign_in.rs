//! What somebody has to do before a connection has keys, asked for at the terminal. Knows no server.

use crate::connection;
use crate::flags::Server;
use crate::output::{messages, stdio};
use crate::signals::StopSignal;
use std::io::IsTerminal;
use tokio::sync::oneshot;
use windlass_engine::{Connection, Engine, Fault, FaultKind, Reason, Result};

/// A code is typed wrong, or too late, now and then.
const TRIES: u32 = 3;

/// Keeps the connection for the engine's uploads, with its session begun where it needs an MFA code. False where somebody
/// stopped it.
///
/// # Errors
/// `SignIn` where nobody can be asked, or a browser is needed; `Credentials` where the code is refused.
pub(crate) async fn keep(
    engine: &Engine,
    flags: &Server,
    connection: &Connection,
    stop: &StopSignal,
) -> Result<bool> {
    connection::keep(engine, flags, connection)?;
    ensure(engine, &connection.id, flags.role.mfa_code.as_deref(), stop).await
}

/// The same for a connection that is kept already.
///
/// # Errors
/// As for `keep`.
pub(crate) async fn ensure(
    engine: &Engine,
    connection: &str,
    code: Option<&str>,
    stop: &StopSignal,
) -> Result<bool> {
    let needed = tokio::select! {
        biased;
        () = stop.requested() => return Ok(false),
        needed = engine.sign_in_needed(connection) => needed,
    };
    // what else is in the way is said by what meets it
    let Ok(Some(mut needed)) = needed else { return Ok(true) };
    let Some(Reason::MfaCodeNeeded { mfa_serial }) = needed.reason.get().cloned() else {
        return Err(needed);
    };
    if let Some(code) = code {
        engine.enter_mfa_code(connection, code).await?;
        return Ok(true);
    }
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Err(needed);
    }
    for _ in 0..TRIES {
        let question = messages::mfa_code(&mfa_serial);
        let Some(code) = asked(&question, stop).await else { return Ok(false) };
        match engine.enter_mfa_code(connection, &code).await {
            Ok(()) => return Ok(true),
            Err(fault) if fault.kind == FaultKind::Credentials => {
                stdio::report(&format!("{}.", fault.detail));
                needed = fault;
            }
            Err(fault) => return Err(fault),
        }
    }
    Err(needed)
}

/// A line that somebody types. None where they stopped it instead, or closed the input.
pub(crate) async fn asked(question: &str, stop: &StopSignal) -> Option<String> {
    stdio::prompt(question);
    let (answer, answered) = oneshot::channel();
    // not on the runtime: a read of a terminal cannot be called off, and would keep it from ending
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = std::io::stdin().read_line(&mut line);
        let _ = answer.send(read.is_ok_and(|bytes| bytes > 0).then_some(line));
    });
    tokio::select! {
        biased;
        () = stop.requested() => {
            stdio::report("");
            None
        }
        answer = answered => answer.ok().flatten().map(|line| line.trim().to_owned()),
    }
}

/// Whether a fault is one that somebody may have to sign in for.
pub(crate) fn is_login(fault: &Fault) -> Option<&str> {
    match fault.reason.get() {
        Some(Reason::LoginNeeded { profile }) => Some(profile),
        _ => None,
    }
}
