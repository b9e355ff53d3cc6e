//! A desktop session for one app: a home folder, a D-Bus and a keychain of its own, so that tests do not affect each other.

use crate::{
    child_process::{self, Last},
    place,
};
use std::{
    ffi::OsString,
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::{Builder, TempDir};

/// What an app finds when it looks for the keychain.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Keychain {
    /// There, and unlocked.
    Open,
    /// No Secret Service: a bare desktop.
    None,
}

pub struct Session {
    home: TempDir,
    /// Sockets: a keyring that finds another one's here does not start. Short, for a socket's path may have 107 bytes.
    _run: TempDir,
    services: Vec<Child>,
    env: Vec<(String, OsString)>,
}

impl Session {
    pub fn new(keychain: Keychain) -> Session {
        let home = place::scratch();
        let mut env = vec![("HOME".to_string(), home.path().as_os_str().to_owned())];
        for (name, folder) in
            [("XDG_DATA_HOME", "data"), ("XDG_CONFIG_HOME", "config"), ("XDG_CACHE_HOME", "cache")]
        {
            std::fs::create_dir(home.path().join(folder)).unwrap();
            env.push((name.into(), home.path().join(folder).into()));
        }
        // made for its user alone
        let run = Builder::new().prefix("windlass-run-").tempdir().unwrap();
        env.push(("XDG_RUNTIME_DIR".into(), run.path().into()));
        let mut session = Session { home, _run: run, services: Vec::new(), env };
        session.start_bus(keychain);
        if keychain == Keychain::Open {
            session.start_keyring();
        }
        session
    }

    pub fn home(&self) -> PathBuf {
        self.home.path().to_path_buf()
    }

    /// Where the app keeps what it knows: below `XDG_DATA_HOME`.
    pub fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// What a program of this session has in its environment.
    pub fn env(&self) -> &[(String, OsString)] {
        &self.env
    }

    /// Its own bus: the name of an app that is still going away in another test is not seen here.
    fn start_bus(&mut self, keychain: Keychain) {
        // the usual configuration starts a keyring as soon as somebody asks for one
        let config = self.home.path().join("bus.conf");
        let services =
            if keychain == Keychain::Open { "<standard_session_servicedirs/>" } else { "" };
        let text = format!(
            "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" \
             \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n<busconfig><type>session</type>\
             <listen>unix:tmpdir=/tmp</listen>{services}<policy context=\"default\"><allow send_destination=\"*\" \
             eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>\n"
        );
        std::fs::write(&config, text).unwrap();
        let mut command = child_process::command("dbus-daemon", Last::Kill);
        command
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--print-address"])
            .envs(self.env.clone())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut bus = child_process::spawn(command).expect("dbus-daemon");
        let mut address = String::new();
        BufReader::new(bus.stdout.take().unwrap()).read_line(&mut address).unwrap();
        assert!(!address.trim().is_empty(), "the D-Bus session did not start");
        self.env.push(("DBUS_SESSION_BUS_ADDRESS".into(), address.trim().into()));
        self.services.push(bus);
    }

    fn start_keyring(&mut self) {
        let mut command = child_process::command("gnome-keyring-daemon", Last::Kill);
        // in the foreground: it is ours to end
        command
            .args(["--foreground", "--unlock", "--components=secrets"])
            .envs(self.env.clone())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut keyring = child_process::spawn(command).expect("gnome-keyring-daemon");
        // the newline is the (empty) password; without it there is no keyring to write to
        keyring.stdin.take().unwrap().write_all(b"\n").unwrap();
        self.services.push(keyring);
        let start = Instant::now();
        while !self.has_login_keyring() {
            assert!(start.elapsed() < Duration::from_secs(20), "the keyring did not open");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn has_login_keyring(&self) -> bool {
        // asked of the bus first: a question to a keyring that is not there yet makes the bus start another, locked one
        let owner = self.asked(
            "org.freedesktop.DBus",
            "/org/freedesktop/DBus",
            "NameHasOwner",
            "org.freedesktop.secrets",
        );
        owner.contains("true")
            && self
                .asked(
                    "org.freedesktop.secrets",
                    "/org/freedesktop/secrets",
                    "Secret.Service.ReadAlias",
                    "default",
                )
                .contains("/collection/")
    }

    /// The answer to a question with one word, as `dbus-send` prints it; `method` without what every name begins with.
    fn asked(&self, service: &str, object: &str, method: &str, word: &str) -> String {
        let interface =
            if service.ends_with("DBus") { "org.freedesktop.DBus." } else { "org.freedesktop." };
        let out = Command::new("dbus-send")
            .args(["--session", "--print-reply=literal"])
            .arg(format!("--dest={service}"))
            .args([object, &format!("{interface}{method}"), &format!("string:{word}")])
            .envs(self.env.clone())
            .stderr(Stdio::null())
            .output();
        String::from_utf8_lossy(&out.expect("dbus-send").stdout).into_owned()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        for service in self.services.iter_mut().rev() {
            let _ = service.kill();
            let _ = service.wait();
        }
    }
}
