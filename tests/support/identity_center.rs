//! A stand-in for the endpoints that give out keys: IAM Identity Center's OIDC and portal, and AWS STS. Checks what the real
//! ones check (state, PKCE, tokens, MFA codes used once), and gives out the keys of a server that it stands before.

use crate::Server;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use url::form_urlencoded;

pub struct IdentityCenter {
    pub endpoint: String,
    shared: Arc<Mutex<State>>,
}

/// What it gives out and takes.
#[derive(Clone, Debug)]
pub struct Gives {
    pub access_key_id: String,
    pub secret_access_key: String,
    /// How long a sign-in's token lasts.
    pub token: Duration,
    /// How long a role's keys last.
    pub keys: Duration,
    /// What an MFA device shows now: taken once.
    pub mfa_code: Option<String>,
    /// How often somebody is asked whether the code was confirmed before it is.
    pub pending: u32,
    /// Whether somebody says no in the browser.
    pub denies: bool,
    /// A sign-in's token can be refreshed no more.
    pub ended: bool,
    /// How long a registered client is known.
    pub registered: Duration,
    /// Another page to enter the code on.
    pub page: Option<String>,
    /// A network that wants a sign-in of its own answers everything with its page.
    pub captive: bool,
}

impl Gives {
    /// The keys of a server, for the usual times.
    pub fn keys_of(server: &Server) -> Gives {
        Gives {
            access_key_id: server.access_key_id.clone(),
            secret_access_key: server.secret_access_key.clone(),
            token: Duration::from_secs(8 * 3600),
            keys: Duration::from_secs(3600),
            mfa_code: None,
            pending: 1,
            denies: false,
            ended: false,
            registered: Duration::from_secs(90 * 86_400),
            page: None,
            captive: false,
        }
    }
}

struct State {
    gives: Gives,
    /// Codes of the browser, each with its challenge and where it was sent to.
    codes: HashMap<String, (String, String)>,
    tokens: HashMap<String, SystemTime>,
    number: u32,
    /// The client asked for scopes: only then its tokens can be refreshed.
    has_scopes: bool,
    asked: u32,
    /// Each request's method, path, and body or query, in their order.
    seen: Vec<(String, String, String)>,
}

struct Request {
    method: String,
    path: String,
    query: String,
    bearer: Option<String>,
    body: String,
}

struct Answer {
    status: &'static str,
    headers: String,
    body: String,
}

impl IdentityCenter {
    pub fn start(gives: Gives) -> IdentityCenter {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Mutex::new(State {
            gives,
            codes: HashMap::new(),
            tokens: HashMap::new(),
            number: 0,
            has_scopes: false,
            asked: 0,
            seen: vec![],
        }));
        let (state, own) = (shared.clone(), endpoint.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (state, own) = (state.clone(), own.clone());
                std::thread::spawn(move || serve(&stream, &state, &own));
            }
        });
        IdentityCenter { endpoint, shared }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what it gives from now on.
    pub fn change(&self, change: impl FnOnce(&mut Gives)) {
        change(&mut self.state().gives);
    }

    /// Every token that was given out ends now.
    pub fn end_tokens(&self) {
        self.state().tokens.clear();
    }

    /// The bodies, or queries, of the requests to this path.
    pub fn seen(&self, path: &str) -> Vec<String> {
        let state = self.state();
        let of_path = state.seen.iter().filter(|(_, seen, _)| seen == path);
        of_path.map(|(.., text)| text.clone()).collect()
    }

    /// Waits until so many requests to this path have come.
    pub async fn until(&self, path: &str, many: usize) {
        let wanted = async {
            while self.seen(path).len() < many {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let limit = Duration::from_secs(60);
        assert!(
            tokio::time::timeout(limit, wanted).await.is_ok(),
            "{path} is not asked {many} times"
        );
    }

    /// Every secret that was given out so far, to be looked for where it must not be.
    pub fn tokens(&self) -> Vec<String> {
        self.state().tokens.keys().cloned().collect()
    }

    /// For a program that is to ask here.
    pub fn environment(&self) -> [(&'static str, &str); 3] {
        [
            ("AWS_ENDPOINT_URL_SSO_OIDC", &self.endpoint),
            ("AWS_ENDPOINT_URL_SSO", &self.endpoint),
            ("AWS_ENDPOINT_URL_STS", &self.endpoint),
        ]
    }
}

fn serve(stream: &TcpStream, state: &Mutex<State>, own: &str) {
    let Some(request) = read(stream) else { return };
    let answer = {
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        let text = if request.body.is_empty() { &request.query } else { &request.body };
        state.seen.push((request.method.clone(), request.path.clone(), text.clone()));
        state.answer(&request, own)
    };
    let Answer { status, headers, body } = answer;
    let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n", body.len());
    let mut stream = stream;
    let _ = stream.write_all(format!("{head}connection: close\r\n\r\n{body}").as_bytes());
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let (mut bearer, mut length) = (None, 0);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(':') else { break };
        match name.to_ascii_lowercase().as_str() {
            "x-amz-sso_bearer_token" => bearer = Some(value.trim().to_owned()),
            "content-length" => length = value.trim().parse().ok()?,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let body = String::from_utf8(body).ok()?;
    Some(Request { path: path.to_owned(), query: query.to_owned(), method, bearer, body })
}

fn form(text: &str) -> HashMap<String, String> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

fn answer(status: &'static str, body: &Value) -> Answer {
    let headers = "content-type: application/json\r\n".to_owned();
    Answer { status, headers, body: body.to_string() }
}

/// As restJson services refuse: the kind in a header, OAuth's word and a sentence in the body.
fn refuse(status: &'static str, kind: &str, error: &str, says: &str) -> Answer {
    let body = json!({ "error": error, "error_description": says, "message": says });
    let Answer { headers, body, .. } = answer(status, &body);
    Answer { status, headers: format!("{headers}x-amzn-errortype: {kind}\r\n"), body }
}

impl State {
    fn answer(&mut self, request: &Request, own: &str) -> Answer {
        let query = form(&request.query);
        let asked: Value = serde_json::from_str(&request.body).unwrap_or_default();
        if self.gives.captive {
            let headers = "content-type: text/html; charset=utf-8\r\n".to_owned();
            let body = "<html><body>Accept the terms of this network</body></html>".to_owned();
            return Answer { status: "200 OK", headers, body };
        }
        match (&request.method[..], &request.path[..]) {
            ("POST", "/client/register") => {
                self.has_scopes = asked["scopes"].as_array().is_some_and(|all| !all.is_empty());
                answer(
                    "200 OK",
                    &json!({
                        "clientId": "client-id",
                        "clientSecret": "client-secret-of-the-stand-in",
                        "clientIdIssuedAt": now(),
                        "clientSecretExpiresAt": now() + self.gives.registered.as_secs(),
                    }),
                )
            }
            ("POST", "/device_authorization") => {
                let page = self.gives.page.clone().unwrap_or_else(|| format!("{own}/device"));
                answer(
                    "200 OK",
                    &json!({
                        "deviceCode": "device-code-of-the-stand-in",
                        "userCode": "ABCD-EFGH",
                        "verificationUri": page,
                        "verificationUriComplete": format!("{page}?user_code=ABCD-EFGH"),
                        "expiresIn": 600,
                        "interval": 1,
                    }),
                )
            }
            ("GET", "/authorize") => self.authorize(&query),
            ("POST", "/token") => self.token(&asked),
            ("GET", "/assignment/accounts") => self.signed_in(request, |_| {
                json!({ "accountList": [
                    { "accountId": "222222222222", "accountName": "Zoo", "emailAddress": "zoo@example.com" },
                    { "accountId": "111111111111", "accountName": "Archive", "emailAddress": "a@example.com" },
                ] })
            }),
            ("GET", "/assignment/roles") => self.signed_in(request, |_| {
                let account = &query["account_id"];
                json!({ "roleList": [{ "accountId": account, "roleName": "Upload" }] })
            }),
            ("GET", "/federation/credentials") => self.signed_in(request, |state| {
                json!({ "roleCredentials": {
                    "accessKeyId": state.gives.access_key_id,
                    "secretAccessKey": state.gives.secret_access_key,
                    "sessionToken": "session-token-of-the-stand-in",
                    "expiration": (now() + state.gives.keys.as_secs()) * 1000,
                } })
            }),
            ("POST", "/") => self.sts(&form(&request.body)),
            _ => answer("404 Not Found", &json!({})),
        }
    }

    fn authorize(&mut self, query: &HashMap<String, String>) -> Answer {
        let back = url::Url::parse(&query["redirect_uri"]).unwrap();
        let loopback = back.host_str() == Some("127.0.0.1") && back.path() == "/oauth/callback";
        let pkce = query["code_challenge_method"] == "S256" && query["response_type"] == "code";
        assert!(loopback && pkce && query["scopes"].contains("sso:account:access"), "{query:?}");
        let mut to = back.clone();
        if self.gives.denies {
            to.query_pairs_mut().append_pair("error", "access_denied");
        } else {
            self.number += 1;
            let code = format!("code-{}", self.number);
            to.query_pairs_mut().append_pair("code", &code);
            let challenge = query["code_challenge"].clone();
            self.codes.insert(code, (challenge, back.into()));
        }
        to.query_pairs_mut().append_pair("state", &query["state"]);
        Answer { status: "302 Found", headers: format!("location: {to}\r\n"), body: String::new() }
    }

    fn token(&mut self, asked: &Value) -> Answer {
        let text = |name: &str| asked[name].as_str().unwrap_or_default().to_owned();
        if text("clientId") != "client-id"
            || text("clientSecret") != "client-secret-of-the-stand-in"
        {
            return refuse("401 Unauthorized", "InvalidClientException", "invalid_client", "who?");
        }
        let refused =
            |says| refuse("400 Bad Request", "InvalidGrantException", "invalid_grant", says);
        match &text("grantType")[..] {
            "authorization_code" => {
                let Some((challenge, redirect_uri)) = self.codes.remove(&text("code")) else {
                    return refused("no such code");
                };
                let own = URL_SAFE_NO_PAD.encode(Sha256::digest(text("codeVerifier").as_bytes()));
                if own != challenge || text("redirectUri") != redirect_uri {
                    return refused("the verifier or the address is another");
                }
            }
            "urn:ietf:params:oauth:grant-type:device_code" => {
                if text("deviceCode") != "device-code-of-the-stand-in" {
                    return refused("no such device code");
                }
                if self.gives.denies {
                    let kind = "AccessDeniedException";
                    return refuse("400 Bad Request", kind, "access_denied", "denied");
                }
                self.asked += 1;
                if self.asked <= self.gives.pending {
                    let kind = "AuthorizationPendingException";
                    return refuse("400 Bad Request", kind, "authorization_pending", "not yet");
                }
            }
            "refresh_token" => {
                if self.gives.ended || !text("refreshToken").starts_with("refresh-token-") {
                    return refused("the session has ended");
                }
            }
            other => return refused(other),
        }
        self.number += 1;
        let token = format!("access-token-{}", self.number);
        self.tokens.insert(token.clone(), SystemTime::now() + self.gives.token);
        let mut given = json!({
            "accessToken": token,
            "tokenType": "Bearer",
            "expiresIn": self.gives.token.as_secs(),
        });
        if self.has_scopes {
            given["refreshToken"] = format!("refresh-token-{}", self.number).into();
        }
        answer("200 OK", &given)
    }

    fn signed_in(&self, request: &Request, says: impl FnOnce(&State) -> Value) -> Answer {
        let end = request.bearer.as_ref().and_then(|token| self.tokens.get(token));
        match end.is_some_and(|end| *end > SystemTime::now()) {
            true => answer("200 OK", &says(self)),
            false => {
                let kind = "UnauthorizedException";
                refuse(
                    "401 Unauthorized",
                    kind,
                    "invalid_token",
                    "Session token not found or invalid",
                )
            }
        }
    }

    fn sts(&mut self, asked: &HashMap<String, String>) -> Answer {
        let action = &asked["Action"];
        let code = asked.get("TokenCode");
        let headers = "content-type: text/xml\r\n".to_owned();
        let right = code.is_some() && self.gives.mfa_code.as_ref() == code;
        if right {
            self.gives.mfa_code = None;
        }
        if asked.contains_key("SerialNumber") && !right {
            let body = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>MultiFactorAuthentication \
                 failed with invalid MFA one time pass code.</Message></Error></ErrorResponse>";
            return Answer { status: "403 Forbidden", headers, body: body.to_owned() };
        }
        let Gives { access_key_id, secret_access_key, keys, .. } = &self.gives;
        let end = now() + keys.as_secs();
        let end = aws_sdk_s3::primitives::DateTime::from_secs(i64::try_from(end).unwrap());
        let end = end.fmt(aws_sdk_s3::primitives::DateTimeFormat::DateTime).unwrap();
        let body = format!(
            "<{action}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{action}Result><Credentials>\
             <AccessKeyId>{access_key_id}</AccessKeyId><SecretAccessKey>{secret_access_key}</SecretAccessKey>\
             <SessionToken>session-token-of-the-stand-in</SessionToken><Expiration>{end}</Expiration>\
             </Credentials></{action}Result></{action}Response>"
        );
        Answer { status: "200 OK", headers, body }
    }
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}
