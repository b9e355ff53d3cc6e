//! The package for Fedora and openSUSE. rpmbuild finds the shared libraries that the programs need by itself.

use super::stage::stage;
use super::{Build, Style, VERSION, fresh, told};
use crate::{project, shell};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Packs `windlass-VERSION-1.ARCH.rpm` and returns its path.
pub(super) fn pack(build: &Build, out: &Path) -> Result<PathBuf, String> {
    let (root, top) = (out.join("work/rpm"), out.join("work/rpmbuild"));
    stage(build, Style::Other, &root)?;
    fresh(&top)?;
    let mut pack = Command::new("rpmbuild");
    pack.env("SOURCE_DATE_EPOCH", build.time.to_string()).args(["-bb", "--quiet"]);
    let defined = [
        ("_topdir", top.display().to_string()),
        ("_tmppath", top.join("tmp").display().to_string()),
        ("stage", root.display().to_string()),
        ("wversion", VERSION.to_owned()),
        // Debian's own rpm has other folders
        ("_prefix", "/usr".to_owned()),
        ("_mandir", "/usr/share/man".to_owned()),
    ];
    if build.quick {
        pack.args(["--define", "quick 1"]);
    }
    for (name, value) in defined {
        pack.args(["--define", &format!("{name} {value}")]);
    }
    shell::must(pack.arg(project::root().join("packaging/rpm/windlass.spec")))?;
    let name = format!("windlass-{VERSION}-1.{}.rpm", env::consts::ARCH);
    let (from, made) = (top.join("RPMS").join(env::consts::ARCH).join(&name), out.join(&name));
    fs::copy(&from, &made).map_err(|e| told(&from, &e))?;
    Ok(made)
}
