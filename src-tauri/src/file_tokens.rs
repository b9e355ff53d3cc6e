//! Files that the user dropped or picked. The page refers to them by tokens and never by path.

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use windlass_engine::{Fault, FaultKind};

/// How many are remembered. The oldest are dropped.
const MOST: usize = 200_000;

#[derive(Default)]
pub(crate) struct FileTokens(Mutex<Tokens>);

#[derive(Default)]
struct Tokens {
    by_path: HashMap<PathBuf, u64>,
    by_number: HashMap<u64, PathBuf>,
    /// Oldest first.
    order: VecDeque<u64>,
    last: u64,
}

impl FileTokens {
    /// A token for each path, the same as before if it was chosen before: a file that is dropped twice is one file.
    pub(crate) fn tokens(&self, paths: impl IntoIterator<Item = PathBuf>) -> Vec<String> {
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        paths.into_iter().map(|path| format!("{TOKEN}{}", tokens.number(path))).collect()
    }

    /// The path of a token.
    ///
    /// # Errors
    /// `Bug`, if the user did not choose it.
    pub(crate) fn path(&self, token: &str) -> Result<PathBuf, Fault> {
        let tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let number = token.strip_prefix(TOKEN).and_then(|number| number.parse().ok());
        let path = number.and_then(|number: u64| tokens.by_number.get(&number));
        path.cloned().ok_or_else(|| {
            let detail = "this file was neither picked in a dialog nor dropped; choose it again";
            Fault::new(FaultKind::Bug, detail)
        })
    }

    /// The paths of tokens.
    ///
    /// # Errors
    /// As for `path`.
    pub(crate) fn paths(&self, tokens: &[String]) -> Result<Vec<PathBuf>, Fault> {
        tokens.iter().map(|token| self.path(token)).collect()
    }
}

/// The prefix of the number.
const TOKEN: &str = "picked-";

impl Tokens {
    fn number(&mut self, path: PathBuf) -> u64 {
        if let Some(number) = self.by_path.get(&path) {
            return *number;
        }
        self.last += 1;
        self.by_path.insert(path.clone(), self.last);
        self.by_number.insert(self.last, path);
        self.order.push_back(self.last);
        if self.order.len() > MOST
            && let Some(path) =
                self.order.pop_front().and_then(|oldest| self.by_number.remove(&oldest))
        {
            self.by_path.remove(&path);
        }
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_chosen_has_a_path() {
        let chosen = FileTokens::default();
        let tokens = chosen.tokens(["/a".into(), "/b".into(), "/a".into()]);
        assert_eq!((&tokens[0], tokens[0] == tokens[1]), (&tokens[2], false));
        assert_eq!(chosen.paths(&tokens[..2]).unwrap(), [PathBuf::from("/a"), "/b".into()]);
        for other in ["", "/a", "picked-", "picked-0", "picked-99", "picked--1", "picked-../a", "1"]
        {
            assert_eq!(chosen.path(other).unwrap_err().kind, FaultKind::Bug, "{other}");
        }
        assert!(chosen.paths(&[tokens[0].clone(), "/etc/passwd".into()]).is_err());
    }

    #[test]
    fn the_oldest_go_where_there_are_too_many() {
        let chosen = FileTokens::default();
        let first = chosen.tokens(["/first".into()]);
        let many = chosen.tokens((0..MOST).map(|number| PathBuf::from(number.to_string())));
        assert!(chosen.path(&first[0]).is_err());
        assert_eq!(chosen.path(&many[MOST - 1]).unwrap(), PathBuf::from((MOST - 1).to_string()));
    }
}
