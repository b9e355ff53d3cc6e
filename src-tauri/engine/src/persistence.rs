//! Data that outlives the process: the SQLite journal, the settings and receipt files.

pub(crate) mod journal;
pub mod lists;
pub(crate) mod receipt_file;
pub(crate) mod settings;
