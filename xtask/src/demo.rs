//! The main job in one command: the app on its practice store, and a file to drop.

use crate::{desktop, project, setup, shell};
use std::{
    fs,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

const MIB: u64 = 1 << 20;

struct Wish {
    size: u64,
    out: PathBuf,
    release: bool,
    nobody_watches: bool,
}

pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let wish = read(args)?;
    if wish.nobody_watches && !cfg!(target_os = "linux") {
        return Err("--virtual needs a virtual display, which is known here on Linux only".into());
    }
    setup::ready(if wish.nobody_watches { setup::Extent::Virtual } else { setup::Extent::Build })?;
    shell::must(&mut project::npm(&["run", "--silent", "build"]))?;
    // the whole workspace and a test are named for the features that come with them:
    // then the test run finds all of it compiled, and the demo what the test run compiled
    let mut build = project::cargo(&[
        "build",
        "--workspace",
        "--bin",
        "windlass",
        "--bin",
        "demo",
        "--test",
        "window",
    ]);
    if wish.release {
        build.arg("--release");
    }
    shell::must(&mut build)?;
    let profile = if wish.release { "release" } else { "debug" };
    let app = project::built(profile, "windlass");

    fs::create_dir_all(&wish.out).map_err(|e| told(&wish.out, &e))?;
    let file = wish.out.join(format!("sample-{}MiB.bin", wish.size.div_ceil(MIB)));
    sample(&file, wish.size)?;
    if wish.nobody_watches {
        let mut demo = desktop::inside(&project::built(profile, "demo"));
        demo.arg("--file").arg(&file).arg("--out").arg(&wish.out).env("WINDLASS_APP", app);
        return shell::must(&mut demo);
    }
    println!("drop this file on the window: {}", file.display());
    shell::must(std::process::Command::new(app).env("WINDLASS_OPEN_PRACTICE", "1"))
}

fn read(args: &[String]) -> Result<Wish, String> {
    let mut wish = Wish {
        size: 300 * MIB,
        out: project::target().join("demo"),
        release: false,
        nobody_watches: !desktop::has_display(),
    };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or(format!("{arg} wants a value"));
        match arg.as_str() {
            "--size" => wish.size = size(value()?).ok_or("a size is like 300MiB, 1GiB or 20MB")?,
            // the programs started from here work elsewhere
            "--out" => wish.out = std::path::absolute(value()?).map_err(|e| e.to_string())?,
            "--release" => wish.release = true,
            "--virtual" => wish.nobody_watches = true,
            other => return Err(format!("cargo xtask demo: there is no {other}")),
        }
    }
    Ok(wish)
}

fn size(text: &str) -> Option<u64> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let unit = match text[digits..].trim() {
        "" | "B" => 1,
        "kB" | "KB" => 1000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "KiB" => 1 << 10,
        "MiB" => MIB,
        "GiB" => 1 << 30,
        _ => return None,
    };
    text[..digits].parse::<u64>().ok()?.checked_mul(unit)
}

/// A file that no compression shrinks, the same every time; one that is there is taken.
fn sample(path: &Path, size: u64) -> Result<(), String> {
    if fs::metadata(path).is_ok_and(|there| there.len() == size) {
        return Ok(());
    }
    let file = fs::File::create(path).map_err(|e| told(path, &e))?;
    let mut file = BufWriter::with_capacity(1 << 20, file);
    let (mut state, mut left) = (0x57_69_6e_64_6c_61_73_73_u64, size);
    while left > 0 {
        // splitmix64
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let bytes = (z ^ (z >> 31)).to_le_bytes();
        let n = usize::try_from(left).map_or(8, |left| left.min(8));
        file.write_all(&bytes[..n]).map_err(|e| told(path, &e))?;
        left -= n as u64;
    }
    file.flush().map_err(|e| told(path, &e))
}

fn told(path: &Path, why: &std::io::Error) -> String {
    format!("{}: {why}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_in_both_kinds_of_unit() {
        assert_eq!(size("300MiB"), Some(300 * MIB));
        assert_eq!(size("20 MB"), Some(20_000_000));
        assert_eq!(size("12345"), Some(12345));
        assert_eq!(size("MiB"), None);
        assert_eq!(size("3 parsecs"), None);
    }

    #[test]
    fn a_sample_has_its_size_and_is_the_same_every_time() {
        let dir = std::env::temp_dir().join(format!("windlass-xtask-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let (a, b) = (dir.join("a"), dir.join("b"));
        sample(&a, 100_003).unwrap();
        sample(&b, 100_003).unwrap();
        let bytes = fs::read(&a).unwrap();
        assert_eq!(bytes.len(), 100_003);
        assert_eq!(bytes, fs::read(&b).unwrap());
        fs::remove_dir_all(&dir).unwrap();
    }
}
