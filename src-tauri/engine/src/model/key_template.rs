//! The key of a file: a prefix before its relative path, or a template of the user's.

use crate::model::upload::{beside, key_under};
use std::collections::HashSet;
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
use unicode_normalization::UnicodeNormalization as _;

/// The file's name, with its extension.
const NAME: &str = "{name}";
/// The folders between the dropped folder and the file, or the parent folder of a file that was dropped itself.
const FOLDER: &str = "{folder}";

/// The destination as the user typed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern(String);

impl Pattern {
    /// With `{name}` the template is the whole key; with `{folder}` alone, the name is appended; with neither it is a
    /// prefix, and dropped folders keep their structure. Other braces and all slashes are part of the key.
    pub(crate) fn new(typed: &str) -> Self {
        Self(if typed.contains(NAME) {
            typed.trim_end_matches('/').to_owned()
        } else if typed.contains(FOLDER) {
            key_under(typed, NAME)
        } else {
            typed.to_owned()
        })
    }

    /// `relative` is the path below the dropped folder, with forward slashes; `parent` is the name of the file's
    /// folder.
    #[must_use]
    pub(crate) fn key(&self, relative: &str, parent: &str) -> String {
        let Self(pattern) = self;
        if !pattern.contains(NAME) {
            return key_under(pattern, relative);
        }
        let (folder, name) = relative.rsplit_once('/').unwrap_or((parent, relative));
        // an empty folder leaves no empty path segment, and braces in a file's own name are not expanded
        let steps = pattern.split('/').filter(|step| *step != FOLDER || !folder.is_empty());
        let steps = steps.map(|step| {
            step.split(FOLDER).map(|rest| rest.replace(NAME, name)).collect::<Vec<_>>().join(folder)
        });
        steps.collect::<Vec<_>>().join("/")
    }
}

/// A file's name in the form it has in a key (NFC). macOS stores names in another Unicode form.
pub fn composed(name: &str) -> String {
    name.nfc().collect()
}

/// Hashes of the keys given so far: a hundred thousand whole keys would take ten times as much memory.
#[derive(Debug, Default)]
pub(crate) struct Given(HashSet<u64>);

impl Given {
    /// The key, or the first variant of it ("name (2).ext") that was not given yet.
    pub(crate) fn free(&mut self, key: String) -> String {
        let hash = |key: &str| BuildHasherDefault::<DefaultHasher>::default().hash_one(key);
        let mut free = key.clone();
        let mut number = 1;
        while !self.0.insert(hash(&free)) {
            number += 1;
            free = beside(&key, number);
        }
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_makes_the_key() {
        let table = [
            ("", "card/a.mov", "card/a.mov"),
            ("2026/08/", "card/a.mov", "2026/08/card/a.mov"),
            ("/x", "a.mov", "/x/a.mov"),
            ("/abs/", "card/a.mov", "/abs/card/a.mov"),
            ("x//", "a.mov", "x//a.mov"),
            ("/", "a.mov", "/a.mov"),
            ("/{folder}//{name}", "a.mov", "/disk//a.mov"),
            ("{folder}/{name}", "card/day 1/a.mov", "card/day 1/a.mov"),
            ("{folder}/{name}", "a.mov", "disk/a.mov"),
            ("raw/{folder}", "card/a.mov", "raw/card/a.mov"),
            ("all/{name}", "card/day 1/a.mov", "all/a.mov"),
            ("all/x-{name}/", "card/a.mov", "all/x-a.mov"),
            ("{what}/x", "a.mov", "{what}/x/a.mov"),
            ("{name}", "card/{folder}.mov", "{folder}.mov"),
        ];
        for (typed, relative, key) in table {
            assert_eq!(Pattern::new(typed).key(relative, "disk"), key, "{typed} {relative}");
        }
        for (typed, key) in [("{folder}/{name}", "a.mov"), ("/x/{folder}/{name}", "/x/a.mov")] {
            assert_eq!(Pattern::new(typed).key("a.mov", ""), key, "{typed}");
        }
    }

    #[test]
    fn no_two_files_get_one_key() {
        let mut given = Given::default();
        let keys = ["a.mov", "a.mov", "a (2).mov", "b"].map(|key| given.free(key.into()));
        assert_eq!(keys, ["a.mov", "a (2).mov", "a (2) (2).mov", "b"]);
    }
}
