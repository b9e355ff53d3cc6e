//! One or more of each [`Reason`].

use crate::fault::{InvalidBucketName, InvalidOption, Locked, Reason, Unstable};
use crate::model::import::WhyNot;
use crate::scheduling::bandwidth_schedule::{Day, WallTime};
use crate::scheduling::deadline::{Aborts, Deadline, Ends};

fn place() -> String {
    "https://s3.example.com".into()
}

fn path() -> String {
    "/films/a.mov".into()
}

fn cause() -> String {
    "EIO".into()
}

fn bucket() -> String {
    "media".into()
}

fn key() -> String {
    "films/a.mov".into()
}

pub(super) fn samples() -> Vec<Reason> {
    let signing_in = signing_in();
    let (proxies, certificates) = (proxies(), certificates());
    [
        files(),
        keys(),
        servers(),
        proxies,
        certificates,
        connections(),
        signing_in,
        objects(),
        our_disk(),
    ]
    .concat()
}

fn files() -> Vec<Reason> {
    let keeps_changing = |how| Reason::KeepsChanging { how };
    vec![
        Reason::FileGone { path: path() },
        Reason::FileForbidden { path: path() },
        Reason::FileInUse { path: path() },
        Reason::FileUnreadable { path: path(), cause: cause() },
        Reason::ReadingFailed { cause: cause() },
        Reason::IsFolder { path: path() },
        Reason::NoFile { path: path() },
        Reason::DiskSilent { path: path(), seconds: 30 },
        Reason::WrongSize { size: 4096, read: Some(34) },
        Reason::WrongSize { size: 4096, read: None },
        Reason::ChangedWhileSent,
        keeps_changing(Unstable::For { seconds: 600 }),
        keeps_changing(Unstable::Times { times: 1 }),
        keeps_changing(Unstable::Times { times: 5 }),
        keeps_changing(Unstable::WhileCopied),
        keeps_changing(Unstable::NoCopy { cause: cause() }),
    ]
}

fn keys() -> Vec<Reason> {
    const GB: u64 = 1_000_000_000;
    vec![
        Reason::NoKey,
        Reason::KeyTooLong { bytes: 2000, file: None },
        Reason::KeyTooLong { bytes: 2000, file: Some("a.mov".into()) },
        Reason::NotUtf8,
        Reason::KeyTaken { bucket: bucket(), key: key(), size: 41_230_000_000 },
        Reason::KeyTakenMeanwhile { bucket: bucket(), key: key() },
        Reason::KeyTakenUnseen { bucket: bucket(), key: key() },
        Reason::MayNotLook { bucket: bucket(), key: key() },
        Reason::TooLarge { size: 60_000 * GB, most: None },
        Reason::TooLarge { size: 5000 * GB + 1, most: Some(5000 * GB) },
        Reason::PartSize { size: 1 << 20, most: None },
        Reason::PartSize { size: 5 << 30, most: Some(5 * GB) },
        Reason::TooManyParts { size: 1000 * GB, part_size: 5 << 20, fits: 96 },
    ]
}

fn servers() -> Vec<Reason> {
    let not_s3 = |status, missing: Option<&str>| Reason::NotS3 {
        place: place(),
        status,
        missing: missing.map(Into::into),
    };
    vec![
        Reason::NoAnswer { place: place() },
        Reason::Silent { place: place(), seconds: 30 },
        Reason::Unreachable { place: place(), cause: cause() },
        Reason::Says { place: place(), text: "Access Denied (AccessDenied)".into() },
        Reason::Gateway { place: place(), status: 502 },
        Reason::EndlessList { place: place() },
        Reason::TooLargeForIt { place: place() },
        Reason::StoreFull { place: place(), said: None },
        Reason::StoreFull { place: place(), said: Some("Quota exceeded".into()) },
        Reason::NoSuchHost { host: "s3.example.com".into(), cause: cause() },
        Reason::CutShort { place: place() },
        Reason::SlowDown { place: place() },
        Reason::ServerFailed { place: place(), status: 500 },
        Reason::Refused { place: place(), status: 403 },
        not_s3(Some(404), None),
        not_s3(Some(200), Some("ETag")),
        not_s3(None, None),
        Reason::BadRequest { cause: cause() },
        Reason::Clock { place: place(), seconds: -7500 },
        Reason::Clock { place: place(), seconds: 60 },
        Reason::ClockAgrees { place: place() },
        Reason::NoSuchBucket { bucket: bucket() },
        Reason::WrongRegion { region: "eu-central-1".into() },
        Reason::BucketName { wrong: InvalidBucketName::TooShort },
        Reason::BucketTaken { bucket: bucket() },
        Reason::NoAddress { endpoint: "s3".into() },
        Reason::AmazonOnly { endpoint: place() },
        Reason::AccelerateAlone,
        Reason::NoMultipart,
        Reason::MayNotAbort,
        Reason::LeftByTrying { uri: "s3://media/.windlass-probe".into() },
    ]
}

fn proxies() -> Vec<Reason> {
    let proxy = || "proxy.example.com:3128".to_owned();
    vec![
        Reason::NotAProxy { variable: None },
        Reason::NotAProxy { variable: Some("HTTPS_PROXY".into()) },
        Reason::ProxyDown { proxy: proxy(), cause: cause() },
        Reason::ProxyNotThrough { proxy: proxy(), place: place(), cause: "HTTP 503".into() },
        Reason::ProxyRefused { proxy: proxy(), place: place(), status: Some(403) },
        Reason::ProxyRefused { proxy: proxy(), place: place(), status: None },
        Reason::ProxyNeedsLogin { proxy: proxy() },
        Reason::ProxyLoginRejected { proxy: proxy() },
    ]
}

fn certificates() -> Vec<Reason> {
    vec![
        Reason::UnknownIssuer { place: place() },
        Reason::BadCertificate { place: place(), cause: cause() },
        Reason::Certificates { path: path(), cause: None },
        Reason::Certificates { path: path(), cause: Some(cause()) },
    ]
}

fn connections() -> Vec<Reason> {
    let keychain = |how| Reason::Keychain { how };
    vec![
        Reason::NoName,
        Reason::NoAccessKeyId,
        Reason::NoSecret,
        Reason::SecretNotHere { connection: "Studio".into() },
        Reason::ConnectionRemoved,
        Reason::NoBucket,
        Reason::NoUsualBucket,
        Reason::NoKeys,
        Reason::ProfileNameNotRead { profile: "Acme Film".into() },
        Reason::NoProfile { profile: "work".into() },
        Reason::KeysNotGiven { cause: None },
        Reason::KeysNotGiven { cause: Some(cause()) },
        Reason::AwsConfiguration { cause: cause() },
        keychain(Locked::None),
        keychain(Locked::Locked),
        keychain(Locked::TooLong),
        keychain(Locked::Refused),
        keychain(Locked::Silent),
    ]
}

fn signing_in() -> Vec<Reason> {
    let start_url = || "https://example.awsapps.com/start".to_owned();
    vec![
        Reason::SignInNeeded { start_url: start_url() },
        Reason::LoginNeeded { profile: "work".into() },
        Reason::MfaCodeNeeded { mfa_serial: "arn:aws:iam::123456789012:mfa/ada".into() },
        Reason::NoMfaCode,
        Reason::NoMfaDevice,
        Reason::NoStartUrl { start_url: "example".into() },
        Reason::NoSsoRegion,
        Reason::NoIdentityCenter { profile: "work".into() },
        Reason::SignInDenied,
        Reason::SignInTimedOut,
        Reason::NotTheService { host: "portal.sso.eu-west-1.amazonaws.com".into() },
        Reason::SignInFailed { start_url: start_url(), cause: cause() },
        Reason::NotAssumed {
            role_arn: Some("arn:aws:iam::123456789012:role/upload".into()),
            cause: cause(),
        },
        Reason::NotAssumed { role_arn: None, cause: cause() },
    ]
}

fn objects() -> Vec<Reason> {
    vec![
        Reason::OtherBytes,
        Reason::OtherObject,
        Reason::OtherSize { object: 1, file: 7000 },
        Reason::NoObject,
        Reason::UploadGone,
        Reason::AnsweredEarly,
        Reason::HeldAlready,
        Reason::HeldElsewhere { folder: "/home/ada/runs".into() },
        Reason::UnfinishedGone,
        Reason::UnevenParts,
        Reason::FileTooShort { size: 5000, reaches: 7000 },
        Reason::NothingToSend,
        Reason::OtherSums { algorithm: "SHA256".into() },
        Reason::OtherFile { parts: 1 },
        Reason::OtherFile { parts: 3000 },
        Reason::NotComparable,
        Reason::StillSent,
        Reason::WrongDays,
        Reason::RulesUnread,
        Reason::RulesNotKept,
        Reason::Stored { wrong: InvalidOption::LinkTime },
    ]
}

fn our_disk() -> Vec<Reason> {
    vec![
        Reason::DiskFull,
        Reason::JournalReadOnly,
        Reason::JournalNotOpen,
        Reason::JournalDamaged,
        Reason::NotWritten { path: path(), cause: cause() },
    ]
}

/// Every rule that the name of a bucket can break.
pub(super) fn bucket_names() -> Vec<InvalidBucketName> {
    vec![
        InvalidBucketName::TooShort,
        InvalidBucketName::TooLong { characters: 64 },
        InvalidBucketName::Uppercase,
        InvalidBucketName::Character { character: "_".into() },
        InvalidBucketName::Begins,
        InvalidBucketName::Ends,
        InvalidBucketName::TwoDots,
        InvalidBucketName::IpAddress,
        InvalidBucketName::ReservedPrefix { prefix: "xn--".into() },
        InvalidBucketName::ReservedSuffix { suffix: "-s3alias".into() },
    ]
}

/// Every reason why a connection of another program cannot be imported.
pub(super) fn why_not() -> Vec<WhyNot> {
    vec![
        WhyNot::Encrypted,
        WhyNot::Malformed,
        WhyNot::NotUtf8,
        WhyNot::TooLarge { bytes: 41_943_040 },
        WhyNot::NotAFile,
        WhyNot::Unreadable { cause: "no permission".into() },
        WhyNot::NotS3 { kind: "drive".into() },
        WhyNot::NoEndpoint,
        WhyNot::BadEndpoint,
        WhyNot::NoKeys,
        WhyNot::SignatureV2,
    ]
}

/// Everything that can end before an upload does.
pub(super) fn deadlines() -> Vec<Deadline> {
    let until = WallTime { day: Day::Fr, minute: 18 * 60 };
    let of = |ends| Deadline { rate: 12_000_000, needs: 9 * 3600, ends };
    vec![
        of(Ends::SignInRenewed { within: 3600, until, soon: true }),
        of(Ends::SignInRenewed { within: 3600, until, soon: false }),
        of(Ends::SignIn { within: 2400 }),
        of(Ends::TemporaryKey { within: 7500 }),
        of(Ends::Upload { within: 7200, days: 1, by: Aborts::Rule }),
        Deadline {
            rate: 1_300_000,
            needs: 777_600,
            ends: Ends::Upload { within: 604_800, days: 7, by: Aborts::Provider },
        },
    ]
}
