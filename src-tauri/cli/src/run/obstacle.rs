//! Which faults stop a whole run rather than one file.

use windlass_engine::FaultKind;

/// Whether a fault is about the server, the credentials or this computer, not about one file.
pub(super) fn stands_in_the_way(kind: FaultKind) -> bool {
    match kind {
        FaultKind::Offline
        | FaultKind::Credentials
        | FaultKind::SignIn
        | FaultKind::Keychain
        | FaultKind::WrongPlace
        | FaultKind::Clock
        | FaultKind::Storage => true,
        FaultKind::Throttled
        | FaultKind::Server
        | FaultKind::Denied
        | FaultKind::Exists
        | FaultKind::SourceMissing
        | FaultKind::SourceChanged
        | FaultKind::Checksum
        | FaultKind::Unsupported
        | FaultKind::Bug => false,
    }
}
