//! The commands, one file each: from the flags to the engine and back to the output.

pub(crate) mod adopt;
pub(crate) mod bucket;
pub(crate) mod connections;
pub(crate) mod login;
pub(crate) mod policy;
pub(crate) mod practice;
pub(crate) mod resume;
pub(crate) mod shell;
pub(crate) mod unfinished;
pub(crate) mod upload;
pub(crate) mod verify;
