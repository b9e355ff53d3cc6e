//! The private desktop that tests and the demo run in.

use crate::project;
use std::{env, path::Path, process::Command};

/// Whether a window could be shown to somebody.
pub(crate) fn has_display() -> bool {
    !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// `program` as a command inside a private desktop; outside Linux, where there is none, as it is.
pub(crate) fn inside(program: &Path) -> Command {
    if !cfg!(target_os = "linux") {
        return Command::new(program);
    }
    // the desktop goes when this process does, however that ends
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM", "bash"]);
    command.arg(project::root().join("tests/support/private-desktop.sh")).arg(program);
    command
}
