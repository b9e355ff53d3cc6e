//! Settings and connections, in one JSON file. It contains no secrets.

use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::connection::Connection;
use crate::model::customer_key::KeptKey;
use crate::model::link_estimate::LinkEstimate;
use crate::model::lock::locked;
use crate::model::upload::IfExists;
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

/// What happens once all uploads are done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum WhenDone {
    #[default]
    Stay,
    Quit,
    /// Puts the computer to sleep.
    Sleep,
}

/// What closing the window does during uploads. Without uploads, it quits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum OnClose {
    #[default]
    Ask,
    Quit,
    /// Hides the window; uploads continue.
    Tray,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Settings {
    pub appearance: Appearance,
    pub density: Density,
    pub language: Language,
    /// Show a notification when all uploads are done, or one failed.
    pub notify: bool,
    /// Play a sound with it.
    pub sound: bool,
    pub when_done: WhenDone,
    /// Keep the computer awake during uploads.
    pub keep_awake: bool,
    pub on_close: OnClose,
    /// Upload hidden files and folders, too.
    pub hidden_files: bool,
    /// Follow symbolic links. Otherwise they are skipped.
    pub follow_links: bool,
    /// Number of large uploads at a time. Small files are not counted.
    pub uploads_at_once: u32,
    /// Connections per server, for all uploads together. `None` is automatic.
    pub connections: Option<u32>,
    /// Part size in bytes. `None` is automatic.
    pub part_size: Option<u64>,
    /// Bandwidth limit in bytes per second. `None` is unlimited.
    pub limit: Option<u64>,
    /// Limits for certain hours, instead of `limit`. The first match applies.
    pub limit_hours: Vec<ScheduledLimit>,
    /// Run the engine's threads at low priority.
    pub low_priority: bool,
    /// How many seconds to wait for a file that keeps changing, before the user is asked.
    pub ask_changing_after: u32,
    /// What to do if an object exists, unless the connection or an upload says otherwise.
    pub if_exists: IfExists,
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
            if_exists: IfExists::Ask,
        }
    }
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Kept {
    settings: Settings,
    connections: Vec<Connection>,
    /// Customer keys in the keychain, which cannot be enumerated: their MD5s and names, never a key.
    customer_keys: Vec<KeptKey>,
    /// Link estimates, by endpoint and region.
    link_estimate: BTreeMap<String, LinkEstimate>,
}

/// The settings file and its content.
#[derive(Debug)]
pub(crate) struct SettingsFile {
    path: PathBuf,
    kept: Mutex<Kept>,
}

impl SettingsFile {
    /// Opens the file. A file that cannot be parsed is moved to a backup, whose path is returned, and the settings are
    /// reset.
    pub(crate) fn open(path: &Path) -> Result<(Self, Option<PathBuf>)> {
        let mut backup = None;
        let kept = match std::fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_else(|error| {
                let aside = path.with_extension("damaged.json");
                tracing::error!(%error, aside = %aside.display(), "the settings are damaged and were moved to a backup");
                let _ = std::fs::rename(path, &aside);
                backup = Some(aside);
                Kept::default()
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Kept::default(),
            Err(error) => return Err(storage(path, &error)),
        };
        Ok((Self { path: path.to_owned(), kept: Mutex::new(kept) }, backup))
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

    /// Adds a connection, or replaces the one with its ID.
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

    /// Saves an estimate, unless it is close to the saved one. Failures are logged only, because nothing is lost.
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

    /// Adds a key, or replaces the one with its MD5.
    pub(crate) fn set_customer_key(&self, key: KeptKey) -> Result<()> {
        self.change(|kept| {
            kept.customer_keys.retain(|other| other.md5 != key.md5);
            kept.customer_keys.push(key);
        })
    }

    pub(crate) fn forget_customer_key(&self, md5: &str) -> Result<()> {
        self.change(|kept| kept.customer_keys.retain(|key| key.md5 != md5))
    }

    /// Changes the settings in memory only after they are on disk.
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

/// Writes the file completely or not at all: after a power failure it is the old one or the new one.
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
