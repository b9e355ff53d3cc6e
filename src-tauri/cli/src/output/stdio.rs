//! The only module that writes to stdout and stderr. A closed pipe does not end an upload, and control characters in names
//! and server messages are escaped.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::Write;

/// Writes one line to stdout and flushes it, for readers of a pipe.
pub(crate) fn line(text: &str) {
    put(&plain(text));
}

/// Writes one line of JSON to stdout.
pub(crate) fn json(text: &str) {
    put(&plain_json(text));
}

fn put(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}

/// Writes a script of our own making to stdout as it is: nothing from outside is in it.
pub(crate) fn script(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Writes one line to stderr.
pub(crate) fn report(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", plain(text));
}

/// Writes a question to stderr, without a line break.
pub(crate) fn prompt(text: &str) {
    let mut err = std::io::stderr().lock();
    let _ = write!(err, "{}", plain(text)).and_then(|()| err.flush());
}

/// The text with control characters escaped: `\u{1b}[2J` cannot clear the screen, and `\n` cannot fake a line of output.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(acts) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match acts(letter) {
            true => shown.extend(letter.escape_default()),
            false => shown.push(letter),
        }
    }
    shown.into()
}

/// JSON with control characters escaped. They occur only inside its strings.
fn plain_json(text: &str) -> Cow<'_, str> {
    if !text.contains(acts) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        // all of them are in the basic plane
        let _ = match acts(letter) {
            true => write!(shown, "\\u{:04x}", u32::from(letter)),
            false => shown.write_char(letter),
        };
    }
    shown.into()
}

/// Whether a character is a control (C0, DEL, C1), a line separator, or changes the text direction.
pub(crate) fn acts(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// stderr for the log, which keeps its line breaks.
pub(crate) struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        let mut err = std::io::stderr().lock();
        for line in text.split_inclusive('\n') {
            let end = if line.ends_with('\n') { "\n" } else { "" };
            write!(err, "{}{end}", plain(line.trim_end_matches('\n')))?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        std::io::stderr().flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_shown_and_the_rest_stays() {
        let table = [
            ("Übertragung ⏵ 100 % ✔ 日本 a\u{301}", "Übertragung ⏵ 100 % ✔ 日本 a\u{301}"),
            ("a\u{1b}[2Jb", r"a\u{1b}[2Jb"),
            ("a\u{9b}31mb\u{7f}\u{8}", r"a\u{9b}31mb\u{7f}\u{8}"),
            ("a\ndone  b\r\tc", r"a\ndone  b\r\tc"),
            ("exe.\u{202e}gpj\u{2066}\u{2028}", r"exe.\u{202e}gpj\u{2066}\u{2028}"),
            (r"C:\new", r"C:\new"),
        ];
        for (text, shown) in table {
            assert_eq!(plain(text), shown);
        }
    }

    #[test]
    fn json_says_the_same_with_nothing_that_a_terminal_obeys() {
        let text = "a\u{1b}[2J\u{9b}31m\u{7f}\n\u{202e}\u{2028} ü \" \\";
        let json = serde_json::to_string(text).unwrap();
        let plain = plain_json(&json);
        assert!(!plain.contains(acts), "{plain}");
        assert_eq!(serde_json::from_str::<String>(&plain).unwrap(), text);
    }
}
