//! The clients of connections. Knows no requests.

use crate::model::connection::Connection;
use crate::model::lock::locked;
use crate::s3::S3;
use std::collections::HashMap;
use std::sync::Mutex;

/// By the connection's id, with the connection as it was when the client was made. Invariant: at most one client a
/// connection, and never one that was made for other keys or another address.
#[derive(Default)]
pub(super) struct Clients(Mutex<HashMap<String, (Connection, S3)>>);

impl Clients {
    /// The client that was made for exactly this connection.
    pub(super) fn made_for(&self, connection: &Connection) -> Option<S3> {
        let clients = locked(&self.0);
        let (made_for, s3) = clients.get(&connection.id)?;
        (made_for == connection).then(|| s3.clone())
    }

    /// The client of a connection, whatever has changed of it since.
    pub(super) fn of(&self, id: &str) -> Option<S3> {
        locked(&self.0).get(id).map(|(_, s3)| s3.clone())
    }

    pub(super) fn keep(&self, connection: Connection, s3: S3) {
        locked(&self.0).insert(connection.id.clone(), (connection, s3));
    }

    pub(super) fn forget(&self, id: &str) {
        locked(&self.0).remove(id);
    }

    pub(super) fn forget_all(&self) {
        locked(&self.0).clear();
    }
}
