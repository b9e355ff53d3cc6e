//! What can be typed about an upload's course and its end: a file that does not keep still, and receipts. Knows no file.

use clap::{Args, ValueEnum};
use std::path::PathBuf;
use windlass_engine::IfChanging;

#[derive(Debug, Args)]
#[command(next_help_heading = "Which files, files that change, and receipts")]
pub(crate) struct RunOptions {
    /// Leave out files and folders whose name begins with a dot, or that the system hides
    #[arg(long)]
    pub(crate) skip_hidden: bool,
    /// Upload what links inside a folder lead to; they are left out otherwise
    #[arg(long)]
    pub(crate) follow_links: bool,
    /// What to do where a file does not keep still: ask (the upload fails and is kept for resume), wait
    /// as long as it takes, copy (sends the state that it has then)
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = IfUnstable::Ask, hide_possible_values = true)]
    pub(crate) if_changing: IfUnstable,
    /// Seconds for which such a file is waited for before that [default: 600]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) changing_after: Option<u32>,
    /// Write the receipt of each finished upload to this folder, for verify --receipt
    #[arg(long, value_name = "DIR")]
    pub(crate) receipts: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum IfUnstable {
    Ask,
    Wait,
    Copy,
}

impl IfUnstable {
    pub(crate) fn to_engine(self) -> IfChanging {
        match self {
            Self::Ask => IfChanging::Ask,
            Self::Wait => IfChanging::Wait,
            Self::Copy => IfChanging::Copy,
        }
    }
}
