//! Kills the terminal program at random moments and reports what that cost; with `faults`, injects each fault once; with
//! `slow`, interrupts uploads over slow lines. Run by `cargo xtask soak`.
#![allow(clippy::print_stdout, reason = "a report is its purpose")]

mod faults;

use std::process::ExitCode;
use windlass_tests::{
    slow::{Slow, slow},
    soak::soak,
};

#[tokio::main]
async fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let held = match args.first().map(String::as_str) {
        Some("faults") => faults::run(&args[1..]).await,
        Some("slow") => slow_lines(&args[1..]).await,
        _ => kills(&args).await,
    };
    if held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The number after a flag.
fn number(args: &[String], flag: &str) -> Option<u64> {
    args.iter().skip_while(|arg| *arg != flag).nth(1)?.parse().ok()
}

fn count(args: &[String], flag: &str) -> Option<usize> {
    number(args, flag).map(|number| usize::try_from(number).unwrap_or(usize::MAX))
}

async fn kills(args: &[String]) -> bool {
    let kills = count(args, "--kills").unwrap_or(100);
    let seed = number(args, "--seed").unwrap_or_else(rand::random);
    println!("seed {seed}");
    let soaked = soak(kills, seed, &mut |line| println!("{line}")).await;
    match &soaked {
        Ok(summary) => println!("\n{}\nseed {seed}", summary.reported()),
        Err(reason) => println!("\nit did not hold, with seed {seed}: {reason}"),
    }
    soaked.is_ok()
}

async fn slow_lines(args: &[String]) -> bool {
    let mut words = Vec::new();
    let mut left = args.iter();
    while let Some(arg) = left.next() {
        match arg.as_str() {
            "--peers" | "--debug" => {}
            // its value
            flag if flag.starts_with("--") => drop(left.next()),
            word => words.push(word.to_string()),
        }
    }
    let wanted = Slow {
        moments: count(args, "--moments").unwrap_or(20).max(1),
        seed: number(args, "--seed").unwrap_or_else(rand::random),
        words,
        at_once: count(args, "--at-once").unwrap_or(8),
        peers: args.iter().any(|arg| arg == "--peers"),
    };
    let seed = wanted.seed;
    println!("seed {seed}");
    match slow(&wanted, &mut |line| println!("{line}")).await {
        Ok(report) => {
            println!("\n{}\nseed {seed}", report.text);
            report.held
        }
        Err(reason) => {
            println!("{reason}");
            false
        }
    }
}
