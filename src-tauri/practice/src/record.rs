//! A JSON file that survives a crash: written to a temporary file, synced and renamed, then its folder is synced.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::private;

/// The suffix of files that are not renamed yet. They are deleted when the store is opened.
const ASIDE: &str = "tmp";

/// A record that is on disk but not visible yet. It is deleted when it is dropped without `publish`.
pub(crate) struct Draft {
    aside: PathBuf,
    place: PathBuf,
}

impl Draft {
    pub(crate) fn write<T: Serialize>(place: PathBuf, value: &T) -> io::Result<Self> {
        Self::write_bytes(place, &serde_json::to_vec(value)?)
    }

    pub(crate) fn write_bytes(place: PathBuf, bytes: &[u8]) -> io::Result<Self> {
        // not `with_extension`: a bucket's name may contain dots
        let aside = folder_of(&place).join(format!("{}.{ASIDE}", uuid::Uuid::new_v4().simple()));
        let draft = Self { aside, place };
        let mut file = private::file(&draft.aside, false)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        Ok(draft)
    }

    /// Renames the record to its name. It survives a power failure once `sync_folder` has returned.
    pub(crate) fn publish(self) -> io::Result<()> {
        fs::rename(&self.aside, &self.place)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // after `publish`, there is nothing under this name
        let _ = fs::remove_file(&self.aside);
    }
}

/// Writes a record that nobody else can be waiting for.
pub(crate) fn write<T: Serialize>(place: PathBuf, value: &T) -> io::Result<()> {
    let folder = folder_of(&place).to_owned();
    Draft::write(place, value)?.publish()?;
    sync_folder(&folder)
}

pub(crate) fn read<T: DeserializeOwned>(place: &Path) -> io::Result<T> {
    Ok(serde_json::from_slice(&fs::read(place)?)?)
}

/// Removes a file, which may not exist.
pub(crate) fn remove(place: &Path) -> io::Result<()> {
    match fs::remove_file(place) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Syncs the names in a folder to disk.
#[cfg(unix)]
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

/// Windows keeps names in its own journal, and does not open folders as files.
#[cfg(not(unix))]
pub(crate) fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

pub(crate) fn is_aside(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == ASIDE)
}

fn folder_of(place: &Path) -> &Path {
    place.parent().unwrap_or(Path::new("."))
}
