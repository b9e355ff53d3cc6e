//! The terminal program killed again and again: `cargo xtask soak`. Knows how to build and start it; must not know what
//! must hold: that is tests/support/soak.

use crate::{project, setup, shell};

pub(crate) fn run(args: &[String]) -> Result<(), String> {
    // words after `faults` choose among them
    let words = args.first().is_some_and(|word| word == "faults");
    let mut left = args.iter().filter(|_| !words);
    while let Some(arg) = left.next() {
        match arg.as_str() {
            "--kills" | "--seed" => {
                let value = left.next().ok_or(format!("{arg} wants a value"))?;
                value.parse::<u64>().map_err(|_| format!("{arg} wants a number, not {value}"))?;
            }
            other => return Err(format!("cargo xtask soak: there is no {other}")),
        }
    }
    setup::ready(setup::Extent::Build)?;
    // the app's build takes the window's files in, and fails without them
    if !project::ui().join("dist/index.html").is_file() {
        shell::must(&mut project::npm(&["run", "--silent", "build"]))?;
    }
    shell::must(&mut project::cargo(&["build", "--workspace"]))?;
    shell::must(std::process::Command::new(project::built("debug", "soak")).args(args))
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
    }
}
