//! The codes of faults that the terminal itself decides by. They are compared, and never shown.

/// The engine's code of a failure that asks what to do with a file that keeps changing.
pub(crate) const CHANGING: &str = "Changing";

/// The terminal's code of a fault about which incomplete upload was meant.
pub(crate) const WHICH: &str = "Unfinished";
