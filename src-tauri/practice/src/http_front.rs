//! The HTTP front: authentication, region, host, request IDs, and bodies that are not read.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::future::BoxFuture;
use futures::{Stream, StreamExt as _};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri, header};
use hyper::body::{Bytes, Incoming};
use s3s::access::{S3Access, S3AccessContext};
use s3s::auth::{S3Auth, SecretKey};
use s3s::dto::StreamingBlob;
use s3s::host::{S3Host, VirtualHost};
use s3s::service::S3Service;
use s3s::stream::{ByteStream, RemainingLength};
use s3s::{Body, HttpError, S3Result, StdError, s3_error};

use crate::Keys;

pub(crate) const REGION: &str = "us-east-1";

const REQUEST_ID: &str = "x-amz-request-id";

/// How much of a rejected body is still read, so that the client sees the response instead of a broken connection: more
/// than the usual parts.
const UNREAD_LIMIT: u64 = 128 << 20;
const UNREAD_TIME: Duration = Duration::from_secs(30);

/// The HTTP service of one connection.
#[derive(Clone)]
pub(crate) struct HttpFront {
    s3: S3Service,
}

impl HttpFront {
    pub(crate) fn new(s3: S3Service) -> Self {
        Self { s3 }
    }

    async fn answer(
        s3: S3Service,
        request: Request<Incoming>,
    ) -> Result<Response<Body>, HttpError> {
        let id = uuid::Uuid::new_v4().simple().to_string().to_uppercase();
        let is_head = request.method() == Method::HEAD;
        let refused =
            wrong_region(request.headers(), request.uri(), &id).or_else(|| form(&request, &id));
        // a client that waits for 100-continue sends nothing before it is asked
        let sends = !request.headers().contains_key(header::EXPECT);
        let request = request.map(|body| {
            let unread = Unread { body: Some(Body::from(body)), sends };
            Body::from(StreamingBlob::new(unread))
        });
        let mut response = match refused {
            Some(response) => response,
            None => s3.call(request).await?,
        };
        if is_head
            && response.status() == StatusCode::OK
            && response.headers().contains_key(header::CONTENT_RANGE)
        {
            // s3s does this for GetObject only
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        }
        if let Some(plain) = response.body().bytes().and_then(|body| readable(&body)) {
            *response.body_mut() = Body::from(plain);
            response.headers_mut().remove(header::CONTENT_LENGTH);
        }
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        Ok(response)
    }
}

impl hyper::service::Service<Request<Incoming>> for HttpFront {
    type Response = Response<Body>;
    type Error = HttpError;
    type Future = BoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        Box::pin(Self::answer(self.s3.clone(), request))
    }
}

/// A request's body. Whatever is left when it is dropped is read and discarded.
struct Unread {
    body: Option<Body>,
    sends: bool,
}

impl Stream for Unread {
    type Item = Result<Bytes, StdError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let polled = Pin::new(body).poll_next(context);
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            self.body = None;
        }
        polled
    }
}

impl ByteStream for Unread {
    fn remaining_length(&self) -> RemainingLength {
        self.body.as_ref().map_or(RemainingLength::new_exact(0), ByteStream::remaining_length)
    }
}

impl Drop for Unread {
    fn drop(&mut self) {
        let Some(body) = self.body.take() else { return };
        if !self.sends || body.remaining_length().exact() == Some(0) {
            return;
        }
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(tokio::time::timeout(UNREAD_TIME, throw_away(body)));
        }
    }
}

async fn throw_away(mut body: Body) {
    let mut read = 0;
    while let Some(Ok(bytes)) = body.next().await {
        read += bytes.len() as u64;
        if read > UNREAD_LIMIT {
            return;
        }
    }
}

/// A form upload of a web page, which s3s would read into memory before checking who sent it. It is rejected, and its
/// body is discarded.
fn form(request: &Request<Incoming>, request_id: &str) -> Option<Response<Body>> {
    let kind = request.headers().get(header::CONTENT_TYPE)?.as_bytes();
    let is_form = ["multipart/form-data", "application/x-www-form-urlencoded"].iter().any(|form| {
        kind.get(..form.len()).is_some_and(|kind| kind.eq_ignore_ascii_case(form.as_bytes()))
    });
    if request.method() != Method::POST || !is_form {
        return None;
    }
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NotImplemented</Code><Message>The practice store takes \
         no forms.</Message><RequestId>{request_id}</RequestId></Error>"
    );
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::NOT_IMPLEMENTED;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    Some(response)
}

/// XML with its control characters written as references, as S3 does for keys that contain some: without it, no parser
/// accepts the response. `None` if there are none, or if it is not XML.
fn readable(body: &Bytes) -> Option<String> {
    let text = std::str::from_utf8(body).ok().filter(|text| text.starts_with("<?xml"))?;
    let unreadable = |c: char| c.is_control() && c != '\n' && c != '\t';
    if !text.contains(unreadable) {
        return None;
    }
    let mut plain = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match unreadable(letter) {
            true => plain.push_str(&format!("&#{};", u32::from(letter))),
            false => plain.push(letter),
        }
    }
    Some(plain)
}

/// S3 rejects a signature for another region before checking it, and names its own. s3s would accept the region that
/// the client names.
fn wrong_region(headers: &HeaderMap, uri: &Uri, request_id: &str) -> Option<Response<Body>> {
    let (code, preface, region) = signed_region(headers, uri)?;
    if region == REGION {
        return None;
    }
    let plain: String = region.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{preface}; the region \
         '{plain}' is wrong; expecting '{REGION}'</Message><Region>{REGION}</Region><RequestId>{request_id}\
         </RequestId></Error>"
    );
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    response.headers_mut().insert("x-amz-bucket-region", HeaderValue::from_static(REGION));
    Some(response)
}

/// The region of a signature's credential scope, in a header or a presigned URL, and S3's error for either.
fn signed_region(headers: &HeaderMap, uri: &Uri) -> Option<(&'static str, &'static str, String)> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let (_, rest) = value.to_str().ok()?.split_once("Credential=")?;
        let scope = rest.split(',').next()?;
        let region = region_in(scope)?;
        return Some((
            "AuthorizationHeaderMalformed",
            "The authorization header is malformed",
            region,
        ));
    }
    let parameter =
        uri.query()?.split('&').find_map(|pair| pair.strip_prefix("X-Amz-Credential="))?;
    let scope = parameter.replace("%2F", "/").replace("%2f", "/");
    let region = region_in(&scope)?;
    Some((
        "AuthorizationQueryParametersError",
        "Error parsing the X-Amz-Credential parameter",
        region,
    ))
}

/// KEY/DATE/REGION/s3/aws4_request
fn region_in(scope: &str) -> Option<String> {
    scope.trim().rsplit('/').nth(2).map(str::to_owned)
}

/// Buckets as `NAME.localhost`, with any port, because a proxy in front has another one. s3s would take an unknown host
/// for a bucket.
pub(crate) struct Hosts;

const LOCALHOST: &str = "localhost";

impl S3Host for Hosts {
    fn parse_host_header<'a>(&'a self, host: &'a str) -> S3Result<VirtualHost<'a>> {
        let name = host.rsplit_once(':').map_or(host, |(name, _port)| name);
        let bucket = name.strip_suffix(LOCALHOST).and_then(|name| name.strip_suffix('.'));
        Ok(match bucket {
            Some(bucket) => VirtualHost::new(LOCALHOST).with_bucket(bucket.to_owned()),
            None => VirtualHost::new(host),
        })
    }
}

/// Requests that are signed with the keys may do anything, and others nothing.
pub(crate) struct Access;

#[async_trait::async_trait]
impl S3Access for Access {
    async fn check(&self, context: &mut S3AccessContext<'_>) -> S3Result<()> {
        if context.credentials().is_none() {
            return Err(s3_error!(AccessDenied, "Access Denied"));
        }
        let customer_key =
            |name: &http::HeaderName| name.as_str().contains("server-side-encryption-customer-");
        if context.headers().keys().any(customer_key) {
            // accepting the bytes and storing them unencrypted would be a lie
            return Err(s3_error!(
                NotImplemented,
                "The practice store has no encryption with a customer's key."
            ));
        }
        Ok(())
    }
}

#[async_trait::async_trait]
impl S3Auth for Keys {
    async fn get_secret_key(&self, access_key: &str) -> S3Result<SecretKey> {
        if access_key == self.access_key_id {
            return Ok(SecretKey::from(self.secret_access_key.as_str()));
        }
        Err(s3_error!(
            InvalidAccessKeyId,
            "The AWS Access Key Id you provided does not exist in our records."
        ))
    }
}
