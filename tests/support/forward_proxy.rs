//! Proxies that others wrote, as they stand between a company and the Internet: tinyproxy for HTTP, microsocks for SOCKS5.
//! Their own logs say what went through. Knows how each is started; must not know what is proved.

use crate::{
    child_process::{self, Last},
    place,
    servers::free_port,
};
use std::{
    fmt::Write as _,
    fs::File,
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// A running proxy, which ends when it is dropped.
pub struct ForwardProxy {
    /// Host and port.
    pub address: String,
    child: Child,
    log: PathBuf,
    _folder: TempDir,
}

impl ForwardProxy {
    /// An HTTP proxy, for everybody or for who knows this user name and password. With `tunnels_to` it allows tunnels to that
    /// port alone.
    pub fn http(login: Option<(&str, &str)>, tunnels_to: Option<u16>) -> ForwardProxy {
        let (folder, port) = (place::scratch(), free_port());
        let log = folder.path().join("log");
        let mut config = format!(
            "Port {port}\nListen 127.0.0.1\nAllow 127.0.0.1\nTimeout 600\nMaxClients 200\nLogLevel Info\nLogFile \"{}\"\n",
            log.display()
        );
        if let Some((user, password)) = login {
            writeln!(config, "BasicAuth {user} {password}").unwrap();
        }
        if let Some(port) = tunnels_to {
            writeln!(config, "ConnectPort {port}").unwrap();
        }
        let path = folder.path().join("tinyproxy.conf");
        std::fs::write(&path, config).unwrap();
        let mut command = child_process::command(installed("tinyproxy"), Last::Kill);
        command.arg("-d").arg("-c").arg(path).stdout(Stdio::null()).stderr(Stdio::null());
        ForwardProxy::started(command, port, log, folder)
    }

    /// A SOCKS5 proxy, for everybody or for who knows this user name and password.
    pub fn socks(login: Option<(&str, &str)>) -> ForwardProxy {
        let (folder, port) = (place::scratch(), free_port());
        let log = folder.path().join("log");
        let mut command = child_process::command(installed("microsocks"), Last::Kill);
        command.args(["-i", "127.0.0.1", "-p"]).arg(port.to_string());
        if let Some((user, password)) = login {
            command.args(["-u", user, "-P", password]);
        }
        command.stdout(Stdio::null()).stderr(File::create(&log).unwrap());
        ForwardProxy::started(command, port, log, folder)
    }

    fn started(mut command: Command, port: u16, log: PathBuf, folder: TempDir) -> ForwardProxy {
        command.stdin(Stdio::null());
        let mut child = child_process::spawn(command).unwrap();
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = child.try_wait().unwrap();
            assert!(ended.is_none(), "the proxy does not start: {ended:?}");
            assert!(start.elapsed() < Duration::from_secs(30), "the proxy does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        ForwardProxy { address: format!("127.0.0.1:{port}"), child, log, _folder: folder }
    }

    /// What the proxy wrote down so far.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// How many lines of its log say this.
    pub fn count(&self, what: &str) -> usize {
        self.log().lines().filter(|line| line.contains(what)).count()
    }
}

impl Drop for ForwardProxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn installed(name: &str) -> PathBuf {
    let found = ["/usr/bin", "/usr/sbin", "/usr/local/bin"]
        .map(|folder| Path::new(folder).join(name))
        .into_iter()
        .find(|path| path.is_file());
    found.unwrap_or_else(|| panic!("{name} is not installed: cargo xtask setup --tests"))
}
