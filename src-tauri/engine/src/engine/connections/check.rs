//! The connection test, line by line.

use super::{Check, CheckRequest, CheckStep, ConnectionForm, Passed, new_id};
use crate::engine::Engine;
use crate::engine::connection_check::{Checked, ChecksumsOf};
use crate::fault::{FaultKind, Result};
use crate::model::capabilities::Capabilities;
use crate::model::checksum::ChecksumMode;
use crate::model::connection::{Connection, Sign};
use crate::model::object_options::Options;
use crate::model::proxy::ProxyLogin;
use crate::model::upload::Target;
use crate::s3::{S3, probe};
use crate::transfer::capabilities;

impl Engine {
    /// One line of the test. Never rejects: a fault is the line's answer.
    pub async fn check(&self, request: CheckRequest) -> Check {
        let CheckRequest { form, step } = request;
        let line = |outcome, said, fault| Check { step, outcome, said, fault, region: None };
        let read = form.connection(form.id.clone().unwrap_or_else(new_id));
        let (connection, login) = match read {
            Ok(read) => read,
            Err(fault) => return line(Passed::Failed, None, Some(fault)),
        };
        let outcome = self.checked(&form, &connection, login.clone(), step).await;
        let mut check = match outcome {
            Ok(Some(said)) => line(Passed::Passed, Some(said), None),
            Ok(None) => line(Passed::Skipped, None, None),
            Err(fault) => line(Passed::Failed, None, Some(fault)),
        };
        if let (Some(fault), Some(bucket)) = (&check.fault, &connection.bucket)
            && fault.kind == FaultKind::WrongPlace
            && let Ok(s3) = self.client(&form, &connection, login).await
        {
            check.region = s3.region_of(bucket).await.filter(|region| *region != connection.region);
        }
        check
    }

    /// The client of a form, with the secrets that were typed or else saved.
    ///
    /// # Errors
    /// As for connecting.
    pub(crate) async fn client(
        &self,
        form: &ConnectionForm,
        connection: &Connection,
        login: Option<ProxyLogin>,
    ) -> Result<S3> {
        let secret = match (&connection.sign, form.secret()) {
            (Sign::Keys { .. }, None) => self.shared.secrets.get(&connection.id).await?,
            (_, given) => given,
        };
        let login = self.login_of(connection, login).await?;
        S3::connect(connection, secret, login, &self.shared.sessions).await
    }

    /// None where the line has nothing to ask.
    async fn checked(
        &self,
        form: &ConnectionForm,
        connection: &Connection,
        login: Option<ProxyLogin>,
        step: CheckStep,
    ) -> Result<Option<Checked>> {
        let s3 = self.client(form, connection, login).await?;
        let bucket = connection.bucket.as_deref();
        let reached = match bucket {
            Some(bucket) => s3.find_bucket(bucket).await,
            None => s3.buckets().await.map(|_| ()),
        };
        match step {
            CheckStep::Reached => match reached {
                Err(fault) if fault.kind == FaultKind::Offline || fault.is_of_proxy() => Err(fault),
                Err(fault)
                    if fault.kind == FaultKind::WrongPlace
                        && fault.code.is_none()
                        && !fault.stranger =>
                {
                    Err(fault)
                }
                _ => Ok(Some(match s3.proxy() {
                    Some(proxy) => Checked::AnswersThrough { proxy: proxy.to_owned() },
                    None => Checked::Answers,
                })),
            },
            CheckStep::Clock => match reached {
                Err(fault) if fault.kind == FaultKind::Clock => Err(fault),
                _ => Ok(Some(Checked::ClockAgrees)),
            },
            CheckStep::SignedIn => match signed_in(&s3, reached).await {
                Err(fault) => Err(fault),
                Ok(()) if connection.sign == Sign::Nothing => Ok(Some(Checked::Unsigned)),
                Ok(()) => Ok(Some(Checked::KeysAccepted)),
            },
            CheckStep::Bucket => match bucket {
                None => Ok(None),
                Some(bucket) => {
                    let bucket = bucket.to_owned();
                    reached.map(|()| Some(Checked::BucketThere { bucket }))
                }
            },
            CheckStep::MayUpload => {
                let Some(near) = near(connection) else { return Ok(None) };
                reached?;
                let target = Target {
                    key: format!("{}windlass-test-{}", connection.prefix, new_id()),
                    ..near
                };
                capabilities::may_abort(&s3, &target).await?;
                let checksum_mode =
                    self.shared.capabilities_of(connection).capabilities.checksum_mode;
                let created = s3
                    .create_upload(
                        &target,
                        &Options::default(),
                        "application/octet-stream",
                        checksum_mode,
                    )
                    .await?;
                let aborted = s3.abort(&target, &created.upload_id).await;
                aborted.map_err(|fault| probe::left(fault, &target))?;
                Ok(Some(Checked::MayUpload))
            }
            CheckStep::Checksums => {
                let Some(near) = near(connection) else { return Ok(None) };
                reached?;
                let known = self.shared.capabilities_of(connection);
                let found = self.shared.ask(&s3, &near, known.capabilities).await?;
                let digests = sums_of(&found);
                self.shared.remember(connection, found);
                Ok(Some(digests))
            }
        }
    }
}

/// Where a scratch upload goes.
fn near(connection: &Connection) -> Option<Target> {
    Some(Target {
        connection: connection.id.clone(),
        bucket: connection.bucket.clone()?,
        key: connection.prefix.clone(),
    })
}

fn sums_of(found: &Capabilities) -> Checked {
    let of = match found.checksum_mode {
        ChecksumMode::Md5 if found.etag_md5.is_yes() => ChecksumsOf::PartsAlone,
        ChecksumMode::Md5 => ChecksumsOf::Nothing,
        checksum_mode if checksum_mode.is_composite() => ChecksumsOf::Parts,
        _ => ChecksumsOf::Objects,
    };
    Checked::Sums { algorithm: found.checksum_mode.algorithm().to_owned(), of }
}

/// The answer to a HEAD has no body, so a refusal there does not say whether the keys or the rights are at fault.
async fn signed_in(s3: &S3, reached: Result<()>) -> Result<()> {
    match reached {
        Err(fault) if fault.kind == FaultKind::Denied => match s3.buckets().await {
            Err(fault)
                if matches!(
                    fault.kind,
                    FaultKind::Credentials | FaultKind::SignIn | FaultKind::Clock
                ) =>
            {
                Err(fault)
            }
            _ => Ok(()),
        },
        Err(fault) if matches!(fault.kind, FaultKind::WrongPlace | FaultKind::Unsupported) => {
            Ok(())
        }
        other => other,
    }
}
