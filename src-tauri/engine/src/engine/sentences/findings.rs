//! One or more of everything that a connection test and a verification find, and of what is compared.

use crate::engine::connection_check::{Checked, ChecksumsOf};
use crate::engine::verification::finding::{Against, Evidence, Held, What, runs};
use crate::fault::{Fault, FaultKind};
use crate::model::proof::{Compared, Proof, Verdict};

pub(super) fn checked() -> Vec<Checked> {
    let sums = |algorithm: &str, of| Checked::Sums { algorithm: algorithm.into(), of };
    vec![
        Checked::Answers,
        Checked::AnswersThrough { proxy: "proxy.example.com:3128".into() },
        Checked::ClockAgrees,
        Checked::Unsigned,
        Checked::KeysAccepted,
        Checked::BucketThere { bucket: "media".into() },
        Checked::MayUpload,
        sums("CRC64NVME", ChecksumsOf::Objects),
        sums("CRC32C", ChecksumsOf::Parts),
        sums("MD5", ChecksumsOf::PartsAlone),
        sums("", ChecksumsOf::Nothing),
    ]
}

pub(super) fn evidence() -> Vec<Evidence> {
    let value = |algorithm: Option<&str>| Evidence::Value {
        algorithm: algorithm.map(Into::into),
        value: "abc".into(),
    };
    let values = |algorithm: Option<&str>, against| Evidence::Values {
        algorithm: algorithm.map(Into::into),
        ours: "abc".into(),
        theirs: "def".into(),
        against,
    };
    let sizes = |against| Evidence::Sizes { ours: 5000, theirs: 1, against };
    let (few, _) = runs(&[3, 7, 8, 9, 1000]);
    let (many, more) = runs(&(1..40).step_by(2).collect::<Vec<u16>>());
    vec![
        Evidence::There,
        Evidence::Absent,
        value(Some("MD5")),
        value(None),
        values(Some("MD5"), Against::Receipt),
        values(Some("MD5"), Against::File),
        values(None, Against::Receipt),
        Evidence::Size { bytes: 41_943_040 },
        sizes(Against::Receipt),
        sizes(Against::File),
        Evidence::None,
        Evidence::NotHowLong,
        Evidence::OtherVersion { kept: true },
        Evidence::OtherVersion { kept: false },
        Evidence::PartsUntold,
        Evidence::PartCount { sent: 5, there: 7000 },
        Evidence::PartsDiffer { parts: few.clone(), more: false },
        Evidence::PartsDiffer { parts: many.clone(), more },
        Evidence::PartsSame { parts: 1, sums: false },
        Evidence::PartsSame { parts: 5000, sums: true },
        Evidence::FileSize { now: 5, sent: 7000 },
        Evidence::FileSame,
        Evidence::FileChanged { parts: vec![], more: false },
        Evidence::FileChanged { parts: few, more: false },
        Evidence::FileChanged { parts: many, more },
        Evidence::Refused { fault: Fault::new(FaultKind::Denied, "Access Denied (AccessDenied)") },
    ]
}

pub(super) fn whats() -> Vec<What> {
    use What::{Checksum, Etag, File, Object, Parts, Size, Version};
    vec![Object, Size, Checksum, Etag, Version, Parts, File]
}

pub(super) fn helds() -> Vec<Held> {
    vec![Held::Same, Held::Differs, Held::Untold]
}

pub(super) fn verdicts() -> Vec<Verdict> {
    vec![Verdict::Same, Verdict::SizeOnly, Verdict::Differs, Verdict::Gone]
}

pub(super) fn proofs() -> Vec<Proof> {
    let proof = |algorithm: &str, kind: &str, compared, parts: Option<&str>| Proof {
        algorithm: algorithm.into(),
        kind: kind.into(),
        value: "x".into(),
        compared,
        parts: parts.map(Into::into),
    };
    vec![
        proof("CRC64NVME", "FULL_OBJECT", Compared::WholeObject, None),
        proof("CRC32C", "COMPOSITE", Compared::Composite, Some("CRC32C")),
        proof("MD5", "COMPOSITE", Compared::Etag, Some("MD5")),
        proof("MD5", "FULL_OBJECT", Compared::Etag, None),
        proof("none", "SIZE", Compared::Size, None),
        proof("none", "SIZE", Compared::Size, Some("MD5")),
    ]
}
