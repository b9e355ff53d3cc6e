//! Faults: what can go wrong, grouped by what Windlass does about it.

pub(crate) mod duration_text;
mod invalid_bucket_name;
pub(crate) mod invalid_option;
pub(crate) mod messages;
pub(crate) mod number_text;
mod reason;

pub use invalid_bucket_name::InvalidBucketName;
pub use invalid_option::InvalidOption;
pub use reason::{Locked, Reason, Unstable};

use serde::{Deserialize, Deserializer, Serialize};

/// The kind of a fault. A kind exists only if the engine retries differently or the window offers a different button.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum FaultKind {
    /// No response: no route, no such host, connection refused or reset, or a timeout.
    Offline,
    /// The server asks for fewer requests (503 SlowDown, 429).
    Throttled,
    /// The server failed (5xx), or sent a response that is not S3's.
    Server,
    /// Credentials are missing, invalid or expired.
    Credentials,
    /// The user must sign in first: with IAM Identity Center, an MFA code, or `aws login`.
    SignIn,
    /// The OS keychain is missing or locked, or denied access.
    Keychain,
    /// The credentials are valid but lack the permission.
    Denied,
    /// No such bucket, another region, or not an S3 server.
    WrongPlace,
    /// This computer's clock is too far from the server's.
    Clock,
    /// An object with this key exists, and the user decides what to do.
    Exists,
    /// The local file is missing, unreadable, or not a regular file.
    SourceMissing,
    /// The local file changed after the upload was planned.
    SourceChanged,
    /// The stored bytes do not match what was sent.
    Checksum,
    /// Not supported by S3 or this server: a size, key or option.
    Unsupported,
    /// The local disk or the journal: full, read-only or damaged.
    Storage,
    /// A bug in Windlass.
    Bug,
}

/// An error, recorded where it happened. Never contains a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
#[error("{detail}")]
pub struct Fault {
    pub kind: FaultKind,
    /// The PartNumber, if the fault is about one part.
    pub part: Option<u16>,
    /// The HTTP status, if there was a response.
    pub status: Option<u16>,
    /// S3's error code, and nothing else.
    pub code: Option<String>,
    pub request_id: Option<String>,
    /// What happened, in English or in the server's words. Title and advice are the window's.
    pub detail: String,
    /// The reason that `detail` was made from, unless it is in somebody else's words.
    #[serde(default)]
    #[cfg_attr(feature = "wire", ts(as = "Option<Reason>"))]
    pub reason: MaybeReason,
    /// How many milliseconds the server asked to wait (Retry-After).
    #[serde(skip)]
    pub retry_after: Option<u64>,
    /// Whether the response was not S3's: the sign-in page of a network, or a wrong address.
    #[serde(skip)]
    pub stranger: bool,
    /// Whether the parts on the server do not add up to the file, so that they are of no use to a later try.
    #[serde(skip)]
    pub parts_useless: bool,
}

/// The reason of a fault, if it has one.
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

/// A reason of another version is read as none, because a journal outlives the version that wrote it.
impl<'de> Deserialize<'de> for MaybeReason {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(from)?;
        Ok(Self(serde_json::from_value(value).ok().flatten()))
    }
}

impl Fault {
    /// A fault in somebody else's words, or in words that no user sees.
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
            parts_useless: false,
        }
    }

    /// A fault in Windlass's own words.
    pub fn because(kind: FaultKind, reason: Reason) -> Self {
        let detail = reason.to_string();
        Self { reason: MaybeReason::from_reason(reason), ..Self::new(kind, detail) }
    }

    /// Replaces the words of a fault.
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
    pub fn with_useless_parts(mut self) -> Self {
        self.parts_useless = true;
        self
    }

    #[must_use]
    pub fn on_part(mut self, number: u16) -> Self {
        self.part = Some(number);
        self
    }

    /// A fault for a response that is not S3's: the sign-in page of a network, or a wrong address.
    pub fn by_stranger(reason: Reason) -> Self {
        Self { stranger: true, ..Self::because(FaultKind::WrongPlace, reason) }
    }

    /// The fault of a server whose condition on the key failed (412), found by a look of Windlass's own.
    pub(crate) fn precondition_failed(reason: Reason) -> Self {
        Self { status: Some(412), ..Self::because(FaultKind::Exists, reason) }
    }

    /// Whether the condition on the key failed: an object is there that must not be replaced.
    pub(crate) fn is_precondition_failed(&self) -> bool {
        self.kind == FaultKind::Exists && self.status == Some(412)
    }

    /// Whether listing is not permitted, or not supported by the server.
    pub(crate) fn is_unlisted(&self) -> bool {
        self.kind == FaultKind::Denied || self.is_not_implemented()
    }

    /// Whether the server does not support this kind of request at all.
    pub(crate) fn is_not_implemented(&self) -> bool {
        matches!(self.status, Some(405 | 501)) || self.is_code("NotImplemented")
    }

    /// Whether the server rejected the request because of a header or an element that it does not support.
    pub(crate) fn is_of_an_option(&self) -> bool {
        self.kind == FaultKind::Unsupported && matches!(self.status, Some(400 | 501))
    }

    /// Whether the server did not accept the signature.
    pub(crate) fn is_bad_signature(&self) -> bool {
        self.kind == FaultKind::Credentials || self.status == Some(401)
    }

    /// Whether the file kept changing, so that the user decides what to do.
    pub fn keeps_changing(&self) -> bool {
        matches!(self.reason.get(), Some(Reason::KeepsChanging { .. }))
    }

    /// Whether the server answered 200, and not with what it was asked for.
    pub(crate) fn is_unread(&self) -> bool {
        matches!(self.reason.get(), Some(Reason::CutShort { .. }))
    }

    /// Whether a proxy on the way is at fault, and nothing is known of the server.
    pub fn is_of_proxy(&self) -> bool {
        matches!(
            self.reason.get(),
            Some(
                Reason::NotAProxy { .. }
                    | Reason::ProxyDown { .. }
                    | Reason::ProxyNotThrough { .. }
                    | Reason::ProxyRefused { .. }
                    | Reason::ProxyNeedsLogin { .. }
                    | Reason::ProxyLoginRejected { .. }
            )
        )
    }

    /// Whether the server says that the credentials have expired.
    pub(crate) fn has_expired(&self) -> bool {
        let expired = ["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"];
        self.code.as_deref().is_some_and(|code| expired.contains(&code))
    }

    /// How long the server asked to wait.
    pub fn wish(&self) -> Option<std::time::Duration> {
        self.retry_after.map(std::time::Duration::from_millis)
    }

    /// S3's error code, if the server gave one.
    pub fn is_code(&self, code: &str) -> bool {
        self.code.as_deref() == Some(code)
    }

    pub fn source(path: &std::path::Path, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        let path = path.display().to_string();
        let reason = match error.kind() {
            ErrorKind::NotFound => Reason::FileGone { path },
            ErrorKind::PermissionDenied => Reason::FileForbidden { path },
            _ if is_sharing_violation(error) => Reason::FileInUse { path },
            _ => Reason::FileUnreadable { path, cause: error.to_string() },
        };
        Self::because(FaultKind::SourceMissing, reason)
    }
}

/// `ERROR_SHARING_VIOLATION` or `ERROR_LOCK_VIOLATION` of Windows, which the standard library has no kind for.
fn is_sharing_violation(error: &std::io::Error) -> bool {
    cfg!(windows) && matches!(error.raw_os_error(), Some(32 | 33))
}

/// The result of the engine's fallible functions.
pub type Result<T, E = Fault> = std::result::Result<T, E>;
