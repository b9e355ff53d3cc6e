//! The computer that the program under test runs on: this one. `tests/windows` has another, and shares the tests.

use crate::fixture::Running;
use std::path::{Path, PathBuf};
use std::process::Command;
use windlass_tests::child_process::{self, Last};
use windlass_tests::place;

/// The signals that end a run in order.
pub(crate) const INTERRUPTS: &[&str] = &["INT", "TERM"];
/// The exit code of a program that was killed.
pub(crate) const KILLED: Option<i32> = None;
/// Whether the program sees a symbolic link as one.
pub(crate) const SYMLINKS: bool = cfg!(unix);

pub(crate) struct Machine;

impl Machine {
    pub(crate) fn new() -> Machine {
        Machine
    }

    /// The built terminal program, without arguments.
    pub(crate) fn program(&self) -> Command {
        child_process::command(place::program("windlass-cli"), Last::Kill)
    }

    /// Ends a run at once, without a chance to put anything away.
    pub(crate) fn kill(&self, running: &Running) {
        running.signal("KILL");
    }

    /// A path as the program writes it.
    pub(crate) fn shown(&self, path: &Path) -> String {
        path.to_str().unwrap().into()
    }

    /// A path that the program wrote.
    pub(crate) fn found(&self, shown: &str) -> PathBuf {
        shown.into()
    }

    /// The user's data folder, below the home folder that a fixture gives.
    pub(crate) fn data(&self, home: &Path) -> PathBuf {
        home.join(".local/share")
    }
}
