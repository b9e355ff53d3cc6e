//! The engine's threads and their priority, which is per process.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod other;

#[cfg(target_os = "linux")]
use linux as system;
#[cfg(not(target_os = "linux"))]
use other as system;

/// The thread that calls this works for engines. To be called by each of a runtime's threads when it starts, and again
/// whenever it wakes, which costs nothing: some systems let a thread change its own priority only.
///
/// Threads that draw a window must stay out of it.
pub fn join() {
    system::join();
}

/// From now on the crew stands back behind other programs, or does not any more.
pub(crate) fn set_low_priority(wish: bool) {
    system::set_low_priority(wish);
}
