//! The terminal face of Windlass: one engine, two faces. Chooses the command and the exit code; knows no upload's course.

mod adopt;
mod ask;
mod bucket;
mod changing;
mod connection;
mod face;
mod fault_codes;
mod flags;
mod json;
mod order;
mod out;
mod own_key;
mod practice;
mod proved;
mod receipts;
mod resume;
mod run;
mod shown;
mod sizes;
mod standing;
mod state;
mod stop;
mod unfinished;
mod upload;
mod verify;
mod words;

use clap::Parser;
use face::{Face, Tally};
use flags::{Command, Common, Flags};
use std::process::ExitCode;
use stop::Stop;
use tracing_subscriber::EnvFilter;
use windlass_engine::fault::Outcome;
use windlass_engine::{Fault, crew};

/// However few processors there are, a signal must find a thread free.
const FEWEST_THREADS: usize = 4;

fn main() -> ExitCode {
    let flags = Flags::try_parse().unwrap_or_else(|error| flags::refuse(&error));
    let filter = EnvFilter::try_from_env("WINDLASS_LOG");
    let filter = filter.unwrap_or_else(|_| "off,windlass_engine=error".into());
    tracing_subscriber::fmt()
        .with_writer(|| out::Log)
        // faults are told by the faces
        .with_env_filter(without_secrets(filter))
        .init();
    let threads = std::thread::available_parallelism()
        .map_or(FEWEST_THREADS, |n| n.get().max(FEWEST_THREADS));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .on_thread_start(crew::join)
        .on_thread_unpark(crew::join)
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            out::tell(&format!("error: no threads to run on: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(command(&flags.command));
    // a walk or a sum that was called off may still be reading
    runtime.shutdown_background();
    code
}

/// Whoever signs requests tells all their headers, the key of an SSE-C object among them.
fn without_secrets(filter: EnvFilter) -> EnvFilter {
    match "aws_sigv4=off".parse() {
        Ok(directive) => filter.add_directive(directive),
        Err(_) => filter,
    }
}

async fn command(command: &Command) -> ExitCode {
    let stop = Stop::listen();
    match command {
        Command::Upload(flags) => {
            let mut face = face_of(&flags.common);
            let outcome = upload::upload(flags, &mut *face, &stop).await;
            told(&mut *face, outcome)
        }
        Command::Resume(flags) => {
            let mut face = face_of(&flags.common);
            let outcome = resume::resume(flags, &mut *face, &stop).await;
            told(&mut *face, outcome)
        }
        Command::Verify(flags) => {
            let mut told = proved::Told::new(flags.json);
            match verify::verify(flags, &mut told, &stop).await {
                Ok(ended) => match told.ended(&ended) {
                    true => ExitCode::SUCCESS,
                    false => ExitCode::FAILURE,
                },
                Err(Some(fault)) => {
                    told.failed(&fault);
                    ExitCode::FAILURE
                }
                Err(None) => ExitCode::from(stop::INTERRUPTED),
            }
        }
        Command::Unfinished(flags) => match &**flags {
            flags::Unfinished::Adopt(flags) => {
                let mut face = face_of(&flags.common);
                let outcome = adopt::adopt(flags, &mut *face, &stop).await;
                told(&mut *face, outcome)
            }
            flags::Unfinished::List(flags) => listed(unfinished::list(flags, &stop).await),
            flags::Unfinished::Discard(flags) => listed(unfinished::discard(flags, &stop).await),
        },
        Command::Bucket(flags) => {
            let outcome = match &**flags {
                flags::Bucket::Create(flags) => bucket::create(flags, &stop).await,
                flags::Bucket::List(flags) => bucket::list(flags, &stop).await,
            };
            match outcome {
                Some(true) => ExitCode::SUCCESS,
                Some(false) => ExitCode::FAILURE,
                None => ExitCode::from(stop::INTERRUPTED),
            }
        }
        Command::Practice(flags) => match practice::practice(flags, &stop).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(fault) => {
                out::tell(&format!("error: {}", fault.detail));
                ExitCode::FAILURE
            }
        },
    }
}

/// True where all went well; none where somebody stopped it.
fn listed(outcome: Result<bool, Option<Fault>>) -> ExitCode {
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(None) => ExitCode::from(stop::INTERRUPTED),
        Err(Some(fault)) => {
            out::tell(&format!("error: {}", fault.detail));
            out::tell(&format!("       {}", words::advice(&fault)));
            ExitCode::FAILURE
        }
    }
}

fn face_of(flags: &Common) -> Box<dyn Face> {
    if flags.json {
        return Box::new(json::Json::default());
    }
    let state = flags
        .state
        .as_ref()
        .map(|state| format!(" --state {}", state.display()))
        .unwrap_or_default();
    Box::new(shown::Shown::new(format!("windlass-cli resume{state}")))
}

fn told(face: &mut dyn Face, outcome: Outcome<Tally>) -> ExitCode {
    match outcome {
        Ok(tally) => {
            face.ended(&tally);
            if tally.interrupted {
                ExitCode::from(stop::INTERRUPTED)
            } else if tally.failed + tally.unwritten > 0 {
                ExitCode::FAILURE
            } else {
                ExitCode::SUCCESS
            }
        }
        Err(fault) => {
            face.say(&format!("error: {}", fault.detail));
            face.say(&format!("       {}", words::advice(&fault)));
            ExitCode::FAILURE
        }
    }
}
