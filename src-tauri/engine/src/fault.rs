//! What can go wrong, by what is done about it. Knows no I/O and no wording for users beyond the bare facts.

use serde::{Deserialize, Serialize};

/// A kind exists only where the engine retries differently or the window offers a different button.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum FaultKind {
    /// No answer: no route, no name, refused, reset, or silence past the limit.
    Offline,
    /// The server asks for less (503 SlowDown, 429).
    Throttled,
    /// The server failed (5xx), or answered what S3 never answers.
    Server,
    /// Keys unknown, wrong, expired, or not to be found.
    Credentials,
    /// The OS keychain is missing, locked, or refused.
    Keychain,
    /// The keys are good and may not do this.
    Denied,
    /// No such bucket, another region, or not an S3 server at this address.
    WrongPlace,
    /// This computer's clock is too far from the server's.
    Clock,
    /// An object has this key already and the user is to say what to do.
    Exists,
    /// The local file is gone, unreadable, or no file.
    SourceMissing,
    /// The local file is not what it was when it was planned.
    SourceChanged,
    /// Bytes arrived other than they left.
    Checksum,
    /// Neither S3 nor this server can take this: size, key, option.
    Unsupported,
    /// Our own disk: full, read-only, journal.
    Storage,
    /// A mistake of ours.
    Bug,
}

/// Ours, where S3 has no word because it was not asked.
const STRANGER: &str = "NotS3";

/// A fault, told where it happened. Never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
#[error("{detail}")]
pub struct Fault {
    pub kind: FaultKind,
    /// PartNumber, where one part is to blame.
    pub part: Option<u16>,
    /// HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// S3's error code.
    pub code: Option<String>,
    pub request_id: Option<String>,
    /// What happened, in words; the title and the advice are the window's.
    pub detail: String,
    /// Milliseconds the server asked us to wait (Retry-After).
    #[serde(skip)]
    pub retry_after: Option<u64>,
}

impl Fault {
    pub fn new(kind: FaultKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            part: None,
            status: None,
            code: None,
            request_id: None,
            detail: detail.into(),
            retry_after: None,
        }
    }

    #[must_use]
    pub fn on_part(mut self, number: u16) -> Self {
        self.part = Some(number);
        self
    }

    /// Somebody answered in the server's place: the page of a network that wants a sign-in, a wrong address.
    pub fn stranger(detail: impl Into<String>) -> Self {
        Self { code: Some(STRANGER.into()), ..Self::new(FaultKind::WrongPlace, detail) }
    }

    pub fn is_stranger(&self) -> bool {
        self.is_code(STRANGER)
    }

    /// How long the server asked us to wait.
    pub fn wish(&self) -> Option<std::time::Duration> {
        self.retry_after.map(std::time::Duration::from_millis)
    }

    /// S3's error code, where it gave one.
    pub fn is_code(&self, code: &str) -> bool {
        self.code.as_deref() == Some(code)
    }

    pub fn source(path: &std::path::Path, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        let why = match error.kind() {
            ErrorKind::NotFound => "There is no file at this path".to_owned(),
            ErrorKind::PermissionDenied => "This file may not be read by you".to_owned(),
            _ => format!("This file cannot be read ({error})"),
        };
        Self::new(FaultKind::SourceMissing, format!("{why}: {}", path.display()))
    }
}

/// What every fallible piece of the engine answers with.
pub type Outcome<T> = Result<T, Fault>;
