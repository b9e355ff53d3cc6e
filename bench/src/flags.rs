//! Flags of the bench's programs: taken one by one, and what is left over is an error.

use std::str::FromStr;

pub struct Flags {
    words: Vec<String>,
}

impl Flags {
    pub fn from_env() -> Self {
        Self::new(std::env::args().skip(1))
    }

    pub fn new(words: impl IntoIterator<Item = String>) -> Self {
        Self { words: words.into_iter().collect() }
    }

    /// Whether this word was given.
    pub fn switch(&mut self, name: &str) -> bool {
        let at = self.words.iter().position(|word| word == name);
        at.map(|at| self.words.remove(at)).is_some()
    }

    /// The `count` words after this one.
    pub fn values(&mut self, name: &str, count: usize) -> Result<Option<Vec<String>>, String> {
        let Some(at) = self.words.iter().position(|word| word == name) else { return Ok(None) };
        if self.words.len() < at + 1 + count {
            return Err(format!("{name} wants {count} value{}", if count == 1 { "" } else { "s" }));
        }
        Ok(Some(self.words.drain(at..=at + count).skip(1).collect()))
    }

    pub fn value(&mut self, name: &str) -> Result<Option<String>, String> {
        Ok(self.values(name, 1)?.and_then(|mut values| values.pop()))
    }

    /// The value of a flag in its own type.
    pub fn parsed<T: FromStr>(&mut self, name: &str, otherwise: T) -> Result<T, String> {
        match self.value(name)? {
            None => Ok(otherwise),
            Some(value) => value.parse().map_err(|_| format!("{name} does not take {value}")),
        }
    }

    /// What stands after `--`, for a program that runs another.
    pub fn after_dashes(&mut self) -> Vec<String> {
        match self.words.iter().position(|word| word == "--") {
            Some(at) => self.words.drain(at..).skip(1).collect(),
            None => Vec::new(),
        }
    }

    /// The words that are no flags; a flag that nobody took is wrong.
    pub fn rest(self) -> Result<Vec<String>, String> {
        match self.words.iter().find(|word| word.starts_with("--")) {
            Some(unknown) => Err(format!("there is no {unknown}")),
            None => Ok(self.words),
        }
    }
}

/// Bytes from `4GiB`, `16KiB`, `60MB` or a bare number.
pub fn bytes(text: &str) -> Result<u64, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let unit = match &text[digits..] {
        "" | "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        "kB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        _ => return Err(format!("{text} is no size: say it like 4GiB")),
    };
    text[..digits].parse::<u64>().map(|n| n * unit).map_err(|_| format!("{text} is no size"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_taken_and_the_rest_is_told() {
        let words = ["big", "--rounds", "2", "--verify", "--", "ls", "--all"];
        let mut flags = Flags::new(words.map(String::from));
        assert_eq!(flags.after_dashes(), ["ls", "--all"]);
        assert_eq!(flags.parsed("--rounds", 3), Ok(2));
        assert!(flags.switch("--verify") && !flags.switch("--verify"));
        assert_eq!(flags.rest(), Ok(vec!["big".to_string()]));
        let mut flags = Flags::new(["--tls", "a"].map(String::from));
        assert!(flags.values("--tls", 2).is_err());
        assert!(flags.rest().is_err_and(|why| why.contains("--tls")));
    }

    #[test]
    fn sizes_in_both_kinds_of_units() {
        assert_eq!(bytes("4GiB"), Ok(4 << 30));
        assert_eq!(bytes("60MB"), Ok(60_000_000));
        assert_eq!(bytes("17"), Ok(17));
        assert!(bytes("many").is_err() && bytes("4 GB").is_err());
    }
}
