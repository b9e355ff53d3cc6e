//! The engine's threads and their priority, which is per process.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod other;

#[cfg(target_os = "linux")]
use linux as system;
#[cfg(not(target_os = "linux"))]
use other as system;

/// Registers the calling thread as one of the engine's. Called by each thread of a runtime when it starts, and again
/// whenever it wakes, which costs nothing: on some systems, only a thread itself can change its priority.
///
/// Threads that draw a window must not be registered.
pub fn join() {
    system::join();
}

/// Runs the engine's threads at low priority from now on, or at normal priority again.
pub(crate) fn set_low_priority(wish: bool) {
    system::set_low_priority(wish);
}
