//! Windlass's own messages about what went wrong, as an enum with values. `messages` has the English text of each; a server's
//! own messages are not among them.

use crate::fault::invalid_bucket_name::InvalidBucketName;
use crate::fault::invalid_option::InvalidOption;
use serde::{Deserialize, Serialize};

/// Why something went wrong. The window shows it in the user's language; the terminal and the log show it in English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Reason {
    // -- the file --
    FileGone {
        path: String,
    },
    FileForbidden {
        path: String,
    },
    /// Another program has opened it for itself alone, as Windows allows.
    FileInUse {
        path: String,
    },
    FileUnreadable {
        path: String,
        cause: String,
    },
    /// Reading failed after the file was opened.
    ReadingFailed {
        cause: String,
    },
    IsFolder {
        path: String,
    },
    /// A pipe, a device or a socket.
    NoFile {
        path: String,
    },
    /// The disk or file server has not responded for this long.
    DiskSilent {
        path: String,
        seconds: u64,
    },
    /// The file system reports a size that differs from what can be read: `read` bytes, or more if it is `None`.
    WrongSize {
        size: u64,
        read: Option<u64>,
    },
    ChangedWhileSent,
    KeepsChanging {
        how: Unstable,
    },
    // -- the key, and what S3 supports --
    NoKey,
    KeyTooLong {
        bytes: u64,
        /// The file whose key it would be, if there are several.
        file: Option<String>,
    },
    /// S3 keys are UTF-8, and the file's name is not.
    NotUtf8,
    KeyTaken {
        bucket: String,
        key: String,
        size: u64,
    },
    /// The key was taken during the upload.
    KeyTakenMeanwhile {
        bucket: String,
        key: String,
    },
    /// The key exists, and these credentials may not see the object.
    KeyTakenUnseen {
        bucket: String,
        key: String,
    },
    /// These credentials cannot check whether the key exists, and the server would overwrite the object.
    MayNotLook {
        bucket: String,
        key: String,
    },
    TooLarge {
        size: u64,
        /// The server's limit, if it is lower than S3's.
        most: Option<u64>,
    },
    /// Outside 5 MiB to 5 GiB, or above the server's limit.
    PartSize {
        size: u64,
        most: Option<u64>,
    },
    TooManyParts {
        size: u64,
        part_size: u64,
        /// The smallest part size that fits, in MiB.
        fits: u64,
    },
    // -- the network and the server --
    NoAnswer {
        place: String,
    },
    /// No data was transferred for this long.
    Silent {
        place: String,
        seconds: u64,
    },
    Unreachable {
        place: String,
        cause: String,
    },
    /// A message in the server's own words and language.
    Says {
        place: String,
        text: String,
    },
    /// A gateway or proxy responded instead of the server.
    Gateway {
        place: String,
        status: u16,
    },
    /// A paginated listing repeats itself or never ends.
    EndlessList {
        place: String,
    },
    /// 413.
    TooLargeForIt {
        place: String,
    },
    /// The store has no space left, or its quota is used up.
    StoreFull {
        place: String,
        /// The server's own message, if it sent one.
        said: Option<String>,
    },
    /// The host name does not resolve.
    NoSuchHost {
        host: String,
        cause: String,
    },
    /// The certificate's issuer is not trusted.
    UnknownIssuer {
        place: String,
    },
    /// The certificate has expired or is for another host.
    BadCertificate {
        place: String,
        cause: String,
    },
    /// Its address is that of no proxy, or of a kind that is not supported. The text is not repeated: it may hold a password.
    NotAProxy {
        /// The environment variable that holds it; None where the connection does.
        variable: Option<String>,
    },
    ProxyDown {
        proxy: String,
        cause: String,
    },
    /// It is there, and did not reach the server.
    ProxyNotThrough {
        proxy: String,
        place: String,
        cause: String,
    },
    ProxyRefused {
        proxy: String,
        place: String,
        status: Option<u16>,
    },
    ProxyNeedsLogin {
        proxy: String,
    },
    ProxyLoginRejected {
        proxy: String,
    },
    CutShort {
        place: String,
    },
    SlowDown {
        place: String,
    },
    ServerFailed {
        place: String,
        status: u16,
    },
    Refused {
        place: String,
        status: u16,
    },
    NotS3 {
        place: String,
        status: Option<u16>,
        /// What an S3 response would have contained.
        missing: Option<String>,
    },
    BadRequest {
        cause: String,
    },
    /// This computer's clock is ahead of the server's by this much; negative if it is behind.
    Clock {
        place: String,
        seconds: i64,
    },
    /// The server says that this computer's clock is wrong, but the two agree.
    ClockAgrees {
        place: String,
    },
    NoSuchBucket {
        bucket: String,
    },
    WrongRegion {
        region: String,
    },
    /// The name of a bucket to be created breaks a rule.
    BucketName {
        wrong: InvalidBucketName,
    },
    /// Somebody else has a bucket of this name.
    BucketTaken {
        bucket: String,
    },
    NoAddress {
        endpoint: String,
    },
    /// Dual-stack, FIPS or transfer acceleration, at an endpoint of one's own.
    AmazonOnly {
        endpoint: String,
    },
    /// Transfer acceleration with FIPS or path-style URLs.
    AccelerateAlone,
    Certificates {
        path: String,
        /// `None` if the file contains no certificate in PEM format.
        cause: Option<String>,
    },
    NoMultipart,
    /// Credentials that may not abort, so no multipart upload is created to try one.
    MayNotAbort,
    /// A scratch upload that could not be deleted.
    LeftByTrying {
        uri: String,
    },
    // -- connections, credentials and the keychain --
    NoName,
    NoAccessKeyId,
    NoSecret,
    SecretNotHere {
        connection: String,
    },
    ConnectionRemoved,
    NoBucket,
    NoUsualBucket,
    /// Neither in the environment nor in the profile.
    NoKeys,
    /// The AWS SDK leaves out profiles with such names.
    ProfileNameNotRead {
        profile: String,
    },
    NoProfile {
        profile: String,
    },
    KeysNotGiven {
        /// `None` if there was no response.
        cause: Option<String>,
    },
    AwsConfiguration {
        cause: String,
    },
    // -- signing in --
    /// With IAM Identity Center: never on this computer, or too long ago.
    SignInNeeded {
        start_url: String,
    },
    /// The session of `aws login` that a profile names has ended, or never began.
    LoginNeeded {
        profile: String,
    },
    MfaCodeNeeded {
        mfa_serial: String,
    },
    /// A code has six digits.
    NoMfaCode,
    /// Nobody is waiting for a code.
    NoMfaDevice,
    NoStartUrl {
        start_url: String,
    },
    NoSsoRegion,
    /// The profile names neither `sso_session` nor `sso_start_url`.
    NoIdentityCenter {
        profile: String,
    },
    /// By whoever was asked in the browser.
    SignInDenied,
    /// Nobody confirmed it in the browser in time.
    SignInTimedOut,
    /// In the words of IAM Identity Center.
    NotTheService {
        host: String,
    },
    SignInFailed {
        start_url: String,
        cause: String,
    },
    /// In the words of AWS STS.
    NotAssumed {
        /// None: a session without a role.
        role_arn: Option<String>,
        cause: String,
    },
    Keychain {
        how: Locked,
    },
    // -- what was stored --
    OtherBytes,
    /// The finished object is not what was sent.
    OtherObject,
    OtherSize {
        object: u64,
        file: u64,
    },
    NoObject,
    UploadGone,
    AnsweredEarly,
    // -- incomplete multipart uploads and lifecycle rules --
    /// It belongs to an upload in the queue.
    HeldAlready,
    /// It belongs to an upload of another run on this computer, whose list is in this folder.
    HeldElsewhere {
        folder: String,
    },
    /// It was completed or aborted.
    UnfinishedGone,
    /// Its parts have different sizes.
    UnevenParts,
    /// The stored parts extend past the end of the file.
    FileTooShort {
        size: u64,
        reaches: u64,
    },
    /// A multipart upload has at least one byte.
    NothingToSend,
    /// It was created with an algorithm that Windlass does not compute.
    OtherSums {
        algorithm: String,
    },
    /// None of its stored parts matches the file.
    OtherFile {
        parts: u32,
    },
    /// The server reports nothing by which its stored parts could be compared.
    NotComparable,
    /// Parts still arrive after it was aborted.
    StillSent,
    WrongDays,
    /// The lifecycle rules have a form that could not be preserved.
    RulesUnread,
    /// The server changed other lifecycle rules, which were restored.
    RulesNotKept,
    // -- object options and links --
    Stored {
        wrong: InvalidOption,
    },
    // -- the local disk --
    DiskFull,
    JournalReadOnly,
    JournalNotOpen,
    JournalDamaged,
    NotWritten {
        path: String,
        cause: String,
    },
}

/// How a file keeps changing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "way", rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Unstable {
    /// It was waited for.
    For {
        seconds: u64,
    },
    /// It changed this often during the upload.
    Times {
        times: u32,
    },
    WhileCopied,
    /// It could not be copied in one version.
    NoCopy {
        cause: String,
    },
}

/// What is wrong with the keychain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Locked {
    None,
    Locked,
    TooLong,
    Refused,
    Silent,
}
