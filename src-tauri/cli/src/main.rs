//! The terminal program of Windlass, on the same engine as the window. Chooses the command and the exit code.

mod commands;
mod connection;
mod fault_codes;
mod flags;
mod incomplete_list;
mod output;
mod run;
mod sign_in;
mod signals;
mod state;
mod units;

use clap::Parser;
use commands::{
    adopt, bucket, connections, login, policy, practice, resume, shell, unfinished, upload, verify,
};
use flags::{Command, Common, Flags};
use output::{Output, Tally, json, messages, proved, shown, stdio};
use signals::StopSignal;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;
use windlass_engine::{Fault, Result, threads};

/// Even on one processor, a thread must be free to handle a signal.
const FEWEST_THREADS: usize = 4;

fn main() -> ExitCode {
    let flags = Flags::try_parse().unwrap_or_else(|error| flags::refuse(&error));
    let filter = EnvFilter::try_from_env("WINDLASS_LOG");
    let filter = filter.unwrap_or_else(|_| "off,windlass_engine=error".into());
    tracing_subscriber::fmt()
        .with_writer(|| stdio::Log)
        // the output reports faults
        .with_env_filter(without_secrets(filter))
        .init();
    let threads = std::thread::available_parallelism()
        .map_or(FEWEST_THREADS, |n| n.get().max(FEWEST_THREADS));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .on_thread_start(threads::join)
        .on_thread_unpark(threads::join)
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            stdio::report(&format!("error: no threads to run on: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(command(&flags.command));
    // a cancelled scan or checksum may still be reading a file
    runtime.shutdown_background();
    code
}

/// Turns off the logs of the request signer, which contain all headers, including customer keys (SSE-C), and of the SDK's
/// request bodies, which contain a sign-in's tokens.
fn without_secrets(filter: EnvFilter) -> EnvFilter {
    let silent = ["aws_sigv4=off", "aws_smithy_runtime::client::orchestrator=off"];
    let silent = silent.into_iter().filter_map(|target| target.parse().ok());
    silent.fold(filter, EnvFilter::add_directive)
}

async fn command(command: &Command) -> ExitCode {
    let stop = StopSignal::listen();
    match command {
        Command::Upload(flags) => {
            let mut output = output_for(&flags.common);
            let outcome = upload::upload(flags, &mut *output, &stop).await;
            exit_code(&mut *output, outcome)
        }
        Command::Resume(flags) => {
            let mut output = output_for(&flags.common);
            let outcome = resume::resume(flags, &mut *output, &stop).await;
            exit_code(&mut *output, outcome)
        }
        Command::Verify(flags) => {
            let mut output = proved::VerifyOutput::new(flags.json);
            match verify::verify(flags, &mut output, &stop).await {
                Ok(ended) => match output.ended(&ended) {
                    true => ExitCode::SUCCESS,
                    false => ExitCode::FAILURE,
                },
                Err(Some(fault)) => {
                    output.failed(&fault);
                    ExitCode::FAILURE
                }
                Err(None) => ExitCode::from(signals::INTERRUPTED),
            }
        }
        Command::Unfinished(flags) => match &**flags {
            flags::Unfinished::Adopt(flags) => {
                let mut output = output_for(&flags.common);
                let outcome = adopt::adopt(flags, &mut *output, &stop).await;
                exit_code(&mut *output, outcome)
            }
            flags::Unfinished::List(flags) => listed(unfinished::list(flags, &stop).await),
            flags::Unfinished::Discard(flags) => listed(unfinished::discard(flags, &stop).await),
        },
        Command::Login(flags) => listed(login::login(flags, &stop).await),
        Command::Bucket(flags) => {
            let outcome = match &**flags {
                flags::Bucket::Create(flags) => bucket::create(flags, &stop).await,
                flags::Bucket::List(flags) => bucket::list(flags, &stop).await,
            };
            match outcome {
                Some(true) => ExitCode::SUCCESS,
                Some(false) => ExitCode::FAILURE,
                None => ExitCode::from(signals::INTERRUPTED),
            }
        }
        Command::Connections(flags) => {
            let outcome = match &**flags {
                flags::Connections::List(flags) => Some(connections::list(flags)),
                flags::Connections::Import(flags) => {
                    stopped(&stop, connections::import(flags)).await
                }
            };
            match outcome {
                Some(Ok(true)) => ExitCode::SUCCESS,
                Some(Ok(false)) => ExitCode::FAILURE,
                Some(Err(fault)) => {
                    stdio::report(&format!("error: {}", fault.detail));
                    ExitCode::FAILURE
                }
                None => ExitCode::from(signals::INTERRUPTED),
            }
        }
        Command::Policy(flags) => match policy::policy(flags).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(fault) => {
                stdio::report(&format!("error: {}", fault.detail));
                ExitCode::FAILURE
            }
        },
        Command::Completions(flags) => {
            shell::completions(flags);
            ExitCode::SUCCESS
        }
        Command::Man(flags) => match shell::man(flags) {
            Ok(()) => ExitCode::SUCCESS,
            Err(fault) => {
                stdio::report(&format!("error: {}", fault.detail));
                ExitCode::FAILURE
            }
        },
        Command::Practice(flags) => match practice::practice(flags, &stop).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(fault) => {
                stdio::report(&format!("error: {}", fault.detail));
                ExitCode::FAILURE
            }
        },
    }
}

/// None where somebody stopped it.
async fn stopped<T>(stop: &StopSignal, work: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        biased;
        () = stop.requested() => None,
        done = work => Some(done),
    }
}

/// The exit code of a command that returns whether everything succeeded, or `Err(None)` if interrupted.
fn listed(outcome: Result<bool, Option<Fault>>) -> ExitCode {
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(None) => ExitCode::from(signals::INTERRUPTED),
        Err(Some(fault)) => {
            stdio::report(&format!("error: {}", fault.detail));
            stdio::report(&format!("       {}", messages::advice(&fault)));
            ExitCode::FAILURE
        }
    }
}

fn output_for(flags: &Common) -> Box<dyn Output> {
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

fn exit_code(output: &mut dyn Output, outcome: Result<Tally>) -> ExitCode {
    match outcome {
        Ok(tally) => {
            output.ended(&tally);
            if tally.interrupted {
                ExitCode::from(signals::INTERRUPTED)
            } else if tally.failed + tally.unwritten > 0 {
                ExitCode::FAILURE
            } else {
                ExitCode::SUCCESS
            }
        }
        Err(fault) => {
            output.say(&format!("error: {}", fault.detail));
            output.say(&format!("       {}", messages::advice(&fault)));
            ExitCode::FAILURE
        }
    }
}
