//! Locks a mutex that another thread may have poisoned by a panic.
//! Every value behind a mutex in this crate is valid between any two statements, so a panic elsewhere is no reason to stop.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks a mutex, even if it is poisoned.
pub(crate) fn locked<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
