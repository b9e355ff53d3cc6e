//! One or more of each [`InvalidOption`].

use crate::fault::InvalidOption;

pub(super) fn samples() -> Vec<InvalidOption> {
    let place = || "https://s3.example.com".to_owned();
    let header = || "Cache-Control".to_owned();
    let name = || "größe".to_owned();
    let md5 = || "tP/LI3N87DFaSk0aoqYgzg==".to_owned();
    vec![
        InvalidOption::Characters { header: header() },
        InvalidOption::NotAscii { header: header() },
        InvalidOption::Acl { acl: "public".into() },
        InvalidOption::LockDays { days: 0 },
        InvalidOption::LockDays { days: 36_501 },
        InvalidOption::KmsKeyAlone,
        InvalidOption::TwoEncryptions,
        InvalidOption::Tags { count: 11 },
        InvalidOption::TagName { name: name() },
        InvalidOption::TagValue { name: name() },
        InvalidOption::TagCharacter { name: name(), character: "!".into() },
        InvalidOption::TagReserved { name: "aws:a".into() },
        InvalidOption::TagTwice { name: name() },
        InvalidOption::MetadataName { name: name() },
        InvalidOption::MetadataTwice { name: name() },
        InvalidOption::MetadataSize { bytes: 2049 },
        InvalidOption::KeyForm,
        InvalidOption::KeyLength { bytes: 1 },
        InvalidOption::KeyLength { bytes: 31 },
        InvalidOption::KeyNotHere { md5: md5() },
        InvalidOption::KeyNeedsHttps { endpoint: "http://s3.example.com".into() },
        InvalidOption::OtherKey { key: "Films/a.mov".into(), md5: md5() },
        InvalidOption::NotEncrypted { place: place() },
        InvalidOption::NotLocked { cause: "EIO".into() },
        InvalidOption::LinkTime,
        InvalidOption::LinkNotDone,
        InvalidOption::LinkOwnKey,
        InvalidOption::LinkUnsigned,
        InvalidOption::LinkSessionEnded,
    ]
}
