//! The folders of a bucket, as ListObjectsV2 groups keys by "/": S3 itself has none.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-prefixes.html>

use super::{ANSWER_LIMIT, S3};
use crate::fault::Result;

/// One page of what is directly below a prefix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Folders {
    /// Their names, without the prefix before and the slash after them.
    pub(crate) names: Vec<String>,
    pub(crate) objects: u64,
    /// The continuation token of the next page.
    pub(crate) next: Option<String>,
}

impl S3 {
    /// One page of the folders directly below a prefix, which is empty or ends with a slash.
    ///
    /// # Errors
    /// S3's; `Denied`, if the credentials may not list.
    pub(crate) async fn folders(
        &self,
        bucket: &str,
        prefix: &str,
        from: Option<String>,
    ) -> Result<Folders> {
        let request = self
            .client
            .list_objects_v2()
            .bucket(bucket)
            .prefix(prefix)
            .delimiter("/")
            .set_continuation_token(from.clone());
        let page = self.within(ANSWER_LIMIT, Box::pin(request.send())).await?;
        let name = |of: &str| Some(of.strip_prefix(prefix)?.trim_end_matches('/').to_owned());
        let names = page
            .common_prefixes()
            .iter()
            .filter_map(|common| name(common.prefix()?))
            // two slashes in a row: a folder without a name, which no destination can be
            .filter(|name| !name.is_empty());
        // an object whose key is the prefix itself marks the folder, and is not in it
        let objects =
            page.contents().iter().filter(|object| object.key().is_some_and(|key| key != prefix));
        let more = page.is_truncated() == Some(true);
        let token = page.next_continuation_token().filter(|token| !token.is_empty());
        Ok(Folders {
            names: names.collect(),
            objects: objects.count() as u64,
            // a server whose pages repeat has listed everything
            next: token.filter(|token| more && from.as_deref() != Some(*token)).map(Into::into),
        })
    }
}
