//! What a person should know that belongs to no one upload: told until it is dismissed. Knows no words for it.

use super::{Engine, locked};
use crate::page::{Notice, NoticeKind};

impl Engine {
    /// What stands, the oldest first.
    pub fn notices(&self) -> Vec<Notice> {
        locked(&self.world.notices).clone()
    }

    /// The user has read it.
    pub fn dismiss_notice(&self, kind: NoticeKind) {
        locked(&self.world.notices).retain(|notice| notice.kind != kind);
        self.world.touch();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Home;

    #[tokio::test]
    async fn a_notice_stands_until_it_is_dismissed() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home { folder: folder.path().to_owned(), patience: None };
        let engine = Engine::open(&home).unwrap();
        let notice = |kind| Notice { kind, detail: String::new(), path: None };
        let (aside, full) = (notice(NoticeKind::SettingsAside), notice(NoticeKind::JournalFull));
        locked(&engine.world.notices).extend([aside.clone(), full.clone()]);
        assert_eq!(engine.notices(), [aside, full.clone()]);
        assert_eq!(engine.totals().await.unwrap().notices, 2);
        let mut changes = engine.changes();
        changes.mark_unchanged();
        engine.dismiss_notice(NoticeKind::SettingsAside);
        assert!(changes.has_changed().unwrap());
        assert_eq!(engine.notices(), [full]);
        assert_eq!(engine.totals().await.unwrap().notices, 1);
    }
}
