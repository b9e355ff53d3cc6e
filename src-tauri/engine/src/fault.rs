//! Faults: what can go wrong, grouped by what Windlass does about it.

pub(crate) mod duration_text;
pub(crate) mod invalid_option;
pub(crate) mod messages;
pub(crate) mod number_text;
mod reason;

pub use invalid_option::InvalidOption;
pub use reason::{Locked, Reason, Unstable};

use serde::{Deserialize, Deserializer, Serialize};

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
    /// S3's error code, and nothing else.
    pub code: Option<String>,
    pub request_id: Option<String>,
    /// What happened, in English, or in the server's own words; the title and the advice are the window's.
    pub detail: String,
    /// Which of our own sentences `detail` is; none where it is somebody else's.
    #[serde(default)]
    #[cfg_attr(feature = "wire", ts(as = "Option<Reason>"))]
    pub reason: MaybeReason,
    /// Milliseconds the server asked us to wait (Retry-After).
    #[serde(skip)]
    pub retry_after: Option<u64>,
    /// Whether it was not S3 that answered: the page of a network that wants a sign-in, a wrong address.
    #[serde(skip)]
    pub stranger: bool,
}

/// A sentence of ours, where there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MaybeReason(Option<Box<Reason>>);

impl MaybeReason {
    fn from_reason(reason: Reason) -> Self {
        Self(Some(Box::new(reason)))
    }

    pub fn get(&self) -> Option<&Reason> {
        self.0.as_deref()
    }
}

/// One that this version does not know is none: a journal outlives the version that wrote it.
impl<'de> Deserialize<'de> for MaybeReason {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(from)?;
        Ok(Self(serde_json::from_value(value).ok().flatten()))
    }
}

impl Fault {
    /// In words that are not ours, or that no user meets.
    pub fn new(kind: FaultKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            part: None,
            status: None,
            code: None,
            request_id: None,
            detail: detail.into(),
            reason: MaybeReason::default(),
            retry_after: None,
            stranger: false,
        }
    }

    /// In words of ours.
    pub fn because(kind: FaultKind, reason: Reason) -> Self {
        let detail = reason.to_string();
        Self { reason: MaybeReason::from_reason(reason), ..Self::new(kind, detail) }
    }

    /// The same fault in other words of ours.
    pub fn say(&mut self, reason: Reason) {
        self.detail = reason.to_string();
        self.reason = MaybeReason::from_reason(reason);
    }

    #[must_use]
    pub fn with_code(mut self, code: &str) -> Self {
        self.code = Some(code.to_owned());
        self
    }

    #[must_use]
    pub fn on_part(mut self, number: u16) -> Self {
        self.part = Some(number);
        self
    }

    /// Somebody answered in the server's place: the page of a network that wants a sign-in, a wrong address.
    pub fn by_stranger(reason: Reason) -> Self {
        Self { stranger: true, ..Self::because(FaultKind::WrongPlace, reason) }
    }

    /// These keys may not list what is stored, or the server cannot.
    pub(crate) fn is_unlisted(&self) -> bool {
        self.kind == FaultKind::Denied || matches!(self.status, Some(405 | 501))
    }

    /// Whether the file never kept still, so that the user is asked what to do with it.
    pub fn keeps_changing(&self) -> bool {
        matches!(self.reason.get(), Some(Reason::KeepsChanging { .. }))
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
        let path = path.display().to_string();
        let reason = match error.kind() {
            ErrorKind::NotFound => Reason::FileGone { path },
            ErrorKind::PermissionDenied => Reason::FileForbidden { path },
            _ => Reason::FileUnreadable { path, cause: error.to_string() },
        };
        Self::because(FaultKind::SourceMissing, reason)
    }
}

/// What every fallible piece of the engine answers with.
pub type Result<T, E = Fault> = std::result::Result<T, E>;
