//! What a terminal says of faults and proofs, in one place. Knows their kinds; prints nothing.

use crate::fault_codes::WHICH;
use windlass_engine::{
    Compared, Fault, FaultKind, Held, IfChanging, Proof, Reason, Row, Verdict, What,
};

/// What was held against what, and not more.
pub(crate) fn proof(proof: Option<&Proof>) -> String {
    let Some(proof) = proof else { return "not compared".into() };
    let (algorithm, parts) = (&proof.algorithm, &proof.parts);
    match (proof.compared, proof.kind.as_str()) {
        (Compared::WholeObject, _) => format!("compared: whole object, {algorithm}"),
        (Compared::Composite, _) => {
            format!("compared: checksum of the parts' checksums, {algorithm}")
        }
        (Compared::Etag, "COMPOSITE") => "compared: MD5 of every part (ETag)".into(),
        (Compared::Etag, _) => "compared: MD5 (ETag)".into(),
        (Compared::Size, _) => match parts {
            Some(parts) => format!("compared: size only; each part by {parts}"),
            None => "compared: size only".into(),
        },
    }
}

pub(crate) fn what(what: What) -> &'static str {
    match what {
        What::Object => "Object",
        What::Size => "Size",
        What::Checksum => "Checksum",
        What::Etag => "ETag",
        What::Version => "Version",
        What::Parts => "Parts",
        What::File => "Local file",
    }
}

pub(crate) fn held(held: Held) -> &'static str {
    match held {
        Held::Same => "same",
        Held::Differs => "differs",
        Held::Untold => "not told",
    }
}

/// `receipt`: there is one, so that it is known what was sent.
pub(crate) fn verdict(verdict: Verdict, receipt: bool) -> &'static str {
    match (verdict, receipt) {
        (Verdict::Same, true) => "The object is what was sent.",
        (Verdict::Same, false) => "The object is what the file is.",
        (Verdict::SizeOnly, _) => "Nothing contradicts; this server tells only the size.",
        (Verdict::Differs, true) => "The object is not what was sent.",
        (Verdict::Differs, false) => "The object is not what the file is.",
        (Verdict::Gone, _) => "There is no such object.",
    }
}

/// What is done about a file that did not keep still.
pub(crate) fn goes_on(answer: IfChanging) -> &'static str {
    match answer {
        IfChanging::Ask => "the file does not keep still",
        IfChanging::Wait => "the file does not keep still, and is waited for",
        IfChanging::Copy => "the file does not keep still: the state that it has now is sent",
    }
}

/// With a capital at its beginning; an address keeps its own.
pub(crate) fn sentence(detail: &str) -> String {
    if detail.starts_with("http") {
        return detail.to_owned();
    }
    let mut letters = detail.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    // a path or an address ends a line better than a full stop after it
    format!("{first}{}", letters.as_str())
}

/// The question about a key that is taken, or may be.
pub(crate) fn taken(row: &Row) -> String {
    let Row { bucket, key, .. } = row;
    match row.fault.as_ref().and_then(|fault| fault.reason.get()) {
        Some(Reason::MayNotLook { .. }) => format!(
            "Whether s3://{bucket}/{key} is there already these keys may not see. Send it over whatever is there? [y/N] "
        ),
        _ => format!("s3://{bucket}/{key} is there already. Replace it? [y/N] "),
    }
}

/// What to do now, at a terminal.
pub(crate) fn advice(fault: &Fault) -> &'static str {
    if let Some(advice) = fault.reason.get().and_then(of_reason) {
        return advice;
    }
    match fault.kind {
        FaultKind::Offline => {
            "Check the network and --endpoint-url; --wait-for-network waits as long as it takes."
        }
        FaultKind::Throttled => "The server is busy; try later, or with fewer --connections.",
        FaultKind::Server => "The server had a problem; try again.",
        FaultKind::Credentials => {
            "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or choose a --profile or a --connection of the app."
        }
        FaultKind::Keychain => "Unlock the keychain, or give the keys in the environment.",
        FaultKind::Denied => "These keys may not do this; whoever runs the bucket can allow it.",
        FaultKind::WrongPlace => "Check the bucket's name, --region and --endpoint-url.",
        FaultKind::Clock => "Set this computer's clock.",
        FaultKind::Exists => "--if-exists says what to do: replace, keep-both, skip or skip-same.",
        FaultKind::SourceMissing => "Check the path, and whether you may read it.",
        FaultKind::SourceChanged if fault.keeps_changing() => {
            "Go on with it when the program that writes it is done; --if-changing copy sends the state that it has then."
        }
        FaultKind::SourceChanged => "Upload it again when the program that writes it is done.",
        FaultKind::Checksum => "Nothing damaged was kept; upload it again.",
        FaultKind::Unsupported => {
            unfinished(fault).unwrap_or("Choose another size, key or option.")
        }
        FaultKind::Storage => "Make room on the disk, or choose another place with --state.",
        FaultKind::Bug => "Please report this.",
    }
}

/// Where the kind alone would say too little, or something else.
fn of_reason(reason: &Reason) -> Option<&'static str> {
    Some(match reason {
        Reason::MayNotLook { .. } => {
            "Let these keys list the bucket (s3:ListBucket), or send it without a look, over whatever is there: --if-exists replace."
        }
        Reason::Gateway { .. } => {
            "Something in front of the server cannot reach it; try later, or --wait-for-network waits as long as it takes."
        }
        Reason::NoSuchHost { .. } => {
            "Check how --endpoint-url is spelled, and that this computer is online."
        }
        Reason::UnknownIssuer { .. } => {
            "If it is your own server, name its certificate, or its authority's, with --ca-bundle FILE (PEM)."
        }
        Reason::BadCertificate { .. } => {
            "It has expired, or is for another name: check --endpoint-url, or have it renewed."
        }
        Reason::WrongRegion { .. } => "Name that region with --region.",
        Reason::NoAddress { .. } => "Check --endpoint-url.",
        Reason::NoProfile { .. } => "Choose another --profile, or add it to the AWS configuration.",
        Reason::TooLargeForIt { .. } => {
            "Send smaller parts (--part-size 5MiB is the least), or have that limit raised."
        }
        Reason::StoreFull { .. } => "Make room there, or have the quota raised.",
        Reason::ClockAgrees { .. } => "Try again later.",
        _ => return None,
    })
}

/// Where it is about an upload that stands on the server.
fn unfinished(fault: &Fault) -> Option<&'static str> {
    const LIST: &str = "`windlass-cli unfinished list` tells what stands there, and the ids.";
    Some(match fault.reason.get() {
        Some(Reason::OtherFile { .. } | Reason::FileTooShort { .. } | Reason::NothingToSend) => {
            "Name the file that it was begun with."
        }
        Some(Reason::UnevenParts | Reason::OtherSums { .. } | Reason::NotComparable) => {
            "Upload the file anew, and discard what stands there."
        }
        Some(Reason::HeldAlready | Reason::HeldElsewhere { .. }) => {
            "`windlass-cli resume`, or the app, goes on with it."
        }
        Some(Reason::UnfinishedGone) => LIST,
        _ if fault.is_code(WHICH) => LIST,
        _ => return None,
    })
}

/// The same where buckets were to be made or listed.
pub(crate) fn advice_on_buckets(fault: &Fault) -> &'static str {
    match fault.code.as_deref() {
        Some("BucketAlreadyExists") => {
            "A name is taken for everybody who uses the server; choose another."
        }
        Some("TooManyBuckets") => {
            "Use a bucket that is there (windlass-cli bucket list), or ask for more of them."
        }
        Some("InvalidBucketName") => {
            "A name has 3 to 63 lowercase letters, digits, hyphens and dots."
        }
        _ if fault.kind == FaultKind::Offline => "Check the network and --endpoint-url.",
        _ if fault.kind == FaultKind::Denied => {
            "These keys may upload all the same: name the bucket, s3://BUCKET/. To make and list buckets they need \
             s3:CreateBucket and s3:ListAllMyBuckets."
        }
        _ if fault.kind == FaultKind::WrongPlace => "Check --region and --endpoint-url.",
        _ if fault.kind == FaultKind::Unsupported => "Choose another name, or another --region.",
        _ => advice(fault),
    }
}

/// The same where nothing was to be sent.
pub(crate) fn advice_to_verify(fault: &Fault) -> &'static str {
    match fault.kind {
        FaultKind::Offline => "Check the network and --endpoint-url.",
        FaultKind::Denied => "These keys may not look at it; whoever runs the bucket can allow it.",
        FaultKind::Unsupported => {
            "Name the file to hold it against with --file, or its receipt with --receipt."
        }
        FaultKind::Storage => "Check the path of the receipt, and the folder of --state.",
        _ => advice(fault),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(algorithm: &str, kind: &str, compared: Compared, parts: Option<&str>) -> String {
        let (algorithm, kind, value) = (algorithm.into(), kind.into(), String::new());
        let parts = parts.map(Into::into);
        proof(Some(&Proof { algorithm, kind, value, compared, parts }))
    }

    #[test]
    fn no_more_is_said_than_was_proved() {
        use Compared::{Composite, Etag, Size, WholeObject};
        let table = [
            (said("CRC64NVME", "FULL_OBJECT", WholeObject, None), "whole object, CRC64NVME"),
            (
                said("CRC32C", "COMPOSITE", Composite, Some("CRC32C")),
                "checksum of the parts' checksums, CRC32C",
            ),
            (said("MD5", "COMPOSITE", Etag, Some("MD5")), "MD5 of every part (ETag)"),
            (said("MD5", "FULL_OBJECT", Etag, None), "MD5 (ETag)"),
            (said("none", "SIZE", Size, None), "size only"),
            (said("none", "SIZE", Size, Some("MD5")), "size only; each part by MD5"),
        ];
        for (said, want) in table {
            assert_eq!(said, format!("compared: {want}"));
        }
        assert_eq!(proof(None), "not compared");
    }
}
