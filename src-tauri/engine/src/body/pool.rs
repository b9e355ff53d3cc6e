//! Buffers for the pieces of bodies, used again and again. Knows their size, not what is in them.

use super::PIECE;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Room in a buffer before and behind a piece, for the framing of aws-chunked: "10000\r\n" and "\r\n".
pub(super) const HEAD: usize = 7;
pub(super) const TAIL: usize = 2;

/// Buffers that have been sent and can be filled again.
#[derive(Clone, Default)]
pub(crate) struct Pool(Arc<Mutex<Vec<Vec<u8>>>>);

/// More than this many idle buffers are let go: 256 connections' worth would be 16 MiB for nothing.
const IDLE_BUFFERS: usize = 64;

impl Pool {
    fn buffers(&self) -> MutexGuard<'_, Vec<Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn take(&self) -> Vec<u8> {
        let buffer = self.buffers().pop();
        buffer.unwrap_or_else(|| vec![0; HEAD + PIECE + TAIL])
    }
}

pub(super) struct Pooled {
    pub(super) buffer: Vec<u8>,
    pub(super) within: Range<usize>,
    pub(super) pool: Pool,
}

impl AsRef<[u8]> for Pooled {
    fn as_ref(&self) -> &[u8] {
        &self.buffer[self.within.clone()]
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        let mut buffers = self.pool.buffers();
        if buffers.len() < IDLE_BUFFERS {
            buffers.push(std::mem::take(&mut self.buffer));
        }
    }
}
