//! What `cargo xtask test package` needs: the package, checked by Debian's own tools, and a clean system to install it in.

use super::{APP_ID, Build, deb, fresh, time, told};
use crate::{project, setup, shell};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

const PACKAGES: &[&str] = &["lintian", "desktop-file-utils", "appstream", "debootstrap"];
/// What the clean system has besides Debian's smallest one, as every desktop does: gio, which opens files with a desktop
/// entry, what keeps the list of who opens what, and fonts.
const INSIDE: &str = "libglib2.0-bin,desktop-file-utils,shared-mime-info,fonts-dejavu-core";

/// How this system's apt reaches its mirrors, with the folder that each goes to.
const FROM_HERE: [(&str, &str); 4] = [
    ("/etc/apt/sources.list", "etc/apt"),
    ("/etc/apt/sources.list.d", "etc/apt"),
    ("/etc/apt/apt.conf.d", "etc/apt"),
    ("/etc/resolv.conf", "etc"),
];

/// A package to test, and where.
pub(crate) struct Ready {
    pub(crate) package: PathBuf,
    /// The root of the clean system.
    pub(crate) root: PathBuf,
}

/// Packs what was just built (without optimisation: what is tested is the package), checks it, and makes the system.
pub(crate) fn ready() -> Result<Ready, String> {
    setup::packages(super::PACKAGES)?;
    setup::packages(PACKAGES)?;
    let out = project::target().join("package-test");
    fs::create_dir_all(&out).map_err(|e| told(&out, &e))?;
    let build = Build { programs: project::target().join("debug"), time: time()?, quick: true };
    let package = deb::pack(&build, &out)?;
    check(&package, &out.join("work/deb/usr/share"))?;
    Ok(Ready { package, root: system(&out)? })
}

/// lintian and the validators of desktop entries and metainfo: a warning fails.
fn check(package: &Path, share: &Path) -> Result<(), String> {
    let mut lintian = Command::new("lintian");
    lintian.args(["--allow-root", "--fail-on", "error,warning", "--tag-display-limit", "0"]);
    shell::must(lintian.arg(package))?;
    println!("lintian has nothing to say");
    let entry = share.join(format!("applications/{APP_ID}.desktop"));
    shell::must(Command::new("desktop-file-validate").arg(entry))?;
    let metainfo = share.join(format!("metainfo/{APP_ID}.metainfo.xml"));
    shell::must(Command::new("appstreamcli").args(["validate", "--no-net"]).arg(metainfo))
}

/// Debian's smallest system, of the release that this one is. It is made once; each test has a copy.
fn system(out: &Path) -> Result<PathBuf, String> {
    let (suite, mirror) = mirror()?;
    let (base, root) = (out.join(format!("base-{suite}")), out.join("root"));
    let made = base.join("made-of");
    if fs::read_to_string(&made).ok().as_deref() != Some(INSIDE) {
        println!("making a clean {suite}, which takes a minute");
        fresh(&base)?;
        let mut debootstrap = Command::new("debootstrap");
        debootstrap.args(["--variant=minbase", &format!("--include={INSIDE}"), &suite]);
        shell::must(debootstrap.arg(&base).arg(&mirror).stdout(Stdio::null()))?;
        // packages come from where this system has them
        for (from, to) in FROM_HERE {
            if Path::new(from).exists() {
                shell::must(Command::new("cp").args(["-aLf", from]).arg(base.join(to)))?;
            }
        }
        let update = ["apt-get", "-q", "update"];
        shell::must(Command::new("chroot").arg(&base).args(update).stdout(Stdio::null()))?;
        fs::write(&made, INSIDE).map_err(|e| told(&base, &e))?;
    }
    if root.exists() {
        fs::remove_dir_all(&root).map_err(|e| told(&root, &e))?;
    }
    shell::must(Command::new("cp").arg("-a").args([&base, &root]))?;
    Ok(root)
}

/// The release of this system, and the first mirror that apt has it from.
fn mirror() -> Result<(String, String), String> {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let named = |name: &str| release.lines().find_map(|line| line.strip_prefix(name));
    let suite = named("VERSION_CODENAME=").ok_or("the clean system is a Debian or an Ubuntu")?;
    let mut targets = Command::new("apt-get");
    targets.args(["indextargets", "--format", "$(CODENAME) $(SITE)", "Created-By: Packages"]);
    let sites = shell::capture(&mut targets).ok_or("apt-get is missing")?;
    let found = sites.lines().find_map(|line| line.strip_prefix(&format!("{suite} ")));
    let site = found.ok_or(format!("apt has no mirror of {suite}"))?;
    Ok((suite.to_owned(), site.to_owned()))
}
