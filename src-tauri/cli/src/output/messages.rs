//! Messages of the terminal alone: advice about faults, and questions. Messages that the window shows too are in the
//! engine's `fault/messages`.

use crate::fault_codes::WHICH;
use windlass_engine::{Fault, FaultKind, IfChanging, Proof, Reason, Row, SameBytes, Verdict};

/// What was compared, or that nothing was.
pub(crate) fn proof(proof: Option<&Proof>) -> String {
    proof.map_or_else(|| "not compared".into(), Proof::to_string)
}

/// The question for the code of an MFA device.
pub(crate) fn mfa_code(mfa_serial: &str) -> String {
    format!("MFA code of {mfa_serial}: ")
}

/// The verdict as a sentence. With a `receipt`, it is known what was sent; otherwise the object was compared with the file.
pub(crate) fn verdict(verdict: Verdict, receipt: bool) -> String {
    match (verdict, receipt) {
        (Verdict::Same, false) => "The object on the server matches the file.".into(),
        (Verdict::Differs, false) => "The object on the server does not match the file.".into(),
        (Verdict::Gone, false) => "The object does not exist.".into(),
        _ => format!("{verdict}."),
    }
}

/// What Windlass does about a file that keeps changing.
pub(crate) fn goes_on(answer: IfChanging) -> &'static str {
    match answer {
        IfChanging::Ask => "the file keeps changing",
        IfChanging::Wait => "the file keeps changing; waiting for it to become stable",
        IfChanging::Copy => "the file keeps changing; uploading its current version",
    }
}

/// The text with a capital first letter, unless it starts with a URL.
pub(crate) fn sentence(detail: &str) -> String {
    if detail.starts_with("http") {
        return detail.to_owned();
    }
    let mut letters = detail.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    // no full stop: the text may end in a path or a URL
    format!("{first}{}", letters.as_str())
}

/// The question about an object that exists, or may exist.
pub(crate) fn taken(row: &Row) -> String {
    let Row { bucket, key, .. } = row;
    match row.fault.as_ref().and_then(|fault| fault.reason.get()) {
        Some(Reason::MayNotLook { .. }) => format!(
            "These keys cannot check whether s3://{bucket}/{key} exists. Upload anyway, replacing any existing object? [y/N] "
        ),
        _ => {
            let there = row.existing.as_ref().map_or("", |existing| match existing.bytes {
                SameBytes::Same { .. } => " with the same bytes as the file",
                SameBytes::Differ => " and differs from the file",
                SameBytes::Unknown => "",
            });
            format!(
                "s3://{bucket}/{key} already exists{there}. [r]eplace it, [k]eep both or [s]kip? Add \"all\" to answer for all: "
            )
        }
    }
}

/// The failure that is reported for an upload that needs an answer which nobody can give here.
pub(crate) fn needs_answer(row: &Row) -> Fault {
    let Row { bucket, key, .. } = row.clone();
    let size = row.existing.as_ref().and_then(|existing| existing.size);
    Fault::because(
        FaultKind::Exists,
        match size {
            Some(size) => Reason::KeyTaken { bucket, key, size },
            None => Reason::KeyTakenUnseen { bucket, key },
        },
    )
}

/// What to do about a fault, at a terminal.
pub(crate) fn advice(fault: &Fault) -> &'static str {
    if let Some(advice) = fault.reason.get().and_then(of_reason) {
        return advice;
    }
    match fault.kind {
        FaultKind::Offline => {
            "Check the network and --endpoint-url. With --wait-for-network, Windlass waits as long as it takes."
        }
        FaultKind::Throttled => "The server is busy. Try again later, or with fewer --connections.",
        FaultKind::Server => "The server had a problem. Try again.",
        FaultKind::Credentials => {
            "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or choose a --profile or one of the app's connections (--connection)."
        }
        // the server says that they have expired, and there are no others
        FaultKind::SignIn if fault.code.is_some() => {
            "The credentials have expired: provide new ones, or choose another --profile or --connection."
        }
        FaultKind::SignIn => {
            "Sign in with `windlass-cli login` and the same --profile, --connection or --sso-start-url, or with `aws sso login`."
        }
        FaultKind::Keychain => "Unlock the keychain, or provide the keys in environment variables.",
        FaultKind::Denied => "These keys lack the permission; the bucket's owner can grant it.",
        FaultKind::WrongPlace => "Check the bucket's name, --region and --endpoint-url.",
        FaultKind::Clock => "Set this computer's clock.",
        FaultKind::Exists => {
            "Choose what to do with --if-exists: replace, keep-both, skip or skip-same."
        }
        FaultKind::SourceMissing => "Check the path and your permission to read it.",
        FaultKind::SourceChanged if fault.keeps_changing() => {
            "Resume it when the program that is writing it has finished, or upload its current version with --if-changing copy."
        }
        FaultKind::SourceChanged => {
            "Upload it again when the program that is writing it has finished."
        }
        FaultKind::Checksum => "No damaged object was kept. Upload it again.",
        FaultKind::Unsupported => {
            unfinished(fault).unwrap_or("Choose another size, key or option.")
        }
        FaultKind::Storage => "Free up space on the disk, or choose another folder with --state.",
        FaultKind::Bug => "Please report this.",
    }
}

/// Advice for reasons that need more than their kind says.
fn of_reason(reason: &Reason) -> Option<&'static str> {
    Some(match reason {
        Reason::FileInUse { .. } => "Close it there, then upload it again.",
        Reason::MayNotLook { .. } => {
            "Grant these keys s3:ListBucket, or replace any existing object with --if-exists replace."
        }
        Reason::Gateway { .. } => {
            "A proxy in front of the server cannot reach it. Try again later; with --wait-for-network, Windlass waits as long as it takes."
        }
        Reason::MfaCodeNeeded { .. } => {
            "Run it in a terminal, which asks for the code, or provide the code with --mfa-code."
        }
        Reason::LoginNeeded { .. } => "It needs version 2 of the AWS CLI.",
        Reason::SignInDenied | Reason::SignInTimedOut => "Run it again.",
        Reason::SignInFailed { .. } => "Check the start URL and the region of IAM Identity Center.",
        Reason::NotAssumed { .. } => {
            "Check the role's ARN, its trust policy, and the MFA code, which can be used only once."
        }
        Reason::NoMfaCode => "Enter the six digits that the MFA device shows now.",
        Reason::NoStartUrl { .. } => "Check --sso-start-url, or sso_start_url of the profile.",
        Reason::NoIdentityCenter { .. } => {
            "Choose a --profile that does, or give --sso-start-url and --sso-region."
        }
        Reason::NoSuchHost { .. } => {
            "Check the spelling of --endpoint-url, and that this computer is online."
        }
        Reason::UnknownIssuer { .. } => {
            "If the server is your own, provide its certificate, or that of its authority, with --ca-bundle FILE (PEM)."
        }
        Reason::BadCertificate { .. } => {
            "It has expired or is for another name. Check --endpoint-url, or have it renewed."
        }
        Reason::WrongRegion { .. } => "Choose that region with --region.",
        Reason::NoAddress { .. } => "Check --endpoint-url.",
        Reason::NoProfile { .. } => "Choose another --profile, or add it to the AWS configuration.",
        Reason::TooLargeForIt { .. } => {
            "Use smaller parts (--part-size 5MiB is the minimum), or have the limit raised."
        }
        Reason::NotAProxy { .. } => {
            "Correct it, or go without it: --proxy none, or the server's name in NO_PROXY."
        }
        Reason::ProxyDown { .. } => {
            "Check --proxy and the variables HTTPS_PROXY, ALL_PROXY and http_proxy. Without a proxy: --proxy none, or the \
             server's name in NO_PROXY."
        }
        Reason::ProxyNotThrough { .. } => {
            "Check --endpoint-url. With --wait-for-network, Windlass waits as long as it takes."
        }
        Reason::ProxyRefused { .. } => {
            "Without the proxy: --proxy none, or the server's name in NO_PROXY. Another one: --proxy URL."
        }
        Reason::ProxyNeedsLogin { .. } | Reason::ProxyLoginRejected { .. } => {
            "Provide them as --proxy http://USER:PASSWORD@HOST:PORT or in HTTPS_PROXY, percent-encoded (@ is %40); they are \
             never written down."
        }
        Reason::AmazonOnly { .. } => {
            "Leave out --dual-stack, --fips and --accelerate, or --endpoint-url."
        }
        Reason::AccelerateAlone => "Leave out --fips and --path-style.",
        Reason::StoreFull { .. } => "Free up space there, or have the quota raised.",
        Reason::ClockAgrees { .. } => "Try again later.",
        _ => return None,
    })
}

/// Advice about an incomplete multipart upload.
fn unfinished(fault: &Fault) -> Option<&'static str> {
    const LIST: &str = "`windlass-cli unfinished list` lists the incomplete uploads and their IDs.";
    Some(match fault.reason.get() {
        Some(Reason::OtherFile { .. } | Reason::FileTooShort { .. } | Reason::NothingToSend) => {
            "Choose the file that it was created from."
        }
        Some(Reason::UnevenParts | Reason::OtherSums { .. } | Reason::NotComparable) => {
            "Upload the file again, and discard the incomplete upload."
        }
        Some(Reason::HeldAlready | Reason::HeldElsewhere { .. }) => {
            "Resume it with `windlass-cli resume`, or in the app."
        }
        Some(Reason::UnfinishedGone) => LIST,
        _ if fault.is_code(WHICH) => LIST,
        _ => return None,
    })
}

/// Advice about a fault of creating or listing buckets.
pub(crate) fn advice_on_buckets(fault: &Fault) -> &'static str {
    if let Some(advice) = fault.reason.get().filter(|_| fault.is_of_proxy()).and_then(of_reason) {
        return advice;
    }
    match fault.code.as_deref() {
        Some("BucketAlreadyExists") => {
            "Bucket names are shared by all users of the server; choose another one."
        }
        Some("TooManyBuckets") => {
            "Use an existing bucket (`windlass-cli bucket list`), or have the limit raised."
        }
        Some("InvalidBucketName") => {
            "A bucket name has 3 to 63 characters: lowercase letters, digits, hyphens and dots."
        }
        _ if fault.kind == FaultKind::Offline => "Check the network and --endpoint-url.",
        _ if fault.kind == FaultKind::Denied => {
            "These keys may still be able to upload to a bucket that you name, s3://BUCKET/. To create and list buckets they need \
             s3:CreateBucket and s3:ListAllMyBuckets."
        }
        _ if fault.kind == FaultKind::WrongPlace => "Check --region and --endpoint-url.",
        _ if fault.kind == FaultKind::Unsupported => "Choose another name, or another --region.",
        _ => advice(fault),
    }
}

/// Advice about a fault of a verification, which uploads nothing.
pub(crate) fn advice_to_verify(fault: &Fault) -> &'static str {
    if let Some(advice) = fault.reason.get().filter(|_| fault.is_of_proxy()).and_then(of_reason) {
        return advice;
    }
    match fault.kind {
        FaultKind::Offline => "Check the network and --endpoint-url.",
        FaultKind::Denied => {
            "These keys lack the permission to read it; the bucket's owner can grant it."
        }
        FaultKind::Unsupported => {
            "Choose the file to compare it with (--file), or its receipt (--receipt)."
        }
        FaultKind::Storage => "Check the path of the receipt and the --state folder.",
        _ => advice(fault),
    }
}
