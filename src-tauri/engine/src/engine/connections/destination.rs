//! Choosing where uploads go: buckets, their folders, and a bucket that is created. Every question goes to a saved
//! connection's server, or to the one of a form that is still being filled in.

use super::{ConnectionForm, new_id};
use crate::engine::Engine;
use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::bucket_name::BucketName;
use crate::s3::S3;
use serde::{Deserialize, Serialize};

/// The server that is asked: a saved connection's, or that of a form.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "by", rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum ConnectionOrForm {
    Connection { id: String },
    Form { form: Box<ConnectionForm> },
}

impl From<&str> for ConnectionOrForm {
    fn from(id: &str) -> Self {
        Self::Connection { id: id.to_owned() }
    }
}

/// A bucket to be created.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct NewBucket {
    pub server: ConnectionOrForm,
    pub bucket: String,
}

/// What came of creating a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum CreatedBucket {
    Created,
    /// It exists, and these keys own it or may use it.
    AlreadyYours,
}

/// Where to look for folders.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Browse {
    pub server: ConnectionOrForm,
    pub bucket: String,
    /// Empty, or with a slash at its end.
    pub prefix: String,
    /// `next` of the page before.
    pub from: Option<String>,
}

/// A page of what is directly below a prefix: at most 1,000 folders and objects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct FolderPage {
    /// Their names alone.
    pub folders: Vec<String>,
    /// How many objects of this page are in the folder itself.
    pub objects: u64,
    /// There is more; the next page begins here.
    pub next: Option<String>,
}

impl Engine {
    /// Lists the buckets.
    ///
    /// # Errors
    /// S3's; `Denied`, if the keys are limited to one bucket.
    pub async fn buckets(&self, server: &ConnectionOrForm) -> Result<Vec<String>> {
        self.s3_of(server).await?.buckets().await
    }

    /// Creates a general purpose bucket in the connection's region.
    ///
    /// # Errors
    /// `WrongPlace`, if the name breaks S3's rules, belongs to somebody else, or is a bucket in another region; S3's.
    pub async fn create_bucket(&self, new: &NewBucket) -> Result<CreatedBucket> {
        let s3 = self.s3_of(&new.server).await?;
        let name = BucketName { name: new.bucket.trim().to_owned(), amazon: s3.is_amazon() };
        name.check().map_err(|wrong| {
            let reason = Reason::BucketName { wrong };
            Fault::because(FaultKind::WrongPlace, reason).with_code("InvalidBucketName")
        })?;
        match s3.create_bucket(&name.name).await? {
            true => Ok(CreatedBucket::Created),
            false => Ok(CreatedBucket::AlreadyYours),
        }
    }

    /// Lists the folders directly below a prefix, a page at a time. A bucket in another region is followed there.
    ///
    /// # Errors
    /// S3's; `Denied`, if the keys may not list.
    pub async fn browse(&self, browse: &Browse) -> Result<FolderPage> {
        let s3 = self.s3_of(&browse.server).await?;
        let bucket = browse.bucket.trim();
        let ask =
            || async { s3.at(bucket).folders(bucket, &browse.prefix, browse.from.clone()).await };
        let page = match ask().await {
            Err(fault) if s3.follow(bucket, &fault) => ask().await?,
            page => page?,
        };
        Ok(FolderPage { folders: page.names, objects: page.objects, next: page.next })
    }

    async fn s3_of(&self, server: &ConnectionOrForm) -> Result<S3> {
        match server {
            ConnectionOrForm::Connection { id } => self.shared.s3(id).await,
            ConnectionOrForm::Form { form } => {
                let (connection, login) =
                    form.connection(form.id.clone().unwrap_or_else(new_id))?;
                self.client(form, &connection, login).await
            }
        }
    }
}
