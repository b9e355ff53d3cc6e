//! An engine in a temporary folder, with one server.

use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;
use windlass_engine::{
    AnswerExists, Capabilities, ChecksumMode, Connection, Detail, EndpointOptions, Engine,
    EngineConfig, Id, IfExists, NewUpload, Options, Probed, Proxy, Secret, Sign, SignedIn, Status,
    Target,
};
use windlass_tests::{ReferenceClient, Server, files, place};

pub(crate) const MIB: u64 = 1 << 20;
/// S3's smallest part, so that a few MiB make many parts.
pub(crate) const PART: u64 = 5 * MIB;
/// Every wait of these tests; far above what a slow machine needs, far below a stuck suite.
const LIMIT: Duration = Duration::from_secs(120);

pub(crate) struct Fixture {
    pub(crate) engine: Engine,
    pub(crate) reference: ReferenceClient,
    pub(crate) bucket: String,
    pub(crate) folder: TempDir,
    pub(crate) server: Server,
}

/// An answer to whatever was asked about these.
pub(crate) fn answer_to(ids: Vec<Id>, answer: IfExists) -> AnswerExists {
    AnswerExists { ids, answer, all_of_drop: false, asked_until: None }
}

impl Fixture {
    pub(crate) async fn on(server: Server) -> Fixture {
        let bucket = format!("b{:012x}", rand::random::<u64>() >> 16);
        let reference = ReferenceClient::new(&server);
        reference.create_bucket(&bucket).await;
        Fixture::through(server, reference, bucket, None).await
    }

    /// As from a terminal: a server that is out of reach for so long is given up.
    pub(crate) async fn patient_for(server: Server, patience: Duration) -> Fixture {
        let bucket = format!("b{:012x}", rand::random::<u64>() >> 16);
        let reference = ReferenceClient::new(&server);
        reference.create_bucket(&bucket).await;
        Fixture::through(server, reference, bucket, Some(patience)).await
    }

    /// The engine goes by way of `address` (a proxy), the reference client does not.
    pub(crate) async fn by_way_of(server: Server, address: &str) -> Fixture {
        let bucket = format!("b{:012x}", rand::random::<u64>() >> 16);
        let reference = ReferenceClient::new(&server);
        reference.create_bucket(&bucket).await;
        let fixture = Fixture::through(server, reference, bucket, None).await;
        let mut connection = fixture.connection();
        connection.endpoint = Some(address.into());
        fixture.engine.set_session_connection(connection, fixture.secret()).unwrap();
        fixture
    }

    async fn through(
        server: Server,
        reference: ReferenceClient,
        bucket: String,
        patience: Option<Duration>,
    ) -> Fixture {
        let folder = place::scratch();
        let engine =
            Engine::open(&EngineConfig { folder: folder.path().join("state"), patience }).unwrap();
        let fixture = Fixture { engine, reference, bucket, folder, server };
        fixture.engine.set_session_connection(fixture.connection(), fixture.secret()).unwrap();
        fixture.engine.start();
        fixture
    }

    /// The engine closed and opened again over the same journal, as after a restart.
    pub(crate) async fn reopened(self, address: &str) -> Fixture {
        self.reopened_after(address, |_| ()).await
    }

    /// Something befalls the state's folder while no engine is open.
    pub(crate) async fn reopened_after(
        self,
        address: &str,
        befalls: impl FnOnce(&Path),
    ) -> Fixture {
        self.engine.close().await;
        let Fixture { engine, reference, bucket, folder, server } = self;
        drop(engine);
        let state = folder.path().join("state");
        // a journal that is closed has no log beside it
        for _ in 0..500 {
            if !state.join("journal.sqlite-wal").exists() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        befalls(&state);
        // the lock goes with the last of the engine's tasks
        let open =
            || Engine::open(&EngineConfig { folder: folder.path().join("state"), patience: None });
        let mut opened = open();
        for _ in 0..200 {
            if opened.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
            opened = open();
        }
        let fixture = Fixture { engine: opened.unwrap(), reference, bucket, folder, server };
        let mut connection = fixture.connection();
        connection.endpoint = Some(address.into());
        fixture.engine.set_session_connection(connection, fixture.secret()).unwrap();
        fixture.engine.start();
        fixture
    }

    pub(crate) fn connection(&self) -> Connection {
        Connection {
            id: "test".into(),
            name: "Test".into(),
            preset: if self.server.name == "ceph" { "ceph" } else { "aws" }.into(),
            endpoint: Some(self.server.endpoint.clone()),
            region: self.server.region.clone(),
            path_style: true,
            sign: Sign::Keys { access_key_id: self.server.access_key_id.clone() },
            bucket: None,
            prefix: String::new(),
            ca_bundle: None,
            proxy: Proxy::default(),
            endpoint_options: EndpointOptions::default(),
            practice: false,
            settled: false,
            role: None,
            signed_in: SignedIn::Session,
            // what is found out by asking has tests of its own, which count no requests
            probed: (self.server.name == "ceph").then(|| Probed {
                at: 0,
                capabilities: Capabilities {
                    checksum_mode: ChecksumMode::Md5,
                    ..Capabilities::default()
                },
            }),
            stored: Options::default(),
            if_exists: None,
        }
    }

    pub(crate) fn secret(&self) -> Secret {
        let secret_access_key = self.server.secret_access_key.as_str().into();
        Secret { secret_access_key, session_token: None }
    }

    pub(crate) fn file(&self, name: &str, seed: u64, size: u64) -> PathBuf {
        let path = self.folder.path().join(name);
        files::write(&path, seed, size);
        path
    }

    pub(crate) fn upload(&self, path: &Path, key: &str) -> NewUpload {
        NewUpload {
            path: path.to_owned(),
            target: Target {
                connection: "test".into(),
                bucket: self.bucket.clone(),
                key: key.into(),
            },
            if_exists: IfExists::Replace,
            options: Options::default(),
            part_size: Some(PART),
        }
    }

    pub(crate) async fn queue(&self, path: &Path, key: &str) -> Id {
        self.engine.queue(vec![self.upload(path, key)]).await.unwrap()[0]
    }

    /// Waits until the upload stands there.
    pub(crate) async fn until(&self, id: Id, right: impl Fn(&Detail) -> bool) -> Detail {
        self.wait(id, right, true).await
    }

    /// The same, where it may stand as failed on the way.
    pub(crate) async fn until_whatever(&self, id: Id, right: impl Fn(&Detail) -> bool) -> Detail {
        self.wait(id, right, false).await
    }

    async fn wait(&self, id: Id, right: impl Fn(&Detail) -> bool, must_not_fail: bool) -> Detail {
        let mut changes = self.engine.changes();
        let mut last = None;
        let wait = async {
            loop {
                let detail = self.engine.detail(id).await.unwrap();
                if right(&detail) {
                    return detail;
                }
                let failed = detail.row.status == Status::Failed;
                assert!(!(failed && must_not_fail), "{:?}", detail.row.fault);
                last = Some(detail.row);
                changes.changed().await.unwrap();
            }
        };
        match tokio::time::timeout(LIMIT, wait).await {
            Ok(detail) => detail,
            Err(_) => panic!("the upload stayed at {last:?}"),
        }
    }

    pub(crate) async fn ended(&self, id: Id) -> Detail {
        self.until(id, |detail| {
            use Status::{Aborted, Done, Failed, NeedsAnswer, Skipped};
            matches!(detail.row.status, Done | Skipped | Failed | Aborted | NeedsAnswer)
        })
        .await
    }

    /// Uploads a file and finds the same bytes in the bucket, and nothing half-made beside them.
    pub(crate) async fn hauled(&self, path: &Path, key: &str) -> Detail {
        let detail = self.hauled_beside(path, key).await;
        self.assert_clean().await;
        detail
    }

    /// The same while others are under way.
    pub(crate) async fn hauled_beside(&self, path: &Path, key: &str) -> Detail {
        let id = self.queue(path, key).await;
        let detail = self.ended(id).await;
        assert_eq!(detail.row.status, Status::Done, "{:?}", detail.row.fault);
        self.reference.assert_same(&self.bucket, key, path).await;
        detail
    }

    /// No multipart upload is left.
    pub(crate) async fn assert_clean(&self) {
        assert_eq!(self.reference.uploads(&self.bucket).await, [], "left behind on the server");
    }
}
