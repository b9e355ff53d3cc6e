//! Installs the S3 servers and the proxies that the tests use.

use crate::{project, shell};
use std::{fs, path::Path, process::Command};

/// Ceph and the proxies come from the distribution; LocalStack from Python's packages into a folder of its own.
pub(crate) const PACKAGES: &[&str] =
    &["ceph-mon", "ceph-osd", "radosgw", "python3-venv", "tinyproxy-bin", "microsocks"];

const REQUIREMENTS: &str = include_str!("../../tests/support/localstack.txt");
const MOTO: &str = include_str!("../../tests/support/moto.txt");
/// LocalStack 4.12 listens on every interface whatever it is told; this keeps it on the address it is given.
const LISTENS_EVERYWHERE: &str = "TCP4ServerEndpoint(reactor, host_and_port.port)";
const LISTENS_WHERE_TOLD: &str =
    "TCP4ServerEndpoint(reactor, host_and_port.port, interface=host_and_port.host)";

/// Ends what the packages started when they were installed: the tests run a cluster of their own.
pub(crate) fn keep_quiet(root: bool) {
    if !Path::new("/run/systemd/system").is_dir() {
        return;
    }
    let units = [
        "ceph.target",
        "ceph-mon.target",
        "ceph-osd.target",
        "ceph-radosgw.target",
        "ceph-crash.service",
    ];
    let _ = shell::as_root(root, "systemctl").args(["disable", "--now"]).args(units).status();
}

/// Installs LocalStack, unless this very version is there.
pub(crate) fn localstack() -> Result<(), String> {
    python(&project::servers().join("localstack"), "LocalStack", REQUIREMENTS, keep_on_loopback)
}

/// Installs moto, which plays AWS STS, unless this very version is there.
pub(crate) fn moto() -> Result<(), String> {
    python(&project::servers().join("moto"), "moto", MOTO, |_| Ok(()))
}

/// Installs packages of Python's registry into a folder of their own, unless these very versions are there.
pub(crate) fn python(
    home: &Path,
    title: &str,
    fixed: &str,
    change: impl FnOnce(&Path) -> Result<(), String>,
) -> Result<(), String> {
    let (venv, stamp) = (home.join("venv"), home.join("installed.txt"));
    // a virtual environment has its own path inside, and does not survive a move
    let wanted = format!("{}\n{fixed}", venv.display());
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!("installing {title} into {}", home.display());
    if home.exists() {
        fs::remove_dir_all(home).map_err(|e| told(home, &e))?;
    }
    fs::create_dir_all(home).map_err(|e| told(home, &e))?;
    let requirements = home.join("requirements.txt");
    fs::write(&requirements, fixed).map_err(|e| told(&requirements, &e))?;
    // the distribution's Python first: its venv package was just installed
    let system = Path::new("/usr/bin/python3");
    let python = if system.is_file() { system } else { Path::new("python3") };
    shell::must(Command::new(python).args(["-m", "venv"]).arg(&venv))?;
    shell::must(
        Command::new(venv.join("bin/python"))
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"])
            .arg(&requirements),
    )?;
    change(&venv)?;
    fs::write(&stamp, wanted).map_err(|e| told(&stamp, &e))
}

fn keep_on_loopback(venv: &Path) -> Result<(), String> {
    let lib = venv.join("lib");
    let pythons = fs::read_dir(&lib).map_err(|e| told(&lib, &e))?.flatten();
    let file = pythons
        .map(|python| python.path().join("site-packages/localstack/runtime/server/twisted.py"))
        .find(|file| file.is_file())
        .ok_or("LocalStack's server is not where it was expected")?;
    let text = fs::read_to_string(&file).map_err(|e| told(&file, &e))?;
    let kept = text.replace(LISTENS_EVERYWHERE, LISTENS_WHERE_TOLD);
    if !kept.contains(LISTENS_WHERE_TOLD) {
        return Err("LocalStack would listen on every interface: its server has changed".into());
    }
    fs::write(&file, kept).map_err(|e| told(&file, &e))
}

fn told(path: &Path, why: &std::io::Error) -> String {
    format!("{}: {why}", path.display())
}
