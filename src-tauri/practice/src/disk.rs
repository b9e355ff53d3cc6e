//! The practice store's folder: its lock, and the buckets in it.

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use s3s::path::check_bucket_name;
use s3s::{S3Result, s3_error};

use crate::answer::disk_failed;
use crate::bucket::Bucket;
use crate::private;
use crate::record::sync_folder;

/// Prefix of a bucket's folder: a bucket's name alone might be a device name on Windows.
const BUCKET: &str = "bucket-";
/// Prefix of a bucket's folder that is being deleted.
const DELETED: &str = "deleted-";

pub(crate) struct Disk {
    root: PathBuf,
    buckets: RwLock<BTreeMap<String, Arc<Bucket>>>,
    /// Held as long as anything here can write: a second store in the same folder would delete files that are being
    /// written.
    _lock: File,
}

impl Disk {
    /// Fails with `WouldBlock` while another store uses the folder.
    pub(crate) fn open(root: &Path) -> io::Result<Self> {
        // a folder that contains other things keeps its permissions; what is put in it is private
        let others = !root.join("lock").exists()
            && fs::read_dir(root).is_ok_and(|mut there| there.next().is_some());
        if !others {
            private::folder(root)?;
        }
        let lock = lock(root)?;
        let mut buckets = BTreeMap::new();
        for entry in fs::read_dir(root)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if let Some(bucket) = name.strip_prefix(BUCKET) {
                buckets.insert(bucket.to_owned(), Arc::new(Bucket::reopen(path)?));
            } else if name.starts_with(DELETED) {
                fs::remove_dir_all(&path)?;
            }
        }
        Ok(Self { root: root.to_owned(), buckets: RwLock::new(buckets), _lock: lock })
    }

    pub(crate) fn bucket(&self, name: &str) -> S3Result<Arc<Bucket>> {
        let buckets = self.buckets.read().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.get(name).cloned();
        bucket.ok_or_else(|| s3_error!(NoSuchBucket, "The specified bucket does not exist"))
    }

    /// Names and buckets, sorted by name.
    pub(crate) fn buckets(&self) -> Vec<(String, Arc<Bucket>)> {
        let buckets = self.buckets.read().unwrap_or_else(PoisonError::into_inner);
        buckets.iter().map(|(name, bucket)| (name.clone(), Arc::clone(bucket))).collect()
    }

    /// An existing bucket is left unchanged.
    pub(crate) fn create_bucket(&self, name: &str) -> io::Result<()> {
        if !check_bucket_name(name) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a bucket's name"));
        }
        let mut buckets = self.buckets.write().unwrap_or_else(PoisonError::into_inner);
        if !buckets.contains_key(name) {
            let bucket = Bucket::create(self.root.join(format!("{BUCKET}{name}")))?;
            sync_folder(&self.root)?;
            buckets.insert(name.to_owned(), Arc::new(bucket));
        }
        Ok(())
    }

    /// Incomplete multipart uploads are deleted with the bucket; objects prevent that.
    pub(crate) fn delete_bucket(&self, name: &str) -> S3Result<()> {
        let bucket = self.bucket(name)?;
        let deleted = self.root.join(format!("{DELETED}{}", uuid::Uuid::new_v4().simple()));
        {
            let mut buckets = self.buckets.write().unwrap_or_else(PoisonError::into_inner);
            let mut index = bucket.index();
            if !index.objects.is_empty() {
                return Err(s3_error!(
                    BucketNotEmpty,
                    "The bucket you tried to delete is not empty"
                ));
            }
            fs::rename(bucket.folder(), &deleted).map_err(disk_failed)?;
            index.gone = true;
            buckets.remove(name);
        }
        sync_folder(&self.root).and_then(|()| fs::remove_dir_all(&deleted)).map_err(disk_failed)
    }
}

fn lock(root: &Path) -> io::Result<File> {
    let file = private::file(&root.join("lock"), false)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(io::Error::new(io::ErrorKind::WouldBlock, "another practice store has this folder"))
        }
        Err(TryLockError::Error(error)) => {
            // some network folders do not support locks; then the user must not start two stores
            tracing::warn!(%error, "the practice store's folder cannot be locked");
            Ok(file)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two would delete each other's incomplete files.
    #[test]
    fn one_store_to_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let first = Disk::open(folder.path()).unwrap();
        let second = Disk::open(folder.path()).map(|_| ()).unwrap_err();
        assert_eq!(second.kind(), io::ErrorKind::WouldBlock);
        drop(first);
        Disk::open(folder.path()).unwrap();
    }
}
