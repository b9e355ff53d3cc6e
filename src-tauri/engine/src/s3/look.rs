//! Checks whether a key exists: an object, nothing, or no permission to tell.

use super::{ANSWER_LIMIT, Kept, Object, S3, headers};
use crate::fault::{FaultKind, Result};
use crate::model::upload::Target;

/// What these credentials can see of a key.
pub(crate) enum Seen {
    Free,
    Taken(Box<Object>),
    /// These credentials may neither read the object nor list the bucket.
    Hidden,
}

impl S3 {
    /// Checks a key. Without s3:ListBucket, a HEAD of a free key is rejected, and has no body that says why: a listing
    /// distinguishes an object, a missing permission and wrong credentials.
    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html>
    pub(crate) async fn look(&self, target: &Target) -> Result<Seen> {
        match self.head(target).await {
            Ok(Some(there)) => Ok(Seen::Taken(Box::new(there))),
            Ok(None) => Ok(Seen::Free),
            Err(fault) if fault.kind == FaultKind::Denied => self.listed_at(target).await,
            Err(fault) => Err(fault),
        }
    }

    async fn listed_at(&self, target: &Target) -> Result<Seen> {
        // the key itself is the first that starts with it
        let request =
            self.client.list_objects_v2().bucket(&target.bucket).prefix(&target.key).max_keys(1);
        let page = match self.within(ANSWER_LIMIT, Box::pin(request.send())).await {
            Ok(page) => page,
            Err(fault) if matches!(fault.kind, FaultKind::Denied | FaultKind::Unsupported) => {
                return Ok(Seen::Hidden);
            }
            Err(fault) => return Err(fault),
        };
        let there = page.contents().iter().find(|object| object.key() == Some(&target.key));
        Ok(there.map_or(Seen::Free, |there| {
            let size = there.size().and_then(|size| u64::try_from(size).ok()).unwrap_or(0);
            let etag = there.e_tag().map(ToOwned::to_owned);
            // a listing does not report the encryption, so its ETag proves nothing
            let kept = Kept { etag, opaque: true, ..Kept::default() };
            let modified_at = there.last_modified().and_then(headers::milliseconds);
            Seen::Taken(Box::new(Object { size, modified_at, kept, ..Object::default() }))
        }))
    }
}
