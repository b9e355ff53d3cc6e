//! Kills the terminal program at random instants until it has had enough, and says what that cost; or, as `faults`, lets
//! each fault fall once. Knows its flags; what must hold is the library's. Run by `cargo xtask soak`.
#![allow(clippy::print_stdout, reason = "a report is its purpose")]

mod faults;

use std::process::ExitCode;
use windlass_tests::soak::soak;

#[tokio::main]
async fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().collect();
    if args.get(1).is_some_and(|word| word == "faults") {
        return if faults::run(&args[2..]).await { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let value = |flag: &str| args.iter().skip_while(|arg| *arg != flag).nth(1)?.parse::<u64>().ok();
    let kills = usize::try_from(value("--kills").unwrap_or(100)).unwrap_or(usize::MAX);
    let seed = value("--seed").unwrap_or_else(rand::random);
    println!("seed {seed}");
    match soak(kills, seed, &mut |line| println!("{line}")).await {
        Ok(summary) => {
            println!("\n{}\nseed {seed}", summary.told());
            ExitCode::SUCCESS
        }
        Err(why) => {
            println!("\nit did not hold, with seed {seed}: {why}");
            ExitCode::FAILURE
        }
    }
}
