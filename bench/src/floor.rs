//! The floor: the cost of sending with nothing on top, a positional read and a send on a few sockets.

mod wire;

use crate::flags::Flags;
use std::{
    fs::{self, File},
    io::{self, Read, Write},
    os::unix::fs::FileExt,
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};
use wire::Server;

pub const USAGE: &str = "\
bench-floor big URL FILE [--connections 4] [--ca FILE]      the file in as many pieces as connections
bench-floor small URL DIR [--connections 10] [--ca FILE]    a request for each file
bench-floor hold URL FILE --seconds 15 [--connections 64] [--ca FILE]
    keeps sending the file on each connection until the time is up, to see what a link gives";

/// Read and sent at once.
const PIECE: usize = 256 << 10;

pub fn run(mut flags: Flags) -> Result<(), String> {
    let connections: Option<u64> = flags.value("--connections")?.and_then(|n| n.parse().ok());
    let seconds: u64 = flags.parsed("--seconds", 15)?;
    let ca = flags.value("--ca")?.map(PathBuf::from);
    let words = flags.rest()?;
    let [mode, url, path] = words.as_slice() else { return Err(USAGE.into()) };
    let server = Server::new(url, ca.as_deref())?;
    let path = PathBuf::from(path);
    match mode.as_str() {
        "big" => each(connections.unwrap_or(4), |i, n| piece(&server, &path, i, n)),
        "small" => {
            let mut files = fs::read_dir(&path)
                .and_then(|dir| {
                    dir.map(|entry| entry.map(|e| e.path())).collect::<io::Result<Vec<_>>>()
                })
                .map_err(|e| format!("{}: {e}", path.display()))?;
            files.sort();
            each(connections.unwrap_or(10), |i, n| some(&server, &files, i, n))
        }
        "hold" => {
            let until = Instant::now() + Duration::from_secs(seconds);
            each(connections.unwrap_or(64), |i, _| hold(&server, &path, i, until))
        }
        other => Err(format!("there is no {other}\n{USAGE}")),
    }
}

/// Runs `one(i, n)` on `n` threads.
fn each(n: u64, one: impl Fn(u64, u64) -> io::Result<()> + Sync) -> Result<(), String> {
    thread::scope(|scope| {
        let threads: Vec<_> = (0..n)
            .map(|i| {
                scope.spawn({
                    let one = &one;
                    move || one(i, n)
                })
            })
            .collect();
        threads.into_iter().try_for_each(|thread| match thread.join() {
            Ok(done) => done.map_err(|e| e.to_string()),
            Err(_) => Err("a thread broke".into()),
        })
    })
}

/// The `i`th of `n` pieces of the file.
fn piece(server: &Server, path: &PathBuf, i: u64, n: u64) -> io::Result<()> {
    let file = File::open(path)?;
    let whole = file.metadata()?.len();
    let start = whole / n * i;
    let end = if i + 1 == n { whole } else { start + whole / n };
    let mut to = server.connect()?;
    to.write_all(server.head(&format!("floor/{i}"), end - start).as_bytes())?;
    send(&file, start, end, &mut to, None)?;
    wire::answered(&mut to)
}

/// Every `n`th file from the `i`th on, each by one write.
fn some(server: &Server, files: &[PathBuf], i: u64, n: u64) -> io::Result<()> {
    let mut to = server.connect()?;
    let mut out = Vec::new();
    let step = usize::try_from(n).unwrap_or(1);
    for path in files.iter().skip(usize::try_from(i).unwrap_or(0)).step_by(step) {
        let mut file = File::open(path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        out.clear();
        out.extend_from_slice(
            server.head(&format!("floor/{name}"), file.metadata()?.len()).as_bytes(),
        );
        file.read_to_end(&mut out)?;
        to.write_all(&out)?;
        wire::answered(&mut to)?;
    }
    Ok(())
}

fn hold(server: &Server, path: &PathBuf, i: u64, until: Instant) -> io::Result<()> {
    let file = File::open(path)?;
    let whole = file.metadata()?.len();
    let mut to = server.connect()?;
    while Instant::now() < until {
        to.write_all(server.head(&format!("hold/{i}"), whole).as_bytes())?;
        if !send(&file, 0, whole, &mut to, Some(until))? {
            return Ok(());
        }
        wire::answered(&mut to)?;
    }
    Ok(())
}

/// Whether all of it went out before `until`.
fn send(
    file: &File,
    mut at: u64,
    end: u64,
    to: &mut impl Write,
    until: Option<Instant>,
) -> io::Result<bool> {
    let mut buffer = vec![0; PIECE];
    while at < end {
        if until.is_some_and(|until| Instant::now() >= until) {
            return Ok(false);
        }
        let n = usize::try_from(end - at).unwrap_or(PIECE).min(PIECE);
        file.read_exact_at(&mut buffer[..n], at)?;
        to.write_all(&buffer[..n])?;
        at += n as u64;
    }
    to.flush()?;
    Ok(true)
}
