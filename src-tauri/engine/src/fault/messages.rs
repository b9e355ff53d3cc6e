//! The English sentence of each [`Reason`], for the terminal and the log. The window says the same
//! (`ui/src/i18n/en/faultReason.ts`); `ui/src/lib/wire/sentences.json` holds the two together.

use super::number_text::{binary, counted, decimal, exact, grouped};
use super::reason::{Locked, Reason, Unstable};
use crate::fault::duration_text::lasted;
use std::fmt;

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FileGone { path } => write!(f, "file not found: {path}"),
            Self::FileForbidden { path } => write!(f, "no permission to read this file: {path}"),
            Self::FileInUse { path } => {
                write!(f, "another program has this file open and does not share it: {path}")
            }
            Self::FileUnreadable { path, cause } => write!(f, "cannot read this file ({cause}): {path}"),
            Self::ReadingFailed { cause } => write!(f, "reading the file failed: {cause}"),
            Self::IsFolder { path } => write!(f, "this is a folder, not a file: {path}"),
            Self::NoFile { path } => write!(f, "not a regular file: {path}"),
            Self::DiskSilent { path, seconds } => {
                let time = lasted(*seconds);
                write!(
                    f,
                    "the disk has not responded for {time}; check it or the connection to it, then try again: {path}"
                )
            }
            Self::WrongSize { size, read: Some(read) } => {
                let (size, read) = (exact(*size), exact(*read));
                write!(
                    f,
                    "the file system reports a size of {size}, but only {read} can be read; upload a copy of the file"
                )
            }
            Self::WrongSize { size, read: None } => write!(
                f,
                "the file system reports a size of {}, but more can be read; upload a copy of the file",
                exact(*size)
            ),
            Self::ChangedWhileSent => f.write_str("the file changed while it was being uploaded"),
            Self::KeepsChanging { how } => how.fmt(f),
            Self::NoKey => f.write_str("the object key is empty"),
            Self::KeyTooLong { bytes, file } => {
                f.write_str("the key ")?;
                if let Some(file) = file {
                    write!(f, "for {file} ")?;
                }
                write!(
                    f,
                    "is {} long, but S3 allows at most 1,024 bytes; shorten the prefix or the file name",
                    exact(*bytes)
                )
            }
            Self::NotUtf8 => f.write_str(
                "the file name is not valid UTF-8, which S3 keys must be; rename the file to upload it",
            ),
            Self::KeyTaken { bucket, key, size } => {
                write!(f, "an object named {key} already exists in {bucket} ({})", decimal(*size))
            }
            Self::KeyTakenMeanwhile { bucket, key } => write!(
                f,
                "an object named {key} was created in {bucket} during the upload; it was not overwritten"
            ),
            Self::KeyTakenUnseen { bucket, key } => write!(
                f,
                "an object named {key} already exists in {bucket}, but these keys are not allowed to read it; it was not \
                 overwritten"
            ),
            Self::MayNotLook { bucket, key } => write!(
                f,
                "these keys cannot check whether {bucket} already contains an object named {key} (s3:ListBucket is \
                 missing), and this server is not known to refuse overwriting"
            ),
            Self::TooLarge { size, most: None } => {
                write!(f, "{} exceeds S3's maximum object size (48.8 TiB)", exact(*size))
            }
            Self::TooLarge { size, most: Some(most) } => {
                let (size, most) = (exact(*size), exact(*most));
                write!(f, "{size} exceeds this server's maximum object size ({most})")
            }
            Self::PartSize { size, most: None } => {
                write!(f, "a part size of {} is outside S3's limits (5 MiB to 5 GiB)", binary(*size))
            }
            Self::PartSize { size, most: Some(most) } => {
                let (size, most) = (binary(*size), binary(*most));
                write!(f, "a part size of {size} exceeds this server's maximum ({most})")
            }
            Self::TooManyParts { size, part_size, fits } => write!(
                f,
                "{} in parts of {} would exceed S3's limit of 10,000 parts; the smallest part size that fits is {}",
                decimal(*size),
                binary(*part_size),
                binary(*fits << 20)
            ),
            Self::NoAnswer { place } => write!(f, "{place} did not respond in time"),
            Self::Silent { place, seconds } => {
                write!(f, "no data was transferred to {place} for {}", lasted(*seconds))
            }
            Self::Unreachable { place, cause } => write!(f, "{place} cannot be reached: {cause}"),
            Self::Says { place, text } => write!(f, "{place} says: {text}"),
            Self::Gateway { place, status } => {
                write!(f, "a proxy or gateway in front of {place} responded with HTTP {status}")
            }
            Self::EndlessList { place } => {
                write!(f, "{place} returns an endless listing, so its contents cannot be determined")
            }
            Self::TooLargeForIt { place } => write!(
                f,
                "{place}, or a proxy in front of it, rejects requests of this size (HTTP 413)"
            ),
            Self::StoreFull { place, said: None } => write!(f, "{place} is out of space"),
            Self::StoreFull { place, said: Some(said) } => {
                write!(f, "{place} is out of space: {said}")
            }
            Self::NoSuchHost { host, cause } => {
                write!(f, "the host name {host} cannot be resolved: {cause}")
            }
            Self::UnknownIssuer { place } => write!(
                f,
                "the certificate of {place} was not issued by an authority that this computer trusts"
            ),
            Self::BadCertificate { place, cause } => {
                write!(f, "the certificate of {place} is not valid: {cause}")
            }
            Self::NotAProxy { variable } => {
                match variable {
                    Some(variable) => write!(f, "the environment variable {variable}")?,
                    None => f.write_str("the proxy's address")?,
                }
                f.write_str(
                    " is not valid; a proxy looks like http://proxy.example.com:3128, and begins with http, https, \
                     socks5 or socks5h",
                )
            }
            Self::ProxyDown { proxy, cause } => write!(
                f,
                "the proxy {proxy} cannot be reached: {cause}; check its address, and whether this network needs it"
            ),
            Self::ProxyNotThrough { proxy, place, cause } => {
                write!(f, "the proxy {proxy} could not connect to {place}: {cause}")
            }
            Self::ProxyRefused { proxy, place, status } => {
                write!(f, "the proxy {proxy} refuses connections to {place}")?;
                if let Some(status) = status {
                    write!(f, " (HTTP {status})")?;
                }
                f.write_str(
                    "; ask its administrator to allow this server, or reach the server without the proxy",
                )
            }
            Self::ProxyNeedsLogin { proxy } => write!(
                f,
                "the proxy {proxy} requires a user name and password; enter them with the proxy's address"
            ),
            Self::ProxyLoginRejected { proxy } => write!(
                f,
                "the proxy {proxy} rejected the user name or password; check them and enter them again"
            ),
            Self::CutShort { place } => write!(f, "the response from {place} was cut off"),
            Self::SlowDown { place } => write!(f, "{place} is throttling requests"),
            Self::ServerFailed { place, status } => {
                write!(f, "{place} reported a server error (HTTP {status})")
            }
            Self::Refused { place, status } => {
                write!(f, "{place} rejected the request (HTTP {status})")
            }
            Self::NotS3 { place, status, missing } => {
                f.write_str("the response did not come from an S3 server")?;
                match (missing, status) {
                    (Some(missing), _) => write!(f, " (no {missing})")?,
                    (None, Some(status)) => write!(f, " (HTTP {status})")?,
                    (None, None) => {}
                }
                write!(
                    f,
                    "; the network may require a sign-in, or {place} is not the endpoint's address"
                )
            }
            Self::BadRequest { cause } => write!(f, "the request could not be built: {cause}"),
            Self::Clock { place, seconds } => {
                let way = if *seconds < 0 { "behind" } else { "ahead of" };
                let by = lasted(seconds.unsigned_abs());
                write!(f, "this computer's clock is {by} {way} the server's ({place})")
            }
            Self::ClockAgrees { place } => write!(
                f,
                "{place} says that this computer's clock is wrong, although it agrees with the server's own Date header"
            ),
            Self::NoSuchBucket { bucket } => write!(f, "the bucket \"{bucket}\" does not exist"),
            Self::WrongRegion { region } => write!(f, "the bucket is in the region {region}"),
            Self::BucketName { wrong } => wrong.fmt(f),
            Self::BucketTaken { bucket } => write!(
                f,
                "the name \"{bucket}\" is taken by somebody else's bucket; choose another name"
            ),
            Self::NoAddress { endpoint } => write!(
                f,
                "\"{endpoint}\" is not a valid endpoint; an endpoint looks like https://s3.example.com"
            ),
            Self::AmazonOnly { endpoint } => write!(
                f,
                "the options dual-stack, FIPS and transfer acceleration belong to Amazon's own endpoints; turn them off, or \
                 remove the endpoint {endpoint}"
            ),
            Self::AccelerateAlone => f.write_str(
                "transfer acceleration cannot be combined with FIPS or path-style URLs; turn one of them off",
            ),
            Self::Certificates { path, cause: None } => {
                write!(f, "{path} contains no certificate in PEM format")
            }
            Self::Certificates { path, cause: Some(cause) } => {
                write!(f, "the certificates in {path} cannot be used: {cause}")
            }
            Self::NoMultipart => f.write_str(
                "the server does not support multipart uploads in any form that Windlass can use",
            ),
            Self::MayNotAbort => f.write_str(
                "these keys cannot abort uploads (s3:AbortMultipartUpload), so the server was not probed: a test \
                 upload would have been left behind",
            ),
            Self::LeftByTrying { uri } => write!(
                f,
                "the probe could not clean up after itself: {uri} is left behind as an object or an incomplete \
                 multipart upload; delete it with keys that are allowed to"
            ),
            Self::NoName => f.write_str("enter a name for the connection"),
            Self::NoAccessKeyId => f.write_str("the access key ID is missing"),
            Self::NoSecret => f.write_str("the secret access key is missing"),
            Self::SecretNotHere { connection } => {
                write!(f, "the secret key of \"{connection}\" is not available; sign in again")
            }
            Self::ConnectionRemoved => f.write_str(
                "the connection of this upload was removed; add it again, or cancel the upload",
            ),
            Self::NoBucket => f.write_str("choose a bucket first"),
            Self::NoUsualBucket => f.write_str(
                "the connection has no default bucket, which the server is probed with; choose one",
            ),
            Self::NoKeys => f.write_str(
                "no keys were found for this connection, neither in the environment nor in the profile",
            ),
            Self::ProfileNameNotRead { profile } => write!(
                f,
                "the AWS SDK does not read a profile named \"{profile}\": give it a name of the letters A to Z, digits \
                 and _-/.%@:+"
            ),
            Self::NoProfile { profile } => {
                write!(f, "the AWS configuration has no profile named \"{profile}\"")
            }
            Self::KeysNotGiven { cause: None } => {
                f.write_str("the credential provider did not respond")
            }
            Self::KeysNotGiven { cause: Some(cause) } => {
                write!(f, "the keys could not be obtained: {cause}")
            }
            Self::AwsConfiguration { cause } => {
                write!(f, "the AWS configuration cannot be used: {cause}")
            }
            Self::SignInNeeded { start_url } => {
                write!(f, "you are not signed in to {start_url}, or the sign-in has expired")
            }
            Self::LoginNeeded { profile } => write!(
                f,
                "the session of the profile \"{profile}\" has expired; sign in with: aws login --profile {profile}"
            ),
            Self::MfaCodeNeeded { mfa_serial } => write!(f, "an MFA code is needed from {mfa_serial}"),
            Self::NoMfaCode => f.write_str("an MFA code has six digits"),
            Self::NoMfaDevice => f.write_str("this connection does not need an MFA code"),
            Self::NoStartUrl { start_url } => write!(
                f,
                "\"{start_url}\" is not a start URL; it looks like https://example.awsapps.com/start"
            ),
            Self::NoSsoRegion => f.write_str("the region of IAM Identity Center is missing"),
            Self::NoIdentityCenter { profile } => write!(
                f,
                "the profile \"{profile}\" does not use IAM Identity Center: it has neither sso_session nor sso_start_url"
            ),
            Self::SignInDenied => f.write_str("the request to sign in was denied in the browser"),
            Self::SignInTimedOut => {
                f.write_str("the sign-in was not completed in the browser in time")
            }
            Self::NotTheService { host } => write!(
                f,
                "something else answered in the place of {host}; the network may require a sign-in of its own, or a \
                 proxy is in the way"
            ),
            Self::SignInFailed { start_url, cause } => {
                write!(f, "signing in to {start_url} failed: {cause}")
            }
            Self::NotAssumed { role_arn: Some(role_arn), cause } => {
                write!(f, "the role {role_arn} could not be assumed: {cause}")
            }
            Self::NotAssumed { role_arn: None, cause } => {
                write!(f, "AWS STS did not start a session: {cause}")
            }
            Self::Keychain { how } => f.write_str(match how {
                Locked::None => "no keychain is available on this computer",
                Locked::Locked => "the keychain is locked, or there is none to unlock",
                Locked::TooLong => "the secret is too long for this keychain",
                Locked::Refused => "the keychain denied access",
                Locked::Silent => "the keychain did not respond",
            }),
            Self::OtherBytes => f.write_str("the server stored other bytes than were sent"),
            Self::OtherObject => f.write_str(
                "the finished object does not match what was sent: the checksums differ",
            ),
            Self::OtherSize { object, file } => {
                let (object, file) = (exact(*object), exact(*file));
                write!(f, "the finished object has {object}, but the file has {file}")
            }
            Self::NoObject => {
                f.write_str("the server completed the upload, but the object does not exist")
            }
            Self::UploadGone => {
                f.write_str("the multipart upload disappeared from the server again and again")
            }
            Self::AnsweredEarly => {
                f.write_str("the server responded before it had received all bytes")
            }
            Self::HeldAlready => {
                f.write_str("an upload in the list already uses this incomplete multipart upload")
            }
            Self::HeldElsewhere { folder } => write!(
                f,
                "another instance of Windlass on this computer already uses this incomplete multipart upload; its list \
                 is in {folder}"
            ),
            Self::UnfinishedGone => f.write_str(
                "this incomplete multipart upload no longer exists on the server; it was completed or aborted in the \
                 meantime",
            ),
            Self::UnevenParts => f.write_str(
                "its stored parts differ in size, and Windlass can resume an upload only if all parts but the last \
                 have the same size; finish it with the program that created it, or discard it",
            ),
            Self::FileTooShort { size, reaches } => write!(
                f,
                "its stored parts extend to byte {}, but this file has only {}: it is not the file that was being \
                 uploaded",
                grouped(*reaches),
                exact(*size)
            ),
            Self::NothingToSend => f.write_str("the file is empty, so there is nothing to resume"),
            Self::OtherSums { algorithm } => write!(
                f,
                "it was created with {algorithm} checksums, which Windlass does not support; only the program that \
                 created it can finish it"
            ),
            Self::OtherFile { parts } => write!(
                f,
                "too few of its {} match this file (parts of zeros do not count), so it is a different file; nothing \
                 was sent, and the server was left unchanged",
                counted(*parts, "stored part")
            ),
            Self::NotComparable => f.write_str(
                "the server reports nothing about its stored parts that could be compared with the file; nothing was \
                 sent",
            ),
            Self::StillSent => {
                f.write_str("parts of it keep arriving: another program is still uploading it")
            }
            Self::WrongDays => f.write_str("a rule takes a whole number of days, at least 1"),
            Self::RulesUnread => f.write_str(
                "the bucket's lifecycle rules are in a form that Windlass could not preserve; nothing was changed",
            ),
            Self::RulesNotKept => f.write_str(
                "the server did not keep the bucket's other lifecycle rules unchanged; the previous rules were restored",
            ),
            Self::Stored { wrong } => wrong.fmt(f),
            Self::DiskFull => f.write_str("the disk with Windlass's list of uploads is full"),
            Self::JournalReadOnly => f.write_str(
                "Windlass's list of uploads cannot be written: its folder is read-only",
            ),
            Self::JournalNotOpen => f.write_str(
                "Windlass's list of uploads cannot be opened; check that its folder is writable",
            ),
            Self::JournalDamaged => f.write_str(
                "Windlass's list of uploads is damaged; restart Windlass to recover what can be saved",
            ),
            Self::NotWritten { path, cause } => write!(f, "{path} cannot be written: {cause}"),
        }
    }
}

impl fmt::Display for Unstable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::For { seconds } => write!(f, "the file kept changing for {}", lasted(*seconds)),
            Self::Times { times } => {
                write!(f, "the file changed {} during the upload", counted(*times, "time"))
            }
            Self::WhileCopied => f.write_str("the file changed even while it was being copied"),
            Self::NoCopy { cause } => write!(f, "the file cannot be copied: {cause}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::{Fault, FaultKind};

    #[test]
    fn a_fault_keeps_its_reason_and_old_rows_read() {
        let fault = Fault::because(FaultKind::WrongPlace, Reason::NoBucket);
        assert_eq!(fault.detail, "choose a bucket first");
        let json = serde_json::to_string(&fault).unwrap();
        assert_eq!(serde_json::from_str::<Fault>(&json).unwrap(), fault);
        let old =
            r#"{"kind":"server","part":3,"status":500,"code":null,"requestId":null,"detail":"x"}"#;
        let old: Fault = serde_json::from_str(old).unwrap();
        assert_eq!((old.reason.get(), old.detail.as_str()), (None, "x"));
        // an unknown kind must not lose the row
        let newer = json.replace("noBucket", "somethingNewer");
        let newer: Fault = serde_json::from_str(&newer).unwrap();
        assert_eq!((newer.reason.get(), newer.detail.as_str()), (None, "choose a bucket first"));
    }
}
