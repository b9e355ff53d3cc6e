//! The HTTP client under the SDK: one pool of plain connections and one of TLS, whatever each request says of its scheme.
//! HTTP/1.1 alone, which is all that S3 speaks: a request under way has a connection of its own, and those are counted.
//!
//! The SDK's own client takes no proxy but an HTTP one, no certificate but an authority's, and no say in its sockets; and it
//! reads all certificates of the system before the first request of all, 40 ms of processor time, where the address is http
//! too.

use super::dial::{Dialer, Limited};
use super::proxy::Proxies;
use super::sliced::Sliced;
use super::trust::Tls;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::connection::{CaptureSmithyConnection, ConnectionMetadata};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, PROXY_AUTHORIZATION};
use hyper::{Request, Response, StatusCode};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::{Connect, capture_connection};
use hyper_util::client::legacy::{Client, Error as ClientError};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::error::Error;
use std::sync::{Arc, OnceLock};

/// The client of a connection. Certificates are read when the first request over TLS is sent.
pub(super) fn http_client(proxies: Arc<Proxies>, tls: Tls) -> SharedHttpClient {
    let tls = Arc::new(tls);
    let dialer = Dialer::new(proxies, tls.clone());
    let plain = Pool::new(dialer.clone(), &dialer);
    let line = SharedHttpConnector::new(Line { plain, dialer, tls, over_tls: OnceLock::new() });
    http_client_fn(move |_, _| line.clone())
}

#[derive(Debug)]
struct Line {
    plain: Pool<Dialer>,
    dialer: Dialer,
    tls: Arc<Tls>,
    /// Made when it is first needed.
    over_tls: OnceLock<Pool<Sliced<HttpsConnector<Dialer>>>>,
}

impl Line {
    fn over_tls(&self) -> Result<&Pool<Sliced<HttpsConnector<Dialer>>>, BoxError> {
        let config = self.tls.config()?;
        Ok(self.over_tls.get_or_init(|| {
            let https = HttpsConnector::from((self.dialer.clone(), config));
            Pool::new(Sliced(https), &self.dialer)
        }))
    }
}

impl HttpConnector for Line {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        if request.uri().starts_with("http:") {
            return self.plain.call(request);
        }
        match self.over_tls() {
            Ok(pool) => pool.call(request),
            Err(error) => HttpConnectorFuture::ready(Err(ConnectorError::other(error, None))),
        }
    }
}

#[derive(Debug)]
struct Pool<C> {
    client: Client<Limited<C>, SdkBody>,
    dialer: Dialer,
}

impl<C> Pool<C>
where
    C: Clone,
    Limited<C>: Connect + Clone,
{
    fn new(connector: C, dialer: &Dialer) -> Self {
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .build(Limited(connector, dialer.clone()));
        Self { client, dialer: dialer.clone() }
    }
}

impl<C> HttpConnector for Pool<C>
where
    C: std::fmt::Debug + Send + Sync + Clone + 'static,
    Limited<C>: Connect + Send + Sync + Clone,
{
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let mut request = match request.try_into_http1x() {
            Ok(request) => request,
            Err(error) => {
                return HttpConnectorFuture::ready(Err(ConnectorError::user(error.into())));
            }
        };
        tell_connection(&mut request);
        let via = self.dialer.proxies().forwarding(request.uri());
        if let Some(authorization) = via.as_ref().and_then(|via| via.authorization()) {
            request.headers_mut().insert(PROXY_AUTHORIZATION, authorization);
        }
        let answer = self.client.request(request);
        HttpConnectorFuture::new(async move {
            let answer = answer.await.map_err(failed)?;
            if let Some(via) = via.filter(|_| is_of_the_proxy(&answer)) {
                return Err(ConnectorError::io(via.refused(answer.status()).into()));
            }
            HttpResponse::try_from(answer.map(SdkBody::from_body_1_x))
                .map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

/// The SDK closes the connection of an answer that it does not trust.
fn tell_connection(request: &mut Request<SdkBody>) {
    let connection = capture_connection(request);
    if let Some(asks) = request.extensions().get::<CaptureSmithyConnection>() {
        asks.set_connection_retriever(move || {
            let is_proxied = connection.connection_metadata().as_ref()?.is_proxied();
            let connection = connection.clone();
            let close = move || {
                if let Some(connection) = connection.connection_metadata().as_ref() {
                    connection.poison();
                }
            };
            Some(ConnectionMetadata::builder().proxied(is_proxied).poison_fn(close).build())
        });
    }
}

/// Whether the proxy that was handed a request answered in the server's place. S3 refuses in XML, and with an id.
fn is_of_the_proxy(answer: &Response<Incoming>) -> bool {
    let is_refusal = answer.status().is_client_error() || answer.status().is_server_error();
    let headers = answer.headers();
    let is_page =
        headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    answer.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED
        || is_refusal && is_page && !headers.contains_key("x-amz-request-id")
}

fn failed(error: ClientError) -> ConnectorError {
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    while let Some(one) = cause {
        if one.downcast_ref().is_some_and(hyper::Error::is_user) {
            return ConnectorError::user(error.into());
        }
        cause = one.source();
    }
    ConnectorError::io(error.into())
}
