//! One connection of the sink: heads and lines are read, bodies are dropped. Over plain TCP they are dropped in the kernel
//! (MSG_TRUNC) and never copied.

use super::{arrivals::Arrivals, paced::Pace, tls::Tls};
use rustix::net::{RecvFlags, recv, sockopt};
use std::{
    io::{self, Read, Write},
    net::TcpStream,
    sync::Arc,
    time::Duration,
};

/// Dropped at once; the buffer is never written to, so its pages never exist.
const DROP: usize = 1 << 20;
/// Read at once where the time of each byte matters.
const FINE: usize = 64 << 10;
/// A head is no longer than this.
const LONGEST_HEAD: usize = 1 << 20;

pub(super) struct Connection {
    stream: TcpStream,
    tls: Option<Tls>,
    /// read and not yet used, from `start` on
    plain: Vec<u8>,
    start: usize,
    never_written: Vec<u8>,
    arrivals: Arc<Arrivals>,
    pace: Pace,
    fine: bool,
}

impl Connection {
    pub(super) fn new(
        stream: TcpStream,
        tls: Option<Arc<rustls::ServerConfig>>,
        arrivals: Arc<Arrivals>,
        pace: Pace,
        fine: bool,
    ) -> io::Result<Self> {
        let tls = tls.map(Tls::new).transpose()?;
        let never_written = vec![0; if tls.is_some() { 0 } else { DROP }];
        Ok(Self { stream, tls, plain: Vec::new(), start: 0, never_written, arrivals, pace, fine })
    }

    /// What was read and not used.
    pub(super) fn pending(&self) -> &[u8] {
        &self.plain[self.start..]
    }

    pub(super) fn used(&mut self, n: usize) {
        self.start += n;
    }

    /// Up to the empty line; `None` when the client has closed between two requests.
    pub(super) fn head(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut from = 0;
        loop {
            let pending = self.pending();
            if let Some(at) = pending[from..].windows(4).position(|end| end == b"\r\n\r\n") {
                let head = pending[..from + at + 4].to_vec();
                self.used(head.len());
                return Ok(Some(head));
            }
            let length = pending.len();
            if length > LONGEST_HEAD {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a head has no end"));
            }
            from = length.saturating_sub(3);
            match self.fill(FINE) {
                Err(e) if e.kind() == io::ErrorKind::UnexpectedEof && length == 0 => {
                    return Ok(None);
                }
                other => other?,
            }
        }
    }

    /// Reads something, at most about `most` bytes.
    pub(super) fn fill(&mut self, most: usize) -> io::Result<()> {
        self.read(0, most).map(drop)
    }

    fn read(&mut self, skip: u64, most: usize) -> io::Result<u64> {
        if self.start == self.plain.len() {
            self.plain.clear();
            self.start = 0;
        }
        let (arrivals, pace) = (&self.arrivals, &mut self.pace);
        let mut came = |n: usize| {
            arrivals.add(n);
            pace.took(n);
        };
        if let Some(tls) = &mut self.tls {
            // records are up to 16 KiB: less than some of them at once gains nothing
            let most = if self.fine { FINE } else { most.max(256 << 10) };
            return tls.read(&mut self.stream, &mut self.plain, skip, most, &mut came);
        }
        let before = self.plain.len();
        self.plain.resize(before + most, 0);
        let n = self.stream.read(&mut self.plain[before..]);
        self.plain.truncate(before + n.as_ref().map_or(0, |n| *n));
        let n = n?;
        if n == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        came(n);
        Ok(0)
    }

    /// Drops `n` bytes that come next, unseen.
    pub(super) fn discard(&mut self, mut n: u64) -> io::Result<()> {
        while n > 0 {
            let have = usize::try_from(n).unwrap_or(usize::MAX).min(self.pending().len());
            self.used(have);
            n -= have as u64;
            if n == 0 {
                break;
            }
            n -= if self.tls.is_some() { self.read(n, DROP)? } else { self.drop_some(n)? };
        }
        Ok(())
    }

    fn drop_some(&mut self, n: u64) -> io::Result<u64> {
        let most = if self.fine { FINE } else { DROP };
        let most = usize::try_from(n).unwrap_or(most).min(most);
        // waiting for all of it saves a call for each packet, but tells nothing of when they came
        let wait = if self.fine { RecvFlags::empty() } else { RecvFlags::WAITALL };
        let (_, dropped) =
            recv(&self.stream, &mut self.never_written[..most], RecvFlags::TRUNC | wait)?;
        if dropped == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.arrivals.add(dropped);
        self.pace.took(dropped);
        Ok(dropped as u64)
    }

    pub(super) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.tls {
            Some(tls) => tls.write(&mut self.stream, &mut self.plain, bytes),
            None => self.stream.write_all(bytes),
        }
    }

    /// The connection will end with a reset, not in order.
    pub(super) fn break_off(&self) -> io::Result<()> {
        Ok(sockopt::set_socket_linger(&self.stream, Some(Duration::ZERO))?)
    }
}
