//! The computer that the program under test runs on: Windows, played by Wine. The program's working folder and the files of
//! a test are on its drive Z.

use crate::fixture::Running;
use std::path::{Path, PathBuf};
use std::process::Command;
use windlass_tests::place;
use windlass_tests::wine::{self, Wine};

/// Wine hands SIGINT to a program as Ctrl-C.
pub(crate) const INTERRUPTS: &[&str] = &["INT"];
/// The exit code that Wine's `taskkill` gives.
pub(crate) const KILLED: Option<i32> = Some(0);
/// Wine follows the links of Unix without a word.
pub(crate) const SYMLINKS: bool = false;

pub(crate) struct Machine {
    pub(crate) wine: Wine,
}

impl Machine {
    pub(crate) fn new() -> Machine {
        Machine { wine: Wine::new() }
    }

    /// The terminal program, built for Windows, without arguments.
    pub(crate) fn program(&self) -> Command {
        self.wine.command(place::windows_program("windlass-cli"))
    }

    /// Ends all runs by `TerminateProcess`, as the task manager does.
    pub(crate) fn kill(&self, _: &Running) {
        let output = self.wine.run(&["taskkill", "/f", "/im", "windlass-cli.exe"]);
        assert!(output.status.success(), "{output:?}");
    }

    /// A path as the program writes it.
    pub(crate) fn shown(&self, path: &Path) -> String {
        wine::windows_path(path)
    }

    /// A path that the program wrote.
    pub(crate) fn found(&self, shown: &str) -> PathBuf {
        wine::unix_path(shown)
    }

    /// The user's data folder. Windows takes it from the registry, not from the environment.
    pub(crate) fn data(&self, _: &Path) -> PathBuf {
        self.wine.user().join("AppData/Roaming")
    }
}
