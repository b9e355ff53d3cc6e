//! This computer: its files, keychain, threads and clock.

pub(crate) mod disk;
pub(crate) mod import_files;
pub(crate) mod keychain;
pub(crate) mod local_file;
pub(crate) mod paths;
pub(crate) mod private;
pub mod threads;
pub(crate) mod walk;
pub(crate) mod wall_clock;
