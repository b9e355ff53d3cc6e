//! A bucket's lifecycle rules: read and written as text, so that rules with unknown fields are kept unchanged.

use super::{ANSWER_LIMIT, S3};
use crate::fault::Result;
use crate::model::lock::locked;
use aws_sdk_s3::config::interceptors::{
    AfterDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
};
use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_s3::error::BoxError;
use aws_sdk_s3::primitives::SdkBody;
use aws_sdk_s3::types::{
    BucketLifecycleConfiguration, ExpirationStatus, LifecycleRule,
    TransitionDefaultMinimumObjectSize,
};
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use md5::{Digest as _, Md5};
use std::sync::{Arc, Mutex};

/// The lifecycle rules of a bucket.
#[derive(Clone, Debug)]
pub(crate) struct Lifecycle {
    /// The configuration as the server sent it.
    pub(crate) text: String,
    rules: Vec<LifecycleRule>,
    /// Sent in a header, next to the text.
    minimum: Option<TransitionDefaultMinimumObjectSize>,
}

/// What one rule does about incomplete multipart uploads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Aborts {
    pub(crate) name: String,
    pub(crate) days: u32,
    /// Applies to keys with this prefix.
    pub(crate) prefix: String,
}

impl Lifecycle {
    /// The enabled rules that abort incomplete multipart uploads. Rules with a filter other than a prefix are left out.
    pub(crate) fn aborts(&self) -> Vec<Aborts> {
        let aborts = |rule: &LifecycleRule| {
            let days = rule.abort_incomplete_multipart_upload()?.days_after_initiation()?;
            let in_force = *rule.status() == ExpirationStatus::Enabled;
            Some(Aborts {
                name: rule.id().unwrap_or_default().to_owned(),
                days: u32::try_from(days).ok().filter(|_| in_force)?,
                prefix: prefix(rule)?,
            })
        };
        self.rules.iter().filter_map(aborts).collect()
    }

    /// Whether all rules of another configuration are in this one, unchanged, except the one with this name.
    pub(crate) fn keeps(&self, other: &Self, but: &str) -> bool {
        let mut there: Vec<&LifecycleRule> = self.rules.iter().collect();
        let kept = |rule: &LifecycleRule| {
            let at = there.iter().position(|one| *one == rule);
            at.map(|at| there.swap_remove(at)).is_some()
        };
        let beside = other.minimum.is_none() || self.minimum == other.minimum;
        beside && other.rules.iter().filter(|rule| rule.id() != Some(but)).all(kept)
    }

    /// Whether it has no rule except the one with this name.
    pub(crate) fn is_only(&self, name: &str) -> bool {
        self.rules.iter().all(|rule| rule.id() == Some(name))
    }
}

/// The prefix that a rule applies to. `None` if it also filters by tags or sizes.
fn prefix(rule: &LifecycleRule) -> Option<String> {
    #[allow(deprecated)] // in rules that were written long ago
    let plain = rule.prefix();
    let Some(filter) = rule.filter() else { return Some(plain.unwrap_or_default().to_owned()) };
    let sized = filter.object_size_greater_than().or(filter.object_size_less_than()).is_some();
    if filter.tag().is_some() || sized {
        return None;
    }
    let Some(and) = filter.and() else {
        return Some(filter.prefix().or(plain).unwrap_or_default().to_owned());
    };
    let sized = and.object_size_greater_than().or(and.object_size_less_than()).is_some();
    (and.tags().is_empty() && !sized).then(|| and.prefix().unwrap_or_default().to_owned())
}

impl S3 {
    /// `None` if the bucket has no rules.
    pub(crate) async fn lifecycle(&self, bucket: &str) -> Result<Option<Lifecycle>> {
        let text = AsTold::default();
        let request = self
            .client
            .get_bucket_lifecycle_configuration()
            .bucket(bucket)
            .customize()
            .interceptor(text.clone());
        match self.within(ANSWER_LIMIT, Box::pin(request.send())).await {
            Ok(answer) => Ok(Some(Lifecycle {
                text: text.take(),
                minimum: answer.transition_default_minimum_object_size().cloned(),
                rules: answer.rules().to_vec(),
            })),
            Err(fault) if fault.is_code("NoSuchLifecycleConfiguration") => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// Replaces all rules. `like` has the header that belongs to the text.
    pub(crate) async fn set_lifecycle(
        &self,
        bucket: &str,
        text: &str,
        like: Option<&Lifecycle>,
    ) -> Result<()> {
        // the SDK's own body is not what is sent: it would leave out fields that it does not know
        let stand_in = BucketLifecycleConfiguration::builder().set_rules(Some(vec![])).build().ok();
        let request = self
            .client
            .put_bucket_lifecycle_configuration()
            .bucket(bucket)
            .set_lifecycle_configuration(stand_in)
            .set_transition_default_minimum_object_size(like.and_then(|like| like.minimum.clone()))
            .customize()
            .interceptor(AsWritten(text.to_owned()));
        self.within(ANSWER_LIMIT, Box::pin(request.send())).await.map(|_| ())
    }

    pub(crate) async fn drop_lifecycle(&self, bucket: &str) -> Result<()> {
        let request = self.client.delete_bucket_lifecycle().bucket(bucket);
        self.within(ANSWER_LIMIT, Box::pin(request.send())).await.map(|_| ())
    }
}

/// Keeps the text of a response.
#[derive(Clone, Debug, Default)]
struct AsTold(Arc<Mutex<String>>);

impl AsTold {
    fn take(&self) -> String {
        std::mem::take(&mut *locked(&self.0))
    }
}

#[dyn_dispatch_hint]
impl Intercept for AsTold {
    fn name(&self) -> &'static str {
        "AsTold"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let bytes = context.response().body().bytes().unwrap_or_default();
        let text = String::from_utf8_lossy(bytes).into_owned();
        *locked(&self.0) = text;
        Ok(())
    }
}

/// Sends this text as the body.
#[derive(Debug)]
struct AsWritten(String);

#[dyn_dispatch_hint]
impl Intercept for AsWritten {
    fn name(&self) -> &'static str {
        "AsWritten"
    }

    /// Before the SDK hashes and signs it.
    fn modify_before_retry_loop(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        *request.body_mut() = SdkBody::from(self.0.as_str());
        let headers = request.headers_mut();
        headers.insert("content-length", self.0.len().to_string());
        // for servers that predate the newer checksums and require one here
        headers.insert("content-md5", BASE64.encode(Md5::digest(&self.0)));
        Ok(())
    }
}
