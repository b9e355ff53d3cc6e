//! The codes of faults that the terminal itself decides by. They are compared, and never shown.

/// The terminal's code of a fault about which incomplete upload was meant.
pub(crate) const WHICH: &str = "Unfinished";
