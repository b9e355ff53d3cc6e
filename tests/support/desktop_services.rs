//! The desktop services that an app uses: tray, notifications, file manager, sleep inhibitor.

use crate::{
    child_process::{self, Last},
    place,
    session::Session,
};
use serde_json::Value;
use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    time::{Duration, Instant},
};

/// How long a desktop may take to hear of something.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct DesktopServices {
    child: Child,
    orders: ChildStdin,
    lines: Receiver<Value>,
    /// Said, and not yet asked for.
    heard: Vec<Value>,
}

impl DesktopServices {
    /// Before the app is started, in its session; what asks the system's bus is to be told this session's instead.
    pub fn start(session: &Session) -> DesktopServices {
        let mut command = child_process::command("/usr/bin/python3", Last::Kill);
        command
            .arg(place::script("desktop_services.py"))
            .envs(session.env().iter().cloned())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = child_process::spawn(command).expect("desktop_services.py");
        let (orders, out) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let (say, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                let _ = say.send(serde_json::from_str(&line).expect("JSON"));
            }
        });
        let mut services = DesktopServices { child, orders, lines, heard: Vec::new() };
        services.until(|line| line["answer"] == "ready");
        services
    }

    /// What an app of this session needs besides, so that it finds the one who is asked not to sleep.
    pub fn env(session: &Session) -> (String, std::ffi::OsString) {
        let bus = session.env().iter().find(|(name, _)| name == "DBUS_SESSION_BUS_ADDRESS");
        ("DBUS_SYSTEM_BUS_ADDRESS".into(), bus.expect("a bus").1.clone())
    }

    /// The first thing of this kind that was heard and not yet asked for; waits for it.
    pub fn hears(&mut self, what: &str) -> Value {
        self.until(|line| line["heard"] == what)
    }

    /// Whether anything of this kind was heard and not yet asked for.
    pub fn heard(&mut self, what: &str) -> bool {
        while let Ok(line) = self.lines.try_recv() {
            self.heard.push(line);
        }
        self.heard.iter().any(|line| line["heard"] == what)
    }

    /// One of desktop_services.py's orders, and its answer.
    pub fn order(&mut self, order: &str) -> Value {
        writeln!(self.orders, "{order}").unwrap();
        let word = order.split(' ').next().unwrap().to_owned();
        let answer = self.until(|line| line["answer"] == word.as_str());
        assert!(answer.get("error").is_none(), "{order}: {answer}");
        answer
    }

    fn until(&mut self, right: impl Fn(&Value) -> bool) -> Value {
        let start = Instant::now();
        loop {
            if let Some(at) = self.heard.iter().position(&right) {
                return self.heard.remove(at);
            }
            let left = PATIENCE.saturating_sub(start.elapsed());
            match self.lines.recv_timeout(left) {
                Ok(line) => self.heard.push(line),
                Err(RecvTimeoutError::Timeout) => panic!("the desktop heard only {:?}", self.heard),
                Err(RecvTimeoutError::Disconnected) => panic!("desktop_services.py has ended"),
            }
        }
    }
}

impl Drop for DesktopServices {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
