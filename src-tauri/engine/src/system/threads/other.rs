//! Priorities where a thread changes its own: Windows, where a thread in the background has little of the disk too, and
//! macOS, where it is the processor's alone. Both give them back.

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, Ordering};
use thread_priority::ThreadPriority;

static STANDS_BACK: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// The priority that this thread returns to.
    static BEFORE: RefCell<Option<ThreadPriority>> = const { RefCell::new(None) };
}

/// Checked by each thread when it wakes.
pub(super) fn set_low_priority(wish: bool) {
    STANDS_BACK.store(wish, Ordering::Relaxed);
}

pub(super) fn join() {
    let wish = STANDS_BACK.load(Ordering::Relaxed);
    let _ = BEFORE.try_with(|before| {
        let mut before = before.borrow_mut();
        if before.is_some() == wish {
            return;
        }
        let to = match before.take() {
            Some(default) => back_to(default),
            None => {
                *before = Some(now());
                behind()
            }
        };
        if let Err(error) = thread_priority::set_current_thread_priority(to) {
            tracing::info!(?error, "the system keeps a thread's priority");
        }
    });
}

fn now() -> ThreadPriority {
    let now = thread_priority::get_thread_priority(thread_priority::thread_native_id());
    now.unwrap_or(ThreadPriority::Min)
}

#[cfg(windows)]
fn behind() -> ThreadPriority {
    ThreadPriority::Os(thread_priority::WinAPIThreadPriority::BackgroundModeBegin.into())
}

/// Windows remembers the priority before.
#[cfg(windows)]
fn back_to(_: ThreadPriority) -> ThreadPriority {
    ThreadPriority::Os(thread_priority::WinAPIThreadPriority::BackgroundModeEnd.into())
}

#[cfg(not(windows))]
fn behind() -> ThreadPriority {
    ThreadPriority::Min
}

#[cfg(not(windows))]
fn back_to(default: ThreadPriority) -> ThreadPriority {
    default
}
