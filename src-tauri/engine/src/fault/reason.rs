//! Windlass's own messages about what went wrong, as an enum with values. `messages` has the English text of each; a server's
//! own messages are not among them.

use crate::fault::invalid_option::InvalidOption;
use serde::{Deserialize, Serialize};

/// Which sentence. The window says it in the language of its user; the terminal and the log say it in English.
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
    FileUnreadable {
        path: String,
        cause: String,
    },
    /// It was open, and reading it failed.
    ReadingFailed {
        cause: String,
    },
    IsFolder {
        path: String,
    },
    /// A pipe, a device, a socket.
    NoFile {
        path: String,
    },
    /// Its disk, or the server that it lies on, has not answered for so long.
    DiskSilent {
        path: String,
        seconds: u64,
    },
    /// Its file system tells another size than can be read: so many bytes of it, or more than it tells.
    WrongSize {
        size: u64,
        read: Option<u64>,
    },
    ChangedWhileSent,
    KeepsChanging {
        how: Unstable,
    },
    // -- the key, and what S3 takes --
    NoKey,
    KeyTooLong {
        bytes: u64,
        /// The file whose key it would be, where there are many.
        file: Option<String>,
    },
    /// S3 keys are UTF-8, and the file's name is not.
    NotUtf8,
    KeyTaken {
        bucket: String,
        key: String,
        size: u64,
    },
    /// While this was sent.
    KeyTakenMeanwhile {
        bucket: String,
        key: String,
    },
    /// There before, which these keys may not see.
    KeyTakenUnseen {
        bucket: String,
        key: String,
    },
    /// Whether the key is taken these keys may not see, and the server would write over it.
    MayNotLook {
        bucket: String,
        key: String,
    },
    TooLarge {
        size: u64,
        /// What this server takes, where it is less than S3.
        most: Option<u64>,
    },
    /// Outside 5 MiB to 5 GiB, or above what this server takes.
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
    // -- the way to the server, and who answers there --
    NoAnswer {
        place: String,
    },
    /// Nothing moved for so long.
    Silent {
        place: String,
        seconds: u64,
    },
    Unreachable {
        place: String,
        cause: String,
    },
    /// In the server's own words, which are whose language they are.
    Says {
        place: String,
        text: String,
    },
    /// Something between here and there answered.
    Gateway {
        place: String,
        status: u16,
    },
    /// The pages of a list that it answers with go round, or never end.
    EndlessList {
        place: String,
    },
    /// 413
    TooLargeForIt {
        place: String,
    },
    /// No room for more, or none that is paid for.
    StoreFull {
        place: String,
        /// In the server's words, where it has some.
        said: Option<String>,
    },
    /// The name is not found.
    NoSuchHost {
        host: String,
        cause: String,
    },
    /// Nobody that this computer trusts vouches for its certificate.
    UnknownIssuer {
        place: String,
    },
    /// Expired, or another server's.
    BadCertificate {
        place: String,
        cause: String,
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
        /// What S3 would have answered.
        missing: Option<String>,
    },
    BadRequest {
        cause: String,
    },
    /// This computer's clock is so far ahead of the server's; behind it where it is negative.
    Clock {
        place: String,
        seconds: i64,
    },
    /// The server says that this computer's clock is wrong, and its own is the same.
    ClockAgrees {
        place: String,
    },
    NoSuchBucket {
        bucket: String,
    },
    WrongRegion {
        region: String,
    },
    NoAddress {
        endpoint: String,
    },
    Certificates {
        path: String,
        /// None: it holds none in PEM form.
        cause: Option<String>,
    },
    NoMultipart,
    /// And so nothing is begun only to try.
    MayNotAbort,
    /// What was made to try something, and could not be taken away again.
    LeftByTrying {
        uri: String,
    },
    // -- connections, their keys and the keychain --
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
    NoProfile {
        profile: String,
    },
    KeysNotGiven {
        /// None: nobody answered.
        cause: Option<String>,
    },
    AwsConfiguration {
        cause: String,
    },
    Keychain {
        how: Locked,
    },
    // -- what arrived --
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
    // -- an unfinished upload on the server, and the rules about them --
    /// An upload of our own list goes on with it.
    HeldAlready,
    /// The list of another run on this computer does, which is kept in this folder.
    HeldElsewhere {
        folder: String,
    },
    /// Finished, or taken off.
    UnfinishedGone,
    /// Parts of more than one size.
    UnevenParts,
    /// What is stored reaches behind the file's end.
    FileTooShort {
        size: u64,
        reaches: u64,
    },
    /// An upload in parts has one byte at least.
    NothingToSend,
    /// Begun with an algorithm that is not made here.
    OtherSums {
        algorithm: String,
    },
    /// Not one of its stored parts is this file's.
    OtherFile {
        parts: u32,
    },
    /// Nothing is told of the stored parts by which they could be compared.
    NotComparable,
    /// Parts arrive after it was taken off.
    StillSent,
    WrongDays,
    /// Lifecycle rules in a form that could not be kept as it is.
    RulesUnread,
    /// The server changed the rules of others; they were put back.
    RulesNotKept,
    // -- how it is stored, and links to it --
    Stored {
        wrong: InvalidOption,
    },
    // -- our own disk --
    DiskFull,
    JournalReadOnly,
    JournalNotOpen,
    JournalDamaged,
    NotWritten {
        path: String,
        cause: String,
    },
}

/// How a file does not keep still.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "way", rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Unstable {
    /// It was waited for.
    For {
        seconds: u64,
    },
    /// So often since it was begun.
    Times {
        times: u32,
    },
    WhileCopied,
    /// No copy of one state can be made.
    NoCopy {
        cause: String,
    },
}

/// What is the matter with the keychain.
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
