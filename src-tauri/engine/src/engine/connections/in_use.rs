//! A connection that is changed while uploads use it. They go on by what it is now: the same multipart uploads if it
//! leads to the same server, new ones if it leads to another. What they left on the server before is aborted there.

use crate::engine::Engine;
use crate::fault::Result;
use crate::model::connection::Connection;
use crate::persistence::journal::Entry;
use crate::s3::S3;
use crate::transfer::active::ActiveUpload;
use std::sync::Arc;

/// What uploads of a connection leave on the server that it led to.
pub(super) struct Left {
    /// With the keys that it had.
    s3: S3,
    begun: Vec<Entry>,
}

impl Engine {
    /// How many uploads that have not ended use a connection.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn uploads_of(&self, connection: &str) -> Result<u32> {
        self.shared.journal.open_of(connection).await
    }

    /// To be asked before it is saved, while its keys are still the old ones. `None` if it leads to the same endpoint, or
    /// nothing was begun there.
    pub(super) async fn left_by(&self, known: &Connection, changed: &Connection) -> Option<Left> {
        if known.endpoint == changed.endpoint {
            return None;
        }
        let begun = self.shared.journal.begun_of(&known.id).await.ok()?;
        if begun.is_empty() {
            return None;
        }
        match self.shared.s3(&known.id).await {
            Ok(s3) => Some(Left { s3, begun }),
            Err(fault) => {
                tracing::warn!(%fault, "incomplete uploads may be left on the server of before");
                None
            }
        }
    }

    /// Uploads that are active go on by what the connection is now. Keys alone can wait until parts that are nearly sent
    /// are stored; bytes for another server cannot.
    pub(super) fn renew_uploads(
        &self,
        known: &Connection,
        changed: &Connection,
        left: Option<Left>,
    ) {
        let is_elsewhere = known.endpoint != changed.endpoint;
        let active = self.shared.active_uploads().into_iter();
        let active: Vec<Arc<ActiveUpload>> =
            active.filter(|upload| *upload.connection == *known.id).collect();
        for upload in &active {
            match is_elsewhere {
                true => upload.request_stop(),
                false => upload.renew(),
            }
        }
        if let Some(left) = left {
            let engine = self.clone();
            tokio::spawn(async move {
                engine.until_let_go(&active).await;
                engine.abort_left(&left).await;
            });
        }
    }

    /// Resolves once these are no longer sent.
    async fn until_let_go(&self, uploads: &[Arc<ActiveUpload>]) {
        let mut changes = self.changes();
        let is_sent = |upload: &Arc<ActiveUpload>| {
            self.shared.active_upload(upload.id).is_some_and(|now| Arc::ptr_eq(&now, upload))
        };
        while uploads.iter().any(is_sent) {
            if changes.changed().await.is_err() {
                return;
            }
        }
    }

    /// Aborts them, except those that the connection leads to by its new address too.
    async fn abort_left(&self, left: &Left) {
        for entry in &left.begun {
            let Some(upload_id) = &entry.upload_id else { continue };
            let Ok(now) = self.shared.s3(&entry.target.connection).await else { return };
            let bucket = &entry.target.bucket;
            match now.at(bucket).list_parts(&entry.target, upload_id).await {
                Err(fault) if fault.is_code("NoSuchUpload") => {}
                // the same server, or one that does not tell; a bucket that is not found may be a mistyped address of the same
                _ => continue,
            }
            if let Err(fault) = left.s3.at(bucket).abort(&entry.target, upload_id).await {
                tracing::warn!(id = entry.id, %fault, "left on the server of before");
            }
        }
    }
}

/// Whether requests are sent or signed in another way.
pub(super) fn is_used_otherwise(known: &Connection, changed: &Connection) -> bool {
    let way = |connection: &Connection| Connection {
        name: String::new(),
        bucket: None,
        prefix: String::new(),
        signed_in: Default::default(),
        probed: None,
        stored: Default::default(),
        if_exists: None,
        ..connection.clone()
    };
    way(known) != way(changed)
}
