//! Completions and manual pages, made from the table of flags. They name no folder and no date, so that two builds make the
//! same files.

use crate::flags::{Completions, Flags, Man};
use crate::output::stdio;
use clap::CommandFactory as _;
use windlass_engine::{Fault, FaultKind, Result};

/// Prints the completion script of a shell.
pub(crate) fn completions(flags: &Completions) {
    let mut script = Vec::new();
    clap_complete::generate(flags.shell, &mut Flags::command(), "windlass-cli", &mut script);
    stdio::script(&String::from_utf8_lossy(&script));
}

/// Writes a page for the program, and one for each command.
///
/// # Errors
/// `Storage`, if they cannot be written.
pub(crate) fn man(flags: &Man) -> Result<()> {
    let folder = &flags.folder;
    std::fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(Flags::command(), folder))
        .map_err(|error| {
            let detail = format!("{} cannot be written: {error}", folder.display());
            Fault::new(FaultKind::Storage, detail)
        })
}
