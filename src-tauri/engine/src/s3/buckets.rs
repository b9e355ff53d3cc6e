//! The calls about buckets: list, create, find, and which region they live in.

use super::{ANSWER_LIMIT, S3};
use crate::fault::{Fault, FaultKind, Reason, Result};
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration};
use std::collections::HashSet;
use std::time::Duration;

/// Short, so that a restored network is noticed quickly: nothing else is in flight meanwhile.
const POLL_LIMIT: Duration = Duration::from_secs(10);

impl S3 {
    /// Whether it is Amazon S3 itself.
    pub(crate) fn is_amazon(&self) -> bool {
        self.amazon
    }

    /// Lists the buckets of these credentials.
    ///
    /// # Errors
    /// S3's; `Denied`, if the credentials are limited to one bucket.
    pub(crate) async fn buckets(&self) -> Result<Vec<String>> {
        let (mut names, mut from, mut known) = (Vec::new(), None, HashSet::new());
        loop {
            let request = self.client.list_buckets().set_continuation_token(from.clone());
            let answer = self.within(ANSWER_LIMIT, Box::pin(request.send())).await?;
            names.extend(
                answer.buckets().iter().filter_map(|bucket| bucket.name().map(str::to_owned)),
            );
            match answer.continuation_token {
                // a server whose pages repeat has listed everything
                Some(next) if !next.is_empty() && known.insert(next.clone()) => from = Some(next),
                _ => return Ok(names),
            }
        }
    }

    /// Creates a bucket. `false` if it exists, and is ours.
    ///
    /// # Errors
    /// `WrongPlace`, if it is ours in another region or somebody else's; S3's.
    pub(crate) async fn create_bucket(&self, bucket: &str) -> Result<bool> {
        // Amazon requires the region except in us-east-1; other servers usually do not know it by that name
        let made = match self.make_bucket(bucket, self.amazon).await {
            Err(fault) if !self.amazon && fault.is_code("IllegalLocationConstraintException") => {
                self.make_bucket(bucket, true).await
            }
            made => made,
        };
        match made {
            // it is ours, although it may be in another region
            Err(mut fault) if fault.is_code("BucketAlreadyOwnedByYou") => {
                let asked = tokio::time::timeout(ANSWER_LIMIT, self.region_of(bucket)).await;
                match asked.unwrap_or_default() {
                    Some(region) if self.region() != Some(&region) => {
                        fault.kind = FaultKind::WrongPlace;
                        fault.say(Reason::WrongRegion { region });
                        Err(fault)
                    }
                    _ => Ok(false),
                }
            }
            // some servers say so of one's own, too; on Amazon a bucket that these keys can reach may be anybody's
            Err(mut fault) if fault.is_code("BucketAlreadyExists") => {
                if !self.amazon && self.find_bucket(bucket).await.is_ok() {
                    return Ok(false);
                }
                fault.kind = FaultKind::WrongPlace;
                fault.say(Reason::BucketTaken { bucket: bucket.to_owned() });
                Err(fault)
            }
            made => made.map(|()| true),
        }
    }

    fn region(&self) -> Option<&str> {
        self.client.config().region().map(AsRef::as_ref)
    }

    async fn make_bucket(&self, bucket: &str, names_region: bool) -> Result<()> {
        let place =
            self.region().filter(|region| names_region && *region != "us-east-1").map(|region| {
                let region = BucketLocationConstraint::from(region);
                CreateBucketConfiguration::builder().location_constraint(region).build()
            });
        let request =
            self.client.create_bucket().bucket(bucket).set_create_bucket_configuration(place);
        self.within(ANSWER_LIMIT, Box::pin(request.send())).await.map(|_| ())
    }

    /// Checks that the bucket exists, is accessible, and is in this region.
    ///
    /// # Errors
    /// `WrongPlace`, if it is in another region (named in the detail) or does not exist.
    pub(crate) async fn find_bucket(&self, bucket: &str) -> Result<()> {
        let request = Box::pin(self.client.head_bucket().bucket(bucket).send());
        let error = match tokio::time::timeout(ANSWER_LIMIT, request).await {
            Ok(Ok(_)) => return Ok(()),
            Ok(Err(error)) => error,
            Err(_) => return Err(self.no_answer()),
        };
        let region = bucket_region(&error);
        let status = error.raw_response().map(|raw| raw.status().as_u16());
        let mut fault = match (region, status) {
            (Some(region), Some(300..400)) => {
                let reason = Reason::WrongRegion { region };
                Fault::because(FaultKind::WrongPlace, reason).with_code("PermanentRedirect")
            }
            (_, Some(404)) => {
                let reason = Reason::NoSuchBucket { bucket: bucket.to_owned() };
                Fault::because(FaultKind::WrongPlace, reason).with_code("NoSuchBucket")
            }
            _ => self.fault(&error),
        };
        fault.status = status;
        Err(fault)
    }

    /// Checks that an S3 server responds. A rejection counts, too, also one of expired credentials.
    ///
    /// # Errors
    /// `Offline`, or the fault of a response that is not S3's; `SignIn` if nobody is signed in.
    pub(crate) async fn poll(&self, bucket: &str) -> Result<()> {
        match self.poll_renewed(bucket).await {
            Err(fault) if fault.has_expired() => Ok(()),
            answered => answered,
        }
    }

    /// Checks that an S3 server responds, and that the credentials, which had expired, are new ones.
    ///
    /// # Errors
    /// As `poll`; `SignIn` also if they are expired still.
    pub(crate) async fn poll_renewed(&self, bucket: &str) -> Result<()> {
        // a request with a response body: a sign-in page is recognized, which a HEAD answered with 200 would not be
        let request = self.client.get_bucket_location().bucket(bucket);
        match self.within(POLL_LIMIT, Box::pin(request.send())).await {
            Err(fault) if fault.kind == FaultKind::Offline || fault.stranger => Err(fault),
            // without keys nothing was sent
            Err(fault) if fault.kind == FaultKind::SignIn => Err(fault),
            _ => Ok(()),
        }
    }

    /// The region of a bucket, if the server reports it.
    pub(crate) async fn region_of(&self, bucket: &str) -> Option<String> {
        match Box::pin(self.client.head_bucket().bucket(bucket).send()).await {
            Ok(answer) => answer.bucket_region().map(ToOwned::to_owned),
            Err(error) => bucket_region(&error),
        }
    }
}

fn bucket_region<E>(error: &SdkError<E, HttpResponse>) -> Option<String> {
    error.raw_response()?.headers().get("x-amz-bucket-region").map(ToOwned::to_owned)
}
