//! Looks up the names of servers, and says of a failure that it was one of these: [`NoSuchName`] can be told from the other
//! errors of a connection.

use hyper_util::client::legacy::connect::dns::Name;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use tower_service::Service;

/// The system's resolver.
#[derive(Clone, Debug)]
pub(super) struct Names;

/// A name that could not be looked up.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct NoSuchName(io::Error);

impl Names {
    pub(super) async fn look_up(host: &str, port: u16) -> Result<Vec<SocketAddr>, NoSuchName> {
        let found = tokio::net::lookup_host((host, port)).await.map_err(NoSuchName)?;
        Ok(found.collect())
    }
}

impl Service<Name> for Names {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = NoSuchName;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, NoSuchName>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), NoSuchName>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        Box::pin(async move { Ok(Self::look_up(name.as_str(), 0).await?.into_iter()) })
    }
}
