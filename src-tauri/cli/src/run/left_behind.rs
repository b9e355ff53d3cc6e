//! What probes left on the server because these keys may not delete it, each reported once.

use std::collections::HashSet;
use windlass_engine::{Engine, Fault, NoticeKind};

#[derive(Default)]
pub(super) struct LeftBehind(HashSet<String>);

impl LeftBehind {
    /// Those that were not reported yet, with their address.
    pub(super) fn not_reported(&mut self, engine: &Engine) -> Vec<(String, Fault)> {
        let left = engine.notices().into_iter().filter_map(|notice| match notice.kind {
            NoticeKind::ScratchLeft => notice.path.zip(notice.fault),
            NoticeKind::JournalAside | NoticeKind::SettingsAside | NoticeKind::JournalFull => None,
        });
        left.filter(|(uri, _)| self.0.insert(uri.clone())).collect()
    }
}
