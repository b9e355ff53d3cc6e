//! The only way to stdout and stderr. Knows that a reader may be gone: an upload does not end because nobody listens.

use std::io::Write;

/// One line to stdout, there at once: whoever reads a pipe waits for it.
pub(crate) fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}

/// One line to stderr.
pub(crate) fn tell(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// A question to stderr, with the cursor left behind it.
pub(crate) fn ask(text: &str) {
    let mut err = std::io::stderr().lock();
    let _ = write!(err, "{text}").and_then(|()| err.flush());
}
