//! The command `unfinished adopt`: resumes an incomplete multipart upload of the server from a local file.

use crate::connection::{self, customer_key};
use crate::fault_codes::WHICH;
use crate::flags::{self, Adopt, Taken};
use crate::incomplete_list::{self, scan};
use crate::output::{Failure, Output, Tally};
use crate::run::prompt::Asks;
use crate::run::{Run, RunMode};
use crate::sign_in;
use crate::signals::StopSignal;
use crate::state;
use std::io::IsTerminal;
use std::path::Path;
use windlass_engine::{
    Engine, Fault, FaultKind, LookUnfinished, Reason, Result, Settings, UnfinishedName, absolute,
};

/// # Errors
/// A fault that prevents the run as a whole.
pub(crate) async fn adopt(
    flags: &Adopt,
    output: &mut dyn Output,
    stop: &StopSignal,
) -> Result<Tally> {
    let (bucket, key) =
        flags::place(&flags.place).unwrap_or_else(|reason| flags::wrong("unfinished", &reason));
    if key.is_empty() {
        flags::wrong("unfinished", "no key; write s3://BUCKET/KEY");
    }
    let path = absolute(&flags.file);
    let connection = connection::chosen(&flags.server).await?;
    let state = flags.common.state.as_deref();
    let folder = state::folder(state)?;
    let slot = state::free(&folder, state::patience(flags.common.wait_for_network)).await?;
    slot.messages.iter().for_each(|words| output.say(words));
    let engine = &slot.engine;
    let defaults = Settings::default();
    engine.save_settings(Settings {
        connections: flags.connections,
        limit: flags.limit,
        ask_changing_after: flags.run_options.changing_after.unwrap_or(defaults.ask_changing_after),
        ..defaults
    })?;
    let customer_key = customer_key::given(engine, &flags.customer_key).await?;
    if !sign_in::keep(engine, &flags.server, &connection, stop).await? {
        return Ok(Tally { interrupted: true, ..Tally::default() });
    }
    let asks = flags.if_exists == Taken::Ask
        && std::io::stdin().is_terminal()
        && std::io::stderr().is_terminal();
    let at = LookUnfinished { connection: connection.id, bucket, prefix: key };
    let queued = match named(flags, engine, &at, stop).await {
        Ok(Some(upload_id)) => {
            let adopt = windlass_engine::Adopt {
                connection: at.connection.clone(),
                bucket: at.bucket.clone(),
                key: at.prefix.clone(),
                upload_id,
                path: path.display().to_string(),
                if_exists: flags.if_exists.to_engine(asks),
                customer_key,
            };
            engine.adopt(adopt).await.map(|_| ())
        }
        Ok(None) => return Ok(Tally { interrupted: true, ..Tally::default() }),
        Err(fault) => Err(fault),
    };
    if let Err(fault) = queued {
        refused(output, &path, &at, &fault);
        return Ok(Tally { failed: 1, ..Tally::default() });
    }
    let asks = Asks { person: asks, unlooked: asks };
    // kept even if nothing could be sent: the stored parts may be days of work
    let mode = RunMode::from_options(&flags.run_options, asks, true);
    Run::new(engine, output, stop, mode).drive().await
}

/// The UploadId to adopt, unless an upload of this computer has it. `None` if interrupted.
async fn named(
    flags: &Adopt,
    engine: &Engine,
    at: &LookUnfinished,
    stop: &StopSignal,
) -> Result<Option<String>> {
    let state = flags.common.state.as_deref();
    let unsupported =
        |detail: String| Err(Fault::new(FaultKind::Unsupported, detail).with_code(WHICH));
    let upload_id = match &flags.upload_id {
        Some(upload_id) => upload_id.clone(),
        None => {
            let found = match scan(engine, at.clone(), state, stop).await {
                Ok(found) => found,
                Err(Some(fault)) => return Err(fault),
                Err(None) => return Ok(None),
            };
            let there = found.uploads.into_iter().map(|(one, _)| one);
            let there: Vec<String> =
                there.filter(|one| one.key == at.prefix).map(|one| one.upload_id).collect();
            match &there[..] {
                [one] => one.clone(),
                [] => {
                    return unsupported(format!(
                        "there is no incomplete multipart upload at {}",
                        flags.place
                    ));
                }
                several => {
                    return unsupported(format!(
                        "there are several incomplete multipart uploads at {}; choose one with --upload-id: {}",
                        flags.place,
                        several.join(", ")
                    ));
                }
            }
        }
    };
    let name = UnfinishedName { key: at.prefix.clone(), upload_id };
    match incomplete_list::held(&at.bucket, state)?.contains(&name) {
        true => Err(Fault::because(FaultKind::Unsupported, Reason::HeldAlready)),
        false => Ok(Some(name.upload_id)),
    }
}

fn refused(output: &mut dyn Output, path: &Path, at: &LookUnfinished, fault: &Fault) {
    let path = path.display().to_string();
    let (bucket, key) = (&at.bucket[..], &at.prefix[..]);
    output.failed(&Failure {
        path: &path,
        bucket,
        key,
        fault,
        kept: false,
        on_server: false,
        along: false,
    });
}
