//! Reads a bucket's folder: records become the index, and files without a record are deleted.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use s3s::xml;
use serde::de::DeserializeOwned;

use super::{Bucket, BucketFile, Index, Object, ObjectFile, Upload, UploadRecord};
use crate::answer::now;
use crate::blobs::{Blobs, Part};
use crate::{private, record};

/// What was found in the folder.
struct Search {
    /// the files of bytes that exist, and their sizes
    there: HashMap<String, u64>,
    /// those that a record names
    named: BTreeSet<String>,
    /// a record could not be read, so it is not known which bytes it names: none may be deleted
    damaged: bool,
}

impl Bucket {
    pub(crate) fn reopen(folder: PathBuf) -> io::Result<Self> {
        let mut bucket = Self { created: 0, folder, index: Mutex::default() };
        private::folder(&bucket.folder)?;
        for folder in [bucket.bytes(), bucket.objects_folder(), bucket.uploads_folder()] {
            private::folder(&folder)?;
        }
        let mut search =
            Search { there: sizes(&bucket.bytes())?, named: BTreeSet::new(), damaged: false };
        sweep_aside(&bucket.folder)?;
        let file: Option<BucketFile> = search.read(&bucket.folder.join("bucket.json"));
        bucket.created = file.map_or_else(now, |file| file.created);

        let mut index = Index { lifecycle: bucket.read_lifecycle(), ..Index::default() };
        bucket.read_objects(&mut index, &mut search)?;
        bucket.read_uploads(&mut index, &mut search)?;
        bucket.sweep_bytes(&search);
        bucket.index = Mutex::new(index);
        Ok(bucket)
    }

    fn read_lifecycle(&self) -> Option<s3s::dto::BucketLifecycleConfiguration> {
        let bytes = fs::read(self.lifecycle_file()).ok()?;
        let parsed = xml::Deserialize::deserialize(&mut xml::Deserializer::new(&bytes));
        parsed
            .inspect_err(|error| tracing::warn!(%error, "a bucket's lifecycle could not be read"))
            .ok()
    }

    fn read_objects(&self, index: &mut Index, search: &mut Search) -> io::Result<()> {
        sweep_aside(&self.objects_folder())?;
        for path in records(&self.objects_folder())? {
            let Some(ObjectFile { record, parts }) = search.read(&path) else { continue };
            if !parts.iter().all(|part| search.has(part)) {
                tracing::warn!(key = %record.key, "an object's bytes are not all there: it is left out");
                continue;
            }
            let blobs = Blobs::new(&self.bytes(), parts);
            index.objects.insert(record.key.clone(), Arc::new(Object { record, blobs }));
        }
        Ok(())
    }

    fn read_uploads(&self, index: &mut Index, search: &mut Search) -> io::Result<()> {
        // a crash between creating the object and ending its upload leaves both
        let completed: BTreeSet<String> =
            index.objects.values().filter_map(|object| object.record.upload_id.clone()).collect();
        for folder in entries(&self.uploads_folder())? {
            let file = folder.join("upload.json");
            let id = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if completed.contains(&id) || !file.try_exists()? {
                remove_record_first(&folder, &file);
                continue;
            }
            sweep_aside(&folder)?;
            // the parts first: they name bytes even if their upload's own record is damaged
            let parts = read_parts(&folder, &file, search)?;
            let Some(record) = search.read::<UploadRecord>(&file) else { continue };
            let name = (record.key.clone(), record.id.clone());
            index.uploads.insert(name, Arc::new(Upload { record, parts: Mutex::new(Some(parts)) }));
        }
        Ok(())
    }

    fn sweep_bytes(&self, search: &Search) {
        let leftovers: Vec<&String> =
            search.there.keys().filter(|name| !search.named.contains(*name)).collect();
        if leftovers.is_empty() {
            return;
        }
        if search.damaged {
            tracing::warn!(
                bucket = %self.folder.display(), files = leftovers.len(),
                "bytes that no record names are left alone, because a record is damaged"
            );
            return;
        }
        for name in leftovers {
            if let Err(error) = fs::remove_file(self.bytes().join(name)) {
                tracing::warn!(%name, %error, "leftover bytes could not be removed");
            }
        }
    }
}

fn read_parts(
    folder: &Path,
    upload: &Path,
    search: &mut Search,
) -> io::Result<BTreeMap<u16, Part>> {
    let mut parts = BTreeMap::new();
    for path in records(folder)?.into_iter().filter(|path| path != upload) {
        let Some(part) = search.read::<Part>(&path) else { continue };
        if search.has(&part) {
            parts.insert(part.number, part);
        } else {
            tracing::warn!(path = %path.display(), "a part's bytes are not there: it is left out");
        }
    }
    Ok(parts)
}

impl Search {
    fn read<T: DeserializeOwned>(&mut self, path: &Path) -> Option<T> {
        match record::read(path) {
            Ok(value) => Some(value),
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "a record could not be read: it is left out");
                self.damaged = true;
                None
            }
        }
    }

    fn has(&mut self, part: &Part) -> bool {
        self.named.insert(part.file.clone());
        self.there.get(&part.file) == Some(&part.size)
    }
}

/// Removes an upload's folder so that a crash on the way never leaves an upload with half its parts.
fn remove_record_first(folder: &Path, upload: &Path) {
    let removed = record::remove(upload).and_then(|()| fs::remove_dir_all(folder));
    if let Err(error) = removed {
        tracing::warn!(path = %folder.display(), %error, "what is left of an upload could not be removed");
    }
}

/// Removes records that a crash kept from being renamed.
fn sweep_aside(folder: &Path) -> io::Result<()> {
    for path in entries(folder)? {
        if record::is_aside(&path) {
            record::remove(&path)?;
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect()
}

/// The files of a folder that can be records: desktops create files of their own in folders that they show.
fn records(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = entries(folder)?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    Ok(paths)
}

fn sizes(bytes: &Path) -> io::Result<HashMap<String, u64>> {
    let mut sizes = HashMap::new();
    for entry in fs::read_dir(bytes)? {
        let entry = entry?;
        sizes.insert(entry.file_name().to_string_lossy().into_owned(), entry.metadata()?.len());
    }
    Ok(sizes)
}
