//! The packages for Windows: `cargo xtask package windows` makes an installer and a portable zip, on Windows itself and, with
//! Debian's packages, on Linux.

use crate::{cross, cross::System, project, shell};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const VERSION: &str = env!("CARGO_PKG_VERSION");
const PROGRAMS: [&str; 2] = ["windlass.exe", "windlass-cli.exe"];
/// Beside the programs where they were built by MinGW; Microsoft's linker has it inside them.
const LOADER: &str = "WebView2Loader.dll";
const STRIP: &str = "x86_64-w64-mingw32-strip";

/// Makes both. With `--debug` of programs that are built faster, for tests.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let profile = match args {
        [] => "release",
        [flag] if flag == "--debug" => "debug",
        _ => return Err("cargo xtask package windows [--debug]".into()),
    };
    if cfg!(target_os = "linux") {
        System::Windows.ready()?;
        cross::wine()?;
    }
    project::window_is_built()?;
    build(profile)?;
    for package in pack(profile)? {
        println!("{}", package.display());
    }
    Ok(())
}

/// Builds the app and the terminal program.
pub(crate) fn build(profile: &str) -> Result<(), String> {
    let mut words = vec!["-p", "windlass", "-p", "windlass-cli"];
    words.extend((profile == "release").then_some("--release"));
    let mut cargo = if cfg!(windows) {
        project::cargo(&[&["build"], &words[..]].concat())
    } else {
        System::Windows.cargo("build", &words)
    };
    shell::must(&mut cargo)
}

/// Packs what was built, and says where.
pub(crate) fn pack(profile: &str) -> Result<[PathBuf; 2], String> {
    let folder = folder();
    let stage = folder.join(format!("windlass-{VERSION}"));
    if stage.exists() {
        fs::remove_dir_all(&stage).map_err(|e| told(&stage, &e))?;
    }
    stage_files(profile, &stage)?;
    let name = format!("windlass-{VERSION}-x86_64");
    let (installer, zip) =
        (folder.join(format!("{name}-setup.exe")), folder.join(format!("{name}-portable.zip")));
    make_installer(&stage, &installer, profile == "debug")?;
    make_zip(&stage, &zip)?;
    Ok([installer, zip])
}

fn folder() -> PathBuf {
    project::target().join("packages/windows")
}

fn stage_files(profile: &str, stage: &Path) -> Result<(), String> {
    let docs = stage.join("docs");
    fs::create_dir_all(&docs).map_err(|e| told(&docs, &e))?;
    let built = |name: &str| {
        if cfg!(windows) {
            project::target().join(profile).join(name)
        } else {
            System::Windows.built(profile, name)
        }
    };
    for name in PROGRAMS {
        copy(&built(name), &stage.join(name))?;
        if !cfg!(windows) {
            // a debug build is nine tenths line numbers
            shell::must(Command::new(STRIP).arg(stage.join(name)))?;
        }
    }
    if built(LOADER).is_file() {
        copy(&built(LOADER), &stage.join(LOADER))?;
    }
    let root = project::root();
    copy(&root.join("LICENSE"), &stage.join("LICENSE.txt"))?;
    for name in ["README.md", "CHANGELOG.md"] {
        copy(&root.join(name), &stage.join(name))?;
    }
    let from = root.join("docs");
    for entry in fs::read_dir(&from).map_err(|e| told(&from, &e))?.flatten() {
        if entry.path().extension().is_some_and(|ending| ending == "md" || ending == "png") {
            copy(&entry.path(), &docs.join(entry.file_name()))?;
        }
    }
    Ok(())
}

fn make_installer(stage: &Path, to: &Path, quick: bool) -> Result<(), String> {
    let root = project::root();
    let mut makensis = Command::new("makensis");
    makensis.args(["-V2", "-INPUTCHARSET", "UTF8"]);
    let config = root.join("src-tauri/tauri.conf.json");
    let config = fs::read_to_string(&config).map_err(|e| told(&config, &e))?;
    let identifier = setting(&config, "identifier").ok_or("tauri.conf.json has no identifier")?;
    let publisher = setting(&config, "publisher").unwrap_or("The Windlass developers");
    let homepage = setting(&config, "homepage").unwrap_or_default();
    for (name, value) in [
        ("VERSION", VERSION),
        ("IDENTIFIER", identifier),
        ("PUBLISHER", publisher),
        ("HOMEPAGE", homepage),
    ] {
        makensis.arg(format!("-D{name}={value}"));
    }
    makensis.args(quick.then_some("-DQUICK"));
    makensis.arg(format!("-DSTAGE={}", stage.display()));
    makensis.arg(format!("-DICON={}", root.join("icons/icon.ico").display()));
    makensis.arg(format!("-DOUT={}", to.display()));
    shell::must(makensis.arg(root.join("packaging/windows/windlass.nsi")))
}

fn make_zip(stage: &Path, to: &Path) -> Result<(), String> {
    let _ = fs::remove_file(to);
    let (folder, name) = (stage.parent().unwrap_or(stage), stage.file_name().unwrap_or_default());
    // Windows' own tar writes zip; on Linux, Python is there for the tests already
    let mut zip = Command::new(if cfg!(windows) { "tar" } else { "python3" });
    if cfg!(windows) {
        zip.args(["-a", "-c", "-f"]);
    } else {
        zip.args(["-m", "zipfile", "-c"]);
    }
    shell::must(zip.arg(to).arg(name).current_dir(folder))
}

/// The text of `"NAME": "TEXT"`.
fn setting<'a>(json: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = json.split_once(&format!("\"{name}\": \""))?;
    rest.split_once('"').map(|(text, _)| text)
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    fs::copy(from, to).map(|_| ()).map_err(|e| told(from, &e))
}

fn told(path: &Path, why: &std::io::Error) -> String {
    format!("{}: {why}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_found_by_its_name() {
        let json = "{\n  \"identifier\": \"a.b.C\",\n  \"bundle\": { \"publisher\": \"P Q\" }\n}";
        assert_eq!(setting(json, "identifier"), Some("a.b.C"));
        assert_eq!(setting(json, "publisher"), Some("P Q"));
        assert_eq!(setting(json, "homepage"), None);
    }
}
