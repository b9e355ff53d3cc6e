//! The HTTP client for the services that give out credentials: IAM Identity Center's OIDC and portal, AWS STS. They answer in
//! JSON or XML, briefly, and never redirect. A page for people in their place is a network's that wants a sign-in of its
//! own, or a proxy's, and says nothing about credentials.

use aws_sdk_s3::config::SharedHttpClient;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use http_body::Body as _;
use hyper::Uri;
use std::future::poll_fn;
use std::net::IpAddr;
use std::pin::Pin;

/// Bytes of a response. The longest is a page of a thousand accounts.
const MOST: usize = 1024 * 1024;

/// What answered was not the service.
#[derive(Debug, thiserror::Error)]
#[error("what answered is not {host}")]
pub(super) struct NotTheService {
    pub(super) host: String,
}

/// The same client, which accepts only responses that such a service sends.
pub(super) fn of_services(http: &SharedHttpClient) -> SharedHttpClient {
    let http = http.clone();
    http_client_fn(move |settings, components| {
        SharedHttpConnector::new(Services(http.http_connector(settings, components)))
    })
}

#[derive(Debug)]
struct Services(SharedHttpConnector);

impl HttpConnector for Services {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let host = host(request.uri());
        let answer = self.0.call(request);
        // a machine's own keys come from an address that no network answers for; it says 404 with a page
        if is_link_local(&host) {
            return answer;
        }
        HttpConnectorFuture::new(async move {
            let mut answer = answer.await?;
            let kind = answer.headers().get("content-type").unwrap_or_default();
            let is_page = kind.trim_start().to_ascii_lowercase().starts_with("text/html");
            let redirects = (300..400).contains(&answer.status().as_u16());
            let whole = match is_page || redirects {
                true => None,
                false => read(&mut answer).await?,
            };
            match whole {
                Some(bytes) => {
                    *answer.body_mut() = SdkBody::from(bytes);
                    Ok(answer)
                }
                None => Err(ConnectorError::io(NotTheService { host }.into())),
            }
        })
    }
}

/// The body. `None` if it is too long.
async fn read(answer: &mut HttpResponse) -> Result<Option<Vec<u8>>, ConnectorError> {
    let mut body = answer.body_mut();
    let mut bytes = Vec::new();
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let Ok(data) = frame.map_err(ConnectorError::io)?.into_data() else { continue };
        if bytes.len() + data.len() > MOST {
            return Ok(None);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(Some(bytes))
}

fn host(address: &str) -> String {
    let host = address.parse::<Uri>().ok().and_then(|address| address.host().map(str::to_owned));
    host.unwrap_or_else(|| address.to_owned())
}

fn is_link_local(host: &str) -> bool {
    match host.trim_matches(['[', ']']).parse() {
        Ok(IpAddr::V4(address)) => address.is_link_local(),
        // fd00:ec2::/32
        Ok(IpAddr::V6(address)) => address.segments()[..2] == [0xfd00, 0x0ec2],
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A service that answers like this.
    #[derive(Debug)]
    struct Answers(u16, &'static str, usize);

    impl HttpConnector for Answers {
        fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
            let status = self.0.try_into().unwrap();
            let mut answer = HttpResponse::new(status, SdkBody::from(vec![b' '; self.2]));
            answer.headers_mut().insert("content-type", self.1);
            HttpConnectorFuture::ready(Ok(answer))
        }
    }

    async fn asked(address: &str, answers: Answers) -> Result<usize, ConnectorError> {
        let mut request = HttpRequest::new(SdkBody::empty());
        request.set_uri(address).unwrap();
        let services = Services(SharedHttpConnector::new(answers));
        services.call(request).await.map(|answer| answer.body().bytes().unwrap().len())
    }

    #[tokio::test]
    async fn only_answers_of_a_service_are_accepted() {
        let portal = "https://portal.sso.eu-west-1.amazonaws.com/federation/credentials";
        let table = [
            (Answers(200, "application/json", 20), true),
            (Answers(401, "application/json", 20), true),
            (Answers(200, "text/xml", MOST), true),
            (Answers(200, "application/json", MOST + 1), false),
            (Answers(200, "text/html", 20), false),
            (Answers(403, "Text/HTML; charset=utf-8", 20), false),
            (Answers(302, "text/plain", 0), false),
        ];
        for (answers, is_accepted) in table {
            let (shown, length) = (format!("{answers:?}"), answers.2);
            match asked(portal, answers).await {
                Ok(found) => assert!(is_accepted && found == length, "{shown}"),
                Err(error) => {
                    assert!(!is_accepted && error.is_io(), "{shown}");
                    let error = std::error::Error::source(&error).unwrap().to_string();
                    assert_eq!(error, "what answered is not portal.sso.eu-west-1.amazonaws.com");
                }
            }
        }
        let machine = "http://169.254.169.254/latest/meta-data/iam/security-credentials/";
        assert!(asked(machine, Answers(404, "text/html", 20)).await.is_ok());
        assert!(
            asked("http://[fd00:ec2::254]/latest", Answers(404, "text/html", 20)).await.is_ok()
        );
    }
}
