//! Other uploaders to compare with: where they are installed, and how.

use crate::{project, shell};
use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

pub(crate) fn folder() -> PathBuf {
    project::target().join("bench/peers")
}

/// Installs packages of Python's registry once, into a place of the project's own; those that cannot be had, and why.
///
/// # Errors
/// Where there is no place to install anything into.
pub(crate) fn python<'a>(packages: &[&'a str]) -> Result<Vec<(&'a str, String)>, String> {
    let venv = folder().join("venv");
    let pip = venv.join("bin/pip");
    if !pip.is_file() {
        shell::must(Command::new("python3").args(["-m", "venv"]).arg(&venv))
            .map_err(|why| format!("{why}\non Debian: apt-get install python3-venv"))?;
    }
    let install = |packages: &[&str]| {
        let mut install = Command::new(&pip);
        install.args(["install", "--quiet", "--disable-pip-version-check"]).args(packages);
        shell::must(install.stdin(Stdio::null()))
    };
    // together, so that what they share fits all of them
    if install(packages).is_ok() {
        return Ok(Vec::new());
    }
    let alone = |package: &&'a str| Some((*package, install(&[package]).err()?));
    Ok(packages.iter().filter_map(alone).collect())
}
