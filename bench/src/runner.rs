//! The runner: sets of measurements, in which Windlass and other uploaders take turns against the sink, and a page of tables.

mod bench;
mod certs;
mod files;
mod peers;
mod rounds;
mod sets;
mod sink;
mod steady;
mod syscalls;
mod table;
mod wan;

use crate::{
    flags::{self, Flags},
    primitives,
};
use bench::Bench;
use sets::Set;
use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

pub const USAGE: &str = "\
bench [primitives] [SET...] [--rounds 3] [--only NAME,NAME] [--size 4GiB] [--out FILE.md]
    Sets: big-http big-https headers small queued far slow limit fair (default: all). --only runs the uploaders with one
    of these words in their name. far and slow need root and the program `ip`. What the machine's primitives cost comes
    before all of them; `primitives` alone is that and no set. Syscalls are counted by `perf`, or else by `strace`.";

/// Stands where sets do, and is none: it is always measured.
const PRIMITIVES: &str = "primitives";

pub fn run(mut flags: Flags) -> Result<(), String> {
    let mut bench = Bench::new()?;
    bench.rounds = flags.parsed("--rounds", 3_usize)?.max(1);
    if let Some(only) = flags.value("--only")? {
        bench.only = only.split(',').map(str::to_string).collect();
    }
    if let Some(size) = flags.value("--size")? {
        bench.size = flags::bytes(&size)?;
    }
    let out = flags.value("--out")?.map_or_else(|| bench.folder.join("results.md"), PathBuf::from);
    let words = flags.rest()?;
    let sets = match words.as_slice() {
        [] => Set::ALL.to_vec(),
        names => {
            let sets = names.iter().filter(|name| *name != PRIMITIVES);
            sets.map(|name| Set::named(name)).collect::<Result<_, _>>()?
        }
    };
    let mut page = head(&bench, &words);
    eprintln!("{page}");
    write(&out, &page)?;
    for set in sets {
        eprintln!("== {}", set.name());
        let section = match set.left_out() {
            Some(why) => format!("Left out: {why}.\n"),
            // what one set cannot do must not cost the results of the others
            None => sets::run(set, &bench).unwrap_or_else(|why| format!("FAILED: {why}\n")),
        };
        eprintln!("{section}");
        // writing to a String cannot fail
        let _ = write!(page, "\n## {}\n\n{section}", set.name());
        write(&out, &page)?;
    }
    eprintln!("written: {}", out.display());
    Ok(())
}

/// After each step: what was measured stays, whatever comes next.
fn write(out: &Path, page: &str) -> Result<(), String> {
    fs::write(out, page).map_err(|e| format!("{}: {e}", out.display()))
}

/// As a table, or why there is none: it must not cost the results of the sets.
fn primitives(bench: &Bench) -> String {
    let file = files::filled(bench, primitives::FILE);
    let found = file.and_then(|file| primitives::measured(&file).map_err(|e| e.to_string()));
    found.map_or_else(|why| format!("FAILED: {why}\n"), |found| primitives::markdown(&found))
}

fn head(bench: &Bench, words: &[String]) -> String {
    let mut command = "cargo xtask bench".to_string();
    for word in words {
        command = format!("{command} {word}");
    }
    if !bench.only.is_empty() {
        command = format!("{command} --only {}", bench.only.join(","));
    }
    let counted = bench.counter.as_ref().map_or_else(
        || "Nothing here may count syscalls".into(),
        |counter| format!("Syscalls are of one more run each, counted by {}", counter.name()),
    );
    format!(
        "# Measured\n\n{}.\n\n{}\nRounds: {}, medians (lowest–highest); the file: {} bytes, in the page cache. \
         The uploader and the server share these cores. {counted}.\n\nAgain: `cargo xtask bench --peers`, then \
         `{command} --rounds {}`\n",
        bench::machine(),
        primitives(bench),
        bench.rounds,
        bench.size,
        bench.rounds
    )
}
