//! The S3 servers that the tests use: the practice store, LocalStack (nearest to AWS) and Ceph (an old on-premises store).

use crate::{
    child_process::{self, Last},
    place,
};
use std::{
    fs::File,
    io::{BufRead, BufReader},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Stdio},
    sync::OnceLock,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use windlass_practice::{Keys, Place, PracticeStore};

/// A running server, and what a connection to it needs.
pub struct Server {
    pub name: &'static str,
    pub endpoint: String,
    pub region: String,
    pub access_key_id: String,
    pub secret_access_key: String,
    practice: Option<(PracticeStore, TempDir)>,
}

/// A process that stays for the whole test program.
struct Shared {
    endpoint: String,
    _child: Child,
    _folder: TempDir,
}

impl Server {
    /// A practice store of the caller's own. It runs on the caller's runtime and ends with it.
    pub async fn practice() -> Server {
        Server::practice_over(place::scratch(), Keys::generate()).await
    }

    /// LocalStack, one for all tests of this program.
    pub async fn localstack() -> Server {
        static ONE: OnceLock<Result<Shared, String>> = OnceLock::new();
        shared("localstack", "test", "test", &ONE, start_localstack).await
    }

    /// Ceph's radosgw, one for all tests of this program.
    pub async fn ceph() -> Server {
        static ONE: OnceLock<Result<Shared, String>> = OnceLock::new();
        shared("ceph", "testaccesskey", "testsecretkey", &ONE, start_ceph).await
    }

    /// moto, which plays AWS STS beside S3; one for all tests of this program.
    pub async fn moto() -> Server {
        static ONE: OnceLock<Result<Shared, String>> = OnceLock::new();
        shared("moto", "test", "test", &ONE, start_moto).await
    }

    /// Every kind of server there is on this system.
    pub async fn all() -> Vec<Server> {
        if cfg!(target_os = "linux") {
            let (practice, localstack, ceph) =
                tokio::join!(Self::practice(), Self::localstack(), Self::ceph());
            vec![practice, localstack, ceph]
        } else {
            vec![Self::practice().await]
        }
    }

    /// A server that somebody else started.
    pub fn found(
        name: &'static str,
        endpoint: &str,
        access_key_id: &str,
        secret_access_key: &str,
    ) -> Server {
        Server {
            name,
            endpoint: endpoint.into(),
            region: "us-east-1".into(),
            access_key_id: access_key_id.into(),
            secret_access_key: secret_access_key.into(),
            practice: None,
        }
    }

    /// The same server at another address: through a proxy. It does not keep the server alive.
    pub fn at(&self, endpoint: &str) -> Server {
        Server::found(self.name, endpoint, &self.access_key_id, &self.secret_access_key)
    }

    /// A practice store over a folder that another one left, with its keys.
    pub async fn practice_over(folder: TempDir, keys: Keys) -> Server {
        let place = Place { folder: folder.path().to_path_buf(), port: 0, keys: keys.clone() };
        let store = PracticeStore::start(place).await.unwrap();
        let server = Server::found(
            "practice",
            store.endpoint(),
            &keys.access_key_id,
            &keys.secret_access_key,
        );
        Server { practice: Some((store, folder)), ..server }
    }

    /// Ends a practice store, and gives back its folder: to start another one over it.
    pub async fn stop(self) -> Option<TempDir> {
        let (store, folder) = self.practice?;
        store.stop().await;
        Some(folder)
    }
}

async fn shared(
    name: &'static str,
    access_key_id: &str,
    secret_access_key: &str,
    one: &'static OnceLock<Result<Shared, String>>,
    start: fn() -> Result<Shared, String>,
) -> Server {
    // a start takes seconds, and the caller's runtime may have one thread only
    let started = tokio::task::spawn_blocking(move || one.get_or_init(start)).await.unwrap();
    let shared =
        started.as_ref().unwrap_or_else(|reason| panic!("{name} does not start: {reason}"));
    Server::found(name, &shared.endpoint, access_key_id, secret_access_key)
}

fn start_localstack() -> Result<Shared, String> {
    let python = place::servers().join("localstack/venv/bin/python");
    if !python.is_file() {
        return Err("it is not installed: cargo xtask setup --tests".into());
    }
    let (folder, port) = (place::scratch(), free_port());
    let data = folder.path();
    let log = File::create(data.join("log.txt")).map_err(|e| e.to_string())?;
    let mut command = child_process::command(python, Last::Kill);
    command
        .args(["-m", "localstack.runtime.main"])
        .current_dir(data)
        .env("SERVICES", "s3")
        .env("EAGER_SERVICE_LOADING", "1")
        .env("STRICT_SERVICE_LOADING", "1")
        // it neither reports to anybody nor fetches anything
        .env("DISABLE_EVENTS", "1")
        .env("SKIP_SSL_CERT_DOWNLOAD", "1")
        .env("SKIP_INFRA_DOWNLOADS", "1")
        .env("DNS_ADDRESS", "0")
        .env("OVERRIDE_IN_DOCKER", "0")
        .env("PERSISTENCE", "0")
        .env("S3_SKIP_SIGNATURE_VALIDATION", "0")
        .env("LOCALSTACK_VOLUME_DIR", data)
        .env("FILESYSTEM_ROOT", data)
        .env("CONFIG_DIR", data.join("config"))
        .env("XDG_CACHE_HOME", data.join("cache"))
        .env("TMPDIR", data)
        .env("GATEWAY_LISTEN", format!("127.0.0.1:{port}"))
        .env("LOCALSTACK_HOST", format!("localhost:{port}"))
        .stdin(Stdio::null())
        .stdout(log.try_clone().map_err(|e| e.to_string())?)
        .stderr(log);
    let mut child = child_process::spawn(command).map_err(|e| e.to_string())?;
    listens(&mut child, port, &data.join("log.txt"))?;
    Ok(Shared { endpoint: format!("http://127.0.0.1:{port}"), _child: child, _folder: folder })
}

fn start_moto() -> Result<Shared, String> {
    let python = place::servers().join("moto/venv/bin/python");
    if !python.is_file() {
        return Err("it is not installed: cargo xtask setup --tests".into());
    }
    let (folder, port) = (place::scratch(), free_port());
    let log = File::create(folder.path().join("log.txt")).map_err(|e| e.to_string())?;
    let mut command = child_process::command(python, Last::Kill);
    command
        .args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &port.to_string()])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(log.try_clone().map_err(|e| e.to_string())?)
        .stderr(log);
    let mut child = child_process::spawn(command).map_err(|e| e.to_string())?;
    listens(&mut child, port, &folder.path().join("log.txt"))?;
    Ok(Shared { endpoint: format!("http://127.0.0.1:{port}"), _child: child, _folder: folder })
}

/// Waits until a server listens.
fn listens(child: &mut Child, port: u16, log: &Path) -> Result<(), String> {
    let start = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if let Ok(Some(status)) = child.try_wait() {
            return Err(format!("{status}\n{}", tail(log)));
        }
        if start.elapsed() > Duration::from_secs(120) {
            let _ = child.kill();
            return Err(format!("nobody listens after two minutes\n{}", tail(log)));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

fn start_ceph() -> Result<Shared, String> {
    let (folder, port) = (place::scratch(), free_port());
    let mut command = child_process::command("bash", Last::Term);
    command
        .arg(place::script("ceph.sh"))
        .arg(folder.path().join("ceph"))
        .args([port.to_string(), free_port().to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit());
    let mut child = child_process::spawn(command).map_err(|e| e.to_string())?;
    // the script prints one line when all is up, and ends by itself when it cannot get there
    let mut line = String::new();
    let pipe = child.stdout.take().ok_or("no pipe")?;
    BufReader::new(pipe).read_line(&mut line).map_err(|e| e.to_string())?;
    if line.trim() != "READY" {
        return Err("see above; if a command was not found: cargo xtask setup --tests".into());
    }
    Ok(Shared { endpoint: format!("http://127.0.0.1:{port}"), _child: child, _folder: folder })
}

/// A port that nobody uses at this moment.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn tail(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Act, Proxy, ReferenceClient, When, files};

    /// A server is reached through the proxy as it is directly, and what it was given comes back.
    async fn takes_and_gives_back(server: Server) {
        let proxy = Proxy::to(&server.endpoint);
        let (reference, direct) =
            (ReferenceClient::new(&server.at(proxy.endpoint())), ReferenceClient::new(&server));
        let dir = place::scratch();
        let path = dir.path().join("file");
        files::write(&path, 1, 3_000_001);
        reference.create_bucket("support").await;
        assert!(direct.buckets().await.contains(&"support".to_string()));
        reference.put("support", "a/b c+ü", std::fs::read(&path).unwrap()).await;
        direct.assert_same("support", "a/b c+ü", &path).await;
        reference.assert_same("support", "a/b c+ü", &path).await;
        assert_eq!(direct.keys("support", "a/").await, ["a/b c+ü"]);
        assert_eq!(
            direct.head("support", "a/b c+ü").await.unwrap().content_length(),
            Some(3_000_001)
        );
        assert!(direct.head("support", "not there").await.is_none());

        let id = reference.start_upload("support", "left").await;
        let part = reference
            .client
            .upload_part()
            .bucket("support")
            .key("left")
            .upload_id(&id)
            .part_number(2);
        proxy.on(When::part(2), 1, Act::slow_down(None));
        part.body(files::bytes(2, 1000).into()).send().await.unwrap();
        assert_eq!(proxy.count(&When::part(2)), 2, "the SDK tries again");
        assert_eq!(direct.parts("support", "left", &id).await, [(2, 1000)]);
        assert_eq!(direct.uploads("support").await, [("left".to_string(), id.clone())]);
        direct.abort_upload("support", "left", &id).await;
        assert!(direct.uploads("support").await.is_empty());

        // a byte changed after the fact is found where it is
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[2_000_000] ^= 1;
        direct.put("support", "other", bytes).await;
        assert_eq!(direct.difference("support", "other", &path).await, Some(2_000_000));
    }

    #[tokio::test]
    async fn practice() {
        takes_and_gives_back(Server::practice().await).await;
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn localstack() {
        takes_and_gives_back(Server::localstack().await).await;
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn ceph() {
        takes_and_gives_back(Server::ceph().await).await;
    }
}
