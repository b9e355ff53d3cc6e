//! What outlives the process: the SQLite journal, the settings and the receipts.

pub(crate) mod journal;
pub mod lists;
pub(crate) mod receipt_file;
pub(crate) mod settings;
