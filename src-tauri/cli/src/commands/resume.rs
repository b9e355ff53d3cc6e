//! The command `resume`: continues the uploads of earlier runs, one run after the other.

use crate::connection::{self, FROM_FLAGS, customer_key};
use crate::flags::{ProxyFlag, Resume};
use crate::output::{Output, Tally};
use crate::run::prompt::Asks;
use crate::run::{Run, RunMode, changing};
use crate::sign_in;
use crate::signals::StopSignal;
use crate::state;
use std::io::IsTerminal;
use windlass_engine::{Connection, Fault, FaultKind, Result, Selection, Settings};

/// # Errors
/// A fault that prevents the run as a whole.
pub(crate) async fn resume(
    flags: &Resume,
    output: &mut dyn Output,
    stop: &StopSignal,
) -> Result<Tally> {
    let folder = state::folder(flags.common.state.as_deref())?;
    if flags.common.state.is_some() && !folder.is_dir() {
        return Err(Fault::new(
            FaultKind::Storage,
            format!("the folder {} does not exist", folder.display()),
        ));
    }
    let left = state::left(&folder, state::patience(flags.common.wait_for_network)).await?;
    let mut all = Tally::default();
    for words in &left.messages {
        output.say(words);
    }
    for fault in &left.faults {
        output.say(&format!("An earlier run cannot be resumed: {}", fault.detail));
        all.failed += 1;
    }
    if left.busy > 0 {
        output.say(&format!(
            "{} still running and left alone.",
            if left.busy == 1 { "Another run is" } else { "Other runs are" }
        ));
    }
    if left.slots.is_empty() && left.faults.is_empty() {
        output.say("There is nothing to resume.");
    }
    let proxy = flags.proxy.as_ref().map(ProxyFlag::read).transpose()?;
    for slot in left.slots {
        let engine = &slot.engine;
        customer_key::given(engine, &flags.customer_key).await?;
        // what a killed run had already reported
        engine.forget(Selection::All).await?;
        for known in engine.connections() {
            if let Some(changed) = connection::as_it_is_now(&known) {
                engine.keep_connection(changed)?;
            }
            if let Some((proxy, login)) = proxy.clone().filter(|_| known.id == FROM_FLAGS) {
                engine.keep_connection(Connection { proxy, ..known })?;
                if let Some(login) = login {
                    engine.set_proxy_login(FROM_FLAGS, login);
                }
            }
        }
        if let Some(ask_changing_after) = flags.run_options.changing_after {
            engine.save_settings(Settings { ask_changing_after, ..engine.settings() })?;
        }
        for known in engine.connections() {
            if !sign_in::ensure(engine, &known.id, flags.mfa_code.as_deref(), stop).await? {
                return Ok(Tally { interrupted: true, ..all });
            }
        }
        changing::answer_all(engine, flags.run_options.if_changing.to_engine()).await?;
        engine.retry(Selection::All).await?;
        engine.resume(Selection::All).await?;
        // an earlier run may have ended before its question was answered
        let person = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        let asks = Asks { person, unlooked: false };
        let mode = RunMode::from_options(&flags.run_options, asks, true);
        let tally = Run::new(engine, output, stop, mode).drive().await?;
        all = Tally {
            done: all.done + tally.done,
            skipped: all.skipped + tally.skipped,
            skipped_bytes: all.skipped_bytes + tally.skipped_bytes,
            failed: all.failed + tally.failed,
            unwritten: all.unwritten + tally.unwritten,
            done_bytes: all.done_bytes + tally.done_bytes,
            left: all.left + tally.left,
            interrupted: tally.interrupted,
        };
    }
    Ok(all)
}
