//! Fault codes that the terminal program sets and compares. They are never shown.

/// The code of a fault about which incomplete multipart upload was meant.
pub(crate) const WHICH: &str = "Unfinished";
