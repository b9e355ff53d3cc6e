//! The practice store as the app offers it: started on demand over a folder of the app's own, with keys made anew each
//! time and kept in memory only. The only file of the shell that names it.

use serde::Serialize;
use std::path::PathBuf;
use tokio::sync::Mutex;
use windlass_engine::{
    Connection, EndpointOptions, Engine, Fault, FaultKind, Proxy, Secret, Sign, SignedIn,
};
use windlass_practice::{Keys, Place, PracticeStore, Usage};

const ID: &str = "practice";
const BUCKET: &str = "practice";

pub(crate) struct Practice {
    folder: PathBuf,
    running: Mutex<Option<PracticeStore>>,
}

/// Whether the practice store was used before, because a connection to it exists.
pub(crate) fn is_in_use(engine: &Engine) -> bool {
    engine.connections().iter().any(|connection| connection.practice)
}

impl Practice {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder, running: Mutex::new(None) }
    }

    /// Starts the store if it is not running, and returns its connection.
    pub(crate) async fn open(&self, engine: &Engine) -> Result<Connection, Fault> {
        let mut running = self.running.lock().await;
        let known = engine.connections().into_iter().find(|connection| connection.practice);
        if let (Some(_), Some(connection)) = (running.as_ref(), &known) {
            return Ok(connection.clone());
        }
        // the same port as last time, so that copied addresses stay valid
        let port =
            known.as_ref().and_then(|known| port_of(known.endpoint.as_deref()?)).unwrap_or(0);
        let failed = |error: std::io::Error| {
            Fault::new(FaultKind::Storage, format!("the practice store did not start: {error}"))
        };
        let place = Place { folder: self.folder.clone(), port, keys: Keys::generate() };
        let store = PracticeStore::start(place).await.map_err(failed)?;
        store.create_bucket(BUCKET).await.map_err(failed)?;
        let stored = known.as_ref().map(|known| known.stored.clone()).unwrap_or_default();
        let if_exists = known.as_ref().and_then(|known| known.if_exists);
        let connection = Connection {
            id: ID.into(),
            name: "Practice store".into(),
            preset: "other".into(),
            endpoint: Some(store.endpoint().to_owned()),
            region: "us-east-1".into(),
            path_style: true,
            sign: Sign::Keys { access_key_id: store.keys().access_key_id.clone() },
            bucket: Some(known.and_then(|known| known.bucket).unwrap_or_else(|| BUCKET.into())),
            prefix: String::new(),
            ca_bundle: None,
            proxy: Proxy::default(),
            endpoint_options: EndpointOptions::default(),
            practice: true,
            settled: false,
            role: None,
            signed_in: SignedIn::Session,
            probed: None,
            stored,
            if_exists,
        };
        let secret = Secret {
            secret_access_key: store.keys().secret_access_key.as_str().into(),
            session_token: None,
        };
        let connection = engine.set_session_connection(connection, secret)?;
        *running = Some(store);
        Ok(connection)
    }

    /// What the store holds, for its card and for the question before it is emptied.
    pub(crate) async fn usage(&self, engine: &Engine) -> Result<PracticeUsage, Fault> {
        self.open(engine).await?;
        let running = self.running.lock().await;
        let used = match running.as_ref() {
            Some(store) => store.usage().await.map_err(unreadable)?,
            None => Usage::default(),
        };
        let Usage { objects, uploads, bytes } = used;
        Ok(PracticeUsage { objects, uploads, bytes })
    }

    /// Deletes every object and every incomplete multipart upload of this store, and of no other server.
    pub(crate) async fn empty(&self, engine: &Engine) -> Result<(), Fault> {
        self.open(engine).await?;
        let running = self.running.lock().await;
        match running.as_ref() {
            Some(store) => store.empty().await.map_err(unreadable),
            None => Ok(()),
        }
    }
}

/// What the practice store holds.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub(crate) struct PracticeUsage {
    objects: u64,
    /// Incomplete multipart uploads.
    uploads: u64,
    /// Of objects and stored parts.
    bytes: u64,
}

fn unreadable(error: std::io::Error) -> Fault {
    Fault::new(FaultKind::Storage, format!("the practice store's folder: {error}"))
}

fn port_of(endpoint: &str) -> Option<u16> {
    endpoint.rsplit_once(':')?.1.trim_end_matches('/').parse().ok()
}
