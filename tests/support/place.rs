//! Paths: the built app, what the tests need, and the output that they leave.

use std::{
    env, fs,
    path::{Path, PathBuf},
    sync::Once,
};
use tempfile::{Builder, TempDir};

/// Cargo's target folder: the one this test program was built into.
pub fn target() -> PathBuf {
    let exe = env::current_exe().unwrap();
    // cargo marks the top of its target folder with this file
    exe.ancestors()
        .find(|dir| dir.join("CACHEDIR.TAG").is_file())
        .expect("a cargo target folder")
        .to_path_buf()
}

/// A program of the workspace, built with this one; `WINDLASS_APP` names another app.
pub fn program(name: &str) -> PathBuf {
    if let Some(app) = env::var_os("WINDLASS_APP").filter(|_| name == "windlass") {
        return app.into();
    }
    // test programs lie one folder deeper than the others
    let exe = env::current_exe().unwrap();
    let found =
        exe.ancestors().skip(1).take(2).map(|dir| dir.join(name)).find(|file| file.is_file());
    found.unwrap_or_else(|| panic!("{name} is not built: cargo build --workspace"))
}

/// A program that `cargo xtask test windows` built for Windows.
pub fn windows_program(name: &str) -> PathBuf {
    let program = target().join(format!("cross/x86_64-pc-windows-gnu/debug/{name}.exe"));
    assert!(program.is_file(), "{name} is not built for Windows: cargo xtask test windows");
    program
}

/// What `cargo xtask setup --tests` installed.
pub fn servers() -> PathBuf {
    env::var_os("WINDLASS_SERVERS").map_or_else(|| target().join("servers"), PathBuf::from)
}

/// What `cargo xtask bench --peers` and `cargo xtask soak slow --peers` installed.
pub fn peers() -> PathBuf {
    target().join("bench/peers")
}

/// Pictures of windows, to be looked at by people.
pub fn shots() -> PathBuf {
    made(target().join("shots"))
}

/// A script of this library.
pub fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("support").join(name)
}

/// A folder for as long as it is held. Not in the system's temporary folder: that may be in memory, and files are big.
pub fn scratch() -> TempDir {
    static SWEPT: Once = Once::new();
    let dir = made(target().join("scratch"));
    SWEPT.call_once(|| sweep(&dir));
    Builder::new().prefix(&format!("{}-", std::process::id())).tempdir_in(dir).unwrap()
}

/// Removes what test programs left that were killed, or that kept a server to their end.
fn sweep(dir: &Path) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let owner = name.split('-').next().unwrap_or_default();
        if cfg!(target_os = "linux") && !Path::new("/proc").join(owner).exists() {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn made(dir: PathBuf) -> PathBuf {
    fs::create_dir_all(&dir).unwrap();
    dir
}
