//! The individual costs in seconds: a read, a system call, a context switch, a wake-up, a checksum, a cipher.

use crate::measured::seconds;
use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use crc_fast::{CrcAlgorithm, Digest};
use nix::sys::resource::{UsageWho, getrusage};
use rustix::thread::{CpuSet, sched_getcpu, sched_setaffinity};
use std::{
    fs::File,
    hint::black_box,
    io::{self, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    os::unix::fs::FileExt,
    thread,
    time::Instant,
};

pub(super) const PIECES: [usize; 2] = [64 << 10, 256 << 10];
/// Bytes after the start of a page: some processors copy at a fraction of their speed to places that are not aligned.
pub(super) const OFFSETS: [usize; 6] = [0, 7, 8, 16, 32, 64];

const PAGE: usize = 4096;
const GIB: f64 = (1_u64 << 30) as f64;

/// How a cost is told.
#[derive(Clone, Copy)]
pub(super) enum Unit {
    CpuNanoseconds,
    CpuMicroseconds,
    Microseconds,
    CpuSecondsPerGib,
}

impl Unit {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::CpuNanoseconds => "CPU ns",
            Self::CpuMicroseconds => "CPU µs",
            Self::Microseconds => "µs",
            Self::CpuSecondsPerGib => "CPU s/GiB",
        }
    }

    pub(super) fn in_a_second(self) -> f64 {
        match self {
            Self::CpuNanoseconds => 1e9,
            Self::Microseconds | Self::CpuMicroseconds => 1e6,
            Self::CpuSecondsPerGib => 1.0,
        }
    }

    pub(super) fn digits(self) -> usize {
        match self {
            Self::CpuNanoseconds => 0,
            Self::Microseconds | Self::CpuMicroseconds => 2,
            Self::CpuSecondsPerGib => 4,
        }
    }
}

pub(super) struct Cost {
    pub(super) name: &'static str,
    pub(super) unit: Unit,
    pub(super) measure: fn() -> io::Result<f64>,
}

const fn cost(name: &'static str, unit: Unit, measure: fn() -> io::Result<f64>) -> Cost {
    Cost { name, unit, measure }
}

pub(super) const COSTS: [Cost; 7] = [
    cost("a syscall (getppid)", Unit::CpuNanoseconds, syscall),
    cost("a context switch (two threads on one core, and a pipe)", Unit::CpuMicroseconds, switch),
    cost("a wake-up by one byte over loopback TCP", Unit::Microseconds, || wake_up(since)),
    cost("the same, both ends together", Unit::CpuMicroseconds, || wake_up(cpu_since)),
    cost("CRC64NVME", Unit::CpuSecondsPerGib, || sum(CrcAlgorithm::Crc64Nvme)),
    cost("CRC32C", Unit::CpuSecondsPerGib, || sum(CrcAlgorithm::Crc32Iscsi)),
    cost("AES-128-GCM", Unit::CpuSecondsPerGib, cipher),
];

/// CPU seconds of this process so far; nothing else runs in it.
fn cpu() -> io::Result<f64> {
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    Ok(seconds(usage.user_time()) + seconds(usage.system_time()))
}

/// The whole file once, told for a GiB of it.
pub(super) fn read(file: &File, piece: usize, offset: usize) -> io::Result<f64> {
    // ones: the pages are there before the clock runs
    let mut buffer = vec![1; piece + 2 * PAGE];
    let start = buffer.as_ptr().align_offset(PAGE) + offset;
    let to = &mut buffer[start..start + piece];
    let before = cpu()?;
    let mut at = 0;
    loop {
        match file.read_at(to, at)? {
            0 if at == 0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            0 => return Ok(per_gib(cpu()? - before, at)),
            n => at += n as u64,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a cost, not a count")]
fn per_gib(seconds: f64, bytes: u64) -> f64 {
    seconds * GIB / bytes as f64
}

fn syscall() -> io::Result<f64> {
    const TIMES: u32 = 200_000;
    let before = cpu()?;
    for _ in 0..TIMES {
        black_box(rustix::process::getppid());
    }
    Ok((cpu()? - before) / f64::from(TIMES))
}

/// Each of the two waits for the other's byte, so that every byte is a switch.
fn switch() -> io::Result<f64> {
    const TIMES: u32 = 20_000;
    let (from_near, to_far) = io::pipe()?;
    let (from_far, to_near) = io::pipe()?;
    let mut core = CpuSet::new();
    core.set(sched_getcpu());
    let before = cpu()?;
    thread::scope(|scope| {
        let far = scope.spawn(move || {
            sched_setaffinity(None, &core)?;
            echo(from_near, to_near)
        });
        let near = scope.spawn(move || {
            sched_setaffinity(None, &core)?;
            let (mut from, mut to) = (from_far, to_far);
            there_and_back(&mut from, &mut to, TIMES)
        });
        let done = joined(near);
        joined(far)?;
        done?;
        Ok((cpu()? - before) / f64::from(2 * TIMES))
    })
}

type Clock = fn(Instant, f64) -> io::Result<f64>;

fn since(start: Instant, _: f64) -> io::Result<f64> {
    Ok(start.elapsed().as_secs_f64())
}

fn cpu_since(_: Instant, before: f64) -> io::Result<f64> {
    Ok(cpu()? - before)
}

/// As switches are, and on whichever core the kernel chooses.
fn wake_up(clock: Clock) -> io::Result<f64> {
    const TIMES: u32 = 2_000;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let near = TcpStream::connect(listener.local_addr()?)?;
    let (far, _) = listener.accept()?;
    near.set_nodelay(true)?;
    far.set_nodelay(true)?;
    let before = cpu()?;
    thread::scope(|scope| {
        let far = scope.spawn(move || echo(&far, &far));
        let start = Instant::now();
        let done = there_and_back(&mut &near, &mut &near, TIMES);
        let took = clock(start, before);
        // or the other end would wait for more
        drop(near);
        joined(far)?;
        done?;
        Ok(took? / f64::from(2 * TIMES))
    })
}

fn there_and_back(from: &mut impl Read, to: &mut impl Write, times: u32) -> io::Result<()> {
    let mut byte = [1];
    for _ in 0..times {
        to.write_all(&byte)?;
        from.read_exact(&mut byte)?;
    }
    Ok(())
}

/// Until the other end is closed.
fn echo(mut from: impl Read, mut to: impl Write) -> io::Result<()> {
    let mut byte = [0];
    while from.read(&mut byte)? > 0 {
        to.write_all(&byte)?;
    }
    Ok(())
}

fn joined<T>(thread: thread::ScopedJoinHandle<io::Result<T>>) -> io::Result<T> {
    thread.join().unwrap_or_else(|_| Err(io::Error::other("a thread broke")))
}

/// Of bytes that a read has just brought into the cache, as an uploader sums them.
fn sum(algorithm: CrcAlgorithm) -> io::Result<f64> {
    const TIMES: u32 = 4096;
    let piece = vec![1; PIECES[0]];
    let mut digest = Digest::new(algorithm);
    let before = cpu()?;
    for _ in 0..TIMES {
        digest.update(black_box(&piece));
    }
    black_box(digest.finalize());
    Ok(per_gib(cpu()? - before, u64::from(TIMES) * piece.len() as u64))
}

/// In the records of TLS, without TLS.
fn cipher() -> io::Result<f64> {
    const TIMES: u32 = 8192;
    const RECORD: usize = 16 << 10;
    let broken = |_| io::Error::other("no AES-128-GCM");
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &[1; 16]).map_err(broken)?);
    let mut record = vec![1; RECORD];
    let before = cpu()?;
    for number in 0..TIMES {
        let mut nonce = [0; NONCE_LEN];
        nonce[..4].copy_from_slice(&number.to_le_bytes());
        let nonce = Nonce::assume_unique_for_key(nonce);
        let tag = key.seal_in_place_separate_tag(nonce, Aad::empty(), &mut record);
        let _ = black_box(tag.map_err(broken)?);
    }
    Ok(per_gib(cpu()? - before, u64::from(TIMES) * record.len() as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cost_can_be_measured_and_is_something() {
        for cost in COSTS {
            let seconds = (cost.measure)().unwrap();
            assert!(seconds > 0.0 && seconds < 10.0, "{}: {seconds}", cost.name);
        }
    }
}
