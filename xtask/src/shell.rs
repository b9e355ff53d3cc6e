//! Runs other programs, with their output shown as it comes, or captured.

use std::{
    ffi::OsStr,
    io::{Read, Write},
    path::PathBuf,
    process::{Command, ExitStatus, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

/// How a watched program ended, and what it wrote on its standard output.
pub(crate) struct Watched {
    pub(crate) status: ExitStatus,
    pub(crate) output: String,
    pub(crate) timed_out: bool,
}

/// Runs a program with its output going where ours goes.
pub(crate) fn must(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|e| cannot_start(command, &e))?;
    if status.success() { Ok(()) } else { Err(format!("{} ended with {status}", told(command))) }
}

/// What a program prints, or nothing when it cannot be run or fails.
pub(crate) fn capture(command: &mut Command) -> Option<String> {
    let out = command.stderr(Stdio::null()).stdin(Stdio::null()).output().ok()?;
    out.status.success().then(|| String::from_utf8_lossy(&out.stdout).into_owned())
}

/// Runs a program, shows its standard output as it comes (when `show`), keeps it, and ends it after `limit`.
pub(crate) fn watch(command: &mut Command, show: bool, limit: Duration) -> Result<Watched, String> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|e| cannot_start(command, &e))?;
    let mut pipe = child.stdout.take().ok_or("a pipe that was asked for is not there")?;
    let (done, finished) = mpsc::channel();
    thread::spawn(move || {
        let (mut bytes, mut chunk) = (Vec::new(), [0; 8192]);
        // chunks, not lines: a test's name is printed before the test runs, and its result after
        while let Ok(n @ 1..) = pipe.read(&mut chunk) {
            if show {
                let mut out = std::io::stdout().lock();
                let _ = out.write_all(&chunk[..n]).and_then(|()| out.flush());
            }
            bytes.extend_from_slice(&chunk[..n]);
        }
        let _ = done.send(bytes);
    });
    // the end of the output is the end of the program, except for one that hangs on with the pipe closed
    let first = finished.recv_timeout(limit);
    let timed_out = first.is_err();
    if timed_out {
        eprintln!("{} still runs after {} min and is ended", told(command), limit.as_secs() / 60);
        end(&mut child);
    }
    let status = child.wait().map_err(|e| e.to_string())?;
    let bytes =
        first.or_else(|_| finished.recv_timeout(Duration::from_secs(5))).unwrap_or_default();
    Ok(Watched { status, output: String::from_utf8_lossy(&bytes).into_owned(), timed_out })
}

/// Asks first, so that a script can put away what it made.
fn end(child: &mut std::process::Child) {
    if cfg!(unix) {
        let _ = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
        for _ in 0..50 {
            if matches!(child.try_wait(), Ok(Some(_))) {
                return;
            }
            thread::sleep(Duration::from_millis(100));
        }
    }
    let _ = child.kill();
}

/// `program` with the rights to change the system.
pub(crate) fn as_root(root: bool, program: &str) -> Command {
    if root {
        return Command::new(program);
    }
    let mut sudo = Command::new("sudo");
    sudo.arg(program);
    sudo
}

/// The program of this name on the search path.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(name)).find(|file| file.is_file())
}

/// A command as a person would type it.
pub(crate) fn told(command: &Command) -> String {
    let mut words = vec![command.get_program()];
    words.extend(command.get_args());
    words.into_iter().map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

fn cannot_start(command: &Command, why: &std::io::Error) -> String {
    format!("cannot start {}: {why}", command.get_program().to_string_lossy())
}
