//! The project's own rules, checked over the source text: layers, file length, and names that only one folder may use.

mod layers;

use crate::project;
use std::{
    fs,
    path::{Path, PathBuf},
};

const ENGINE: &str = "src-tauri/engine/src/";
/// What reaches outside, and the one module of the engine, with its folder, that may name it.
const ONLY_IN: &[(&str, &str)] = &[
    ("aws_sdk_s3", "s3"),
    ("rusqlite", "persistence/journal"),
    ("keyring", "system/keychain"),
    ("configparser", "model/import/ini"),
    ("plist", "model/import/cyberduck"),
];
const LONGEST: usize = 450;

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Breach {
    file: String,
    line: usize,
    says: String,
}

/// Prints every breach with its place.
pub(crate) fn run() -> Result<(), String> {
    let root = project::root();
    let mut files = Vec::new();
    walk(&root, &mut files);
    files.sort();
    let mut breaches = Vec::new();
    let mut engine = Vec::new();
    for file in &files {
        let name = file.strip_prefix(&root).unwrap_or(file).to_string_lossy().replace('\\', "/");
        // a file that is not text has no lines to check
        if let Ok(text) = fs::read_to_string(file) {
            breaches.extend(check(&name, &text));
            if let Some(module) = module_of(&name).filter(|module| module != "lib") {
                engine.push((module, text));
            }
        }
    }
    breaches.extend(layers::check(&engine).into_iter().map(
        |layers::Import { module, line, says }| Breach {
            file: format!("{ENGINE}{}.rs", module.replace("::", "/")),
            line,
            says,
        },
    ));
    for Breach { file, line, says } in &breaches {
        println!("{file}:{line}: {says}");
    }
    if breaches.is_empty() {
        println!("{} files keep the rules", files.len());
        return Ok(());
    }
    Err(format!("{} breaches of the rules", breaches.len()))
}

fn walk(dir: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            // made by tools, not written by people
            let made = [".git", "target", "node_modules", "dist", "gen", "shots"]
                .iter()
                .any(|skip| name == *skip);
            if !made {
                walk(&path, files);
            }
        } else if kind.is_file() {
            files.push(path);
        }
    }
}

/// The path of an engine's module: `model::upload`. Files of nothing but tests are in no layer.
fn module_of(file: &str) -> Option<String> {
    let module = file.strip_prefix(ENGINE)?.strip_suffix(".rs")?;
    let is_test = module.ends_with("/tests") || module.ends_with("/simulated");
    (!is_test).then(|| module.replace('/', "::"))
}

/// The rules of one file, by its path in the project.
fn check(file: &str, text: &str) -> Vec<Breach> {
    let mut found = Vec::new();
    let mut breach =
        |line: usize, says: String| found.push(Breach { file: file.into(), line, says });
    let ends_in = |ends: &[&str]| ends.iter().any(|end| file.ends_with(end));

    let length = text.lines().count();
    if length > LONGEST && ends_in(&[".rs", ".ts", ".svelte"]) && !file.contains("/wire/") {
        breach(length, format!("{length} lines; above {LONGEST} a file is split by concept"));
    }
    for (at, line) in numbered(text) {
        if names_this_machine(line) {
            breach(at, "names a folder of one machine".into());
        }
        if file.ends_with("package-lock.json") && line.contains("\"resolved\": \"http") {
            breach(
                at,
                "names a registry's host: npm install --omit-lockfile-registry-resolved".into(),
            );
        }
        if file.starts_with("ui/src/")
            && !file.starts_with("ui/src/lib/backend/")
            && line.contains("@tauri-apps")
        {
            breach(at, "only ui/src/lib/backend names Tauri".into());
        }
        if file == "src-tauri/engine/Cargo.toml" {
            let named = line.split('#').next().unwrap_or_default();
            if let Some(name) =
                ["tauri", "windlass-practice"].iter().find(|name| has_word(named, name))
            {
                breach(at, format!("the engine must not know {name}"));
            }
        }
    }
    // a crate's own tests may read back with what they like
    if file.starts_with("src-tauri/") && file.contains("/src/") && file.ends_with(".rs") {
        rust(file, text, &mut breach);
    }
    found
}

fn rust(file: &str, text: &str, breach: &mut impl FnMut(usize, String)) {
    let code = without_comments(text);
    let module = file.strip_prefix(ENGINE).map(|rest| rest.trim_end_matches(".rs"));
    let is_in = |folder: &str| {
        let below = module.and_then(|module| module.strip_prefix(folder));
        below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
    };
    for (name, allowed) in ONLY_IN {
        if is_in(allowed) {
            continue;
        }
        for (at, line) in numbered(&code) {
            // `keyring_core` is the same thing under its other name
            if has_word(line, name) || has_word(line, &format!("{name}_core")) {
                breach(at, format!("{name} is named only in the engine's {allowed}"));
            }
        }
    }
    if module_of(file).is_some() && layers::PURE.iter().any(|folder| is_in(folder)) {
        // a test may read files and wait
        let code = before_tests(&code);
        for (at, name) in imported(code, "std") {
            // an address is a value; a socket is I/O
            let line = code.lines().nth(at - 1).unwrap_or_default();
            if ["fs", "net"].contains(&name) && !line.contains("std::net::IpAddr") {
                breach(at, format!("no I/O here: std::{name}"));
            }
        }
        for (at, line) in numbered(code) {
            let no = ["SystemTime::now", "Instant::now"].iter().find(|name| line.contains(**name));
            // a channel or a lock is neither I/O nor a clock
            let is_tokio = has_word(line, "tokio") && !line.contains("tokio::sync::");
            let no = no.or(is_tokio.then_some(&"tokio"));
            if let Some(name) = no {
                breach(at, format!("no I/O and no clock of its own here: {name}"));
            }
        }
    }
}

fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(i, line)| (i + 1, line))
}

fn names_this_machine(line: &str) -> bool {
    // in pieces, or this file would break its own rule
    [
        concat!("/wo", "rk/main"),
        concat!("/wo", "rk/shared"),
        concat!("/ro", "ot/"),
        concat!("C:\\Us", "ers\\"),
    ]
    .iter()
    .any(|path| line.contains(path))
}

/// Whether `word` stands in the line by itself; `-` and `_` belong to words.
fn has_word(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    line.match_indices(word).any(|(at, _)| {
        !line[..at].chars().next_back().is_some_and(part)
            && !line[at + word.len()..].chars().next().is_some_and(part)
    })
}

/// The text with `//` comments blanked, its lines kept. A `//` after a colon is an address.
fn without_comments(text: &str) -> String {
    let code = |line: &str| {
        let start =
            line.match_indices("//").map(|(at, _)| at).find(|at| !line[..*at].ends_with(':'));
        line[..start.unwrap_or(line.len())].to_string()
    };
    text.lines().map(code).collect::<Vec<_>>().join("\n")
}

/// The code before the module of tests that closes a file.
fn before_tests(code: &str) -> &str {
    let mut rest = 0;
    while let Some(at) = code[rest..].find("#[cfg(test)]") {
        let after = rest + at + "#[cfg(test)]".len();
        if code[after..].trim_start().starts_with("mod ") {
            return &code[..rest + at];
        }
        rest = after;
    }
    code
}

/// The names right under `root`, each with its line: of `crate::a::B` it is `a`, of `crate::{a::B, c}` `a` and `c`.
fn imported<'a>(code: &'a str, root: &str) -> Vec<(usize, &'a str)> {
    let mut names = Vec::new();
    let path = format!("{root}::");
    let ident = |at: usize| {
        let rest = &code[at..];
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        &rest[..end]
    };
    let line = |at: usize| code[..at].matches('\n').count() + 1;
    for (start, _) in code.match_indices(&path) {
        if code[..start].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let after = start + path.len();
        if !code[after..].starts_with('{') {
            names.push((line(after), ident(after)));
            continue;
        }
        let (mut depth, mut fresh) = (0, false);
        for (at, c) in code[after..].char_indices().map(|(at, c)| (after + at, c)) {
            match c {
                '{' => (depth, fresh) = (depth + 1, depth == 0),
                '}' if depth == 1 => break,
                '}' => depth -= 1,
                ',' => fresh = depth == 1,
                c if fresh && c.is_alphanumeric() => {
                    names.push((line(at), ident(at)));
                    fresh = false;
                }
                _ => {}
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(file: &str, text: &str) -> Vec<String> {
        check(file, text).into_iter().map(|b| format!("{}: {}", b.line, b.says)).collect()
    }

    #[test]
    fn a_pure_file_has_no_io_and_no_clock() {
        for text in [
            "use tokio::time;\n",
            "use std::{fs, io};\n",
            "let t = Instant::now();\n",
            "std::net::TcpStream\n",
        ] {
            assert_eq!(says("src-tauri/engine/src/model/upload.rs", text).len(), 1, "{text}");
            assert!(says("src-tauri/engine/src/s3/body.rs", text).is_empty(), "{text}");
        }
        for text in ["use std::time::{Duration, Instant};\n", "use tokio::sync::oneshot;\n"] {
            assert!(says("src-tauri/engine/src/scheduling/retry.rs", text).is_empty(), "{text}");
        }
    }

    #[test]
    fn comments_and_tests_may_name_anything() {
        let text = "// tokio is not for us\n#[cfg(test)]\nuse x;\n#[cfg(test)]\nmod tests {\n    use tokio::time;\n}\n";
        assert!(says("src-tauri/engine/src/model/time.rs", text).is_empty());
        assert_eq!(
            says("src-tauri/engine/src/model/time.rs", "#[cfg(test)]\nuse x;\nuse tokio::time;\n")
                .len(),
            1
        );
    }

    #[test]
    fn what_reaches_outside_is_named_in_one_place() {
        assert!(says("src-tauri/engine/src/s3.rs", "use aws_sdk_s3::Client;\n").is_empty());
        assert_eq!(says("src-tauri/engine/src/s3x.rs", "use aws_sdk_s3::Client;\n").len(), 1);
        assert_eq!(says("src-tauri/engine/src/transfer.rs", "use aws_sdk_s3::Client;\n").len(), 1);
        assert_eq!(says("src-tauri/src/commands.rs", "use rusqlite::Connection;\n").len(), 1);
        assert!(
            says("src-tauri/engine/src/persistence/journal/open.rs", "use rusqlite::Connection;\n")
                .is_empty()
        );
        assert_eq!(says("src-tauri/cli/src/main.rs", "use keyring_core::Entry;\n").len(), 1);
        assert!(says("tests/support/peer.rs", "use aws_sdk_s3::Client;\n").is_empty());
    }

    #[test]
    fn the_engine_knows_no_window() {
        let names = "description = \"No tauri\"\n";
        assert_eq!(says("src-tauri/engine/Cargo.toml", names).len(), 1);
        assert!(says("src-tauri/engine/Cargo.toml", "# not tauri\nsrc-tauri = 1\n").is_empty());
        assert_eq!(
            says("src-tauri/engine/Cargo.toml", "windlass-practice.workspace = true\n").len(),
            1
        );
    }

    #[test]
    fn tauri_stays_behind_the_backend() {
        let text = "import { invoke } from '@tauri-apps/api/core'\n";
        assert_eq!(says("ui/src/queue/Row.svelte", text).len(), 1);
        assert!(says("ui/src/lib/backend/tauri.ts", text).is_empty());
    }

    #[test]
    fn long_files_are_split_and_generated_ones_are_not() {
        let text = "x\n".repeat(LONGEST + 1);
        assert_eq!(says("ui/src/App.svelte", &text).len(), 1);
        assert!(says("ui/src/lib/wire/wire.ts", &text).is_empty());
        assert!(says("README.md", &text).is_empty());
    }

    #[test]
    fn a_lock_file_names_no_host() {
        let line = "      \"resolved\": \"https://example.org/x.tgz\",\n";
        assert_eq!(says("ui/package-lock.json", line).len(), 1);
    }
}
