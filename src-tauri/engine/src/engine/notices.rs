//! What a person should know that belongs to no one upload: told until it is dismissed. Knows no words for it.

use super::Engine;
use crate::model::lock::locked;
use crate::model::notice::{Notice, NoticeKind};
use crate::persistence::journal::MovedToBackup;
use std::path::PathBuf;

impl Engine {
    /// What stands, the oldest first. That the journal cannot be written stands until it can, dismissed or not.
    pub fn notices(&self) -> Vec<Notice> {
        let mut notices = locked(&self.shared.notices).clone();
        notices.extend(self.shared.journal.trouble().map(|fault| Notice {
            kind: NoticeKind::JournalFull,
            saved: None,
            fault: Some(fault),
            path: None,
        }));
        notices
    }

    pub(super) fn count_notices(&self) -> u32 {
        let stand = locked(&self.shared.notices).len();
        u32::try_from(stand).unwrap_or(u32::MAX)
            + u32::from(self.shared.journal.trouble().is_some())
    }

    /// The user has read it.
    pub fn dismiss_notice(&self, kind: NoticeKind) {
        locked(&self.shared.notices).retain(|notice| notice.kind != kind);
        self.shared.mark_changed();
    }
}

/// What the opening of journal and settings has to tell.
pub(super) fn put_aside(journal: Option<MovedToBackup>, settings: Option<PathBuf>) -> Vec<Notice> {
    let journal = journal.map(|aside| Notice {
        kind: NoticeKind::JournalAside,
        saved: Some(aside.saved),
        fault: None,
        path: Some(aside.path.display().to_string()),
    });
    let settings = settings.map(|path| Notice {
        kind: NoticeKind::SettingsAside,
        saved: None,
        fault: None,
        path: Some(path.display().to_string()),
    });
    journal.into_iter().chain(settings).collect()
}

/// A fault's words begin small, to follow others.
#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::EngineConfig;

    #[tokio::test]
    async fn a_notice_stands_until_it_is_dismissed() {
        let folder = tempfile::tempdir().unwrap();
        let config = EngineConfig { folder: folder.path().to_owned(), patience: None };
        let engine = Engine::open(&config).unwrap();
        let notice = |kind| Notice { kind, saved: None, fault: None, path: None };
        let (one, other) = (notice(NoticeKind::SettingsAside), notice(NoticeKind::JournalAside));
        locked(&engine.shared.notices).extend([one.clone(), other.clone()]);
        assert_eq!(engine.notices(), [one, other.clone()]);
        assert_eq!(engine.totals().await.unwrap().notices, 2);
        let mut changes = engine.changes();
        changes.mark_unchanged();
        engine.dismiss_notice(NoticeKind::SettingsAside);
        assert!(changes.has_changed().unwrap());
        assert_eq!(engine.notices(), [other]);
        assert_eq!(engine.totals().await.unwrap().notices, 1);
    }
}
