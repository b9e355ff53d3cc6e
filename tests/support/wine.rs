//! Wine, which runs the Windows programs here: for each test a prefix of its own, as a computer with a fresh user, its
//! registry and its credential store.

use crate::{
    child_process::{self, Last},
    place,
};
use std::{
    ffi::OsStr,
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::OnceLock,
};
use tempfile::TempDir;

/// Debian's; the scripts in /usr/bin ask for 32-bit programs too, which are not needed.
const WINE: &str = "/usr/lib/wine/wine64";
const WINE_SERVER: &str = "/usr/lib/wine/wineserver64";
const COMPILER: &str = "x86_64-w64-mingw32-gcc-posix";

/// A Windows computer with one user. It is switched off when this is dropped.
pub struct Wine {
    prefix: TempDir,
}

impl Wine {
    pub fn new() -> Wine {
        let prefix = place::scratch();
        let template = template();
        for file in ["system.reg", "user.reg", "userdef.reg", ".update-timestamp"] {
            fs::copy(template.join(file), prefix.path().join(file)).unwrap();
        }
        fs::create_dir(prefix.path().join("dosdevices")).unwrap();
        for (drive, place) in [("c:", "../drive_c"), ("z:", "/")] {
            symlink(place, prefix.path().join("dosdevices").join(drive)).unwrap();
        }
        let drive = prefix.path().join("drive_c");
        fs::create_dir(&drive).unwrap();
        // Windows itself is only read, and big
        symlink(template.join("drive_c/windows"), drive.join("windows")).unwrap();
        for folder in ["Program Files", "ProgramData", "users"] {
            copy_folder(&template.join("drive_c").join(folder), &drive.join(folder));
        }
        Wine { prefix }
    }

    /// A Windows program as a command for `spawn`.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        wine(self.prefix.path(), program)
    }

    /// Runs one of Windows' own programs, such as `reg` or `taskkill`, to its end.
    pub fn run(&self, words: &[&str]) -> Output {
        run(self.prefix.path(), words)
    }

    /// What the registry has under a key, as `reg query` writes it. Empty if there is no such key.
    pub fn registry(&self, key: &str) -> String {
        let output = self.run(&["reg", "query", key, "/s"]);
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// A place on drive C.
    pub fn drive(&self, place: &str) -> PathBuf {
        self.prefix.path().join("drive_c").join(place)
    }

    /// The user's own folder.
    pub fn user(&self) -> PathBuf {
        let users = fs::read_dir(self.drive("users")).unwrap();
        let mut users = users.map(|user| user.unwrap().path());
        users.find(|user| !user.ends_with("Public")).expect("a user")
    }

    /// Makes a folder reachable as `\\server\share`.
    pub fn share(&self, server: &str, share: &str, folder: &Path) {
        let server = self.prefix.path().join("dosdevices/unc").join(server);
        fs::create_dir_all(&server).unwrap();
        symlink(folder, server.join(share)).unwrap();
    }
}

impl Default for Wine {
    fn default() -> Wine {
        Wine::new()
    }
}

impl Drop for Wine {
    fn drop(&mut self) {
        // it writes the registry a last time, and the folder must stay until then
        stop(self.prefix.path());
    }
}

/// A path of this computer as Windows programs see it: everything is on drive Z.
pub fn windows_path(path: &Path) -> String {
    format!("Z:{}", path.to_str().unwrap().replace('/', "\\"))
}

/// The reverse, for a path on drive Z or a relative one.
pub fn unix_path(shown: &str) -> PathBuf {
    shown.strip_prefix("Z:").unwrap_or(shown).replace('\\', "/").into()
}

/// Builds a program or a library (`-shared`) for Windows from a source beside this file.
pub fn compile(source: &str, to: &Path, words: &[&str]) {
    let mut compiler = Command::new(COMPILER);
    compiler.arg("-municode").arg("-o").arg(to).arg(place::script(&format!("wine/{source}")));
    let status = compiler.args(words).status();
    let status = status.unwrap_or_else(|error| {
        panic!("{COMPILER} ({error}): cargo xtask test windows installs it")
    });
    assert!(status.success(), "{source}");
}

/// The prefix that all others are copied from. It takes half a minute and 700 MB to make, so it is kept beside the builds.
fn template() -> &'static Path {
    static ONE: OnceLock<PathBuf> = OnceLock::new();
    ONE.get_or_init(|| {
        let place = place::target().join("wine");
        if !place.exists() {
            let made = make_prefix();
            fs::rename(made.path(), &place).unwrap();
        }
        place
    })
}

fn make_prefix() -> TempDir {
    let folder = place::scratch();
    // without a word, Wine 8 is Windows 7
    let version = ["reg", "add", r"HKCU\Software\Wine", "/v", "Version", "/d", "win10", "/f"];
    let output = [&["wineboot", "--init"][..], &version].map(|words| run(folder.path(), words));
    stop(folder.path());
    let system = folder.path().join("drive_c/windows/system32");
    let made = output.iter().all(|output| output.status.success()) && system.is_dir();
    assert!(made, "Wine made no Windows: {output:?}");
    // asked for by Rust's standard library, and Wine 8 has none
    let library = system.join("bcryptprimitives.dll");
    if !library.exists() {
        compile("bcryptprimitives.c", &library, &["-shared", "-ladvapi32"]);
    }
    folder
}

fn wine(prefix: &Path, program: impl AsRef<OsStr>) -> Command {
    let mut command = child_process::command(WINE, Last::Kill);
    command.arg(program);
    with_prefix(&mut command, prefix);
    command
}

fn run(prefix: &Path, words: &[&str]) -> Output {
    let mut command = wine(prefix, words[0]);
    command.args(&words[1..]).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = child_process::spawn(command).and_then(|child| child.wait_with_output());
    output.unwrap_or_else(|error| panic!("{WINE} ({error}): cargo xtask test windows installs it"))
}

fn with_prefix(command: &mut Command, prefix: &Path) {
    command
        .env("WINEPREFIX", prefix)
        .env("WINEDEBUG", "-all")
        // no menu entries on this computer's desktop, and no question for .NET or a browser
        .env("WINEDLLOVERRIDES", "winemenubuilder.exe=d;mscoree=d;mshtml=d")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY");
}

/// Ends all programs of a prefix, and waits until its registry is written.
fn stop(prefix: &Path) {
    for word in ["-k", "-w"] {
        let mut server = Command::new(WINE_SERVER);
        server.arg(word).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        with_prefix(&mut server, prefix);
        let _ = server.status();
    }
}

/// Links become empty folders: the user's Desktop and Documents would be those of whoever runs the tests.
fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            copy_folder(&path, &to);
        } else if kind.is_symlink() {
            fs::create_dir(&to).unwrap();
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}
