//! Settings and connections, in one JSON file. It contains no secrets.

use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::connection::Connection;
use crate::model::customer_key::KeptKey;
use crate::model::link_estimate::LinkEstimate;
use crate::model::lock::locked;
use crate::scheduling::bandwidth_schedule::ScheduledLimit;
use crate::system::private;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Appearance {
    #[default]
    System,
    Light,
    Dark,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Density {
    #[default]
    Normal,
    Compact,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Language {
    #[default]
    System,
    En,
    De,
}

/// What is done once nothing is left to send.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum WhenDone {
    #[default]
    Stay,
    Quit,
    /// The computer goes to sleep.
    Sleep,
}

/// What closing the window does while uploads are under way; with none it quits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum OnClose {
    #[default]
    Ask,
    Quit,
    /// The window goes, the uploads go on.
    Tray,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Settings {
    pub appearance: Appearance,
    pub density: Density,
    pub language: Language,
    /// A notification of the system once nothing is left to send, or something failed.
    pub notify: bool,
    /// With a sound.
    pub sound: bool,
    pub when_done: WhenDone,
    /// The computer does not fall asleep by itself while bytes are sent.
    pub keep_awake: bool,
    pub on_close: OnClose,
    /// Files and folders whose name begins with a dot, or that the system hides, are uploaded too.
    pub hidden_files: bool,
    /// Links are uploaded as what they lead to; left out otherwise.
    pub follow_links: bool,
    /// Large uploads under way at once; small files need no place among them.
    pub uploads_at_once: u32,
    /// Connections to each server, for all uploads together; none is automatic.
    pub connections: Option<u32>,
    /// Bytes of a part; none is automatic.
    pub part_size: Option<u64>,
    /// Bytes a second; none is no limit.
    pub limit: Option<u64>,
    /// Limits that hold at some hours instead of that one; the first that fits wins.
    pub limit_hours: Vec<ScheduledLimit>,
    /// The engine's threads go behind everybody else's.
    pub low_priority: bool,
    /// Seconds for which a file that keeps changing is waited for before the user is asked.
    pub ask_changing_after: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            appearance: Appearance::System,
            density: Density::Normal,
            language: Language::System,
            notify: true,
            sound: false,
            when_done: WhenDone::Stay,
            keep_awake: true,
            on_close: OnClose::Ask,
            hidden_files: true,
            follow_links: false,
            uploads_at_once: 3,
            connections: None,
            part_size: None,
            limit: None,
            limit_hours: Vec::new(),
            low_priority: false,
            ask_changing_after: 600,
        }
    }
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Kept {
    settings: Settings,
    connections: Vec<Connection>,
    /// Keys of the user's own that are in the keychain, which cannot be listed: their MD5s and names, never a key.
    customer_keys: Vec<KeptKey>,
    /// What the link to each place was found to carry, by its address and region.
    link_estimate: BTreeMap<String, LinkEstimate>,
}

/// The file, and what it says.
#[derive(Debug)]
pub(crate) struct SettingsFile {
    path: PathBuf,
    kept: Mutex<Kept>,
}

impl SettingsFile {
    /// A file that cannot be understood is put aside under the name that is answered, and the settings begin anew.
    pub(crate) fn open(path: &Path) -> Result<(Self, Option<PathBuf>)> {
        let mut put_aside = None;
        let kept = match std::fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_else(|error| {
                let aside = path.with_extension("damaged.json");
                tracing::error!(%error, aside = %aside.display(), "the settings are damaged and were put aside");
                let _ = std::fs::rename(path, &aside);
                put_aside = Some(aside);
                Kept::default()
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Kept::default(),
            Err(error) => return Err(storage(path, &error)),
        };
        Ok((Self { path: path.to_owned(), kept: Mutex::new(kept) }, put_aside))
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        locked(&self.kept)
    }

    pub(crate) fn settings(&self) -> Settings {
        self.kept().settings.clone()
    }

    pub(crate) fn connections(&self) -> Vec<Connection> {
        self.kept().connections.clone()
    }

    pub(crate) fn connection(&self, id: &str) -> Option<Connection> {
        self.kept().connections.iter().find(|connection| connection.id == id).cloned()
    }

    pub(crate) fn set_settings(&self, settings: Settings) -> Result<()> {
        self.change(|kept| kept.settings = settings)
    }

    /// Adds it, or takes the place of the one with its id.
    pub(crate) fn set_connection(&self, connection: Connection) -> Result<()> {
        self.change(|kept| {
            match kept.connections.iter_mut().find(|other| other.id == connection.id) {
                Some(other) => *other = connection,
                None => kept.connections.push(connection),
            }
        })
    }

    pub(crate) fn forget_connection(&self, id: &str) -> Result<()> {
        self.change(|kept| kept.connections.retain(|connection| connection.id != id))
    }

    pub(crate) fn link_estimate(&self, connection: &str) -> Option<LinkEstimate> {
        let kept = self.kept();
        let connection = kept.connections.iter().find(|one| one.id == connection)?;
        kept.link_estimate.get(&place(connection)).copied()
    }

    /// Nothing is lost where it cannot be kept. What is nearly what was kept is not written.
    pub(crate) fn save_link_estimate(&self, connection: &str, link_estimate: LinkEstimate) {
        let Some(place) = self.connection(connection).as_ref().map(place) else { return };
        let is_like = |before: &LinkEstimate| {
            let (low, high) =
                (before.rate.min(link_estimate.rate), before.rate.max(link_estimate.rate));
            before.connections == link_estimate.connections && high / 2 <= low
        };
        if self.kept().link_estimate.get(&place).is_some_and(is_like) {
            return;
        }
        if let Err(fault) = self.change(|kept| _ = kept.link_estimate.insert(place, link_estimate))
        {
            tracing::warn!(%fault, "what a link carries could not be kept");
        }
    }

    pub(crate) fn customer_keys(&self) -> Vec<KeptKey> {
        self.kept().customer_keys.clone()
    }

    /// Adds it, or takes the place of the one with its MD5.
    pub(crate) fn set_customer_key(&self, key: KeptKey) -> Result<()> {
        self.change(|kept| {
            kept.customer_keys.retain(|other| other.md5 != key.md5);
            kept.customer_keys.push(key);
        })
    }

    pub(crate) fn forget_customer_key(&self, md5: &str) -> Result<()> {
        self.change(|kept| kept.customer_keys.retain(|key| key.md5 != md5))
    }

    /// What is in memory changes only once it is on the disk.
    fn change(&self, edit: impl FnOnce(&mut Kept)) -> Result<()> {
        let mut kept = self.kept();
        let mut next = kept.clone();
        edit(&mut next);
        write(&self.path, &next).map_err(|error| storage(&self.path, &error))?;
        *kept = next;
        Ok(())
    }
}

fn place(connection: &Connection) -> String {
    format!("{} {}", connection.endpoint.as_deref().unwrap_or("Amazon S3"), connection.region)
}

/// Whole or not at all: a power cut leaves the old file or the new one.
fn write(path: &Path, kept: &Kept) -> std::io::Result<()> {
    let next = path.with_extension("next.json");
    let mut file = private::options().create(true).truncate(true).open(&next)?;
    file.write_all(&serde_json::to_vec_pretty(kept)?)?;
    file.sync_all()?;
    std::fs::rename(&next, path)
}

fn storage(path: &Path, error: &std::io::Error) -> Fault {
    let (path, cause) = (path.display().to_string(), error.to_string());
    Fault::because(FaultKind::Storage, Reason::NotWritten { path, cause })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_survive_and_damage_is_put_aside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        let (file, aside) = SettingsFile::open(&path).unwrap();
        assert_eq!(aside, None);
        file.set_settings(Settings { limit: Some(7), ..Settings::default() }).unwrap();
        assert_eq!(SettingsFile::open(&path).unwrap().0.settings().limit, Some(7));

        std::fs::write(&path, "{ half").unwrap();
        let (file, aside) = SettingsFile::open(&path).unwrap();
        assert_eq!(file.settings(), Settings::default());
        assert_eq!(std::fs::read_to_string(aside.unwrap()).unwrap(), "{ half");
    }

    #[test]
    fn what_cannot_be_written_is_not_believed() {
        let folder = tempfile::tempdir().unwrap();
        let (file, _) =
            SettingsFile::open(&folder.path().join("gone").join("settings.json")).unwrap();
        let fault =
            file.set_settings(Settings { limit: Some(7), ..Settings::default() }).unwrap_err();
        assert_eq!(fault.kind, FaultKind::Storage);
        assert_eq!(file.settings().limit, None);
    }
}
