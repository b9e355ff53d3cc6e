//! What a terminal says of faults and proofs, in one place. Knows their kinds; prints nothing.

use windlass_engine::page::{Compared, Detail};
use windlass_engine::{Fault, FaultKind};

/// What was held against what.
pub(crate) fn proof(detail: &Detail) -> &'static str {
    match detail.checksum.as_ref().map(|proof| proof.compared) {
        Some(Compared::WholeObject) => "compared by CRC64NVME",
        Some(Compared::Composite) => "compared part by part",
        Some(Compared::Etag) => "compared by its ETag (MD5)",
        Some(Compared::Size) => "only its size compared: this server gives no checksum",
        None => "not compared",
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

/// What to do now, at a terminal.
pub(crate) fn advice(fault: &Fault) -> &'static str {
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
        FaultKind::SourceChanged => "Upload it again when the program that writes it is done.",
        FaultKind::Checksum => "Nothing damaged was kept; upload it again.",
        FaultKind::Unsupported => "Choose another size, key or option.",
        FaultKind::Storage => "Make room on the disk, or choose another place with --state.",
        FaultKind::Bug => "Please report this.",
    }
}
