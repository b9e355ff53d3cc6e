//! Child processes that end with this one, however it ends.

use std::{
    ffi::OsStr,
    io,
    process::{Child, Command},
    sync::{Mutex, OnceLock, mpsc},
    thread,
};

/// What a child is sent when this process has gone.
#[derive(Clone, Copy)]
pub enum Last {
    /// It may put away what it made: for a script with a trap.
    Term,
    Kill,
}

type Order = (Command, mpsc::Sender<io::Result<Child>>);

/// `program` as a command for `spawn`: when this process goes, the system ends it. It is started behind `setpriv`,
/// which becomes it, so that the process id stays.
pub fn command(program: impl AsRef<OsStr>, last: Last) -> Command {
    if !cfg!(target_os = "linux") {
        return Command::new(program);
    }
    let last = match last {
        Last::Term => "TERM",
        Last::Kill => "KILL",
    };
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", last, "--"]).arg(program);
    command
}

/// Starts a `command` that was made here.
pub fn spawn(command: Command) -> io::Result<Child> {
    // Linux ends the child with the thread that started it, and a test's thread ends with the test:
    // one thread that never ends starts them all
    static ORDERS: OnceLock<Mutex<mpsc::Sender<Order>>> = OnceLock::new();
    let orders = ORDERS.get_or_init(|| {
        let (orders, inbox) = mpsc::channel::<Order>();
        thread::spawn(move || {
            for (mut command, answer) in inbox {
                let _ = answer.send(command.spawn());
            }
        });
        Mutex::new(orders)
    });
    let (answer, child) = mpsc::channel();
    let gone = || io::Error::other("the thread that starts children has ended");
    orders.lock().map_err(|_| gone())?.send((command, answer)).map_err(|_| gone())?;
    child.recv().map_err(|_| gone())?
}

/// Sends a process that we started a signal.
pub fn signal(pid: u32, name: &str) {
    let _ = Command::new("kill").args([format!("-{name}"), pid.to_string()]).status();
}
