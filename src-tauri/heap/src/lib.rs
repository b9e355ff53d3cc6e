//! The allocator of every program that links the engine, and when it returns memory. The only file of the project that may use
//! `unsafe`.
//!
//! Measured on 2 cores, against the system's allocator (glibc 2.36): a request is made on one thread and dropped on another,
//! where that one takes a lock; with 5,000 small files four of five futex calls were for it. And after a walk over 100,000
//! files it kept 10 MB that nobody used any more.

use libmimalloc_sys::{mi_option_set, mi_option_t};
use mimalloc::MiMalloc;

#[global_allocator]
static HEAP: MiMalloc = MiMalloc;

/// `mi_option_purge_delay` of mimalloc.h: ms until memory that is free goes back to the system. The binding has no name for
/// it.
const PURGE_DELAY: mi_option_t = 15;

/// From now on memory goes back at once, and not after the second that is usual: an upload that takes much for a moment must
/// not leave the program large.
#[expect(unsafe_code, reason = "the binding has no safe way to an option")]
pub fn lean() {
    // SAFETY: stores a number in a table of the allocator's own. It takes no pointer, and may be called at any time and
    // from any thread; an option that there is not is passed over (`mi_option_set` in options.c).
    unsafe { mi_option_set(PURGE_DELAY, 0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A later version that counts its options otherwise has another value there.
    #[test]
    #[expect(unsafe_code, reason = "asks for the number that was set")]
    fn the_option_is_the_one_that_is_meant() {
        // SAFETY: reads a number of the same table
        let now = || unsafe { libmimalloc_sys::mi_option_get(PURGE_DELAY) };
        assert_eq!(now(), 1000, "what mimalloc 3 waits by itself");
        lean();
        assert_eq!(now(), 0);
    }
}
