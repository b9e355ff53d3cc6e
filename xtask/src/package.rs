//! Packages that people install: `cargo xtask package`.
//!
//! One tree of files is staged, and the distributions' own tools pack it: dpkg-deb and rpmbuild. Tauri's bundler names the
//! desktop entry after the product instead of the identifier, and knows nothing of a library's version.

pub(crate) mod clean_system;
mod deb;
mod rpm;
mod stage;
mod third_party;

use crate::{project, setup, shell};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The app's identifier, which names its desktop entry, icon and metainfo.
pub(crate) const APP_ID: &str = "io.github.windlassapp.Windlass";
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");
/// To pack, on Debian and Ubuntu.
pub(crate) const PACKAGES: &[&str] = &["dpkg-dev", "rpm", "binutils"];

/// Whose conventions a tree follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Debian,
    /// Fedora, openSUSE, Arch and Flatpak agree.
    Other,
}

/// What to pack.
pub(crate) struct Build {
    /// The folder of the built programs.
    pub(crate) programs: PathBuf,
    /// Seconds since 1970 that every file carries: the last commit's, so that two builds make the same package.
    pub(crate) time: u64,
    /// Hardly compressed, for a test.
    pub(crate) quick: bool,
}

struct Wish {
    kinds: Vec<String>,
    debug: bool,
    out: PathBuf,
    tree: Option<PathBuf>,
}

pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let wish = read(args)?;
    if !cfg!(target_os = "linux") {
        return Err(
            "cargo xtask package knows Linux; docs/release.md says how the others are made".into(),
        );
    }
    let build = build(wish.debug)?;
    if let Some(tree) = &wish.tree {
        return stage::stage(&build, Style::Other, tree);
    }
    setup::packages(PACKAGES)?;
    fs::create_dir_all(&wish.out).map_err(|e| told(&wish.out, &e))?;
    for kind in &wish.kinds {
        let made = match kind.as_str() {
            "deb" => deb::pack(&build, &wish.out)?,
            "rpm" => rpm::pack(&build, &wish.out)?,
            _ => terminal_program(&build, &wish.out)?,
        };
        let size = fs::metadata(&made).map_err(|e| told(&made, &e))?.len();
        println!("{}, {:.1} MB", made.display(), size as f64 / 1e6);
    }
    Ok(())
}

fn read(args: &[String]) -> Result<Wish, String> {
    let mut wish =
        Wish { kinds: vec![], debug: false, out: project::target().join("package"), tree: None };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut folder = || {
            let value = args.next().ok_or(format!("{arg} wants a folder"))?;
            std::path::absolute(value).map_err(|e| e.to_string())
        };
        match arg.as_str() {
            "deb" | "rpm" | "tar" => wish.kinds.push(arg.clone()),
            "--debug" => wish.debug = true,
            "--out" => wish.out = folder()?,
            "--tree" => wish.tree = Some(folder()?),
            other => return Err(format!("cargo xtask package: there is no {other}")),
        }
    }
    if wish.kinds.is_empty() {
        wish.kinds = ["deb", "rpm", "tar"].map(String::from).to_vec();
    }
    Ok(wish)
}

/// Builds both programs, with the window's files inside.
pub(crate) fn build(debug: bool) -> Result<Build, String> {
    setup::ready(setup::Extent::Build)?;
    shell::must(&mut project::npm(&["run", "--silent", "build"]))?;
    let mut cargo = project::cargo(&["build", "--locked", "--workspace", "--bin", "windlass"]);
    cargo.args(["--bin", "windlass-cli"]);
    cargo.args((!debug).then_some("--release"));
    shell::must(&mut cargo)?;
    let profile = if debug { "debug" } else { "release" };
    Ok(Build { programs: project::target().join(profile), time: time()?, quick: debug })
}

/// `SOURCE_DATE_EPOCH`, or the time of the last commit.
fn time() -> Result<u64, String> {
    let given = env::var("SOURCE_DATE_EPOCH").ok();
    let text = given.or_else(|| {
        let mut git = Command::new("git");
        shell::capture(git.args(["log", "-1", "--format=%ct"]).current_dir(project::root()))
    });
    let text = text.ok_or("set SOURCE_DATE_EPOCH: this is no git repository")?;
    text.trim().parse().map_err(|_| format!("SOURCE_DATE_EPOCH is no number: {text}"))
}

/// The terminal program alone, for servers: with its manual pages and completions.
fn terminal_program(build: &Build, out: &Path) -> Result<PathBuf, String> {
    let name = format!("windlass-cli-{VERSION}-linux-{}", env::consts::ARCH);
    let (folder, made) = (out.join("work").join(&name), out.join(format!("{name}.tar.gz")));
    fresh(&folder)?;
    stage::terminal_program(build, &folder)?;
    let mut tar = Command::new("tar");
    tar.args(["--sort=name", "--owner=0", "--group=0", "--numeric-owner"])
        .arg(format!("--mtime=@{}", build.time))
        .args(["--use-compress-program=gzip -9n", "-cf"])
        .arg(&made)
        .arg("-C")
        .args([out.join("work"), name.into()]);
    shell::must(&mut tar)?;
    Ok(made)
}

/// An empty folder.
fn fresh(folder: &Path) -> Result<(), String> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(told(folder, &error));
        }
        _ => {}
    }
    fs::create_dir_all(folder).map_err(|e| told(folder, &e))
}

/// A date as `date` formats it, in UTC and in no language.
fn date(time: u64, format: &str) -> Result<String, String> {
    let mut date = Command::new("date");
    date.env("LC_ALL", "C").args(["-u", &format!("-d@{time}"), format]);
    let date = shell::capture(&mut date).ok_or("date is missing")?;
    Ok(date.trim().to_owned())
}

fn told(path: &Path, why: &std::io::Error) -> String {
    format!("{}: {why}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_chosen_by_words() {
        let read = |args: &[&str]| read(&args.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(read(&[]).unwrap().kinds, ["deb", "rpm", "tar"]);
        let wish = read(&["rpm", "--debug", "--out", "x"]).unwrap();
        assert!(wish.debug && wish.kinds == ["rpm"] && wish.out.is_absolute());
        assert!(read(&["dmg"]).is_err_and(|why| why.contains("dmg")));
        assert!(read(&["--tree"]).is_err_and(|why| why.contains("folder")));
    }

    /// xtask builds without the engine, so the identifier is written here once more.
    #[test]
    fn the_identifier_is_the_app_s() {
        let root = project::root();
        for file in ["src-tauri/tauri.conf.json", "src-tauri/engine/src/model/app_id.rs"] {
            let text = fs::read_to_string(root.join(file)).unwrap();
            assert!(text.contains(&format!("\"{APP_ID}\"")), "{file} names another");
        }
    }

    #[test]
    fn a_date_is_utc_and_english() {
        assert_eq!(date(1_700_000_000, "+%F").unwrap(), "2023-11-14");
        assert_eq!(date(1_700_000_000, "-R").unwrap(), "Tue, 14 Nov 2023 22:13:20 +0000");
    }
}
