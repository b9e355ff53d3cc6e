//! A running sink.

use super::{bench::Bench, certs, certs::Certs, wan};
use crate::sink::Counted;
use serde::{Deserialize, de::DeserializeOwned};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    time::Duration,
};

pub(super) struct Sink {
    child: Child,
    pub(super) url: String,
    control: String,
    pub(super) certs: Option<Certs>,
    namespace: Option<&'static str>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Arrived {
    pub(super) name: String,
    pub(super) size: u64,
    /// seconds after the first request
    pub(super) at: f64,
}

#[derive(Deserialize)]
struct Ports {
    port: u16,
    control: u16,
}

impl Sink {
    /// On this machine.
    pub(super) fn start(bench: &Bench, tls: bool, options: &[&str]) -> Result<Self, String> {
        Self::launch(
            bench,
            Command::new(bench.program("bench-sink")),
            "127.0.0.1",
            tls,
            options,
            None,
        )
    }

    /// At the far end of the link.
    pub(super) fn far(bench: &Bench, options: &[&str]) -> Result<Self, String> {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", wan::FAR, &bench.program("bench-sink")]);
        Self::launch(bench, command, wan::FAR_ADDRESS, false, options, Some(wan::FAR))
    }

    fn launch(
        bench: &Bench,
        mut command: Command,
        host: &str,
        tls: bool,
        options: &[&str],
        namespace: Option<&'static str>,
    ) -> Result<Self, String> {
        command.args(["--host", host]).args(options).stdout(Stdio::piped());
        let certs =
            tls.then(|| certs::ready(&bench.folder, &["localhost", "127.0.0.1"])).transpose()?;
        if let Some(certs) = &certs {
            command.arg("--tls").arg(&certs.cert).arg(&certs.key);
        }
        let mut child = command.spawn().map_err(|e| format!("cannot start the sink: {e}"))?;
        let mut line = String::new();
        let read = child.stdout.take().map(|out| BufReader::new(out).read_line(&mut line));
        let ports = match (read, serde_json::from_str::<Ports>(&line)) {
            (Some(Ok(_)), Ok(ports)) => ports,
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("the sink does not say its port: {line}"));
            }
        };
        let scheme = if tls { "https" } else { "http" };
        let url = format!("{scheme}://{host}:{}", ports.port);
        let control = format!("{host}:{}", ports.control);
        Ok(Self { child, url, control, certs, namespace })
    }

    fn ask<T: DeserializeOwned + Send>(&self, path: &str) -> Result<T, String> {
        let ask = || {
            let told = |e: std::io::Error| format!("the sink does not answer: {e}");
            let mut stream = TcpStream::connect(&self.control).map_err(told)?;
            stream.set_read_timeout(Some(Duration::from_secs(30))).map_err(told)?;
            let head = format!("GET {path} HTTP/1.1\r\nConnection: close\r\n\r\n");
            stream.write_all(head.as_bytes()).map_err(told)?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).map_err(told)?;
            let (_, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
            serde_json::from_str(body).map_err(|e| format!("{path}: {e}"))
        };
        match self.namespace {
            None => ask(),
            Some(namespace) => crate::wan::within(namespace, ask),
        }
    }

    pub(super) fn stats(&self) -> Result<Counted, String> {
        self.ask("/_stats")
    }

    pub(super) fn objects(&self) -> Result<Vec<Arrived>, String> {
        self.ask("/_objects")
    }

    /// Bytes for each `SLOT_MS` since the last reset.
    pub(super) fn arrivals(&self) -> Result<Vec<u64>, String> {
        self.ask("/_arrivals")
    }

    pub(super) fn reset(&self) -> Result<(), String> {
        self.ask::<serde_json::Value>("/_reset").map(drop)
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
