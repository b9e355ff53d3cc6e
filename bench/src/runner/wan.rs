//! Sets up the long-distance link: two network namespaces with `bench-wan` between them. Everything is removed on drop.

use super::bench::Bench;
use crate::wan::{DEVICE, within};
use std::{
    fs,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

pub(super) const NEAR: &str = "windlass-near";
pub(super) const FAR: &str = "windlass-far";
pub(super) const FAR_ADDRESS: &str = "10.99.0.2";
const ENDS: [(&str, &str); 2] = [(NEAR, "10.99.0.1/24"), (FAR, "10.99.0.2/24")];

/// Which ways of finding a rate a namespace may use; the machine's own, for all of them.
const ALLOWED: &str = "/proc/sys/net/ipv4/tcp_allowed_congestion_control";

pub(super) struct Wan {
    child: Child,
    allowed_before: String,
}

#[derive(Clone, Copy)]
pub(super) struct Link {
    pub(super) rtt_ms: u32,
    pub(super) mbit: u32,
    pub(super) loss: f64,
}

/// Why there can be no link here.
pub(super) fn impossible() -> Option<String> {
    if !rustix::process::geteuid().is_root() {
        return Some("network namespaces need root".into());
    }
    if Command::new("ip").arg("-V").stdout(Stdio::null()).status().is_err() {
        return Some("network namespaces need the program `ip`".into());
    }
    let tun = "/dev/net/tun";
    fs::metadata(tun).is_err().then(|| format!("a link in user space needs {tun}"))
}

impl Wan {
    pub(super) fn up(bench: &Bench, link: Link) -> Result<Self, String> {
        for (namespace, _) in ENDS {
            // what an interrupted run left
            let _ =
                Command::new("ip").args(["netns", "del", namespace]).stderr(Stdio::null()).status();
            ip(&["netns", "add", namespace])?;
            ip(&["-n", namespace, "link", "set", "lo", "up"])?;
        }
        let child = Command::new(bench.program("bench-wan"))
            .args([NEAR, FAR])
            .args(["--rtt", &link.rtt_ms.to_string()])
            .args(["--mbit", &link.mbit.to_string()])
            .args(["--loss", &link.loss.to_string()])
            .spawn()
            .map_err(|e| format!("cannot start bench-wan: {e}"))?;
        let allowed_before = fs::read_to_string(ALLOWED).unwrap_or_default();
        let wan = Self { child, allowed_before };
        let until = Instant::now() + Duration::from_secs(5);
        for (namespace, address) in ENDS {
            while ip(&["-n", namespace, "link", "show", DEVICE]).is_err() {
                if Instant::now() > until {
                    return Err(format!("{namespace} gets no device"));
                }
                thread::sleep(Duration::from_millis(50));
            }
            ip(&["-n", namespace, "addr", "add", address, "dev", DEVICE])?;
            // the queue is the link's buffer, not the device's
            ip(&[
                "-n",
                namespace,
                "link",
                "set",
                DEVICE,
                "mtu",
                "1500",
                "txqueuelen",
                "5000",
                "up",
            ])?;
        }
        Ok(wan)
    }

    /// Sets how TCP finds its rate, on both ends. The kernel allows a namespace only what is on the machine's list, which is
    /// put back when the link goes.
    pub(super) fn congestion(&self, control: &str) -> Result<(), String> {
        if !self.allowed_before.split_whitespace().any(|name| name == control) {
            let longer = format!("{} {control}", self.allowed_before.trim());
            fs::write(ALLOWED, longer).map_err(|e| format!("{control} is not allowed: {e}"))?;
        }
        for (namespace, _) in ENDS {
            within(namespace, || {
                let file = "/proc/sys/net/ipv4/tcp_congestion_control";
                fs::write(file, control).map_err(|e| format!("{control}: {e}"))
            })?;
        }
        Ok(())
    }
}

pub(super) fn has_congestion(control: &str) -> bool {
    let file = "/proc/sys/net/ipv4/tcp_available_congestion_control";
    fs::read_to_string(file).unwrap_or_default().split_whitespace().any(|name| name == control)
}

fn ip(arguments: &[&str]) -> Result<(), String> {
    let out = Command::new("ip").args(arguments).output().map_err(|e| format!("ip: {e}"))?;
    let why =
        || format!("ip {}: {}", arguments.join(" "), String::from_utf8_lossy(&out.stderr).trim());
    if out.status.success() { Ok(()) } else { Err(why()) }
}

impl Drop for Wan {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::write(ALLOWED, &self.allowed_before);
        for (namespace, _) in ENDS {
            let _ = ip(&["netns", "del", namespace]);
        }
    }
}
