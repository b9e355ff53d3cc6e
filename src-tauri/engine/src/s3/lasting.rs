//! Caches credentials: all requests that wait share one call to the provider. They are renewed before they expire, and again
//! if a server says that they have.

use crate::model::lock::locked;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime};
use tokio::task::JoinHandle;

/// How long before their expiry credentials are renewed: a signed request may wait before it is sent.
const AHEAD: Duration = Duration::from_secs(60);
/// How long the provider may take: a role on top of a sign-in takes three requests.
const LIMIT: Duration = Duration::from_secs(60);
/// How often credentials without an expiry are read again: the profile may have changed.
const LOOKED_AGAIN: Duration = Duration::from_secs(15 * 60);
/// How long to wait before renewing again after a failure. Credentials that are still valid are used meanwhile.
const TRIED_AGAIN: Duration = Duration::from_secs(10);
/// Younger credentials are not the ones that a server rejected: that request was signed before.
const YOUNG: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(super) struct Lasting {
    source: SharedCredentialsProvider,
    /// Whether the source may have others once these have expired.
    renews: bool,
    held: Mutex<Option<Held>>,
    /// Held while the source is called.
    asking: tokio::sync::Mutex<()>,
    /// The call. A request that is given up does not end it: a process that waits for a person would be started anew by each
    /// request, and its keys would never arrive.
    call: Mutex<Option<JoinHandle<Answer>>>,
}

type Answer = Result<Credentials, CredentialsError>;

#[derive(Clone, Debug)]
struct Held {
    keys: Credentials,
    since: Instant,
    tried: Instant,
}

impl Held {
    fn ends(&self) -> Option<Duration> {
        let end = self.keys.expiry()?;
        Some(end.duration_since(SystemTime::now()).unwrap_or_default())
    }

    fn is_over(&self) -> bool {
        self.ends().is_some_and(|left| left.is_zero())
    }

    fn is_due(&self) -> bool {
        let nearly = match self.ends() {
            Some(left) => left <= AHEAD,
            None => self.since.elapsed() >= LOOKED_AGAIN,
        };
        self.is_over() || nearly && self.tried.elapsed() >= TRIED_AGAIN
    }
}

impl Lasting {
    pub(super) fn new(source: SharedCredentialsProvider, renews: bool) -> Self {
        let (held, asking, call) = Default::default();
        Self { source, renews, held, asking, call }
    }

    /// A server says that the credentials have expired: the next request asks for new ones. `false` if there are no others.
    pub(super) fn have_ended(&self) -> bool {
        let mut held = locked(&self.held);
        if held.as_ref().is_some_and(|held| held.since.elapsed() >= YOUNG) {
            *held = None;
        }
        self.renews
    }

    /// When the current credentials expire.
    pub(super) fn expiry(&self) -> Option<SystemTime> {
        locked(&self.held).as_ref()?.keys.expiry()
    }

    fn held(&self) -> Option<Held> {
        locked(&self.held).clone()
    }

    async fn keys(&self) -> Result<Credentials, CredentialsError> {
        if let Some(held) = self.held().filter(|held| !held.is_due()) {
            return Ok(held.keys);
        }
        let _asking = self.asking.lock().await;
        let before = self.held();
        if let Some(held) = before.clone().filter(|held| !held.is_due()) {
            // somebody else has asked meanwhile
            return Ok(held.keys);
        }
        let asked = self.call().await;
        let now = Instant::now();
        match asked {
            Ok(keys) => {
                let held = Held { keys: keys.clone(), since: now, tried: now };
                *locked(&self.held) = Some(held);
                Ok(keys)
            }
            Err(error) => match before.filter(|held| !held.is_over()) {
                Some(held) => {
                    tracing::warn!(%error, "keys that end soon could not be renewed yet");
                    let keys = held.keys.clone();
                    *locked(&self.held) = Some(Held { tried: now, ..held });
                    Ok(keys)
                }
                None => Err(error),
            },
        }
    }
}

impl Lasting {
    /// Calls the source, or waits for the call that a request before has begun.
    async fn call(&self) -> Answer {
        let answer = poll_fn(|context| {
            let mut call = locked(&self.call);
            let call = call.get_or_insert_with(|| tokio::spawn(asked(self.source.clone())));
            Pin::new(call).poll(context)
        });
        let answer = answer.await;
        *locked(&self.call) = None;
        answer.unwrap_or_else(|ended| Err(CredentialsError::unhandled(ended)))
    }
}

async fn asked(source: SharedCredentialsProvider) -> Answer {
    let answer = tokio::time::timeout(LIMIT, source.provide_credentials()).await;
    answer.unwrap_or_else(|_| Err(CredentialsError::provider_timed_out(LIMIT)))
}

impl ProvideCredentials for Lasting {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.keys())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// Gives keys that last so long, by their number.
    #[derive(Debug)]
    struct Source {
        lasts: Option<Duration>,
        asked: AtomicU32,
        fails: std::sync::atomic::AtomicBool,
    }

    impl ProvideCredentials for Source {
        fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            let number = self.asked.fetch_add(1, Ordering::Relaxed);
            if self.fails.load(Ordering::Relaxed) {
                return future::ProvideCredentials::ready(Err(CredentialsError::not_loaded("x")));
            }
            let end = self.lasts.map(|lasts| SystemTime::now() + lasts);
            let keys = Credentials::new(format!("AK{number}"), "s", None, end, "test");
            future::ProvideCredentials::ready(Ok(keys))
        }
    }

    fn source(lasts: Option<Duration>) -> (Arc<Source>, Arc<Lasting>) {
        let source = Arc::new(Source { lasts, asked: AtomicU32::new(0), fails: false.into() });
        let shared: Arc<dyn ProvideCredentials> = source.clone();
        let lasting = Lasting::new(SharedCredentialsProvider::new(shared), true);
        (source, Arc::new(lasting))
    }

    async fn id(lasting: &Lasting) -> String {
        lasting.keys().await.unwrap().access_key_id().to_owned()
    }

    #[tokio::test]
    async fn keys_that_last_are_asked_for_once() {
        for lasts in [None, Some(Duration::from_secs(3600))] {
            let (source, lasting) = source(lasts);
            let (one, other) = tokio::join!(id(&lasting), id(&lasting));
            assert_eq!((&one[..], &other[..]), ("AK0", "AK0"));
            assert_eq!(source.asked.load(Ordering::Relaxed), 1);
        }
    }

    /// Waits for a person.
    #[derive(Debug)]
    struct Slow(AtomicU32, tokio::sync::Notify);

    impl ProvideCredentials for Slow {
        fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            self.0.fetch_add(1, Ordering::Relaxed);
            future::ProvideCredentials::new(async {
                self.1.notified().await;
                Ok(Credentials::new("AK", "s", None, None, "test"))
            })
        }
    }

    #[tokio::test]
    async fn a_request_that_is_given_up_does_not_end_the_call() {
        let source = Arc::new(Slow(AtomicU32::new(0), tokio::sync::Notify::new()));
        let shared: Arc<dyn ProvideCredentials> = source.clone();
        let lasting = Lasting::new(SharedCredentialsProvider::new(shared), true);
        for _ in 0..3 {
            let given_up = tokio::time::timeout(Duration::from_millis(1), lasting.keys()).await;
            assert!(given_up.is_err());
        }
        source.1.notify_one();
        assert_eq!(id(&lasting).await, "AK");
        assert_eq!(source.0.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn keys_that_end_soon_are_renewed_and_used_until_that_works() {
        let (source, lasting) = source(Some(Duration::from_secs(30)));
        assert_eq!(id(&lasting).await, "AK0");
        // just asked for: these are the longest that there are
        assert_eq!(id(&lasting).await, "AK0");
        let backdate = |seconds| {
            let mut held = locked(&lasting.held);
            let held = held.as_mut().unwrap();
            let before = Instant::now().checked_sub(Duration::from_secs(seconds)).unwrap();
            (held.since, held.tried) = (before, before);
        };
        backdate(20);
        source.fails.store(true, Ordering::Relaxed);
        assert_eq!(id(&lasting).await, "AK0", "they still last");
        source.fails.store(false, Ordering::Relaxed);
        backdate(20);
        assert_eq!(id(&lasting).await, "AK2");
    }

    #[tokio::test]
    async fn keys_that_a_server_refused_are_not_used_again() {
        let (_, lasting) = source(Some(Duration::from_secs(3600)));
        assert_eq!(id(&lasting).await, "AK0");
        assert!(lasting.have_ended());
        assert_eq!(id(&lasting).await, "AK0", "the refused request was signed before");
        let before = Instant::now().checked_sub(YOUNG).unwrap();
        locked(&lasting.held).as_mut().unwrap().since = before;
        assert!(lasting.have_ended());
        assert_eq!(id(&lasting).await, "AK1");
    }

    #[tokio::test]
    async fn keys_that_have_ended_are_not_used() {
        let (source, lasting) = source(Some(Duration::ZERO));
        assert_eq!(id(&lasting).await, "AK0");
        source.fails.store(true, Ordering::Relaxed);
        assert!(lasting.keys().await.is_err());
    }
}
