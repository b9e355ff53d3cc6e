//! The English sentence of each of our own reasons, for the terminal and the log. Knows nothing else.

use super::reason::{Locked, Reason, Unstable};
use crate::fault::duration_text::lasted;
use std::fmt;

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FileGone { path } => write!(f, "There is no file at this path: {path}"),
            Self::FileForbidden { path } => write!(f, "This file may not be read by you: {path}"),
            Self::FileUnreadable { path, cause } => {
                write!(f, "This file cannot be read ({cause}): {path}")
            }
            Self::ReadingFailed { cause } => write!(f, "reading the file failed: {cause}"),
            Self::IsFolder { path } => write!(f, "This is a folder: {path}"),
            Self::NoFile { path } => write!(f, "This is no ordinary file: {path}"),
            Self::DiskSilent { path, seconds } => write!(
                f,
                "the disk has not answered for {seconds} seconds; check it, or the way to it, and try again: {path}"
            ),
            Self::WrongSize { size, read: Some(read) } => write!(
                f,
                "the file's size is given as {size} bytes, and only {read} of them can be read; upload a copy of it"
            ),
            Self::WrongSize { size, read: None } => write!(
                f,
                "the file's size is given as {size} bytes, and more can be read; upload a copy of it"
            ),
            Self::ChangedWhileSent => f.write_str("the file was changed while it was sent"),
            Self::KeepsChanging { how } => how.fmt(f),
            Self::NoKey => f.write_str("an object needs a name: the key is empty"),
            Self::KeyTooLong { bytes, file } => {
                if let Some(file) = file {
                    write!(f, "{file}: ")?;
                }
                write!(
                    f,
                    "the key is {bytes} bytes long and S3 takes 1,024; shorten the prefix or the file's name"
                )
            }
            Self::NotUtf8 => f.write_str(
                "S3 keys are UTF-8 and this name is not; rename the file to upload it",
            ),
            Self::KeyTaken { bucket, key, size } => {
                write!(f, "{bucket} has an object named {key} already ({size} bytes)")
            }
            Self::KeyTakenMeanwhile { bucket, key } => write!(
                f,
                "{bucket} got an object named {key} while this was sent; nothing of it was written over"
            ),
            Self::KeyTakenUnseen { bucket, key } => write!(
                f,
                "{bucket} has an object named {key} already, which these keys may not look at; nothing of it was written \
                 over"
            ),
            Self::MayNotLook { bucket, key } => write!(
                f,
                "whether {bucket} has an object named {key} already these keys may not see (s3:ListBucket is missing), \
                 and this server is not known to refuse to write over it"
            ),
            Self::TooLarge { size, most: None } => {
                write!(f, "{size} bytes are more than S3 keeps in one object (48.8 TiB)")
            }
            Self::TooLarge { size, most: Some(most) } => {
                write!(f, "{size} bytes are more than this server keeps in one object ({most})")
            }
            Self::PartSize { size, most: None } => {
                write!(f, "a part of {size} bytes is outside S3's limits (5 MiB to 5 GiB)")
            }
            Self::PartSize { size, most: Some(most) } => {
                write!(f, "a part of {size} bytes is more than this server takes ({most})")
            }
            Self::TooManyParts { size, part_size, fits } => write!(
                f,
                "{size} bytes in parts of {part_size} are more than S3's 10,000 parts; the smallest part size that \
                 fits is {fits} MiB"
            ),
            Self::NoAnswer { place } => write!(f, "no answer in time from {place}"),
            Self::Silent { place, seconds } => {
                write!(f, "nothing has moved for {seconds} seconds to {place}")
            }
            Self::Unreachable { place, cause } => write!(f, "{cause}: {place} cannot be reached"),
            Self::Says { place, text } => write!(f, "{place} says: {text}"),
            Self::Gateway { place, status } => {
                write!(f, "HTTP {status} from something between here and {place}")
            }
            Self::EndlessList { place } => write!(
                f,
                "{place} answers with a list that does not end; what it has stored cannot be known"
            ),
            Self::TooLargeForIt { place } => write!(
                f,
                "{place}, or something between here and there, takes no request of this size (HTTP 413)"
            ),
            Self::StoreFull { place, said: None } => write!(f, "{place} has no room left"),
            Self::StoreFull { place, said: Some(said) } => {
                write!(f, "{place} has no room left: {said}")
            }
            Self::NoSuchHost { host, cause } => {
                write!(f, "the name {host} cannot be resolved: {cause}")
            }
            Self::UnknownIssuer { place } => write!(
                f,
                "the certificate of {place} is not signed by anybody that this computer trusts"
            ),
            Self::BadCertificate { place, cause } => {
                write!(f, "the certificate of {place} cannot be trusted: {cause}")
            }
            Self::CutShort { place } => write!(f, "the answer of {place} was cut short"),
            Self::SlowDown { place } => write!(f, "{place} asks for patience"),
            Self::ServerFailed { place, status } => write!(f, "{place} failed (HTTP {status})"),
            Self::Refused { place, status } => write!(f, "{place} refused (HTTP {status})"),
            Self::NotS3 { place, status, missing } => {
                f.write_str("no S3 server answers")?;
                match (missing, status) {
                    (Some(missing), _) => write!(f, ", for the {missing} is missing")?,
                    (None, Some(status)) => write!(f, " (HTTP {status})")?,
                    (None, None) => {}
                }
                write!(
                    f,
                    "; the network may want a sign-in, or {place} is not the endpoint's address"
                )
            }
            Self::BadRequest { cause } => write!(f, "the request could not be made: {cause}"),
            Self::Clock { place, seconds } => {
                let way = if *seconds < 0 { "behind" } else { "ahead of" };
                let by = lasted(seconds.unsigned_abs());
                write!(f, "this computer's clock is {by} {way} that of {place}")
            }
            Self::ClockAgrees { place } => write!(
                f,
                "{place} says that this computer's clock is wrong, and by its own Date it is right"
            ),
            Self::NoSuchBucket { bucket } => write!(f, "there is no bucket named \"{bucket}\" here"),
            Self::WrongRegion { region } => write!(f, "the bucket lives in the region {region}"),
            Self::NoAddress { endpoint } => write!(
                f,
                "\"{endpoint}\" is no endpoint address; it looks like https://s3.example.com"
            ),
            Self::Certificates { path, cause: None } => {
                write!(f, "{path} holds no certificate in PEM form")
            }
            Self::Certificates { path, cause: Some(cause) } => {
                write!(f, "the certificates in {path} cannot be used: {cause}")
            }
            Self::NoMultipart => {
                f.write_str("the server takes no multipart upload in any form known here")
            }
            Self::MayNotAbort => f.write_str(
                "these keys may not abort an upload (s3:AbortMultipartUpload), so none was begun only to try: it \
                 would have been left on the server",
            ),
            Self::LeftByTrying { uri } => write!(
                f,
                "what was made to try the server could not be taken away again: {uri} is left, as an object or as an \
                 unfinished upload; take it off with keys that may"
            ),
            Self::NoName => f.write_str("give the connection a name"),
            Self::NoAccessKeyId => f.write_str("the access key id is missing"),
            Self::NoSecret => f.write_str("the secret access key is missing"),
            Self::SecretNotHere { connection } => {
                write!(f, "the secret key of \"{connection}\" is not here; sign in again")
            }
            Self::ConnectionRemoved => f.write_str(
                "the connection of this upload was removed; add it again, or cancel the upload",
            ),
            Self::NoBucket => f.write_str("choose a bucket first"),
            Self::NoUsualBucket => {
                f.write_str("give the connection a usual bucket: the server is asked there")
            }
            Self::NoKeys => f.write_str(
                "no keys were found for this connection: neither in the environment nor in the profile",
            ),
            Self::NoProfile { profile } => {
                write!(f, "there is no profile named \"{profile}\" in the AWS configuration")
            }
            Self::KeysNotGiven { cause: None } => {
                f.write_str("the place that gives out the keys did not answer")
            }
            Self::KeysNotGiven { cause: Some(cause) } => {
                write!(f, "the keys could not be had: {cause}")
            }
            Self::AwsConfiguration { cause } => {
                write!(f, "the AWS configuration cannot be used: {cause}")
            }
            Self::Keychain { how } => f.write_str(match how {
                Locked::None => "no keychain answers on this computer",
                Locked::Locked => "the keychain is locked, or there is none to open in it",
                Locked::TooLong => "the secret is longer than this keychain takes",
                Locked::Refused => "the keychain refused",
                Locked::Silent => "the keychain did not answer",
            }),
            Self::OtherBytes => f.write_str("the server stored other bytes than were sent"),
            Self::OtherObject => {
                f.write_str("the finished object is not what was sent: the checksums differ")
            }
            Self::OtherSize { object, file } => {
                write!(f, "the finished object has {object} bytes, and the file {file}")
            }
            Self::NoObject => {
                f.write_str("the server completed the upload and has no such object")
            }
            Self::UploadGone => {
                f.write_str("the unfinished upload was gone on the server again and again")
            }
            Self::AnsweredEarly => f.write_str("the server answered before it had all bytes"),
            Self::HeldAlready => {
                f.write_str("an upload in the list goes on with this unfinished upload already")
            }
            Self::HeldElsewhere { folder } => write!(
                f,
                "another run of Windlass on this computer goes on with this unfinished upload: its list is in {folder}"
            ),
            Self::UnfinishedGone => f.write_str(
                "this unfinished upload is not on the server any more: it was finished or discarded meanwhile",
            ),
            Self::UnevenParts => f.write_str(
                "its stored parts have different sizes, and Windlass goes on only where all but the last are of one \
                 size: the program that began it can finish it, or it is discarded",
            ),
            Self::FileTooShort { size, reaches } => write!(
                f,
                "its stored parts reach to byte {reaches}, and this file has only {size}: it is not the file that was \
                 sent"
            ),
            Self::NothingToSend => f.write_str("the file is empty: there is nothing to go on with"),
            Self::OtherSums { algorithm } => write!(
                f,
                "it was begun with {algorithm} checksums, which Windlass does not make: only the program that began it \
                 can finish it"
            ),
            Self::OtherFile { parts } => write!(
                f,
                "too few of its {parts} stored parts are in this file, those of zeros left out: it is another file. Nothing \
                 was sent, and what is on the server is as it was"
            ),
            Self::NotComparable => f.write_str(
                "the server tells nothing by which its stored parts could be held against the file; nothing was sent",
            ),
            Self::StillSent => f.write_str("parts of it keep arriving: somebody is still sending it"),
            Self::WrongDays => f.write_str("a rule takes whole days, from 1 on"),
            Self::RulesUnread => f.write_str(
                "the bucket's lifecycle rules are in a form that Windlass could not keep as it is; nothing was written",
            ),
            Self::RulesNotKept => f.write_str(
                "the server did not keep the bucket's lifecycle rules as they were written; those from before were put \
                 back",
            ),
            Self::Stored { wrong } => wrong.fmt(f),
            Self::DiskFull => f.write_str("the disk with Windlass's journal is full"),
            Self::JournalReadOnly => {
                f.write_str("Windlass's journal may not be written: its folder is read-only")
            }
            Self::JournalNotOpen => {
                f.write_str("Windlass's journal cannot be opened: may its folder be written?")
            }
            Self::JournalDamaged => f.write_str(
                "Windlass's journal is damaged; start Windlass again, it then saves what it can",
            ),
            Self::NotWritten { path, cause } => write!(f, "{path} cannot be written: {cause}"),
        }
    }
}

impl fmt::Display for Unstable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::For { seconds } => write!(f, "it did not keep still for {}", lasted(*seconds)),
            Self::Times { times } => write!(f, "it changed {times} times since it was begun"),
            Self::WhileCopied => f.write_str("it changed even while it was copied"),
            Self::NoCopy { cause } => write!(f, "no copy of it can be made: {cause}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::{Fault, FaultKind};

    #[test]
    fn values_are_in_the_sentences() {
        let place = || "https://s3".to_owned();
        let table = [
            (Reason::FileGone { path: "/a".into() }, "There is no file at this path: /a"),
            (
                Reason::KeyTooLong { bytes: 2000, file: Some("a.mov".into()) },
                "a.mov: the key is 2000 bytes long and S3 takes 1,024; shorten the prefix or the file's name",
            ),
            (
                Reason::TooLarge { size: 7, most: Some(5) },
                "7 bytes are more than this server keeps in one object (5)",
            ),
            (
                Reason::TooLarge { size: 7, most: None },
                "7 bytes are more than S3 keeps in one object (48.8 TiB)",
            ),
            (
                Reason::NotS3 { place: place(), status: Some(404), missing: None },
                "no S3 server answers (HTTP 404); the network may want a sign-in, or https://s3 is not the endpoint's \
                 address",
            ),
            (
                Reason::NotS3 { place: place(), status: None, missing: Some("ETag".into()) },
                "no S3 server answers, for the ETag is missing; the network may want a sign-in, or https://s3 is not \
                 the endpoint's address",
            ),
            (
                Reason::Clock { place: place(), seconds: -7500 },
                "this computer's clock is 2 h 5 min behind that of https://s3",
            ),
            (
                Reason::Clock { place: place(), seconds: 60 },
                "this computer's clock is 1 min ahead of that of https://s3",
            ),
            (
                Reason::KeepsChanging { how: Unstable::For { seconds: 600 } },
                "it did not keep still for 10 min",
            ),
            (Reason::Keychain { how: Locked::Refused }, "the keychain refused"),
        ];
        for (reason, sentence) in table {
            assert_eq!(reason.to_string(), sentence);
            let json = serde_json::to_string(&reason).unwrap();
            assert_eq!(serde_json::from_str::<Reason>(&json).unwrap(), reason);
        }
    }

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
        // a kind that this version does not know is no reason to lose the row
        let newer = json.replace("noBucket", "somethingNewer");
        let newer: Fault = serde_json::from_str(&newer).unwrap();
        assert_eq!((newer.reason.get(), newer.detail.as_str()), (None, "choose a bucket first"));
    }
}
