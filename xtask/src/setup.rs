//! Installs what the machine needs.

use crate::{project, shell, store_servers};
use std::{env::consts::EXE_SUFFIX, fs, path::PathBuf, process::Command, time::SystemTime};

/// To build the app.
const BUILD: &[&str] = &["build-essential", "pkg-config", "libssl-dev", "libwebkit2gtk-4.1-dev"];
/// To run its window with nobody watching, with a keychain.
const DESKTOP: &[&str] = &[
    "webkit2gtk-driver",
    "xvfb",
    "xauth",
    "dbus",
    "gnome-keyring",
    "xdotool",
    "openbox",
    "sway",
    "grim",
    "python3-gi",
    "gir1.2-gtk-3.0",
    "procps",
    "fonts-dejavu-core",
];
/// The quick layer of the window's tests mounts it in this.
const BROWSER: &[&str] = &["chromium"];
const NODE: u32 = 20;
/// The version of cargo-deny that is installed. Its checks differ between versions.
const CARGO_DENY: &str = "0.20.2";

/// How much is going to be done here.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Extent {
    /// Build and start the app.
    Build,
    /// And drive its window under a virtual display.
    Virtual,
    /// And run every test.
    Tests,
}

pub(crate) fn run(args: &[String]) -> Result<(), String> {
    match args {
        [] => ready(Extent::Build)?,
        [flag] if flag == "--tests" => ready(Extent::Tests)?,
        _ => return Err("cargo xtask setup [--tests]".into()),
    }
    println!("everything is there");
    Ok(())
}

/// Makes sure that everything is there, or says what is missing.
pub(crate) fn ready(extent: Extent) -> Result<(), String> {
    node()?;
    if extent == Extent::Tests {
        toolchain()?;
    }
    if cfg!(target_os = "linux") {
        linux(extent)?;
    } else {
        other_system(extent)?;
    }
    if extent == Extent::Tests {
        install_cargo_deny()?;
    }
    if extent == Extent::Tests && cfg!(target_os = "linux") {
        store_servers::localstack()?;
        store_servers::moto()?;
    }
    ui_packages()
}

fn node() -> Result<(), String> {
    let says = shell::capture(Command::new("node").arg("--version"));
    let major = says
        .as_deref()
        .and_then(|v| v.trim().trim_start_matches('v').split('.').next()?.parse::<u32>().ok());
    match major {
        Some(found) if found >= NODE => Ok(()),
        Some(found) => {
            Err(format!("Node {NODE} or newer is needed, and this is Node {found}: see nodejs.org"))
        }
        None => Err(format!("Node {NODE} or newer is missing: see nodejs.org")),
    }
}

fn toolchain() -> Result<(), String> {
    for tool in ["fmt", "clippy"] {
        if shell::capture(&mut project::cargo(&[tool, "--version"])).is_none() {
            return Err(format!("cargo {tool} is missing: rustup component add rustfmt clippy"));
        }
    }
    Ok(())
}

/// The program that checks licences and sources, under a folder that its version names.
pub(crate) fn cargo_deny() -> PathBuf {
    project::tools().join(format!("cargo-deny-{CARGO_DENY}/bin/cargo-deny{EXE_SUFFIX}"))
}

fn install_cargo_deny() -> Result<(), String> {
    let program = cargo_deny();
    let Some(root) = program.ancestors().nth(2).filter(|_| !program.is_file()) else {
        return Ok(());
    };
    println!("installing cargo-deny {CARGO_DENY} into {}, which takes minutes", root.display());
    let mut cargo = project::cargo(&["install", "cargo-deny", "--locked", "--quiet"]);
    shell::must(cargo.args(["--version", CARGO_DENY, "--root"]).arg(root))
}

fn linux(extent: Extent) -> Result<(), String> {
    let mut wanted = BUILD.to_vec();
    if extent >= Extent::Virtual {
        wanted.extend(DESKTOP);
    }
    if extent == Extent::Tests {
        wanted.extend(store_servers::PACKAGES);
        wanted.extend(BROWSER);
    }
    if shell::on_path("apt-get").is_some() && shell::on_path("dpkg-query").is_some() {
        return debian(&wanted);
    }
    // another Linux: its packages have other names, so what they bring is looked for
    let mut missing = Vec::new();
    if shell::capture(Command::new("pkg-config").args(["--modversion", "webkit2gtk-4.1"])).is_none()
    {
        missing.push("webkit2gtk-4.1 with its headers, and pkg-config");
    }
    if extent >= Extent::Virtual {
        for tool in [
            "WebKitWebDriver",
            "Xvfb",
            "xauth",
            "dbus-daemon",
            "gnome-keyring-daemon",
            "xdotool",
            "openbox",
        ] {
            missing.extend(shell::on_path(tool).is_none().then_some(tool));
        }
    }
    if extent == Extent::Tests {
        for tool in ["ceph-mon", "ceph-osd", "radosgw", "tinyproxy", "microsocks", "chromium"] {
            missing.extend(shell::on_path(tool).is_none().then_some(tool));
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "missing, and only Debian's and Ubuntu's packages are known here by name:\n  {}",
        missing.join("\n  ")
    ))
}

/// Installs packages of Debian's and Ubuntu's; elsewhere, what needs them says what is missing.
pub(crate) fn packages(wanted: &[&str]) -> Result<(), String> {
    if shell::on_path("apt-get").is_some() && shell::on_path("dpkg-query").is_some() {
        return debian(wanted);
    }
    Ok(())
}

/// Installs Debian's packages of these names, where they are missing.
pub(crate) fn debian(wanted: &[&str]) -> Result<(), String> {
    let missing = not_installed(wanted);
    if missing.is_empty() {
        return Ok(());
    }
    println!("missing packages: {}", missing.join(" "));
    let mut install = vec!["install", "-y", "--no-install-recommends"];
    install.extend(&missing);
    let root = shell::capture(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    if !root && shell::on_path("sudo").is_none() {
        return Err(format!("as root, run:\n  apt-get update && apt-get {}", install.join(" ")));
    }
    // an old list names versions that are gone; a list that cannot be renewed may still do
    if let Err(why) = shell::must(&mut apt(root, &["update"])) {
        eprintln!("{why}; going on with the list that is there");
    }
    shell::must(&mut apt(root, &install))?;
    let ceph: Vec<&str> =
        missing.iter().copied().filter(|p| store_servers::PACKAGES.contains(p)).collect();
    if !ceph.is_empty() {
        store_servers::keep_quiet(root);
    }
    let still = not_installed(wanted);
    if still.is_empty() { Ok(()) } else { Err(format!("still missing: {}", still.join(" "))) }
}

fn apt(root: bool, args: &[&str]) -> Command {
    let mut apt = shell::as_root(root, "env");
    // somebody's unattended upgrade may hold the lock for minutes
    apt.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"])
        .args(args);
    apt
}

fn not_installed<'a>(wanted: &[&'a str]) -> Vec<&'a str> {
    let mut query = Command::new("dpkg-query");
    // it fails as a whole when it does not know one of the names, and still prints the others
    let out = query.args(["-W", "-f=${db:Status-Abbrev} ${Package}\n"]).args(wanted).output();
    let listed = out.map(|o| String::from_utf8_lossy(&o.stdout).into_owned()).unwrap_or_default();
    let installed = |name: &str| {
        listed.lines().any(|line| {
            let mut words = line.split_whitespace();
            words.next() == Some("ii") && words.next() == Some(name)
        })
    };
    wanted.iter().copied().filter(|name| !installed(name)).collect()
}

fn other_system(extent: Extent) -> Result<(), String> {
    if cfg!(target_os = "macos") {
        if shell::capture(Command::new("xcode-select").arg("-p")).is_none() {
            return Err("Apple's command line tools are missing: xcode-select --install".into());
        }
    } else if cfg!(windows) {
        // a linker is there, or this program would not be; the web view comes with Windows 11
        let key = r"HKLM\SOFTWARE\WOW6432Node\Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}";
        if shell::capture(Command::new("reg").args(["query", key])).is_none() {
            eprintln!(
                "WebView2 was not found: if no window opens, install the Evergreen WebView2 Runtime"
            );
        }
    } else {
        eprintln!("nothing is known about this system: going on");
    }
    if extent > Extent::Build {
        eprintln!(
            "the window is driven, and LocalStack and Ceph are tested against, on Linux only: those tests are left out"
        );
    }
    Ok(())
}

/// `npm ci` when what is installed is not what the lock file says.
fn ui_packages() -> Result<(), String> {
    let ui = project::ui();
    let (lock, stamp) =
        (ui.join("package-lock.json"), ui.join("node_modules/.installed-lock.json"));
    let wanted = fs::read(&lock).map_err(|e| format!("{}: {e}", lock.display()))?;
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    // npm's own record, newer than the lock file: somebody ran npm by hand just now
    let changed =
        |path| fs::metadata(path).and_then(|m| m.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    if changed(ui.join("node_modules/.package-lock.json")) <= changed(lock) || stamp.exists() {
        println!("installing the window's packages");
        shell::must(&mut project::npm(&["ci", "--no-audit", "--no-fund"]))?;
    }
    fs::write(&stamp, wanted).map_err(|e| format!("{}: {e}", stamp.display()))
}
