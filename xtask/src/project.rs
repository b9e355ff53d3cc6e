//! Paths in the project.

use crate::shell;
use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    let here = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    here.parent().map_or(here.clone(), Path::to_path_buf)
}

/// Cargo's target folder, wherever the user keeps it: the one this program was built into.
pub(crate) fn target() -> PathBuf {
    let exe = env::current_exe().unwrap_or_default();
    // cargo marks the top of its target folder with this file
    exe.ancestors()
        .find(|dir| dir.join("CACHEDIR.TAG").is_file())
        .map_or_else(|| root().join("target"), Path::to_path_buf)
}

pub(crate) fn ui() -> PathBuf {
    root().join("ui")
}

/// What the tests need beside the project: S3 servers that others wrote.
pub(crate) fn servers() -> PathBuf {
    target().join("servers")
}

/// Programs that the checks need and cargo installs.
pub(crate) fn tools() -> PathBuf {
    target().join("tools")
}

/// The path of a built program.
pub(crate) fn built(profile: &str, name: &str) -> PathBuf {
    target().join(profile).join(format!("{name}{}", env::consts::EXE_SUFFIX))
}

pub(crate) fn cargo(args: &[&str]) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(args).current_dir(root());
    cargo
}

pub(crate) fn npm(args: &[&str]) -> Command {
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    // without NO_COLOR a CI run colours the summary that is read for the count
    npm.args(args).current_dir(ui()).env("NO_COLOR", "1").env_remove("FORCE_COLOR");
    npm
}

/// Builds the window's files, which the app takes in when it is compiled, if they are not there.
pub(crate) fn window_is_built() -> Result<(), String> {
    if ui().join("dist/index.html").is_file() {
        return Ok(());
    }
    shell::must(&mut npm(&["run", "--silent", "build"]))
}
