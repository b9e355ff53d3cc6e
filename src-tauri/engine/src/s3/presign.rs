//! Presigned links to an object.

use super::{ANSWER_LIMIT, S3, faults};
use crate::fault::{Fault, FaultKind, InvalidOption, Reason, Result};
use crate::model::upload::Target;
use aws_credential_types::provider::ProvideCredentials as _;
use aws_sdk_s3::presigning::PresigningConfig;
use std::time::{Duration, SystemTime};

impl S3 {
    /// The link, how long it is valid, and whether it may expire earlier, with a session whose end is not known.
    pub(crate) async fn link(
        &self,
        target: &Target,
        wanted: Duration,
        disposition: Option<String>,
    ) -> Result<(String, Duration, bool)> {
        let fault = |reason| Fault::because(FaultKind::Credentials, reason);
        let Some(keys) = &self.keys else { return Err(fault(Reason::NoKeys)) };
        let keys = tokio::time::timeout(ANSWER_LIMIT, keys.provide_credentials()).await;
        let keys = keys.map_err(|_| fault(Reason::KeysNotGiven { cause: None }))?;
        let keys = keys.map_err(|error| {
            faults::credentials(&error)
                .unwrap_or_else(|| fault(Reason::KeysNotGiven { cause: None }))
        })?;
        let left = keys.expiry().map(|at| at.duration_since(SystemTime::now()).unwrap_or_default());
        // signatures have a resolution of seconds
        let left = left.map(|left| Duration::from_secs(left.as_secs()));
        let holds = left.map_or(wanted, |left| left.min(wanted));
        if holds.is_zero() {
            return Err(fault(Reason::Stored { wrong: InvalidOption::LinkSessionEnded }));
        }
        let config = PresigningConfig::expires_in(holds);
        let config =
            config.map_err(|error| Fault::new(FaultKind::Unsupported, error.to_string()))?;
        let signed = self
            .client
            .get_object()
            .bucket(&target.bucket)
            .key(&target.key)
            .set_response_content_disposition(disposition)
            .presigned(config)
            .await
            .map_err(|error| self.fault(&error))?;
        let may_end_sooner = keys.session_token().is_some() && left.is_none();
        Ok((signed.uri().to_owned(), holds, may_end_sooner))
    }
}
