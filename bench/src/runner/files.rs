//! The files that are uploaded.

use super::bench::Bench;
use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::PathBuf,
};

/// Written and read at once.
const PIECE: usize = 1 << 20;

fn told<T>(path: &std::path::Path, result: io::Result<T>) -> Result<T, String> {
    result.map_err(|e| format!("{}: {e}", path.display()))
}

/// The big file, of random-looking bytes so that nothing can make it smaller, and in the page cache.
pub(super) fn big(bench: &Bench) -> Result<PathBuf, String> {
    filled(bench, bench.size)
}

/// One of `size` bytes, the same way.
pub(super) fn filled(bench: &Bench, size: u64) -> Result<PathBuf, String> {
    let path = bench.folder.join(format!("big-{size}"));
    if !fs::metadata(&path).is_ok_and(|found| found.len() == size) {
        told(&path, fill(&path, size))?;
    }
    told(&path, warm(&path))?;
    Ok(path)
}

fn fill(path: &PathBuf, size: u64) -> io::Result<()> {
    let mut file = File::create(path)?;
    let mut state = 0x5DEE_CE66_D1CE_CAFE_u64;
    let mut piece = vec![0; PIECE];
    let mut left = size;
    while left > 0 {
        for eight in piece.chunks_exact_mut(8) {
            // xorshift: fast, and no two pieces are alike
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            eight.copy_from_slice(&state.to_le_bytes());
        }
        let n = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
        file.write_all(&piece[..n])?;
        left -= n as u64;
    }
    // what is written back later would cost somebody's round
    file.sync_all()
}

fn warm(path: &PathBuf) -> io::Result<()> {
    let mut file = File::open(path)?;
    let mut piece = vec![0; PIECE];
    while file.read(&mut piece)? > 0 {}
    Ok(())
}

/// A folder of `count` files of `size` bytes.
pub(super) fn many(bench: &Bench, name: &str, count: usize, size: u64) -> Result<PathBuf, String> {
    let folder = bench.folder.join(name);
    let last = folder.join(format!("{:06}", count - 1));
    if !fs::metadata(&last).is_ok_and(|found| found.len() == size) {
        told(&folder, fs::create_dir_all(&folder))?;
        let bytes = vec![b'w'; usize::try_from(size).unwrap_or(0)];
        for i in 0..count {
            let path = folder.join(format!("{i:06}"));
            told(&path, fs::write(&path, &bytes))?;
        }
        rustix::fs::sync();
    }
    Ok(folder)
}

/// A file of `size` bytes that takes no room: where only its length matters.
pub(super) fn sparse(bench: &Bench, name: &str, size: u64) -> Result<PathBuf, String> {
    let path = bench.folder.join(name);
    let made = File::options().create(true).append(true).open(&path);
    told(&path, made.and_then(|file| file.set_len(size)))?;
    Ok(path)
}
