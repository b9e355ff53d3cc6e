//! One bucket: an index in memory, and its files on disk.
//!
//! ```text
//! bucket-NAME/bucket.json                    when it was created
//! bucket-NAME/lifecycle.xml                  as it was put
//! bucket-NAME/bytes/RANDOM                   the bytes of one PUT or one part
//! bucket-NAME/objects/SHA256-OF-KEY.json     an object, and which bytes it is made of
//! bucket-NAME/uploads/ID/upload.json         an unfinished upload; without this file it is over
//! bucket-NAME/uploads/ID/part-00001.json     a part, and which bytes it is
//! ```
//!
//! Bytes are written and synced before the record that names them, and removed after it is gone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use s3s::crypto::{Checksum as _, Sha256};
use s3s::dto::BucketLifecycleConfiguration;
use s3s::{S3Error, S3Result, s3_error, xml};
use serde::{Deserialize, Serialize};

use crate::answer::{disk_failed, now};
use crate::attributes::Attributes;
use crate::blobs::{Blobs, Part};
use crate::conditions::{Validators, WriteIf};
use crate::incoming::Fresh;
use crate::object_checksum::ObjectChecksum;
use crate::private;
use crate::record::{self, Draft};
use crate::sums::hex;

/// Everything about an object except its bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ObjectRecord {
    pub(crate) key: String,
    pub(crate) etag: String,
    pub(crate) size: u64,
    /// milliseconds since 1970
    pub(crate) modified: u64,
    pub(crate) checksum: ObjectChecksum,
    /// the checksum of the whole object, as S3 reports it
    pub(crate) checksum_value: String,
    /// the multipart upload that it was completed from
    pub(crate) upload_id: Option<String>,
    pub(crate) attributes: Attributes,
}

#[derive(Debug)]
pub(crate) struct Object {
    pub(crate) record: ObjectRecord,
    pub(crate) blobs: Arc<Blobs>,
}

impl Object {
    pub(crate) fn validators(&self) -> Validators<'_> {
        Validators { etag: &self.record.etag, modified: self.record.modified }
    }
}

/// An object's file.
#[derive(Serialize, Deserialize)]
struct ObjectFile {
    record: ObjectRecord,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct UploadRecord {
    pub(crate) key: String,
    pub(crate) id: String,
    /// milliseconds since 1970
    pub(crate) initiated: u64,
    pub(crate) checksum: ObjectChecksum,
    pub(crate) attributes: Attributes,
}

#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) record: UploadRecord,
    /// None once the upload is completed or aborted. Locked while a part is stored, so that the last part with a number
    /// is the one on disk and in memory.
    parts: Mutex<Option<BTreeMap<u16, Part>>>,
}

impl Upload {
    pub(crate) fn parts(&self) -> MutexGuard<'_, Option<BTreeMap<u16, Part>>> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keys with their uploads. IDs start with the time, so they sort by it.
pub(crate) type UploadName = (String, String);

#[derive(Debug, Default)]
pub(crate) struct Index {
    pub(crate) objects: BTreeMap<String, Arc<Object>>,
    pub(crate) uploads: BTreeMap<UploadName, Arc<Upload>>,
    pub(crate) lifecycle: Option<BucketLifecycleConfiguration>,
    /// the bucket was deleted while it was still in use
    pub(crate) gone: bool,
}

#[derive(Debug)]
pub(crate) struct Bucket {
    /// milliseconds since 1970
    pub(crate) created: u64,
    folder: PathBuf,
    index: Mutex<Index>,
}

#[derive(Serialize, Deserialize)]
struct BucketFile {
    created: u64,
}

pub(crate) fn no_such_upload() -> S3Error {
    s3_error!(
        NoSuchUpload,
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or \
         completed."
    )
}

impl Bucket {
    pub(crate) fn create(folder: PathBuf) -> io::Result<Self> {
        let bucket = Self { created: now(), folder, index: Mutex::default() };
        for folder in [bucket.bytes(), bucket.objects_folder(), bucket.uploads_folder()] {
            private::folder(&folder)?;
        }
        record::write(bucket.folder.join("bucket.json"), &BucketFile { created: bucket.created })?;
        Ok(bucket)
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn bytes(&self) -> PathBuf {
        self.folder.join("bytes")
    }

    fn objects_folder(&self) -> PathBuf {
        self.folder.join("objects")
    }

    /// A key may be longer than a file name and contain anything, so its digest is the name.
    fn object_file(&self, key: &str) -> PathBuf {
        let digest = Sha256::checksum(key.as_bytes());
        self.objects_folder().join(format!("{}.json", hex(&digest)))
    }

    fn uploads_folder(&self) -> PathBuf {
        self.folder.join("uploads")
    }

    fn upload_folder(&self, id: &str) -> PathBuf {
        self.uploads_folder().join(id)
    }

    fn upload_file(&self, id: &str) -> PathBuf {
        self.upload_folder(id).join("upload.json")
    }

    /// One small file per part: 10,000 parts must not mean writing a list of 10,000 parts 10,000 times.
    fn part_file(&self, id: &str, number: u16) -> PathBuf {
        self.upload_folder(id).join(format!("part-{number:05}.json"))
    }

    fn lifecycle_file(&self) -> PathBuf {
        self.folder.join("lifecycle.xml")
    }

    pub(crate) fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn object(&self, key: &str) -> S3Result<Arc<Object>> {
        let object = self.index().objects.get(key).cloned();
        object.ok_or_else(|| s3_error!(NoSuchKey, "The specified key does not exist."))
    }

    pub(crate) fn upload(&self, key: &str, id: &str) -> S3Result<Arc<Upload>> {
        let upload = self.index().uploads.get(&(key.to_owned(), id.to_owned())).cloned();
        upload.ok_or_else(no_such_upload)
    }

    /// Stores an object under its key. `bytes` are kept from the moment its record names them.
    pub(crate) fn put(
        &self,
        object: Object,
        bytes: Option<Fresh>,
        condition: &WriteIf,
    ) -> S3Result<Arc<Object>> {
        if let Some(bytes) = &bytes {
            bytes.sync().and_then(|()| record::sync_folder(&self.bytes())).map_err(disk_failed)?;
        }
        let key = object.record.key.clone();
        let draft = self.draft(&object.record, &object.blobs).map_err(disk_failed)?;
        let object = Arc::new(object);
        let replaced = {
            let mut index = self.index();
            if index.gone {
                return Err(s3_error!(NoSuchBucket, "The specified bucket does not exist"));
            }
            condition.check(index.objects.get(&key).map(|there| there.validators()))?;
            draft.publish().map_err(disk_failed)?;
            if let Some(bytes) = bytes {
                bytes.keep();
            }
            index.objects.insert(key, Arc::clone(&object))
        };
        if let Err(error) = record::sync_folder(&self.objects_folder()) {
            // the object is visible already: a fault now would be wrong
            tracing::warn!(%error, "an object's name may not survive a power cut");
        }
        if let Some(replaced) = replaced {
            replaced.blobs.doom();
        }
        Ok(object)
    }

    fn draft(&self, record: &ObjectRecord, blobs: &Blobs) -> io::Result<Draft> {
        let file = ObjectFile { record: record.clone(), parts: blobs.parts().to_vec() };
        Draft::write(self.object_file(&record.key), &file)
    }

    /// Changes an object's record and leaves its bytes unchanged.
    pub(crate) fn amend(&self, key: &str, change: impl FnOnce(&mut ObjectRecord)) -> S3Result<()> {
        let mut index = self.index();
        let there = index.objects.get(key);
        let there =
            there.ok_or_else(|| s3_error!(NoSuchKey, "The specified key does not exist."))?;
        let mut record = there.record.clone();
        change(&mut record);
        let blobs = Arc::clone(&there.blobs);
        // under the lock, so that a PUT of the same key cannot happen between reading and writing
        self.draft(&record, &blobs).and_then(Draft::publish).map_err(disk_failed)?;
        index.objects.insert(key.to_owned(), Arc::new(Object { record, blobs }));
        drop(index);
        record::sync_folder(&self.objects_folder()).map_err(disk_failed)
    }

    pub(crate) fn delete(&self, key: &str, condition: &WriteIf) -> S3Result<()> {
        let removed = {
            let mut index = self.index();
            condition.check(index.objects.get(key).map(|there| there.validators()))?;
            if !index.objects.contains_key(key) {
                return Ok(());
            }
            record::remove(&self.object_file(key)).map_err(disk_failed)?;
            index.objects.remove(key)
        };
        record::sync_folder(&self.objects_folder()).map_err(disk_failed)?;
        if let Some(removed) = removed {
            removed.blobs.doom();
        }
        Ok(())
    }

    /// Deletes every object and aborts every upload that there is now.
    pub(crate) fn empty(&self) -> S3Result<()> {
        let uploads: Vec<Arc<Upload>> = self.index().uploads.values().cloned().collect();
        for upload in uploads {
            // one that ended in this moment has nothing left to abort
            let parts = upload.parts().take();
            if let Some(parts) = parts {
                self.forget(&upload.record, parts.into_values());
            }
        }
        let mut removed = Vec::new();
        let outcome = {
            let mut index = self.index();
            let keys: Vec<String> = index.objects.keys().cloned().collect();
            keys.into_iter().try_for_each(|key| {
                record::remove(&self.object_file(&key))?;
                removed.extend(index.objects.remove(&key));
                Ok(())
            })
        };
        let synced = record::sync_folder(&self.objects_folder());
        for object in removed {
            object.blobs.doom();
        }
        outcome.and(synced).map_err(disk_failed)
    }

    /// The number of objects and of uploads, and their bytes.
    pub(crate) fn usage(&self) -> (usize, usize, u64) {
        let (objects, uploads): (Vec<u64>, Vec<Arc<Upload>>) = {
            let index = self.index();
            let sizes = index.objects.values().map(|object| object.record.size).collect();
            (sizes, index.uploads.values().cloned().collect())
        };
        let parts = |upload: &Arc<Upload>| -> u64 {
            upload.parts().iter().flat_map(BTreeMap::values).map(|part| part.size).sum()
        };
        let bytes = objects.iter().sum::<u64>() + uploads.iter().map(parts).sum::<u64>();
        (objects.len(), uploads.len(), bytes)
    }

    pub(crate) fn begin(&self, upload: UploadRecord) -> S3Result<()> {
        let write = || {
            private::folder(&self.upload_folder(&upload.id))?;
            record::write(self.upload_file(&upload.id), &upload)?;
            record::sync_folder(&self.uploads_folder())
        };
        write().map_err(disk_failed)?;
        let name = (upload.key.clone(), upload.id.clone());
        let upload = Upload { record: upload, parts: Mutex::new(Some(BTreeMap::new())) };
        self.index().uploads.insert(name, Arc::new(upload));
        Ok(())
    }

    /// Stores a part that was received completely. It replaces an earlier part with the same number.
    pub(crate) fn keep_part(&self, upload: &Upload, part: Part, bytes: Fresh) -> S3Result<()> {
        bytes.sync().and_then(|()| record::sync_folder(&self.bytes())).map_err(disk_failed)?;
        let id = &upload.record.id;
        let draft = Draft::write(self.part_file(id, part.number), &part);
        let replaced = {
            let mut parts = upload.parts();
            // checked before the draft: an upload that has ended has no folder for drafts
            let parts = parts.as_mut().ok_or_else(no_such_upload)?;
            draft.and_then(Draft::publish).map_err(disk_failed)?;
            bytes.keep();
            parts.insert(part.number, part)
        };
        record::sync_folder(&self.upload_folder(id)).map_err(disk_failed)?;
        if let Some(replaced) = replaced {
            replaced.remove(&self.bytes());
        }
        Ok(())
    }

    /// Makes an object of an upload's parts; `assemble` chooses them and describes the object. The parts' files become
    /// the object's.
    pub(crate) fn complete(
        &self,
        upload: &Upload,
        condition: &WriteIf,
        assemble: impl FnOnce(&BTreeMap<u16, Part>) -> S3Result<(ObjectRecord, Vec<Part>)>,
    ) -> S3Result<Arc<Object>> {
        let mut parts = upload.parts();
        let (record, chosen) = assemble(parts.as_ref().ok_or_else(no_such_upload)?)?;
        let blobs = Blobs::new(&self.bytes(), chosen);
        let object = self.put(Object { record, blobs }, None, condition)?;
        let used: BTreeSet<u16> = object.blobs.parts().iter().map(|part| part.number).collect();
        let unused = parts
            .take()
            .unwrap_or_default()
            .into_values()
            .filter(|part| !used.contains(&part.number));
        self.forget(&upload.record, unused);
        Ok(object)
    }

    pub(crate) fn abort(&self, upload: &Upload) -> S3Result<()> {
        let parts = upload.parts().take().ok_or_else(no_such_upload)?;
        self.forget(&upload.record, parts.into_values());
        Ok(())
    }

    /// Removes an upload that has ended from disk. What cannot be removed now is removed when the store is opened
    /// again: upload folders without a record, and bytes that no record names.
    fn forget(&self, upload: &UploadRecord, unused: impl Iterator<Item = Part>) {
        self.index().uploads.remove(&(upload.key.clone(), upload.id.clone()));
        let folder = self.upload_folder(&upload.id);
        let removed = record::remove(&self.upload_file(&upload.id))
            .and_then(|()| record::sync_folder(&folder));
        if let Err(error) = removed {
            tracing::warn!(upload = %upload.id, %error, "the record of an upload that is over could not be removed");
            return;
        }
        for part in unused {
            part.remove(&self.bytes());
        }
        if let Err(error) = fs::remove_dir_all(&folder) {
            tracing::warn!(upload = %upload.id, %error, "the folder of an upload that is over could not be removed");
        }
    }

    /// A lifecycle PUT replaces the whole configuration; `None` removes it. It is stored, but not applied.
    pub(crate) fn set_lifecycle(
        &self,
        lifecycle: Option<BucketLifecycleConfiguration>,
    ) -> S3Result<()> {
        let mut index = self.index();
        let written = match &lifecycle {
            None => record::remove(&self.lifecycle_file()),
            Some(lifecycle) => {
                let mut bytes = Vec::new();
                xml::Serialize::serialize(lifecycle, &mut xml::Serializer::new(&mut bytes))
                    .map_err(S3Error::internal_error)?;
                Draft::write_bytes(self.lifecycle_file(), &bytes).and_then(Draft::publish)
            }
        };
        written.and_then(|()| record::sync_folder(&self.folder)).map_err(disk_failed)?;
        index.lifecycle = lifecycle;
        Ok(())
    }
}

mod reopen;
