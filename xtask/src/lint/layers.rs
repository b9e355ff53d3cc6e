//! The layers of the engine: the one list of its folders, lowest first. An import goes down, and never round in a circle.
//!
//! A module is a file. A child may name its ancestors, whose part it is; what a parent only re-exports is no import.

use super::{before_tests, without_comments};
use std::collections::{BTreeMap, BTreeSet};

/// Lowest first. A folder imports only those before it; two of one row do not import each other.
const LAYERS: &[&[&str]] = &[
    &["fault"],
    &["model"],
    &["scheduling"],
    &["system"],
    &["persistence", "s3"],
    &["transfer"],
    &["engine"],
];
/// These do no I/O and take time as an argument.
pub(super) const PURE: &[&str] = &["fault", "model", "scheduling"];

pub(super) struct Import {
    pub(super) module: String,
    pub(super) line: usize,
    pub(super) says: String,
}

/// Upward imports and import cycles among these modules, by their paths (`model::upload`) and texts.
pub(super) fn check(files: &[(String, String)]) -> Vec<Import> {
    let modules: BTreeSet<&str> = files.iter().map(|(module, _)| module.as_str()).collect();
    let mut found = Vec::new();
    let mut edges: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for (module, text) in files {
        let Some(own) = layer(module) else {
            let says = format!("{module} is in none of the engine's folders");
            found.push(Import { module: module.clone(), line: 1, says });
            continue;
        };
        let code = without_comments(text);
        for named in named(before_tests(&code), module) {
            let Some(other) = home(&named.path, &modules) else { continue };
            if other == module {
                continue;
            }
            let (from, to) = (folder(module), folder(other));
            if from != to && layer(other).is_none_or(|layer| layer >= own) {
                let says = format!("{from} comes before {to}, and must not import {other}");
                found.push(Import { module: module.clone(), line: named.line, says });
            }
            let is_ancestor = module.strip_prefix(other).is_some_and(|rest| rest.starts_with("::"));
            if !named.is_passed_on && !is_ancestor {
                edges.entry(module).or_default().entry(other).or_insert(named.line);
            }
        }
    }
    found.extend(cycles(edges));
    found
}

fn folder(module: &str) -> &str {
    module.split("::").next().unwrap_or_default()
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|row| row.contains(&folder(module)))
}

/// The file that a path leads to.
fn home<'a>(path: &[String], modules: &BTreeSet<&'a str>) -> Option<&'a str> {
    (1..=path.len()).rev().find_map(|n| modules.get(path[..n].join("::").as_str()).copied())
}

/// One finding a cycle, until none is left.
fn cycles<'a>(mut edges: BTreeMap<&'a str, BTreeMap<&'a str, usize>>) -> Vec<Import> {
    let mut found = Vec::new();
    loop {
        // who imports nobody that is left is in no cycle
        loop {
            let left: BTreeSet<&str> = edges.keys().copied().collect();
            let before = left.len();
            edges.values_mut().for_each(|to| to.retain(|to, _| left.contains(to)));
            edges.retain(|_, to| !to.is_empty());
            if edges.len() == before {
                break;
            }
        }
        let Some(start) = edges.keys().next().copied() else { return found };
        let mut walked = vec![start];
        let first = loop {
            let at = walked[walked.len() - 1];
            let Some(next) = edges.get(at).and_then(|to| to.keys().next().copied()) else {
                return found;
            };
            if let Some(first) = walked.iter().position(|module| *module == next) {
                break first;
            }
            walked.push(next);
        };
        let cycle = &walked[first..];
        let next = cycle.get(1).copied().unwrap_or(cycle[0]);
        let line = edges.get(cycle[0]).and_then(|to| to.get(next)).copied().unwrap_or(1);
        let says = format!("an import cycle: {} -> {}", cycle.join(" -> "), cycle[0]);
        found.push(Import { module: cycle[0].to_owned(), line, says });
        for module in cycle {
            edges.remove(module);
        }
    }
}

struct Named {
    path: Vec<String>,
    line: usize,
    /// By `pub use`.
    is_passed_on: bool,
}

/// Everything of this crate that a file names, as paths from its root.
fn named(code: &str, module: &str) -> Vec<Named> {
    let here: Vec<String> = module.split("::").map(ToOwned::to_owned).collect();
    let mut local = BTreeMap::new();
    for line in code.lines() {
        let words: Vec<&str> = line.trim().trim_end_matches(';').split_whitespace().collect();
        if let [.., "mod", name] = words[..]
            && line.trim_end().ends_with(';')
        {
            local.insert(name.to_owned(), [here.clone(), vec![name.to_owned()]].concat());
        }
    }
    let mut found = Vec::new();
    let mut rest = String::new();
    let mut lines = code.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let trimmed = line.trim_start();
        let is_public = trimmed.starts_with("pub");
        let after = match trimmed.strip_prefix("use ") {
            Some(after) => Some(after),
            None if is_public => trimmed.split_once(" use ").map(|(_, after)| after),
            None => None,
        };
        rest.push('\n');
        let Some(after) = after else {
            rest.push_str(line);
            continue;
        };
        let mut tree = after.to_owned();
        while !tree.contains(';') {
            let Some((_, more)) = lines.next() else { break };
            tree.push_str(more);
            rest.push('\n');
        }
        for (parts, alias) in leaves(tree.trim().trim_end_matches(';')) {
            let Some(path) = from_root(&parts, &here, &local) else { continue };
            if let Some(name) = alias.or_else(|| path.last().cloned()).filter(|_| !is_public) {
                local.entry(name).or_insert_with(|| path.clone());
            }
            found.push(Named { path, line: at + 1, is_passed_on: is_public });
        }
    }
    // the first line began with a line break
    for (at, line) in rest.lines().skip(1).enumerate() {
        for word in line.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')) {
            let parts: Vec<String> =
                word.split("::").take_while(|part| !part.is_empty()).map(Into::into).collect();
            if parts.len() > 1
                && let Some(path) = from_root(&parts, &here, &local)
            {
                found.push(Named { path, line: at + 1, is_passed_on: false });
            }
        }
    }
    found
}

fn from_root(
    parts: &[String],
    here: &[String],
    local: &BTreeMap<String, Vec<String>>,
) -> Option<Vec<String>> {
    let up = parts.iter().take_while(|part| *part == "super").count();
    match parts.first()?.as_str() {
        "crate" => Some(parts[1..].to_vec()),
        "self" => Some([here, &parts[1..]].concat()),
        "super" => Some([&here[..here.len().checked_sub(up)?], &parts[up..]].concat()),
        first => local.get(first).map(|path| [path, &parts[1..]].concat()),
    }
}

/// Of `a::{b, c::{self, D as E}}`: `a::b`, `a::c`, and `a::c::D` by the name `E`.
fn leaves(tree: &str) -> Vec<(Vec<String>, Option<String>)> {
    let tree = tree.trim();
    let (head, inner) = match tree.split_once('{') {
        Some((head, inner)) => (head, inner.rsplit_once('}').map(|(inner, _)| inner)),
        None => (tree, None),
    };
    let (head, alias) = match head.split_once(" as ") {
        Some((head, alias)) => (head, Some(alias.trim().to_owned())),
        None => (head, None),
    };
    let parts = head.split("::").map(str::trim).filter(|part| !part.is_empty());
    let parts: Vec<String> = parts.map(ToOwned::to_owned).collect();
    let Some(inner) = inner else {
        return if parts.is_empty() { vec![] } else { vec![(parts, alias)] };
    };
    let (mut found, mut depth, mut start) = (Vec::new(), 0, 0);
    let ends = inner.char_indices().chain([(inner.len(), ',')]);
    for (at, c) in ends {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                for (below, alias) in leaves(&inner[start..at]) {
                    let below = if below == ["self"] { vec![] } else { below };
                    found.push(([parts.clone(), below].concat(), alias));
                }
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(files: &[(&str, &str)]) -> Vec<String> {
        let own = |(module, text): &(&str, &str)| ((*module).to_owned(), (*text).to_owned());
        let files: Vec<_> = files.iter().map(own).collect();
        let found = check(&files).into_iter();
        found.map(|import| format!("{}:{}: {}", import.module, import.line, import.says)).collect()
    }

    #[test]
    fn an_import_goes_down() {
        let upload = "use std::fmt;\nuse crate::{\n    fault::Fault,\n    s3::S3,\n};\n";
        let files = [
            ("fault", "pub struct Fault;\n"),
            ("model::upload", upload),
            ("s3", "use crate::fault::Fault;\n"),
            ("persistence::settings", "fn f() { crate::s3::get(); }\n"),
        ];
        assert_eq!(
            says(&files),
            [
                "model::upload:2: model comes before s3, and must not import s3",
                "persistence::settings:1: persistence comes before s3, and must not import s3",
            ]
        );
        assert_eq!(says(&[("odds", "")]), ["odds:1: odds is in none of the engine's folders"]);
    }

    #[test]
    fn no_import_goes_in_a_circle() {
        let files = [
            ("model::plan", "use super::part::{self, Part};\n"),
            ("model::part", "\nfn f() { crate::model::time::now(); }\n"),
            ("model::time", "use crate::model::{plan, key};\nfn f() { plan::of(); }\n"),
            ("model::key", ""),
        ];
        assert_eq!(
            says(&files),
            ["model::part:2: an import cycle: \
              model::part -> model::time -> model::plan -> model::part"]
        );
    }

    #[test]
    fn a_child_names_its_parent_and_a_parent_passes_its_child_on() {
        let files = [
            ("s3", "mod look;\nmod seal;\npub(crate) use look::Seen;\nuse seal::Seal;\n"),
            ("s3::look", "use super::S3;\n"),
            (
                "s3::seal",
                "use super::S3;\n#[cfg(test)]\nmod tests {\n    use crate::engine::Engine;\n}\n",
            ),
            ("engine", "// crate::s3 is for us\nuse crate::s3::{S3 as Client, Seen};\n"),
        ];
        assert!(says(&files).is_empty(), "{:?}", says(&files));
        let files = [
            ("s3::look", "use super::seal::Seal;\n"),
            ("s3::seal", "use crate::s3::look;\nfn f() { look::now() }\n"),
        ];
        assert_eq!(says(&files).len(), 1);
    }
}
