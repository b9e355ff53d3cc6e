//! What every set needs: folders, programs and the number of rounds.

use super::syscalls::Counter;
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    thread,
};

pub(super) struct Bench {
    pub(super) rounds: usize,
    /// words of uploaders' names; none: all
    pub(super) only: Vec<String>,
    /// of the big file
    pub(super) size: u64,
    /// none: nothing here may count syscalls
    pub(super) counter: Option<Counter>,
    /// where files, peers and results are
    pub(super) folder: PathBuf,
    /// where windlass-cli and the bench's own programs are
    programs: PathBuf,
}

impl Bench {
    pub(super) fn new() -> Result<Self, String> {
        let exe = env::current_exe().map_err(|e| e.to_string())?;
        let programs = exe.parent().ok_or("this program is nowhere")?.to_path_buf();
        let target = programs.parent().ok_or("this program is in no target folder")?;
        let folder = target.join("bench");
        fs::create_dir_all(folder.join("home")).map_err(|e| e.to_string())?;
        let counter = Counter::here(&folder);
        Ok(Self { rounds: 3, only: Vec::new(), size: 4 << 30, counter, folder, programs })
    }

    /// A program that was built with this one.
    pub(super) fn program(&self, name: &str) -> String {
        self.programs.join(name).display().to_string()
    }

    /// A program of the peers' own folder, where it was made.
    pub(super) fn peer(&self, path: &str) -> Option<String> {
        let path = self.folder.join("peers").join(path);
        path.is_file().then(|| path.display().to_string())
    }

    /// The same for what lies within a Python package.
    pub(super) fn peer_in_python(&self, path: &str) -> Option<String> {
        let versions = fs::read_dir(self.folder.join("peers/venv/lib")).ok()?.flatten();
        let python = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
        let inside = |version| format!("venv/lib/{version}/site-packages/{path}");
        versions.map(python).map(inside).find_map(|path| self.peer(&path))
    }

    /// A file of this crate that is no Rust.
    pub(super) fn source(path: &str) -> String {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(path).display().to_string()
    }

    pub(super) fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|word| name.contains(word.as_str()))
    }
}

/// Cores, processor, memory, kernel and day, for the page's head.
pub(super) fn machine() -> String {
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("unknown", |(_, name)| name);
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kernel = rustix::system::uname();
    let day = Command::new("date").args(["-u", "+%F"]).output().map(|out| out.stdout);
    format!(
        "{cores} cores ({model}), {} of memory, Linux {}, {}",
        gib(&memory).map_or("an unknown amount".into(), |gib| format!("{gib:.1} GiB")),
        kernel.release().to_string_lossy(),
        String::from_utf8_lossy(&day.unwrap_or_default()).trim()
    )
}

/// All of it, from the kernel's account in KiB.
fn gib(account: &str) -> Option<f64> {
    let total = account.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: f64 = total.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib / f64::from(1 << 20))
}

/// Of one minute: what else this machine is doing.
pub(super) fn load() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_what_the_kernel_says() {
        let account = "MemTotal:       16777216 kB\nMemFree:         5292080 kB\n";
        assert_eq!(gib(account), Some(16.0));
        assert_eq!(gib("MemFree:         5292080 kB\n"), None);
    }
}
