//! The flags for which files are uploaded, files that change meanwhile, and receipts.

use clap::{Args, ValueEnum};
use std::path::PathBuf;
use windlass_engine::IfChanging;

#[derive(Debug, Args)]
#[command(next_help_heading = "Files and receipts")]
pub(crate) struct RunOptions {
    /// Skip hidden files and folders
    #[arg(long)]
    pub(crate) skip_hidden: bool,
    /// Follow symbolic links inside folders; without this, they are skipped
    #[arg(long)]
    pub(crate) follow_links: bool,
    /// What to do if a file keeps changing: ask (the upload fails and can be resumed), wait (until it
    /// is stable), copy (upload a copy of its current version)
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = IfUnstable::Ask, hide_possible_values = true)]
    pub(crate) if_changing: IfUnstable,
    /// Seconds to wait for such a file to become stable before --if-changing applies [default: 600]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) changing_after: Option<u32>,
    /// Write a receipt of each finished upload to this folder, for verify --receipt
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
