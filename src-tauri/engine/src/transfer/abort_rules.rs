//! Reads the lifecycle rules of buckets that abort incomplete uploads, if an upload takes so long that one may matter.

use crate::scheduling::deadline::AbortRule;
use crate::transfer::shared::Shared;

impl Shared {
    /// `None` if they were not read, or not lately.
    pub(crate) fn known_abort_rules(
        &self,
        connection: &str,
        bucket: &str,
    ) -> Option<Vec<AbortRule>> {
        self.abort_rules.known(connection, bucket, self.now())
    }

    /// Reads them from the bucket.
    pub(crate) async fn read_abort_rules(&self, connection: &str, bucket: &str) -> Vec<AbortRule> {
        // read once, however many look at the upload meanwhile
        self.abort_rules.keep(connection, bucket, self.now(), vec![]);
        let read = async { self.s3(connection).await?.at(bucket).lifecycle(bucket).await };
        let rules = match read.await {
            Ok(lifecycle) => lifecycle.map(|lifecycle| lifecycle.aborts()).unwrap_or_default(),
            Err(fault) => {
                tracing::debug!(%fault, bucket, "the lifecycle rules of a bucket cannot be read");
                return vec![];
            }
        };
        let rules =
            rules.into_iter().map(|rule| AbortRule { days: rule.days, prefix: rule.prefix });
        let rules: Vec<AbortRule> = rules.collect();
        self.abort_rules.keep(connection, bucket, self.now(), rules.clone());
        self.mark_changed();
        rules
    }
}
