//! Credentials of a signed-in user: reports when the sign-in has expired, and notices a new one, whichever program it was made
//! with.

use super::ending::Ending;
use super::faults;
use super::sso_token::{self, written};
use crate::fault::{Fault, FaultKind, Reason};
use crate::model::lock::locked;
use crate::model::sign_in::IdentityCenter;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::SdkError;
use aws_sdk_sso::operation::get_role_credentials::GetRoleCredentialsError;
use std::error::Error;
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime};

/// The service is asked again after this time even if the token file has not changed.
const ASKED_AGAIN: Duration = Duration::from_secs(30);

type Make = dyn Fn() -> SharedCredentialsProvider + Send + Sync;

pub(super) struct BySignIn {
    /// Makes the SDK's provider. It caches its token, so a new one is made to read a new token.
    make: Box<Make>,
    /// What the token's file is named after, if known.
    cache_key: Option<String>,
    /// What to report if the user is not signed in.
    reason: Reason,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    inner: Option<SharedCredentialsProvider>,
    /// When the sign-in was found expired, and when its token had been written.
    ended: Option<(Instant, Option<SystemTime>)>,
    /// When the sign-in expires, according to the last token that was used.
    ending: Option<Ending>,
}

impl std::fmt::Debug for BySignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BySignIn").field("reason", &self.reason).finish_non_exhaustive()
    }
}

impl BySignIn {
    pub(super) fn of_center(
        center: &IdentityCenter,
        make: impl Fn() -> SharedCredentialsProvider + Send + Sync + 'static,
    ) -> Self {
        Self {
            make: Box::new(make),
            cache_key: Some(center.cache_key().to_owned()),
            reason: Reason::SignInNeeded { start_url: center.start_url.clone() },
            state: Mutex::default(),
        }
    }

    pub(super) fn of_login(
        profile: &str,
        make: impl Fn() -> SharedCredentialsProvider + Send + Sync + 'static,
    ) -> Self {
        Self {
            make: Box::new(make),
            cache_key: None,
            reason: Reason::LoginNeeded { profile: profile.to_owned() },
            state: Mutex::default(),
        }
    }

    /// When the sign-in expires. `None` before its first use, or if it is not known.
    pub(super) fn ending(&self) -> Option<Ending> {
        locked(&self.state).ending
    }

    async fn keys(&self) -> Result<Credentials, CredentialsError> {
        let token = self.cache_key.as_deref().and_then(written);
        let inner = {
            let mut state = locked(&self.state);
            match state.ended {
                Some((at, of)) if of == token && at.elapsed() < ASKED_AGAIN => {
                    return Err(self.nobody());
                }
                _ => state.inner.get_or_insert_with(|| (self.make)()).clone(),
            }
        };
        match inner.provide_credentials().await {
            Ok(keys) => {
                let ending = self.cache_key.as_deref().and_then(sso_token::ending);
                let mut state = locked(&self.state);
                state.ended = None;
                state.ending = ending;
                Ok(keys)
            }
            Err(error) if has_ended(&error) => {
                tracing::info!(%error, "somebody has to sign in");
                let ended = Some((Instant::now(), token));
                *locked(&self.state) = State { ended, ..State::default() };
                Err(self.nobody())
            }
            Err(error) => Err(error),
        }
    }

    fn nobody(&self) -> CredentialsError {
        Fault::because(FaultKind::SignIn, self.reason.clone()).into()
    }
}

impl ProvideCredentials for BySignIn {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.keys())
    }
}

/// Whether a sign-in would help: the cause is not the network, the configuration or a rejected role.
fn has_ended(error: &CredentialsError) -> bool {
    let first: &(dyn Error + 'static) = error;
    let mut causes = std::iter::successors(Some(first), |&error| error.source());
    !causes.any(|cause| {
        let refused = cause.downcast_ref::<SdkError<GetRoleCredentialsError, HttpResponse>>();
        let refused = refused.and_then(SdkError::as_service_error);
        refused.is_some_and(|refused| !refused.is_unauthorized_exception())
            || matches!(cause.downcast_ref(), Some(CredentialsError::InvalidConfiguration(_)))
            || faults::is_unreached(cause)
    })
}
