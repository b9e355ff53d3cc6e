//! What a package installs beside the program: completions and manual pages.

use clap::Args;
use clap_complete::Shell;
use std::path::PathBuf;

const COMPLETIONS_MORE: &str = "Packages install them. By hand, for bash:
  windlass-cli completions bash > ~/.local/share/bash-completion/completions/windlass-cli
for zsh, in a folder of $fpath:
  windlass-cli completions zsh > _windlass-cli
and for fish:
  windlass-cli completions fish > ~/.config/fish/completions/windlass-cli.fish";

#[derive(Debug, Args)]
#[command(after_help = COMPLETIONS_MORE)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

#[derive(Debug, Args)]
pub(crate) struct Man {
    /// The folder to write to; it is created
    pub(crate) folder: PathBuf,
}
