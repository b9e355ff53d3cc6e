//! The command `upload`: queues what the flags name, and runs the queue.

use crate::connection::{self, customer_key};
use crate::flags::{self, Sources, Taken, Upload, UploadRequest};
use crate::output::{Failure, Output, Tally};
use crate::run::prompt::Asks;
use crate::run::{Run, RunMode};
use crate::sign_in;
use crate::signals::StopSignal;
use crate::state;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;
use windlass_engine::{AddRequest, Engine, NewUpload, Options, Result, Scan, Settings, Target};

/// # Errors
/// A fault that prevents the run as a whole.
pub(crate) async fn upload(
    flags: &Upload,
    output: &mut dyn Output,
    stop: &StopSignal,
) -> Result<Tally> {
    let request =
        UploadRequest::from_flags(flags).unwrap_or_else(|reason| flags::wrong("upload", &reason));
    let connection = connection::chosen(&flags.server).await?;
    let folder = state::folder(flags.common.state.as_deref())?;
    let slot = state::free(&folder, state::patience(flags.common.wait_for_network)).await?;
    for words in &slot.messages {
        output.say(words);
    }
    let engine = &slot.engine;
    let defaults = Settings::default();
    engine.save_settings(Settings {
        connections: flags.sending.connections,
        part_size: flags.part_size(),
        limit: flags.sending.limit,
        limit_hours: flags.sending.limit_hours.clone(),
        low_priority: flags.sending.low_priority,
        hidden_files: !flags.run_options.skip_hidden,
        follow_links: flags.run_options.follow_links,
        ask_changing_after: flags.run_options.changing_after.unwrap_or(defaults.ask_changing_after),
        ..defaults
    })?;
    let key = customer_key::given(engine, &flags.object.customer_key).await?;
    let options = flags.object.options(&connection.stored, key);
    if !sign_in::keep(engine, &flags.server, &connection, stop).await? {
        return Ok(Tally { interrupted: true, ..Tally::default() });
    }
    state::tidy_after_others(engine, &folder, stop).await;

    let before = match &request.sources {
        Sources::One { path, key } => {
            let place = (&request.bucket[..], &key[..], path);
            one(flags, engine, output, place, (connection.id, options)).await?
        }
        Sources::Many { paths, prefix } => {
            let place = (&request.bucket[..], &prefix[..], &paths[..]);
            many(flags, engine, output, stop, place, (connection.id, options)).await?
        }
    };
    if before.interrupted {
        return Ok(before);
    }
    let asks = Asks { person: asks(flags), unlooked: asks(flags) };
    let mode = RunMode::from_options(&flags.run_options, asks, false);
    let tally = Run::new(engine, output, stop, mode).drive().await?;
    Ok(Tally { failed: tally.failed + before.failed, ..tally })
}

/// Whether a question can be asked, which needs a terminal to read it and to answer.
fn asks(flags: &Upload) -> bool {
    flags.sending.if_exists == Taken::Ask
        && std::io::stdin().is_terminal()
        && std::io::stderr().is_terminal()
}

async fn one(
    flags: &Upload,
    engine: &Engine,
    output: &mut dyn Output,
    (bucket, key, path): (&str, &str, &PathBuf),
    (connection, options): (String, Options),
) -> Result<Tally> {
    let upload = NewUpload {
        path: path.clone(),
        target: Target { connection, bucket: bucket.to_owned(), key: key.to_owned() },
        if_exists: flags.sending.if_exists.to_engine(asks(flags)),
        options,
        part_size: flags.part_size(),
    };
    Ok(match engine.queue(vec![upload]).await {
        Ok(_) => Tally::default(),
        Err(fault) => {
            let path = path.display().to_string();
            output.failed(&Failure {
                path: &path,
                bucket,
                key,
                fault: &fault,
                kept: false,
                on_server: false,
                along: false,
            });
            Tally { failed: 1, ..Tally::default() }
        }
    })
}

async fn many(
    flags: &Upload,
    engine: &Engine,
    output: &mut dyn Output,
    stop: &StopSignal,
    (bucket, prefix, paths): (&str, &str, &[PathBuf]),
    (connection, options): (String, Options),
) -> Result<Tally> {
    let Some((scan, number)) = walked(engine, output, stop, paths).await? else {
        return Ok(Tally { interrupted: true, ..Tally::default() });
    };
    engine.left_out(number, |skipped| output.left_out(skipped))?;
    output.found(&scan);
    let tally = Tally { failed: scan.failed_count, ..Tally::default() };
    if scan.files == 0 {
        if tally.failed == 0 {
            output.say("There is nothing to upload.");
        }
        return Ok(tally);
    }
    let request = AddRequest {
        scan: number,
        connection,
        bucket: bucket.to_owned(),
        prefix: prefix.to_owned(),
        if_exists: flags.sending.if_exists.to_engine(asks(flags)),
        options,
    };
    engine.add(request).await?;
    Ok(tally)
}

/// Scans the paths. `None` if interrupted.
async fn walked(
    engine: &Engine,
    output: &mut dyn Output,
    stop: &StopSignal,
    paths: &[PathBuf],
) -> Result<Option<(Scan, u32)>> {
    let number = engine.scan(paths.to_vec());
    let mut ticks = tokio::time::interval(Duration::from_millis(20));
    loop {
        tokio::select! {
            biased;
            () = stop.requested() => {
                engine.forget_scan(number);
                return Ok(None);
            }
            _ = ticks.tick() => {}
        }
        let scan = engine.scan_progress(number)?;
        if !scan.walking {
            return Ok(Some((scan, number)));
        }
        output.looking(&scan);
        ticks = tokio::time::interval(Duration::from_millis(200));
        ticks.reset();
    }
}
