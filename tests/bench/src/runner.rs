//! The runner: sets of measurements, each ours and others in turn against the sink, and a page of tables about them.
//! Knows where programs and files are; what is measured is in `sets`, what it means is in `table` and `steady`.

mod bench;
mod certs;
mod files;
mod peers;
mod rounds;
mod sets;
mod sink;
mod steady;
mod table;
mod wan;

use crate::flags::{self, Flags};
use bench::Bench;
use sets::Set;
use std::{fmt::Write, fs, path::PathBuf};

pub const USAGE: &str = "\
bench [SET...] [--rounds 3] [--only NAME,NAME] [--size 4GiB] [--out FILE.md]
    Sets: big-http big-https headers small queued far slow limit fair (default: all). --only runs the uploaders with one
    of these words in their name. far and slow need root and the program `ip`.";

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
        names => names.iter().map(|name| Set::named(name)).collect::<Result<_, _>>()?,
    };
    let mut page = head(&bench, &words);
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
        fs::write(&out, &page).map_err(|e| format!("{}: {e}", out.display()))?;
    }
    eprintln!("written: {}", out.display());
    Ok(())
}

fn head(bench: &Bench, words: &[String]) -> String {
    let mut command = "cargo xtask bench".to_string();
    for word in words {
        command = format!("{command} {word}");
    }
    if !bench.only.is_empty() {
        command = format!("{command} --only {}", bench.only.join(","));
    }
    format!(
        "# Measured\n\n{}. Rounds: {}, medians; the file: {} bytes, in the page cache. \
         The uploader and the server share these cores.\n\nAgain: `cargo xtask bench --peers`, then `{command} --rounds {}`\n",
        bench::machine(),
        bench.rounds,
        bench.size,
        bench.rounds
    )
}
