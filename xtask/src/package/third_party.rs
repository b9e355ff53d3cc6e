//! The licences of what is compiled in, as most of them require to be passed on.

use super::told;
use crate::{project, shell};
use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
};

/// npm packages whose code is in the window.
const OF_THE_WINDOW: [&str; 2] = ["svelte", "@tauri-apps/api"];

/// Lists the libraries of these packages of ours, and after them each text once, with those that it belongs to.
pub(super) fn licences(packages: &[&str]) -> Result<String, String> {
    let mut tree = project::cargo(&["tree", "--locked", "--edges", "normal", "--prefix", "none"]);
    tree.args(["--format", "{p}\t{l}"]);
    tree.args(packages.iter().flat_map(|package| ["--package", package]));
    let tree = shell::capture(&mut tree).ok_or("cargo tree failed")?;
    let mut list = BTreeSet::new();
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (library, licence) in tree.lines().filter_map(library) {
        let folder = source(&library)?;
        for text in texts_in(&folder)? {
            texts.entry(text).or_default().insert(library.clone());
        }
        list.insert(format!("{library}: {licence}"));
    }
    if packages.contains(&"windlass") {
        for package in OF_THE_WINDOW {
            for text in texts_in(&project::ui().join("node_modules").join(package))? {
                texts.entry(text).or_default().insert(package.to_owned());
            }
            list.insert(package.to_owned());
        }
    }
    let mut all = String::from("Windlass contains these libraries. Their licences follow.\n\n");
    for line in list {
        all.push_str(&line);
        all.push('\n');
    }
    for (text, libraries) in texts {
        let libraries = libraries.into_iter().collect::<Vec<_>>().join(", ");
        all.push_str(&format!("\n{}\n{libraries}\n\n{text}\n", "-".repeat(80)));
    }
    Ok(all)
}

/// `name-version` and its licence, from a line such as `tokio v1.47.0\tMIT`. Our own crates have a path.
fn library(line: &str) -> Option<(String, String)> {
    let (package, licence) = line.split_once('\t')?;
    if package.contains('/') {
        return None;
    }
    let mut words = package.split(' ');
    let (name, version) = (words.next()?, words.next()?.strip_prefix('v')?);
    // a line of what was listed before ends in (*)
    let licence = licence.trim_end_matches("(*)").trim();
    Some((format!("{name}-{version}"), licence.to_owned()))
}

/// The folder of its source, which was there to be compiled.
fn source(library: &str) -> Result<PathBuf, String> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| {
        let home = env::var_os("HOME").or_else(|| env::var_os("USERPROFILE"))?;
        Some(PathBuf::from(home).join(".cargo"))
    });
    let registries = home.ok_or("there is no CARGO_HOME")?.join("registry/src");
    let entries = fs::read_dir(&registries).map_err(|e| told(&registries, &e))?;
    let found = entries.flatten().map(|registry| registry.path().join(library));
    found
        .into_iter()
        .find(|folder| folder.is_dir())
        .ok_or(format!("the source of {library} is not below {}", registries.display()))
}

/// Its licences and notices, sorted by name.
fn texts_in(folder: &Path) -> Result<Vec<String>, String> {
    let entries = fs::read_dir(folder).map_err(|e| told(folder, &e))?;
    let mut files: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
            let begins = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE", "COPYRIGHT"];
            path.is_file() && begins.iter().any(|begin| name.starts_with(begin))
        })
        .collect();
    files.sort();
    let texts = files.iter().filter_map(|file| fs::read(file).ok());
    Ok(texts
        .map(|text| String::from_utf8_lossy(&text).replace('\r', "").trim().to_owned())
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_of_others_are_read_from_cargo_s_tree() {
        let read = |line: &str| library(line);
        assert_eq!(read("tokio v1.47.0\tMIT"), Some(("tokio-1.47.0".into(), "MIT".into())));
        let again = read("serde v1.0.1 (proc-macro)\tMIT OR Apache-2.0 (*)");
        assert_eq!(again, Some(("serde-1.0.1".into(), "MIT OR Apache-2.0".into())));
        assert_eq!(read("windlass v0.1.0 (/home/ada/windlass/src-tauri)\tApache-2.0"), None);
        assert_eq!(read(""), None);
    }
}
