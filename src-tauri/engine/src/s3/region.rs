//! A bucket that lives in another region than the connection's: requests to it are signed for, and sent to, its own from
//! then on, as the AWS tools do.

use super::S3;
use crate::fault::{Fault, Reason};
use crate::model::lock::locked;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::Region;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// Clients of buckets in other regions, by bucket.
#[derive(Clone, Default)]
pub(super) struct Elsewhere(Arc<Mutex<HashMap<String, Client>>>);

impl S3 {
    /// The client for this bucket's region, if it is known.
    #[must_use]
    pub(crate) fn at(&self, bucket: &str) -> Self {
        let elsewhere = locked(&self.elsewhere.0);
        let client = elsewhere.get(bucket).unwrap_or(&self.client).clone();
        Self { client, ..self.clone() }
    }

    /// Uses the region that a rejection names from now on. False if it names none, or was followed before.
    pub(crate) fn follow(&self, bucket: &str, refusal: &Fault) -> bool {
        let Some(Reason::WrongRegion { region }) = refusal.reason.get() else { return false };
        let mut elsewhere = locked(&self.elsewhere.0);
        if elsewhere.contains_key(bucket) {
            return false;
        }
        let config = self.client.config().to_builder().region(Region::new(region.clone()));
        elsewhere.insert(bucket.to_owned(), Client::from_conf(config.build()));
        tracing::info!(bucket, %region, "the bucket lives in another region, and is followed there");
        true
    }
}
