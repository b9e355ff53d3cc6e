//! The uploaders and their command lines: Windlass, the floor, and other programs that are installed.

use super::{bench::Bench, sink::Sink};
use std::path::{Path, PathBuf};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Ours,
    /// the Rust transfer manager: the nearest relative
    TransferManager,
    Peer,
    /// what is possible, without sums, signatures and S3
    Floor,
}

/// Where every uploader finds the system's programs.
pub(super) const PATH: &str = "/usr/sbin:/usr/bin:/sbin:/bin";

#[derive(Clone, Debug)]
pub(super) struct Uploader {
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) command: Vec<String>,
    pub(super) env: Vec<(&'static str, String)>,
    /// removed before each run
    pub(super) state: Option<PathBuf>,
}

/// What is uploaded, and where to.
pub(super) struct Job<'a> {
    bench: &'a Bench,
    url: &'a str,
    authority: Option<String>,
    path: &'a Path,
    is_folder: bool,
}

fn words<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(String::from).to_vec()
}

impl<'a> Job<'a> {
    pub(super) fn new(bench: &'a Bench, sink: &'a Sink, path: &'a Path) -> Self {
        let authority = sink.certs.as_ref().map(|certs| certs.authority.display().to_string());
        Self { bench, url: &sink.url, authority, path, is_folder: path.is_dir() }
    }

    fn path(&self) -> String {
        self.path.display().to_string()
    }

    fn uploader(&self, name: &str, role: Role, command: Vec<String>) -> Uploader {
        Uploader { name: name.into(), role, command, env: self.env(), state: None }
    }

    /// The same for all; nothing of the user's own configuration.
    fn env(&self) -> Vec<(&'static str, String)> {
        let mut env = vec![
            ("PATH", PATH.to_string()),
            ("HOME", self.bench.folder.join("home").display().to_string()),
            ("LANG", "C.UTF-8".into()),
            ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE".into()),
            ("AWS_SECRET_ACCESS_KEY", "secret".into()),
            ("AWS_REGION", "us-east-1".into()),
            ("AWS_DEFAULT_REGION", "us-east-1".into()),
            ("AWS_CONFIG_FILE", "/dev/null".into()),
            ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null".into()),
            ("AWS_EC2_METADATA_DISABLED", "true".into()),
            ("PYTHONDONTWRITEBYTECODE", "1".into()),
        ];
        if let Some(authority) = &self.authority {
            env.push(("AWS_CA_BUNDLE", authority.clone()));
            env.push(("SSL_CERT_FILE", authority.clone()));
        }
        env
    }

    pub(super) fn ours(&self, name: &str, flags: &[&str]) -> Uploader {
        self.ours_with(name, &[self.path()], flags)
    }

    /// Several places in one run, in this order.
    pub(super) fn ours_with(&self, name: &str, paths: &[String], flags: &[&str]) -> Uploader {
        let state = self.bench.folder.join("state");
        let mut command = vec![self.bench.program("windlass-cli"), "upload".into()];
        command.extend_from_slice(paths);
        command.extend(words(["s3://b/ours/", "--endpoint-url", self.url]));
        command.extend(words(["--if-exists", "replace", "--json", "--state"]));
        command.push(state.display().to_string());
        if let Some(authority) = &self.authority {
            command.extend(words(["--ca-bundle", authority]));
        }
        command.extend(flags.iter().map(ToString::to_string));
        Uploader { state: Some(state), ..self.uploader(name, Role::Ours, command) }
    }

    pub(super) fn floor(&self) -> Uploader {
        let mode = if self.is_folder { "small" } else { "big" };
        let program = self.bench.program("bench-floor");
        let mut command = words([&program, mode, self.url, &self.path()]);
        if let Some(authority) = &self.authority {
            command.extend(words(["--ca", authority]));
        }
        self.uploader("limit (raw sockets)", Role::Floor, command)
    }

    pub(super) fn transfer_manager(&self) -> Option<Uploader> {
        let program = self.bench.peer("transfer-manager/release/peer-transfer-manager")?;
        let command = words([&program, self.url, &self.path()]);
        Some(self.uploader("Rust transfer manager", Role::TransferManager, command))
    }

    /// Those that are installed, each with its own defaults.
    pub(super) fn others(&self) -> Vec<Uploader> {
        let all = [
            self.transfer_manager(),
            self.python("awscrt", "awscrt"),
            self.s5cmd(),
            self.rclone(),
            self.aws(),
            self.python("boto3 with CRT", "crt"),
            self.python("boto3", "default"),
        ];
        all.into_iter().flatten().collect()
    }

    fn python(&self, name: &str, mode: &str) -> Option<Uploader> {
        let python = self.bench.peer("venv/bin/python")?;
        let script = Bench::source("peers/boto_up.py");
        let command = words([&python, &script, mode, self.url, &self.path()]);
        Some(self.uploader(name, Role::Peer, command))
    }

    fn s5cmd(&self) -> Option<Uploader> {
        // the one that it installs in `bin` is a script that starts it, and its CPU time would be hidden
        let program = self.bench.peer_in_python("s5cmd/bin/s5cmd")?;
        let (from, to) = match self.is_folder {
            true => (format!("{}/", self.path()), "s3://b/s5cmd/"),
            false => (self.path(), "s3://b/s5cmd"),
        };
        let command = words([&program, "--endpoint-url", self.url, "cp", &from, to]);
        Some(self.uploader("s5cmd", Role::Peer, command))
    }

    fn rclone(&self) -> Option<Uploader> {
        let program = self.bench.peer("venv/bin/rclone")?;
        let mut command = words([&program, "--config", "/dev/null", "-q"]);
        command.extend(words(["--s3-provider", "Other", "--s3-endpoint", self.url]));
        command.extend(words(["--s3-access-key-id", "AKIAEXAMPLE", "--s3-secret-access-key"]));
        command.extend(words(["secret", "--s3-region", "us-east-1", "--s3-no-check-bucket"]));
        if let Some(authority) = &self.authority {
            command.extend(words(["--ca-cert", authority]));
        }
        let verb = if self.is_folder { "copy" } else { "copyto" };
        command.extend(words([verb, &self.path(), ":s3:b/rclone"]));
        Some(self.uploader("rclone", Role::Peer, command))
    }

    fn aws(&self) -> Option<Uploader> {
        let python = self.bench.peer("venv/bin/python")?;
        let program = self.bench.peer("venv/bin/aws")?;
        let mut command = words([&python, &program, "--endpoint-url", self.url, "s3", "cp"]);
        command.extend(words(["--only-show-errors", &self.path(), "s3://b/aws"]));
        if self.is_folder {
            command.push("--recursive".into());
        }
        Some(self.uploader("aws-cli 1", Role::Peer, command))
    }
}
