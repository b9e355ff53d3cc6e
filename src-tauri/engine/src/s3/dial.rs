//! Opens connections to servers, by way of a proxy where there is one on the way: an HTTP proxy is asked for a tunnel
//! (CONNECT) to a server over TLS, which then is spoken to from end to end, and is handed plain requests as they are
//! (RFC 9110, 9.3.6, and RFC 9112, 3.2.2); a SOCKS5 proxy (RFC 1928) makes a tunnel for both.

use super::faults::deepest;
use super::names::Names;
use super::proxy::{Proxies, ProxyFailure, Via};
use super::trust::Tls;
use crate::model::proxy::ProxyScheme;
use crate::model::secret::ExposeSecret;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_types::body::SdkBody;
use hyper::client::conn::http1;
use hyper::header::{HOST, PROXY_AUTHORIZATION};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper::{Request, Uri};
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::rt::TokioIo;
use std::error::Error;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_socks::tcp::Socks5Stream;
use tower_service::Service;

/// Longer than a slow far handshake; a server that is there accepts in a second.
const CONNECT_LIMIT: Duration = Duration::from_secs(15);
/// A proxy answers only when it has reached the server, or has given it up.
const TUNNEL_LIMIT: Duration = Duration::from_secs(60);
/// Bytes in the kernel that are not on the way yet: more of them speed nothing up, and are counted as sent while they wait.
/// What is on the way and not acknowledged is not limited by it.
#[cfg(target_os = "linux")]
const MOST_UNSENT: u32 = 256 * 1024;

type Dialing<T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send>>;

type Tcp = TokioIo<TcpStream>;

/// TCP, and TLS over it where the proxy itself is reached so.
type Stream = MaybeHttpsStream<Tcp>;

/// Opens a connection to an address, without TLS to the server.
#[derive(Clone, Debug)]
pub(super) struct Dialer {
    tcp: HttpConnector<Names>,
    proxies: Arc<Proxies>,
    /// For a proxy that is reached over TLS itself.
    tls: Arc<Tls>,
}

impl Dialer {
    pub(super) fn new(proxies: Arc<Proxies>, tls: Arc<Tls>) -> Self {
        let mut tcp = HttpConnector::new_with_resolver(Names);
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(CONNECT_LIMIT));
        Self { tcp, proxies, tls }
    }

    pub(super) fn proxies(&self) -> &Proxies {
        &self.proxies
    }

    async fn dial(mut self, to: Uri) -> Result<Dialed, BoxError> {
        let Some(via) = self.proxies.to(&to) else {
            let stream = MaybeHttpsStream::Http(self.connect(to).await?);
            return Ok(Dialed { stream, forwards: false });
        };
        let is_tls = to.scheme_str() == Some("https");
        let down = |error: &(dyn Error + 'static)| {
            via.failed(ProxyFailure::Down { cause: deepest(error) })
        };
        let proxy: Uri = format!("http://{}", via.address).parse()?;
        let stream = match via.address.scheme {
            ProxyScheme::Https => {
                let proxy: Uri = format!("https://{}", via.address).parse()?;
                let mut https = HttpsConnector::from((self.tcp, self.tls.config()?));
                https.call(proxy).await.map_err(|error| down(&*error))?
            }
            _ => MaybeHttpsStream::Http(self.connect(proxy).await.map_err(|error| down(&*error))?),
        };
        let forwards = via.address.scheme.is_http() && !is_tls;
        if forwards {
            return Ok(Dialed { stream, forwards });
        }
        let host = to.host().ok_or("an address without a host")?;
        let port = to.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        let tunnel = async {
            match stream {
                MaybeHttpsStream::Http(tcp) if !via.address.scheme.is_http() => {
                    socks(tcp, &via, host, port).await.map(MaybeHttpsStream::Http)
                }
                stream => tunnel(stream, &via, &format!("{host}:{port}")).await,
            }
        };
        let stream = match tokio::time::timeout(TUNNEL_LIMIT, tunnel).await {
            Ok(stream) => stream?,
            Err(_) => {
                let cause = format!("no answer within {} s", TUNNEL_LIMIT.as_secs());
                return Err(via.failed(ProxyFailure::NotThrough { cause }).into());
            }
        };
        Ok(Dialed { stream, forwards })
    }

    async fn connect(&mut self, to: Uri) -> Result<Tcp, BoxError> {
        let stream = self.tcp.call(to).await?;
        #[cfg(target_os = "linux")]
        if let Err(error) =
            socket2::SockRef::from(stream.inner()).set_tcp_notsent_lowat(MOST_UNSENT)
        {
            tracing::debug!(%error, "the unsent bytes of a connection are not limited");
        }
        Ok(stream)
    }
}

impl Service<Uri> for Dialer {
    type Response = Dialed;
    type Error = BoxError;
    type Future = Dialing<Dialed>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        Box::pin(self.clone().dial(to))
    }
}

/// Asks an HTTP proxy for a tunnel.
async fn tunnel(stream: Stream, via: &Via, to: &str) -> Result<Stream, BoxError> {
    let broke =
        |error: hyper::Error| via.failed(ProxyFailure::NotThrough { cause: deepest(&error) });
    let (mut requests, connection) = http1::handshake(stream).await.map_err(broke)?;
    let connection = tokio::spawn(connection.with_upgrades());
    let mut request = Request::connect(to).header(HOST, to).body(SdkBody::empty())?;
    if let Some(authorization) = via.authorization() {
        request.headers_mut().insert(PROXY_AUTHORIZATION, authorization);
    }
    let answer = requests.send_request(request).await.map_err(broke)?;
    if !answer.status().is_success() {
        connection.abort();
        return Err(via.refused(answer.status()).into());
    }
    let tunnel = hyper::upgrade::on(answer).await.map_err(broke)?;
    match tunnel.downcast::<Stream>() {
        Ok(tunnel) if tunnel.read_buf.is_empty() => Ok(tunnel.io),
        // over TLS a server waits for the client to begin
        _ => Err(via.failed(ProxyFailure::NotThrough { cause: "bytes before TLS".into() }).into()),
    }
}

/// Asks a SOCKS5 proxy for a tunnel.
async fn socks(tcp: Tcp, via: &Via, host: &str, port: u16) -> Result<Tcp, BoxError> {
    use tokio_socks::Error as Socks;
    let tcp = tcp.into_inner();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let login = via.login.as_ref().map(|login| (&login.user[..], login.password.expose_secret()));
    let opened = match via.address.scheme {
        ProxyScheme::Socks5 => {
            let found = Names::look_up(host, port).await?;
            let to = *found.first().ok_or("a name without an address")?;
            match login {
                Some((user, password)) => {
                    Socks5Stream::connect_with_password_and_socket(tcp, to, user, password).await
                }
                None => Socks5Stream::connect_with_socket(tcp, to).await,
            }
        }
        _ => match login {
            Some((user, password)) => {
                let to = (host, port);
                Socks5Stream::connect_with_password_and_socket(tcp, to, user, password).await
            }
            None => Socks5Stream::connect_with_socket(tcp, (host, port)).await,
        },
    };
    match opened {
        Ok(tunnel) => Ok(TokioIo::new(tunnel.into_inner())),
        Err(error) => Err(via
            .failed(match error {
                Socks::PasswordAuthFailure(_)
                | Socks::NoAcceptableAuthMethods
                | Socks::AuthorizationRequired
                | Socks::InvalidAuthValues(_) => ProxyFailure::Login { given: login.is_some() },
                Socks::ConnectionNotAllowedByRuleset => ProxyFailure::Refused { status: None },
                error => ProxyFailure::NotThrough { cause: error.to_string() },
            })
            .into()),
    }
}

/// A connection, and whether its other end is a proxy that is handed requests.
#[derive(Debug)]
pub(super) struct Dialed {
    stream: Stream,
    forwards: bool,
}

impl Connection for Dialed {
    fn connected(&self) -> Connected {
        // requests then name the whole address
        self.stream.connected().proxy(self.forwards)
    }
}

impl Read for Dialed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl Write for Dialed {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }
}

/// The same with a limit on the time that a connection may take, TLS included.
#[derive(Clone, Debug)]
pub(super) struct Limited<C>(pub(super) C, pub(super) Dialer);

impl<C> Service<Uri> for Limited<C>
where
    C: Service<Uri, Error = BoxError>,
    C::Response: Send,
    C::Future: Send + 'static,
{
    type Response = C::Response;
    type Error = BoxError;
    type Future = Dialing<C::Response>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let is_direct = self.1.proxies.to(&to).is_none();
        let limit = if is_direct { CONNECT_LIMIT } else { CONNECT_LIMIT + TUNNEL_LIMIT };
        let dialing = self.0.call(to);
        Box::pin(async move {
            match tokio::time::timeout(limit, dialing).await {
                Ok(dialed) => dialed,
                Err(_) => {
                    let words = format!("no connection within {} s", limit.as_secs());
                    Err(io::Error::new(io::ErrorKind::TimedOut, words).into())
                }
            }
        })
    }
}
