//! The end of a sign-in in the browser: a page of this program, on loopback, that the browser is sent back to with a code.
//! Takes the code of its own request alone. <https://www.rfc-editor.org/rfc/rfc8252#section-7.3>

use std::io;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use url::Url;

/// A browser opens connections ahead that it never uses.
const READ_LIMIT: Duration = Duration::from_secs(10);
const BREATH: Duration = Duration::from_millis(100);
/// Far longer than a code and a state are.
const LONGEST_HEAD: usize = 16 << 10;
const PATH: &str = "/oauth/callback";

const DONE: &str = "You are signed in. You can close this page and return to Windlass.";
const DENIED: &str = "You are not signed in. You can close this page and return to Windlass.";
const STRANGE: &str =
    "This is not the sign-in that Windlass is waiting for. Start it again from Windlass.";

pub(super) struct Callback {
    listener: TcpListener,
    port: u16,
    /// What the request is known again by.
    state: String,
}

/// A code; or why not: in the server's words, none where somebody said no.
type Answer = Result<String, Option<String>>;

/// Where the browser is sent back to; without a port where it is registered.
pub(super) fn uri(port: Option<u16>) -> String {
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    format!("http://127.0.0.1{port}{PATH}")
}

impl Callback {
    pub(super) async fn listen(state: String) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        Ok(Self { listener, port, state })
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Answers once the browser has come back.
    pub(super) async fn code(&self) -> Answer {
        let mut visits = JoinSet::new();
        loop {
            tokio::select! {
                visitor = self.listener.accept() => match visitor {
                    Ok((stream, _)) => {
                        visits.spawn(visit(stream, self.state.clone()));
                    }
                    // too many open files, as a rule: some will be closed
                    Err(_) => tokio::time::sleep(BREATH).await,
                },
                Some(visited) = visits.join_next() => {
                    if let Ok(Some(answer)) = visited {
                        return answer;
                    }
                }
            }
        }
    }
}

/// One request and its page. None where it is about something else.
async fn visit(mut stream: TcpStream, state: String) -> Option<Answer> {
    let head = tokio::time::timeout(READ_LIMIT, head(&mut stream)).await.ok()?.ok()?;
    let answer = answer(&head, &state);
    let (status, words) = match &answer {
        Some(Ok(_)) => ("200 OK", DONE),
        Some(Err(_)) => ("200 OK", DENIED),
        None if target(&head).is_some_and(|target| target.path() == PATH) => {
            ("400 Bad Request", STRANGE)
        }
        None => ("404 Not Found", ""),
    };
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Windlass</title>\
         <body style=\"font: 1.1rem system-ui; margin: 4rem auto; max-width: 34rem\"><p>{words}</p></body></html>"
    );
    let response = format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\n\
         cache-control: no-store\r\nreferrer-policy: no-referrer\r\nconnection: close\r\n\r\n{page}",
        page.len()
    );
    // whether or not the browser still listens
    let _ = tokio::time::timeout(READ_LIMIT, async {
        stream.write_all(response.as_bytes()).await?;
        stream.shutdown().await
    })
    .await;
    answer
}

async fn head(stream: &mut TcpStream) -> io::Result<String> {
    let mut bytes = Vec::new();
    let mut some = [0; 2048];
    while !bytes.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = stream.read(&mut some).await?;
        if read == 0 || bytes.len() + read > LONGEST_HEAD {
            return Err(io::ErrorKind::InvalidData.into());
        }
        bytes.extend(some.iter().take(read));
    }
    String::from_utf8(bytes).map_err(|_| io::ErrorKind::InvalidData.into())
}

/// What a GET asks for.
fn target(head: &str) -> Option<Url> {
    let mut line = head.lines().next()?.split(' ');
    let (method, target) = (line.next()?, line.next()?);
    let base = Url::parse(&uri(None)).ok()?;
    base.join(target).ok().filter(|_| method == "GET" && target.starts_with('/'))
}

fn answer(head: &str, state: &str) -> Option<Answer> {
    let target = target(head)?;
    let value = |wanted: &str| {
        let mut pairs = target.query_pairs();
        pairs.find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
    };
    // a refusal has it too (RFC 6749, 4.1.2.1): whoever finds the port ends no sign-in
    if target.path() != PATH || value("state").as_deref() != Some(state) {
        return None;
    }
    match (value("code"), value("error")) {
        (_, Some(error)) if error == "access_denied" => Some(Err(None)),
        (_, Some(error)) => Some(Err(Some(value("error_description").unwrap_or(error)))),
        (Some(code), None) if !code.is_empty() => Some(Ok(code)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_answer_to_this_request_is_taken() {
        let of = |target: &str| answer(&format!("GET {target} HTTP/1.1\r\nhost: x\r\n\r\n"), "s-1");
        assert_eq!(of("/oauth/callback?code=a%2Bb&state=s-1"), Some(Ok("a+b".into())));
        assert_eq!(of("/oauth/callback?error=access_denied&state=s-1"), Some(Err(None)));
        let said = "/oauth/callback?error=server_error&error_description=try%20later&state=s-1";
        assert_eq!(of(said), Some(Err(Some("try later".into()))));
        for other in [
            "/oauth/callback?code=a&state=s-2",
            "/oauth/callback?code=a",
            "/oauth/callback?code=&state=s-1",
            "/oauth/callback?error=access_denied&state=s-2",
            "/oauth/callback?error=access_denied",
            "/oauth/callback?error=x&error_description=call%20us",
            "/favicon.ico",
            "/oauth/callback/more?code=a&state=s-1",
            "http://127.0.0.1/oauth/callback?code=a&state=s-1",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
        assert_eq!(answer("POST /oauth/callback?code=a&state=s-1 HTTP/1.1\r\n\r\n", "s-1"), None);
    }

    #[tokio::test]
    async fn a_browser_that_opens_connections_ahead_is_not_waited_for() {
        let callback = Callback::listen("s-1".into()).await.unwrap();
        let port = callback.port();
        let visit = async |text: &str| {
            let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            stream.write_all(text.as_bytes()).await.unwrap();
            stream
        };
        let _unused = visit("").await;
        let mut stranger = visit("GET /oauth/callback?code=x&state=y HTTP/1.1\r\n\r\n").await;
        let mut browser = visit("GET /oauth/callback?code=c&state=s-1 HTTP/1.1\r\n\r\n").await;
        assert_eq!(callback.code().await, Ok("c".into()));
        let (mut page, mut strange) = (String::new(), String::new());
        browser.read_to_string(&mut page).await.unwrap();
        assert!(page.starts_with("HTTP/1.1 200") && page.contains(DONE), "{page}");
        stranger.read_to_string(&mut strange).await.unwrap();
        assert!(!strange.contains(DONE), "{strange}");
    }
}
