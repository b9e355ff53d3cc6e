//! Test files: of any size, reproducible and incompressible.

use std::{
    fs::File,
    io::{Read, Write},
    path::Path,
};

const CHUNK: usize = 1 << 20;

/// The bytes of the endless file `seed` from `offset` on.
pub fn fill(seed: u64, offset: u64, buffer: &mut [u8]) {
    let mut at = offset;
    let mut rest = buffer;
    while !rest.is_empty() {
        let word = word(seed, at / 8).to_le_bytes();
        let from = usize::try_from(at % 8).unwrap();
        let n = rest.len().min(8 - from);
        rest[..n].copy_from_slice(&word[from..from + n]);
        rest = &mut rest[n..];
        at += n as u64;
    }
}

/// The first `size` bytes of the endless file `seed`.
pub fn bytes(seed: u64, size: usize) -> Vec<u8> {
    let mut bytes = vec![0; size];
    fill(seed, 0, &mut bytes);
    bytes
}

/// Writes the first `size` bytes of the endless file `seed`.
pub fn write(path: &Path, seed: u64, size: u64) {
    let mut file = File::create(path).unwrap();
    let (mut buffer, mut at) = (vec![0; CHUNK], 0);
    while at < size {
        let n = usize::try_from(size - at).map_or(CHUNK, |left| left.min(CHUNK));
        fill(seed, at, &mut buffer[..n]);
        file.write_all(&buffer[..n]).unwrap();
        at += n as u64;
    }
}

/// The first place where two readers differ; the shorter one's end is such a place.
pub fn difference(mut a: impl Read, mut b: impl Read) -> Option<u64> {
    let (mut left, mut right, mut at) = (vec![0; CHUNK], vec![0; CHUNK], 0);
    loop {
        let (n, m) = (read_full(&mut a, &mut left), read_full(&mut b, &mut right));
        // one comparison of memory for what is equal nearly always
        if left[..n] != right[..m] {
            let same = left[..n].iter().zip(&right[..m]).take_while(|(x, y)| x == y).count();
            return Some(at + same as u64);
        }
        if n == 0 {
            return None;
        }
        at += n as u64;
    }
}

/// The first place where two files differ.
pub fn files_differ(a: &Path, b: &Path) -> Option<u64> {
    difference(File::open(a).unwrap(), File::open(b).unwrap())
}

fn read_full(from: &mut impl Read, buffer: &mut [u8]) -> usize {
    let mut have = 0;
    while have < buffer.len() {
        match from.read(&mut buffer[have..]).unwrap() {
            0 => break,
            n => have += n,
        }
    }
    have
}

/// splitmix64, by position
fn word(seed: u64, index: u64) -> u64 {
    let mut z = seed
        .wrapping_mul(0xd129_0c3d_3f4b_2a95)
        .wrapping_add(index.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_the_same_as_in_the_whole() {
        let whole = bytes(7, 1000);
        let mut piece = vec![0; 123];
        fill(7, 321, &mut piece);
        assert_eq!(piece, whole[321..444]);
        assert_ne!(bytes(8, 1000), whole);
    }

    #[test]
    fn a_written_file_has_those_bytes() {
        let dir = crate::place::scratch();
        let path = dir.path().join("file");
        let size = CHUNK as u64 + 5;
        write(&path, 7, size);
        assert_eq!(std::fs::read(&path).unwrap(), bytes(7, usize::try_from(size).unwrap()));
    }

    #[test]
    fn the_first_difference_is_told() {
        let a = bytes(1, 3 * CHUNK);
        let mut b = a.clone();
        assert_eq!(difference(&a[..], &b[..]), None);
        b[2 * CHUNK + 3] ^= 1;
        assert_eq!(difference(&a[..], &b[..]), Some(2 * CHUNK as u64 + 3));
        assert_eq!(difference(&a[..10], &a[..4]), Some(4));
    }
}
