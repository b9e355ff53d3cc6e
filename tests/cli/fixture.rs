//! A user with a home folder, credentials in the environment and a bucket.

use crate::machine::Machine;
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use windlass_tests::child_process::{self, Last};
use windlass_tests::{Proxy, ReferenceClient, Server, files, place};

/// S3's smallest part, so that a few MiB make many parts.
pub(crate) const PART: u64 = 5 << 20;
pub(crate) const BUCKET: &str = "bucket";
/// Far above the minute that an unreachable server is waited for.
const LIMIT: Duration = Duration::from_secs(180);

pub(crate) struct Fixture {
    pub(crate) server: Server,
    pub(crate) reference: ReferenceClient,
    pub(crate) home: TempDir,
    pub(crate) machine: Machine,
    endpoint: String,
}

/// What a run came to.
#[derive(Debug)]
pub(crate) struct RunOutput {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// A run under way.
pub(crate) struct Running(Child);

impl Fixture {
    pub(crate) async fn new() -> Fixture {
        Fixture::on(Server::practice().await).await
    }

    /// The bucket must not be there yet.
    pub(crate) async fn on(server: Server) -> Fixture {
        let fixture = Fixture::on_server(server);
        fixture.reference.create_bucket(BUCKET).await;
        fixture
    }

    /// With no bucket.
    pub(crate) fn on_server(server: Server) -> Fixture {
        let reference = ReferenceClient::new(&server);
        let endpoint = server.endpoint.clone();
        Fixture { endpoint, server, reference, home: place::scratch(), machine: Machine::new() }
    }

    /// The program goes by way of the proxy, the reference client does not.
    pub(crate) async fn behind_proxy() -> (Fixture, Proxy) {
        let mut fixture = Fixture::new().await;
        let proxy = fixture.through_proxy();
        (fixture, proxy)
    }

    /// From now on the program goes by way of a proxy.
    pub(crate) fn through_proxy(&mut self) -> Proxy {
        let proxy = Proxy::to(&self.server.endpoint);
        self.endpoint = proxy.endpoint().into();
        proxy
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub(crate) fn state(&self) -> String {
        text(&self.path("state"))
    }

    /// A file of this many bytes.
    pub(crate) fn file(&self, name: &str, seed: u64, size: u64) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        files::write(&path, seed, size);
        path
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        self.command_of(self.machine.program(), words)
    }

    /// The same, of another build of the program.
    pub(crate) fn command_of(&self, program: Command, words: &[&str]) -> Command {
        let mut command = self.as_user(program);
        command.args(words);
        command
    }

    /// The program at a terminal at which this is typed (as printf's format).
    pub(crate) async fn at_terminal(&self, typed: &str, words: &[&str]) -> RunOutput {
        let quoted = |word: &str| format!("'{word}'");
        let program = text(&place::program("windlass-cli"));
        let line: Vec<String> =
            std::iter::once(&*program).chain(words.iter().copied()).map(quoted).collect();
        let line = line.join(" ");
        let mut shell = self.as_user(child_process::command("sh", Last::Kill));
        shell.arg("-c").arg(format!("printf '{typed}' | script -qec \"{line}\" /dev/null"));
        Running::start(shell).drawn().await
    }

    fn as_user(&self, mut command: Command) -> Command {
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("AWS_")
                || name.to_string_lossy().starts_with("XDG_")
            {
                command.env_remove(name);
            }
        }
        command
            .current_dir(self.home.path())
            .env("HOME", self.home.path().join("home"))
            .env("AWS_ACCESS_KEY_ID", &self.server.access_key_id)
            .env("AWS_SECRET_ACCESS_KEY", &self.server.secret_access_key)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_ENDPOINT_URL", &self.endpoint)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) async fn run(&self, words: &[&str]) -> RunOutput {
        ended(self.command(words)).await
    }

    pub(crate) fn start(&self, words: &[&str]) -> Running {
        Running::start(self.command(words))
    }

    /// No upload was left half-made on the server.
    pub(crate) async fn assert_clean(&self) {
        assert_eq!(self.reference.uploads(BUCKET).await, []);
    }

    /// The keys' secret is in nothing that was written or said.
    pub(crate) fn assert_no_secret(&self, output: &[&RunOutput]) {
        let secret = self.server.secret_access_key.as_bytes();
        let has = |bytes: &[u8]| bytes.windows(secret.len()).any(|window| window == secret);
        for output in output {
            assert!(!has(output.out.as_bytes()) && !has(output.err.as_bytes()), "{output:?}");
        }
        let mut folders = vec![self.home.path().to_path_buf()];
        // elsewhere than in the home folder, on another machine
        folders.push(self.machine.data(&self.path("home")));
        let mut journals = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    journals += usize::from(path.ends_with("journal.sqlite"));
                    assert!(!has(&std::fs::read(&path).unwrap()), "{}", path.display());
                }
            }
        }
        assert!(journals > 0, "no state was looked at");
    }
}

pub(crate) async fn ended(command: Command) -> RunOutput {
    Running::start(command).ended().await
}

pub(crate) fn text(path: &Path) -> String {
    path.to_str().unwrap().into()
}

/// Starts a server that sends these responses: for the head of a request, a status and a body of XML. Returns its URL.
pub(crate) fn answering(
    answer: impl Fn(&str) -> (&'static str, String) + Send + 'static,
) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut head = [0; 8192];
            let length = stream.read(&mut head).unwrap_or(0);
            let (status, body) = answer(&String::from_utf8_lossy(&head[..length]));
            let head = "content-type: application/xml\r\nconnection: close\r\ncontent-length";
            let answer = format!("HTTP/1.1 {status}\r\n{head}: {}\r\n\r\n{body}", body.len());
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}

impl Running {
    pub(crate) fn start(command: Command) -> Running {
        Running(child_process::spawn(command).unwrap())
    }

    /// Its number as a process.
    #[cfg(target_os = "linux")]
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    pub(crate) fn signal(&self, name: &str) {
        child_process::signal(self.0.id(), name);
    }

    pub(crate) async fn ended(self) -> RunOutput {
        let output = self.drawn().await;
        let obeyed =
            |c: char| c.is_control() && c != '\n' || ('\u{2028}'..='\u{202e}').contains(&c);
        for said in [&output.out, &output.err] {
            assert!(!said.contains(obeyed), "a terminal would obey this: {said:?}");
        }
        output
    }

    /// What it wrote to a terminal, with all that makes one draw.
    async fn drawn(self) -> RunOutput {
        let id = self.0.id();
        let waits = tokio::task::spawn_blocking(move || self.0.wait_with_output());
        let Ok(output) = tokio::time::timeout(LIMIT, waits).await else {
            child_process::signal(id, "KILL");
            panic!("the program does not end");
        };
        let output = output.unwrap().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("what is said is UTF-8");
        let (out, err) = (text(output.stdout), text(output.stderr));
        RunOutput { code: output.status.code(), out, err }
    }

    /// Somebody types this, and lets it run to its end.
    #[cfg(target_os = "linux")]
    pub(crate) async fn typed(mut self, text: &str) -> RunOutput {
        use std::io::Write;
        self.0.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        self.ended().await
    }

    /// The first line of its output; it goes on.
    pub(crate) async fn first_line(&mut self) -> String {
        use std::io::{BufRead, BufReader};
        let out = self.0.stdout.take().unwrap();
        let read = move || {
            let mut line = String::new();
            BufReader::new(out).read_line(&mut line).map(|_| line)
        };
        tokio::task::spawn_blocking(read).await.unwrap().unwrap()
    }
}

impl RunOutput {
    /// Every line of stdout, each a JSON object with an event.
    pub(crate) fn events(&self) -> Vec<Value> {
        let events: Vec<Value> =
            self.out.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
        assert!(events.iter().all(|event| event["event"].is_string()), "{}", self.out);
        events
    }

    pub(crate) fn only(&self, kind: &str) -> Value {
        let mut found: Vec<Value> =
            self.events().into_iter().filter(|event| event["event"] == kind).collect();
        assert_eq!(found.len(), 1, "{kind} in {self:?}");
        found.remove(0)
    }
}
