//! The package for Debian, Ubuntu and what descends from them.

use super::stage::{copy, stage, write};
use super::{Build, Style, VERSION, date, told};
use crate::{project, shell};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const MAINTAINER: &str = "Windlass contributors <windlassapp@users.noreply.github.com>";
const HOMEPAGE: &str = "https://github.com/windlassapp/windlass";

/// Packs `windlass_VERSION_ARCH.deb` and returns its path.
pub(super) fn pack(build: &Build, out: &Path) -> Result<PathBuf, String> {
    let (root, parts) = (out.join("work/deb"), project::root().join("packaging/deb"));
    stage(build, Style::Debian, &root)?;
    let documents = root.join("usr/share/doc/windlass");
    copy(&parts.join("copyright"), &documents.join("copyright"))?;
    write(&documents.join("changelog"), &changelog(build)?)?;
    shell::must(Command::new("gzip").arg("-9n").arg(documents.join("changelog")))?;

    let architecture = shell::capture(Command::new("dpkg").arg("--print-architecture"));
    let architecture = architecture.ok_or("dpkg is missing")?.trim().to_owned();
    let description = fs::read_to_string(parts.join("description"))
        .map_err(|e| told(&parts.join("description"), &e))?;
    let control = format!(
        "Package: windlass\nVersion: {VERSION}\nArchitecture: {architecture}\nMaintainer: {MAINTAINER}\n\
         Installed-Size: {}\nDepends: {}, default-dbus-session-bus | dbus-session-bus\n\
         Recommends: gnome-keyring | kwalletmanager\nSection: net\nPriority: optional\n\
         Homepage: {HOMEPAGE}\n{description}",
        installed_size(&root)?,
        libraries(&root, out)?
    );
    write(&root.join("DEBIAN/control"), &control)?;
    write(&root.join("DEBIAN/md5sums"), &sums(&root)?)?;
    shell::must(Command::new("chmod").args(["-R", "u=rwX,go=rX"]).arg(&root))?;

    let made = out.join(format!("windlass_{VERSION}_{architecture}.deb"));
    let mut pack = Command::new("dpkg-deb");
    pack.env("SOURCE_DATE_EPOCH", build.time.to_string());
    // the two programs share most of their code: the largest dictionary of xz finds it
    let effort: &[&str] = if build.quick { &["-z0"] } else { &["-z9", "-Sextreme"] };
    pack.args(["--root-owner-group", "-Zxz"]).args(effort).arg("--build").args([&root, &made]);
    shell::must(&mut pack)?;
    Ok(made)
}

/// One entry: what changed for users is in CHANGELOG.md.
fn changelog(build: &Build) -> Result<String, String> {
    let date = date(build.time, "-R")?;
    Ok(format!(
        "windlass ({VERSION}) unstable; urgency=medium\n\n  * New version; /usr/share/doc/windlass/CHANGELOG.md.gz lists \
         what changed.\n\n -- {MAINTAINER}  {date}\n"
    ))
}

/// The packages that have the shared libraries, with the oldest version that will do.
fn libraries(root: &Path, out: &Path) -> Result<String, String> {
    // it reads a source package's control file, in the folder that it runs in
    let source = out.join("work/shlibdeps");
    write(
        &source.join("debian/control"),
        "Source: windlass\n\nPackage: windlass\nArchitecture: any\n",
    )?;
    let mut command = Command::new("dpkg-shlibdeps");
    command.current_dir(&source).arg("-O");
    for program in ["windlass", "windlass-cli"] {
        command.arg(format!("-e{}", root.join("usr/bin").join(program).display()));
    }
    let found = shell::capture(&mut command).ok_or("dpkg-shlibdeps failed")?;
    let found = found.trim().strip_prefix("shlibs:Depends=").map(str::to_owned);
    found.ok_or("dpkg-shlibdeps named no library".into())
}

/// In KiB, as policy wants it.
fn installed_size(root: &Path) -> Result<u64, String> {
    let mut du = Command::new("du");
    let size = shell::capture(du.args(["-sk", "--apparent-size"]).arg(root.join("usr")));
    let size = size.and_then(|size| size.split_whitespace().next()?.parse().ok());
    size.ok_or("du is missing".into())
}

fn sums(root: &Path) -> Result<String, String> {
    let mut sums = Command::new("sh");
    sums.current_dir(root);
    sums.args(["-c", "find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum"]);
    shell::capture(&mut sums).ok_or("md5sum failed".into())
}
