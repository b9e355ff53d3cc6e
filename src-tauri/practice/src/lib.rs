//! The practice store: an S3 server over a local folder, to try Windlass without an account and to test it against S3's own
//! rules.
//!
//! It listens on this machine only, speaks plain HTTP, is one region (us-east-1) and one pair of keys.
//! What it was given it keeps through a kill: bytes and records are synced before the answer.
//!
//! ```no_run
//! # async fn example() -> std::io::Result<()> {
//! use windlass_practice::{Keys, Place, PracticeStore};
//!
//! let place = Place { folder: "practice".into(), port: 0, keys: Keys::generate() };
//! let store = PracticeStore::start(place).await?;
//! store.create_bucket("first").await?;
//! let _connect_to = store.endpoint();
//! store.stop().await;
//! # Ok(())
//! # }
//! ```

mod answer;
mod attributes;
mod blobs;
mod bucket;
mod conditions;
mod disk;
mod http_front;
mod incoming;
mod list;
mod multipart;
mod object;
mod object_checksum;
mod offered;
mod page;
mod private;
mod read_object;
mod record;
mod request_checksums;
mod s3;
mod sums;

use std::fmt;
use std::io;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use rand::Rng as _;
use rand::distr::{Alphanumeric, SampleString as _};
use s3s::service::S3ServiceBuilder;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::disk::Disk;
use crate::http_front::{Access, Hosts, HttpFront};
use crate::s3::Store;

/// How long `stop` lets requests finish before it cuts them off.
const GRACE: Duration = Duration::from_secs(2);

/// How long a start waits for an earlier store to release the folder: as long as the last sync of a large part may
/// take.
const HANDOVER: Duration = Duration::from_secs(10);

const PAUSE: Duration = Duration::from_millis(10);

/// A running practice store. It stops when it is dropped, or in an orderly way with [`stop`](Self::stop).
pub struct PracticeStore {
    endpoint: String,
    keys: Keys,
    disk: Arc<Disk>,
    closing: watch::Sender<bool>,
    /// one task, which ends when the set is dropped
    serving: JoinSet<()>,
}

/// The only credentials of a practice store.
#[derive(Clone)]
pub struct Keys {
    pub access_key_id: String,
    pub secret_access_key: String,
}

/// What a practice store holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    pub objects: u64,
    /// Incomplete multipart uploads.
    pub uploads: u64,
    /// Of objects and stored parts.
    pub bytes: u64,
}

/// The location of a practice store.
#[derive(Clone, Debug)]
pub struct Place {
    /// created if it does not exist; a folder can have one running store
    pub folder: PathBuf,
    /// 0 is any free port; if the port is in use, any free port is taken, too
    pub port: u16,
    pub keys: Keys,
}

impl Keys {
    /// Fresh random keys, in the form of AWS's but recognizably different.
    pub fn generate() -> Self {
        let mut random = rand::rng();
        let letters: String =
            (0..12).map(|_| char::from(random.random_range(b'A'..=b'Z'))).collect();
        Self {
            access_key_id: format!("PRACTICE{letters}"),
            secret_access_key: Alphanumeric.sample_string(&mut random, 40),
        }
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Keys")
            .field("access_key_id", &self.access_key_id)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for PracticeStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PracticeStore")
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

impl PracticeStore {
    /// Opens the folder and listens on 127.0.0.1. Called within a tokio runtime, which serves it.
    ///
    /// # Errors
    ///
    /// If the folder cannot be used, if another store uses it (`WouldBlock`), or if no port is free.
    pub async fn start(place: Place) -> io::Result<Self> {
        let listener = match TcpListener::bind((Ipv4Addr::LOCALHOST, place.port)).await {
            Err(error) if place.port != 0 => {
                tracing::info!(port = place.port, %error, "the practice store takes another port");
                TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?
            }
            bound => bound?,
        };
        let disk = Arc::new(open(&place.folder).await?);

        let mut builder = S3ServiceBuilder::new(Store::new(Arc::clone(&disk)));
        builder.set_auth(place.keys.clone());
        builder.set_access(Access);
        builder.set_host(Hosts);
        let front = HttpFront::new(builder.build());

        let endpoint = format!("http://{}", listener.local_addr()?);
        let (closing, closed) = watch::channel(false);
        let mut serving = JoinSet::new();
        serving.spawn(serve(listener, front, closed));
        Ok(Self { endpoint, keys: place.keys, disk, closing, serving })
    }

    /// `http://127.0.0.1:PORT`
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Creates a bucket without a request. An existing one is left unchanged.
    ///
    /// # Errors
    ///
    /// If S3 does not allow the name, or the disk fails.
    pub async fn create_bucket(&self, name: &str) -> io::Result<()> {
        let disk = Arc::clone(&self.disk);
        let name = name.to_owned();
        tokio::task::spawn_blocking(move || disk.create_bucket(&name)).await?
    }

    /// What the store holds, without a request.
    pub async fn usage(&self) -> io::Result<Usage> {
        let disk = Arc::clone(&self.disk);
        let count = move || {
            disk.buckets().iter().fold(Usage::default(), |all, (_, bucket)| {
                let (objects, uploads, bytes) = bucket.usage();
                Usage {
                    objects: all.objects + objects as u64,
                    uploads: all.uploads + uploads as u64,
                    bytes: all.bytes + bytes,
                }
            })
        };
        Ok(tokio::task::spawn_blocking(count).await?)
    }

    /// Deletes all objects and incomplete multipart uploads, without a request. The buckets stay.
    ///
    /// # Errors
    ///
    /// If the disk fails; what was deleted before stays deleted.
    pub async fn empty(&self) -> io::Result<()> {
        let disk = Arc::clone(&self.disk);
        let empty = move || disk.buckets().iter().try_for_each(|(_, bucket)| bucket.empty());
        let emptied = tokio::task::spawn_blocking(empty).await?;
        emptied.map_err(|error| io::Error::other(error.to_string()))
    }

    /// Lets active requests finish for a moment, and releases the folder.
    pub async fn stop(self) {
        let Self { disk, closing, mut serving, .. } = self;
        closing.send_replace(true);
        let _ = timeout(GRACE, serving.join_next()).await;
        serving.shutdown().await;
        // disk operations of an interrupted request run to their end, and keep the folder locked until then
        let held = Arc::downgrade(&disk);
        drop(disk);
        let end = Instant::now() + HANDOVER;
        while held.strong_count() > 0 && Instant::now() < end {
            sleep(PAUSE).await;
        }
    }
}

/// A store that was dropped a moment ago may still be writing.
async fn open(folder: &Path) -> io::Result<Disk> {
    let end = Instant::now() + HANDOVER;
    loop {
        let folder = folder.to_owned();
        match tokio::task::spawn_blocking(move || Disk::open(&folder)).await? {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock && Instant::now() < end => {
                sleep(PAUSE).await
            }
            opened => return opened,
        }
    }
}

async fn serve(listener: TcpListener, front: HttpFront, mut closing: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((socket, _)) => drop(connections.spawn(converse(socket, front.clone(), closing.clone()))),
                Err(error) => {
                    // out of file descriptors, for example: connections that end free some
                    tracing::warn!(%error, "the practice store could not take a connection");
                    sleep(PAUSE).await;
                }
            },
            Some(_) = connections.join_next() => {}
            _ = closing.changed() => break,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn converse(socket: TcpStream, front: HttpFront, mut closing: watch::Receiver<bool>) {
    let _ = socket.set_nodelay(true);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(socket), front);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        _ = closing.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection to the practice store broke");
    }
}
