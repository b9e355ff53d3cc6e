//! Priorities on Linux: a nice value a thread, which any thread of the process may raise for any other. Lowering it again
//! takes a right that few users have (RLIMIT_NICE); threads inherit it from the one that starts them.

use crate::model::lock::locked;
use rustix::process::{Pid, getpid, getpriority_process, setpriority_process};
use rustix::thread::gettid;
use std::sync::{Mutex, MutexGuard};

/// The lowest disk priority that comes with a nice value (ioprio_set(2): best-effort 7 from 15 on), and a thirtieth of
/// another program's CPU time: at 19 it would be a seventieth, and busy connections would time out.
const BEHIND: i32 = 15;

struct Threads {
    low_priority: bool,
    threads: Vec<Pid>,
}

static THREADS: Mutex<Threads> = Mutex::new(Threads { low_priority: false, threads: Vec::new() });

fn crew() -> MutexGuard<'static, Threads> {
    locked(&THREADS)
}

/// A registered thread, while it lives: its ID is reused afterwards.
struct Member(Pid);

thread_local! {
    static MEMBER: Member = Member::new();
}

impl Member {
    fn new() -> Self {
        let (mut crew, thread) = (crew(), gettid());
        crew.threads.push(thread);
        if crew.low_priority {
            put(&[thread], behind());
        }
        Self(thread)
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        crew().threads.retain(|thread| *thread != self.0);
    }
}

pub(super) fn join() {
    // a thread that has ended is no longer registered
    let _ = MEMBER.try_with(|_| ());
}

pub(super) fn set_low_priority(wish: bool) {
    let mut crew = crew();
    if crew.low_priority == wish {
        return;
    }
    crew.low_priority = wish;
    put(&crew.threads, if wish { behind() } else { default_priority() });
}

/// The priority of the main thread, which is not registered: the user may have started the whole program at low
/// priority.
fn default_priority() -> i32 {
    getpriority_process(Some(getpid())).unwrap_or(0)
}

fn behind() -> i32 {
    default_priority().max(BEHIND)
}

fn put(threads: &[Pid], nice: i32) {
    for thread in threads {
        if let Err(error) = setpriority_process(Some(*thread), nice) {
            tracing::info!(%error, nice, "the system keeps a thread's priority until the next start");
        }
    }
}
